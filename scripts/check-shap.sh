#!/usr/bin/env bash
# Compares contributions of tree models with those of the shap package: check-shap.sh FILE. The libraries go into .build-tools.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.build-tools/shap
if [ ! -x "$place/bin/python" ] || ! "$place/bin/python" -c 'import shap' 2>/dev/null; then
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check 'shap>=0.46,<1' >&2
fi
exec "$place/bin/python" scripts/check-shap.py "$@"
