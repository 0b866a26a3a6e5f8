"""The folded view of a block's text and the exact way back: ``view = fold(NFKC(text))``."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from scanner.model import Block, Ints, Span
from scanner.text.finder import Prints
from scanner.text.japanese import FOLD, INVISIBLE

if TYPE_CHECKING:
    from scanner.text.layout import Layout

_LONG = 0x30FC
_POINTS = 0x110000


def fold(text: str) -> str:
    """Fold NFKC text: dashes, variants of kanji, ー between two digits to a hyphen; what is invisible goes."""
    out = text.translate(_fold_table())
    if "ー" not in out:
        return out
    chars = list(out)
    for i in range(1, len(chars) - 1):
        if chars[i] == "ー" and chars[i - 1] in _DIGITS and out[i + 1] in _DIGITS:
            chars[i] = "-"
    return "".join(chars)


_DIGITS = frozenset("0123456789")


@lru_cache(maxsize=1)
def _fold_table() -> dict[int, str]:
    return {ord(a): b for a, b in FOLD.items()}


@lru_cache(maxsize=1)
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """(what each code point folds to, 0 plain | 1 expands | 2 fuses with its left neighbour)."""
    target = np.arange(_POINTS, dtype=np.uint32)
    state = np.zeros(_POINTS, dtype=np.uint8)
    seconds = set()  # of pairs that compose although the second is no combining mark (vowels of Indic scripts)
    normal, combining, decomposition = unicodedata.normalize, unicodedata.combining, unicodedata.decomposition
    for cp in _DECOMPOSING:
        c = chr(cp)
        to = normal("NFKC", c)
        first = to[0]
        if combining(c) or combining(first) or "\u1160" <= first <= "\u11ff":
            state[cp] = 2
        if len(to) != 1:
            state[cp] = max(state[cp], 1)
        else:
            target[cp] = ord(FOLD.get(to, to) or to)
        parts = decomposition(c).split()
        if len(parts) == 2 and parts[0][0] != "<":
            seconds.add(int(parts[1], 16))
    for cp in (*seconds, *map(ord, INVISIBLE)):
        state[cp] = 2  # what is left out goes with its neighbour
    for c, to in FOLD.items():
        if to and normal("NFKC", c) == c:
            target[ord(c)] = ord(to)
    return target, state


class _Decomposing:
    """The code points that NFKC could touch: all but unified kanji, syllables and private and unassigned planes."""

    def __iter__(self) -> Iterator[int]:
        for start, end in ((0x80, 0x3400), (0x9FFF, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0x17000), (0x1AFF0, 0x20000)):
            yield from range(start, end)
        yield from range(0x2F800, 0x2FA20)
        yield from range(0xE0100, 0xE01F0)


_DECOMPOSING = _Decomposing()


class Marks(NamedTuple):
    """Where segments begin, in the view and in the raw text, and whether a segment maps character by character."""

    view: Ints
    raw: Ints
    even: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A block with its view. All positions that detectors use are positions in ``text`` (the view).

    ``raw(start, end)`` leads back to the block's text. ``layout`` says which parts are labels, values and columns.
    ``starts``: like ``Block.starts``, in view positions.
    """

    block: Block
    text: str
    starts: Ints
    marks: Marks | None  # None: positions are equal
    _layout: list[Layout] = field(default_factory=list)
    _prints: list[Prints] = field(default_factory=list)
    _begins: list[int] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """Labels, fields and columns of the block (set once by ``scanner.text.layout.arrange``)."""
        return self._layout[0]

    @property
    def prints(self) -> Prints:
        """The view as every ``Finder`` asks it; searched when first asked."""
        if not self._prints:
            self._prints.append(Prints(self.text))
        return self._prints[0]

    def raw(self, start: int, end: int) -> Span:
        """The raw span that covers the view's characters ``start..end``."""
        if self.marks is None:
            return Span(start, end)
        view, raw, even = self.marks
        i = int(np.searchsorted(view, start, side="right")) - 1
        first = int(raw[i]) + (start - int(view[i]) if even[i] else 0)
        j = int(np.searchsorted(view, end, side="left"))
        if j < len(view) and int(view[j]) == end:
            last = int(raw[j])
        else:
            j -= 1
            last = int(raw[j]) + end - int(view[j]) if even[j] else int(raw[j + 1])
        return Span(first, max(last, first + 1))

    def view(self, offset: int) -> int:
        """The view position of a raw offset (the beginning of the segment when it lies inside an expanding one)."""
        if self.marks is None:
            return offset
        view, raw, even = self.marks
        i = int(np.searchsorted(raw, offset, side="right")) - 1
        return int(view[i]) + (offset - int(raw[i]) if even[i] else 0)

    def cell(self, index: int) -> tuple[int, int]:
        """View start and end of a line or cell, its separator left out."""
        begins = self._begins or self._listed()
        start = begins[index]
        end = begins[index + 1] - 1 if index + 1 < len(begins) else len(self.text)
        return start, end if end > start else start

    def cell_at(self, position: int) -> int:
        """Index of the line or cell that holds a view position."""
        return max(0, bisect_right(self._begins or self._listed(), position) - 1)

    def _listed(self) -> list[int]:
        """``starts`` as a list, which is quicker to ask for single ones."""
        self._begins.extend(self.starts.tolist())
        return self._begins


def read(block: Block) -> Reading:
    """The reading of a block, without layout."""
    text, marks = view_of(block.text)
    starts = block.starts
    if marks is not None:
        view, raw, _ = marks
        i = np.searchsorted(raw, starts, side="right") - 1
        starts = (view[i] + (starts - raw[i])).astype(np.int32)
    return Reading(block, text, starts, marks)


def view_of(text: str) -> tuple[str, Marks | None]:
    """``fold(NFKC(text))`` and the borders of its segments; see Reading.marks."""
    if text.isascii():
        return text, None
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    target, state = _tables()
    kinds = state[codes]
    if not kinds.any():
        return _join(target[codes]), None
    return _segmented(text, codes, kinds, target)


def _join(codes: npt.NDArray[np.uint32]) -> str:
    inner = np.flatnonzero(codes[1:-1] == _LONG) + 1
    if inner.size:
        before, after = codes[inner - 1], codes[inner + 1]
        codes[inner[(before >= 48) & (before <= 57) & (after >= 48) & (after <= 57)]] = 45
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _segmented(
    text: str, codes: npt.NDArray[np.uint32], kinds: npt.NDArray[np.uint8], target: npt.NDArray[np.uint32]
) -> tuple[str, Marks]:
    """Clusters that expand or fuse go through NFKC one by one (remembered); all else through the table at once."""
    n = len(codes)
    fuses = kinds == 2
    fuses[0] = False  # nothing stands left of it
    opens = kinds == 1
    opens[:-1] |= fuses[1:]
    opens[0] |= kinds[0] == 2
    opens &= ~fuses
    starts = np.flatnonzero(opens)
    bases = np.append(np.flatnonzero(~fuses), n)
    ends = bases[np.searchsorted(bases, starts, side="right")]
    folded = [_cluster(text[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    sizes = np.fromiter(map(len, folded), dtype=np.int64, count=len(folded))

    shift = np.cumsum(sizes - (ends - starts))  # by how much what follows each cluster moves
    begin = starts + np.concatenate((np.zeros(1, dtype=np.int64), shift[:-1]))
    inside = np.zeros(n + 1, dtype=np.int8)
    inside[starts] += 1
    np.subtract.at(inside, ends, 1)
    plain = np.flatnonzero(np.cumsum(inside[:-1]) == 0)
    moved = np.zeros(n + 1, dtype=np.int64)
    np.add.at(moved, ends, sizes - (ends - starts))
    out = np.empty(n + int(shift[-1]), dtype=np.uint32)
    out[plain + np.cumsum(moved[:-1])[plain]] = target[codes[plain]]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    out[np.repeat(begin, sizes) + within] = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    zero = np.zeros(1, dtype=np.int64)
    raws, first = np.unique(np.concatenate((zero, starts, ends)), return_index=True)
    views = np.concatenate((zero, begin, begin + sizes))[first]
    return _join(out), Marks(views.astype(np.int32), raws.astype(np.int32), ~np.isin(raws, starts))


@lru_cache(maxsize=8192)
def _cluster(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text))
