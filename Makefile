# The doors of this project; `make help` lists them. A fresh Debian or Ubuntu needs git, make and python3 >= 3.11.

PORT ?= 8000
DATA ?= $(or $(LESSONS_DATA_DIR),var)
ARGS ?=

MAKEFLAGS += --no-print-directory
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

AUDITING := $(BIN)/uv run --quiet --isolated --no-project --with-requirements requirements/audit.lock

.DEFAULT_GOAL := help
.PHONY: help run setup test test-faults check bench bench-search bench-intake screenshots lock audit parts clean ready-to-run ready-to-test

help: ## list these doors
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# exec: Ctrl-C reaches the server itself, which stops everything it started. Nothing is written beside DATA and .venv.
run: export LESSONS_DATA_DIR := $(DATA)
run: export LESSONS_DEMO ?= 1
run: export LESSONS_ORGANISATION ?= ציפורן
run: export LESSONS_ORGANISATION_EN ?= Tziporen
run: export LESSONS_BASE_URL ?= http://127.0.0.1:$(PORT)
run: export PYTHONDONTWRITEBYTECODE := 1
run: ready-to-run ## the product with its demo organisation on http://127.0.0.1:8000 (PORT=8000 DATA=var)
	@exec $(BIN)/lessons run

setup: ready-to-run ready-to-test ## only what run and test set up; .venv/bin/lessons works after it

test: ready-to-test ## every test, on SQLite, PostgreSQL and in a browser (ARGS="tests/search -x" for some)
	@exec $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-faults: ready-to-test ## workers killed, paused and cut off, mail servers that fail, 400 days: the whole measure
	@exec $(BIN)/pytest -n 2 -m faults tests/faults $(ARGS)

check: ready-to-test ## style, types, who imports whom, templates, the process tables, words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .venv/cache/imports
	$(BIN)/djlint --quiet --lint lessons/templates
	$(BIN)/lessons process check
	$(BIN)/python -m lessons.i18n check

bench: ready-to-test ## the measurements that claims of speed rest on
	@exec $(BIN)/python -m bench $(ARGS)

bench-search: ready-to-test ## how well search finds, a leg at a time, on real questions (ARGS="--keep FOLDER")
	@exec $(BIN)/python -m bench.search_quality $(ARGS)

bench-intake: ready-to-test ## how well loose documents are understood, field by field (ARGS=--wrong names each fault)
	@exec $(BIN)/python -m bench.intake_quality $(ARGS)

screenshots: ready-to-test ## pictures of the pages, in both languages
	@exec $(BIN)/python -m tests.browser.screenshots $(ARGS)

lock: ready-to-test ## renew requirements/*.lock from *.in (ARGS=--upgrade for newer versions)
	$(COMPILE) $(ARGS) requirements/run.in -o requirements/run.lock
	$(COMPILE) $(ARGS) requirements/meaning.in -o requirements/meaning.lock
	$(COMPILE) $(ARGS) --no-deps requirements/onnx.in -o requirements/onnx.lock
	$(COMPILE) $(ARGS) requirements/dev.in -c requirements/run.lock -o requirements/dev.lock
	$(COMPILE) $(ARGS) requirements/audit.in -o requirements/audit.lock

audit: ready-to-test ## ask for known weaknesses of the pinned packages (needs the index's service of advisories)
	$(AUDITING) pip-audit --disable-pip --require-hashes --strict -r requirements/run.lock

parts: ready-to-test ## write parts.json, the list of parts (CycloneDX) that goes with a release
	$(AUDITING) cyclonedx-py requirements requirements/run.lock --of JSON -o parts.json

clean: ## take away .venv and caches; the records in DATA stay
	rm -rf .venv .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready-to-run:
	@bin/setup run

ready-to-test:
	@bin/setup test
