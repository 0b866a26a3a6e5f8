"""What words say of themselves."""

from __future__ import annotations

import pytest

from scanner.detect import gazetteer
from scanner.detect.nametraits import shape, traits
from scanner.detect.tagger import Tag
from tests.detect.reading import MODELS

SURNAME = ("名詞", "固有名詞", "人名", "姓", "*", "*")
NOUN = ("名詞", "普通名詞", "一般", "*", "*", "*")


def told(word: str, part: tuple[str, ...] = NOUN, *, unknown: bool = False) -> set[str]:
    return set(traits(word, part, unknown, lambda _: (Tag.NOUN, Tag.PLACE), gazetteer.names(MODELS), gazetteer.towns(MODELS)))


@pytest.mark.parametrize(
    ("word", "form"), [("山田", "K"), ("ヴォルコワ", "T"), ("Tanaka", "Aa"), ("お茶", "HK"), ("12/5", "9S9"), ("", "")]
)
def test_shape(word: str, form: str) -> None:
    assert shape(word) == form


def test_a_surname_is_told_by_the_gazetteer_and_the_dictionary() -> None:
    said = told("佐藤", SURNAME)
    assert {"w佐藤", "s6", "p名詞/固有名詞/人名/姓"} <= said and not any(t.startswith("g") for t in said)


def test_names_that_are_no_surnames() -> None:
    assert {t[0] for t in told("太郎")} & {"g"}
    assert "split" in told("山田太郎")
    assert "begins2" in told("高橋電機")
    assert "ksplit" in told("ヤマダタロウ")


def test_places_companies_and_titles() -> None:
    assert "city" in told("千葉市")
    assert "org" in told("株式会社")
    assert any(t.startswith("t") for t in told("課長"))


def test_all_that_the_dictionary_has_under_a_spelling() -> None:
    assert "K4-6" in told("千葉")


def test_figures_are_alike_and_an_unknown_word_says_so() -> None:
    assert told("12") == told("34")
    assert "q名詞/普通名詞?" in told("ぬぬぬ", unknown=True)


def test_a_very_long_word_is_cut() -> None:
    assert told("山" * 24) == told("山" * 9_000)
