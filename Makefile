# Everything a developer types. Plain python3, pip, make and git are enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo digest test bench lint types check format golden schema lock campaign clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(INSTALLED) ## a digest of invented papers, without arXiv
	@$(BIN)/python scripts/demo.py

digest: $(INSTALLED) ## the digest of the latest papers of arXiv
	@$(BIN)/digest run

test: $(INSTALLED) ## the whole test suite
	$(BIN)/pytest

bench: $(INSTALLED) ## measure, and write docs/benchmarks.md
	$(BIN)/python -m bench

lint: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(INSTALLED)
	$(BIN)/mypy

check: lint types test ## what CI runs: format, lint, types and tests

format: $(INSTALLED) ## put the code into its form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

golden: $(INSTALLED) ## write the expected digests in tests/golden anew
	DIGEST_GOLDEN=write $(BIN)/pytest tests/test_format_golden.py

schema: $(INSTALLED) ## write the JSON Schemas in config/ anew
	$(BIN)/python scripts/schema.py

lock: $(INSTALLED) ## write requirements.lock from pyproject.toml
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
	  --all-extras -o requirements.lock pyproject.toml

campaign: $(INSTALLED) ## a year at full size: daily, backfilled, killed, rebuilt
	PYTHONPATH=tests $(BIN)/python scripts/campaign.py

clean: ## remove what make has made, but no digest and no archive
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis output/.demo.sqlite3*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A venv without a pip of its own needs no ensurepip, which some systems leave out.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps -e .
	@touch $@
