# make app     the window on the demo project (everything it needs is installed first)
# make setup   the environment alone: .venv/bin/endodesk then works from any folder
# make test    ruff, mypy, import-linter and pytest
# make bench   how fast, beside the limits of this machine

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
            $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && command -v $$p && break; done)
DEMO   := demo-project
STAMP  := $(VENV)/.installed

.PHONY: app setup test bench clean system-libraries

app: setup $(DEMO)/project.sqlite
	@packaging/open_demo.sh $(BIN)/endodesk $(DEMO)

setup: system-libraries $(STAMP)

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

bench: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

clean:
	rm -rf $(VENV) $(DEMO) build endodesk-demo.png predictions.csv

system-libraries:
	@packaging/system_libraries.sh

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.13 with venv is needed (Debian: apt-get install python3 python3-venv)."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train,dev]' -c constraints.txt
	@touch $@

$(DEMO)/project.sqlite: | $(STAMP)
	$(BIN)/endodesk demo --out $(DEMO)
