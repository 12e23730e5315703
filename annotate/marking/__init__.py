"""The pre-marker: finds quotations and reported claims in Indonesian news, with source, cue and speaker.

    tokens -> lines and sentences -> quotations -> cues -> sources and contents -> links -> speakers -> confidence

One stage is one module; `pipeline` alone composes them.
"""

from annotate.marking.describe import describe
from annotate.marking.pipeline import Marker

__all__ = ["Marker", "describe"]
