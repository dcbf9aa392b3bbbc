"""P12: what is learnt within a budget, by csvand over REST and by other systems, judged on rows held back."""
import csv
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata, wilcoxon

from .automl_tables import METRICS, Case, Split, cases, loss, shortfall
from .daemon import Daemon
from .settings import BINARIES, RESULTS, ROOT, THREADS, TOOLS, WORK
from .table import Table

BUDGETS = [float(text) for text in os.environ.get("BENCH_AUTOML_BUDGETS", "30,60").split(",")]
SEEDS = [int(text) for text in os.environ.get("BENCH_SEEDS", "1").split(",")]
BUDGETED = {"csvand": "csvand", "flaml": "FLAML", "autogluon": "AutoGluon medium"}
UNBUDGETED = {"lightgbm": "LightGBM", "forest": "random forest", "linear": "linear"}
CHOSEN = os.environ.get("BENCH_SYSTEMS", ",".join((*BUDGETED, *UNBUDGETED))).split(",")
if unknown := set(CHOSEN) - {*BUDGETED, *UNBUDGETED}:
    sys.exit(f"bench: BENCH_SYSTEMS has {' '.join(sorted(unknown))}; known are {' '.join((*BUDGETED, *UNBUDGETED))}")
SYSTEMS = {name: title for name, title in {**BUDGETED, **UNBUDGETED}.items() if name == "csvand" or name in CHOSEN}
# Largest share of LightGBM's score by which csvand may be worse on a table.
MOST_SHORTFALL = 0.01
LOG = RESULTS / "automl.jsonl"


@dataclass
class Outcome:
    scores: dict[str, float]
    seconds: float
    note: str = ""


class Race:
    """Runs what is not in the log yet, so that an interrupted run is taken up again by the same command."""

    def __init__(self) -> None:
        self.daemon: Daemon | None = None
        self.known: dict[str, dict] = {}
        if LOG.exists():
            for line in LOG.read_text().splitlines():
                record = json.loads(line)
                self.known[json.dumps(record["key"])] = record
        requirements = (ROOT / "Benchmarks/requirements-automl.txt").read_bytes()
        # Another program or other versions of the peers are measured anew.
        self.peers = hashlib.sha256(requirements).hexdigest()[:12]
        with open(BINARIES / "csvand", "rb") as file:
            self.program = hashlib.file_digest(file, "sha256").hexdigest()[:12]

    def outcome(self, case: Case, system: str, budget: float, seed: int) -> Outcome | None:
        """None if the system failed; that is tried again next time."""
        spent = budget if system in BUDGETED else 0
        key = [case.digest, case.target, case.task, system, self.program if system == "csvand" else self.peers, spent, seed, THREADS]
        if (text := json.dumps(key)) in self.known:
            record = self.known[text]
            return Outcome(record["scores"], record["seconds"], record["note"])
        print(f"bench:   {case.title}, seed {seed}: {SYSTEMS[system]}" + (f", {budget:g} s" if spent else ""), file=sys.stderr, flush=True)
        split = Split(case, seed)
        try:
            found = self.csvand(split, budget) if system == "csvand" else peer(split, system, budget)
        except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            print(f"bench: {SYSTEMS[system]} failed on {case.title}: {error}", file=sys.stderr)
            return None
        record = {"key": key, "table": case.name, "scores": found.scores, "seconds": found.seconds, "note": found.note}
        RESULTS.mkdir(parents=True, exist_ok=True)
        with open(LOG, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        self.known[text] = record
        return found

    def csvand(self, split: Split, budget: float) -> Outcome:
        if self.daemon is None:
            self.daemon = Daemon(f"training:\n  threads: {THREADS}\n")
            self.daemon.start()
        daemon, case = self.daemon, split.case
        name = "split"
        daemon.upload(split.train, name)
        try:
            request = {
                "dataset": name, "target": case.target, "task": case.task, "metric": METRICS[case.task][0], "budget_seconds": budget,
                "seed": split.seed,
            }
            job, seconds = daemon.train(request)
            model = job["model"]
            learner = daemon.call("GET", f"/api/v1/models/{model}")["learner"]
            values, classes = predictions(f"{daemon.url}/api/v1/models/{model}/predict", split)
            daemon.call("DELETE", f"/api/v1/models/{model}")
        finally:
            daemon.drop(name)
        return Outcome(split.scores(values, classes), seconds, learner)

    def close(self) -> None:
        if self.daemon:
            self.daemon.stop()
            self.daemon.remove()


def predictions(url: str, split: Split) -> tuple[np.ndarray, list[str]]:
    """The answers to a CSV of rows: the columns that it comes back with more."""
    request = urllib.request.Request(url, split.test.read_bytes(), {"Content-Type": "text/csv"}, method="POST")
    with urllib.request.urlopen(request, timeout=600) as reply:
        rows = csv.reader(reply.read().decode().splitlines(keepends=True))
    # Columns of the table that have such names would come before them.
    header = next(rows)
    first = len(header) - header[::-1].index("prediction") - 1
    if split.case.task == "regression":
        return np.array([float(row[first]) for row in rows]), []
    places = [place for place in range(first, len(header)) if header[place].startswith("probability_")]
    values = np.array([[float(row[place]) for place in places] for row in rows])
    return values, [header[place].removeprefix("probability_") for place in places]


def peer(split: Split, system: str, budget: float) -> Outcome:
    output = WORK / "peer.npy"
    arguments = [
        TOOLS / "bench-automl/bin/python", "-m", "suite.automl_peers", system, split.train, split.test, split.case.target, split.case.task, budget,
        split.seed, THREADS, output,
    ]
    # Some of the peers print what they do; their last line is the answer.
    ran = subprocess.run(
        [str(argument) for argument in arguments], capture_output=True, text=True, check=False, timeout=600 + 4 * budget, cwd=WORK)
    if ran.returncode != 0:
        raise RuntimeError(ran.stderr[-1_000:])
    reply = json.loads(ran.stdout.splitlines()[-1])
    return Outcome(split.scores(np.load(output), reply["classes"]), reply["seconds"])


def run(table: Table) -> None:
    race, chosen = Race(), cases()
    try:
        for budget in BUDGETS:
            rounds = {
                (case, seed): {system: race.outcome(case, system, budget, seed) for system in SYSTEMS} for case in chosen for seed in SEEDS
            }
            for case in chosen:
                add_case(table, case, budget, [rounds[case, seed] for seed in SEEDS])
            summarize(table, budget, rounds)
    finally:
        race.close()


def text(case: Case, found: list[Outcome]) -> str:
    scores = ", ".join(f"{name} {np.mean([one.scores[name] for one in found]):.5g}" for name in METRICS[case.task])
    return f"{scores}, {max(one.seconds for one in found):.1f} s"


def add_case(table: Table, case: Case, budget: float, rounds: list[dict[str, Outcome | None]]) -> None:
    """A row for each system: scores as means over the seeds, the longest of the times, and csvand's loss over the system's."""
    title, metric = f"P12 {case.title}, {budget:g} s", METRICS[case.task][0]
    done = {system: [one for round in rounds if (one := round[system]) is not None] for system in SYSTEMS}
    ours = done["csvand"]
    for system, name in SYSTEMS.items():
        theirs = done[system]
        if len(theirs) < len(rounds) or len(ours) < len(rounds):
            table.add_value(title, text(case, ours) if ours else "failed", name + (" failed" if not theirs else ""), None, "-", None)
            continue
        if system == "csvand":
            longest = max(one.seconds for one in ours)
            table.add_value(
                f"{title}, time", f"{longest:.2f} s, {ours[0].note}", "the budget", longest / budget, "<= 1.02", longest <= 1.02 * budget)
            continue
        mean = [float(np.mean([one.scores[metric] for one in found])) for found in (ours, theirs)]
        above = loss(metric, mean[1])
        short = shortfall(metric, mean[0], mean[1])
        target, reached = (f"<= {MOST_SHORTFALL:.0%} worse", short <= MOST_SHORTFALL) if system == "lightgbm" else ("-", None)
        took = f" ({max(one.seconds for one in theirs) / budget:.2f} of the budget)" if system in BUDGETED else ""
        table.add_value(
            title, text(case, ours), f"{name} {text(case, theirs)}{took}", loss(metric, mean[0]) / above if above > 0 else None, target, reached)


def summarize(table: Table, budget: float, rounds: dict[tuple[Case, int], dict[str, Outcome | None]]) -> None:
    """Mean ranks and shares of tables won, and whether the differences from each peer are more than chance."""
    systems = list(SYSTEMS)
    losses = np.array([
        [loss(METRICS[case.task][0], one.scores[METRICS[case.task][0]]) if (one := found[system]) else np.inf for system in systems]
        for (case, _), found in rounds.items()
    ])
    # A system that failed is last.
    ranks = rankdata(losses, axis=1)
    mean, won = ranks.mean(axis=0), (losses == losses.min(axis=1, keepdims=True)).mean(axis=0)
    for place, system in enumerate(systems):
        if system == "csvand":
            continue
        table.add_value(
            f"P12 mean rank of {len(systems)}, {budget:g} s", f"{mean[0]:.2f}, best on {won[0]:.0%}",
            f"{SYSTEMS[system]} {mean[place]:.2f}, best on {won[place]:.0%}{chance(losses[:, 0], losses[:, place])}", mean[0] / mean[place], "< 1",
            bool(mean[0] < mean[place]))
    worst = [
        (shortfall(METRICS[case.task][0], ours.scores[METRICS[case.task][0]], theirs.scores[METRICS[case.task][0]]), case.title)
        for (case, _), found in rounds.items() if (ours := found["csvand"]) and (theirs := found.get("lightgbm"))
    ]
    if worst:
        most, where = max(worst)
        table.add_value(
            f"P12 worst against LightGBM, {budget:g} s", f"{most:+.2%} ({where})", "LightGBM", None, f"<= {MOST_SHORTFALL:.0%}", most <= MOST_SHORTFALL)


def chance(ours: np.ndarray, theirs: np.ndarray) -> str:
    """The probability of so large a difference by chance, by the signed ranks of the paired losses' ratios. Source: Wilcoxon, 1945."""
    both = np.isfinite(ours) & np.isfinite(theirs) & (ours > 0) & (theirs > 0)
    ratios = np.log(ours[both] / theirs[both])
    if np.count_nonzero(ratios) < 5:
        return ""
    return f", p = {wilcoxon(ratios).pvalue:.2g}"
