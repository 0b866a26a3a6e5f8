"""Scores the hard items: precision, recall and F1 of names and addresses for each group and profile.

    python -m benchmarks.hard_items [--profiles fast standard] [--misses GROUP] [--write]

Matches are scored one to one, intersection over union at least .5 (interfaces 6).
What stands in ``‹…›`` is neither asked nor false.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import plain, tables
from benchmarks.circumstances import circumstances
from benchmarks.score import Tally
from scanner.model import Kind

ROOT = Path(__file__).resolve().parent.parent
HARD = ROOT / "benchmarks" / "hard"
RESULTS = ROOT / "benchmarks" / "results"
FILES = {"names": "person_name", "addresses": "address"}
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """A hard item, its marks taken out. ``wanted``: what must be found; ``free``: what may be."""

    id: str
    group: str
    kind: str
    entity: str
    text: str
    wanted: tuple[Range, ...]
    free: tuple[Range, ...]


OF_THE_PAST = "name.history"  # the rule of persons that are reported as nobody's data: here they are nobody


def unmark(marked: str) -> tuple[str, tuple[Range, ...], tuple[Range, ...]]:
    """The text without marks, the ranges of ``«…»`` and those of ``‹…›``. Raises ValueError for unbalanced marks."""
    text, ranges, begun = "", {"«": [], "‹": []}, None  # type: str, dict[str, list[Range]], tuple[str, int] | None
    for piece in re.split(r"([«»‹›])", marked):
        if piece in ("«", "‹"):
            if begun:
                raise ValueError("a mark inside a mark")
            begun = (piece, len(text))
        elif piece in ("»", "›"):
            if begun is None or (begun[0] == "«") != (piece == "»"):
                raise ValueError("a mark that ends nothing")
            ranges[begun[0]].append((begun[1], len(text)))
            begun = None
        else:
            text += piece
    if begun:
        raise ValueError("a mark without its end")
    return text, tuple(ranges["«"]), tuple(ranges["‹"])


def load(folder: Path = HARD) -> list[Item]:
    """All items."""
    items = []
    for name, entity in FILES.items():
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            given = json.loads(line)
            items.append(Item(given["id"], given["group"], given["kind"], entity, *unmark(given["text"])))
    return items


def fit(a: Range, b: Range) -> float:
    """Intersection over union."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    return both / (max(a[1], b[1]) - min(a[0], b[0])) if both > 0 else 0.0


def compare(found: Sequence[Range], wanted: Sequence[Range], free: Sequence[Range]) -> tuple[Tally, list[Range], list[Range]]:
    """The tally, the missed ranges and the false ones. Pairs are made best fit first."""
    pairs = sorted(((-fit(f, w), i, k) for i, f in enumerate(found) for k, w in enumerate(wanted) if fit(f, w) >= 0.5))
    used: set[int] = set()
    met: set[int] = set()
    for _, i, k in pairs:
        if i not in used and k not in met:
            used.add(i)
            met.add(k)
    false = [f for i, f in enumerate(found) if i not in used and not any(fit(f, x) > 0 for x in free)]
    missed = [w for k, w in enumerate(wanted) if k not in met]
    return Tally(len(met), len(false), len(missed)), missed, false


def joined(hits: Iterable[plain.Hit], entity: str, wanted: Sequence[Range]) -> list[Range]:
    """The ranges of an entity; pieces of one group that lie in the same wanted range (an address on two lines) are one."""
    pieces: dict[tuple[str, int], Range] = {}
    for n, h in enumerate(h for h in hits if h.entity == entity and h.rule != OF_THE_PAST):
        home = next((k for k, w in enumerate(wanted) if h.start < w[1] and w[0] < h.end), -1)
        key = (h.group, home) if h.group and home >= 0 else (f"#{n}", -1)
        old = pieces.get(key, (h.start, h.end))
        pieces[key] = (min(old[0], h.start), max(old[1], h.end))
    return sorted(pieces.values())


def examine(item: Item, scanner: plain.Plain) -> list[plain.Hit]:
    """What a profile finds in an item."""
    return scanner.text(item.text) if item.kind == "text" else scanner.table(item.text, Kind(item.kind))


def measure(items: Sequence[Item], profile: str, shown: str = "") -> dict[str, Any]:
    """Figures by group, and by kind of document within it. ``shown``: a group whose misses are printed."""
    scanner = plain.Plain(profile)
    groups: dict[str, Tally] = defaultdict(Tally)
    kinds: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for item in items:
        found = joined(examine(item, scanner), item.entity, item.wanted)
        tally, missed, false = compare(found, item.wanted, item.free)
        key = f"{item.entity}/{item.group}"
        groups[key].add(tally)
        kinds[key][item.kind].add(tally)
        if shown == item.group:
            lines = [("MISSED", r) for r in missed] + [("FALSE", r) for r in false]
            for word, (start, end) in lines:
                around = f"{item.text[max(0, start - 15) : start]}⟦{item.text[start:end]}⟧{item.text[end : end + 15]}"
                print(f"{item.id}\t{item.kind}\t{word}\t{around!r}")
    return {
        key: tally.figures() | {"kinds": {kind: t.figures() for kind, t in sorted(kinds[key].items())}}
        for key, tally in groups.items()
    }


def table(record: dict[str, Any]) -> str:
    """The markdown table: a row for each group, precision, recall and F1 of each profile."""
    profiles = record["profiles"]
    lines = [["難しい項目", "件数", *(f"{p} {what}" for p in profiles for what in ("適合率", "再現率", "F1"))]]
    for key in next(iter(profiles.values())):
        first = next(iter(profiles.values()))[key]
        row = [key, f"{first['right'] + first['missed']:g}"]
        for figures in (groups[key] for groups in profiles.values()):
            if figures["right"] + figures["missed"]:
                row += ["–" if figures[k] is None else f"{figures[k]:.3f}" for k in ("precision", "recall", "f1")]
            else:
                row += [f"誤検出 {figures['false']:g}", "–", "–"]
        lines.append(row)
    return tables.grid(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--profiles", nargs="+", default=["fast", "standard"], choices=("fast", "standard", "thorough"))
    parser.add_argument("--groups", nargs="+", help="some groups")
    parser.add_argument("--misses", metavar="GROUP", default="", help="print the misses and false hits of a group")
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    if chosen.write and chosen.groups:
        parser.error("--write keeps figures of all groups; leave --groups out")
    items = [i for i in load() if not chosen.groups or i.group in chosen.groups]
    profiles = {profile: measure(items, profile, chosen.misses) for profile in chosen.profiles}
    record = {"kind": "hard items", **circumstances(), "items": len(items), "profiles": profiles}
    print(table(record))
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "hard-items.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
