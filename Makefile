# Bellhop: `make run` to try it, `make test` to check it, `make help` for the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV = $(shell command -v uv 2>/dev/null || echo $(VENV)/bootstrap/bin/uv)

.DEFAULT_GOAL := help
.PHONY: help setup run fresh test check format lint types layers security pytest lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp follows the lock: nothing is installed again until the lock changes.
$(VENV)/.synced: requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@command -v uv >/dev/null 2>&1 || test -x $(VENV)/bootstrap/bin/uv || \
		{ $(PYTHON) -m venv $(VENV)/bootstrap && $(VENV)/bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(UV) pip sync --quiet --python $(BIN)/python requirements/dev.txt
	@touch $@

setup: $(VENV)/.synced ## install what is missing (uv included)

run: setup ## start the whole system and print the address of its web chat
	@$(BIN)/python -m sandbox

fresh: setup ## the same, with all data of earlier runs thrown away
	@$(BIN)/python -m sandbox --fresh

test: setup check pytest ## every check and every test

check: format lint types layers security ## the checks alone, without the tests

format: setup ## is the code formatted?
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ."; exit 1; }

lint: setup ## ruff, nearly all rules
	@$(BIN)/ruff check .

types: setup ## mypy, strict
	@$(BIN)/mypy

layers: setup ## who may import whom
	@$(BIN)/lint-imports --no-cache

security: setup ## bandit
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml bot worker shared sandbox

pytest: setup ## the test suite alone
	@$(BIN)/python -m pytest

lock: setup ## compile requirements/*.txt from pyproject.toml
	@for group in bot worker dev; do \
		$(UV) pip compile --quiet pyproject.toml --group $$group --universal --generate-hashes --no-emit-index-url \
			--no-emit-find-links --custom-compile-command 'make lock' --output-file requirements/$$group.txt || exit 1; \
	done

clean: ## remove the environment, the caches and the sandbox's data
	@rm -rf $(VENV) .cache .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis
