"""The result: one table, on standard output and as Markdown and JSON under .build-tools/bench-results."""
import json
import os
import platform
import time
from dataclasses import asdict, dataclass

from .measure import Series, share
from .settings import RESULTS, ROUNDS, SCALE


@dataclass
class Row:
    case: str
    csvand: str
    peer: str
    ratio: str
    target: str
    reached: str
    other: str


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, case: str, ours: Series, peer: str, theirs: Series, target: float | None) -> float:
        """A row of times; reached when wall and CPU time both are."""
        wall = ours.wall / theirs.wall
        ratios = [wall]
        text = f"{wall:.2f}" if wall >= 0.1 else f"{wall:.3f}"
        if ours.cpu is not None and theirs.cpu:
            ratios.append(ours.cpu / theirs.cpu)
            text += f", CPU {ratios[1]:.2f}" if ratios[1] >= 0.1 else f", CPU {ratios[1]:.3f}"
        if target is None:
            reached = "-"
        else:
            met = [ratio <= target for ratio in ratios]
            reached = "yes" if all(met) else "no" if not any(met) else "wall only" if met[0] else "CPU only"
        self.append(
            Row(case, ours.text(), f"{peer} {theirs.text()}", text, "-" if target is None else f"<= {target:g}", reached,
                share(max((known for known in (ours.other, theirs.other) if known is not None), default=None))))
        return wall

    def add_value(self, case: str, ours: str, peer: str, ratio: float | None, target: str, reached: bool | None) -> None:
        text = "-" if ratio is None else f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}"
        self.append(Row(case, ours, peer, text, target, "-" if reached is None else "yes" if reached else "no", "-"))

    def append(self, row: Row) -> None:
        self.rows.append(row)
        print(f"{row.case} | {row.csvand} | {row.peer} | {row.ratio} | {row.target} | {row.reached}", flush=True)

    def finish(self) -> None:
        heads = ["case", "csvand", "peer", "ratio", "target", "reached", "other CPU"]
        cells = [heads, *([str(value) for value in asdict(row).values()] for row in self.rows)]
        widths = [max(len(line[index]) for line in cells) for index in range(len(heads))]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        title = (
            f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, {platform.machine()}, scale {SCALE:g}, "
            f"median of {ROUNDS} rounds (least-most)")
        text = title + "\n\n" + "\n".join(lines) + "\n"
        print("\n" + text)
        RESULTS.mkdir(parents=True, exist_ok=True)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        (RESULTS / f"{stamp}.md").write_text(text)
        (RESULTS / f"{stamp}.json").write_text(json.dumps([asdict(row) for row in self.rows], indent=1))


def megabytes(count: float) -> str:
    return f"{count / 1e6:.1f} MB"


def mebibytes(count: float) -> str:
    return f"{count / 2**20:.1f} MiB"
