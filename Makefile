# make handouts   sets up what is missing and makes every handout
# make release    makes only what is signed, current and without a problem, into output/release/ when that is all
# make report     writes output/report.html: what is signed, due and checked
# make preview    opens a browser on the pages while they are written and translated
# make desk       opens the consultation desk in the browser
# make test       sets up what the tests need and runs them
PYTHON ?= python3
BIN := .venv/bin

.PHONY: handouts release report preview desk test check extract update status golden conformance bench reproduce lock clean ready ready-tests

handouts: ready
	@$(BIN)/handouts build

release: ready
	@$(BIN)/handouts build --strict

report: ready
	@$(BIN)/handouts report

preview: ready
	@$(BIN)/handouts preview

desk: ready
	@$(BIN)/handouts desk $(DESK)

test: ready-tests
	@$(BIN)/python -m pytest

check: ready-tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/handouts check
	@$(BIN)/handouts extract --check

extract: ready
	@$(BIN)/handouts extract

update: extract
	@$(BIN)/handouts update

status: ready
	@$(BIN)/handouts status

golden: ready-tests
	@$(BIN)/python -m pytest tests/test_golden.py tests/test_weblate.py --rewrite-golden

lock: ready-tests
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra desk --group build pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev pyproject.toml --output-file requirements-dev.lock

# veraPDF on everything in output/; needs Java, and Maven the first time
conformance: ready
	@$(BIN)/python conformance/conformance.py output

# builds beside what people would otherwise use: make bench DATE=2026-12-01, an hour; make bench BENCH=--quick tries it out
bench: ready-tests
	@$(BIN)/python -m benchmarks $(if $(DATE),--date $(DATE)) $(BENCH)
	$(if $(findstring --quick,$(BENCH)),,@$(BIN)/python -m benchmarks.stages)

# two builds at two places, in two environments: the same bytes? REPRODUCE=--all builds everything
reproduce: ready
	@$(BIN)/python -m benchmarks.reproduce $(REPRODUCE)

clean:
	@rm -rf output/* .cache

ready:
	@$(PYTHON) -m handouts.setup

ready-tests:
	@$(PYTHON) -m handouts.setup --tests
