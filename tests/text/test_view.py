"""The view is exactly fold(NFKC(text)), and every way back covers what it came from."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Block, Kind, Line
from scanner.text.blocks import BlockWriter
from scanner.text.japanese import INVISIBLE, VARIANTS
from scanner.text.view import Reading, fold, read, view_of

TRICKY = (
    "ｶﾞｷﾞﾊﾟﾋﾟｱｲｳﾔﾏﾀﾞﾞﾟタロウ山田髙﨑邉𠮷𣘺１２３４５－‐–—ー〒東京都①㍿㈱㌔㍻ﬁABCａｂｃ 　\u00a0か\u3099は\u309aé" + "e\u0301"
    "葛\U000e0100城\ufe00한\u1112\u1161\u11abﾡￂ\uffa0\u0344ൊൊ\u09c7\u09be\u200b\u00ad\ufeff\u202e\ud800\udfffẛ̣ﷺ\n\t。、～〜"
)
texts = st.one_of(
    st.text(alphabet=TRICKY, max_size=60),
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet="1234ー０１‐ 髙ｶﾞ", max_size=30),
)


def reading_of(text: str) -> Reading:
    return read(Block(0, text, Kind.TEXT, Line(1), np.zeros(1, dtype=np.int32)))


@settings(max_examples=1500, deadline=None)
@given(texts)
def test_view_is_fold_of_nfkc(text: str) -> None:
    assert view_of(text)[0] == fold(unicodedata.normalize("NFKC", text))


@settings(max_examples=800, deadline=None)
@given(texts, st.data())
def test_raw_span_covers_what_the_view_shows(text: str, data: st.DataObject) -> None:
    reading = reading_of(text)
    if not reading.text:
        return
    start = data.draw(st.integers(0, len(reading.text) - 1))
    end = data.draw(st.integers(start + 1, len(reading.text)))
    span = reading.raw(start, end)
    assert 0 <= span.start < span.end <= len(text)
    covered = fold(unicodedata.normalize("NFKC", text[span.start : span.end]))
    shown = reading.text[start:end]
    # what surrounds decides about ー between digits: alone it stays
    assert shown.replace("-", "ー") in covered.replace("-", "ー")


@settings(max_examples=500, deadline=None)
@given(texts)
def test_raw_spans_of_neighbours_leave_nothing_out(text: str) -> None:
    reading = reading_of(text)
    spans = [reading.raw(i, i + 1) for i in range(len(reading.text))]
    missing = set(range(len(text))) - {n for span in spans for n in range(span.start, span.end)}
    assert all(text[n] in INVISIBLE for n in missing)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(spans))


@settings(max_examples=500, deadline=None)
@given(texts, st.data())
def test_view_position_leads_back(text: str, data: st.DataObject) -> None:
    reading = reading_of(text)
    if not reading.text:
        return
    at = data.draw(st.integers(0, len(reading.text) - 1))
    span = reading.raw(at, at + 1)
    assert reading.view(span.start) <= at < max(at + 1, reading.view(span.end))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet=TRICKY.replace("\n", "").replace("\t", ""), max_size=8), min_size=1, max_size=8))
def test_cells_keep_their_borders(cells: list[str]) -> None:
    rows = [(1, [(n, text) for n, text in enumerate(cells, 1)])]
    for block in BlockWriter().table(rows, Line(1)):
        reading = read(block)
        for i in range(len(block.starts)):
            start, end = block.cell_span(i)
            low, high = reading.cell(i)
            assert reading.text[low:high] == fold(unicodedata.normalize("NFKC", "\t" + block.text[start:end]))[1:]


@pytest.mark.parametrize(
    ("raw", "view"),
    [
        ("ﾔﾏﾀﾞ　ﾀﾛｳ", "ヤマダ タロウ"),
        ("０３ー１２３４‐５６７８", "03-1234-5678"),
        ("ハーバー1ー2", "ハーバー1-2"),
        ("髙橋・渡邉・𠮷田", "高橋・渡辺・吉田"),
        ("葛\U000e0100城市", "葛城市"),
        ("090\u200b1234\u00ad5678", "09012345678"),
        ("㈱みどり①", "(株)みどり1"),
    ],
)
def test_view_of_what_people_write(raw: str, view: str) -> None:
    assert view_of(raw)[0] == view


def test_an_expanding_character_is_covered_as_a_whole() -> None:
    reading = reading_of("山田㈱ｶﾞ2")
    assert reading.text == "山田(株)ガ2"
    at = reading.text.index("株")
    assert reading.raw(at, at + 1) == reading.raw(at - 1, at + 2)
    span = reading.raw(reading.text.index("ガ"), reading.text.index("ガ") + 1)
    assert reading.block.text[span.start : span.end] == "ｶﾞ"


def test_folding_twice_changes_nothing() -> None:
    for old, new in VARIANTS.items():
        assert fold(old) == new == fold(new)


@pytest.mark.parametrize(
    ("text", "least"),
    [("本契約は甲と乙との間で締結する。氏名 山田太郎 電話 03-1234-5678\n", 50), ("ﾔﾏﾀﾞ ﾀﾛｳ,100-0001,東京都千代田区千代田1-1\n", 12)],
    ids=["prose", "half-width kana"],
)
def test_speed(text: str, least: float) -> None:
    """Megabytes of UTF-8 a second of processor time: a fifth of what a quiet machine of 2023 does."""
    window = (text * 4_000)[:65_536]
    view_of(window)

    def once() -> float:
        began = time.process_time()
        for _ in range(8):
            view_of(window)
        return time.process_time() - began

    best = min(once() for _ in range(5))
    assert 8 * len(window.encode()) / 1e6 / best > least
