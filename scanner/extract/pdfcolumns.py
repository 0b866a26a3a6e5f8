"""Finds what white space alone sets apart on a page: tables without rules, forms, columns of prose."""

from __future__ import annotations

import numpy as np

from scanner.extract.pdflines import Piece, Row
from scanner.extract.pdftables import Cells, Sheet
from scanner.extract.pdfwraps import cell_text, joint

_FILLED, _TIERS = 0.6, 0.35
_PROSE = 7  # letters of half of the lines of a column: a column of names is shorter


def aligned(rows: list[Row], known: list[float]) -> list[list[Row] | Sheet]:
    """The lines in stretches: those that are a table by its white space as cells, the others as they are.

    ``known``: where the columns of the table begin that may go on from the page before: then one line is enough.
    """
    rows = _folded(rows)
    out: list[list[Row] | Sheet] = []
    plain: list[Row] = []
    at = 0
    while at < len(rows):
        end = _stretch(rows, at, bool(known))
        least = 1 if known and _fits(rows[at:end], known) else 3
        table = _columns(rows[at:end], least) if end - at >= least else None
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


def _folded(rows: list[Row]) -> list[Row]:
    """The lines with a cell of an even number of lines put beside what stands at half its height: a label in the middle."""
    out: list[Row] = []
    n = 0
    while n < len(rows):
        above = _half(rows, n, -1) if n else []
        above = above[: len(out)] if all(a is b for a, b in zip(above, reversed(out), strict=False)) else []
        below = _half(rows, n, 1)[: len(above)]
        above = above[: len(below)]
        if not below or below[0].y0 - above[0].y1 > 0.8 * above[0].size or abs(below[0].x0 - above[0].x0) > below[0].size:
            out.append(rows[n])
            n += 1
            continue
        cell = [*reversed(above), *below]
        right = max(row.x1 for row in cell)
        text = cell_text(cell, min(row.x0 for row in cell), right)
        piece = Piece(text.replace("\n", " "), min(row.x0 for row in cell), cell[0].y0, right, cell[-1].y1)
        del out[len(out) - len(above) :]
        out.append(Row(sorted([*rows[n].pieces, piece], key=lambda p: p.x0)))
        n += 1 + len(below)
    return out


def _half(rows: list[Row], n: int, step: int) -> list[Row]:
    """The single pieces near above or below a line, in a column where the line itself has nothing, nearest first."""
    out: list[Row] = []
    last = rows[n]
    at = n + step
    while 0 <= at < len(rows) and len(rows[at].pieces) == 1 and len(out) < 6:
        row = rows[at]
        gap = max(row.y0, last.y0) - min(row.y1, last.y1)
        if row.x0 <= rows[n].x0 + row.size or gap > (0.0 if last is rows[n] else 0.8 * row.size):
            break
        if any(p.x1 > row.x0 - row.size / 2 and p.x0 < row.x1 for p in rows[n].pieces) or (
            out and abs(row.x0 - out[0].x0) > row.size
        ):
            break
        out.append(row)
        last = row
        at += step
    return out


def _fits(rows: list[Row], known: list[float]) -> bool:
    """Whether every piece begins where a column does, and the lines fill at least two columns."""
    near = [[n for n, x0 in enumerate(known) if abs(p.x0 - x0) < 0.8 * p.size] for row in rows for p in row.pieces]
    return all(near) and len({n for found in near for n in found}) >= 2


def _stretch(rows: list[Row], at: int, ahead: bool) -> int:
    """End of the lines from ``at`` on that have several pieces, or carry a piece of the line above on.

    ``ahead``: the first line may be one that a cell of the next line begins with.
    """
    end = at
    while end < len(rows) and (len(rows[end].pieces) > 1 or ((ahead or end > at) and _carries(rows, end))):
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


def _columns(rows: list[Row], least: int) -> Sheet | None:
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
    alone = sum(len(row.pieces) == 1 and _carries(rows, n) for n, row in enumerate(rows))
    if filled < least or filled < 0.7 * (len(rows) - alone):
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
    return Sheet(out, [x0 for x0, _ in borders])


def _grouped(rows: list[Row], size: float) -> list[list[Row]]:
    """Lines that make one row of the table: what is only carried on stands nearer than the next row."""
    gaps = [0.0] + [b.y0 - a.y1 for a, b in zip(rows, rows[1:], strict=False)]  # noqa: RUF007
    usual = float(np.quantile(gaps[1:], 0.75)) if len(rows) > 1 else 0.0
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


def in_reading_order(rows: list[Row], *, upright: bool = False) -> list[list[Row]]:
    """Stretches in reading order: where two columns of prose stand side by side, first the left one, then the right one.

    ``upright``: lines run downwards, so columns are tiers; those end where a sentence does more often, and forms are seldom so.
    """
    gutter = _gutter(rows, _TIERS if upright else _FILLED)
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


def _gutter(rows: list[Row], filled: float) -> float | None:
    """Where two columns of prose part, or None. ``filled``: the least share of a column's width that half of its lines take."""
    if len(rows) < 12:
        return None
    x0, x1 = min(r.x0 for r in rows), max(r.x1 for r in rows)
    width = x1 - x0
    size = float(np.median([row.size for row in rows]))
    places = np.arange(x0 + 0.3 * width, x0 + 0.7 * width, max(size / 2, 2.0))
    pieces = np.array([(p.x0, p.x1) for r in rows for p in r.pieces])
    begins = np.cumsum([0, *(len(r.pieces) for r in rows[:-1])])
    across = (pieces[None, :, 0] < places[:, None] + size / 4) & (pieces[None, :, 1] > places[:, None] - size / 4)
    crossed = np.logical_or.reduceat(across, begins, axis=1).sum(axis=1)  # lines with a piece there
    if not len(places) or crossed.min() >= 0.08 * len(rows):
        return None
    best = float(places[crossed.argmin()])
    for side in ([p for r in rows for p in r.pieces if p.x1 <= best], [p for r in rows for p in r.pieces if p.x0 >= best]):
        if len(side) < 6:
            return None
        span = max(p.x1 for p in side) - min(p.x0 for p in side)
        usual = float(np.median([p.x1 - p.x0 for p in side]))
        if usual < filled * span or usual < _PROSE * size or span < 12 * size:
            return None
    return best
