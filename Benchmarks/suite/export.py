"""P15: a dataset as CSV again."""
import csv
import itertools
import subprocess

from .daemon import Daemon
from .ingest import same
from .inputs import TAXI, prepare
from .measure import Clock, Sample, interleave, run_peer
from .settings import THREADS, WORK
from .table import Table


def run(table: Table) -> None:
    prepare(TAXI)
    database, target = WORK / "export.duckdb", WORK / "export.csv"
    database.unlink(missing_ok=True)
    with Daemon() as daemon:
        daemon.upload(TAXI.path, "taxi")
        run_peer("duckdb-load", TAXI.path, database, THREADS)

        def csvand() -> Sample:
            with Clock(daemon.pid) as clock:
                subprocess.run(
                    ["curl", "-sSf", "-o", target, f"{daemon.url}/api/v1/datasets/taxi/export?format=csv&raw=true"], check=True)
            return clock.sample

        def peer() -> Sample:
            figures, process = run_peer("duckdb-export", database, target, THREADS)
            return Sample(figures["wall"], figures["cpu"], other=process.other)

        for export in (csvand, peer):
            export()
            check(target)
        found = interleave({"csvand": csvand, "DuckDB": peer})
    database.unlink()
    target.unlink()
    table.add("P15 export as CSV, taxi", found["csvand"], "DuckDB COPY TO", found["DuckDB"], 1.0)


def check(target) -> None:
    """Raises unless the first rows are those that were uploaded."""
    with open(TAXI.path, newline="", encoding="utf-8") as original, open(target, newline="", encoding="utf-8") as exported:
        for one, other in itertools.islice(itertools.zip_longest(csv.reader(original), csv.reader(exported)), 1_000):
            if one is None or other is None or len(one) != len(other) or not all(map(same, one, other)):
                raise RuntimeError(f"exported {other} for {one}")
