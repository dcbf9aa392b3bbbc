"""P10 and P11: gradient boosting and its predictions, on one binary task in memory."""
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from .inputs import prepare_boosting
from .measure import Sample, Series, build_kernel, interleave, run_peer, run_process
from .settings import THREADS, WORK
from .table import Table

# Largest difference of the areas under the curve that still counts as the same quality.
AUC_TOLERANCE = 0.001


class Race:
    """All learners on one task; keeps what each predicted."""

    def __init__(self) -> None:
        self.train, self.test = prepare_boosting()
        self.labels = np.fromfile(self.test, dtype=np.float32, offset=8, count=int(np.fromfile(self.test, dtype=np.uint32, count=1)[0]))
        self.auc: dict[str, float] = {}
        self.batch: dict[str, Series] = {}
        self.single: dict[str, Series] = {}

    def note(self, name: str, figures: dict, output: Path, process: Sample) -> Sample:
        self.auc[name] = float(roc_auc_score(self.labels, np.fromfile(output)))
        self.batch.setdefault(name, Series()).add(Sample(figures["predict_seconds"], figures["predict_cpu"], other=process.other))
        self.single.setdefault(name, Series()).add(Sample(figures["single_seconds"], other=process.other))
        return Sample(figures["seconds"], figures["cpu"], other=process.other)

    def csvand(self, program: Path) -> Sample:
        output = WORK / "csvand.predicted"
        process, text = run_process([program, self.train, self.test, output, THREADS])
        return self.note("csvand", json.loads(text), output, process)

    def peer(self, name: str, command: str, *options: str) -> Sample:
        output = WORK / "peer.predicted"
        figures, process = run_peer(command, self.train, self.test, output, THREADS, *options)
        return self.note(name, figures, output, process)


def run(table: Table) -> None:
    program = build_kernel("boosting-bench")
    WORK.mkdir(parents=True, exist_ok=True)
    race = Race()
    found = interleave({
        "csvand": lambda: race.csvand(program),
        "LightGBM": lambda: race.peer("LightGBM", "lightgbm", "0"),
        "LightGBM quantised": lambda: race.peer("LightGBM quantised", "lightgbm", "1"),
        "XGBoost": lambda: race.peer("XGBoost", "xgboost"),
    })
    ours = found["csvand"]
    best = max(auc for name, auc in race.auc.items())
    for name in sorted((name for name in found if name != "csvand"), key=lambda name: found[name].wall):
        fastest = name == min((name for name in found if name != "csvand"), key=lambda name: found[name].wall)
        table.add("P10 boosting" + (", fastest peer" if fastest else ""), ours, name, found[name], 0.6 if fastest else None)
    areas = ", ".join(f"{name} {auc:.4f}" for name, auc in race.auc.items() if name != "csvand")
    table.add_value(
        "P10 area under the curve", f"{race.auc['csvand']:.4f}", areas, None, f"best - {AUC_TOLERANCE}", race.auc["csvand"] >= best - AUC_TOLERANCE)
    quickest = min((name for name in race.batch if name.startswith("LightGBM")), key=lambda name: race.batch[name].wall)
    table.add("P11 batch prediction", race.batch["csvand"], quickest, race.batch[quickest], 0.25)
    figures, process = run_peer("sklearn-single", race.train, race.test)
    table.add("P11 single prediction", race.single["csvand"], "scikit-learn", Series([Sample(figures["single_seconds"], other=process.other)]), 0.02)
