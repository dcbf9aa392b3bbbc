#!/usr/bin/python3
"""Has a csvand answer what CPython's own tests of its csv module read: `check-csv.py URL`.

Each text that `test.test_csv` gives to a reader, with the dialect that it is read in, is uploaded; the rows that come back by `values=text` are
held against those of Python's reader. Prints a line of JSON for each input that differs, and at last the numbers of each outcome."""
import collections
import csv
import io
import json
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

import test.test_csv

ADDRESS = sys.argv[1]
READER = csv.reader
FIELDS = ("delimiter", "quotechar", "escapechar", "doublequote", "skipinitialspace", "quoting", "strict")


class Tap:
    """A reader that notes what it is given."""

    inputs: dict[tuple, None] = {}

    def __init__(self, lines, *arguments, **options):
        lines = list(lines)
        self.reader = READER(iter(lines), *arguments, **options)
        if all(isinstance(line, str) for line in lines):
            # A text in one piece: what a list leaves out are its line ends.
            text = "".join(line if line.endswith(("\n", "\r")) else line + "\n" for line in lines[:-1]) + "".join(lines[-1:])
            self.inputs[(text, *(getattr(self.reader.dialect, field) for field in FIELDS))] = None

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.reader)

    def __getattr__(self, name):
        return getattr(self.reader, name)


def recorded():
    csv.reader = Tap
    unittest.defaultTestLoader.loadTestsFromModule(test.test_csv).run(unittest.TestResult())
    csv.reader = READER
    return [(key[0], dict(zip(FIELDS, key[1:]))) for key in Tap.inputs]


def call(method, path, body=None):
    request = urllib.request.Request(ADDRESS + path, body, {"Content-Type": "text/csv"} if body is not None else {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.loads(reply.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def answer(text, dialect):
    """The rows as texts, and the number of lines set aside; or the code of the refusal."""
    words = {"\t": "tab", " ": "space", None: "none"}
    options = {
        "name": "case", "header": "false", "comment": "none", "skip_rows": "0",
        "delimiter": words.get(dialect["delimiter"], dialect["delimiter"]),
        "quote": "none" if dialect["quoting"] == csv.QUOTE_NONE else words.get(dialect["quotechar"], dialect["quotechar"]),
        "escape": words.get(dialect["escapechar"], dialect["escapechar"]),
        "double_quote": "true" if dialect["doublequote"] else "false",
        "skip_initial_space": "true" if dialect["skipinitialspace"] else "false",
        "strict": "true" if dialect["strict"] else "false",
    }
    status, reply = call("POST", "/api/v1/datasets?" + urllib.parse.urlencode(options), text.encode())
    if status != 201:
        return reply["code"], 0
    _, page = call("GET", "/api/v1/datasets/case/rows?values=text&limit=10000")
    call("DELETE", "/api/v1/datasets/case")
    return [["" if cell is None else cell for cell in row] for row in page["rows"]], reply["rejected"]


def outcome(text, dialect):
    try:
        expected = list(READER(io.StringIO(text, newline=""), **dialect))
    except (csv.Error, ValueError) as error:
        expected = str(error)
    found, rejected = answer(text, dialect)
    rows = expected if isinstance(expected, str) else [row for row in expected if row]
    # Cells that Python makes numbers of are compared as what they were.
    texts = [row for row in READER(io.StringIO(text, newline=""), **{**dialect, "quoting": csv.QUOTE_MINIMAL}) if row] \
        if dialect["quoting"] == csv.QUOTE_NONNUMERIC else rows
    if found == expected or isinstance(expected, str) and isinstance(found, str):
        kind = "equal"
    elif found == "csv.empty" and not rows:
        kind = "no row, refused as such"
    elif found == texts:
        kind = "equal but for blank lines" if texts is rows else "equal before Python makes numbers"
    elif isinstance(found, str) or rejected:
        kind = "refused or set aside"
    else:
        kind = "silently different"
    if kind != "equal":
        print(json.dumps({"outcome": kind, "text": text, "dialect": dialect, "expected": expected, "found": found, "rejected": rejected}))
    return kind


if __name__ == "__main__":
    print(json.dumps(collections.Counter(outcome(text, dialect) for text, dialect in recorded())))
