"""Text reduced to its letters and digits, so that a source and what a reader made of it can be laid side by side."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


def compact(text: str) -> str:
    """NFKC without white space: how surfaces are compared where no position is known."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def skeleton(text: str) -> str:
    """NFKC, letters and digits only: layout marks (bars, commas, quotes, line breaks) leave no trace in it."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


@dataclass
class Laid:
    """Pieces of text laid one after another as one skeleton, with the ranges that were asked for."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> tuple[int, int]:
        """Append a piece; its range in the skeleton."""
        bones = skeleton(text)
        start = self.size
        self.pieces.append(bones)
        self.size += len(bones)
        return start, self.size

    @property
    def text(self) -> str:
        """The whole skeleton."""
        return "".join(self.pieces)


def lay(text: str, ranges: Iterable[tuple[int, int]], laid: Laid) -> list[tuple[int, int]]:
    """Append a text and return where each raw range (start, end) went. Ranges may overlap and come in any order."""
    wanted = list(ranges)
    borders = sorted({0, len(text), *(b for pair in wanted for b in pair if 0 <= b <= len(text))})
    where: dict[int, int] = {}
    for left, right in pairwise(borders):
        where[left], where[right] = laid.add(text[left:right])
    where.setdefault(0, laid.size)
    last = len(text)
    return [(where[min(s, last)], where[min(e, last)]) for s, e in wanted]


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Intersection over union of two ranges."""
    both = min(a[1], b[1]) - max(a[0], b[0])
    if both <= 0:
        return 0.0
    return both / (max(a[1], b[1]) - min(a[0], b[0]))


def text_overlap(a: str, b: str) -> float:
    """The greatest intersection over union that two ranges with these texts can have.

    Two ranges of one text share a run that is the whole of one, or the end of one and the beginning of the other; anything else
    that they have in common (``S52/10/27`` and ``S52/10/20``) is chance.
    """
    if not a or not b:
        return 0.0
    if a in b or b in a:
        return min(len(a), len(b)) / max(len(a), len(b))
    for k in range(min(len(a), len(b)) - 1, 0, -1):
        if a[-k:] == b[:k] or b[-k:] == a[:k]:
            return k / (len(a) + len(b) - k)
    return 0.0


def common_prefix(a: Sequence[str], b: Sequence[str]) -> int:
    """How many characters two texts have in common from the beginning."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n
