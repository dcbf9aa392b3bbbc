#!/usr/bin/env bash
# Checks the files of grafana/ and prints every query in them, one a line. The library with Grafana's types goes into .build-tools.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.build-tools/grafana
if [ ! -x "$place/bin/python" ] || ! "$place/bin/python" -c 'import grafana_foundation_sdk, yaml' 2>/dev/null; then
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check 'grafana-foundation-sdk==1769699998!10.1.0' PyYAML >&2
fi
exec "$place/bin/python" scripts/check-grafana.py
