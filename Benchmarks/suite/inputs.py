"""The input files: made once for a scale, the same bytes on every machine with the pinned versions."""
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from .settings import DATA, SCALE

# Raised whenever a generator changes, so that old files are made anew.
EDITION = 1

# Columns of the trips that are empty in one row in thirty, all at once.
LACKING = ("passenger_count", "RatecodeID", "store_and_fwd_flag", "congestion_surcharge")


@dataclass(frozen=True)
class Input:
    """A CSV file and the first tenth of it, for peers that take minutes."""

    name: str
    rows: int

    @property
    def path(self) -> Path:
        return DATA / f"{self.name}-{EDITION}-{SCALE:g}.csv"

    @property
    def tenth(self) -> Path:
        return self.path.with_suffix(".tenth.csv")

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


TAXI = Input("taxi", int(3_000_000 * SCALE))
NUMERIC = Input("numeric", int(5_000_000 * SCALE))
TEXT = Input("text", int(1_500_000 * SCALE))
ZONES = Input("zones", 265)


def prepare(*wanted: Input) -> None:
    """Makes those of the files that are missing."""
    DATA.mkdir(parents=True, exist_ok=True)
    makers = {"taxi": make_taxi, "numeric": make_numeric, "text": make_text, "zones": make_zones}
    for file in wanted:
        if file.path.exists() and (file.tenth.exists() or file is ZONES):
            continue
        print(f"bench: making {file.path.name}", file=sys.stderr)
        makers[file.name](file)


def write(columns: dict, path: Path, rows: int | None = None, lacking: tuple[str, ...] = ()) -> None:
    """Writes columns as CSV; the `lacking` ones are empty cells where the column `_missing` is true."""
    session = duckdb.connect()
    session.register("made", columns)
    limit = "" if rows is None else f" LIMIT {rows}"
    empty = ", ".join(f'CASE WHEN _missing THEN NULL ELSE "{name}" END AS "{name}"' for name in lacking)
    chosen = f"* EXCLUDE (_missing) REPLACE ({empty})" if lacking else "*"
    part = path.with_suffix(".part")
    session.execute(f"COPY (SELECT {chosen} FROM made{limit}) TO '{part}' (HEADER, DELIMITER ',')")
    part.rename(path)


def write_both(columns: dict, file: Input, lacking: tuple[str, ...] = ()) -> None:
    write(columns, file.tenth, file.rows // 10, lacking)
    write(columns, file.path, None, lacking)


def make_taxi(file: Input) -> None:
    """Trips: times, small integers, money, one flag, empty cells in four columns of which one row in thirty lacks all."""
    random = np.random.default_rng(1)
    rows = file.rows
    start = np.datetime64("2023-01-01T00:00:00") + np.sort(random.integers(0, 31 * 86_400, rows)).astype("timedelta64[s]")
    minutes = random.lognormal(2.4, 0.7, rows)
    distance = np.round(minutes / 60 * random.normal(12, 3, rows).clip(3, 30), 2)
    missing = random.random(rows) < 1 / 30

    def choice(values, weights):
        return np.asarray(values)[np.searchsorted(np.cumsum(weights) / np.sum(weights), random.random(rows))]

    zones = random.permutation(265) + 1
    weights = 1 / np.arange(1, 266) ** 0.9
    fare = np.round(3 + 2.8 * distance + 0.35 * minutes, 1)
    extra = choice([0.0, 0.5, 1.0, 2.5, 3.5], [30, 10, 25, 30, 5])
    tip = np.where(random.random(rows) < 0.75, np.round(fare * random.choice([0.1, 0.2, 0.2, 0.25, 0.3], rows), 2), 0.0)
    tolls = np.where(random.random(rows) < 0.07, 6.55, 0.0)
    surcharge = choice([0.0, 2.5], [10, 90])
    end = start + (minutes * 60).astype("timedelta64[s]")
    columns = {
        "VendorID": choice([1, 2], [27, 73]),
        "tpep_pickup_datetime": start.astype("datetime64[us]"),
        "tpep_dropoff_datetime": end.astype("datetime64[us]"),
        "passenger_count": choice([1.0, 2, 3, 4, 5, 6, 0], [73, 15, 4, 2, 2, 2, 2]),
        "trip_distance": distance,
        "RatecodeID": choice([1.0, 2, 5, 3, 4, 99], [94, 4, 1, 0.5, 0.2, 0.3]),
        "store_and_fwd_flag": choice(np.array(["N", "Y"], dtype=object), [99, 1]),
        "PULocationID": choice(zones, weights),
        "DOLocationID": choice(zones[::-1], weights),
        "payment_type": choice([1, 2, 3, 4], [78, 18, 1, 3]),
        "fare_amount": fare,
        "extra": extra,
        "mta_tax": choice([0.5, 0.0], [99, 1]),
        "tip_amount": tip,
        "tolls_amount": tolls,
        "improvement_surcharge": choice([1.0, 0.3], [99, 1]),
        "total_amount": np.round(fare + extra + tip + tolls + surcharge + 1.5, 2),
        "congestion_surcharge": surcharge,
        "_missing": missing,
    }
    write_both(columns, file, LACKING)


def make_numeric(file: Input) -> None:
    """Measurements: seven columns of decimals with up to six places, three of integers of different width."""
    random = np.random.default_rng(2)
    rows = file.rows
    columns: dict = {"id": np.arange(rows, dtype=np.int64)}
    for index in range(1, 6):
        columns[f"x{index}"] = np.round(random.normal(0, 10.0 ** (index - 2), rows), min(6, 9 - index))
    columns["price"] = np.round(random.gamma(2.0, 5_000, rows), 2)
    columns["rate"] = np.round(random.random(rows), 6)
    columns["stamp"] = 1_600_000_000_000 + np.cumsum(random.integers(1, 1_000, rows))
    columns["key"] = random.integers(0, 10**9, rows)
    write_both(columns, file)


def make_zones(file: Input) -> None:
    random = np.random.default_rng(3)
    boroughs = np.array(["Manhattan", "Brooklyn", "Queens", "Bronx", "Staten Island", "EWR"], dtype=object)
    columns = {
        "LocationID": np.arange(1, file.rows + 1),
        "Borough": boroughs[random.integers(0, 6, file.rows)],
        "Zone": np.array([f"Zone {index}" for index in range(1, file.rows + 1)], dtype=object),
    }
    write(columns, file.path)


def make_text(file: Input) -> None:
    """Reviews: quoted texts with commas, doubled quotes and line breaks; every text field is quoted."""
    random = np.random.default_rng(4)
    words = vocabulary(random)
    topics = ["books", "kitchen", "garden", "music", "sports", "toys", "travel", "tools, large", 'screens 24"']
    topics = ['"' + topic.replace('"', '""') + '"' for topic in topics]
    header = "id,author,topic,rating,posted,title,review\n"
    block = 20_000
    tenth = file.rows // 10
    part, small = file.path.with_suffix(".part"), file.tenth.with_suffix(".part")
    with open(part, "w", encoding="utf-8", newline="") as whole, open(small, "w", encoding="utf-8", newline="") as first:
        whole.write(header)
        first.write(header)
        for begin in range(0, file.rows, block):
            rows = min(block, file.rows - begin)
            lengths = random.integers(3, 8, rows), random.integers(10, 86, rows)
            picked = [iter(words[zipf(random, int(length.sum()), len(words))].tolist()) for length in lengths]
            authors = random.integers(0, 200_000, rows).tolist()
            topic, rating = random.integers(0, len(topics), rows).tolist(), random.integers(1, 6, rows).tolist()
            days = (np.datetime64("2015-01-01") + random.integers(0, 3_000, rows)).astype(str).tolist()
            titles, reviews = (
                [" ".join([next(stream) for _ in range(count)]) for count in length.tolist()]
                for stream, length in zip(picked, lengths)
            )
            lines = [
                f'{begin + row},"user{authors[row]:06}",{topics[topic[row]]},{rating[row]},{days[row]},'
                f'"{titles[row]}","{reviews[row]}"\n'
                for row in range(rows)
            ]
            whole.writelines(lines)
            first.writelines(lines[: max(0, tenth - begin)])
    small.rename(file.tenth)
    part.rename(file.path)


def vocabulary(random: np.random.Generator) -> np.ndarray:
    """Words as they stand between quotes: some end with a comma or a line break, some are quoted themselves."""
    letters = np.array(list("etaoinshrdlucmfwypvbgkqjxz"))
    likely = 1 / np.arange(1, 27)
    words = []
    for index in range(6_000):
        word = "".join(random.choice(letters, random.integers(2, 11), p=likely / likely.sum()))
        ending = {0: ",", 7: ".", 11: ".\n", 13: "!", 19: " é"}.get(index % 23, "")
        words.append(f'""{word}""' if index % 101 == 50 else word + ending)
    return np.array(words, dtype=object)


def zipf(random: np.random.Generator, count: int, most: int) -> np.ndarray:
    """Ranks below `most`, rank r about as likely as 1 / (r + 10)."""
    return np.floor(10 * ((most + 10) / 10) ** random.random(count) - 10).astype(np.int64).clip(0, most - 1)
