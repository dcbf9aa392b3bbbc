#!/usr/bin/env bash
# Installs what csvand needs from Debian and says what it does. Arguments name groups: build test demo bench.
set -euo pipefail

declare -A packages=(
  [build]="libsqlite3-dev libcurl4-openssl-dev libsystemd-dev zlib1g-dev libxlsxwriter-dev pkg-config make"
  [demo]="curl jq sqlite3 python3"
  [test]="curl jq sqlite3 strace libfaketime openssl python3 python3-venv libpython3.11-testsuite prometheus prometheus-alertmanager systemd dbus iproute2 util-linux chromium chromium-driver"
  [bench]="sqlite3 wrk nginx-light python3 python3-venv prometheus prometheus-alertmanager"
)

missing=()
for group in "$@"; do
  for package in ${packages[$group]}; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "setup: installing ${missing[*]}"
run=()
[ "$(id -u)" = 0 ] || run=(sudo)
export DEBIAN_FRONTEND=noninteractive
# RUNLEVEL=1: packages with services do not start them.
"${run[@]}" apt-get -qq update
RUNLEVEL=1 "${run[@]}" env RUNLEVEL=1 apt-get -qq -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "${missing[@]}" >/dev/null
