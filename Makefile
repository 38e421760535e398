# Two commands for a fresh machine: `make run` and `make test`. Each installs what is missing, builds, and goes on.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export SWIFT_BACKTRACE = enable=no

PACKAGES := libncursesw5-dev ncurses-term librdkafka-dev libsqlite3-dev libssl-dev zlib1g-dev libsnappy-dev tzdata python3-venv tmux
BUILD := swift build --explicit-target-dependency-import-check error
RELEASE := .build-release
TICKTOP := $(RELEASE)/release/ticktop

.PHONY: help deps run build release test lint prove bench bench-kafka bench-api bench-screen clean

help:
	@echo "make run      the dashboard on the demo market (ARGS=\"--feed binance\" to pass options)"
	@echo "make test     lint, build and run every test (short samples of the long proofs)"
	@echo "make prove    the long proofs in full"
	@echo "make bench    measure against peers, in one run"
	@echo "make release  only build the release binary: $(TICKTOP)"

deps:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q '^install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing:$$missing"; \
	  root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
	  $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq $$missing >/dev/null || exit 1; \
	fi; \
	command -v swift >/dev/null || { echo "ticktop needs Swift 6.3: https://www.swift.org/install/linux/"; exit 1; }

release: deps
	@$(BUILD) -c release --product ticktop --scratch-path $(RELEASE)

run: deps
	@[ -x $(TICKTOP) ] || echo "First build: 8 to 15 minutes on two cores."
	@$(BUILD) -c release --product ticktop --scratch-path $(RELEASE)
	@exec $(TICKTOP) $(ARGS)

.venv/.tests: Tests/requirements.txt
	@python3 -m venv .venv && .venv/bin/pip -q --disable-pip-version-check install -r Tests/requirements.txt && touch $@

.venv/.bench: Benchmarks/requirements.txt
	@python3 -m venv .venv && .venv/bin/pip -q --disable-pip-version-check install -r Benchmarks/requirements.txt && touch $@

lint:
	@swift format lint --strict -r Package.swift Sources Tests Benchmarks

# What only computes, beside the tests that start programs, listen and wait, and out of their way.
COMPUTING := ^(AnalyticsTests|ExportTests|TidyTests)[.]|^EngineTests[.](?!EngineLoop|Partition)|ForestAlarmTests
COMPUTING := $(COMPUTING)|The bytes sent to a terminal|Whatever happens, the screen
COMPUTING := $(COMPUTING)|Decoding (of arbitrary bytes|odd spellings|lines together)|The demo market.s history
COMPUTING := $(COMPUTING)|Trading calendar|API against its own description
# Not `swift test`: two of them at once disturb each other's plan of the build.
TESTS := .build/debug/ticktopPackageTests.xctest --testing-library swift-testing --no-parallel

test: deps .venv/.tests lint
	@$(BUILD) --build-tests
	@nice $(TESTS) --filter '$(COMPUTING)' >.build/tests-computing.txt 2>&1 & computing=$$!; \
	trap 'kill $$computing' INT TERM; \
	$(TESTS) --skip '$(COMPUTING)' 2>&1 | sed -u 's/\x1b\[[0-9;]*m//g' | tee .build/tests.txt; \
	status=$${PIPESTATUS[0]}; \
	wait $$computing || status=$$?; cat .build/tests-computing.txt; cat .build/tests-computing.txt >>.build/tests.txt; \
	if [ $$status != 0 ]; then echo; echo "What failed (all of it in .build/tests.txt):"; \
	  grep -E '✘|Fatal error|unexpected signal' .build/tests.txt | tail -40; fi; \
	echo; grep 'Test run with' .build/tests.txt; exit $$status

# Everything that reads TICKTOP_PROVE, in full, against the release build. TICKTOP_SEED=N repeats a run that failed, and
# ONLY='A burst' is one suite of it: TICKTOP_RATE=100000 TICKTOP_SECONDS=60 make prove ONLY='is received in full'.
PROOFS := PipelineTests|Decoding of arbitrary bytes|Indicators against TA-Lib|independent recomputation|misbehaves
PROOFS := $(PROOFS)|Whatever happens, the screen|API on malformed requests|API against its own description
PROOFS := $(PROOFS)|The hand-over of a partition
ONLY ?= $(PROOFS)

prove: release .venv/.tests
	@$(BUILD) --build-tests
	@TICKTOP_PROVE=1 TICKTOP_BINARY=$(CURDIR)/$(TICKTOP) swift test --skip-build --no-parallel --filter '$(ONLY)'

bench: deps .venv/.bench
	@$(BUILD) -c release --product ticktop-bench --scratch-path $(RELEASE)
	@.venv/bin/python3 Benchmarks/bench.py --program $(RELEASE)/release/ticktop-bench
	@$(MAKE) --no-print-directory bench-api bench-screen

# From a topic to every trade's figures, beside confluent-kafka with the Python loop; a part of `make bench` alone.
bench-kafka: deps .venv/.bench
	@$(BUILD) -c release --product ticktop-bench --scratch-path $(RELEASE)
	@.venv/bin/python3 Benchmarks/bench.py --program $(RELEASE)/release/ticktop-bench --only kafka

# The side port beside a feed of 50 000 events a second.
bench-api: release .venv/.bench
	@command -v wrk >/dev/null || { root=""; [ "$$(id -u)" = 0 ] || root=sudo; $$root apt-get install -y -qq wrk >/dev/null; }
	@$(BUILD) -c release --product ticktop-bare-route --scratch-path $(RELEASE)
	@.venv/bin/python3 Benchmarks/api.py --ticktop $(TICKTOP) --bare $(RELEASE)/release/ticktop-bare-route

# Beside btop and htop where they are installed; about two minutes.
bench-screen: release
	@python3 Benchmarks/screen.py --program $(TICKTOP)

clean:
	rm -rf .build .build-release .venv
