"""Measures everything that is demanded of names and addresses, or of formats, keeps the results and says which demands hold.

    python -m benchmarks.prove names|formats --data ../shared/data [--peers .venv-peers/bin/python] [--again]

Resumable: what was measured at this very commit, without changes in the tree, is not measured again unless ``--again`` is given.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import demands
from benchmarks.circumstances import circumstances

ROOT = Path(__file__).resolve().parent.parent


def steps(what: str, data: Path, peers: Path | None) -> Iterator[tuple[str, list[str]]]:
    """(name of the result, module and arguments that make it)."""
    sets = ["--data", str(data)]
    if what == "formats":
        yield "formats", ["formats", *sets, *(["--peers", str(peers)] if peers else [])]
        yield "formats-bombs", ["bombs"]
        yield "formats-pdf", ["pdfs", *sets]
        yield "formats-fuzz", ["fuzz", *sets]
        return
    for profile in ("standard", "fast"):
        yield f"accuracy-{profile}", ["accuracy", "--profile", profile]
        yield f"open-sets-{profile}", ["open_sets", "--profile", profile, *sets]
    yield "hard-items", ["hard_items"]
    yield "roles-standard", ["roles"]
    yield "calibration-standard", ["calibration", *sets]
    yield "beside", ["beside", *sets, *(["--peers", str(peers)] if peers else [])]


def main(argv: Sequence[str] | None = None) -> int:
    """0: every demand is met; 1: one is not, or was not measured; 2: the open sets are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=("names", "formats"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--peers", type=Path, help="the peers' Python, see benchmarks/peers/setup.sh; without it: no comparison")
    parser.add_argument("--again", action="store_true", help="measure also what was measured at this commit")
    chosen = parser.parse_args(argv)
    if not (chosen.data / ("ner" if chosen.what == "names" else "documents")).is_dir():
        sys.stderr.write("no open sets there\n")
        return 2
    now, before = circumstances(), demands.kept()
    for name, command in steps(chosen.what, chosen.data, chosen.peers):
        old = before.get(name, {})
        if old.get("commit") == now["commit"] and not (old.get("changed") or now["changed"] or chosen.again):
            continue
        print(f"--- {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{command[0]}", *command[1:], "--write"], cwd=ROOT, check=False)
        if done.returncode > 1:  # 1: measured, and something is not as it must be, which the table says
            return done.returncode
    subprocess.run([sys.executable, "-m", "benchmarks.page"], cwd=ROOT, check=True)
    results = demands.kept()
    asked = demands.DEMANDS if chosen.what == "names" else demands.FORMATS
    print(demands.table(results, asked))
    return 0 if all(t.held for t in demands.told(results, asked)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
