# `make lab` opens the kit, `make test` runs everything that CI runs. `make` alone lists the rest.
#
#   PYTHON       the interpreter to build on       make lab PYTHON=python3.13
#   VENV         where to install                  make test VENV=.venv313 PYTHON=python3.13
#   LAB_ARGS     passed on to JupyterLab           make lab LAB_ARGS="--no-browser --port 8899"
#   PYTEST_ARGS  passed on to pytest               make test PYTEST_ARGS="-k layers"

PYTHON ?= python3
VENV ?= .venv
LAB_ARGS ?=
PYTEST_ARGS ?=

PY := $(VENV)/bin/python
START := notebooks/00_start_here.ipynb
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=60 \
	--nbval-sanitize-with=tests/nbval_sanitize.cfg

# Two files at a time: the cells of a notebook belong together, and so do tests with one JupyterLab.
# In the order of tests/conftest.py, which begins with the files that take longest.
TWO := --numprocesses=2 --dist=loadfile --no-loadscope-reorder

# JupyterLab refuses to run as root, which is who one usually is inside a container.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# An environment remembers the folder it was made in: after a move it is made again.
ifneq ($(shell cat $(VENV)/.folder 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/.made)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help lab test check lint notebooks bench clean

help:
	@echo "make lab        open the kit in JupyterLab"
	@echo "make test       run everything that CI runs"
	@echo "make check      style, types and the quick tests"
	@echo "make notebooks  run every notebook and store its results"
	@echo "make bench      measure how quick the kit is"
	@echo "make clean      remove what make has made"

lab: $(VENV)/.kit
	$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/$(START) \
		$(AS_ROOT) $(LAB_ARGS)

test: lint
	$(PY) -m pytest $(TWO) $(NBVAL) kit tests notebooks $(PYTEST_ARGS)

check: lint
	$(PY) -m pytest $(TWO) -m "not browser and not slow" kit tests $(PYTEST_ARGS)

lint: $(VENV)/.test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

notebooks: $(VENV)/.test
	$(PY) tests/tools/execute_notebooks.py

bench: $(VENV)/.test
	$(PY) tests/tools/bench.py

clean:
	test ! -f $(VENV)/pyvenv.cfg || rm -rf $(VENV)
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find kit tests notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune \
		-exec rm -rf {} +

# Empty files that say what is installed, so that a second `make lab` starts at once.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("The kit needs Python \
	3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Try PYTHON=python3.13.")'
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(PYTHON) -m venv --clear $(VENV); \
	else \
		$(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(PY) install pip; \
	fi
	@printf '%s' "$(CURDIR)" > $(VENV)/.folder
	@touch $@

$(VENV)/.kit: pyproject.toml $(VENV)/.made
	@echo "Installing the kit into $(VENV): only this once, one to three minutes."
	$(PY) -m pip install --disable-pip-version-check --editable .
	$(PY) -m jupyterlab.labextensions disable "@jupyterlab/apputils-extension:announcements"
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.kit
	$(PY) -m pip install --disable-pip-version-check --editable '.[test]'
	@touch $@
