"""Geometry of a page: characters to pieces, pieces to lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from scanner.extract.pdfglyphs import SPACE, Glyphs

GAP = 1.5  # times the size of the type: wider parts two pieces of a line
_BARS = ("-", "‐", "−", "－", "―", "ー")
_COMB = re.compile(r"[0-9A-Za-z\-‐−ァ-ヶー・゙゚]+")


@dataclass(slots=True)
class Piece:
    """Characters that stand together on a line, without a wide gap."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    boxed: bool = False  # a character with a box of its own

    @property
    def size(self) -> float:
        """Height of the type."""
        height = self.y1 - self.y0
        return height if height > 1.0 else 1.0

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Row:
    """A line of the page: its pieces from left to right."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def y0(self) -> float:
        """Top."""
        return self.pieces[0].y0 if len(self.pieces) == 1 else min(p.y0 for p in self.pieces)

    @property
    def y1(self) -> float:
        """Bottom."""
        return self.pieces[0].y1 if len(self.pieces) == 1 else max(p.y1 for p in self.pieces)

    @property
    def x0(self) -> float:
        """Left end."""
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return self.pieces[0].x1 if len(self.pieces) == 1 else max(p.x1 for p in self.pieces)

    @property
    def size(self) -> float:
        """Height of the biggest type."""
        return self.pieces[0].size if len(self.pieces) == 1 else max(p.size for p in self.pieces)

    @property
    def text(self) -> str:
        """The pieces with three spaces where a wide gap is."""
        return "   ".join(p.text for p in self.pieces)


def wide(char: str) -> bool:
    """Whether a character is as wide as a kanji."""
    return unicodedata.east_asian_width(char) in "WF"


def rows_of(glyphs: Glyphs, chosen: Sequence[int], boxed: frozenset[int] = frozenset()) -> list[Row]:
    """Lines from top to bottom made of the chosen characters. ``boxed``: those that stand in a box of their own."""
    runs = _runs(glyphs, chosen, boxed)
    out: list[Row] = []
    sides: list[tuple[float, float, float, float]] = []  # of the first piece of each line: middle, size, top, bottom
    for run in sorted(runs, key=lambda p: p.y0 + p.y1):
        middle, size = run.middle, run.size
        for n in range(len(out) - 1, max(-1, len(out) - 7), -1):
            other, best, y0, y1 = sides[n]
            if abs(other - middle) < 0.45 * min(best, size) or (size < 0.75 * best and y0 <= middle <= y1):
                out[n].pieces.append(run)  # on the line, or smaller type beside it: an exponent, a remark
                break
        else:
            out.append(Row([run]))
            sides.append((middle, size, run.y0, run.y1))
    for row in out:
        if len(row.pieces) > 1:
            row.pieces.sort(key=lambda p: p.x0)
            row.pieces = _merged(_even(row.pieces))
        row.pieces = [p for p in row.pieces if p.text.strip()]
    out = [row for row in out if row.pieces]
    out.sort(key=lambda r: r.y0 + r.size / 2)
    return out


def _runs(glyphs: Glyphs, chosen: Sequence[int], boxed: frozenset[int]) -> list[Piece]:
    """Characters that follow each other in the file and on the page."""
    numbers = np.asarray(chosen, dtype=np.int64)
    if not len(numbers):
        return []
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(numbers) != 1) | ~glyphs.follows[numbers[1:]])))
    first = numbers[begins]
    last = numbers[np.append(begins[1:], len(numbers)) - 1]
    right = np.maximum.reduceat(glyphs.boxes[numbers, 2], begins)
    sides = glyphs.boxes[first]
    sides[:, 2] = right
    return [
        Piece(glyphs.chars[start : end + 1], x0, y0, x1, y1, start in boxed)
        for start, end, (x0, y0, x1, y1) in zip(first.tolist(), last.tolist(), sides.tolist(), strict=True)
    ]


def _even(pieces: list[Piece]) -> list[Piece]:
    """Single characters at even distances joined: a number with a box for each digit, a word spread over its width."""
    if sum(len(p.text) == 1 for p in pieces) < 2:
        return pieces
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = _even_end(pieces, at) if len(pieces[at].text) == 1 and (wide(pieces[at].text) or comb(pieces[at].text)) else at
        group = pieces[at:end]
        if group and _one_word(group):
            last = group[-1]
            y0, y1 = min(p.y0 for p in group), max(p.y1 for p in group)
            out.append(Piece("".join(p.text for p in group), group[0].x0, y0, last.x1, y1, last.boxed))
            at = end
        else:
            out.append(pieces[at])
            at += 1
    return out


def _even_end(pieces: list[Piece], at: int) -> int:
    """End of the single characters from ``at`` on whose distance stays the same."""
    step = 0.0
    end = at
    while end < len(pieces) and len(pieces[end].text) == 1 and not pieces[end].text.isspace():
        if end > at:
            before, piece = pieces[end - 1], pieces[end]
            wide_step = (piece.x0 + piece.x1 - before.x0 - before.x1) / 2
            if wide_step > 3.5 * piece.size or piece.boxed != before.boxed or (step and abs(wide_step - step) > 0.15 * step):
                break
            step = step or wide_step
        end += 1
    return end


def _one_word(group: list[Piece]) -> bool:
    text = "".join(p.text for p in group)
    if group[0].boxed:
        return len(group) >= 2 and comb(text)
    near = all(b.x0 - a.x1 < GAP * a.size for a, b in pairwise(group))
    if all(wide(c) for c in text):
        return len(group) >= 3 and near
    counted = all(ord(b) - ord(a) == 1 for a, b in pairwise(text))  # 1 2 3 4 …: numbers of columns
    return len(group) >= 7 and comb(text) and not counted


def comb(text: str) -> bool:
    """Whether it can be written one character to a box: numbers, codes, names in kana."""
    return _COMB.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours joined; a space where western words are parted, a new piece where the gap is wide."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        gap = piece.x0 - _ink(last) if last is not None else 0.0
        if last is not None and gap < 3 * piece.size and _barred(last, piece):
            last.text, last.x1 = last.text + piece.text.strip(), piece.x1
            continue
        if last is None or not last.text or gap > GAP * max(last.size, piece.size):
            out.append(piece)
            continue
        if _twice(last, piece):  # bold made by printing the same text again
            continue
        space = piece.x0 - last.x1 > SPACE * last.size and not (last.text[-1].isspace() or piece.text[0].isspace())
        last.text += (" " if space else "") + piece.text
        last.x1 = max(last.x1, piece.x1)
        last.y0, last.y1 = min(last.y0, piece.y0), max(last.y1, piece.y1)
    return out


def _barred(last: Piece, piece: Piece) -> bool:
    """Whether a bar stands between boxes: in postal codes and telephone numbers."""
    return last.boxed and (piece.text.strip() in _BARS or (piece.boxed and last.text[-1] in _BARS))


def _ink(piece: Piece) -> float:
    """Right end without trailing spaces: fonts' wide spaces must not hide a gap."""
    trailing = len(piece.text) - len(piece.text.rstrip())
    if not trailing or trailing == len(piece.text):
        return piece.x1
    return piece.x1 - trailing * (piece.x1 - piece.x0) / len(piece.text) * 0.6


def _twice(a: Piece, b: Piece) -> bool:
    return a.text == b.text and abs(a.x0 - b.x0) < 0.25 * a.size and abs(a.y0 - b.y0) < 0.25 * a.size
