"""The one place that says which of several overlapping matches stands."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanner.model import Match
from scanner.text.view import Reading

# Which kind of thing wins when two of equal confidence claim the same text: codes of a person, what masks look-alikes,
# addresses of mail, dates, then loose numbers; words (names, addresses, health) come after what has a fixed form.
_ORDER = (
    "corporate_number",
    "my_number",
    "drivers_license",
    "passport_number",
    "residence_card",
    "basic_pension_number",
    "resident_record_code",
    "care_insurance_id",
    "employment_insurance_id",
    "insurer_number",
    "health_insurance_id",
    "credit_card",
    "bank_account",
    "email_address",
    "birth_date",
    "business_phone",
    "phone_number",
    "business_address",
    "postal_code",
    "policy_number",
    "member_number",
    "registered_domicile",
    "address",
    "org_name",
    "person_name",
)
_RANK = {entity: n for n, entity in enumerate(_ORDER)}
_LAST = len(_ORDER)
# Statements about a person's health, life and record may hold one another (a disease inside a certificate); both stand.
_STATEMENTS = frozenset(
    {
        "health_condition",
        "medication_or_treatment",
        "exam_result",
        "disability",
        "criminal_record",
        "crime_victim",
        "creed",
        "race_ethnicity",
        "social_status",
        "labour_union",
        "family_origin",
        "sexual_life",
        "health_other",
        "child_welfare",
        "public_assistance",
    }
)
# What gives way to the longer thing that holds it, however sure it is: a post code to the address of an organisation that it
# belongs to, a name to the mail address, address or organisation in which it stands.
_YIELDS = {
    "postal_code": frozenset({"business_address"}),
    "person_name": frozenset({"email_address", "address", "business_address", "org_name"}),
    "org_name": frozenset({"email_address"}),
    "address": frozenset({"business_address", "registered_domicile"}),
}
_HOLDERS = frozenset().union(*_YIELDS.values())
_STEP = 0.1  # confidences closer than this count as equal


def resolve(matches: Sequence[Match], readings: Sequence[Reading]) -> list[Match]:
    """The matches that stand, in reading order. The result does not depend on the order of the input.

    Higher confidence wins (a label's .95 over a shape's .85), then the longer match, then the order of kinds above. A mail
    address, an identifier or a label's value thus masks a name or a postal code found inside it.
    """
    by_block: defaultdict[int, list[Match]] = defaultdict(list)
    for match in matches:
        by_block[match.block].append(match)
    out: list[Match] = []
    for block in sorted(by_block):
        out += _with_their_address(_standing(by_block[block]))
    return out


def _with_their_address(standing: list[Match]) -> list[Match]:
    """A post code right before an organisation's address is the organisation's."""
    offices = sorted(m.start for m in standing if m.entity == "business_address")

    def owned(m: Match) -> bool:
        at = bisect_left(offices, m.end)
        return m.entity == "postal_code" and at < len(offices) and offices[at] - m.end <= _BESIDE

    return [replace(m, entity="business_address") if offices and owned(m) else m for m in standing]


_BESIDE = 3  # characters between a post code and the address it belongs to
_PAGE = 64  # characters; matches are compared with those that touch the same page


class _Pages:
    """Matches by the pages of text they touch."""

    def __init__(self) -> None:
        self._at: defaultdict[int, list[Match]] = defaultdict(list)

    def add(self, match: Match) -> None:
        for page in range(match.start // _PAGE, (match.end - 1) // _PAGE + 1):
            self._at[page].append(match)

    def near(self, match: Match) -> Iterator[Match]:
        for page in range(match.start // _PAGE, (match.end - 1) // _PAGE + 1):
            yield from self._at.get(page, ())


def _standing(matches: list[Match]) -> list[Match]:
    holders, kept = _Pages(), _Pages()
    for match in matches:
        if match.entity in _HOLDERS:
            holders.add(match)
    standing: list[Match] = []
    for match in sorted(matches, key=_claim):
        if match.entity in _YIELDS and any(_holds(m, match) for m in holders.near(match)):
            continue
        if any(m.start < match.end and match.start < m.end and _excludes(m, match) for m in kept.near(match)):
            continue
        standing.append(match)
        kept.add(match)
    standing.sort(key=lambda m: (m.start, m.end, m.entity, m.rule))
    return standing


def _holds(outer: Match, inner: Match) -> bool:
    """Whether the longer match is one to which the other yields and holds it wholly."""
    if outer.entity not in _YIELDS.get(inner.entity, ()):
        return False
    return outer.start <= inner.start and inner.end <= outer.end and outer.end - outer.start > inner.end - inner.start


def _claim(m: Match) -> tuple[object, ...]:
    """Sort key: the strongest claim first; complete, so that equal inputs in any order give equal results."""
    return (
        -round(m.score / _STEP),
        m.start - m.end,
        _RANK.get(m.entity, _LAST),
        -m.score,
        m.start,
        m.entity,
        m.rule,
        m.cue,
        m.group or "",
    )


def _excludes(kept: Match, match: Match) -> bool:
    """Whether a match that touches one already kept gives way to it."""
    if kept.entity == match.entity:
        return True
    statements = (kept.entity in _STATEMENTS) + (match.entity in _STATEMENTS)
    if statements == 1:
        return _RANK.get(kept.entity, _LAST) < _RANK["address"] or kept.entity in _STATEMENTS
    if statements == 2:
        return not (kept.start <= match.start and match.end <= kept.end) or (kept.start, kept.end) == (match.start, match.end)
    return True
