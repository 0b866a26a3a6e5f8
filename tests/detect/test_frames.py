"""Clauses composed from lists, and the listed words in them that stay the match."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.detect import lexicon
from tests.classify.samples import Bench, Drawn


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def found(bench: Bench, text: str) -> list[tuple[str, str]]:
    readings = bench.read(Drawn().text(text))
    return [(m.entity, text[m.start : m.end]) for m in bench.detector.detect(readings)]  # type: ignore[union-attr]


def test_list_of_words_stands_for_each_as_pattern_and_anchor(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        '[[macro]]\nname = "WHO"\nwords = ["父", "父方"]\n\n[[value]]\nid = "v"\nentity = "e"\ncategories = ["c"]\n'
        'anchors = ["{WHO}", "家"]\npattern = "{WHO}の家"\n',
        encoding="utf-8",
    )
    ((value, pattern),) = lexicon.load(tmp_path).values
    assert value.anchors == ("父", "父方", "家")
    assert pattern.pattern == "(?:父方|父)の家"


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("sexual_life", "戸籍は女性ですが、本人は男性として暮らしている"),
        ("family_origin", "父方は代々の宮司"),
        ("creed", "いかなる場合も輸血を受けません"),
        ("race_ethnicity", "祖母の代からのウタリ"),
        ("social_status", "婚姻外の出生"),
        ("crime_victim", "見知らぬ男に傘で腕をたたかれ"),
        ("criminal_record", "書類が検察に回った"),
        ("labour_union", "高教組の分会長をしている"),
        ("disability", "右半身が利かず"),
        ("exam_result", "血圧が152の98"),
    ],
)
def test_clauses_are_found(bench: Bench, entity: str, text: str) -> None:
    assert entity in [e for e, _ in found(bench, text)]


def test_listed_word_is_the_match(bench: Bench) -> None:
    assert ("health_condition", "うつ病") in found(bench, "うつ病で休んでいる")
    assert ("medication_or_treatment", "入院") in found(bench, "入院をしたため休む")
