"""Measures accuracy on the gold documents: renders them, runs ``tanaoroshi inspect`` over them and scores what it prints.

    python -m benchmarks.accuracy [--profile standard] [--half development|held|both] [--misses] [--write]

Figures of both halves are quoted; misses are shown for the development half only, since nothing may be tuned on the other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from benchmarks import goldset, score, tables  # noqa: E402
from benchmarks.circumstances import circumstances  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
HALVES = ("development", "held")


def inspect(folder: Path, profile: str) -> list[dict[str, Any]]:
    """The lines that ``tanaoroshi inspect`` prints about a folder. Raises SystemExit when it could not start."""
    command = [sys.executable, "-m", "scanner", "inspect", str(folder), "--json", "--blocks", "--profile", profile]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode not in (0, 3):
        sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
        raise SystemExit(f"inspect ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def by_file(lines: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """File name → its matches, blocks and document line."""
    files: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.get("inside"):
            continue  # no gold document holds another one
        entry = files.setdefault(Path(line["path"]).name, {"match": [], "block": {}, "document": {}})
        if line["type"] == "match":
            entry["match"].append(line)
        elif line["type"] == "block":
            entry["block"][line["index"]] = line["text"]
        elif line["type"] == "document":
            entry["document"] = line
    return files


def measure(documents: Sequence[goldset.Gold], lines: Iterable[dict[str, Any]]) -> list[score.Scored]:
    """The result of every document; one without a document line counts as empty."""
    files = by_file(lines)
    empty: dict[str, Any] = {"match": [], "block": {}, "document": {}}
    out = []
    for gold in documents:
        entry = files.get(gold.file, empty)
        out.append(score.score(gold, entry["match"], entry["block"], entry["document"]))
    return out


def summary(results: Sequence[score.Scored]) -> dict[str, Any]:
    """All figures of one half."""
    return {
        "documents": len(results),
        "not_read": sorted(r.gold.id for r in results if r.line.get("status") != "read"),
        "entities": score.entity_table(results),
        "formats": score.format_table(results),
        "categories": score.category_table(results),
        "negatives": score.negatives(results),
        "persons": score.persons(results),
        "corporate_as_my_number": sum(r.corporate_as_my_number for r in results),
    }


def misses(results: Iterable[score.Scored], label: str | None) -> Iterable[str]:
    """One line per missed span and false hit, and per wrong category (gold people are invented)."""
    for r in results:
        for span in r.missed:
            if label in (None, span.label):
                yield f"{r.gold.id}\tMISSED\t{span.label}\t{span.text!r}"
        for item in r.wrong:
            if label in (None, item.label):
                yield f"{r.gold.id}\tFALSE\t{item.label}\t{item.value!r}\t…{item.before[-12:]}⟦⟧{item.after[:12]}…"
        said = set(r.line.get("special_care", ())) | set(r.line.get("sensitive_only", ()))
        true = r.gold.special_care | r.gold.sensitive_only
        if label in (None, "category") and said != true:
            yield f"{r.gold.id}\tCATEGORY\tmissed {sorted(true - said)}\tfalse {sorted(said - true)}"
        low, high = r.line.get("persons", (0, 0))
        if label in (None, "persons") and not low <= r.gold.persons <= high + r.line.get("professionals", 0):
            yield f"{r.gold.id}\tPERSONS\tsaid {low}..{high}+{r.line.get('professionals', 0)}\tare {r.gold.persons}"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--half", default="both", choices=(*HALVES, "both"))
    parser.add_argument("--only", nargs="+", metavar="ID", help="some documents")
    parser.add_argument("--misses", action="store_true", help="list misses and false hits (development half)")
    parser.add_argument("--label", help="with --misses: of this label, or 'category' or 'persons'")
    parser.add_argument(
        "--held-misses-i-know", action="store_true", help="really list the held half's misses: it is spent after that"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    parser.add_argument("--docs", type=Path, help="folder of *.gold.txt in place of the shipped one")
    chosen = parser.parse_args(argv)
    if chosen.misses and chosen.half == "held" and not chosen.held_misses_i_know:
        parser.error("the held half's misses are not shown: nothing may be tuned on them (--held-misses-i-know)")
    if chosen.write and chosen.only:
        parser.error("--write keeps figures of all documents; leave --only out")
    return chosen


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures. 0, or 1 when a document got no outcome."""
    chosen = arguments(argv)
    wanted = [s for s in goldset.sources(chosen.docs) if chosen.half == "both" or goldset.half(s.id) == chosen.half]
    wanted = [s for s in wanted if not chosen.only or s.id in chosen.only]
    with tempfile.TemporaryDirectory(prefix="gold-") as name:
        folder = Path(name)
        goldset.render(wanted, folder)
        began = time.monotonic()
        lines = inspect(folder, chosen.profile)
        seconds = time.monotonic() - began
    results = measure([goldset.read(s) for s in wanted], lines)
    halves = {h: [r for r in results if r.gold.half == h] for h in HALVES}
    figures = {h: summary(rs) for h, rs in halves.items() if rs}
    record = {"kind": "accuracy", "profile": chosen.profile, "seconds": round(seconds, 1), **circumstances(), "halves": figures}
    print(tables.accuracy(record))
    if chosen.misses:
        shown = halves["development"] + (halves["held"] if chosen.held_misses_i_know else [])
        print("\n".join(misses(shown, chosen.label)))
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"accuracy-{chosen.profile}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 1 if any(not r.line for r in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
