"""P16: an upload of 1, 4 and 16 times as many rows takes no more time a row, and no more memory."""
from pathlib import Path

from .daemon import Daemon
from .inputs import TAXI, prepare
from .measure import Sample, interleave
from .settings import WORK
from .table import Table, mebibytes

SIZES = (1, 4, 16)


def run(table: Table) -> None:
    prepare(TAXI)
    WORK.mkdir(parents=True, exist_ok=True)
    files = {size: part(size) for size in SIZES}
    peaks: dict[int, int] = {size: 0 for size in SIZES}

    def upload(size: int) -> Sample:
        # A daemon of its own each time, so that memory is that of this upload.
        with Daemon() as daemon:
            sample, _ = daemon.upload(files[size], "trips")
        peaks[size] = max(peaks[size], sample.rss or 0)
        return sample

    found = interleave({f"{size}x": lambda size=size: upload(size) for size in SIZES})
    for small, large in ((1, 4), (4, 16)):
        rows = large // small
        table.add(
            f"P16 upload of {large}x rows, taxi", found[f"{large}x"], f"{rows} times {small}x", found[f"{small}x"].scaled(rows), 1.1)
    ratio = peaks[16] / peaks[4]
    table.add_value(
        "P16 peak memory, 16x rows", mebibytes(peaks[16]), f"4x {mebibytes(peaks[4])}, 1x {mebibytes(peaks[1])}", ratio, "<= 1.1", ratio <= 1.1)
    for file in files.values():
        file.unlink()


def part(size: int) -> Path:
    """The first `size` sixteenths of the trips."""
    path = WORK / f"trips-{size}.csv"
    rows = TAXI.rows * size // 16
    with open(TAXI.path, "rb") as source, open(path, "wb") as target:
        # One line more for the header.
        for _, line in zip(range(rows + 1), source):
            target.write(line)
    return path
