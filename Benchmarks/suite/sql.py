"""P6 and P7: SQL over REST against the same data in a plain SQLite table and in DuckDB, both in process."""
import math
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable

import duckdb

from .daemon import Daemon
from .ingest import same
from .inputs import LACKING, TAXI, TEXT, ZONES, prepare
from .measure import Clock, Sample, interleave, short
from .settings import THREADS, WORK
from .table import Table

# Case, text, and the target against DuckDB.
QUERIES = [
    ("count", "SELECT count(*) FROM taxi", 1.0),
    ("filtered average", "SELECT avg(tip_amount), count(*) FROM taxi WHERE trip_distance > 3 AND payment_type = 1", 1.0),
    # The flag itself is not asked for: csvand reads Y and N as a boolean.
    ("group by flag", "SELECT count(*), sum(fare_amount) FROM taxi GROUP BY store_and_fwd_flag ORDER BY 1", 1.0),
    ("group by text", "SELECT topic, count(*), avg(rating) FROM reviews GROUP BY topic ORDER BY topic", 1.0),
    (
        "group by number",
        "SELECT payment_type, count(*), avg(total_amount), max(tip_amount) FROM taxi GROUP BY payment_type ORDER BY 1",
        1.0,
    ),
    (
        "order by limit",
        "SELECT total_amount, trip_distance, PULocationID FROM taxi ORDER BY total_amount DESC, trip_distance DESC, PULocationID LIMIT 20",
        5.0,
    ),
    (
        "join",
        "SELECT z.Borough, count(*), avg(t.fare_amount) FROM taxi t JOIN zones z ON z.LocationID = t.PULocationID "
        "GROUP BY z.Borough ORDER BY 1",
        5.0,
    ),
]

# Queries shorter than this are repeated within a round: processor time is counted in hundredths of a second.
LEAST_SECONDS = 0.4

TYPES = {
    "VendorID": "INTEGER", "tpep_pickup_datetime": "TEXT", "tpep_dropoff_datetime": "TEXT", "store_and_fwd_flag": "TEXT",
    "PULocationID": "INTEGER", "DOLocationID": "INTEGER", "payment_type": "INTEGER", "LocationID": "INTEGER", "Borough": "TEXT", "Zone": "TEXT",
    "id": "INTEGER", "author": "TEXT", "topic": "TEXT", "rating": "INTEGER", "posted": "TEXT", "title": "TEXT", "review": "TEXT",
}

# The tables of the queries; of the texts a tenth.
FILES = {"taxi": TAXI.path, "zones": ZONES.path, "reviews": TEXT.tenth}


def run(table: Table) -> None:
    prepare(TAXI, ZONES, TEXT)
    with Daemon("sql:\n  timeout_seconds: 600\n") as daemon:
        for name, file in FILES.items():
            daemon.upload(file, name)
        plain, columns = plain_tables(), columnar_tables()
        ratios = [measure(table, daemon, plain, columns, *query) for query in QUERIES]
        plain.close()
        columns.close()
    middle, worst = statistics.median(ratios), max(ratios)
    table.add_value(
        "P6 median of the queries, and worst", "", "plain SQLite table", middle, f"<= 0.5, none above 1 (worst {worst:.2f})", middle <= 0.5 and worst <= 1)


def plain_tables() -> sqlite3.Connection:
    """Tables with declared types, filled by .import, empty cells as NULL."""
    path = WORK / "plain.sqlite"
    path.unlink(missing_ok=True)
    script = ["PRAGMA synchronous = OFF;"]
    for table, file in FILES.items():
        with open(file, encoding="utf-8") as lines:
            names = lines.readline().strip().split(",")
        declared = ", ".join(f"{name} {TYPES.get(name, 'REAL')}" for name in names)
        script += [f"CREATE TABLE {table} ({declared});", f".import --csv --skip 1 {file} {table}"]
    empties = ", ".join(f"{name} = NULL" for name in LACKING)
    script.append(f"UPDATE taxi SET {empties} WHERE passenger_count = '';")
    script.append("VACUUM;")
    subprocess.run(["sqlite3", path], input="\n".join(script), text=True, check=True)
    return sqlite3.connect(path)


def columnar_tables() -> duckdb.DuckDBPyConnection:
    path = WORK / "columns.duckdb"
    path.unlink(missing_ok=True)
    session = duckdb.connect(str(path), config={"threads": THREADS})
    for table, file in FILES.items():
        session.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv(?)", [str(file)])
    session.execute("CHECKPOINT")
    return session


def measure(
    table: Table, daemon: Daemon, plain: sqlite3.Connection, columns: duckdb.DuckDBPyConnection, name: str, text: str, target: float
) -> float:
    print(f"bench: query {name}", file=sys.stderr)
    sides: dict[str, tuple[Callable[[], list], int | None]] = {
        "csvand": (lambda: daemon.sql(text), daemon.pid),
        "SQLite": (lambda: plain.execute(text).fetchall(), None),
        "DuckDB": (lambda: columns.execute(text).fetchall(), None),
    }
    answers = {side: ask() for side, (ask, _) in sides.items()}
    for side in ("SQLite", "DuckDB"):
        check(name, answers["csvand"], side, answers[side])
    found = interleave({side: lambda side=side: timed(*sides[side]) for side in sides})
    ratio = table.add(f"P6 {name}", found["csvand"], "plain SQLite table", found["SQLite"], 1.0)
    table.add(f"P7 {name}", found["csvand"], "DuckDB", found["DuckDB"], target)
    return ratio


def timed(ask: Callable[[], list], pid: int | None) -> Sample:
    """One answer; the mean of several when they are quick."""
    with Clock(pid) as first:
        ask()
    count = min(200, math.ceil(LEAST_SECONDS / max(1e-6, first.sample.wall)))
    if count <= 1:
        return first.sample
    with Clock(pid) as clock:
        for _ in range(count):
            ask()
    sample = clock.sample
    return Sample(sample.wall / count, None if sample.cpu is None else sample.cpu / count, None, sample.other)


def check(name: str, ours: list, side: str, theirs: list) -> None:
    """Raises unless the answers agree, row by row."""
    if len(ours) == len(theirs) and all(
        len(mine) == len(other) and all(same(value, peer) for value, peer in zip(mine, other)) for mine, other in zip(ours, theirs)
    ):
        return
    raise RuntimeError(f"query {name}: csvand answers {short_text(ours)}, {side} {short_text(theirs)}")


def short_text(rows: list) -> str:
    return str(rows)[:400]
