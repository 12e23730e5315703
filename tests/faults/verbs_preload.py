"""Imported once by the fork server, so that each verb starts at once."""

import label_studio_sdk  # noqa: F401

import annotate.articles
import annotate.dataset
import annotate.export
import annotate.labelstudio.client
import annotate.marking
import annotate.reconcile
import annotate.workflow.pull
import annotate.workflow.push  # noqa: F401
import tests.faults.verbs  # noqa: F401
