"""The folded view of a block's text and the exact way back: ``view = fold(NFKC(text))``."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scanner.model import Block, Ints, Span
from scanner.text.japanese import FOLD

if TYPE_CHECKING:
    from scanner.text.layout import Layout

_LONG = 0x30FC
_POINTS = 0x110000


def fold(text: str) -> str:
    """Fold NFKC text one to one: dashes, variants of kanji, and ー between two digits to a hyphen."""
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


def _fuses(c: str) -> bool:
    """Whether a character may fuse with the one on its left under NFKC."""
    return bool(unicodedata.combining(c)) or c in "\uff9e\uff9f" or "\u1160" <= c <= "\u11ff"


@lru_cache(maxsize=1)
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """(what each code point folds to, 0 plain | 1 expands | 2 fuses with its left neighbour)."""
    target = np.arange(_POINTS, dtype=np.uint32)
    state = np.zeros(_POINTS, dtype=np.uint8)
    for cp in range(0x80, _POINTS):
        if 0xD800 <= cp < 0xE000 or 0x30000 <= cp < 0xE0000 or cp >= 0xE0200:
            continue
        if 0x4E00 <= cp < 0x9FFF and chr(cp) not in FOLD:
            continue
        c = chr(cp)
        to = unicodedata.normalize("NFKC", c)
        if _fuses(c):
            state[cp] = 2
        if len(to) != 1:
            state[cp] = max(state[cp], 1)
        else:
            target[cp] = ord(FOLD.get(to, to))
    return target, state


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A block with its view. All positions that detectors use are positions in ``text`` (the view).

    ``raw(start, end)`` leads back to the block's text. ``layout`` says which parts are labels, values and columns.
    ``starts``: like ``Block.starts``, in view positions.
    """

    block: Block
    text: str
    starts: Ints
    marks: tuple[Ints, Ints] | None  # (view, raw) positions of the segment borders; None: positions are equal
    _layout: list[Layout] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """Labels, fields and columns of the block (set once by ``scanner.text.layout.arrange``)."""
        return self._layout[0]

    def raw(self, start: int, end: int) -> Span:
        """The raw span that covers the view's characters ``start..end``."""
        if self.marks is None:
            return Span(start, end)
        view, raw = self.marks
        i = int(np.searchsorted(view, start, side="right")) - 1
        first = int(raw[i]) + (start - int(view[i]) if _even(view, raw, i) else 0)
        j = int(np.searchsorted(view, end, side="left"))
        if j < len(view) and int(view[j]) == end:
            last = int(raw[j])
        else:
            j -= 1
            last = int(raw[j]) + end - int(view[j]) if _even(view, raw, j) else int(raw[j + 1])
        return Span(first, max(last, first + 1))

    def view(self, offset: int) -> int:
        """The view position of a raw offset (the beginning of the segment when it lies inside an expanding one)."""
        if self.marks is None:
            return offset
        view, raw = self.marks
        i = int(np.searchsorted(raw, offset, side="right")) - 1
        return int(view[i]) + (offset - int(raw[i]) if _even(view, raw, i) else 0)

    def cell(self, index: int) -> tuple[int, int]:
        """View start and end of a line or cell, its separator left out."""
        start = int(self.starts[index])
        end = int(self.starts[index + 1]) - 1 if index + 1 < len(self.starts) else len(self.text)
        return start, max(start, end)

    def cell_at(self, position: int) -> int:
        """Index of the line or cell that holds a view position."""
        return max(0, int(np.searchsorted(self.starts, position, side="right")) - 1)


def _even(view: Ints, raw: Ints, i: int) -> bool:
    """Whether segment i maps character by character."""
    if i + 1 >= len(view):
        return True
    return int(view[i + 1]) - int(view[i]) == int(raw[i + 1]) - int(raw[i]) and int(view[i + 1]) - int(view[i]) != 0


def read(block: Block) -> Reading:
    """The reading of a block, without layout."""
    text, marks = view_of(block.text)
    starts = block.starts
    if marks is not None:
        view, raw = marks
        i = np.searchsorted(raw, starts, side="right") - 1
        starts = (view[i] + (starts - raw[i])).astype(np.int32)
    return Reading(block, text, starts, marks)


def view_of(text: str) -> tuple[str, tuple[Ints, Ints] | None]:
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
) -> tuple[str, tuple[Ints, Ints]]:
    """Clusters that expand or fuse go through NFKC one by one; the plain runs between them through the table."""
    mapped = target[codes]
    pieces: list[npt.NDArray[np.uint32]] = []
    views, raws = [0], [0]
    done, out, n = 0, 0, len(text)
    for at in np.flatnonzero(kinds).tolist():
        if at < done:
            continue
        start = at - 1 if kinds[at] == 2 and at > done else at
        if start > done:
            pieces.append(mapped[done:start])
            out += start - done
            views.append(out)
            raws.append(start)
        end = start + 1
        while end < n and kinds[end] == 2:
            end += 1
        folded = fold(unicodedata.normalize("NFKC", text[start:end]))
        pieces.append(np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
        out += len(folded)
        views.append(out)
        raws.append(end)
        done = end
    pieces.append(mapped[done:])
    marks = (np.array(views, dtype=np.int32), np.array(raws, dtype=np.int32))
    return _join(np.concatenate(pieces)), marks
