#!/usr/bin/env bash
# Runs the ONNX files of a folder in onnxruntime and prints how far each is from what is expected. The libraries go into .build-tools.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.build-tools/onnx
if [ ! -x "$place/bin/python" ] || ! "$place/bin/python" -c 'import onnx, onnxruntime' 2>/dev/null; then
  python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check 'onnx>=1.17,<2' 'onnxruntime>=1.23,<2' >&2
fi
exec "$place/bin/python" scripts/check-onnx.py "$@"
