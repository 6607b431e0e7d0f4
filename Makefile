# `make demo` and `make test` only need python3 (3.11 or later), pip and make. They create .venv by themselves.
# A plain Debian has no ensurepip (so no `python3 -m venv`), and its pip refuses to install ("externally managed").
# Therefore pip only installs uv into .tools, and uv creates .venv. Every download is checked against a hash.

PYTHON ?= python3
BIN := .venv/bin
UV := .tools/bin/uv
INTO := --python $(BIN)/python
# Never download an interpreter: ops keep the machine's own up to date.
export UV_PYTHON_DOWNLOADS := never
# Keep bytecode: many container images say not to, and then each of hundreds of test processes compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
# Use the system's certificates, as pip does: many companies have a TLS proxy.
export UV_SYSTEM_CERTS := true

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev install wheel site demo phones test test-long lint bench properties coverage mutants lock clean
# Delete the target of a failed step, so that the next `make` tries it again.
.DELETE_ON_ERROR:

help:
	@echo "make demo        set up and rehearse a call on this machine, without a Twilio account"
	@echo "make phones      all telephones of a call in a browser: take the call, and kill the server"
	@echo "make test        format, lint, types, layers, known vulnerabilities, then all tests"
	@echo "make test-long   the tests that kill real processes, in real time"
	@echo "make lint        the same without the tests"
	@echo "make bench       measure the goals of docs/performance.md (GOALS=--quick, or GOALS=G4)"
	@echo "make properties  the long property run: 200,000 events in any order, 320 configurations of 30 countries"
	@echo "make coverage    lines of core and service that no test runs; fails below 98 % and 95 %"
	@echo "make mutants     break 200 lines of core and service: at least 90 % must be noticed (SEED=2 COUNT=60 ONLY=keys)"
	@echo "make setup       only make .venv, to run callflow in it (EXTRAS=audio,stamps: with what only some need; make setup-dev:"
	@echo "                 with the test tools)"
	@echo "make install     the same, and a link in ~/.local/bin, so that 'callflow' is found wherever you are"
	@echo "make site        docs/ as a site, in site/, with its links checked"
	@echo "make wheel       a file for pipx or uv tool install, in dist/"
	@echo "make lock        choose versions again from pyproject.toml (UPGRADE=--upgrade: the newest)"
	@echo "make clean       remove what these targets made, but not var/"

# With EXTRAS=audio,stamps also what pyproject.toml lists under these names.
setup: .venv/.ready
	@[ -z "$(EXTRAS)" ] || { $(BIN)/python -c "$$CHOOSE" "$(EXTRAS)" > .venv/extras.txt && $(ADD); }
setup-dev: .venv/.ready-dev

# So that `callflow` is found wherever you are: a link into the folder that most systems have on the PATH of a person.
install: setup
	@mkdir -p "$(HOME)/.local/bin" && ln -sf "$(CURDIR)/$(BIN)/callflow" "$(HOME)/.local/bin/callflow"
	@echo "$(HOME)/.local/bin/callflow is linked; if the command is not found, add that folder to your PATH"

# The wheel has what a checkout has beside the package: the shipped configuration and its recordings.
wheel: | $(UV)
	@rm -rf build dist && mkdir build
	@cp -r callflow pyproject.toml README.md LICENSE build/
	@mkdir build/callflow/shipped && cp -r config audio build/callflow/shipped/
	@find build -name __pycache__ -prune -exec rm -rf {} +
	@$(UV) build --quiet --wheel --out-dir dist build && ls dist/*.whl

demo: setup
	@$(BIN)/callflow demo

phones: setup
	@$(BIN)/callflow demo --browser

# The tests are last, so that pytest's summary is the last line of the output.
# Three processes on two cores, because some tests wait for real seconds.
test: lint
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(SELECT)

test-long: setup-dev
	@$(BIN)/python -m pytest -n 2 -m long

lint: setup-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -B .ci/audit.py

# Links are checked: a broken one is an error.
site: setup-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet -f .ci/mkdocs.yml && echo "site/index.html"

bench: setup-dev
	$(BIN)/python -m tests.bench $(GOALS)

properties: setup-dev
	CALLFLOW_TESTS_EVENTS=200000 CALLFLOW_TESTS_HOUSES=320 $(BIN)/python -m pytest -s -m "" --hypothesis-profile=long -k properties

coverage: setup-dev
	$(BIN)/python -m pytest -n 2 -q --cov=callflow/core --cov=callflow/service --cov-report=
	$(BIN)/coverage report --show-missing --skip-covered --include='callflow/core/*' --fail-under=98
	$(BIN)/coverage report --show-missing --skip-covered --include='callflow/service/*' --fail-under=95

SEED := 1
COUNT := 200
mutants: setup-dev
	$(BIN)/python -m tests.mutants --seed $(SEED) --count $(COUNT) $(if $(ONLY),--only $(ONLY))

# --universal: one file for every Python and system we run on. No index lines: the machine's own mirror is used.
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(UPGRADE)
lock: | $(UV)
	$(LOCK) --extra postgres pyproject.toml -o requirements.txt
	$(LOCK) --extra postgres --extra audio --extra speech --extra stamps --extra evidence --extra oidc --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo "uv==$$($(UV) --version | cut -d' ' -f2)" | $(LOCK) - -o requirements-tools.txt

clean:
	rm -rf .venv .tools build dist site .mutants .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find callflow tests -name __pycache__ -prune -exec rm -rf {} +

$(UV): requirements-tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Callflow needs Python 3.11 or later; try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv; only the first time."
	@PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
		--root-user-action=ignore --upgrade --target .tools --require-hashes --only-binary :all: -r $<
	@touch $@

$(BIN)/python: | $(UV)
	@$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

# uv is fast but does not read pip's configuration. If a mirror is only configured for pip, pip installs.
INSTALL = { $(UV) pip install --quiet $(INTO) --require-hashes --only-binary :all: -r $< \
	|| { echo "uv could not install; now with pip"; $(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes --only-binary :all: -r $<; }; }
define CHOOSE
import sys, tomllib
extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]
for name in sys.argv[1].split(","):
    print("\n".join(extras.get(name) or sys.exit(f"no extra is called {name!r}; there are: {', '.join(extras)}")))
endef
export CHOOSE
ADD = { $(UV) pip install --quiet $(INTO) --only-binary :all: -r .venv/extras.txt \
	|| $(PYTHON) -m pip --python $(BIN)/python install --quiet --only-binary :all: -r .venv/extras.txt; }
# The project itself is linked, not copied. Its build backend is part of uv, so nothing is downloaded.
LINK = $(UV) pip install --quiet $(INTO) --offline --no-deps --editable .

.venv/.ready: requirements.txt pyproject.toml | $(UV) $(BIN)/python
	@$(INSTALL) && $(LINK) && touch $@

.venv/.ready-dev: requirements-dev.txt pyproject.toml | $(UV) $(BIN)/python
	@$(INSTALL) && $(LINK) && touch $@ .venv/.ready
