"""From shares for words to names."""

from __future__ import annotations

import numpy as np

from scanner.detect.namespans import spans
from scanner.detect.tagger import Tag, Word

LINE = "田中 太郎・林が"
WORDS = [
    Word(Tag.SURNAME, 0, 2), Word(Tag.SPACE, 2, 3), Word(Tag.GIVEN, 3, 5), Word(Tag.SYMBOL, 5, 6), Word(Tag.SURNAME, 6, 7),
    Word(Tag.PARTICLE, 7, 8),
]  # fmt: skip


def told(*shares: tuple[float, float]) -> list[tuple[str, float]]:
    return [(LINE[a:b], round(v, 2)) for a, b, v in spans(WORDS, np.array(shares, dtype=np.float32), 0.5)]


def test_a_name_of_two_words_and_another_one() -> None:
    assert told((0.9, 0), (0, 0.9), (0.1, 0.7), (0, 0), (0.8, 0), (0, 0)) == [("田中 太郎", 0.85), ("林", 0.8)]


def test_symbols_at_the_end_belong_to_no_name() -> None:
    assert told((0.9, 0), (0, 0.9), (0, 0.9), (0, 0.8), (0, 0), (0, 0)) == [("田中 太郎", 0.9)]


def test_a_new_beginning_ends_the_name_before() -> None:
    assert told((0.9, 0), (0, 0.6), (0.8, 0.1), (0, 0), (0, 0), (0, 0)) == [("田中", 0.9), ("太郎", 0.9)]


def test_nothing_below_the_least_value_and_no_lone_symbol() -> None:
    assert told((0.4, 0.05), (0, 0), (0, 0), (0.9, 0), (0, 0), (0, 0)) == []
