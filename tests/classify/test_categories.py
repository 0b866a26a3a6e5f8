"""Categories, certainty and severity."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scanner import resources
from scanner.classify import categories
from scanner.classify.categories import Weighed, severity
from scanner.detect import lexicon
from scanner.model import Certainty, Evidence
from scanner.taxonomy import in_force

PATTERNS = resources.folder("patterns")


@pytest.fixture(scope="module")
def taxonomy() -> categories.Taxonomy:
    return categories.load(PATTERNS)


def test_every_category_names_its_law_and_a_known_layer(taxonomy: categories.Taxonomy) -> None:
    assert len(taxonomy.categories) == 18
    for c in taxonomy.categories.values():
        assert re.search(r"[0-9]条|規程", c.law), c.id
        assert c.layer in taxonomy.layers


def test_every_term_points_at_known_entities_and_categories(taxonomy: categories.Taxonomy) -> None:
    known = lexicon.load(PATTERNS)
    tables = [t for listed in (*known.terms.values(), *known.tails.values()) for t in listed] + [v for v, _ in known.values]
    for t in tables:
        assert t.entity in taxonomy.entities, t.id
        assert set(t.categories) <= set(taxonomy.categories), t.id
    assert {t.entity for t in tables} >= {e for e in taxonomy.entities if taxonomy.sensitive(e)} - {"exam_result"}


@pytest.mark.parametrize(
    ("names", "statement", "expected"),
    [
        (("medical_history",), "胃癌", Certainty.CLEAR),
        (("disability",), "要介護3", Certainty.REVIEW),
        (("disability",), "身体障害者手帳1級", Certainty.CLEAR),
        (("crime_victim",), "人身事故として届出", Certainty.REVIEW),
        (("crime_victim", "medical_history"), "人身事故", Certainty.CLEAR),
        (("health_and_medical_other",), "喫煙", Certainty.REVIEW),
    ],
)
def test_certainty(taxonomy: categories.Taxonomy, names: tuple[str, ...], statement: str, expected: Certainty) -> None:
    assert taxonomy.certainty(names, statement) is expected


def weighed(layer: str, evidence: Evidence | None, entity: str = "x", *, table: bool = False, confidence: float = 0.9) -> Weighed:
    return Weighed(layer, evidence, entity, table, confidence)


@pytest.mark.parametrize(
    ("found", "persons", "expected"),
    [
        ([], 0, "S0"),
        ([weighed("special_care_required", Evidence.MENTION)], 0, "S1"),
        ([weighed("special_care_required", Evidence.NEGATED)], 1, "S1"),
        ([weighed("special_care_required", Evidence.INFERENCE)], 1, "S2"),
        ([weighed("special_care_required", Evidence.ASSERTED_UNLINKED)], 1, "S3"),
        ([weighed("special_care_required", Evidence.LINKED_DIRECT)], 1, "S4"),
        ([weighed("special_care_required", Evidence.LINKED_DIRECT)], 1_001, "S5"),
        ([weighed("special_care_required", Evidence.LINKED_INDIRECT, confidence=0.3)], 1, "S2"),
        ([weighed("personal_information", None)], 1, "S2"),
        ([weighed("personal_information", None, table=True)], 900, "S3"),
        ([weighed("personal_information", None, table=True)], 3_214, "S4"),
        ([weighed("individual_identification_code", None, "my_number")], 1, "S5"),
        ([weighed("individual_identification_code", None, "passport_number", table=True)], 9, "S4"),
        ([weighed("not_personal", None)], 0, "S0"),
    ],
)
def test_severity_follows_the_table(taxonomy: categories.Taxonomy, found: list[Weighed], persons: int, expected: str) -> None:
    assert severity(found, persons, taxonomy.layers) == expected


def test_loader_names_file_and_table(tmp_path: Path) -> None:
    (tmp_path / "entities.toml").write_text('[[entity]]\nid = "a"\nja = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"entities\.toml: entity 'a'"):
        categories.load(tmp_path)


def test_a_coming_amendment_is_a_file_with_a_date(tmp_path: Path) -> None:
    now = tmp_path / "categories.toml"
    now.write_text("[ruleset]\nid = 'jp-appi'\neffective_from = 2024-04-01\n", encoding="utf-8")
    assert in_force(tmp_path) == now
    coming = tmp_path / "categories-2027.toml"
    coming.write_text("[ruleset]\nid = 'jp-appi'\neffective_from = 2027-04-01\n", encoding="utf-8")
    assert in_force(tmp_path, date(2027, 3, 31)) == now
    assert in_force(tmp_path, date(2027, 4, 1)) == coming
