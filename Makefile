# `make` lists the commands. They need python3 (3.11 or newer) and make, nothing else.

PYTHON ?= python3
PIP_QUIET := -qq --no-compile --disable-pip-version-check --no-input
BIN := .venv/bin
WEB = PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/npm --prefix web --silent

# Python keeps the bytecode of what it imports. Without it, each start compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

# Variables of the make command may hold what users named themselves, such as a user id. Make
# therefore never expands their values, and the shell receives them in quotes.
define NEWLINE


endef
is_given = $(filter command,$(origin $(1)))
$(foreach name,$(.VARIABLES),$(if $(call is_given,$(name)),\
  $(if $(findstring $(NEWLINE),$(value $(name))),$(error $(name) has more than one line))\
  $(eval unexport $(name))))
quoted = '$(subst ','\'',$(value $(1)))'

# Assignments of variables of the make command. The variables of the shell count too.
passed = $(foreach name,$(1),$(if $(call is_given,$(name)),$(name)=$(call quoted,$(name))))

# The same, without the variables of the shell, because it has its own USER.
given = $(foreach name,$(1),$(name)=$(if $(call is_given,$(name)),$(call quoted,$(name))))

CHAT = URL ENV TOKEN TOKEN2 ORIGIN TIMEOUT_SECONDS

# `make unit PYTHON=...` has a virtual environment of its own for each interpreter.
UNIT_VENV = $(if $(filter command,$(origin PYTHON)),.cache/python/$(notdir $(PYTHON)),.venv)

FAST_TESTS = PATH="$(CURDIR)/$(UNIT_VENV)/bin:$$PATH" TEST_PROFILE=unit $(UNIT_VENV)/bin/python -m pytest \
  --dist loadscope

# Tests of computing time and of large rooms. Measuring coverage takes three times as long.
UNTRACED = $(addprefix tests/,unit/protocol/test_growth.py contract/test_worst_cases.py \
  contract/test_page_bytes.py contract/test_join_storms.py)

.DEFAULT_GOAL := help
# A target with a description is a command, not a file.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(MAKEFILE_LIST))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: .venv/.ready .venv/.bundled node_modules/.ready web/node_modules/.ready ## Install everything inside this folder

run: setup ## Run the chat on this machine until Ctrl-C (PORT=8080 EMULATOR_PORT=4566 IDENTITY=guest|cognito)
	@$(call passed,PORT EMULATOR_PORT IDENTITY) $(BIN)/python -m local run

redeploy: setup ## Deploy changed code to the running emulator
	@$(call passed,PORT EMULATOR_PORT IDENTITY) $(BIN)/python -m local redeploy

web: setup ## Edit the page of the running chat, with hot reload
	@$(BIN)/python -m local web

page: setup ## Build the page into web/dist, for a deployment to AWS
	@$(BIN)/python -m local page

sdk: setup ## Bundle the SDK into build/live-chat-sdk.js
	@PATH="$(CURDIR)/$(BIN):$$PATH" web/node_modules/.bin/rolldown web/sdk/index.ts \
	  --format esm --minify --file build/live-chat-sdk.js

wscat: setup ## Join the running chat from this terminal (NAME=alice)
	@$(call passed,NAME) $(BIN)/python -m local wscat

check: setup ## Check format, lint, types and prose
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m tools.prose
	@$(WEB) run check

format: setup ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(WEB) run format

test: setup ## Run the tests (ARGS="-k push")
	@$(WEB) test
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(call passed,TEST_PROFILE) $(BIN)/pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder $(value ARGS)

unit: $(UNIT_VENV)/.ready .venv/.bundled ## Run the tests that need no emulated AWS and no browser (PYTHON=python3.14)
	@$(FAST_TESTS) -m "not emulator and not browser and not slow and not library" \
	  --numprocesses 4 tests/unit tests/contract tests/reliability/model $(value ARGS)

coverage: $(UNIT_VENV)/.ready .venv/.bundled ## Hold the coverage of lambda/chat by the tests of units and contracts
	@$(FAST_TESTS) -m "not emulator and not browser and not slow" \
	  --numprocesses 2 --cov --cov-report term tests/unit tests/contract $(UNTRACED:%=--ignore=%) $(value ARGS)

soak: setup ## Run the models and faults for minutes (MINUTES=10 SEED=7)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.reliability.soak \
	  --minutes $(if $(value MINUTES),$(call quoted,MINUTES),10) $(if $(value SEED),--seed $(call quoted,SEED))

screenshots: setup ## Write docs/screenshots from the page
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.browser.screenshots

bench: setup .cache/bench-venv/.ready ## Measure posts, starts and messages (ARGS="--quick")
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks $(value ARGS)

ban-user: setup ## Close a user's connections and reject new ones (USER=id ENV=prod)
	@$(call given,USER USER_JSON) $(call passed,ENV) $(BIN)/python -m ops ban-user

unban-user: setup ## Accept a banned user's connections again (USER=id ENV=prod)
	@$(call given,USER USER_JSON) $(call passed,ENV) $(BIN)/python -m ops unban-user

load: setup ## Load the chat and chart the response times (URL=... CLIENTS=100 RATE=20 ROOMS=10 SECONDS=30)
	@$(call given,URL ENV CLIENTS RATE ROOMS SECONDS TEXT ARRIVALS TOKEN TOKENS) \
	  $(BIN)/python -m ops.load

smoke: setup ## Test a running chat for a few seconds (URL=wss://... or ENV=dev, TOKEN=... TOKEN2=...)
	@$(call passed,$(CHAT)) $(BIN)/python -m ops.smoke

conformance: setup ## Check a running chat against the protocol (URL, ENV and TOKEN as for smoke)
	@$(call passed,$(CHAT)) $(BIN)/python -m tests.conformance $(value ARGS)

canary-users: setup ## Create the canary's users in the user pool (ENV=prod)
	@$(call passed,ENV) $(BIN)/python -m ops canary-users

estimate: setup ## Estimate a month's cost and quotas (USERS=1000 ROOMS=50 RATE=20 ENV=prod)
	@$(call given,USERS ROOMS RATE HOURS JOINED SESSIONS TEXT PEAK ENV) \
	  $(BIN)/python -m ops.cost

export-user: setup ## Print everything stored about a user (USER=id ENV=prod)
	@$(call given,USER USER_JSON) $(call passed,ENV) $(BIN)/python -m ops export-user

erase-user: setup ## Erase everything stored about a user (USER=id CONFIRM=id ENV=prod)
	@$(call given,USER USER_JSON CONFIRM) $(call passed,ENV) $(BIN)/python -m ops erase-user

restore: setup ## Restore the rooms to an earlier time (AT=2026-11-23T09:30:00Z ENV=prod)
	@$(call given,AT) $(call passed,ENV) $(BIN)/python -m ops restore

dashboard: setup .cache/dashboard-venv/.ready ## Draw docs/images/dashboard.svg with sample data
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tools.dashboard.body | \
	  .cache/dashboard-venv/bin/python -m tools.dashboard.draw

asyncapi: setup ## Write docs/asyncapi.yaml from the protocol
	@$(BIN)/python -m tools.generate.asyncapi

settings: setup ## Write docs/settings.md from the settings
	@$(BIN)/python -m tools.generate.settings_docs

types: setup ## Write web/sdk/protocol/types.ts and constraints.ts from the protocol
	@$(BIN)/python -m tools.generate.typescript
	@$(BIN)/python -m tools.generate.constraints

hashes: setup ## Write the hashes of the deployed packages into their requirements.txt
	@$(BIN)/python -m tools.generate.hashes

clean: ## Remove the installation and this machine's rooms and messages
	rm -rf .venv .cache node_modules web/node_modules web/dist .local cdk.out build .hypothesis .coverage .mypy_cache .pytest_cache .ruff_cache

define make_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making the virtual environment ..."
	@$(@D)/bin/python -m pip --version >/dev/null 2>&1 || \
	  $(PYTHON) -m venv --clear $(@D) >/dev/null 2>&1 || { \
	  echo "This Python lacks venv or ensurepip; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing Python packages (about a minute) ..."
	@$(@D)/bin/python -m pip install $(PIP_QUIET) -c constraints.txt \
	  -r requirements.txt -r requirements-dev.txt || { \
	  echo "Not all could be installed; is the package index within reach? The next run goes on." >&2; exit 1; }
	@touch $@
endef

.venv/.ready: requirements.txt requirements-dev.txt constraints.txt
	$(make_venv)

.cache/python/%/.ready: requirements.txt requirements-dev.txt constraints.txt
	$(make_venv)

.venv/.bundled: .venv/.ready lambda/requirements.txt canary/requirements.txt
	@echo "Fetching what goes into the Lambda packages ..."
	@$(BIN)/python -m chat_stack.functions.bundling
	@touch $@

.cache/bench-venv/.ready: benchmarks/requirements.txt
.cache/dashboard-venv/.ready: tools/dashboard/requirements.txt
.cache/%-venv/.ready: | .venv/.ready
	@echo "Installing packages that only this command needs ..."
	@$(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install $(PIP_QUIET) --no-deps -r $<
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc | .venv/.ready
	@echo "Installing the CDK CLI ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --loglevel=error >/dev/null
	@touch $@

web/node_modules/.ready: web/package.json web/package-lock.json web/.npmrc | .venv/.ready
	@echo "Installing what builds the page ..."
	@$(WEB) ci --loglevel=error >/dev/null
	@touch $@
