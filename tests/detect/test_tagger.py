"""Sudachi takes any text, however long or broken."""

from __future__ import annotations

from itertools import pairwise

from scanner.detect.tagger import Tag, tagger


def test_words_cover_the_line_in_order() -> None:
    line = "山田さんは\ud800髙島屋の前で待つ😀。" + "長い文章です。" * 8_000
    words = tagger().words(line)
    assert words[0].start == 0 and words[-1].end == len(line)
    assert all(a.end == b.start for a, b in pairwise(words))
    assert words[0].tag is Tag.SURNAME


def test_kinds_of_a_word() -> None:
    assert Tag.SURNAME in tagger().kinds("百目鬼")
    assert tagger().kinds("会議") == {Tag.NOUN}
    assert tagger().kinds("ぬぬぬぬ") == frozenset()
