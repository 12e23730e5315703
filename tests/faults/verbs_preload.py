"""Imported once by the fork server, so that each verb starts at once."""

import gc
import importlib
import pkgutil

import psutil  # noqa: F401
import pyarrow.dataset
import pyarrow.json  # noqa: F401
import pytest  # noqa: F401 -- each fork looks at the module that was started as the program

import tests.faults.verbs  # noqa: F401
from annotate.labelstudio.client import Studio
from annotate.marking import Marker

# Also what the program itself imports only where it is used. None of it starts a thread, which a fork would lose.
for _room in ("articles", "dataset", "labelstudio", "lexicon", "marking", "reconcile", "workflow"):
    _package = importlib.import_module(f"annotate.{_room}")
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        importlib.import_module(_module.name)

Marker()
studio = Studio("http://127.0.0.1:9", "none")  # nothing is asked of it: it only has the SDK loaded
studio._connected()
studio.prediction_check('<View><Text name="text" value="$text"/></View>')
gc.collect()
gc.freeze()  # the forks share these pages
