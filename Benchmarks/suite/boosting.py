"""P10 and P11: gradient boosting and its predictions, on tables in memory."""
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from .boosting_inputs import CATEGORIES, CLASSES, NUMBERS, Matrix, Task
from .measure import Sample, Series, build_kernel, interleave, run_peer, run_process
from .settings import THREADS, WORK
from .table import Table

# Largest difference of the areas under the curve that still counts as the same quality.
AUC_TOLERANCE = 0.001


class Race:
    """All learners on one task; keeps how good each one's predictions are."""

    def __init__(self, task: Task) -> None:
        task.prepare()
        self.train, self.test = task.train, task.test
        self.labels, self.classes = Matrix.read(self.test).labels, task.classes
        self.auc: dict[str, float] = {}
        self.log_loss: dict[str, float] = {}
        self.batch: dict[str, Series] = {}
        self.single: dict[str, Series] = {}

    def note(self, name: str, figures: dict, output: Path, process: Sample) -> Sample:
        shares = np.fromfile(output)
        if self.classes > 2:
            shares = shares.reshape(-1, self.classes)
            # Peers predict in single precision.
            shares /= shares.sum(axis=1, keepdims=True)
        self.auc[name] = float(roc_auc_score(self.labels, shares, multi_class="ovr"))
        self.log_loss[name] = float(log_loss(self.labels, shares))
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
    predictions(table, training(table, program, NUMBERS, "boosting"))
    training(table, program, CATEGORIES, "boosting, 10 categorical columns")
    training(table, program, CLASSES, "boosting, 10 classes")


def training(table: Table, program: Path, task: Task, title: str) -> Race:
    race = Race(task)
    found = interleave({
        "csvand": lambda: race.csvand(program),
        "LightGBM": lambda: race.peer("LightGBM", "lightgbm", "0"),
        "LightGBM quantised": lambda: race.peer("LightGBM quantised", "lightgbm", "1"),
        "XGBoost": lambda: race.peer("XGBoost", "xgboost"),
    })
    ours = found.pop("csvand")
    for place, name in enumerate(sorted(found, key=lambda name: found[name].wall)):
        table.add(f"P10 {title}" + (", fastest peer" if place == 0 else ""), ours, name, found[name], 0.6 if place == 0 else None)

    def listed(scores: dict[str, float]) -> str:
        return ", ".join(f"{name} {score:.4f}" for name, score in scores.items() if name != "csvand")

    least = max(race.auc.values()) - AUC_TOLERANCE
    table.add_value(
        f"P10 {title}, area under the curve", f"{race.auc['csvand']:.4f}", listed(race.auc), None, f"best - {AUC_TOLERANCE}",
        race.auc["csvand"] >= least)
    table.add_value(f"P10 {title}, log-loss", f"{race.log_loss['csvand']:.4f}", listed(race.log_loss), None, "-", None)
    return race


def predictions(table: Table, race: Race) -> None:
    quickest = min((name for name in race.batch if name.startswith("LightGBM")), key=lambda name: race.batch[name].wall)
    table.add("P11 batch prediction", race.batch["csvand"], quickest, race.batch[quickest], 0.25)
    figures, process = run_peer("sklearn-single", race.train, race.test)
    table.add("P11 single prediction", race.single["csvand"], "scikit-learn", Series([Sample(figures["single_seconds"], other=process.other)]), 0.02)
