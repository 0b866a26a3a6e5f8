"""What a rule's score is worth: the share of right hits among those it gave that score, measured on documents set aside for it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from scanner.model import Match

FILE = "confidence.tsv"
ANY = "*"  # in place of a rule: those without rows of their own
_Curve = tuple[list[float], list[float]]


class Confidence:
    """Curves by entity and rule of ``models/confidence.tsv``: tab-separated entity, rule, score, confidence (0..1), hits counted.

    Raises FileNotFoundError, and ValueError for a number outside 0..1 or a curve that falls: a surer score is never worth less.
    """

    def __init__(self, path: Path) -> None:
        points: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                entity, rule, score, confidence, _ = line.split("\t")
                points[entity, rule].append((float(score), float(confidence)))
        self._curves: dict[tuple[str, str], _Curve] = {}
        for key, listed in points.items():
            listed.sort()
            if any(not 0 <= x <= 1 for point in listed for x in point) or any(a[1] > b[1] for a, b in pairwise(listed)):
                raise ValueError(f"{path.name}: a confidence outside 0..1 or a falling curve at {' '.join(key)}")
            self._curves[key] = ([s for s, _ in listed], [c for _, c in listed])
        self._entities = frozenset(entity for entity, _ in self._curves)
        self._memo: dict[tuple[str, str, float], float] = {}

    def of(self, entity: str, rule: str, score: float) -> float:
        """The measured worth of a score, two decimals; the score itself where nothing was measured."""
        key = entity, rule, score
        known = self._memo.get(key)
        if known is None:
            curve = self._curves.get((entity, rule)) or self._curves.get((entity, ANY))
            known = self._memo[key] = score if curve is None else round(_between(curve, score), 2)
        return known

    def weigh(self, matches: Sequence[Match]) -> list[Match]:
        """The matches with measured confidence in place of the rule's score, in the same order."""
        measured = self._entities
        out = []
        for m in matches:
            if m.entity in measured and (worth := self.of(m.entity, m.rule, m.score)) != m.score:
                values = list(_VALUES(m))  # a fifth of what ``dataclasses.replace`` takes
                values[_SCORE] = worth
                m = Match(*values)
            out.append(m)
        return out


_NAMES = [f.name for f in fields(Match)]
_SCORE, _VALUES = _NAMES.index("score"), attrgetter(*_NAMES)


def _between(curve: _Curve, score: float) -> float:
    """The curve at a score: straight between its points, level beyond them."""
    scores, worth = curve
    at = bisect_left(scores, score)
    if at == 0:
        return worth[0]
    if at == len(scores):
        return worth[-1]
    share = (score - scores[at - 1]) / (scores[at] - scores[at - 1])
    return worth[at - 1] + share * (worth[at] - worth[at - 1])
