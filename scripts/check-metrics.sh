#!/usr/bin/env bash
# Reads metrics from standard input, in the format `openmetrics` or `text`, with Prometheus's Python client, and prints how much it
# found. The client goes into .build-tools.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.build-tools/metrics
if ! "$place/bin/python" -c 'import prometheus_client' 2>/dev/null; then
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check 'prometheus-client==0.21.1' >&2
fi
exec "$place/bin/python" -c '
import importlib, sys
parser = importlib.import_module({"openmetrics": "prometheus_client.openmetrics.parser", "text": "prometheus_client.parser"}[sys.argv[1]])
families = list(parser.text_string_to_metric_families(sys.stdin.read()))
print(f"{len(families)} families, {sum(len(family.samples) for family in families)} samples")
' "$1"
