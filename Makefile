# The commands for people. The scripts in scripts/ contain the steps.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
TOOLS := source scripts/tools;

.PHONY: help run build deb dev test bench fuzz fmt lint clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and start the server on ./data
	@exec target/release/keystead serve --data-dir ./data

build: ## Build the console and the server into target/release/keystead
	@scripts/build

deb: ## Make target/debian/keystead_….deb from the built binary
	@scripts/install deb
	@scripts/packages deb

dev: ## Run with reloading on change (http://127.0.0.1:3000, data in ./data)
	@scripts/install build
	@$(TOOLS) cargo leptos watch --split --cargo-locked -- serve --data-dir ./data

test: ## Run all checks: format, lints, tests, browser tests, size budgets, licences
	@scripts/test

bench: ## Measure what docs/internals/performance.md promises and print a table
	@scripts/bench

fuzz: ## Fuzz the code that reads text from clients, for hours (see scripts/fuzz)
	@scripts/fuzz

fmt: ## Format the code
	@cargo fmt --all

lint: ## Run the lints for the server and the browser
	@scripts/lint

clean: ## Remove all build results, but not ./data
	@cargo clean
	@rm -rf end2end/node_modules end2end/test-results end2end/playwright-report
