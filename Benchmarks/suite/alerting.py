"""P14: from an error to the POST that tells of it, against Prometheus and Alertmanager watching the same daemon by the same rules.
And 1,000 rules over 5,000 series, against Prometheus over the same samples."""
import http.server
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from .daemon import Daemon
from .measure import Sample, Series, build_kernel, run_process
from .settings import ROUNDS, WORK
from .table import Table

TYPES = [
    "simulated", "csv_read_error", "missing_parameters", "target_in_features", "non_numeric_features_regression", "missing_column",
    "non_numeric_target_regression", "preprocessing_error", "storage_error", "prediction_error",
]


class Receiver:
    """Takes the posts of both sides on loopback, answers as Discord does, and notes when each came."""

    def __init__(self) -> None:
        self.posts: list[tuple[float, str, bytes]] = []
        self.arrived = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                at = time.monotonic()
                reply = b'{"id": "900000000000000001"}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)
                if self.command == "POST":
                    with receiver.arrived:
                        receiver.posts.append((at, self.path, body))
                        receiver.arrived.notify_all()

            do_POST = do_PATCH = answer

            def log_message(self, *_) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, path: str, text: bytes, seconds: float) -> float:
        """When the first post to the path with the text in it came."""
        def first():
            return next((at for at, where, body in self.posts if where.startswith(path) and text in body), None)

        with self.arrived:
            if not self.arrived.wait_for(lambda: first() is not None, seconds):
                raise RuntimeError(f"no post to {path} about {text.decode()} within {seconds} s")
            return first()  # type: ignore[return-value]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def rules() -> str:
    """One alert for each type of error, as in the shipped rule file."""
    alerts = "".join(
        f"""
      - alert: Case{number:02}
        expr: increase(app_errors_total{{type="{kind}"}}[5m]) > 0
        labels: {{service: csv_analyzer, severity: warning}}
        annotations: {{summary: Case{number:02} was seen}}"""
        for number, kind in enumerate(TYPES)
    )
    return f"groups:\n  - name: errors\n    rules:{alerts}\n"


class Watchers:
    """The real Prometheus and Alertmanager, as quick as their settings in whole seconds allow."""

    def __init__(self, target: int, receiver: int, rule_file: Path):
        self.directory = Path(tempfile.mkdtemp(prefix="watchers-", dir=WORK))
        ports = [free_port(), free_port()]
        (self.directory / "prometheus.yml").write_text(
            f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s, scrape_timeout: 1s}}
rule_files: ["{rule_file}"]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{ports[1]}"]}}]}}]}}
scrape_configs: [{{job_name: web, static_configs: [{{targets: ["127.0.0.1:{target}"]}}]}}]
""")
        (self.directory / "alertmanager.yml").write_text(
            f"""
route: {{receiver: bench, group_by: [alertname], group_wait: 0s, group_interval: 1s}}
receivers: [{{name: bench, webhook_configs: [{{url: "http://127.0.0.1:{receiver}/alertmanager", send_resolved: false}}]}}]
""")
        with open(self.directory / "log", "wb") as log:
            def start(*arguments: str) -> subprocess.Popen:
                return subprocess.Popen(arguments, stdout=log, stderr=log, cwd=self.directory)

            self.processes = [
                start(
                    "prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=alerts", "--cluster.listen-address=",
                    f"--web.listen-address=127.0.0.1:{ports[1]}"),
                start(
                    "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=samples", f"--web.listen-address=127.0.0.1:{ports[0]}"),
            ]
        for port in ports:
            self.wait_ready(port)

    def wait_ready(self, port: int) -> None:
        end = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > end:
                    self.stop()
                    raise RuntimeError("Prometheus or Alertmanager did not start") from None
                time.sleep(0.1)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class Prometheus:
    """A Prometheus over samples that were given to it, which evaluates a rule file every five seconds."""

    def __init__(self, directory: Path):
        run_process(["promtool", "tsdb", "create-blocks-from", "openmetrics", directory / "series.om", directory / "samples"])
        (directory / "prometheus.yml").write_text('global: {evaluation_interval: 5s}\nrule_files: ["rules.yaml"]\n')
        self.port = free_port()
        with open(directory / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=samples", f"--web.listen-address=127.0.0.1:{self.port}"],
                stdout=log, stderr=log, cwd=directory)

    def evaluations(self, count: int) -> tuple[Series, int]:
        """How long whole evaluations took after the first one, and how many alerts there are."""
        seen: dict[str, float] = {}
        end = time.monotonic() + 60 + 10 * count
        while len(seen) <= count and time.monotonic() < end:
            time.sleep(0.5)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/rules", timeout=5) as answer:
                    groups = json.load(answer)["data"]["groups"]
            except (urllib.error.URLError, OSError):
                continue
            if groups and groups[0]["evaluationTime"] > 0:
                seen[groups[0]["lastEvaluation"]] = groups[0]["evaluationTime"]
                alerts = sum(len(rule.get("alerts", [])) for rule in groups[0]["rules"])
        if len(seen) <= count:
            raise RuntimeError("Prometheus evaluates nothing")
        return Series([Sample(seconds) for seconds in list(seen.values())[1:]]), alerts

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def many_rules(table: Table) -> None:
    directory = Path(tempfile.mkdtemp(prefix="rules-", dir=WORK))
    program = build_kernel("alerting-bench")
    first, later = Series(), Series()
    for _ in range(max(3, ROUNDS)):
        process, text = run_process([program, directory, int(time.time())])
        figures = json.loads(text)
        first.add(Sample(figures["first_seconds"], other=process.other))
        later.add(Sample(figures["seconds"], figures["cpu"], other=process.other))
    prometheus = Prometheus(directory)
    try:
        theirs, alerts = prometheus.evaluations(4)
    finally:
        prometheus.stop()
        shutil.rmtree(directory, ignore_errors=True)
    # Theirs goes on with the clock, so a few alerts come and go.
    if not 0.5 < alerts / figures["alerts"] < 2:
        raise RuntimeError(f"{figures['alerts']} alerts in csvand, {alerts} in Prometheus")
    name = f"{figures['rules']} rules, {figures['series']} series"
    table.add(name, later, "Prometheus", theirs, None)
    table.add_value(name + ", every time", later.text(), "", None, "< 100 ms", later.wall < 0.1)
    table.add_value(name + ", first time", first.text(), "", None, "< 100 ms", first.wall < 0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(table: Table) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    many_rules(table)
    receiver = Receiver()
    webhook, rule_file = WORK / "webhook", WORK / "rules.yaml"
    webhook.write_text(f"http://127.0.0.1:{receiver.port}/api/webhooks/1/bench\n")
    rule_file.write_text(rules())
    configuration = (
        f"alerting:\n  rules: {rule_file}\n  discord:\n    webhook_url_file: {webhook}\n    allow_insecure_loopback: true\n")
    with Daemon(configuration) as daemon:
        watchers = Watchers(daemon.port, receiver.port, rule_file)
        try:
            # A few scrapes, so that Prometheus knows every counter at 0.
            time.sleep(5)
            ours, theirs = measure(daemon, receiver)
        finally:
            watchers.stop()
            receiver.stop()
    table.add("P14 error to POST", ours, "Prometheus + Alertmanager", theirs, 0.2)
    table.add_value("P14 error to POST, median", ours.text(), "", None, "< 1 s", ours.wall < 1)


def measure(daemon: Daemon, receiver: Receiver) -> tuple[Series, Series]:
    """Each event is of a type of its own, so that it is a new alert and incident on both sides, which see the same increment."""
    ours, theirs = Series(), Series()
    chance = random.Random(1)
    for number, kind in enumerate(TYPES[: min(len(TYPES), max(5, 2 * ROUNDS))]):
        # At any phase of the clocks, and slower than the one message a second that may be posted.
        time.sleep(2 + chance.random())
        name = f"Case{number:02}".encode()
        begin = time.monotonic()
        daemon.control("POST", "/admin/v1/simulate", {"type": kind, "count": 1})
        ours.add(Sample(receiver.wait("/api/webhooks", name, 30) - begin))
        theirs.add(Sample(receiver.wait("/alertmanager", name, 30) - begin))
        latest = ours.samples[-1].wall, theirs.samples[-1].wall
        print(f"bench:   error {number + 1}: csvand {latest[0]:.3f} s, Prometheus + Alertmanager {latest[1]:.3f} s", file=sys.stderr)
    return ours, theirs
