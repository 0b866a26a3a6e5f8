"""Boxes between ruling lines: what pdfplumber's own search finds, on pages of every kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pdfplumber import table

from scanner.extract.pdfcells import boxes

PLACE = st.integers(0, 12).map(lambda n: 7.0 * n)
LINES = st.lists(st.tuples(st.booleans(), PLACE, PLACE, PLACE), max_size=40)


def edge(level: bool, at: float, one: float, other: float) -> dict[str, object]:
    a, b = sorted((one, other))
    x0, x1, top, bottom = (a, b, at, at) if level else (at, at, a, b)
    size = {"width": x1 - x0, "height": bottom - top, "doctop": top}
    return {"object_type": "line", "orientation": "hv"[not level], "x0": x0, "x1": x1, "top": top, "bottom": bottom, **size}


@given(LINES)
def test_the_same_boxes_as_pdfplumber(lines: list[tuple[bool, float, float, float]]) -> None:
    merged = table.merge_edges([edge(*line) for line in lines], 3, 3, 3, 3)
    assert boxes(merged) == table.intersections_to_cells(table.edges_to_intersections(merged, 3, 3))


def test_a_page_with_more_crossings_than_a_person_draws_is_read_without_them() -> None:
    lines = [edge(level, 5.0 * n, 0.0, 500.0) for level in (True, False) for n in range(100)]
    assert boxes(lines) == []
    assert len(boxes(lines[50:150])) == 49 * 49
