"""The tables of P10 and P11, as binary files: made once for a scale."""
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .settings import DATA, SCALE

# Raised whenever a generator changes, so that old files are made anew.
EDITION = 1

# Levels of the categorical columns; the k-th of a column is about as likely as 1 / (k + 10).
LEVELS = (10, 20, 50, 100, 200, 300, 500, 700, 1_000, 1_000)


@dataclass(frozen=True)
class Task:
    """28 features to train on and to test on: rows, features, classes and then the levels of each feature (0 for a number) as UInt32; the
    labels, then the features one after the other, as Float32, little-endian."""

    name: str
    rows: int
    classes: int = 2
    levels: tuple[int, ...] = ()

    @property
    def train(self) -> Path:
        return DATA / f"boosting-{self.name}-train-{EDITION}-{SCALE:g}.bin"

    @property
    def test(self) -> Path:
        return DATA / f"boosting-{self.name}-test-{EDITION}-{SCALE:g}.bin"

    def prepare(self) -> None:
        """Makes the files if they are missing; a fifth as many rows to test on."""
        DATA.mkdir(parents=True, exist_ok=True)
        if self.train.exists() and self.test.exists():
            return
        print(f"bench: making the boosting table {self.name}", file=sys.stderr)
        random = np.random.default_rng(5)
        effects = [random.normal(0, 0.5, count).astype(np.float32) for count in self.levels]
        for path, rows in ((self.train, self.rows), (self.test, self.rows // 5)):
            values = random.standard_normal((rows, 28), dtype=np.float32)
            values[:, 20:] = np.abs(values[:, 20:]) ** 1.5
            score = (
                values[:, 0] * values[:, 1] + np.sin(2 * values[:, 2]) + 0.7 * (values[:, 3] > 0.5) * values[:, 4]
                + 0.5 * values[:, 20] - 0.4 * values[:, 21] * values[:, 5] + 0.3 * values[:, 6] ** 2 - 0.4
            )
            # The categorical columns take the places of numbers that say nothing.
            for place, (count, effect) in enumerate(zip(self.levels, effects), 7):
                codes = np.minimum(10 * ((count + 10) / 10) ** random.random(rows) - 10, count - 1).astype(np.int64)
                values[:, place] = codes
                score += effect[codes]
            part = path.with_suffix(".part")
            with open(part, "wb") as file:
                levels = np.zeros(28, dtype=np.uint32)
                levels[7 : 7 + len(self.levels)] = self.levels
                np.array([rows, 28, self.classes], dtype=np.uint32).tofile(file)
                levels.tofile(file)
                self.labels(values, score, random).tofile(file)
                np.ascontiguousarray(values.T).tofile(file)
            part.rename(path)

    def labels(self, values: np.ndarray, score: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if self.classes == 2:
            return (random.random(len(score)) < 1 / (1 + np.exp(-score))).astype(np.float32)
        # Each class has a direction of its own beside its part of the common score; the noise makes the largest a draw by softmax.
        own = values[:, 7 : 7 + self.classes] + np.cos(np.arange(self.classes)) * score[:, None]
        return np.argmax(own + random.gumbel(size=own.shape), axis=1).astype(np.float32)


NUMBERS = Task("numbers", int(1_000_000 * SCALE))
CATEGORIES = Task("categories", int(1_000_000 * SCALE), levels=LEVELS)
# A round has ten trees: a fifth of the rows takes twice as long.
CLASSES = Task("classes", int(200_000 * SCALE), classes=10)


@dataclass(frozen=True)
class Matrix:
    """A table in memory: rows x features in C order, as the peers like it."""

    values: np.ndarray
    labels: np.ndarray
    classes: int
    categorical: list[int]

    @staticmethod
    def read(path: str | Path) -> "Matrix":
        rows, features, classes = (int(count) for count in np.fromfile(path, dtype=np.uint32, count=3))
        levels = np.fromfile(path, dtype=np.uint32, count=features, offset=12)
        values = np.fromfile(path, dtype=np.float32, offset=12 + 4 * features).reshape(features + 1, rows)
        return Matrix(np.ascontiguousarray(values[1:].T), values[0], classes, np.flatnonzero(levels).tolist())
