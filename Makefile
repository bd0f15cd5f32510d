# `make` lists what there is. Needs python3 (3.11 or newer) and make, nothing else.

PYTHON ?= python3
PIP_QUIET := -qq --no-compile --disable-pip-version-check --no-input
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run redeploy wscat check format test faults asyncapi clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready .venv/.bundled node_modules/.ready ## Install everything, here only

run: setup ## Chat on this machine; Ctrl-C stops it (EMULATOR_PORT=4566)
	@$(BIN)/python -m local run

redeploy: setup ## Bring changed code into the running emulator
	@$(BIN)/python -m local redeploy

wscat: setup ## Join the running chat from this terminal (NAME=alice)
	@$(BIN)/python -m local wscat

check: setup ## Format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: setup ## Put the code in the agreed format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

test: setup ## Run the tests (ARGS="-k push")
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest $(ARGS)

faults: setup ## Let AWS misbehave under the deployed stack (over a minute)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest tests/faults $(ARGS)

asyncapi: setup ## Write docs/asyncapi.yaml from the protocol
	@$(BIN)/python -m tools.asyncapi

clean: ## Remove what was installed, and the rooms and messages of this machine
	rm -rf .venv .cache node_modules .local cdk.out build .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/.ready: requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making the virtual environment ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || \
	  $(PYTHON) -m venv --clear .venv >/dev/null 2>&1 || { \
	  echo "This Python lacks venv or ensurepip; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing Python packages (about a minute) ..."
	@$(BIN)/python -m pip install $(PIP_QUIET) -c constraints.txt \
	  -r requirements.txt -r requirements-dev.txt
	@touch $@

.venv/.bundled: .venv/.ready lambda/requirements.txt
	@echo "Fetching what goes into the Lambda package ..."
	@$(BIN)/python -m chat_stack.bundling
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc | .venv/.ready
	@echo "Installing the CDK CLI ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --loglevel=error >/dev/null
	@touch $@
