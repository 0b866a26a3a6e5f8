"""The checked-in truth table, walked row by row: each row is reached by a real finding and decides as it says."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from scanner.model import Decision, Nature, Outcome, Status
from scanner.policy import Approved, Unjudged
from scanner.policy.policyfile import ClassRule, Location, PolicyFile
from scanner.policy.truth import DocumentRow, FindingRow, truth
from scanner.problems import Code
from scanner.settings import load_taxonomy
from tests.fakes import CARE, finding, outcome

KINDS: dict[str, dict[str, Any]] = {
    "nothing": {"sample": True},
    "inference": {**CARE, "evidence": "inference"},
    "unlinked": {**CARE, "evidence": "asserted_unlinked"},
    "special_care": CARE,
    "sensitive": {"entity": "labour_union", "categories": ("labor_union_membership",), "evidence": "linked_direct"},
    "my_number": {"entity": "my_number", "checked": True},
    "list": {},
    "card": {"entity": "credit_card", "checked": True},
    "unmasked": {"entity": "health_insurance_id"},
    "code": {"entity": "drivers_license"},
    "personal": {},
}
CONFIDENCE = {"strong": 0.85, "middle": 0.84, "weak": 0.49}
PLACES = {"approved": "/ok/a.txt", "purpose": "/purpose/a.txt", "outside": "/elsewhere/a.txt"}
LAYERS = (
    *("layer:personal_information", "layer:individual_identification_code", "layer:specific_personal_information"),
    *("layer:special_care_required", "layer:sensitive_finance_gl5"),
)


def policy(**changes: Any) -> Approved:
    """One place that approves everything, one that approves it for another purpose."""
    file = PolicyFile(
        organization="〇〇",
        version="1",
        purposes={"P1": "a", "P2": "b"},
        classes={name: ClassRule(allow_purposes=["P1"]) for name in LAYERS},
        locations=[
            Location(id="ok", path="/ok/**", purposes=["P1"], classes=list(LAYERS)),
            Location(id="purpose", path="/purpose/**", purposes=["P2"], classes=list(LAYERS)),
        ],
        **changes,
    )
    return Approved(file, Path("/"), load_taxonomy(), today=date(2026, 11, 1))


def example(kind: str, strength: str, place: str) -> Outcome:
    facts: dict[str, Any] = {}
    if kind == "list":
        facts = {"persons_lower": 20, "persons_upper": 20, "nature": Nature.DATABASE_LIKE}
    return outcome(finding(**{**KINDS[kind], "confidence": CONFIDENCE[strength]}), uri=PLACES[place], **facts)


def first(rows: list[Any], **values: str) -> int:
    """The number of the first row that fits, by a reading of the file that shares nothing with the program's."""
    return next(n for n, row in enumerate(rows) if all(getattr(row, k) in ("*", v) for k, v in values.items()))


COMBINATIONS = list(product(KINDS, CONFIDENCE, PLACES))
REACHED = {first(truth().finding, kind=k, strength=s, place=p): (k, s, p) for k, s, p in COMBINATIONS}


@pytest.mark.parametrize("number", range(len(truth().finding)), ids=lambda n: f"row-{n + 1}")
def test_each_row_for_findings_is_reached_and_holds(number: int) -> None:
    row: FindingRow = truth().finding[number]
    assert number in REACHED, f"no finding reaches {row}"
    detail = policy().judge(example(*REACHED[number])).extra["details"][0]
    assert (detail.decision, detail.severity, detail.violation) == (row.decision, f"S{row.severity}", row.violation)


@pytest.mark.parametrize(("kind", "strength", "place"), COMBINATIONS, ids=lambda v: v)
def test_every_finding_is_decided_by_the_first_row_that_fits(kind: str, strength: str, place: str) -> None:
    row = truth().finding[first(truth().finding, kind=kind, strength=strength, place=place)]
    verdict = policy().judge(example(kind, strength, place))
    assert verdict.findings == ((row.decision, row.violation),)
    worst = {"none": Decision.NONE_FOUND, "approved": Decision.APPROVED, "review": Decision.REVIEW, "action": Decision.ACTION}
    assert verdict.decision is worst[row.decision]
    assert verdict.severity == f"S{row.severity}"


WORST = {
    "none": (),
    "approved": (finding(entity="phone_number"),),
    "review": (finding(**{**CARE, "confidence": 0.6}),),
    "action": (finding(**CARE),),
}


def document(status: str, worst: str) -> Outcome | None:
    """A document of that status whose gravest finding is so decided; None where the nouns forbid it."""
    if status == "unreadable" and worst != "none":
        return None
    codes = (Code.CORRUPT,) if status in ("partial", "unreadable") else ()
    uri = "/ok/a.txt" if worst == "approved" else "/elsewhere/a.txt"
    return outcome(*WORST[worst], uri=uri, status=Status(status), codes=codes)


@pytest.mark.parametrize("row", truth().document, ids=lambda r: f"{r.policy}-{r.status}-{r.worst}")
def test_each_row_for_documents_holds(row: DocumentRow) -> None:
    met = 0
    for status, worst in product(("read", "partial", "unreadable", "excluded"), WORST):
        chosen = document(status, worst)
        if chosen is None or truth().document[first(truth().document, policy=row.policy, status=status, worst=worst)] != row:
            continue
        verdict = (policy() if row.policy == "yes" else Unjudged()).judge(chosen)
        assert verdict.decision == row.verdict
        if row.policy == "yes" and row.verdict == "undetermined":
            assert (verdict.severity, verdict.violation) == (f"S{row.severity}", row.violation)
        met += 1
    assert met, f"no document reaches {row}"


@pytest.mark.parametrize(
    ("codes", "decision"), [((), "none_found"), ((Code.ENCODING_DOUBT,), "none_found"), ((Code.ENCRYPTED,), "undetermined")]
)
def test_an_unchanged_document_counts_by_what_was_recorded(codes: tuple[Code, ...], decision: str) -> None:
    verdict = policy().judge(outcome(uri="/ok/a.txt", status=Status.UNCHANGED, codes=codes))
    assert verdict.decision == decision


def test_an_encrypted_file_in_an_approved_place_is_undetermined_and_says_why() -> None:
    verdict = policy().judge(outcome(uri="/ok/a.xlsx", status=Status.UNREADABLE, codes=(Code.ENCRYPTED,)))
    assert verdict.decision is Decision.UNDETERMINED
    assert "パスワードで保護" in verdict.because[0]
