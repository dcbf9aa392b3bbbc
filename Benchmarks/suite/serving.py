"""Answers of a model to single rows over REST, and what a training on all processors costs other requests."""
import csv
import http.client
import json
import time
from collections.abc import Callable

from .daemon import Daemon
from .measure import process_seconds
from .settings import ROOT, THREADS
from .table import Table

ROWS = 5_000
SAMPLE = ROOT / "etc/samples/adult.csv"
TARGET = "income"
LEARNERS = {"single": ["gradient_boosting"], "ensemble": None}
MOST_ROW_SECONDS = 0.001
MOST_HEALTH_SECONDS = 0.05


def run(table: Table) -> None:
    with Daemon(f"training:\n  threads: {THREADS}\n") as daemon:
        daemon.upload(SAMPLE, "adult")
        for name, algorithms in LEARNERS.items():
            request = {"dataset": "adult", "target": TARGET, "name": name, "budget_seconds": 20} | ({"algorithms": algorithms} if algorithms else {})
            job = daemon.call("POST", "/api/v1/models", request)["job"]
            waits = beside(daemon, lambda: daemon.call("GET", f"/api/v1/jobs/{job}")["state"] in ("queued", "running"))
            add(table, f"/healthz during a training, {name}", waits, MOST_HEALTH_SECONDS)
            rows(table, daemon, name)


def add(table: Table, title: str, waits: list[float], most: float, note: str = "") -> None:
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    table.add_value(
        title, f"p50 {p50 * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms, longest {waits[-1] * 1e3:.1f} ms{note}", f"{len(waits)} requests", p99 / most,
        f"p99 < {most * 1e3:g} ms", p99 < most)


def beside(daemon: Daemon, goes_on: Callable[[], bool]) -> list[float]:
    """The waits of a request every ten milliseconds while something goes on."""
    connection, waits, asked = http.client.HTTPConnection("127.0.0.1", daemon.port), [], 0.0
    while True:
        if time.monotonic() - asked > 0.5:
            asked = time.monotonic()
            if not goes_on():
                return waits
        waits.append(ask(connection, "GET", "/healthz"))
        time.sleep(0.01)


def rows(table: Table, daemon: Daemon, name: str) -> None:
    model = daemon.call("GET", f"/api/v1/models/{name}")
    with open(SAMPLE, newline="", encoding="utf-8") as file:
        bodies = [json.dumps({"rows": [{key: row[key] for key in model["features"]}]}) for row, _ in zip(csv.DictReader(file), range(ROWS))]
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
    ask(connection, "POST", f"/api/v1/models/{name}/predict", bodies[0])
    cpu = process_seconds(daemon.pid)
    waits = [ask(connection, "POST", f"/api/v1/models/{name}/predict", body) for body in bodies]
    cpu = (process_seconds(daemon.pid) - cpu) / len(bodies)
    add(table, f"one row over REST, {model['learner']}", waits, MOST_ROW_SECONDS, f", CPU {cpu * 1e3:.2f} ms")


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> float:
    begin = time.perf_counter()
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    reply = connection.getresponse()
    reply.read()
    wait = time.perf_counter() - begin
    if reply.status != 200:
        raise RuntimeError(f"{method} {path} was answered {reply.status}")
    return wait
