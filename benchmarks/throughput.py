"""Measures speed on a synthetic file server: each stage in one process, and whole scans by profile and number of workers.

    python -m benchmarks.throughput [--megabytes 4] [--profiles fast standard] [--jobs 1 2] [--write]

MB are a million UTF-8 bytes of extracted text. All figures of a record come from one run on one machine, one after another.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from benchmarks import make_corpus, stages, tables  # noqa: E402
from benchmarks.circumstances import circumstances  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"


def scan(folder: Path, profile: str, jobs: int, text_bytes: int) -> dict[str, Any]:
    """One whole scan into a new ledger: rates over its wall time, start included. Raises SystemExit when it failed."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        home = Path(name)
        options = ["--out", str(home / "out"), "--ledger", str(home / "ledger.sqlite"), "--progress", "none", "--lang", "en"]
        command = [sys.executable, "-m", "scanner", "scan", str(folder), "--profile", profile, "--jobs", str(jobs), *options]
        environment = os.environ | {"TANAOROSHI_KEY_FILE": str(home / "key")}
        began = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        seconds = time.perf_counter() - began
        if done.returncode not in (0, 1, 3, 4):
            sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
            raise SystemExit(f"scan ended with {done.returncode}")
        files = sum(1 for path in folder.rglob("*") if path.is_file())
    return {
        "profile": profile,
        "jobs": jobs,
        "seconds": round(seconds, 2),
        "mb_per_second": round(text_bytes / 1e6 / seconds, 3),
        "files_per_second": round(files / seconds, 2),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--profiles", nargs="+", default=["fast", "standard"], choices=("fast", "standard", "thorough"))
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        folder = Path(name) / "share"
        folder.mkdir()
        make_corpus.write(folder, chosen.megabytes)
        inner = {profile: stages.measure(folder, profile) for profile in chosen.profiles}
        size = next(iter(inner.values()))["text_bytes"]
        runs = [scan(folder, profile, jobs, size) for profile in chosen.profiles for jobs in chosen.jobs]
    last = inner[chosen.profiles[-1]]
    record = {"kind": "throughput", **circumstances(), **last, "by_profile": inner, "runs": runs}
    print(tables.speed(record))
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "throughput.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
