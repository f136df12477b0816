# Everything a person or a machine does with this checkout. Nothing is installed outside it.
#
#   make demo        install into .venv/, run the main job on the embedded scenario, say where the map is
#   make test        install what the tests need and run the quick ones, which try every part (some minutes)
#   make test-slow   the rest of the tests: long runs, and variations of what the quick ones try
#   make check       ruff, mypy, import-linter, licences, the web page's checks, quick tests (docs are among them)
#   make demo-real   the same job on real data, if its folder lies beside the checkout
#
# WORKERS=4 runs tests in so many processes at once, 2 if not said. Also: page picture bench measure lock wheel clean

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PAGE := src/isofront/publish/page
DESK_PAGE := src/isofront/desk/page
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest
SUITE := $(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The user's own Python settings must not leak into the build, nor the build into the user's home.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NPM_CONFIG_UPDATE_NOTIFIER := false
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Node brings its own list of certificate authorities; the machine's own count too (offices that inspect TLS).
SYSTEM_CA := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
ifneq ($(SYSTEM_CA),)
export NODE_EXTRA_CA_CERTS ?= $(SYSTEM_CA)
endif

PIP := $(BIN)/python -m pip install --quiet --no-input
OFFLINE := { echo "make: could not install into $(VENV)/: is the package index reachable? Run the same command again once it is." >&2; exit 1; }

.PHONY: demo demo-real test test-slow check lint types imports licences page page-check picture bench measure lock wheel clean install install-dev

demo: install
	$(BIN)/isofront demo --out build/demo

demo-real: install
	$(BIN)/isofront demo-real --out build/demo-real

test: install-dev
	$(SUITE) -m "not slow"

test-slow: install-dev
	$(SUITE) -m slow

check: lint types imports licences page-check test

lint: install-dev
	$(BIN)/ruff check src tests tools bench
	$(BIN)/ruff format --check src tests tools bench

types: install-dev
	$(BIN)/mypy

imports: install-dev
	$(BIN)/lint-imports

licences: install-dev
	$(BIN)/python tools/licences.py
	@npm run licences --prefix web --silent

page-check: install-dev
	npm run check --prefix web --silent

picture: demo
	$(BIN)/python tools/picture.py build/demo/2025-11-04/map.png docs/images/first-map.png

# The scripts of bench/ that need nothing beside the checkout and a minute at most; bench/README.md tells of all.
bench: install-dev
	for one in necks neck_samples claims compare makers; do $(BIN)/python bench/bench_$$one.py || exit 1; done

measure: install-dev
	$(BIN)/python tools/measure.py

lock: $(VENV)/.made
	$(BIN)/python tools/lock.py

wheel: install-dev
	rm -rf dist
	$(BIN)/python -m hatchling build --target wheel

clean:
	rm -rf $(VENV) build dist web/node_modules $(PAGE) $(DESK_PAGE)

# --- what is installed: stamps, so that a second run installs nothing -------------------------------------------------

install: $(VENV)/.installed $(PAGE)/.built $(VENV)/.warm

install-dev: install $(VENV)/.dev

page: $(PAGE)/.built

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed, and none was found" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "make: $(PYTHON) -m venv failed (on Debian: apt install python3-venv)" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml $(VENV)/.made
	@echo "Installing Isofront and what it runs on into $(VENV)/ (about a minute, the first time only)"
	@$(PIP) -r requirements.lock -r requirements-build.lock || $(OFFLINE)
	@$(PIP) --no-deps --no-build-isolation --editable . || $(OFFLINE)
	@touch $@

# The small war of the README, once: it shows that all is in place, and compiles the numeric kernels for good.
$(VENV)/.warm: $(VENV)/.installed $(PAGE)/.built
	@echo "Trying it on the small war of the README (compiles the numeric kernels, once)"
	@rm -rf $(VENV)/warm && $(BIN)/isofront init $(VENV)/warm --bounds 0 0 0.4 0.3 --protect none \
		--side south=Southland --side north=Northland --anchor examples/start.geojson --anchor-date 2020-05-01 \
		--anchor-holder south >/dev/null
	@$(BIN)/isofront add --theatre $(VENV)/warm --backfill examples/evidence.csv >/dev/null
	@$(BIN)/isofront map --theatre $(VENV)/warm --as-of 2020-05-10 --out $(VENV)/warm/out >/dev/null
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV)/"
	@$(PIP) -r requirements-dev.lock || $(OFFLINE)
	@touch $@

# Node 20 or newer from the machine, else from PyPI into the same .venv/.
$(VENV)/.node: requirements-node.lock $(VENV)/.made
	@if command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; then :; \
	else echo "No Node 20 or newer on this machine: installing one into $(VENV)/"; $(PIP) -r requirements-node.lock || $(OFFLINE); fi
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json $(VENV)/.node
	@npm ci --prefix web --no-audit --no-fund --loglevel=error || $(OFFLINE)
	@touch $@

PAGE_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/build/*' -not -path '*/dist/*' 2>/dev/null)

# The stamp stands for all of these: where one is gone, they are built again.
PAGES := $(PAGE)/map.html $(addprefix $(DESK_PAGE)/,desk.html desk.css desk.js)

.PHONY: page-is-gone

$(PAGE)/.built: $(PAGE_SOURCES) web/node_modules/.package-lock.json $(if $(filter-out $(wildcard $(PAGES)),$(PAGES)),page-is-gone)
	@npm run build --prefix web --silent
	@touch $@
