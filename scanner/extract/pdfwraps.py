"""Joins lines of a page that were only wrapped: paragraphs at the right margin, the text of cells at their border."""

from __future__ import annotations

import re

import numpy as np

from scanner.extract.pdflines import Row, wide

_OPEN = "・●○■□◆◇※*-•▪►①②③④⑤⑥⑦⑧⑨⑩"
_LEADER = re.compile(r"(?:[.．・·‥…][ 　]?){4,}[0-9０-９ivx-]*\s*$")  # a line of a table of contents
_FULL_STOP = "。．.！？!?"


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
    room = right - above.x1 + (len(above.text) - len(head)) * 0.28 * above.size
    word = _word(tail)
    carried = room >= each * 1.05  # the next character had room: only a whole word is carried over
    if carried and (word <= 1 or room >= word * below.size * 0.62 or wide(tail[0])):
        return None
    return " " if _parted(head, tail, carried=carried, blank=head != above.text or tail != below.text) else ""


def _parted(head: str, tail: str, *, carried: bool, blank: bool) -> bool:
    """Whether a space was lost at the wrap: between western words, not within a number, a code or an address of the net."""
    if wide(head[-1]) or wide(tail[0]):
        return False
    if blank or carried:
        return blank or head[-1] not in "-/@_="
    western = sum(not wide(c) for c in head) > 0.8 * len(head)
    return western and " " in head and head[-1] not in "-/@_="


def _word(text: str) -> int:
    """Characters of the western word at the beginning."""
    n = 0
    while n < len(text) and not text[n].isspace() and not wide(text[n]):
        n += 1
    return n


def paragraphs(rows: list[Row], right: float) -> list[str]:
    """Lines with what was wrapped at the right margin joined. ``right``: the margin, or 0 when the lines show none."""
    out: list[str] = []
    width = right - min((row.x0 for row in rows), default=0.0)
    for n, row in enumerate(rows):
        glue = joint(rows[n - 1], row, right) if n and right and _goes_on(rows, n, width) else None
        if glue is not None:
            out[-1] = out[-1].rstrip() + glue + row.text.lstrip()
        else:
            out.append(row.text)
    return out


def _goes_on(rows: list[Row], n: int, width: float) -> bool:
    """Whether a line begins where a paragraph's next line may: those of a block set to the right or the middle do not."""
    above, row = rows[n - 1], rows[n]
    size, length, shift = row.size, above.x1 - above.x0, row.x0 - above.x0
    if length < 10 * size or _LEADER.search(above.text):
        return False
    item = above.text.lstrip()[:1] in _OPEN
    if length >= 0.6 * width:  # indented, or behind the mark or title of an item
        return abs(shift) < 8 * size or (item and 0 < shift < 0.4 * width)
    return abs(shift) < 0.6 * size or (item and 0 < shift < 3.2 * size)


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
