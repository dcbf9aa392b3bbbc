"""P13: start with data in place, memory when idle, size of the program."""
import shutil
import subprocess
import sys
import time

from .daemon import Daemon
from .inputs import NUMERIC, TAXI, TEXT, prepare
from .measure import Sample, Series
from .settings import BINARIES, ROUNDS, WORK
from .table import Table, mebibytes, megabytes


def run(table: Table) -> None:
    files = [TAXI, NUMERIC, TEXT]
    prepare(*files)
    daemon = Daemon()
    try:
        daemon.start()
        for file in files:
            daemon.upload(file.path, file.name)
        uploaded = sum(file.bytes for file in files)
        series, resident = Series(), []
        for number in range(max(5, ROUNDS)):
            daemon.stop()
            seconds = daemon.start()
            series.add(Sample(seconds))
            time.sleep(5)
            resident.append(daemon.status_bytes("VmRSS"))
            print(f"bench:   start {number + 1}: {seconds * 1e3:.0f} ms, idle {mebibytes(resident[-1])}", file=sys.stderr)
        idle = sorted(resident)[len(resident) // 2]
    finally:
        daemon.stop()
        daemon.remove()
    table.add_value(
        f"P13 start to READY, {megabytes(uploaded)} uploaded before", series.text(), "", None, "<= 100 ms", series.wall <= 0.1)
    table.add_value("P13 memory 5 s after the start", mebibytes(idle), "", None, "<= 40 MiB", idle <= 40 << 20)
    copy = WORK / "csvand.stripped"
    shutil.copy(BINARIES / "csvand", copy)
    subprocess.run(["strip", copy], check=True)
    size = copy.stat().st_size
    table.add_value("P13 program, stripped", mebibytes(size), "", None, "<= 40 MiB", size <= 40 << 20)
    copy.unlink()
