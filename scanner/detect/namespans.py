"""From shares for each word to names: where one begins and ends, and the value of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.detect.namenet import Floats
from scanner.detect.tagger import Tag, Word

_IN = 0.5  # of what the strongest word of a name has, a further word needs so much


def spans(words: Sequence[Word], shares: Floats, least: float) -> Iterator[tuple[int, int, float]]:
    """Ranges of a line whose value is at least ``least``; symbols and spaces at their ends belong to none."""
    total = shares.sum(axis=1)
    if not len(total) or float(total.max()) < least:
        return
    sums, begins = total.tolist(), (shares[:, 0] > shares[:, 1]).tolist()
    at, count = 0, len(sums)
    while at < count:
        if sums[at] < least or words[at].tag in (Tag.SYMBOL, Tag.SPACE):
            at += 1
            continue
        end, best = at + 1, sums[at]
        while end < count and not (begins[end] and sums[end] >= least) and sums[end] >= max(least, _IN * best):
            best = max(best, sums[end])
            end += 1
        last = end
        while words[last - 1].tag in (Tag.SYMBOL, Tag.SPACE):
            last -= 1
        inside = [sums[n] for n in range(at, last) if words[n].tag not in (Tag.SYMBOL, Tag.SPACE)]
        yield words[at].start, words[last - 1].end, sum(inside) / len(inside)
        at = end
