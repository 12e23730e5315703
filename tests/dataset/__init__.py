"""Tests of the versioned dataset."""
