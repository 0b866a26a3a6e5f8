"""What the scorer knows about labels: which are exact, which are neutral, and how the gold set's short names map to ids."""

from __future__ import annotations

EXACT = frozenset(
    (
        "my_number",
        "drivers_license",
        "passport_number",
        "residence_card",
        "basic_pension_number",
        "employment_insurance_id",
        "resident_record_code",
        "health_insurance_id",
        "insurer_number",
        "care_insurance_id",
        "bank_account",
        "credit_card",
    )
)
"""Identifiers: a match counts only with exactly the right characters."""

CONTACT = ("phone_number", "postal_code", "email_address", "birth_date", "gender", "person_name", "address")
SENSITIVE = (
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
    "registered_domicile",
)
SCORED = (*CONTACT, *sorted(EXACT), *SENSITIVE)
"""Labels that are rewarded and punished, in the order of the tables."""

ABSORBS: dict[str, frozenset[str]] = {
    "business_phone": frozenset({"phone_number"}),
    "business_address": frozenset({"address", "postal_code"}),
    "org_name": frozenset({"person_name"}),
    "age": frozenset(),
    "member_number": frozenset(),
    "policy_number": frozenset(),
    "corporate_number": frozenset(),
}
"""Neutral labels, each with the labels whose false hits it excuses: a phone_number found on a business_phone is ignored, but a
my_number found on a corporate_number is false."""

NO_CLAIM = frozenset({"mention", "label_only", "negated"})
"""Evidence levels by which the scanner itself says that a term is about nobody: such a match claims nothing."""

CATEGORY = {
    "race": "race_ethnicity",
    "health_exam": "health_checkup_result",
    "labour_union": "labor_union_membership",
    "sex_life": "sexual_life",
}
"""The gold set's short names of categories → ids of the taxonomy; the others are equal."""


def category(name: str) -> str:
    """The taxonomy's id of a category that the gold set names."""
    return CATEGORY.get(name, name)
