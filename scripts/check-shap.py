"""Prints a line of JSON for each model of a file: its name, and the greatest difference of a contribution from that of shap's TreeExplainer.

A model has `trees` (arrays by node, as shap takes them), `base`, `rows` (null for a missing value) and `contributions`: for each row and output the
contribution of every feature, then the expected value."""
import json
import sys

import numpy as np
import shap

with open(sys.argv[1], encoding="utf-8") as file:
    models = json.load(file)
for model in models:
    trees = [{key: np.array(values) for key, values in tree.items()} for tree in model["trees"]]
    for tree in trees:
        tree["values"] = tree["values"].astype(float)
    explainer = shap.TreeExplainer(
        {"trees": trees, "base_offset": np.array(model["base"]), "internal_dtype": np.float64, "input_dtype": np.float64},
        feature_perturbation="tree_path_dependent")
    rows = np.array([[np.nan if value is None else value for value in row] for row in model["rows"]])
    ours = np.array(model["contributions"])
    theirs = np.asarray(explainer.shap_values(rows, check_additivity=False))
    if theirs.ndim == 2:
        theirs = theirs[:, :, None]
    theirs = np.moveaxis(theirs, 2, 1)
    expected = np.broadcast_to(np.atleast_1d(explainer.expected_value), ours.shape[:2])[:, :, None]
    difference = np.abs(np.concatenate([theirs, expected], axis=2) - ours)
    print(json.dumps({"name": model["name"], "difference": float(difference.max()), "largest": float(np.abs(theirs).max())}))
