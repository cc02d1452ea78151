# The front door. `make help` lists what there is; all the work is done by the frontdoor package.
# PYTHON: the interpreter that makes .venv (3.11 or newer).
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: up services test check bench pins help
.NOTPARALLEL:

up:        ## the portal on http://localhost:8000 (PORT=8123 make up); Ctrl-C stops all of it
	@exec $(PYTHON) frontdoor/bootstrap.py up

services:  ## only PostgreSQL and Redis; CMD="…" runs one command beside them and stops them again
	@exec $(PYTHON) frontdoor/bootstrap.py services

test:      ## all tests (ARGS="-k name" passes options to pytest)
	@exec $(PYTHON) frontdoor/bootstrap.py test

check:     ## lint, types, import contracts, migrations, settings
	@exec $(PYTHON) frontdoor/bootstrap.py check

bench:     ## speed and memory as ratios (ONLY=name runs one)
	@exec $(PYTHON) frontdoor/bootstrap.py bench

pins:      ## write requirements*.txt anew from the .in files (needs a package index)
	@exec $(PYTHON) frontdoor/bootstrap.py pins

help:      ## this list
	@grep -E '^[a-z]+: +##' Makefile | sed -E 's/^([a-z]+): +## /make \1\t/' | expand -t 16
