# Everything a developer of pipec types. A fresh machine needs python3 (3.11 or newer), its venv
# and pip, and make; each target makes the environment that it needs, once, outside this folder.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

environment := tests/environments/make.sh
in_dev = python=$$($(environment) dev); "$$python" -m
jobs ?= 2

.PHONY: help demo test test-older test-spark test-airflow test-onprem test-all unit lint format types bench snapshots lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Run the example on this machine: Airflow, and stand-ins for AWS and PostgreSQL
	@python=$$($(environment) run); \
	PYTHONPATH=src "$$python" -m pipec run examples/content_targeting

on_33 = PIPEC_AIRFLOW_33=$$($(environment) airflow-3.3); export PIPEC_AIRFLOW_33;
on_older = \
	PIPEC_AIRFLOW_30=$$($(environment) airflow-3.0); export PIPEC_AIRFLOW_30; \
	PIPEC_AIRFLOW_211=$$($(environment) airflow-2.11); export PIPEC_AIRFLOW_211;
parallel = -n $(jobs) --dist worksteal

test: ## All tests that need no scheduler, on Airflow 3.3
	@$(on_33) $(in_dev) pytest $(parallel) -m 'not scheduled and not onprem and not spark' $(args)

test-older: ## Those of them that need an Airflow, on 3.0 and 2.11
	@$(on_older) $(in_dev) pytest $(parallel) -m 'airflow and not scheduled and not onprem' $(args)

test-spark: ## Steps of clusters, run by Spark on this machine; it needs Java 17 or 11
	@$(on_33) PIPEC_SPARK_PYTHON=$$($(environment) spark); export PIPEC_SPARK_PYTHON; \
	$(in_dev) pytest -m spark --durations 0 $(args) tests/spark

test-airflow: ## Dags in a whole Airflow 3.3 with its scheduler: do they what the plan says
	@$(on_33) $(in_dev) pytest -m scheduled --durations 0 $(args) tests/scheduled

test-onprem: ## Work on machines of one's own: Edge and Celery workers, a database behind JDBC
	@$(on_33) $(in_dev) pytest -m onprem --durations 0 $(args) tests/onprem

test-all: test test-older test-spark test-airflow test-onprem ## Everything: these, and Dags in the schedulers of 3.0 and 2.11
	@$(on_older) $(in_dev) pytest -m scheduled --durations 0 $(args) tests/scheduled

unit: ## The fast tests, without Airflow and the AWS CLI
	@$(in_dev) pytest $(parallel) -m 'not airflow and not spark and not aws' $(args)

lint: ## Complain about style
	@$(in_dev) ruff format --check .; "$$python" -m ruff check .

format: ## Mend what can be mended of it
	@$(in_dev) ruff check --fix .; "$$python" -m ruff format .

types: ## Check the types
	@$(in_dev) mypy

bench: ## Measure: parse cost of Dags, speed of check, compile and plan, same bytes everywhere
	@python=$$($(environment) dev); \
	"$$python" bench/check.py; \
	"$$python" bench/plan.py; \
	"$$python" bench/same_bytes.py; \
	"$$python" bench/run.py

snapshots: ## Rewrite what the tests expect; read the difference before you commit it
	@export PIPEC_BLESS=1; $(in_dev) pytest $(parallel) --snapshot-update $(args)

lock: ## Bring the lists of packages in tests/environments up to date
	@uv=$$($(environment) uv); cd tests/environments; \
	compile=("$$uv" pip compile --quiet --upgrade --override overrides.txt --universal --python-version 3.11 --no-annotate --custom-compile-command 'make lock'); \
	for extra in dev run; do "$${compile[@]}" ../../pyproject.toml --extra $$extra --output-file $$extra.txt; done; \
	for list in *.in; do "$${compile[@]}" $$list --output-file $${list%.in}.txt; done

clean: ## Remove what builds and tests leave here
	rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
