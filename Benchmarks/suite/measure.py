"""Times and ratios: interleaved rounds, medians, wall and CPU time, and what else the machine did meanwhile."""
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .settings import ROOT, ROUNDS, TOOLS

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Sample:
    """One measurement; `cpu` is user and system time of the measured program alone."""

    wall: float
    cpu: float | None = None
    rss: int | None = None
    # Share of all processors that was used by neither the measured program nor the harness; None where nobody looked.
    other: float | None = None


@dataclass
class Series:
    samples: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        self.samples.append(sample)

    @property
    def wall(self) -> float:
        return statistics.median(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float | None:
        known = [sample.cpu for sample in self.samples if sample.cpu is not None]
        return statistics.median(known) if known else None

    @property
    def spread(self) -> str:
        walls = [sample.wall for sample in self.samples]
        return f"{short(min(walls))}-{short(max(walls))}"

    @property
    def other(self) -> float | None:
        known = [sample.other for sample in self.samples if sample.other is not None]
        return statistics.median(known) if known else None

    def scaled(self, factor: float) -> "Series":
        return Series([
            Sample(s.wall * factor, None if s.cpu is None else s.cpu * factor, s.rss, s.other) for s in self.samples
        ])

    def text(self) -> str:
        cpu = "" if self.cpu is None else f", CPU {short(self.cpu)}"
        return f"{short(self.wall)} ({self.spread}){cpu}"


def short(seconds: float) -> str:
    """Seconds with three digits."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} us"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def share(value: float | None) -> str:
    """A share of the processors; a dash where nobody looked."""
    return "-" if value is None else f"{value:.0%}"


def processor_seconds() -> float:
    """What all processors have worked since the start of the machine."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK


def process_seconds(pid: int) -> float:
    """User and system time of a process, ended threads included."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def own_seconds() -> float:
    """User and system time of the harness and its ended children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Clock:
    """Measures what a running process does; without one, what the harness does itself."""

    def __init__(self, pid: int | None = None):
        self.pid = pid

    def __enter__(self) -> "Clock":
        self.begin = self.read()
        self.start = time.monotonic()
        return self

    def __exit__(self, *_) -> None:
        wall = time.monotonic() - self.start
        busy, process, own = (now - then for now, then in zip(self.read(), self.begin))
        other = max(0.0, busy - process - own) / (wall * (os.cpu_count() or 1)) if wall > 0 else 0.0
        self.sample = Sample(wall, process if self.pid else own, None, min(1.0, other))

    def read(self) -> tuple[float, float, float]:
        return processor_seconds(), process_seconds(self.pid) if self.pid else 0.0, own_seconds()


def run_process(arguments: list, **options) -> tuple[Sample, str]:
    """Runs a program to its end: its times, its peak memory and what it printed."""
    begin, start = processor_seconds(), time.monotonic()
    process = subprocess.Popen([str(argument) for argument in arguments], stdout=subprocess.PIPE, text=True, **options)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{arguments[0]} ended with status {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    other = max(0.0, processor_seconds() - begin - cpu) / (wall * (os.cpu_count() or 1))
    return Sample(wall, cpu, usage.ru_maxrss * 1024, min(1.0, other)), text


def run_peer(*arguments) -> tuple[dict, Sample]:
    """Runs a command of `suite.peers` in a process of its own and returns what it reports, and the whole process's figures."""
    sample, text = run_process([sys.executable, "-m", "suite.peers", *arguments])
    return json.loads(text.splitlines()[-1]), sample


def interleave(sides: dict[str, Callable[[], Sample]], rounds: int = ROUNDS) -> dict[str, Series]:
    """A B A B ...: each side once a round."""
    series = {name: Series() for name in sides}
    for number in range(rounds):
        for name, measure in sides.items():
            sample = measure()
            series[name].add(sample)
            cpu = "" if sample.cpu is None else f" cpu {short(sample.cpu)}"
            print(
                f"bench:   round {number + 1} {name}: {short(sample.wall)}{cpu}, other {share(sample.other)}",
                file=sys.stderr, flush=True)
    return series


def build_kernel(name: str) -> Path:
    """Builds a program of Benchmarks/Sources; the figures are of the same sources as the daemon's."""
    scratch = TOOLS / "bench-swift"
    arguments = ["swift", "build", "-c", "release", "--package-path", ROOT / "Benchmarks", "--scratch-path", scratch, "--product", name]
    subprocess.run([str(argument) for argument in arguments], check=True, stdout=sys.stderr)
    return scratch / "release" / name
