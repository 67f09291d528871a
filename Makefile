# The two commands of the README are `make run` and `make test`; both need python3 and make only.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed

.PHONY: run test lint check bench engine library promises ratios truth clean

run: $(STAMP)
	$(BIN)/harness run --backend all

test: $(STAMP)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

bench: $(STAMP)
	$(BIN)/python -m pytest tests/benchmarks/test_documented.py --benchmark-only \
		--benchmark-columns=median,iqr,rounds --benchmark-sort=name

engine: $(STAMP)
	$(BIN)/python -m tests.benchmarks.engine

library: $(STAMP)
	$(BIN)/harness run all --backend all --size S --operator all --composition all --check

ratios: $(STAMP)
	$(BIN)/python -m tests.benchmarks.ratios

promises: $(STAMP)
	$(BIN)/python -m tests.benchmarks.promises

truth: $(STAMP)
	$(BIN)/python -m tests.benchmarks.truth

clean:
	rm -rf .venv build dist *.egg-info

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all,dev]'
	touch $(STAMP)
