# make run   - install into .venv and serve on http://127.0.0.1:8080/
# make test  - check style and types, then run all tests, in as many processes as there are processors (PROCESSES=1: in one);
#              .ci/postgresql make test: those on PostgreSQL, too
# make test-openvk - run the tests of what programs see once more, on an OpenVK
# make lint  - style and types alone
# make bench - measure the speed (some minutes; keep the machine quiet)
# make clean - remove what was made here; the data folder stays

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
PROCESSES ?= auto
BENCH_ARGS ?=
PYTEST := $(BIN)/pytest --numprocesses=$(PROCESSES) --dist=worksteal
SURFACE := tests/acts tests/surface tests/clients tests/test_fixtures.py tests/test_ok_codes.py tests/test_two_viewers.py \
	tests/test_whole_life.py

.DELETE_ON_ERROR:
.PHONY: run test test-openvk lint bench clean

run: $(VENV)/.installed
	$(BIN)/userapi-gw serve

test: lint
	$(PYTEST) $(PYTEST_ARGS)

test-openvk: $(VENV)/.installed-test
	$(PYTEST) --backend openvk $(SURFACE) $(PYTEST_ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

bench: $(VENV)/.installed-test
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run quick; a changed pyproject.toml installs anew.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@ $(VENV)/.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "userapi-gw needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
