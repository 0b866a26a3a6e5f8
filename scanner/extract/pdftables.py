"""Finds the tables that ruling lines make on a page, with pdfplumber's grid finder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scanner.extract.pdfcells import Box
from scanner.extract.pdfcells import boxes as boxes_between
from scanner.extract.pdfglyphs import Edge, Floats, Glyphs
from scanner.extract.pdflines import comb, rows_of
from scanner.extract.pdfwraps import cell_text

Cells = list[tuple[int, list[tuple[int, str]]]]
_LINES = 3_000  # ruling lines of one page after those on one line were joined


@dataclass(slots=True)
class Sheet:
    """The rows of a table and where its columns begin."""

    rows: Cells
    lefts: list[float]


@dataclass(slots=True)
class Grid(Sheet):
    """A ruled table, where it lies and the characters in it."""

    x0: float
    y0: float
    x1: float
    y1: float
    used: set[int]


def ruled(glyphs: Glyphs, edges: list[Edge]) -> tuple[list[Grid], frozenset[int]]:
    """The tables that ruling lines make, and the characters outside of them that have boxes of their own.

    A table within a cell of another is a table of its own; a row of boxes for single characters is none.
    """
    flat = sum(e.flat for e in edges)
    if flat < 2 or len(edges) - flat < 2 or not glyphs.chars:
        return [], frozenset()
    from pdfplumber import table as finder  # costs a third of a second: only for pages that have rules

    listed = [
        {
            "object_type": "line", "orientation": "h" if e.flat else "v", "x0": e.x0, "x1": e.x1, "top": e.y0, "bottom": e.y1,
            "width": e.x1 - e.x0, "height": e.y1 - e.y0, "doctop": e.y0,
        }
        for e in edges
    ]  # fmt: skip
    merged = finder.merge_edges(listed, 3, 3, 3, 3)
    if len(merged) > _LINES:
        return [], frozenset()
    cells = boxes_between(merged)
    centres = _centres(glyphs)
    used: set[int] = set()
    boxed: set[int] = set()
    out: list[Grid] = []
    for boxes in sorted(finder.cells_to_tables(cells), key=_extent):
        chosen = [_within(centres, box, used) for box in boxes]
        if _is_comb(glyphs, boxes, chosen):
            boxed.update(i for listed in chosen for i in listed)
            continue
        grid = _grid(glyphs, boxes, chosen, boxed)
        if grid is not None:
            used |= grid.used
            out.append(grid)
    return out, frozenset(boxed - used)


def _extent(boxes: Sequence[Box]) -> float:
    return (max(b[2] for b in boxes) - min(b[0] for b in boxes)) * (max(b[3] for b in boxes) - min(b[1] for b in boxes))


def _within(centres: Floats, box: Box, used: set[int]) -> list[int]:
    x0, y0, x1, y1 = box
    begin, end = np.searchsorted(centres[0], (x0, x1))  # characters in the order of their x
    y, numbers = centres[1, begin:end], centres[2, begin:end]
    listed = [i for i in numbers[(y > y0) & (y < y1)].astype(np.int64).tolist() if i not in used] if end > begin else []
    listed.sort()
    return listed


def _centres(glyphs: Glyphs) -> Floats:
    x, y = (glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]).T / 2
    order = np.argsort(x, kind="stable")
    return np.stack((x[order], y[order], order.astype(np.float64)))


def _is_comb(glyphs: Glyphs, boxes: Sequence[Box], chosen: list[list[int]]) -> bool:
    """Whether it is one row of narrow boxes with a character in each."""
    texts = ["".join(glyphs.chars[i] for i in listed).strip() for listed in chosen]
    if len(boxes) < 3 or max(map(len, texts)) != 1 or sum(map(bool, texts)) < 2 or not comb("".join(texts)):
        return False
    top, bottom = min(b[1] for b in boxes), max(b[3] for b in boxes)
    return all(b[1] - top < 2.5 and bottom - b[3] < 2.5 and b[2] - b[0] < 40 for b in boxes)


def _grid(glyphs: Glyphs, boxes: Sequence[Box], chosen: list[list[int]], boxed: set[int]) -> Grid | None:
    if len(boxes) < 2:
        return None
    lefts, tops = _steps([b[0] for b in boxes]), _steps([b[1] for b in boxes])
    used: set[int] = set()
    rows: dict[int, list[tuple[int, str, Box]]] = {}
    for box, listed in sorted(zip(boxes, chosen, strict=True), key=lambda c: (c[0][1], c[0][0])):
        mine = [i for i in listed if i not in used]
        used.update(mine)
        text = cell_text(rows_of(glyphs, mine, frozenset(boxed.intersection(mine))), box[0], box[2])
        if text:
            rows.setdefault(_step(tops, box[1]), []).append((_step(lefts, box[0]), text, box))
    if not rows:
        return None
    found = [(row, _uncombed(sorted(listed), row, rows)) for row, listed in sorted(rows.items())]
    x1, y1 = max(b[2] for b in boxes), max(b[3] for b in boxes)
    return Grid(found, lefts, min(b[0] for b in boxes), min(b[1] for b in boxes), x1, y1, used)


def _uncombed(cells: list[tuple[int, str, Box]], row: int, rows: dict[int, list[tuple[int, str, Box]]]) -> list[tuple[int, str]]:
    """The row with numbers that stand one digit to a cell joined, where no other row has cells of that kind."""
    out: list[tuple[int, str]] = []
    at = 0
    while at < len(cells):
        end = at
        while end < len(cells) and len(cells[end][1]) == 1 and comb(cells[end][1]) and cells[end][2][2] - cells[end][2][0] < 40:
            if end > at and cells[end][2][0] - cells[end - 1][2][2] > 2.5:
                break
            end += 1
        inner = [box[0] for _, _, box in cells[at + 1 : end]]
        if len(inner) >= 3 and not _shared(inner, row, rows):
            out.append((cells[at][0], "".join(text for _, text, _ in cells[at:end])))
            at = end
        else:
            out.append(cells[at][:2])
            at += 1
    return out


def _shared(borders: list[float], row: int, rows: dict[int, list[tuple[int, str, Box]]]) -> bool:
    """Whether half of these borders part other rows too: then they are columns."""
    others = [box[0] for n, listed in rows.items() if n != row for _, text, box in listed]
    return sum(any(abs(x0 - border) < 2.5 for x0 in others) for border in borders) * 2 >= len(borders)


def _steps(values: list[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > 2.5:
            out.append(value)
    return out


def _step(steps: list[float], value: float) -> int:
    return int(np.searchsorted(np.array(steps), value + 2.5, side="right"))
