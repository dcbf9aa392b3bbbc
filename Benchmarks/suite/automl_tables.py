"""Tables of P12, how their rows are divided, and how predictions of the rows held back are judged."""
import csv
import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from .settings import ROOT, WORK

SAMPLES = (
    ("titanic", "survived", "binary"), ("adult", "income", "binary"), ("titanic", "class", "multiclass"), ("adult", "hours_per_week", "regression"))
# The first of them is what a system is told to make good, and ranks it.
METRICS = {"binary": ("roc_auc", "log_loss"), "multiclass": ("log_loss",), "regression": ("rmse",)}
MASK = 2**64 - 1


def splitmix64(value: int) -> int:
    """The first output of the generator for a seed. Source: Steele, Lea, Flood, OOPSLA 2014."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def is_test_row(index: int, seed: int) -> bool:
    """Whether a row of the file, counted from 0 without the header, is held back."""
    return splitmix64((seed * 1_000_003 + index) & MASK) % 4 == 0


@dataclass(frozen=True)
class Case:
    """A table and the column to predict."""

    name: str
    file: Path
    target: str
    task: str

    @property
    def title(self) -> str:
        return f"{self.name}, {self.target}"

    @property
    def digest(self) -> str:
        """Says whether a result is of the same bytes."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()[:12]


def cases() -> list[Case]:
    """The bundled samples, then the tables of BENCH_TABLES; BENCH_TABLE_NAMES picks some of them by name."""
    found = [Case(name, ROOT / "etc/samples" / f"{name}.csv", target, task) for name, target, task in SAMPLES]
    if folder := os.environ.get("BENCH_TABLES"):
        with open(Path(folder) / "manifest.csv", newline="", encoding="utf-8") as file:
            found += [Case(row["name"], Path(folder) / f"{row['name']}.csv", row["target"], row["task"]) for row in csv.DictReader(file)]
    for case in found:
        if case.task not in METRICS:
            sys.exit(f"bench: {case.title} has the task {case.task}; known are {' '.join(METRICS)}")
    if names := os.environ.get("BENCH_TABLE_NAMES"):
        found = [case for case in found if case.name in names.split(",")]
    # A sample may be in the directory again.
    return list({(case.digest, case.target): case for case in found}.values())


class Split:
    """Both parts of a table as files: rows to train on, and rows to predict, without the target. Rows without a target are in neither."""

    def __init__(self, case: Case, seed: int):
        self.case, self.seed = case, seed
        self.train, self.test = WORK / f"{case.name}-{case.target}-train.csv", WORK / f"{case.name}-{case.target}-test.csv"
        WORK.mkdir(parents=True, exist_ok=True)
        self.truth: list[str] = []
        with (
            open(case.file, newline="", encoding="utf-8") as whole, open(self.train, "w", newline="", encoding="utf-8") as train,
            open(self.test, "w", newline="", encoding="utf-8") as test,
        ):
            rows = csv.reader(whole)
            header = next(rows)
            place = header.index(case.target)
            trained, tested = csv.writer(train), csv.writer(test)
            trained.writerow(header)
            tested.writerow(header[:place] + header[place + 1 :])
            for index, row in enumerate(rows):
                if not row[place]:
                    continue
                if is_test_row(index, seed):
                    self.truth.append(row[place])
                    tested.writerow(row[:place] + row[place + 1 :])
                else:
                    trained.writerow(row)

    def scores(self, values: np.ndarray, classes: list[str]) -> dict[str, float]:
        """Judges one number a row of a regression, otherwise probabilities `rows x classes`."""
        if len(values) != len(self.truth):
            raise RuntimeError(f"{len(values)} predictions came for {len(self.truth)} rows")
        if not np.isfinite(values).all():
            raise RuntimeError("a prediction is not finite")
        if self.case.task == "regression":
            return {"rmse": float(np.sqrt(np.mean((values - np.array(self.truth, dtype=float)) ** 2)))}
        names = sorted({plain(text) for text in (*self.truth, *classes)})
        places = {name: place for place, name in enumerate(names)}
        # A class that only the rows held back have was given no probability.
        shares = np.zeros((len(values), len(names)))
        for column, text in enumerate(classes):
            shares[:, places[plain(text)]] += values[:, column]
        shares = np.clip(shares, 1e-15, 1)
        shares /= shares.sum(axis=1, keepdims=True)
        codes = np.array([places[plain(text)] for text in self.truth])
        found = {"log_loss": float(-np.mean(np.log(shares[np.arange(len(codes)), codes])))}
        return {"roc_auc": float(roc_auc_score(codes == 1, shares[:, 1])), **found} if self.case.task == "binary" else found


def plain(text: str) -> str:
    """A class label without what a reader of CSV may change of it: 1.0 is 1, True is true."""
    try:
        number = float(text)
    except ValueError:
        return text.strip().lower()
    return repr(number)


def loss(metric: str, score: float) -> float:
    """Less is better, 0 is best."""
    return 1 - score if metric == "roc_auc" else score


def shortfall(metric: str, ours: float, theirs: float) -> float:
    """By which share of their score ours is worse; negative where it is better."""
    return (theirs - ours) / theirs if metric == "roc_auc" else (ours - theirs) / theirs
