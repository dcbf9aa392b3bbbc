"""`python -m suite [CASE ...]`: measures the named groups of cases, or all, and prints the table."""
import shutil
import sys

from . import alerting, automl, boosting, export, growth, ingest, memory, pages, serving, sql, startup, training
from .settings import BINARIES, WORK
from .table import Table

GROUPS = {
    "alerting": alerting.run, "start": startup.run, "ingest": ingest.run, "sql": sql.run, "export": export.run, "memory": memory.run, "growth": growth.run,
    "pages": pages.run, "boosting": boosting.run, "training": training.run, "serving": serving.run, "automl": automl.run,
}


def main() -> None:
    wanted = sys.argv[1:] or list(GROUPS)
    if unknown := [name for name in wanted if name not in GROUPS]:
        sys.exit(f"bench: there is no group {unknown[0]}; known are {' '.join(GROUPS)}")
    if not (BINARIES / "csvand").exists():
        sys.exit(f"bench: {BINARIES}/csvand is missing: run make release")
    shutil.rmtree(WORK, ignore_errors=True)
    table, failed = Table(), []
    for name in wanted:
        try:
            GROUPS[name](table)
        except Exception as error:  # One group's failure must not cost the others' figures.
            failed.append(name)
            print(f"bench: {name} failed: {type(error).__name__}: {error}", file=sys.stderr)
    table.finish()
    shutil.rmtree(WORK, ignore_errors=True)
    if failed:
        sys.exit(f"bench: not measured to the end: {' '.join(failed)}")


main()
