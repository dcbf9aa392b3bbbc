"""P17: trainings end within their budget, use it, stay within their memory, and always give a model."""
import os

from .automl_tables import Case, cases
from .daemon import Daemon
from .table import Table

# BENCH_BUDGETS=2,5 makes it short.
BUDGETS = [float(text) for text in os.environ.get("BENCH_BUDGETS", "2,5,10,20,60").split(",")]
# The smallest budgets cannot be kept to a fiftieth: a fit that cannot stop and the storing of the model take their time.
LEAST_SPARE_SECONDS = 0.3
SPARE_SHARE = 0.02
LEAST_USE = 0.9
MEMORY_BYTES = 1 << 30


def run(table: Table) -> None:
    """The samples, and the tables of BENCH_TABLES."""
    with Daemon(f"training:\n  memory_bytes: {MEMORY_BYTES}\n") as daemon:
        for case in cases():
            daemon.upload(case.file, "table")
            for budget in BUDGETS:
                measure(table, daemon, case, budget)
            daemon.drop("table")


def measure(table: Table, daemon: Daemon, case: Case, budget: float) -> None:
    daemon.reset_peak()
    before = daemon.status_bytes("VmRSS")
    job, seconds = daemon.train({"dataset": "table", "target": case.target, "task": case.task, "budget_seconds": budget})
    grown = daemon.status_bytes("VmHWM") - before
    model = daemon.call("GET", f"/api/v1/models/{job['model']}")
    daemon.call("DELETE", f"/api/v1/models/{job['model']}")
    kept = seconds <= budget + max(LEAST_SPARE_SECONDS, SPARE_SHARE * budget)
    table.add_value(
        f"P17 {case.title}, {budget:g} s", f"{seconds:.2f} s, {job['trials']} trials, {grown / 2**20:.0f} MiB more",
        f"{model['metric']} {model['score']:.4f} {model['learner']}", seconds / budget,
        f"{LEAST_USE} ... {1 + max(LEAST_SPARE_SECONDS / budget, SPARE_SHARE):.2f}",
        kept and seconds >= LEAST_USE * budget and grown <= MEMORY_BYTES)
