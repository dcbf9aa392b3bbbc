"""P5: peak memory while 2 GB arrive."""
import http.client
import sys

from .daemon import Daemon
from .inputs import TAXI, prepare
from .measure import run_peer
from .settings import SCALE, THREADS, WORK
from .table import Table, mebibytes


def run(table: Table) -> None:
    prepare(TAXI)
    copies = max(1, round(2e9 * SCALE / TAXI.bytes))
    with Daemon() as daemon:
        daemon.reset_peak()
        stream(daemon, copies)
        rows = daemon.sql("SELECT count(*) FROM trips")[0][0]
        ours = daemon.status_bytes("VmHWM")
    if rows != copies * TAXI.rows:
        raise RuntimeError(f"{copies * TAXI.rows} rows were sent, {rows} are there")
    database = WORK / "memory.duckdb"
    database.unlink(missing_ok=True)
    _, process = run_peer("duckdb-load-many", TAXI.path, copies, database, THREADS)
    database.unlink()
    theirs = process.rss or 1
    sent = copies * TAXI.bytes / 1e9
    table.add_value(
        f"P5 peak memory, upload of {sent:.2g} GB", mebibytes(ours), f"DuckDB {mebibytes(theirs)}", ours / theirs, "<= 256 MiB and <= 0.5",
        ours <= 256 << 20 and ours <= theirs / 2)


def stream(daemon: Daemon, copies: int) -> None:
    """Sends the file several times as one body of unknown length, with one header line."""
    def pieces():
        for copy in range(copies):
            with open(TAXI.path, "rb") as file:
                header = file.readline()
                if copy == 0:
                    yield header
                while piece := file.read(1 << 20):
                    yield piece
            print(f"bench:   sent copy {copy + 1} of {copies}", file=sys.stderr)

    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=1200)
    connection.request("POST", "/api/v1/datasets?name=trips", pieces(), {"Content-Type": "text/csv"}, encode_chunked=True)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    if reply.status != 201:
        raise RuntimeError(f"the upload was answered {reply.status}: {text[:500]!r}")
