"""Imported once by the fork server, so that each verb starts at once."""

import annotate.articles
import annotate.dataset
import annotate.export
import annotate.reconcile
import annotate.workflow.pull
import annotate.workflow.push
import tests.faults.verbs  # noqa: F401
from annotate.labelstudio.client import Studio
from annotate.marking import Marker

Marker()
studio = Studio("http://127.0.0.1:9", "none")  # nothing is asked of it: it only has the SDK loaded
studio._connected()
studio.prediction_check('<View><Text name="text" value="$text"/></View>')
