"""Verdicts beyond the table: numbers of the policy, acceptance, exceptions, containers, words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner.model import Decision, Nature, Status
from scanner.policy import Approved
from scanner.policy.policyfile import (
    Accepted,
    AcceptedUnexamined,
    DefaultLocation,
    Exemption,
    Location,
    PolicyFile,
    Thresholds,
    Unit,
)
from scanner.problems import Code
from scanner.settings import load_taxonomy
from tests.fakes import CARE, finding, outcome

TODAY = date(2026, 11, 1)


def policy(lang: str = "ja", **values: Any) -> Approved:
    return Approved(PolicyFile(organization="〇〇", version="1", **values), Path("/"), load_taxonomy(), lang=lang, today=TODAY)


def test_the_numbers_are_the_policy_s() -> None:
    doubtful = outcome(finding(**{**CARE, "confidence": 0.7}))
    assert policy().judge(doubtful).decision is Decision.REVIEW
    assert policy(thresholds=Thresholds(confidence_action=0.7)).judge(doubtful).decision is Decision.ACTION
    roster = outcome(finding(), persons_lower=12, persons_upper=12, nature=Nature.DATABASE_LIKE)
    assert policy().judge(roster).decision is Decision.REVIEW
    assert policy(thresholds=Thresholds(table_persons=12)).judge(roster).decision is Decision.ACTION


def test_unsettled_law_is_for_people() -> None:
    assert policy().judge(outcome(finding(**{**CARE, "certainty": "review"}))).decision is Decision.REVIEW
    assert policy().judge(outcome(finding(**{**CARE, "certainty": "likely"}))).decision is Decision.ACTION


def test_many_persons_raise_the_severity_once() -> None:
    assert policy().judge(outcome(finding(**CARE), persons_upper=1001)).severity == "S5"
    assert policy().judge(outcome(finding(**CARE), persons_upper=1000)).severity == "S4"


@pytest.mark.parametrize(("checked", "decision"), [(True, "action"), (False, "review"), (None, "review")])
def test_a_my_number_needs_its_check_digit_for_action(checked: bool | None, decision: str) -> None:
    verdict = policy().judge(outcome(finding(entity="my_number", checked=checked, masked="", digest="")))
    assert verdict.decision == decision
    assert verdict.violation == "MYNUMBER_OUT_OF_SCOPE"


def test_a_place_for_names_or_codes_is_none_for_my_numbers() -> None:
    names = DefaultLocation(classes=["layer:personal_information", "layer:individual_identification_code"])
    number = outcome(finding(entity="my_number", checked=True))
    assert policy(default_location=names).judge(number).decision is Decision.ACTION
    assert policy(default_location=DefaultLocation(classes=["my_number"])).judge(number).decision is Decision.APPROVED
    tax = DefaultLocation(classes=["specific_personal_information"])
    assert policy(default_location=tax).judge(number).decision is Decision.APPROVED


def test_each_category_of_a_finding_must_be_approved() -> None:
    both = outcome(finding(**{**CARE, "categories": ("medical_history", "medical_care")}))
    one = DefaultLocation(classes=["category:medical_history"])
    two = DefaultLocation(classes=["category:medical_history", "category:medical_care"])
    assert policy(default_location=one).judge(both).decision is Decision.ACTION
    assert policy(default_location=two).judge(both).decision is Decision.APPROVED


@pytest.mark.parametrize("layer", ["special_care_required", "sensitive_finance_gl5", "special_nonpublic_coop177"])
def test_a_category_is_approved_by_any_of_its_layers(layer: str) -> None:
    place = DefaultLocation(classes=[f"layer:{layer}"])
    assert policy(default_location=place).judge(outcome(finding(**CARE))).decision is Decision.APPROVED


def test_an_exception_holds_up_to_its_day() -> None:
    def there(until: date, classes: list[str]) -> Approved:
        exemption = Exemption(until=until, reason="移行", approver="管理者", classes=classes)
        return policy(locations=[Location(id="x", path="/share/**", exceptions=[exemption])])

    document = outcome(finding(**CARE))
    assert there(TODAY, ["medical_history"]).judge(document).decision is Decision.APPROVED
    assert there(date(2026, 10, 31), ["medical_history"]).judge(document).decision is Decision.ACTION
    assert there(TODAY, []).judge(document).decision is Decision.ACTION


def test_an_accepted_finding_is_shown_as_accepted_until_its_day() -> None:
    document = outcome(finding(**CARE, finding_id="a1b2c3d4"))

    def accepted(until: date) -> Approved:
        return policy(accepted=[Accepted(finding="a1b2c3d4", reason="正本", approver="管理者", until=until)])

    verdict = accepted(TODAY).judge(document)
    assert (verdict.decision, verdict.accepted) == (Decision.APPROVED, True)
    assert "正本" in verdict.because[0]
    assert accepted(date(2026, 10, 31)).judge(document).decision is Decision.ACTION


def test_known_unexamined_files_are_marked() -> None:
    locked = outcome(uri="/share/old/a.xlsx", status=Status.UNREADABLE, codes=(Code.ENCRYPTED,))

    def known(code: str, until: date = TODAY) -> bool:
        entry = AcceptedUnexamined(path="/share/old/**", owner="総務", until=until, code=code)
        return bool(policy(accepted_unexamined=[entry]).judge(locked).extra["accepted_unexamined"])

    assert known("encrypted")
    assert known("")
    assert not known("corrupt")
    assert not known("", date(2026, 10, 31))


def test_a_container_is_judged_by_what_lies_inside() -> None:
    inner = outcome(finding(**CARE))
    mail = outcome(finding(), members=(outcome(), inner))
    verdict = policy(default_location=DefaultLocation(classes=["layer:personal_information"])).judge(mail)
    assert verdict.decision is Decision.ACTION
    assert verdict.findings == (("approved", ""), ("action", "WRONG_LOCATION"))


def test_a_professional_s_own_name_raises_nothing() -> None:
    doctor = outcome(finding(role="professional"))
    assert policy().judge(doctor).decision is Decision.NONE_FOUND


def test_a_postal_code_of_nobody_raises_nothing() -> None:
    assert policy().judge(outcome(finding(entity="postal_code"), persons_lower=0, persons_upper=0)).decision is Decision.NONE_FOUND
    assert policy().judge(outcome(finding(entity="postal_code"))).decision is Decision.REVIEW


def test_units_and_departments_are_named() -> None:
    unit = Unit(path="/share/**", id="U1", name="支払審査", department="支払審査部", owner="部長")
    verdict = policy(units=[unit]).judge(outcome())
    assert (verdict.unit, verdict.department, verdict.owner_role) == ("支払審査", "支払審査部", "部長")


def test_deadlines_only_where_the_policy_sets_them() -> None:
    document = outcome(finding(**CARE))
    plain = policy().judge(document)
    assert plain.extra["due"] == ""
    assert "までに" not in plain.because[0]
    dated = policy(deadlines={"S4": "5営業日"}).judge(document)
    assert dated.extra["due"] == "5営業日"
    assert "5営業日までに" in dated.because[0]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_sentences_ask_and_never_accuse(lang: str) -> None:
    kinds = [
        CARE,
        {"entity": "my_number", "checked": True},
        {**CARE, "evidence": "asserted_unlinked"},
        {"entity": "health_insurance_id"},
        {},
    ]
    said = ""
    for kind in kinds:
        verdict = policy(lang=lang).judge(outcome(finding(**kind)))
        assert verdict.because, kind
        said += " ".join(verdict.because)
    for word in ("違反", "違法", "漏えい", "violation", "illegal", "leak"):
        assert word not in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ((), "保証するものではありません（検査条件：標準検査、未検査：0件）"),
        (({**CARE, "evidence": "mention"}, {**CARE, "evidence": "label_only"}, {"sample": True}), "保証するものではありません"),
        (({"role": "professional"},), "参考表示のみ"),
        (({"confidence": 0.3},), "参考表示のみ"),
    ],
)
def test_where_nothing_is_raised_no_more_is_promised_than_holds(findings: tuple[dict[str, Any], ...], words: str) -> None:
    verdict = policy().judge(outcome(*(finding(**values) for values in findings)))
    assert verdict.decision is Decision.NONE_FOUND
    assert words in verdict.because[0]
