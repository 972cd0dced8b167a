# Everything a developer types. Plain python3, pip, make and git are enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo digest test bench lint types audit check format golden schema lock campaign screenshots clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

demo: $(INSTALLED) ## a digest of invented papers, without arXiv
	@$(BIN)/python scripts/demo.py

digest: $(INSTALLED) ## the digest of the latest papers of arXiv
	@$(BIN)/digest run

# Tests start many short processes: each would compile the program again without these files.
test: export PYTHONDONTWRITEBYTECODE =
test: $(INSTALLED) ## the whole test suite
	$(BIN)/pytest

bench: $(INSTALLED) ## measure, and write docs/benchmarks.md
	$(BIN)/python -m bench

lint: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(INSTALLED)
	$(BIN)/mypy

audit: $(INSTALLED)
	@$(BIN)/python scripts/audit.py

check: lint types test audit ## what CI runs: format, lint, types, tests and known weaknesses

format: $(INSTALLED) ## put the code into its form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

golden: $(INSTALLED) ## write the expected digests in tests/golden anew
	DIGEST_GOLDEN=write $(BIN)/pytest tests/writer/test_format_golden.py

schema: $(INSTALLED) ## write the JSON Schemas in config/ anew
	$(BIN)/python scripts/schema.py

COMPILE = $(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url

lock: $(INSTALLED) ## write the three *.lock files from pyproject.toml
	$(COMPILE) --all-extras -o requirements.lock pyproject.toml
	$(COMPILE) --extra notify -c requirements.lock --no-annotate -o requirements-container.lock pyproject.toml
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(COMPILE) -c requirements.lock --no-annotate -o requirements-build.lock -

campaign: $(INSTALLED) ## every kind of fault, for hours; a part: make campaign PARTS="--only kill"
	PYTHONPATH=tests/support $(BIN)/python -m campaign $(PARTS)

screenshots: $(INSTALLED) ## take the pictures of the README anew
	$(BIN)/python scripts/screenshots.py

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
