# Everything one does with the project. `make` alone lists it.

PY := .venv/bin/python
UV := build/uv/bin/python -m uv
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test torture lint format texts lock audit environment dev-environment
.DELETE_ON_ERROR:

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' $(MAKEFILE_LIST) | column -t -s '~' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 - \2/p' $(MAKEFILE_LIST)

run: environment ## Start the bot; without a token in the environment or in .env, the demonstration (AT=+3d: later)
	@if [ -n "$$GREENLIGHT_TELEGRAM_TOKEN" ] \
		|| grep -Eqs "^ *(export +)?GREENLIGHT_TELEGRAM_TOKEN *= *[\"']?[^\"' ]" .env; \
	then exec $(PY) -m bot run; else exec $(PY) -m bot demo $(if $(AT),--at "$(AT)"); fi

test: lint ## Check everything: style, types, the direction of imports, and all tests
	$(PY) -m pytest -n logical --maxprocesses 8

torture: dev-environment ## 200 kills under load, a full disk, a database that is away (KILLS=200 PEOPLE=50 SEED=1 SCENE=full-disk)
	$(PY) -m tests.torture $(SCENE) $(if $(KILLS),--kills $(KILLS)) $(if $(PEOPLE),--people $(PEOPLE)) \
		$(if $(SEED),--seed $(SEED))

lint: dev-environment ## Check style, types and the direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

format: dev-environment ## Put the code into the house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

LOCALES := bot/locales
CATALOGUE := --sort-output --no-location --width=100

texts: dev-environment ## Collect the texts of the code into the catalogues of all languages
	$(PY) -m babel.messages.frontend --quiet extract $(CATALOGUE) --omit-header \
		--output-file=$(LOCALES)/greenlight.pot bot
	$(PY) -m babel.messages.frontend --quiet update --domain=greenlight --input-file=$(LOCALES)/greenlight.pot \
		--output-dir=$(LOCALES) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=100

lock: build/uv ## Resolve pyproject.toml anew into both locks; UPGRADE=--upgrade takes the newest packages
	$(LOCK) $(UPGRADE) --output-file requirements.lock
	$(LOCK) $(UPGRADE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

build/uv:
	python3 -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check uv

audit: build/audit ## Ask for known weaknesses of the packages in both locks; needs the internet
	$</bin/python -m pip_audit --strict --disable-pip --require-hashes \
		--requirement requirements.lock --requirement requirements-dev.lock

build/audit:
	python3 -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check pip-audit

environment:
	@.ci/environment requirements.lock

dev-environment:
	@.ci/environment requirements-dev.lock requirements.lock
