"""Finds the tables of a page: by ruling lines with pdfplumber's grid finder, by columns of white space without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scanner.extract.pdfglyphs import Edge, Glyphs
from scanner.extract.pdflines import Piece, Row, cell_text, joint, rows_of

Cells = list[tuple[int, list[tuple[int, str]]]]
_CROSSINGS = 600_000  # pairs of edges: more take too long, the page is read without its rules


@dataclass(slots=True)
class Grid:
    """A table: where it lies and its rows."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: Cells
    used: set[int]  # characters


def ruled(glyphs: Glyphs, edges: list[Edge]) -> list[Grid]:
    """The tables that ruling lines make, with every character that stands in a cell."""
    flat = sum(e.flat for e in edges)
    if not flat >= 2 or len(edges) - flat < 2 or flat * (len(edges) - flat) > _CROSSINGS or not glyphs.chars:
        return []
    from pdfplumber import table as finder  # costs a third of a second: only for pages that have rules

    listed = [
        {
            "object_type": "line", "orientation": "h" if e.flat else "v", "x0": e.x0, "x1": e.x1, "top": e.y0, "bottom": e.y1,
            "width": e.x1 - e.x0, "height": e.y1 - e.y0, "doctop": e.y0,
        }
        for e in edges
    ]  # fmt: skip
    merged = finder.merge_edges(listed, 3, 3, 3, 3)
    if len(merged) > 3_000:
        return []
    cells = finder.intersections_to_cells(finder.edges_to_intersections(merged, 3, 3))
    grids = [_grid(glyphs, boxes) for boxes in finder.cells_to_tables(cells)]
    return [g for g in grids if g is not None]


def _grid(glyphs: Glyphs, cells: Iterable[tuple[float, float, float, float]]) -> Grid | None:
    boxes = sorted(cells, key=lambda c: (c[1], c[0]))
    if len(boxes) < 2:
        return None
    centres = (glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]) / 2
    lefts, tops = _steps([b[0] for b in boxes]), _steps([b[1] for b in boxes])
    used: set[int] = set()
    rows: dict[int, list[tuple[int, str]]] = {}
    for x0, y0, x1, y1 in boxes:
        within = (centres[:, 0] > x0) & (centres[:, 0] < x1) & (centres[:, 1] > y0) & (centres[:, 1] < y1)
        chosen = [i for i in np.flatnonzero(within).tolist() if i not in used]
        used.update(chosen)
        text = cell_text(rows_of(glyphs, chosen), x0, x1)
        if text:
            rows.setdefault(_step(tops, y0), []).append((_step(lefts, x0), text))
    if not rows:
        return None
    found = [(row, sorted(listed)) for row, listed in sorted(rows.items())]
    return Grid(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes), found, used)


def _steps(values: list[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > 2.5:
            out.append(value)
    return out


def _step(steps: list[float], value: float) -> int:
    return int(np.searchsorted(np.array(steps), value + 2.5, side="right"))


# ---------------------------------------------------------------- without rules


def aligned(rows: list[Row]) -> list[list[Row] | Cells]:
    """The lines in stretches: those that are a table by its white space as cells, the others as they are."""
    out: list[list[Row] | Cells] = []
    plain: list[Row] = []
    at = 0
    while at < len(rows):
        end = _stretch(rows, at)
        table = _columns(rows[at:end]) if end - at >= 3 else None
        if table is None:
            plain.append(rows[at])
            at += 1
            continue
        if plain:
            out.append(plain)
            plain = []
        out.append(table)
        at = end
    if plain:
        out.append(plain)
    return out


def _stretch(rows: list[Row], at: int) -> int:
    """End of the lines from ``at`` on that have several pieces, or carry a piece of the line above on."""
    end = at
    while end < len(rows) and (len(rows[end].pieces) > 1 or (end > at and _carries(rows, end))):
        if end > at and rows[end].y0 - rows[end - 1].y1 > 2.5 * rows[end].size:
            break
        end += 1
    return end


def _carries(rows: list[Row], n: int) -> bool:
    """A single piece near the line above or below, beneath or above one of its pieces but the first."""
    piece = rows[n].pieces[0]
    for other in (n - 1, n + 1):
        if not 0 <= other < len(rows) or len(rows[other].pieces) < 2:
            continue
        near = max(rows[n].y0, rows[other].y0) - min(rows[n].y1, rows[other].y1) < 0.7 * piece.size
        beyond = piece.x0 > rows[other].x0 + piece.size
        if near and beyond and any(abs(p.x0 - piece.x0) < piece.size for p in rows[other].pieces):
            return True
    return False


def _columns(rows: list[Row]) -> Cells | None:
    """Rows with columns parted by white space that goes through all of them."""
    size = float(np.median([row.size for row in rows]))
    spans = sorted((p.x0, p.x1) for row in rows for p in row.pieces)
    borders: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if borders and x0 - borders[-1][1] < 0.8 * size:
            borders[-1] = (borders[-1][0], max(borders[-1][1], x1))
        else:
            borders.append((x0, x1))
    if len(borders) < 2:
        return None
    filled = sum(len({_column(borders, p) for p in row.pieces}) >= 2 for row in rows)
    if filled < 3 or filled < 0.7 * len(rows):
        return None
    out: Cells = []
    for group in _grouped(rows, size):
        cells: dict[int, str] = {}
        last: dict[int, Row] = {}
        for row in group:
            for piece in row.pieces:
                column, line = _column(borders, piece), Row([piece])
                if column in last and last[column].y1 > piece.middle:
                    cells[column] += f" {piece.text.strip()}"
                elif column in last:
                    glue = joint(last[column], line, borders[column - 1][1], cell=True)
                    cells[column] += ("\n" if glue is None else glue) + piece.text.strip()
                else:
                    cells[column] = piece.text.strip()
                last[column] = line
        out.append((len(out) + 1, sorted(cells.items())))
    return out


def _grouped(rows: list[Row], size: float) -> list[list[Row]]:
    """Lines that make one row of the table: what is only carried on stands nearer than the next row."""
    gaps = [0.0] + [b.y0 - a.y1 for a, b in zip(rows, rows[1:], strict=False)]  # noqa: RUF007
    usual = float(np.quantile(gaps[1:], 0.75))
    out: list[list[Row]] = []
    for n, row in enumerate(rows):
        few = len(row.pieces) == 1 or (n > 0 and len(rows[n - 1].pieces) == 1)
        ahead = gaps[n + 1] if n + 1 < len(rows) else float("inf")
        leads = len(row.pieces) == 1 and ahead < gaps[n] - 0.1 * size
        near = gaps[n] < 0.7 * size and few and not leads
        if out and (near or (gaps[n] < usual - 0.35 * size and not leads)):
            if len(row.pieces) > 1 and any(len(r.pieces) > 1 for r in out[-1]) and not gaps[n] < usual - 0.35 * size:
                out.append([row])
            else:
                out[-1].append(row)
        else:
            out.append([row])
    return out


def _column(borders: list[tuple[float, float]], piece: Piece) -> int:
    return next((n for n, (_, x1) in enumerate(borders, 1) if piece.x0 <= x1), len(borders))


# ---------------------------------------------------------------- columns of prose


def in_reading_order(rows: list[Row]) -> list[list[Row]]:
    """Stretches in reading order: where two columns of prose stand side by side, first the left one, then the right one."""
    gutter = _gutter(rows)
    if gutter is None:
        return [rows] if rows else []
    out: list[list[Row]] = []
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        before = [p for p in row.pieces if p.x1 <= gutter]
        behind = [p for p in row.pieces if p.x0 >= gutter]
        if len(before) + len(behind) < len(row.pieces):  # goes across: a title
            out += [part for part in (left, right, [row]) if part]
            left, right = [], []
            continue
        if before:
            left.append(Row(before))
        if behind:
            right.append(Row(behind))
    return out + [part for part in (left, right) if part]


def _gutter(rows: list[Row]) -> float | None:
    """Where two columns of prose part, or None."""
    if len(rows) < 12:
        return None
    x0, x1 = min(r.x0 for r in rows), max(r.x1 for r in rows)
    width = x1 - x0
    size = float(np.median([row.size for row in rows]))
    best: float | None = None
    fewest = 0.08 * len(rows)
    for at in np.arange(x0 + 0.3 * width, x0 + 0.7 * width, max(size / 2, 2.0)).tolist():
        crossed = sum(any(p.x0 < at + size / 4 and p.x1 > at - size / 4 for p in row.pieces) for row in rows)
        if crossed < fewest:
            fewest, best = crossed, at
    if best is None:
        return None
    for side in ([p for r in rows for p in r.pieces if p.x1 <= best], [p for r in rows for p in r.pieces if p.x0 >= best]):
        if len(side) < 6:
            return None
        span = max(p.x1 for p in side) - min(p.x0 for p in side)
        if float(np.median([p.x1 - p.x0 for p in side])) < 0.6 * span or span < 12 * size:
            return None
    return best
