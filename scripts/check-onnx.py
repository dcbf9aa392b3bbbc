"""Checks every NAME.onnx of a folder and runs it on the inputs of NAME.json, whole and row by row; prints one JSON object a line.

`difference` is the greatest distance from an expected number, relative to numbers above 1; `wrong` counts texts that differ.
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime


def column(values, kind):
    if kind == "tensor(string)":
        return numpy.array(values, dtype=object).reshape(-1, 1)
    return numpy.array([numpy.nan if v is None else v for v in values], dtype=numpy.float64).reshape(-1, 1)


def compare(expected, found):
    """Greatest distance and number of texts that differ."""
    difference, wrong = 0.0, 0
    for name, values in expected.items():
        if values and isinstance(values[0], str):
            wrong += sum(a != b for a, b in zip(values, found[name], strict=True))
            continue
        values = numpy.array(values, dtype=numpy.float64).reshape(found[name].shape)
        distance = numpy.abs(values - found[name]) / numpy.maximum(1, numpy.abs(values))
        difference = max(difference, float("inf") if numpy.isnan(distance).any() else float(distance.max()))
    return difference, wrong


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    case = json.loads(path.with_suffix(".json").read_text())
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    kinds = {i.name: i.type for i in session.get_inputs()}
    inputs = {name: column(values, kinds[name]) for name, values in case["inputs"].items()}
    names = [o.name for o in session.get_outputs()]
    difference, wrong = compare(case["outputs"], dict(zip(names, session.run(names, inputs))))
    for row in range(3):
        one = dict(zip(names, session.run(names, {n: v[row : row + 1] for n, v in inputs.items()})))
        more, wrongs = compare({n: v[row : row + 1] for n, v in case["outputs"].items()}, one)
        difference, wrong = max(difference, more), wrong + wrongs
    about = {entry.key: entry.value for entry in model.metadata_props}
    print(
        json.dumps(
            {
                "name": path.stem, "difference": difference, "wrong": wrong, "bytes": path.stat().st_size,
                "inputs": kinds, "outputs": names, "metadata": about, "model_version": model.model_version,
            }))
