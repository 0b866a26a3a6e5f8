"""Damaged files through the program's own workers: nothing hangs, the run goes on, every file has its outcome, no value is told.

    python -m benchmarks.fuzz [--seconds 600] [--data ../shared/data] [--first N] [--write]

Every parser's entry is met: the seeds are the golden files (one of each format) and, with ``--data``, the files of the corpus up to
300 kB. Readers, classifier and all that lies around them are at work, detectors are not: that time is better spent on more files.
What is asked: as many outcomes as files; none that took longer than the program's own budget; no ``internal`` error; and in
no outcome's problems anything but codes, type names and limits. A worker that dies costs its own file only, and is counted.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import isolated, tables
from benchmarks.circumstances import circumstances
from benchmarks.mutants import mutant
from scanner.model import Document, Outcome, family
from scanner.problems import Code
from scanner.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
GOLDEN = ROOT / "tests" / "extract" / "golden"
SMALL = 300_000  # bytes of a seed
TOLD = re.compile(r"[\[\]\w.:<>=+,*/' ()-]{0,200}", re.ASCII)  # type names, limits, install lines, names of modules
VALUES = ("鵜飼", "銀次郎", "千々和", "神楽岡", "0166-37-4490", "090-8417-2265", "山田花子")


def seeds(data: Path | None = None) -> list[tuple[str, bytes]]:
    """The files to damage, by name."""
    paths = [p for p in isolated.under(GOLDEN.parent, [GOLDEN.name]) if p.suffix != ".blocks"]
    if data is not None:
        paths += isolated.under(data.absolute() / "documents", ("markers", "real", "real2", "hostile"))
    return [(p.name, p.read_bytes()) for p in paths if 0 < p.stat().st_size <= SMALL]


def leaks(outcome: Outcome) -> list[str]:
    """The codes of problems that tell more than they may. Names of members, sheets and parts may be shown."""
    told = [p for inner in family(outcome) for p in inner.problems]
    return [p.code.value for p in told if not TOLD.fullmatch(p.detail) or any(v in p.detail for v in VALUES)]


class Fuzz:
    """Counts of one campaign."""

    def __init__(self, chosen: Settings) -> None:
        self.chosen = chosen
        self.made: dict[str, int] = {}
        self.outcomes: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.formats: Counter[str] = Counter()
        self.details: Counter[str] = Counter()  # what readers tripped over: worth a look
        self.faults: list[dict[str, Any]] = []  # what must not be
        self.dead: list[int] = []  # numbers of the files that cost a worker
        self.slowest = (0.0, 0)

    def run(self, listed: Sequence[tuple[str, bytes]], folder: Path, numbers: Iterator[int], jobs: int) -> None:
        """Read the mutants of these numbers."""
        work = partial(isolated.bare, self.chosen)
        for outcome in isolated.pool(self.chosen, jobs).map(work, self._written(listed, folder, numbers)):
            self._count(outcome)
            Path(outcome.document.uri).unlink()

    def _written(self, listed: Sequence[tuple[str, bytes]], folder: Path, numbers: Iterator[int]) -> Iterator[Document]:
        for number in numbers:
            name, data = mutant(number, listed)
            path = folder / f"{number}-{name}"
            path.write_bytes(data)
            self.made[str(path)] = number
            yield isolated.sighted(path)

    def _count(self, outcome: Outcome) -> None:
        number = self.made.pop(outcome.document.uri, -1)
        self.outcomes[outcome.status.value] += 1
        self.formats[outcome.format or "–"] += 1
        self.codes.update(isolated.codes(outcome))
        inside = [p for inner in family(outcome) for p in inner.problems]
        self.details.update({f"{p.code} {p.detail}" for p in inside if p.code in (Code.CORRUPT, Code.DETECTOR_FAILED)})
        self.slowest = max(self.slowest, (outcome.seconds, number))
        named = {"number": number, "file": Path(outcome.document.uri).name}
        if any(p.code in (Code.CRASHED, Code.MEMORY, Code.TIMEOUT) for p in outcome.problems):
            self.dead.append(number)
        if number < 0:
            self.faults.append({**named, "fault": "outcome of no file, or a second one"})
        if outcome.seconds > self.chosen.limits.seconds + 5:
            self.faults.append({**named, "fault": f"{outcome.seconds:.0f} seconds"})
        for problem in inside:
            if problem.code in (Code.INTERNAL, Code.DETECTOR_FAILED):
                self.faults.append({**named, "fault": f"{problem.code} {problem.detail}"})
        self.faults += [{**named, "fault": f"told too much: {code}"} for code in leaks(outcome)]

    def record(self) -> dict[str, Any]:
        """The figures."""
        lost = [{"number": n, "fault": "no outcome"} for n in self.made.values()]
        return {
            "files": self.outcomes.total(),
            "statuses": dict(sorted(self.outcomes.items())),
            "formats": dict(self.formats.most_common()),
            "codes": dict(self.codes.most_common()),
            "details": dict(self.details.most_common(60)),
            "cost_a_worker": sorted(self.dead),
            "slowest": {"seconds": round(self.slowest[0], 1), "number": self.slowest[1]},
            "largest_worker": isolated.largest_worker(),
            "faults": self.faults + lost,
        }


def until(seconds: float, first: int) -> Iterator[int]:
    """Numbers from ``first`` on until the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield first
        first += 1


def table(record: dict[str, Any]) -> str:
    """Markdown: what became of the damaged files."""
    lines = [["壊したファイル", "値"]]
    lines += [["件数（それぞれ結果は一つ）", f"{record['files']:,}"], ["もとのファイル", f"{record['seeds']:,}"]]
    lines += [[f"結果 {status}", f"{count:,}"] for status, count in record["statuses"].items()]
    lines.append(["作業プロセスを失ったもの（その1件だけ判定不能）", f"{len(record['cost_a_worker']):,}"])
    lines.append(["最も長くかかったもの（秒）", f"{record['slowest']['seconds']:.1f}（上限 {record['budget_seconds']:g}）"])
    lines.append(["作業プロセスの最大メモリ（MB）", f"{record['largest_worker'] / 1e6:,.0f}"])
    lines.append(["あってはならないこと（停止・結果なし・内部エラー・値の記録）", str(len(record["faults"]))])
    return tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Fuzz, print the counts, keep the figures. 1 when something happened that must not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--data", type=Path, help="folder with documents/")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    asked = parser.parse_args(argv)
    chosen = isolated.settings("fast")
    listed = seeds(asked.data)
    fuzz = Fuzz(chosen)
    with tempfile.TemporaryDirectory() as folder:
        fuzz.run(listed, Path(folder), until(asked.seconds, asked.first), asked.jobs)
    record = {"kind": "formats-fuzz", **circumstances(), "seconds": asked.seconds, "seeds": len(listed)}
    record |= {"first": asked.first, "budget_seconds": chosen.limits.seconds, **fuzz.record()}
    print(table(record))
    for fault in record["faults"]:
        print(json.dumps(fault), file=sys.stderr)
    if asked.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "formats-fuzz.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return int(bool(record["faults"]))


if __name__ == "__main__":
    raise SystemExit(main())
