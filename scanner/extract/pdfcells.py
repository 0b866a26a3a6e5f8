"""From ruling lines to the boxes between them: pdfplumber's definition of a cell, without its search through every point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]
_NEAR = 3.0  # points by which lines may miss each other
_CROSSINGS = 8_000  # crossings of ruling lines: more take seconds, the page is read without its rules


def boxes(merged: Sequence[dict[str, Any]]) -> list[Box]:
    """The smallest box to the lower right of each crossing, all four of its sides drawn; none when there are too many crossings.

    ``merged``: edges as pdfplumber's ``merge_edges`` gives them.
    """
    flat = [e for e in merged if e["orientation"] == "h"]
    down = [e for e in merged if e["orientation"] == "v"]
    crossing = _crossing(flat, down)
    if np.count_nonzero(crossing) > _CROSSINGS:
        return []
    along: dict[tuple[float, float], int] = {}  # for each point the vertical lines through it, a bit each; across: the level ones
    across: dict[tuple[float, float], int] = {}
    for h, v in zip(*(found.tolist() for found in np.nonzero(crossing)), strict=True):
        point = (down[v]["x0"], flat[h]["top"])
        along[point] = along.get(point, 0) | 1 << v
        across[point] = across.get(point, 0) | 1 << h
    columns: dict[float, list[float]] = {}
    rows: dict[float, list[float]] = {}
    for x, y in sorted(along, reverse=True):
        columns.setdefault(x, []).append(y)
        rows.setdefault(y, []).append(x)
    out = []
    for x, y in sorted(along):
        columns[x].pop()  # what is left lies below, and to the right
        rows[y].pop()
        below = [b for b in reversed(columns[x]) if along[x, y] & along[x, b]]
        right = [r for r in reversed(rows[y]) if across[x, y] & across[r, y]] if below else []
        corner = next(((r, b) for b in below for r in right if _closed(x, y, r, b, along, across)), None)
        if corner is not None:
            out.append((x, y, *corner))
    return out


def _closed(
    x: float, y: float, right: float, below: float, along: dict[tuple[float, float], int], across: dict[tuple[float, float], int]
) -> bool:
    corner = (right, below)
    return bool(along.get(corner, 0) & along[right, y] and across[corner] & across[x, below])


def _crossing(flat: Sequence[dict[str, Any]], down: Sequence[dict[str, Any]]) -> npt.NDArray[np.bool_]:
    """Which level lines (rows) meet which vertical ones (columns)."""
    level = np.array([(e["x0"], e["x1"], e["top"]) for e in flat]).reshape(-1, 3)
    upright = np.array([(e["top"], e["bottom"], e["x0"]) for e in down]).reshape(-1, 3)
    over = (level[:, None, 0] - _NEAR <= upright[None, :, 2]) & (upright[None, :, 2] <= level[:, None, 1] + _NEAR)
    within = (upright[None, :, 0] - _NEAR <= level[:, None, 2]) & (level[:, None, 2] <= upright[None, :, 1] + _NEAR)
    found: npt.NDArray[np.bool_] = over & within
    return found
