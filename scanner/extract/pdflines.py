"""Geometry of a page: characters to pieces, pieces to lines, columns and cells, wrapped lines joined again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scanner.extract.pdfglyphs import Glyphs

GAP = 1.5  # times the size of the type: wider parts two pieces of a line
_SPACE = 0.28  # times the size: a gap in western text that is a space
_OPEN = "・●○■□◆◇※*-•▪►①②③④⑤⑥⑦⑧⑨⑩"
_FULL_STOP = "。．.！？!?"


@dataclass(slots=True)
class Piece:
    """Characters that stand together on a line, without a wide gap."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def size(self) -> float:
        """Height of the type."""
        return max(self.y1 - self.y0, 1.0)

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
        return min(p.y0 for p in self.pieces)

    @property
    def y1(self) -> float:
        """Bottom."""
        return max(p.y1 for p in self.pieces)

    @property
    def x0(self) -> float:
        """Left end."""
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        """Right end."""
        return max(p.x1 for p in self.pieces)

    @property
    def size(self) -> float:
        """Height of the biggest type."""
        return max(p.size for p in self.pieces)

    @property
    def text(self) -> str:
        """The pieces with three spaces where a wide gap is."""
        return "   ".join(p.text for p in self.pieces)


def wide(char: str) -> bool:
    """Whether a character is as wide as a kanji."""
    return unicodedata.east_asian_width(char) in "WF"


def rows_of(glyphs: Glyphs, chosen: Sequence[int], gap: float = GAP) -> list[Row]:
    """Lines from top to bottom made of the chosen characters."""
    runs = _runs(glyphs, chosen)
    out: list[Row] = []
    for run in sorted(runs, key=lambda p: p.middle):
        for row in reversed(out[-6:]):
            best = row.pieces[0]
            if abs(best.middle - run.middle) < 0.45 * min(best.size, run.size) or _inside(best, run):
                row.pieces.append(run)
                break
        else:
            out.append(Row([run]))
    for row in out:
        row.pieces.sort(key=lambda p: p.x0)
        row.pieces = _merged(row.pieces, gap)
    out = [row for row in out if any(p.text.strip() for p in row.pieces)]
    for row in out:
        row.pieces = [p for p in row.pieces if p.text.strip()]
    out.sort(key=lambda r: r.y0 + r.size / 2)
    return out


def _inside(big: Piece, small: Piece) -> bool:
    """Small type on a line of bigger: an exponent, a remark."""
    return small.size < big.size * 0.75 and big.y0 <= small.middle <= big.y1


def _runs(glyphs: Glyphs, chosen: Sequence[int]) -> list[Piece]:
    """Characters that follow each other in the file and on the page."""
    boxes = glyphs.boxes
    out: list[Piece] = []
    run: Piece | None = None
    text: list[str] = []
    for i in chosen:
        x0, y0, x1, y1 = boxes[i].tolist()
        char = glyphs.chars[i]
        if run is not None and _follows(run, x0, y0, y1, _SPACE if char != " " else 0.6):
            text.append(char)
            run.x1 = max(run.x1, x1)
            continue
        if run is not None:
            run.text = "".join(text)
            out.append(run)
        run, text = Piece("", x0, y0, x1, y1), [char]
    if run is not None:
        run.text = "".join(text)
        out.append(run)
    return out


def _follows(run: Piece, x0: float, y0: float, y1: float, gap: float) -> bool:
    size = run.size
    if abs((y0 + y1) / 2 - run.middle) > 0.15 * size or abs((y1 - y0) - size) > 0.2 * size:
        return False
    return -0.5 * size < x0 - run.x1 < gap * size


def _merged(pieces: list[Piece], gap: float) -> list[Piece]:
    """Neighbours joined; a space where western words are parted, a new piece where the gap is wide."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last is None or not last.text or piece.x0 - _ink(last) > gap * max(last.size, piece.size):
            out.append(piece)
            continue
        if _twice(last, piece):  # bold made by printing the same text again
            continue
        space = piece.x0 - last.x1 > _SPACE * last.size and not (last.text[-1].isspace() or piece.text[0].isspace())
        last.text += (" " if space else "") + piece.text
        last.x1 = max(last.x1, piece.x1)
        last.y0, last.y1 = min(last.y0, piece.y0), max(last.y1, piece.y1)
    return out


def _ink(piece: Piece) -> float:
    """Right end without trailing spaces: fonts' wide spaces must not hide a gap."""
    trailing = len(piece.text) - len(piece.text.rstrip())
    if not trailing or trailing == len(piece.text):
        return piece.x1
    return piece.x1 - trailing * (piece.x1 - piece.x0) / len(piece.text) * 0.6


def _twice(a: Piece, b: Piece) -> bool:
    return a.text == b.text and abs(a.x0 - b.x0) < 0.25 * a.size and abs(a.y0 - b.y0) < 0.25 * a.size


# ---------------------------------------------------------------- wrapped lines


def joint(row: Row, following: Row, right: float, *, cell: bool = False) -> str | None:
    """What to put between a line and the next when the first was only wrapped at ``right``; None: a line break."""
    above, below = row.pieces[-1], following.pieces[0]
    head, tail = above.text.rstrip(), below.text.lstrip()
    if not head or not tail or len(row.pieces) > 1 or len(following.pieces) > 1:
        return None
    if abs(above.size - below.size) > 0.15 * above.size or following.y0 - row.y1 > 0.9 * row.size:
        return None
    if tail[0] in _OPEN or (head[-1] in _FULL_STOP and not cell and below.x0 > row.x0 + 0.5 * row.size):
        return None
    each = below.size * (1.0 if wide(tail[0]) else 0.55)
    room = right - above.x1
    word = _word(tail)
    if room >= each * 1.05:  # the next character had room: only a whole word is carried over
        if word <= 1 or room >= word * below.size * 0.62 or wide(tail[0]):
            return None
        return "" if wide(head[-1]) or above.text != head else " "
    if head[-1] == "-" and word > 1 and head[-2:-1].isalpha():
        return ""
    return ""


def _word(text: str) -> int:
    """Characters of the western word at the beginning."""
    n = 0
    while n < len(text) and not text[n].isspace() and not wide(text[n]):
        n += 1
    return n


def paragraphs(rows: list[Row], right: float) -> list[str]:
    """Lines with what was wrapped at the right margin joined. ``right``: the margin, or 0 when the lines show none."""
    out: list[str] = []
    for n, row in enumerate(rows):
        glue = joint(rows[n - 1], row, right) if n and right else None
        if glue is not None:
            out[-1] = out[-1].rstrip() + glue + row.text.lstrip()
        else:
            out.append(row.text)
    return out


def margin(rows: list[Row], page_left: float, page_right: float) -> float:
    """Right margin at which lines are wrapped; 0 when nothing shows that there is one."""
    if len(rows) < 2:
        return 0.0
    ends = np.array([row.x1 for row in rows])
    size = float(np.median([row.size for row in rows]))
    most = float(ends.max())
    full = int((ends > most - 1.2 * size).sum())
    if full >= 2 or most > page_right - 2.2 * size:
        return most if most - min(r.x0 for r in rows) > 12 * size or full >= 3 else 0.0
    return 0.0


def cell_text(rows: list[Row], x0: float, x1: float) -> str:
    """The text of a cell: lines wrapped at its border joined, others kept as lines."""
    if not rows:
        return ""
    pad = max(0.0, min(6.0, min(row.x0 for row in rows) - x0))
    out = rows[0].text.strip()
    for n in range(1, len(rows)):
        glue = joint(rows[n - 1], rows[n], x1 - pad, cell=True)
        out = out.rstrip() + ("\n" if glue is None else glue) + rows[n].text.strip()
    return out
