# Everything one does with the project. `make chat` is the place to start.

BIN := .venv/bin
PYTHON := $(BIN)/python
GROWTH ?= --sizes 1000:100000,10000:1000000
RUFF_PATHS := actions benchmarks bot care channels nlu tests

.PHONY: help setup chat serve test check train bench eval demo clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

setup: ## install everything into .venv (quick when nothing changed)
	@scripts/bootstrap

chat: setup ## chat in the terminal in an invented neighbourhood
	@$(BIN)/thuisbel chat $(ARGS)

serve: setup ## run the web chat and the doors (make serve ARGS="--port 8080")
	@$(BIN)/thuisbel serve $(ARGS)

demo: setup ## load the invented neighbourhood
	@$(BIN)/thuisbel demo

train: setup ## train the model, unless it is up to date
	@$(BIN)/thuisbel train

check: setup ## style, types, who may import whom, and the training data
	$(BIN)/ruff check $(RUFF_PATHS)
	$(BIN)/ruff format --check $(RUFF_PATHS)
	$(BIN)/mypy
	$(BIN)/lint-imports
	RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 PYTHONWARNINGS=ignore \
	  $(BIN)/rasa data validate --fail-on-warnings --domain bot/domain --data nlu/data stories

# A process for each core, each with a database server of its own; the tests of a file stay together.
test: check train ## all checks and all tests
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

bench: train ## measure a turn against the bot that `rasa init` makes, and how the trade grows (GROWTH="--sizes …")
	$(PYTHON) -m benchmarks.turns $(ARGS)
	$(PYTHON) -m benchmarks.load
	$(PYTHON) -m benchmarks.growth $(GROWTH)

eval: train ## measure the reading, beside other libraries
	$(PYTHON) -m benchmarks.eval $(ARGS)

clean: ## remove what can be made again (models, caches); not the database
	rm -rf .cache .rasa .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find actions benchmarks bot care channels nlu tests -name __pycache__ -type d -prune -exec rm -rf {} +
