# `make` alone lists what can be made. Everything is installed in .venv/, nothing elsewhere (but for `make browser`).
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test quick slow bench shipped browser lint format requirements clean

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Tests in one file share their server or their compiled rules, so a file stays on one process.
PARALLEL := -n auto --dist loadfile
CODE := $(wildcard sim calibration dashboard tools tests app.py)
PIP_TOOLS_VERSION := 7.6.2

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1 \t/' | expand -t 22

setup: .venv/.set-up ## make .venv and install the pinned packages in it

.venv/.set-up: requirements/all.txt pyproject.toml tools/setup.sh tools/find_python.sh
	@sh tools/setup.sh

run: setup ## open the dashboard
	$(BIN)/samenspel serve

test: setup browser ## every test but the slow ones and the benchmarks
	$(PYTEST) $(PARALLEL) -m "not slow and not bench"

quick: setup ## the tests that take under a minute together, without a browser
	$(PYTEST) $(PARALLEL) -m "not slow and not bench and not browser and not long"

slow: setup ## the tests that take minutes
	$(PYTEST) $(PARALLEL) -m "slow and not bench"

bench: setup ## the benchmarks, one at a time
	$(PYTEST) -n 0 -m bench -s

shipped: setup ## compute again what pages show at once (after a change of the model or its parameters)
	$(BIN)/python -m dashboard.precomputed
	$(BIN)/python -m dashboard.evidence

browser: ## find or install the browser that tests use
	@sh tools/browser.sh

lint: setup ## style, types, and which file may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

format: setup ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: setup ## pin the packages of pyproject.toml again (keeps versions that still fit)
	$(BIN)/python -m venv .cache/pip-tools
	.cache/pip-tools/bin/python -m pip install --quiet pip-tools==$(PIP_TOOLS_VERSION)
	CUSTOM_COMPILE_COMMAND="make requirements" .cache/pip-tools/bin/pip-compile --quiet --all-extras --strip-extras \
		--allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements/all.txt pyproject.toml
	$(BIN)/python tools/constraints.py

clean: ## remove what can be made again, .venv included
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist
