"""Which of several overlapping matches stands."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from scanner.detect.resolve import resolve
from scanner.model import Match


def m(entity: str, start: int, end: int, score: float = 0.9, rule: str = "r", block: int = 0) -> Match:
    return Match(entity, block, start, end, rule, score)


def stands(*matches: Match) -> list[tuple[str, int, int]]:
    """The result, which is the same for every order of the input."""
    results = {tuple(resolve(list(p), [])) for p in itertools.permutations(matches)}
    assert len(results) == 1
    return [(x.entity, x.start, x.end) for x in results.pop()]


def test_apart_they_all_stand_in_reading_order() -> None:
    assert stands(m("phone_number", 20, 30), m("person_name", 0, 4), m("email_address", 5, 15)) == [
        ("person_name", 0, 4),
        ("email_address", 5, 15),
        ("phone_number", 20, 30),
    ]


def test_touching_is_no_overlap() -> None:
    assert len(stands(m("person_name", 0, 4), m("birth_date", 4, 9))) == 2


def test_label_beats_shape() -> None:
    assert stands(m("phone_number", 0, 12, 0.75), m("drivers_license", 0, 12, 0.95)) == [("drivers_license", 0, 12)]


def test_longer_beats_shorter_at_equal_confidence() -> None:
    assert stands(m("birth_date", 0, 8, 0.9), m("birth_date", 0, 12, 0.9)) == [("birth_date", 0, 12)]


def test_corporate_number_masks_my_number() -> None:
    assert stands(m("my_number", 1, 13, 0.95), m("corporate_number", 0, 13, 0.95)) == [("corporate_number", 0, 13)]


def test_identifiers_over_phones_and_codes() -> None:
    assert stands(m("phone_number", 0, 10, 0.9), m("basic_pension_number", 0, 10, 0.9)) == [("basic_pension_number", 0, 10)]
    assert stands(m("postal_code", 0, 8, 0.9), m("health_insurance_id", 0, 8, 0.9)) == [("health_insurance_id", 0, 8)]


def test_mail_over_names_inside() -> None:
    assert stands(m("person_name", 0, 4, 0.99), m("email_address", 0, 20, 0.6)) == [("email_address", 0, 20)]


def test_postal_code_belongs_to_the_organisations_address() -> None:
    assert stands(m("postal_code", 0, 8, 0.97), m("business_address", 0, 30, 0.7)) == [("business_address", 0, 30)]
    assert len(stands(m("postal_code", 0, 8), m("address", 9, 30, 0.7))) == 2


def test_name_inside_an_address_is_a_place() -> None:
    assert stands(m("person_name", 3, 6, 0.9), m("address", 0, 12, 0.7)) == [("address", 0, 12)]


def test_statements_may_hold_one_another() -> None:
    assert len(stands(m("disability", 0, 12), m("health_condition", 4, 8))) == 2
    assert len(stands(m("health_condition", 0, 4), m("health_condition", 0, 4, 0.8))) == 1
    assert stands(m("health_condition", 0, 4, 0.95), m("medication_or_treatment", 0, 4, 0.8)) == [("health_condition", 0, 4)]


def test_same_thing_by_two_rules_is_one() -> None:
    assert stands(m("phone_number", 0, 12, 0.9, "a"), m("phone_number", 0, 12, 0.9, "b")) == [("phone_number", 0, 12)]


def test_blocks_do_not_meet() -> None:
    assert len(stands(m("person_name", 0, 4, block=0), m("person_name", 0, 4, block=1))) == 2


ENTITIES = [
    "person_name",
    "address",
    "phone_number",
    "my_number",
    "email_address",
    "health_condition",
    "disability",
    "business_address",
]
MATCH = st.builds(
    lambda e, s, n, p, b: m(e, s, s + n, p / 10, block=b),
    st.sampled_from(ENTITIES), st.integers(0, 150), st.integers(1, 90), st.integers(0, 10), st.integers(0, 1),
)  # fmt: skip


@given(st.lists(MATCH, max_size=12), st.randoms(use_true_random=False))
def test_any_input(matches: list[Match], rng: object) -> None:
    result = resolve(matches, [])
    shuffled = list(matches)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(shuffled, []) == result
    assert resolve(result, []) == result
    assert set(result) <= set(matches)
    assert bool(result) == bool(matches)
    for a, b in itertools.combinations(result, 2):
        if a.block == b.block and a.entity == b.entity:
            assert a.end <= b.start or b.end <= a.start


def test_a_post_code_before_an_offices_address_is_the_offices() -> None:
    office = m("business_address", 9, 30)
    assert stands(m("postal_code", 0, 8), office) == [("business_address", 0, 8), ("business_address", 9, 30)]
    assert stands(m("postal_code", 0, 4), office)[0][0] == "postal_code"
    assert stands(m("postal_code", 0, 8), m("address", 9, 30))[0][0] == "postal_code"
