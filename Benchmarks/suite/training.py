"""P17: trainings end within their budget, use it, and always give a model."""
import os
import time

from .daemon import Daemon
from .settings import ROOT
from .table import Table

# BENCH_BUDGETS=2,5 makes it short.
BUDGETS = [float(text) for text in os.environ.get("BENCH_BUDGETS", "2,5,10,20,60").split(",")]
SAMPLES = (("adult", "income"), ("adult", "hours_per_week"), ("titanic", "survived"), ("education", "level"))
# The smallest budgets cannot be kept to a fiftieth: a fit that cannot stop and the storing of the model take their time.
LEAST_SPARE_SECONDS = 0.3
SPARE_SHARE = 0.02
LEAST_USE = 0.9


def run(table: Table) -> None:
    with Daemon() as daemon:
        for name in sorted({name for name, _ in SAMPLES}):
            daemon.upload(ROOT / "etc/samples" / f"{name}.csv", name)
        for name, target in SAMPLES:
            for budget in BUDGETS:
                measure(table, daemon, name, target, budget)


def measure(table: Table, daemon: Daemon, name: str, target: str, budget: float) -> None:
    request = {"dataset": name, "target": target, "name": f"{name}_{target}_{budget:g}", "budget_seconds": budget}
    job, seconds = daemon.train(request)
    model = daemon.call("GET", f"/api/v1/models/{job['model']}")
    kept = seconds <= budget + max(LEAST_SPARE_SECONDS, SPARE_SHARE * budget)
    table.add_value(
        f"P17 {name}, {target}, {budget:g} s", f"{seconds:.2f} s, {job['trials']} trials", f"{model['metric']} {model['score']:.4f} {model['learner']}",
        seconds / budget, f"{LEAST_USE} ... {1 + max(LEAST_SPARE_SECONDS / budget, SPARE_SHARE):.2f}", kept and seconds >= LEAST_USE * budget)
