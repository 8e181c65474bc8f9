# make report   the first study, as one page to read
# make lab      the notebooks, to work in by hand
# make test     the whole suite: style, types, the direction of imports, tests
# make quick    the same without the tests that need a kernel, a database, a browser, nginx or a crew of processes; fewer examples
# make check    style, types and the direction of imports alone
# make check-web  scripts and style sheets: style, faults, types
# make fuzz     files changed a hundred thousand times: INPUTS=, SEED= and ONLY= say how many, which and of what
# make languages  the catalogues of translations brought up to date with the words in the code
# make pins     renew the pinned versions
# make clean    remove the environment and what is built from it
#
# With another Python: make quick PYTHON=python3.13 VENV=.venv-3.13

MAKEFLAGS += --no-print-directory
# The kit is compiled once, and not by every process that a test starts.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Every worker has one core, and computes on one: threads that wait for each other take four times as long.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: report lab test quick quick-tests check check-web fuzz languages pins clean
.DEFAULT_GOAL := report

report: $(VENV)/.database
	@$(BIN)/retrain-kit report 01_tagged_and_decanonized

lab: $(VENV)/.database
	@$(BIN)/jupyter lab notebooks

test: check $(VENV)/.database
	@$(PYTEST)

quick: $(VENV)/.test
	@$(MAKE) -j2 check quick-tests

quick-tests: $(VENV)/.test
	@$(PYTEST) --quick

check: $(VENV)/.test
	@$(BIN)/ruff format --quiet --check . && $(BIN)/ruff check --quiet . && $(BIN)/mypy && $(BIN)/lint-imports

check-web: node_modules/.made
	@$(BIN)/node node_modules/.bin/biome check --error-on-warnings && $(BIN)/node node_modules/typescript/lib/tsc.js

$(VENV)/.made:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "retrain-kit needs Python's venv. Type: sudo apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.kit: requirements.txt pyproject.toml | $(VENV)/.made
	@echo "Installing the environment (1.5 GB, a few minutes) ..."
	@$(PIP) install --quiet --use-pep517 --no-deps -r requirements.txt
	@$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.kit
	@$(PIP) install --quiet --use-pep517 --no-deps -r requirements-test.txt
	@touch $@

$(VENV)/.web: requirements-web.txt | $(VENV)/.made
	@echo "Installing Node, for this check alone (230 MB) ..."
	@$(PIP) install --quiet --no-deps -r requirements-web.txt \
		|| { echo "make check-web needs Node as a wheel from PyPI, in the version of requirements-web.txt."; exit 1; }
	@touch $@

node_modules/.made: package.json $(VENV)/.web
	@echo "Installing what checks JavaScript and style sheets (130 MB) ..."
	@$(BIN)/npm install --loglevel=error --no-progress --no-audit --no-fund --no-package-lock --ignore-scripts \
		|| { echo "make check-web needs Biome and TypeScript from npm, in the versions of package.json."; exit 1; }
	@touch $@

$(VENV)/.database: $(VENV)/.kit
	@$(BIN)/retrain-kit database install
	@touch $@

fuzz: $(VENV)/.test
	@$(BIN)/python tests/fuzzing/run.py --inputs $(or $(INPUTS),100000) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only '$(ONLY)')

languages: $(VENV)/.test
	@$(BIN)/python tests/languages/messages.py

pins: $(VENV)/.made
	@$(PIP) install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
		--extra kit pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
		--extra kit --extra test -c requirements.txt pyproject.toml -o requirements-test.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
		--group web -o requirements-web.txt

clean:
	@rm -rf $(VENV) node_modules build dist
