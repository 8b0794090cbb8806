# Everything anyone needs to do here. `make help` is the map.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

setup: $(STAMP) ## a virtual environment with exactly the locked packages

system: ## what tests need of the machine beside Python; installs what is missing, with apt-get
	@scripts/system
	@scripts/asterisk

demo: $(STAMP) ## look around: an invented organisation and its pages, served on this machine until Ctrl-C
	$(BIN)/belbaar demo

story: $(STAMP) ## the main job on a shipped example, on the command line: which of these numbers may be called?
	$(BIN)/python -m demo.run

test: check ## everything that CI runs

check: $(STAMP) system ## lint, types, scenario cases, tests
	$(MAKE) -j2 -Otarget lint types law
	$(MAKE) tests

lint: $(STAMP) ## style and the direction of dependence
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(STAMP) ## strict types
	$(BIN)/mypy

tests: $(STAMP) system ## the tests
	$(BIN)/pytest -n 3 --dist loadscope  # one more than cores: many wait for servers, clocks and signals

test-all: $(STAMP) system ## the tests with those that are slow, and twice as many examples
	BELBAAR_ALL_TESTS=1 $(BIN)/pytest -n 3 --dist loadscope

law: $(STAMP) system ## the scenario cases, on every engine
	$(BIN)/python -m tests.law.check_all

docs: $(STAMP) ## write the generated reference pages anew
	$(BIN)/python -m docs.generate

pictures: $(STAMP) system ## take the pictures of the pages anew, from the demonstration
	$(BIN)/python -m docs.pictures

clients: $(STAMP) ## the JavaScript client's types, out of the service's own description
	cd clients/js && npm ci --silent --no-audit --no-fund
	$(BIN)/python -m clients.describe > clients/js/openapi.json
	cd clients/js && npx openapi-typescript openapi.json --default-non-nullable=false -o schema.d.ts && rm openapi.json

bench: $(STAMP) system ## what the README's performance section claims, small enough for ten minutes
	$(BIN)/python -m benchmarks.run

bench-full: $(STAMP) system ## the same at full size, kept in benchmarks/results.md; an hour, some gigabytes of disk
	$(BIN)/python -m benchmarks.run --full --keep

growth: $(STAMP) ## how the cost of a row and of a decision grows; draws docs/pictures/growth.svg
	$(BIN)/python -m benchmarks.growth --rows 7 --standing 7

numbers: $(STAMP) ## prove our reading of numbers against libphonenumber: all long prefixes, a million damaged numbers
	BELBAAR_EXHAUSTIVE=1 BELBAAR_MUTATIONS=1000000 $(BIN)/pytest -n 2 tests/unit/numbers

fmt: $(STAMP) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: $(STAMP) ## known weaknesses of the locked libraries, as PyPI tells them
	@scripts/audit

lock: ## choose versions anew: requirements.lock
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --extra dev pyproject.toml -o requirements.lock

clean: ## away with what was made
	rm -rf $(VENV) demo/out .mypy_cache .ruff_cache .pytest_cache

.PHONY: help setup system demo story clients test test-all check lint types tests law docs pictures bench bench-full growth numbers fmt audit lock clean
