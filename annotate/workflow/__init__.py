"""The verbs: each composes the rooms below into one job that a person asks for. The command line only calls these."""
