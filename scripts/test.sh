#!/usr/bin/env bash
# The whole test suite: style, then every test target with the programs built, warnings refused.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive Package.swift Sources Tests

log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift build --build-tests --explicit-target-dependency-import-check error 2>&1 | tee "$log"
if grep -E '^/.*/(Sources|Tests)/.*: warning:' "$log"; then
  echo "test: the build has warnings" >&2
  exit 1
fi
# One test after the other: daemons, Prometheus, a browser and a systemd share two cores with limits on time.
exec swift test --skip-build --no-parallel --explicit-target-dependency-import-check error "$@"
