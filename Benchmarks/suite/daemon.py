"""csvand as a user runs it: the release program with a state directory and a control socket of its own."""
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

from .measure import Clock, Sample
from .settings import BINARIES, WORK


class Daemon:
    """A running daemon; state survives `stop` and `start`, and goes with `remove`."""

    def __init__(self, configuration: str = ""):
        WORK.mkdir(parents=True, exist_ok=True)
        self.directory = Path(tempfile.mkdtemp(prefix="csvand-", dir=WORK))
        # Paths of Unix sockets are limited to about a hundred bytes.
        self.sockets = Path(tempfile.mkdtemp(prefix="csvand-bench-"))
        self.state = self.directory / "state"
        self.configuration = self.directory / "csvand.yaml"
        self.configuration.write_text(configuration)
        self.process: subprocess.Popen | None = None
        self.connection: http.client.HTTPConnection | None = None
        # When the last call was answered.
        self.called = 0.0

    def __enter__(self) -> "Daemon":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        self.remove()

    def start(self) -> float:
        """Starts the daemon and returns the seconds from exec to its READY."""
        path = self.sockets / "notify"
        path.unlink(missing_ok=True)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(str(path))
        notify.settimeout(60)
        arguments = [
            BINARIES / "csvand", "--config", self.configuration, "--state-dir", self.state, "--listen", "127.0.0.1:0",
            "--socket", self.sockets / "csvand.sock",
        ]
        environment = {**os.environ, "NOTIFY_SOCKET": str(path)}
        with open(self.directory / "csvand.log", "ab") as log:
            begin = time.monotonic()
            self.process = subprocess.Popen(
                [str(argument) for argument in arguments], env=environment, stdout=log, stderr=log)
            try:
                while b"READY=1" not in notify.recv(4096).split(b"\n"):
                    pass
            except TimeoutError:
                raise RuntimeError(f"csvand did not become ready: {self.log()}") from None
            seconds = time.monotonic() - begin
        notify.close()
        self.port = int(self.control("GET", "/admin/v1/status")["listen"].rpartition(":")[2])
        return seconds

    def stop(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def remove(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def log(self) -> str:
        return (self.directory / "csvand.log").read_text()[-2_000:]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def control(self, method: str, path: str, body: object = None):
        """A call on the control socket."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.sockets / "csvand.sock"))
        try:
            return self.answer(connection, method, path, body)
        finally:
            connection.close()

    def call(self, method: str, path: str, body: object = None):
        """A REST call on a connection that is kept; silent ones are closed by the daemon after a minute."""
        if self.connection is None or time.monotonic() - self.called > 30:
            if self.connection:
                self.connection.close()
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        answer = self.answer(self.connection, method, path, body)
        self.called = time.monotonic()
        return answer

    @staticmethod
    def answer(connection: http.client.HTTPConnection, method: str, path: str, body: object):
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path} was answered {reply.status}: {text[:500]!r}")
        return json.loads(text) if text else None

    def train(self, request: dict) -> tuple[dict, float]:
        """Trains a model: the job that is done, and the seconds from the request until then."""
        begin = time.monotonic()
        accepted = self.call("POST", "/api/v1/models", request)["job"]
        while (job := self.call("GET", f"/api/v1/jobs/{accepted}"))["state"] in ("queued", "running"):
            time.sleep(0.02)
        seconds = time.monotonic() - begin
        if job["state"] != "done":
            raise RuntimeError(f"the training ended as {job['state']}: {job.get('error')}\n{self.log()}")
        return job, seconds

    def upload(self, file: Path, name: str, profile: bool = True) -> tuple[Sample, dict]:
        """Uploads a file by curl: from its start until the dataset is durable, can be queried, and is profiled unless told otherwise."""
        query = urllib.parse.urlencode({"name": name, "if_exists": "error"} | ({} if profile else {"profile": "false"}))
        with Clock(self.pid) as clock:
            reply = subprocess.run(
                ["curl", "-sS", "--fail-with-body", "-X", "POST", "-T", str(file), "-H", "Content-Type: text/csv", "-H", "Expect:",
                 f"{self.url}/api/v1/datasets?{query}"],
                capture_output=True, text=True, check=False)
        if reply.returncode != 0:
            raise RuntimeError(f"uploading {file} failed: {reply.stdout[:500]} {reply.stderr}\n{self.log()}")
        clock.sample.rss = self.status_bytes("VmHWM")
        return clock.sample, json.loads(reply.stdout)

    def drop(self, name: str) -> None:
        self.call("DELETE", f"/api/v1/datasets/{name}")

    def sql(self, text: str) -> list[list]:
        return self.call("POST", "/api/v1/sql", {"sql": text})["rows"]

    def status_bytes(self, key: str) -> int:
        """A line of /proc/PID/status: `VmRSS`, or `VmHWM` for the peak."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"/proc/PID/status has no {key}")

    def reset_peak(self) -> None:
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def state_bytes(self) -> int:
        """Bytes of the database and the column files."""
        return sum(file.stat().st_size for file in self.state.rglob("*") if file.is_file())
