# Bellhop: `make run` to try it, `make test` to check it, `make help` for the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV = $(shell command -v uv 2>/dev/null || echo $(VENV)/bootstrap/bin/uv)
SCRIPTS := .ci/run $(wildcard compose/*/*.sh)
RUN_OPTIONS = $(if $(PORT),--port $(PORT)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(BUSINESS),--business "$(BUSINESS)") $(if $(EMPTY),--empty)

.DEFAULT_GOAL := help
.PHONY: help setup run fresh test check format lint types layers security audit pytest bench bench-quick bench-taps bench-reminders walk walk-founders walk-machines chaos chaos-line chaos-mutants chaos-outage chaos-sick pages texts language pictures dashboards holidays restore-drill compose-smoke snapshot lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv brings the right Python where it is there already; else Python brings uv.
$(BIN)/python:
	@if command -v uv >/dev/null 2>&1; then uv venv --quiet --allow-existing --python '>=3.12' $(VENV); else \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || \
			{ echo "Bellhop needs Python 3.12 or newer: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }; \
		$(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m venv $(VENV)/bootstrap || \
			{ rm -rf $(VENV); echo "Python lacks its venv module (on Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }; \
	fi

# The stamps follow the locks: nothing is installed again until a lock changes.
$(VENV)/.uv: | $(BIN)/python
	@command -v uv >/dev/null 2>&1 || test -x $(VENV)/bootstrap/bin/uv || { \
		echo "Fetching uv, which installs the rest."; \
		test -x $(VENV)/bootstrap/bin/python || $(PYTHON) -m venv $(VENV)/bootstrap; \
		$(VENV)/bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@touch $@

# What runs, without the tools that check: a first `make run` fetches less than half as much.
$(VENV)/.sandbox: requirements/sandbox.txt | $(VENV)/.uv
	@echo "Installing what the sandbox needs; later runs skip this."
	@$(UV) pip install --quiet --require-hashes --python $(BIN)/python -r requirements/sandbox.txt
	@touch $@

$(VENV)/.synced: requirements/dev.txt requirements/sandbox.txt | $(VENV)/.uv
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $(VENV)/.sandbox $@

setup: $(VENV)/.synced ## install everything that is missing (uv included)

run: $(VENV)/.sandbox ## start the whole system, print its web chat's address (PORT=, WORKERS=, BUSINESS=, EMPTY=1)
	@$(BIN)/python -m sandbox $(RUN_OPTIONS)

fresh: $(VENV)/.sandbox ## the same, with all data of earlier runs thrown away
	@$(BIN)/python -m sandbox --fresh $(RUN_OPTIONS)

test: check pytest ## every check and every test

check: format lint types layers security ## the checks alone, without the tests

format: setup ## is the code formatted?
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ."; exit 1; }

lint: setup ## ruff, nearly all rules
	@$(BIN)/ruff check --quiet .

types: setup ## mypy, strict
	@$(BIN)/mypy

layers: setup ## who may import whom
	@$(BIN)/lint-imports --no-cache

security: setup ## bandit, gitleaks, zizmor, hadolint, shellcheck, schemas of the workflows; needs no network
	@said=$$($(BIN)/bandit --quiet --recursive --configfile pyproject.toml bot worker shared sandbox compose 2>&1) \
		&& test -z "$$said" || { echo "$$said"; exit 1; }
	@$(BIN)/gitleaks dir . --no-banner --redact --log-level warn
	@$(BIN)/zizmor --offline --quiet --no-progress .github
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/hadolint Dockerfile.*
	@$(BIN)/shellcheck $(SCRIPTS)

audit: setup ## are vulnerabilities known in what ships? (asks the package index)
	@for lock in bot worker observing; do \
		$(UV) run --quiet --isolated --no-project --python '>=3.12' --with-requirements requirements/audit.txt \
			pip-audit --require-hashes --disable-pip --progress-spinner off -r requirements/$$lock.txt || exit 1; \
	done

# More than there are cores: half of what takes long waits for processes to start, stop or time out.
PROCESSES ?= 3
# Hundreds of processes are started: where nobody may write what they compile, each would compile it all,
# and each of pytest's own would take every file of tests apart anew.
PACKAGES = bot worker shared sandbox compose tests

pytest: setup ## the test suite alone, in so many processes (PROCESSES=)
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadscope --no-loadscope-reorder

STEPS ?= 2000
SEED ?= 1

walk-founders: setup ## people who set up a shop and change it, by whatever comes to hand (SEED=)
	@$(BIN)/python -m tests.walks --founders --steps 10000 --seed $(SEED)

walk: setup ## people who tap and say anything at all, and nothing may be found (STEPS=, SEED=)
	@$(BIN)/python -m tests.walks --steps $(STEPS) --seed $(SEED)

walk-machines: setup ## visits' lives, and two admins at once, as Hypothesis draws them (STEPS=, SEED=)
	@$(BIN)/python -m tests.stateful --steps $(STEPS) --seed $(SEED)

CHAOS_SECONDS ?= 600
CHAOS_SEED ?= 1
LINE_PEOPLE ?= 500
SICK_VISITS ?= 30
OUTAGE_SECONDS ?= 180

chaos: setup ## ten minutes of faults, and no promise broken (CHAOS_SECONDS=, CHAOS_SEED=)
	@$(BIN)/python -m tests.chaos --seconds $(CHAOS_SECONDS) --seed $(CHAOS_SEED)

chaos-mutants: setup ## take each guard out in turn and show that a run then fails
	@$(BIN)/python -m tests.chaos.mutation

chaos-line: setup ## 500 wait, 50 times free up in a minute, workers are killed (LINE_PEOPLE=, CHAOS_SEED=)
	@$(BIN)/python -m tests.chaos.line --people $(LINE_PEOPLE) --seed $(CHAOS_SEED)

chaos-sick: setup ## a specialist is ill, 30 visits are hit, workers are killed (SICK_VISITS=, CHAOS_SEED=)
	@$(BIN)/python -m tests.chaos.sick --visits $(SICK_VISITS) --seed $(CHAOS_SEED)

chaos-outage: setup ## Redis, then PostgreSQL, away for three minutes under load (OUTAGE_SECONDS=)
	@$(BIN)/python -m tests.chaos.outage --seconds $(OUTAGE_SECONDS)

bench: setup requirements/pictures.txt ## measure it beside what people would use instead; writes docs/benchmarks (15 min)
	@$(BIN)/python -m tests.benchmarks

bench-quick: setup requirements/pictures.txt ## the same roughly, in two minutes; writes .cache/benchmarks
	@$(BIN)/python -m tests.benchmarks --quick

bench-taps: setup ## of it what a tap costs: tap → reply, CPU, memory, start-up
	@$(BIN)/python -m tests.benchmarks --only taps starts

bench-reminders: setup ## of it what a million pending reminders cost: claims, lateness
	@$(BIN)/python -m tests.benchmarks --only reminders

pages: setup ## write .env.example anew, and the tables in docs/ of settings, of the business file's fields, of rules
	@$(BIN)/python -m tests.pages

texts: setup ## bring the catalogues of texts up to date with the code
	@$(BIN)/python -m tests.texts

language: setup ## begin a catalogue for another language (CODE=de)
	@$(BIN)/python -m tests.texts $(or $(CODE),$(error which language? make language CODE=de))

pictures: setup ## take the pictures of the README and of the pages for people anew
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.phone_pictures
	@$(BIN)/python -m tests.flow_pictures
	@$(BIN)/python -m tests.founding_pictures

dashboards: setup requirements/pictures.txt ## draw the dashboards' pictures anew from a run under load (needs prometheus)
	@$(BIN)/python -m tests.dashboards.record .cache/dashboards.json
	@$(UV) run --quiet --isolated --no-project --python '>=3.12' --with-requirements requirements/pictures.txt \
		python tests/dashboards/draw.py .cache/dashboards.json docs/pictures

holidays: setup ## take the public holidays anew that the business's tool proposes (asks the package index)
	@$(UV) run --quiet --isolated --no-project --python '>=3.12' --with 'holidays==0.109' \
		python tests/calendars.py

restore-drill: setup ## prove that backups can be restored: where Compose runs the real one, else an example
	@if docker compose ps --status running --services 2>/dev/null | grep -qx backup; then \
		docker compose exec -T backup python3 -m compose.backup now && \
		docker compose exec -T backup python3 -m compose.backup drill; \
	else $(BIN)/python -m pytest --quiet -rP tests/compose/test_backup.py -k "drill or brings or instant"; fi

compose-smoke: setup ## build, run, scale, restart and restore the shipped stack; needs Docker (BOOKINGS=1000, ALSO=)
	@$(BIN)/python -m tests.compose.smoke $(if $(ALSO),--also $(ALSO))

# dev.txt holds everything; the others are held to its versions, so that what is tested is what ships.
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock'
LOCK = $(COMPILE) pyproject.toml

snapshot: setup ## note new kinds of commands and buttons, which are for ever from then on
	@$(BIN)/python -m tests.shared.contracts.snapshot

lock: setup ## compile requirements/*.txt from pyproject.toml
	@$(LOCK) --group dev --output-file requirements/dev.txt
	@for group in bot worker sandbox observing; do \
		$(LOCK) --group $$group --constraint requirements/dev.txt --output-file requirements/$$group.txt || exit 1; \
	done
	@$(COMPILE) --group build --constraint requirements/dev.txt --output-file requirements/build.txt
	@for group in audit pictures; do \
		$(COMPILE) --group $$group --output-file requirements/$$group.txt || exit 1; \
	done

clean: ## remove the environment, the caches and the sandbox's data
	@rm -rf $(VENV) .cache .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
