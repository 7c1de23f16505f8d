# Every command of Parvis. CI calls these and nothing else.
PYTHON ?= python3
PY := .venv/bin/python
STAMP := .venv/.made-from-lock
# More arguments for pytest: make test ARGS="-k ticket"
ARGS ?=
# Processes of tests side by side.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help start demo-reset test test-one test-pg15 check fix bench bench-rush bench-casework messages

help:  ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

$(STAMP): uv.lock pyproject.toml
	@$(PYTHON) launcher/environment.py
	@touch $(STAMP)

start: $(STAMP)  ## Open the office: database, pages, live updates, worker, demonstration; Ctrl-C closes it
	@exec $(PY) -m launcher

demo-reset: $(STAMP)  ## Forget the demonstration's data; the next start makes it anew
	@$(PY) -m launcher demo-reset

test: $(STAMP)  ## Every test, on a throwaway embedded PostgreSQL 18, in Chromium too
	@chromium=$$($(PY) -m launcher.browser) && PARVIS_CHROMIUM=$$chromium $(PY) -m pytest -n $(JOBS) $(ARGS)

test-one: $(STAMP)  ## One file or folder of tests, in one process: make test-one T=tests/reception
	@chromium=$$($(PY) -m launcher.browser) && PARVIS_CHROMIUM=$$chromium $(PY) -m pytest $(T) $(ARGS)

test-pg15: $(STAMP)  ## The tests without a browser, on Debian's PostgreSQL 15
	@programs=$$($(PY) -m launcher.postgres15) && PARVIS_POSTGRES_BIN=$$programs $(PY) -m pytest -n $(JOBS) -m "not browser" $(ARGS)

check: $(STAMP)  ## Format, lint, types, import order, migrations, translations, deployment
	@$(PY) -m launcher.quality

fix: $(STAMP)  ## Format, and correct what the linter can correct
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench: $(STAMP)  ## Every benchmark: prints a table, writes bench/results/
	@$(PY) -m bench $(ARGS)

bench-casework: $(STAMP)  ## A million case files: worklists, search, stock, handover; an import of 100,000
	@$(PY) -m bench casework

bench-rush: $(STAMP)  ## The rush at release: 13,000 people, 650 places, through HTTP, and SQL counts what was sold
	@$(PY) -m bench rush

messages: $(STAMP)  ## Collect the texts to translate into locale/, and compile what is translated
	@$(PY) manage.py collect_messages
	@$(PY) -m launcher.messages
