# make run    the portal on this machine, with the sample city's library
# make test   every test; browser tests need Chromium, database tests PostgreSQL
# make bench  our search beside others, some thirty minutes; COLLECTION=… adds a test collection in BEIR's layout
# make lint   what the code must look like
# make lock   the lock files anew, after pyproject.toml changed

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

export PYTHONUNBUFFERED = 1

.PHONY: run dev test bench lint format lock clean
.DEFAULT_GOAL := run

run: $(VENV)/run.stamp
	@$(BIN)/python manage.py serve_portal --port $(PORT)

# As run, but started anew whenever code changes.
dev: $(VENV)/run.stamp
	@$(BIN)/python manage.py serve_portal --prepare-only
	@$(BIN)/python manage.py runserver $(PORT)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses auto --maxschedchunk 40 --cov --cov-report=term --cov-fail-under=90

bench: $(VENV)/bench.stamp
	@$(BIN)/python -m tests.bench $(COLLECTION)

# check --deploy wants what a deployment has; none of these is a secret of anyone.
lint: export SECRET_KEY = lint-only-Zk3vQ9x7Lw2mT8yB5nH4cJ6pR1sD0fGaXeUiOhYt
lint: export ALLOWED_HOSTS = portal.example
lint: export DATABASE_URL = sqlite://:memory:
lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djlint templates --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING --settings portal.settings.production

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates --reformat --quiet

# Needs uv (pip install uv). Names no index, host or path: pip uses whatever this machine is set up with.
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-strip-extras --no-emit-index-url --no-emit-find-links
lock:
	$(LOCK) --output-file requirements.lock
	$(LOCK) --output-file requirements-dev.lock --group dev --constraint requirements.lock
	$(LOCK) --output-file requirements-bench.lock --group bench --constraint requirements-dev.lock

clean:
	rm -rf $(VENV) .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache staticfiles

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The portal needs Python 3.11 or later, and $(PYTHON) is older. Name a newer one: PYTHON=python3.12 make" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) …"
	@rm -f $(VENV)/*.stamp
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing what the portal needs …"
	@$(PIP_INSTALL) --requirement requirements.lock
	@touch $@

# Everything in requirements.lock is in here too, at the same versions.
$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	@echo "Installing what the portal and its tests need …"
	@$(PIP_INSTALL) --requirement requirements-dev.lock
	@touch $(VENV)/run.stamp $@

# What only the bench needs, beside all the others at the same versions.
$(VENV)/bench.stamp: requirements-bench.lock $(VENV)/dev.stamp
	@echo "Installing what the bench compares with …"
	@$(PIP_INSTALL) --requirement requirements-bench.lock
	@touch $@
