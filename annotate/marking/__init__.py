"""The pre-marker: finds quotations and reported claims in Indonesian news, with source, cue and speaker.

    tokens -> lines and sentences -> quotations -> cues -> sources and contents -> links -> speakers -> confidence

One stage is one module; `pipeline` alone composes them.
"""

from annotate.compiled import compiled_first

__path__ = compiled_first(__name__, __path__)

from annotate.marking.describe import describe
from annotate.marking.pipeline import Marker

__all__ = ["Marker", "describe"]
