"""Windows, cells and anchors."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.model import WINDOW, Cell, Kind, Line, Page
from scanner.text.blocks import BlockWriter


@given(st.lists(st.text(alphabet="あa\n", max_size=40), max_size=30))
def test_text_windows_lose_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)
    got = "\n".join(b.text for b in BlockWriter().text(text, Line(1)))
    assert got.replace("\n", "") == text.replace("\n", "")


def test_a_long_text_is_cut_at_lines_and_keeps_its_line_numbers() -> None:
    lines = [f"行{n}" + "あ" * 90 for n in range(2000)]
    blocks = list(BlockWriter().text("\n".join(lines), Line(1)))
    assert len(blocks) > 1 and all(len(b.text) <= WINDOW for b in blocks)
    at = blocks[1].text.index("行", 200)
    anchor = blocks[1].anchor(at)
    assert isinstance(anchor, Line)
    assert lines[anchor.line - 1].startswith(blocks[1].text[at : at + 5])


def test_one_endless_line_is_cut_where_it_must_be() -> None:
    blocks = list(BlockWriter().text("x" * (WINDOW * 2 + 5), Line(1)))
    assert [len(b.text) for b in blocks] == [WINDOW, WINDOW, 5]
    assert all(b.place == Line(1) for b in blocks)


@given(st.lists(st.lists(st.text(alphabet="あa1\n\t", max_size=9), min_size=1, max_size=5), min_size=1, max_size=20))
def test_cells_keep_their_text_and_place(rows: list[list[str]]) -> None:
    table = [(n, list(enumerate(cells, 1))) for n, cells in enumerate(rows, 1)]
    for block in BlockWriter().table(table, Cell("s", 1, 1)):
        for i in range(len(block.starts)):
            start, end = block.cell_span(i)
            anchor = block.anchor(start)
            assert isinstance(anchor, Cell)
            assert block.text[start:end] == rows[anchor.row - 1][anchor.column - 1].replace("\t", " ")


def test_a_cell_larger_than_a_window_is_cut_not_lost() -> None:
    huge = "漢" * (WINDOW + 100)
    blocks = list(BlockWriter().table([(1, [(1, "a"), (2, huge)])], Cell("s", 1, 1)))
    assert sum(b.text.count("漢") for b in blocks) == len(huge)
    assert all(len(b.text) <= WINDOW and b.kind is Kind.TABLE for b in blocks)


def test_page_anchors_count_lines() -> None:
    (block,) = BlockWriter().text("一\n二\n三", Page(3))
    assert block.anchor(4) == Page(3, 3)
