# `make demo` shows the whole job, `make test` checks it; both set up all they need.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
# Two at a time: the marker is compiled while packages are downloaded.
MAKEFLAGS += -j2
# Copies, since the cache may lie on another disk; and the certificates that this machine trusts.
export UV_LINK_MODE ?= copy
export UV_SYSTEM_CERTS ?= 1

.PHONY: help compiled demo stop test check browser setup setup-dev schemas lock clean

help:
	@echo "make demo   mark, label, reconcile, version and export the seed articles, with a real Label Studio"
	@echo "make stop   stop the Label Studio server that the demo left running"
	@echo "make test   all checks: lint, types, unit, property and end-to-end tests"
	@echo "make schemas, make lock   write schemas/ anew; renew the pinned requirements"

# One stamp for each set of requirements, so that a second run starts at once.
$(BIN)/.tools: requirements/tools.txt tools/venv.sh
	@echo "setting up $(VENV)"
	@sh tools/venv.sh $(PYTHON) $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

$(BIN)/.run: $(BIN)/.tools requirements/run.txt pyproject.toml
	@echo "installing what atribusi needs"
	@$(UV) --require-hashes -r requirements/run.txt
	@$(UV) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(BIN)/.dev: $(BIN)/.run requirements/dev.txt
	@echo "installing what the tests need"
	@$(UV) --require-hashes -r requirements/dev.txt
	@touch $@

# Asked each time, since it knows by itself whether there is anything to do. Without it all works, slower: so a compiler
# that fails does not stop the set-up.
compiled: $(BIN)/.tools
	-@$(BIN)/python tools/compile.py

setup: $(BIN)/.run compiled
setup-dev: $(BIN)/.dev compiled

demo: setup
	@$(BIN)/python seeds/demo.py

stop: setup
	@$(BIN)/atribusi studio stop

browser: setup-dev
	@sh tools/chromium.sh $(BIN)
	@sh tools/calc.sh

test: setup-dev browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist worksteal

schemas: setup
	@$(BIN)/python -m annotate.dataset.schemas schemas

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header
lock: $(BIN)/.tools
	$(LOCK) pyproject.toml --extra all -o requirements/run.txt
	$(LOCK) pyproject.toml --extra all --group dev -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) requirements/tools.in -c requirements/dev.txt -o requirements/tools.txt
	$(LOCK) requirements/studio.in -o annotate/labelstudio/server-requirements.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
