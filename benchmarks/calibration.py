"""Whether confidence means something: of the names and addresses given .9, are nine in ten right? On data no model trains on.

    python -m benchmarks.calibration --data ../shared/data [--profile standard] [--write]

Sources: the kept fifth of the open sets (right: touches a marked range; law texts name nobody), our hard items and the gold set's
held half (right: paired one to one, interfaces 6). The error is the mean distance of share right and confidence over ten bins,
weighted by their hits. ``--write`` keeps the figures and draws docs/reliability.svg.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import accuracy, goldset, hard_items, open_data, plain, score, tables
from benchmarks.circumstances import circumstances
from benchmarks.reliability import draw

ENTITIES = ("person_name", "address")
BINS = 10
PICTURE = accuracy.ROOT / "docs" / "reliability.svg"


class Judged(NamedTuple):
    """A hit's entity, its confidence 0..1, whether it is right, and the rule that found it."""

    entity: str
    confidence: float
    right: bool
    rule: str = ""


def open_sets(scanner: plain.Plain, folder: Path, texts: open_data.Choice = open_data.kept_aside) -> Iterator[Judged]:
    """Hits in the open sets, of ``texts`` chosen by their id: the kept fifth unless said otherwise."""
    for name in open_data.PERSONS:
        for text, wanted, free in open_data.persons(folder, name, texts):
            yield from _touching(scanner.text(text), "person_name", wanted, free)
    for name, free_labels in (("address_in_text", {"ADDRESS_CITY"}), ("address_office", set()), ("address_mext", set())):
        for t in open_data.read(folder, f"address/{name}", texts):
            wanted = t.of({"ADDRESS", "ADDRESS_TOWN", "ADDRESS_NUM"})
            yield from _touching(scanner.text(t.text), "address", wanted, t.of(free_labels))
    for t in open_data.read(folder, "clean/fp_law", texts):
        hits = scanner.text(t.text)
        for entity in ENTITIES:
            yield from _touching(hits, entity, (), ())


def _touching(
    hits: Iterable[plain.Hit], entity: str, wanted: Sequence[open_data.Range], free: Sequence[open_data.Range]
) -> Iterator[Judged]:
    for h in hits:
        if h.entity == entity:
            right = any(open_data.touches((h.start, h.end), w) for w in wanted)
            if right or not any(open_data.touches((h.start, h.end), f) for f in free):
                yield Judged(entity, h.confidence, right, h.rule)


def hard(scanner: plain.Plain) -> Iterator[Judged]:
    """Hits in the hard items; pieces of an address on two lines are judged by the range they make together."""
    for item in hard_items.load():
        hits = [h for h in hard_items.examine(item, scanner) if h.entity == item.entity]
        ranges = hard_items.joined(hits, item.entity, item.wanted)
        _, _, false = hard_items.compare(ranges, item.wanted, item.free)
        for start, end in ranges:
            whole = [h for h in hits if start <= h.start and h.end <= end]
            right = (start, end) not in false
            fills = right and not any(hard_items.fit((start, end), w) >= 0.5 for w in item.wanted)
            if whole and not fills:  # what only lies in a free range is neither right nor false
                surest = max(whole, key=lambda h: h.confidence)
                yield Judged(item.entity, surest.confidence, right, surest.rule)


def gold(profile: str, half: str, docs: Path | None = None) -> Iterator[Judged]:
    """Matches in one half of the marked documents; nothing but their counts leaves this function's caller."""
    sources = [s for s in goldset.sources(docs) if goldset.half(s.id) == half]
    with tempfile.TemporaryDirectory(prefix="gold-") as name:
        goldset.render(sources, Path(name))
        files = accuracy.by_file(accuracy.inspect(Path(name), profile))
    for document in map(goldset.read, sources):
        if document.file in files:
            yield from _paired(document, files[document.file])


def _paired(gold: goldset.Gold, entry: dict[str, Any]) -> Iterator[Judged]:
    for entity in ENTITIES:
        claimed = [m for m in score.claims(entry["match"]) if m["entity"] == entity]
        claimed.sort(key=lambda m: (m["block"], m["start"]))  # the order in which ``found`` returns them
        items = score.found(claimed, entry["block"])
        score.settle(gold.text, items)
        met, _ = score.pair(items, [s for s in gold.spans if s.label == entity])
        step = max(1, len(items) // score.CAP)  # a document weighs about fifty
        for n in range(0, len(items), step):
            if n in met or not score._excused(items[n], gold.spans):
                yield Judged(entity, float(claimed[n]["confidence"]), n in met, claimed[n].get("rule", ""))


def bins(judged: Iterable[tuple[float, bool]]) -> list[dict[str, float]]:
    """Ten bins of equal width: hits, mean confidence, share right. Empty ones are left out."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0.0, 0])
    for confidence, right in judged:
        cell = sums[min(BINS - 1, int(confidence * BINS))]
        cell[0] += 1
        cell[1] += confidence
        cell[2] += right
    return [{"hits": n, "confidence": round(c / n, 4), "right": round(r / n, 4)} for _, (n, c, r) in sorted(sums.items())]


def error(filled: Sequence[dict[str, float]]) -> float | None:
    """The expected calibration error of some bins; None without hits."""
    total = sum(b["hits"] for b in filled)
    return round(sum(b["hits"] * abs(b["right"] - b["confidence"]) for b in filled) / total, 4) if total else None


def figures(judged: Iterable[Judged]) -> dict[str, Any]:
    """Bins and error of each entity."""
    by: dict[str, list[tuple[float, bool]]] = {e: [] for e in ENTITIES}
    for one in judged:
        by[one.entity].append((one.confidence, one.right))
    out = {}
    for entity, pairs in by.items():
        filled = bins(pairs)
        out[entity] = {"hits": len(pairs), "error": error(filled), "bins": filled}
    return out


def table(record: dict[str, Any]) -> str:
    """Markdown: a row for each source and entity."""
    lines = [["出典", "検出項目", "件数", "較正誤差 ECE", "確信度→正しかった割合"]]
    for source, entities in record["sources"].items():
        for entity, f in entities.items():
            told = " · ".join(f"{b['confidence']:.2f}→{b['right']:.2f}（{b['hits']}）" for b in f["bins"])
            lines.append([source, entity, str(f["hits"]), "–" if f["error"] is None else f"{f['error']:.3f}", told])
    return tables.grid(lines, right=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep figures and picture. 2 when the sets are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--write", action="store_true", help="keep the figures, draw the picture")
    chosen = parser.parse_args(argv)
    if not (chosen.data / "ner").is_dir():
        sys.stderr.write("no open sets there\n")
        return 2
    scanner = plain.Plain(chosen.profile)
    sources = {
        "open": figures(open_sets(scanner, chosen.data)),
        "hard": figures(hard(scanner)),
        "held": figures(gold(chosen.profile, "held")),
    }
    record = {"kind": "calibration", "profile": chosen.profile, **circumstances(), "sources": sources}
    print(table(record))
    if chosen.write:
        accuracy.RESULTS.mkdir(exist_ok=True)
        path = accuracy.RESULTS / f"calibration-{chosen.profile}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PICTURE.write_text(draw(record), encoding="utf-8")
        print(f"kept: {path.relative_to(accuracy.ROOT)} {PICTURE.relative_to(accuracy.ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
