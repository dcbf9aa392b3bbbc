"""Where things are and how much is measured, from the environment."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build-tools"
DATA = TOOLS / "bench-data"
# One for each run, so that two do not meet.
WORK = TOOLS / f"bench-work-{os.getpid()}"
RESULTS = TOOLS / "bench-results"
BINARIES = Path(os.environ.get("BENCH_BIN", ROOT / ".build/release"))
SCALE = float(os.environ.get("BENCH_SCALE", "1"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
THREADS = 2
