# make demo: the main job on the miniature tree.  make test: what CI runs.
# Needs only python3 (3.11 or later) with pip, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test check format clean
help:
	@echo "make demo    run extract, apply and audit on the embedded miniature tree"
	@echo "make test    format check, lint, types and tests, as CI runs them"
	@echo "make check   the same"
	@echo "make format  rewrite the sources to the project's format"
	@echo "make clean   remove the virtual environment and caches"

# venv needs ensurepip, which Debian packages apart; virtualenv from pip does without.
$(VENV)/.made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "patchkit needs Python 3.11 or later; say make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	@rm -rf $(VENV)
	@echo "making $(VENV): patchkit and the libraries it needs"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); .ci/virtualenv $(PYTHON) $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $$($(BIN)/python .ci/dev-requirements)
	@touch $@

demo: $(VENV)/.made
	@$(BIN)/python demo/run.py

test check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto -q

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
