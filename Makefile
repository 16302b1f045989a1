# Everything a person or CI runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The first Python that starts and is new enough: a name on the PATH may be a stub of a version manager.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= .demo
# The tests of a file share its servers and workspaces, so they stay together. Files start in the order of their names, not by
# the number of their tests: a browser test is long and alone in its file, and would be the last to start.
PYTEST := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
CHROMIUM := $(shell command -v chromium chromium-browser google-chrome 2>/dev/null | head -n 1)

.PHONY: help run test test-fast check format e2e bench lock prices demo-data pictures shots clean

help: ## List the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { \
		echo "Lanewise needs Python 3.11 or newer on the PATH, or PYTHON=/path/to/python3.11 make ..."; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

# The build backend is in the lock, so installing the checkout in place downloads nothing more.
$(VENV)/.run-stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked dependencies (once) ..."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.lock $(VENV)/.run-stamp
	@echo "Installing the locked development dependencies (once) ..."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run-stamp ## Set up and open the dashboard on the demo data
	$(BIN)/lanewise --workspace $(DEMO) demo

test: $(VENV)/.dev-stamp ## Set up and run the whole suite, browser tests included
	@bash scripts/ensure_tools.sh
	$(PYTEST)

test-fast: $(VENV)/.dev-stamp ## The suite without a browser
	$(PYTEST) -m "not e2e"

e2e: $(VENV)/.dev-stamp ## The browser tests alone
	@bash scripts/ensure_tools.sh
	$(PYTEST) -m e2e

check: $(VENV)/.dev-stamp ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev-stamp ## Rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev-stamp ## Measurements, as ratios within one run
	$(BIN)/python -m benchmarks

demo-data: $(VENV)/.dev-stamp ## Rebuild the demo's files from the public traces (TRACES=DIR)
	$(BIN)/python -m scripts.build_demo --traces "$(TRACES)" --out data/samples/demo

prices: $(VENV)/.dev-stamp ## Rebuild the shipped price table (LITELLM=WHEEL GENAI=WHEEL DATE=YYYY-MM-DD)
	$(BIN)/python -m scripts.build_prices --litellm "$(LITELLM)" --genai-prices "$(GENAI)" --date "$(DATE)"

pictures: $(VENV)/.dev-stamp ## Take the pictures of the documentation from the demo
	$(BIN)/python -m scripts.take_pictures

shots: $(VENV)/.dev-stamp ## Screenshots of every page, light and dark, into test-results/
	LANEWISE_SHOTS=test-results/shots $(PYTEST) -m e2e

lock: ## Renew the locks with uv (maintainers)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --upgrade -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links -c requirements.lock --custom-compile-command "make lock" --upgrade -q -o requirements-dev.lock

clean: ## Remove the environment, caches and the demo workspace
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache test-results
