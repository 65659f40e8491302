# Everything a developer does: make check, test, bench, docs, constraints. Uses .venv if there; VENV=folder names another.
VENV ?= .venv
BIN := $(if $(wildcard $(VENV)/bin/python),$(VENV)/bin/)
UV ?= uv
# make constraints UPGRADE=--upgrade takes the newest versions the caps allow; without it pins stay where they can.
UPGRADE ?=
LOCK := UV_CUSTOM_COMPILE_COMMAND="make constraints" $(UV) pip compile pyproject.toml --quiet --universal \
	--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --group build $(UPGRADE)

.PHONY: check test bench docs constraints

check:
	$(BIN)ruff check .
	$(BIN)ruff format --check .
	$(BIN)mypy

test:
	$(BIN)pytest

# make bench SIZE=100k|1m|10m ROWS=builds,increments TIMES=5; docs/explanation/performance.md says what is measured.
SIZE ?= 100k
ROWS ?=
TIMES ?= 5
bench:
	$(if $(BIN),$(BIN)python,python3) -m benchmarks run --size $(SIZE) --rows "$(ROWS)" --times $(TIMES)

docs:
	$(BIN)python scripts/build_reference.py

# The second set holds the first, version for version, and the outside implementations that tests compare with.
constraints:
	$(LOCK) --extra dev --output-file constraints.txt
	$(LOCK) --extra dev --extra oracles --constraint constraints.txt --output-file constraints-oracles.txt
	@if grep -n '/' constraints.txt constraints-oracles.txt; \
	then echo "an address or a path of this machine stands in the locked set"; exit 1; fi
