# make app     the window on the demo project (everything it needs is installed first)
# make setup   the environment alone: .venv/bin/endodesk then works from any folder
# make test    lint, types and all tests: what CI runs
# make lint | types | fast   ruff and import-linter; mypy; the tests that are not slow
# make truth   a picture in every format, depth, profile and codec, read and held against what is right; two minutes (tests/truth)
# make mutated   2,000 damaged files, read: no crash, no hang, no flood of memory
# make fuzz      every reader of files that may come from anybody, and 500 damaged projects opened: no traceback, no crash, no hang
# make faults    what other programs and a failing disk do to a project while its window is open: is a label lost? Half an hour
# make bench   how fast, beside the limits of this machine
# make reviewer | full   the folder of one edition, tried out by the smoke test, and its packages (.deb, .tar.gz) in dist/
# make installers   both
# make smoke   the folder of the Reviewer edition, tried out: what CI does besides the tests
# make translations   texts of the sources into the Qt Linguist files, and these into what the program loads

VENV  := .venv
BIN   := $(VENV)/bin
DEMO  := demo-project
STAMP := $(VENV)/.installed
WORDS := resources/translations/endodesk
LANGUAGES := es
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile
# The newest Python that all wheels exist for; looked for when the environment is made, after the system packages are there.
FIND_PYTHON = for p in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
    $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done

.PHONY: app setup lint types fast test truth mutated fuzz faults bench translations smoke reviewer full installers clean

app: setup $(DEMO)/project.sqlite
	@packaging/system_libraries.sh window
	@packaging/open_demo.sh $(BIN)/endodesk $(DEMO)

setup: $(STAMP)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy

fast: setup
	$(PYTEST) -m "not slow"

test: lint types
	$(PYTEST)

truth: setup
	@$(BIN)/python -m tests.truth --confirm

mutated: setup
	@$(BIN)/python -m tests.truth.mutated

fuzz: setup
	@$(BIN)/python -m tests.fuzz
	@$(BIN)/python -m tests.truth.mutated --n 500
	@$(BIN)/python -m tests.fuzz.damaged_projects

faults: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.faults

bench: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

smoke: setup
	packaging/build.sh reviewer
	$(BIN)/python packaging/smoke_test.py build/reviewer/EndoDesk

reviewer full: setup
	packaging/build.sh $@
	$(BIN)/python packaging/smoke_test.py build/$@/EndoDesk
	$(BIN)/python packaging/make_deb.py $@
	$(BIN)/python packaging/make_tar.py $@

installers: reviewer full

translations: setup
	for language in $(LANGUAGES); do \
	    $(BIN)/pyside6-lupdate -tr-function-alias QT_TR_NOOP+=marked -no-obsolete -locations none $$(find endodesk -name "*.py" | sort) -ts $(WORDS)_$$language.ts && \
	    $(BIN)/pyside6-lrelease $(WORDS)_$$language.ts -qm $(WORDS)_$$language.qm || exit 1; done

clean:
	rm -rf $(VENV) $(DEMO) build endodesk-demo.png predictions.csv

# PIP_CONSTRAINT, not -c: it pins what builds the package too.
$(STAMP): pyproject.toml constraints.txt
	@packaging/system_libraries.sh
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { python=$$($(FIND_PYTHON)); \
	    test -n "$$python" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed: install it, or name it: make PYTHON=/path/to/python3.12"; exit 1; }; \
	    echo "Making $(VENV) with $$python"; $$python -m venv --clear $(VENV); }
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train,dev]'
	@touch $@

$(DEMO)/project.sqlite: | $(STAMP)
	$(BIN)/endodesk demo --out $(DEMO)
