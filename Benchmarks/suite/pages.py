"""P8 and P9: answers a second under 64 connections, by wrk: pages of rows against Datasette, metrics against nginx with the same bytes."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .alerting import free_port
from .daemon import Daemon
from .ingest import same
from .inputs import TAXI, prepare
from .settings import ROUNDS, WORK
from .table import Table

SECONDS = 5
OURS = "/api/v1/datasets/taxi/rows?limit=100&offset=%d"
THEIRS = "/pages/taxi.json?_size=100&_nocount=1&_nofacet=1&_shape=arrays&_next=%d"
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass
class Load:
    """What wrk saw."""

    rate: float
    median: float
    p99: float
    errors: int


def wrk(url: str, script: Path | None = None) -> Load:
    arguments = ["wrk", "-t", "2", "-c", "64", "-d", f"{SECONDS}s", "--timeout", "30s", "--latency"]
    arguments += ["-s", str(script)] if script else []
    text = subprocess.run([*arguments, url], capture_output=True, text=True, check=True).stdout

    def latency(share: str) -> float:
        number, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
        return float(number) * UNITS[unit]

    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate
    return Load(float(rate.group(1)), latency("50"), latency("99"), int(errors.group(1)) if errors else 0)


def best_middle(loads: list[Load]) -> Load:
    """The medians of several runs."""
    if any(load.errors for load in loads):
        raise RuntimeError(f"{max(load.errors for load in loads)} answers under load were errors")
    middle = len(loads) // 2

    def median(pick):
        return sorted(map(pick, loads))[middle]

    return Load(median(lambda l: l.rate), median(lambda l: l.median), median(lambda l: l.p99), 0)


def wait_for(url: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def check(*urls: str) -> None:
    """Raises unless both answer with the same hundred rows."""
    answers = []
    for url in urls:
        with urllib.request.urlopen(url) as reply:
            answers.append(json.load(reply)["rows"])
    # Zones and fares: numbers on both sides, though Datasette's are texts.
    places = 7, 8, 10
    if not len(answers[0]) == len(answers[1]) == 100 or not all(
        same(one[place], other[-18 + place]) for one, other in zip(*answers) for place in places
    ):
        raise RuntimeError(f"the pages differ: {answers[0][:1]}, {answers[1][:1]}")


def random_pages(path: Path, pattern: str) -> Path:
    """A script for wrk: the path with a number below the count of rows in place of %d."""
    path.write_text(
        "math.randomseed(1)\n"
        f'request = function() return wrk.format("GET", string.format("{pattern}", math.random(0, {TAXI.rows - 200}))) end\n')
    return path


def run(table: Table) -> None:
    prepare(TAXI)
    rounds = max(3, ROUNDS)
    with Daemon() as daemon:
        daemon.upload(TAXI.path, "taxi")
        metrics(table, daemon, rounds)
        pages(table, daemon, rounds)


def pages(table: Table, daemon: Daemon, rounds: int) -> None:
    database = WORK / "pages.db"
    database.unlink(missing_ok=True)
    subprocess.run(["sqlite3", database, f".import --csv {TAXI.path} taxi"], check=True)
    with sqlite3.connect(database) as session:
        session.execute("PRAGMA journal_mode = WAL")
    port = free_port()
    server = subprocess.Popen(
        [Path(sys.executable).parent / "datasette", "serve", database, "--port", str(port)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/pages/taxi.json?_size=1")
        check(daemon.url + OURS % 1000, f"http://127.0.0.1:{port}" + THEIRS % 1000)
        ours, theirs = random_pages(WORK / "csvand.lua", OURS), random_pages(WORK / "datasette.lua", THEIRS)
        loads: tuple[list[Load], list[Load]] = ([], [])
        for _ in range(rounds):
            loads[0].append(wrk(daemon.url, ours))
            loads[1].append(wrk(f"http://127.0.0.1:{port}", theirs))
            print(f"bench:   pages a second: csvand {loads[0][-1].rate:.0f}, Datasette {loads[1][-1].rate:.0f}", file=sys.stderr)
    finally:
        server.terminate()
        server.wait()
        database.unlink()
    mine, other = best_middle(loads[0]), best_middle(loads[1])
    for name, one, two in (("p50", mine.median, other.median), ("p99", mine.p99, other.p99)):
        table.add_value(
            f"P8 page of 100 rows, {name}", f"{one * 1e3:.1f} ms ({mine.rate:.0f}/s)", f"Datasette {two * 1e3:.0f} ms ({other.rate:.0f}/s)",
            one / two, "<= 0.03", one / two <= 0.03)


def metrics(table: Table, daemon: Daemon, rounds: int) -> None:
    with urllib.request.urlopen(f"{daemon.url}/metrics") as reply:
        text = reply.read()
    directory = Path(tempfile.mkdtemp(prefix="nginx-", dir=WORK))
    # The workers of a master that root started are another user's.
    for path in (directory, *directory.parents):
        if path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o011)
        if path == WORK.parents[1]:
            break
    (directory / "metrics").write_bytes(text)
    (directory / "metrics").chmod(0o644)
    port = free_port()
    (directory / "nginx.conf").write_text(
        f"""
daemon off; pid {directory}/pid; error_log {directory}/error.log; worker_processes 2;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 100000000; default_type text/plain; open_file_cache max=10;
  server {{ listen 127.0.0.1:{port}; root {directory}; }} }}
""")
    server = subprocess.Popen(["nginx", "-c", directory / "nginx.conf", "-p", directory], stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/metrics")
        loads: tuple[list[Load], list[Load]] = ([], [])
        for _ in range(rounds):
            loads[0].append(wrk(f"{daemon.url}/metrics"))
            loads[1].append(wrk(f"http://127.0.0.1:{port}/metrics"))
            print(f"bench:   metrics a second: csvand {loads[0][-1].rate:.0f}, nginx {loads[1][-1].rate:.0f}", file=sys.stderr)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(directory)
    mine, other = best_middle(loads[0]), best_middle(loads[1])
    series = sum(1 for line in text.splitlines() if line and not line.startswith(b"#"))
    ratio = mine.rate / other.rate
    table.add_value(
        f"P9 /metrics, {series} series, {len(text) / 1024:.0f} KiB: answers a second", f"{mine.rate:.0f}/s, p99 {mine.p99 * 1e3:.1f} ms",
        f"nginx {other.rate:.0f}/s, p99 {other.p99 * 1e3:.1f} ms", ratio, ">= 0.35", ratio >= 0.35)
