"""What somebody filled in on an html page, the labels made for it, and the grid of a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_SPAN = 1_000  # columns or rows: the most that a merged cell may cover
SPACE = re.compile(r"[ \t\n\r\f]+")


def labels_of(root: Any) -> dict[str, str]:
    """Id of a filled-in control → text of the label made for it."""
    filled = {e.get("id"): e for e in root.iter("input", "select", "textarea") if e.get("id") and filled_in(e)}
    out: dict[str, str] = {}
    for label in root.iter("label"):
        target = label.get("for")
        if target in filled and target not in out:
            text = SPACE.sub(" ", "".join(label.itertext())).strip()
            if text and len(text) <= 100:
                out[target] = text
    return out


def filled_in(control: Any) -> str:
    """What somebody entered or chose in a control."""
    if control.tag == "input":
        kind = (control.get("type") or "text").lower()
        return (
            ""
            if kind in ("submit", "button", "reset", "image", "checkbox", "radio", "file", "hidden")
            else control.get("value") or ""
        )
    if control.tag == "textarea":
        return (control.text or "").strip()
    chosen = [e for e in control.iter("option") if e.get("selected") is not None]
    return SPACE.sub(" ", " ".join("".join(e.itertext()) for e in chosen)).strip()


def grid(table: Any, inner: Callable[[Any], str]) -> list[tuple[int, list[tuple[int, str]]]]:
    """Rows with each merged cell once, at its upper left corner."""
    covered: dict[int, int] = {}  # column → rows below this one that a cell above still covers
    out: list[tuple[int, list[tuple[int, str]]]] = []
    for number, row in enumerate(table.iter("tr"), 1):
        cells: list[tuple[int, str]] = []
        column = 1
        spans: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while covered.get(column, 0) > 0:
                column += 1
            text = inner(cell)
            if text:
                cells.append((column, text))
            wide, tall = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            if tall > 1:
                spans.update((column + n, tall - 1) for n in range(wide))
            column += wide
        covered = {c: n - 1 for c, n in covered.items() if n > 1}
        covered.update(spans)
        if cells:
            out.append((number, cells))
    return out


def _span(value: str | None) -> int:
    return min(int(value), _SPAN) if value and value.isascii() and value.isdigit() and int(value) else 1
