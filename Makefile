# `make demo` shows the whole job, `make test` checks it; both set up all they need.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_LINK_MODE ?= copy

.PHONY: help demo stop test lint types unit setup setup-dev schemas lock clean

help:
	@echo "make demo   mark, label, reconcile, version and export the seed articles, with a real Label Studio"
	@echo "make stop   stop the Label Studio server that the demo left running"
	@echo "make test   all checks: lint, types, unit, property and end-to-end tests"
	@echo "make lock   renew the pinned requirements"

# One stamp for each set of requirements, so that a second run starts at once.
$(BIN)/.tools: requirements/tools.txt tools/venv.sh
	sh tools/venv.sh $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(BIN)/.run: $(BIN)/.tools requirements/run.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(BIN)/.dev: $(BIN)/.run requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(BIN)/.run
setup-dev: $(BIN)/.dev
