# Every target sets up what it needs. `make demo` and `make test` are all that a new machine takes.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

SWIFT ?= swift
RELEASE := -c release --static-swift-stdlib
PREFIX ?= /usr
DESTDIR ?=

.PHONY: build release demo run test soak bench fuzz lint format docs install clean setup-build

setup-build:
	@scripts/setup-debian.sh build

build: setup-build
	$(SWIFT) build

release: setup-build
	$(SWIFT) build $(RELEASE) --product csvand
	$(SWIFT) build $(RELEASE) --product csvctl

demo: release
	@scripts/setup-debian.sh demo
	@scripts/demo.sh

run: release
	@mkdir -p var
	.build/release/csvand --config etc/development.yaml --state-dir var/state --socket var/csvand.sock

test: setup-build
	@scripts/setup-debian.sh test
	@scripts/test.sh

# What takes longer than a test should, with new random seeds, which are printed.
soak: setup-build
	@scripts/setup-debian.sh test
	$(SWIFT) build --build-tests
	PROMQL_SEED=$${PROMQL_SEED:-$$RANDOM$$RANDOM} PROMQL_EXPRESSIONS=10000 $(SWIFT) test --skip-build --filter PromQLRandomTests
	CSVAND_SOAK=1 $(SWIFT) test --skip-build --no-parallel --filter 'NotificationKillTests|TrainingKillTests'

bench: release
	@scripts/setup-debian.sh bench
	@Benchmarks/run

fuzz: setup-build
	@Fuzz/run

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

docs:
	$(SWIFT) test --filter ArchitectureTests

install: release
	install -D -m 0755 .build/release/csvand $(DESTDIR)$(PREFIX)/bin/csvand
	install -D -m 0755 .build/release/csvctl $(DESTDIR)$(PREFIX)/bin/csvctl
	install -D -m 0644 systemd/csvand.service $(DESTDIR)/lib/systemd/system/csvand.service
	install -D -m 0644 systemd/csvand.socket $(DESTDIR)/lib/systemd/system/csvand.socket
	install -D -m 0644 systemd/csvand-control.socket $(DESTDIR)/lib/systemd/system/csvand-control.socket
	install -D -m 0644 -t $(DESTDIR)/lib/systemd/system systemd/csvand-failure@.service systemd/csvand-drill.service systemd/csvand-drill.timer
	install -D -m 0644 systemd/csvand.sysusers $(DESTDIR)/usr/lib/sysusers.d/csvand.conf
	install -D -m 0644 systemd/csvand.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/csvand.conf
	install -D -m 0644 etc/csvand.yaml $(DESTDIR)/etc/csvand/csvand.yaml
	install -D -m 0644 etc/alerts.yaml $(DESTDIR)/etc/csvand/alerts.yaml

clean:
	$(SWIFT) package clean
