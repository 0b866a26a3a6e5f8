"""Measures what each rule's score is worth and writes models/confidence.tsv, from documents that may be learnt from.

    python -m benchmarks.calibrate --data ../shared/data

Sources: the development halves of the gold set and of the fresh documents, and the four fifths of the open sets that models may
train on. ``benchmarks.calibration`` then measures on everything else. A trained reader of names brings confidence of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import accuracy, calibration, open_data, plain
from benchmarks.calibration import Judged
from models import build
from scanner.detect.confidence import ANY, FILE

MODELS = accuracy.ROOT / "models"
FRESH = accuracy.ROOT / "benchmarks" / "fresh" / "docs"
OWN = frozenset({"name.tagger", "name.history"})  # measured where they are trained
STEP = 0.05  # scores closer than this are counted together
TRUST = 8  # hits for which the entity's own curve speaks beside a rule's few
FEW = 5  # hits below which a rule has no curve of its own
MOST = 0.99
HEAD = "# entity, rule (* any other), score, confidence, hits counted; written by python -m benchmarks.calibrate, not by hand\n"
Point = tuple[float, float, float]  # score, share right, hits
Curves = dict[tuple[str, str], list[Point]]


def learnt(data: Path, profile: str) -> Iterator[Judged]:
    """Every hit of the sources with the score that its rule gave."""
    yield from calibration.gold(profile, "development")
    yield from calibration.gold(profile, "development", FRESH)
    yield from calibration.open_sets(plain.Plain(profile), data, open_data.open_to_all)


def curves(judged: Iterable[Judged]) -> Curves:
    """For each entity and rule with hits enough its rising curve; rules of few hits lean on their entity's."""
    cells: defaultdict[tuple[str, str], defaultdict[float, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in judged:
        if one.rule in OWN:
            continue
        score = round(round(one.confidence / STEP) * STEP, 2)
        for rule in (one.rule, ANY):
            cells[one.entity, rule][score][0] += 1
            cells[one.entity, rule][score][1] += one.right
    out: Curves = {}
    for (entity, rule), by_score in sorted(cells.items()):
        if rule == ANY:
            out[entity, rule] = rising([(s, (r + 1) / (n + 2), n) for s, (n, r) in sorted(by_score.items())])
    for (entity, rule), by_score in sorted(cells.items()):
        hits = sum(n for n, _ in by_score.values())
        if rule != ANY and hits >= FEW:
            prior = dict((s, c) for s, c, _ in out[entity, ANY])
            out[entity, rule] = rising([(s, (r + TRUST * prior[s]) / (n + TRUST), n) for s, (n, r) in sorted(by_score.items())])
    out |= {("person_name", rule): [(0.0, 0.0, 0.0), (1.0, 1.0, 0.0)] for rule in OWN}  # as they come
    return out


def rising(points: Sequence[Point]) -> list[Point]:
    """The nearest curve that never falls: neighbours that do are taken together, weighted by their hits."""
    pools: list[list[float]] = []  # share, weight, how many points
    for _, share, weight in points:
        pools.append([share, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last = pools.pop()
            before = pools[-1]
            total = before[1] + last[1]
            pools[-1] = [(before[0] * before[1] + last[0] * last[1]) / total, total, before[2] + last[2]]
    shares = [share for share, _, many in pools for _ in range(int(many))]
    return [(s, min(MOST, share), n) for (s, _, n), share in zip(points, shares, strict=True)]


def text(found: Mapping[tuple[str, str], Sequence[Point]]) -> str:
    """The file."""
    rows = (f"{e}\t{r}\t{s:.2f}\t{c:.3f}\t{n:.0f}\n" for (e, r), points in sorted(found.items()) for s, c, n in points)
    return HEAD + "".join(rows)


def write(content: str) -> None:
    """Put the file and its line of the manifest in place."""
    (MODELS / FILE).write_text(content, "utf-8", newline="\n")
    build.enter(FILE, "benchmarks/calibrate.py")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure with the bare scores, then write. 2 when the open sets are not there; the old file stays when anything fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    chosen = parser.parse_args(argv)
    if not (chosen.data / "ner").is_dir():
        sys.stderr.write("no open sets there\n")
        return 2
    before = (MODELS / FILE).read_text("utf-8") if (MODELS / FILE).exists() else HEAD
    content = before
    try:
        write(HEAD)
        content = text(curves(learnt(chosen.data, chosen.profile)))
    finally:
        write(content)
    print(content, end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
