"""Composed lines mark every person where one stands, and nobody in lines that name none."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from models.build import folded
from models.names import compose
from models.names.compose import SLOT, Composer, foreign_names, in_parts, templates
from models.names.corpora import NOBODY, ORGANISATION, PARTS, PERSON, parted
from models.names.people import People
from scanner.detect import gazetteer

MODELS = Path(__file__).resolve().parent.parent.parent / "models"


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(gazetteer.names(MODELS), gazetteer.towns(MODELS), foreign_names(MODELS), 3)


def _only(composer: Composer, monkeypatch: pytest.MonkeyPatch, *, people: list[str], nobody: list[str]) -> list[compose.Sentence]:
    """Lines made of these templates alone."""
    monkeypatch.setattr(composer, "with_people", [people] * PARTS)
    monkeypatch.setattr(composer, "without", [nobody] * PARTS)
    for name in ("_BEFORE", "_SPEAKERS", "_BETWEEN"):
        monkeypatch.setattr(compose, name, ("* ",))
    return [s for s in composer.compose(300) if s.spans and s.spans[0][2] not in (ORGANISATION, "place")]


def test_every_template_can_be_filled_and_those_of_people_name_somebody() -> None:
    for name in ("people", "nobody"):
        listed = templates(name)
        assert len(listed) > 500
        assert {slot for line in listed for slot in SLOT.findall(line)} <= set("psgfkeotlhrxzdn")
        assert all(line == folded(line) for line in listed)
        assert name == "nobody" or all(set("psgfke") & set(SLOT.findall(line)) for line in listed)


def test_a_slot_of_a_person_is_marked_from_end_to_end(composer: Composer, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _only(composer, monkeypatch, people=["担当は{s}です"], nobody=["担当は{s}町です"])
    named = [s.text[a:b] for s in made for a, b, kind in s.spans if kind == PERSON]
    assert len(named) > 100
    assert all("担当は" not in name and "です" not in name and "*" not in name for name in named)
    assert sum(f"担当は{name}です" in "".join(s.text for s in made) for name in named) == len(named)


def test_surname_and_given_name_are_one_person(composer: Composer, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _only(composer, monkeypatch, people=["{s}{g}と{s} {g}"], nobody=["会議"])
    for sentence in made:
        persons = [(a, b) for a, b, kind in sentence.spans if kind == PERSON]
        assert all(second - end > 1 or "と" in sentence.text[end:second] for (_, end), (second, _) in pairwise(persons))


def test_a_surname_that_a_house_bears_is_no_person(composer: Composer, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _only(composer, monkeypatch, people=["{s}クリニックを受診", "{s}支店の前"], nobody=["{s}の花", "{p}の絵"])
    assert made
    assert not any(kind == PERSON for s in made for *_, kind in s.spans)
    assert any(kind == NOBODY for s in made for *_, kind in s.spans)


def test_lines_are_read_sentence_by_sentence_as_the_product_does() -> None:
    first, second = parted("林です。森さんへ。", [(0, 9, NOBODY), (0, 1, PERSON), (4, 5, PERSON)], "composed")
    assert (first.text, first.spans) == ("林です。", ((0, 4, NOBODY), (0, 1, PERSON)))
    assert (second.text, second.spans) == ("森さんへ。", ((0, 5, NOBODY), (0, 1, PERSON)))


def test_surnames_that_no_gazetteer_has_are_among_the_people() -> None:
    names = gazetteer.names(MODELS)
    people = People(names, ["ジョン"], random.Random(1))
    drawn = [people.any_surname() for _ in range(400)]
    strange = [word for word in drawn if word not in names.surnames and not word.isascii()]
    assert 20 < len(strange) < 120
    assert not any(word in names.vocabulary for word in strange if "一" <= word[0] <= "鿿")


def test_a_line_holds_templates_of_one_part_so_that_others_are_new_to_a_network(
    composer: Composer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = in_parts(templates("people"))
    assert sorted(line for part in parts for line in part) == sorted(templates("people"))
    assert min(map(len, parts)) > 300
    numbered = [[f"{{s}}が{n}へ"] for n in range(PARTS)]
    monkeypatch.setattr(composer, "with_people", numbered)
    monkeypatch.setattr(composer, "without", numbered)
    made = [s for s in composer.compose(300) if "が" in s.text]
    assert {s.part for s in made} == set(range(PARTS))
    assert all(f"が{s.part}へ" in s.text for s in made)
