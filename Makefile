# What a person types. The steps themselves are in scripts/, each readable on its own.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
TOOLS := source scripts/tools;

.PHONY: help run build dev test bench fuzz fmt lint clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and start the server on ./data
	@exec target/release/keystead serve --data-dir ./data

build: ## Build the console and the server into target/release/keystead
	@scripts/build

dev: ## Run with reloading on change (http://127.0.0.1:3000, data in ./data)
	@scripts/install build
	@$(TOOLS) cargo leptos watch --split --cargo-locked -- serve --data-dir ./data

test: ## Run every gate: format, lints, tests, journeys in a browser, budgets, licences
	@scripts/test

bench: ## Measure what docs/internals/performance.md promises, and print a table
	@scripts/bench

fuzz: ## Fuzz what reads the texts of clients, for hours (scripts/fuzz has more)
	@scripts/fuzz

fmt: ## Format the code
	@cargo fmt --all

lint: ## Run the lints of both halves
	@scripts/lint

clean: ## Remove what was built, but not ./data
	@cargo clean
	@rm -rf end2end/node_modules end2end/test-results end2end/playwright-report
