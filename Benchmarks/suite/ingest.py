"""P1 to P4: a CSV file becomes a durable, profiled table."""
import math
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from .daemon import Daemon
from .inputs import NUMERIC, TAXI, TEXT, Input, prepare
from .measure import Sample, Series, interleave, run_peer, run_process, short
from .settings import THREADS, WORK
from .table import Table, megabytes


@dataclass(frozen=True)
class Target:
    whole: float
    load: float
    sqlite: float
    size: float


TARGETS = {
    TAXI: Target(whole=0.25, load=0.5, sqlite=0.12, size=1.2),
    NUMERIC: Target(whole=0.25, load=0.5, sqlite=0.12, size=1.0),
    TEXT: Target(whole=0.45, load=0.5, sqlite=0.3, size=1.2),
}

# Expressions that all three answer alike; an empty cell is NULL in two and '' in a table made by .import.
CHECKS = {
    TAXI: ("count(*)", "sum(PULocationID + 0)", "sum(fare_amount + 0)", "max(total_amount + 0)", "min(tpep_pickup_datetime || '')"),
    NUMERIC: ("count(*)", "sum(id + 0)", "sum(x1 + 0)", "sum(price + 0)", "max(stamp + 0)", "min(x4 + 0)"),
    TEXT: ("count(*)", "sum(rating + 0)", "sum(length(review))", "min(author)", "max(topic)", "min(title)"),
}


class Ingest:
    """One input file in all systems."""

    def __init__(self, daemon: Daemon, file: Input):
        self.daemon = daemon
        self.file = file
        self.sizes: dict[str, int] = {}
        self.load = Series()

    def path(self, kind: str) -> Path:
        return WORK / f"{self.file.name}.{kind}"

    def fresh(self, kind: str) -> Path:
        for old in WORK.glob(f"{self.file.name}.{kind}*"):
            old.unlink()
        return self.path(kind)

    def csvand(self) -> Sample:
        return self.upload(profile=True)

    def csvand_load(self) -> Sample:
        return self.upload(profile=False)

    def upload(self, profile: bool) -> Sample:
        before = self.daemon.state_bytes()
        sample, _ = self.daemon.upload(self.file.path, self.file.name, profile=profile)
        self.sizes["csvand"] = self.daemon.state_bytes() - before
        self.daemon.drop(self.file.name)
        return sample

    def duckdb(self) -> Sample:
        database = self.fresh("duckdb")
        figures, process = run_peer("duckdb-load", self.file.path, database, THREADS)
        self.sizes["duckdb"] = database.stat().st_size
        self.load.add(Sample(**figures["load"], other=process.other))
        return Sample(**figures["whole"], other=process.other)

    def sqlite_import(self) -> Sample:
        database = self.fresh("import")
        sample, _ = run_process(["sqlite3", database, f".import --csv {self.file.path} t"])
        self.sizes["sqlite3"] = database.stat().st_size
        return sample

    def sqlite_utils(self) -> Sample:
        database = self.fresh("utils")
        sample, _ = run_process([
            Path(sys.executable).parent / "sqlite-utils", "insert", database, "t", self.file.tenth, "--csv", "--detect-types", "--silent"
        ])
        return sample

    def check(self) -> None:
        """Raises unless all systems say the same about what they loaded."""
        expressions = CHECKS[self.file]
        self.daemon.upload(self.file.path, self.file.name)
        ours = self.daemon.sql(f"SELECT {', '.join(expressions)} FROM {self.file.name}")[0]
        self.daemon.drop(self.file.name)
        self.duckdb()
        self.load = Series()
        with duckdb.connect(str(self.path("duckdb")), read_only=True) as session:
            # DuckDB refuses arithmetic on texts and adds no number to times, which none of these are.
            peer = session.execute(f"SELECT {', '.join(expressions)} FROM t").fetchone()
        self.sqlite_import()
        with sqlite3.connect(self.path("import")) as session:
            imported = session.execute(f"SELECT {', '.join(expressions)} FROM t").fetchone()
        for number, expression in enumerate(expressions):
            answers = ours[number], peer[number], imported[number]
            if not all(same(answers[0], answer) for answer in answers[1:]):
                raise RuntimeError(f"{self.file.name}: {expression} is {answers} in csvand, DuckDB and sqlite3")


def same(one: object, other: object) -> bool:
    """Equal, or equal as numbers but for rounding; times are compared without their separator."""
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-6)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(one).replace("T", " ").rstrip("Z") == str(other).replace("T", " ")


def run(table: Table) -> None:
    files = [TAXI, NUMERIC, TEXT]
    prepare(*files)
    with Daemon() as daemon:
        for file in files:
            measure(table, Ingest(daemon, file))


def measure(table: Table, ingest: Ingest) -> None:
    file, target = ingest.file, TARGETS[ingest.file]
    name = f"{file.name} {megabytes(file.bytes)}"
    print(f"bench: ingest of {name}", file=sys.stderr)
    ingest.check()
    found = interleave({
        "csvand": ingest.csvand, "csvand load": ingest.csvand_load, "DuckDB": ingest.duckdb, "sqlite3 .import": ingest.sqlite_import
    })
    ours, load = found["csvand"], found["csvand load"]
    table.add(f"P1 upload, {name}", ours, "DuckDB load + SUMMARIZE", found["DuckDB"], target.whole)
    table.add(f"P2 load without profile, {file.name}", load, "DuckDB load alone", ingest.load, target.load)
    table.add(f"P3 load without profile, {file.name}", load, "sqlite3 .import", found["sqlite3 .import"], target.sqlite)
    slow = interleave({"sqlite-utils (a tenth)": ingest.sqlite_utils}, rounds=1)["sqlite-utils (a tenth)"]
    table.add(f"P3 load without profile, {file.name}", load, "sqlite-utils, a tenth x 10,", slow.scaled(10), 0.01)
    sizes = ingest.sizes
    ratio = sizes["csvand"] / sizes["duckdb"]
    table.add_value(
        f"P4 size on disk, {file.name}", megabytes(sizes["csvand"]),
        f"DuckDB {megabytes(sizes['duckdb'])} (sqlite3 {megabytes(sizes['sqlite3'])})", ratio, f"<= {target.size:g}", ratio <= target.size)
    rate = file.bytes / ours.wall
    print(f"bench: {name}: {megabytes(rate)} a second, {short(ours.wall)}", file=sys.stderr)
    for kind in ("duckdb", "import", "utils"):
        ingest.fresh(kind)
