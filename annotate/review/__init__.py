"""The review desk: web pages on which fact-checkers find, read, compare and judge attributions.

Server-rendered and useful without JavaScript. State lives in the dataset: what a reviewer decides is an event there,
and a new version. `annotate.review.app.create_app` makes the application, `annotate.review.serve.serve` runs it.
"""
