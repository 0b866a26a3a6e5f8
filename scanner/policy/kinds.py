"""Weighs one finding for the truth table: what kind of thing it is, how strong, and which classes must be approved."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model import Certainty, Evidence, Facts, Finding, Nature, PersonRole
from scanner.policy.policyfile import Thresholds
from scanner.taxonomy import Taxonomy, Term

_GENERAL = frozenset({Evidence.MENTION, Evidence.LABEL_ONLY, Evidence.NEGATED})
_SENSITIVE = ("special_care_required", "special_nonpublic_coop177", "sensitive_finance_gl5", "policy_sensitive")
# Numbers that others may not ask for (健保法194条の2, 国年法108条の4, 住基法30条の38).
_UNMASKED = frozenset({"health_insurance_id", "basic_pension_number", "resident_record_code"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding as the truth table sees it. ``groups``: of each group of class names one must be approved."""

    finding: Finding
    kind: str
    strength: str
    groups: tuple[tuple[str, ...], ...]
    layer: str


def weigh(finding: Finding, facts: Facts, taxonomy: Taxonomy, numbers: Thresholds) -> Weighed:
    """The finding's kind, strength and classes."""
    entity = taxonomy.entities.get(finding.entity) or Term(
        finding.entity, finding.entity, finding.entity, ("personal_information",)
    )
    categories = [taxonomy.categories[c] for c in finding.categories if c in taxonomy.categories]
    kind = _kind(finding, facts, entity, categories, numbers)
    return Weighed(finding, kind, _strength(finding, kind, numbers), _groups(entity, categories), _layer(entity, categories))


def _kind(finding: Finding, facts: Facts, entity: Term, categories: list[Term], numbers: Thresholds) -> str:
    if finding.sample or entity.neutral or entity.layers[0] == "not_personal" or finding.evidence in _GENERAL:
        return "nothing"
    if finding.entity == "my_number":
        return "my_number"
    layers = [layer for term in (categories or [entity]) for layer in term.layers]
    if any(layer in _SENSITIVE for layer in layers):
        match finding.evidence:
            case Evidence.INFERENCE:
                return "inference"
            case Evidence.ASSERTED_UNLINKED:
                return "unlinked"
            case Evidence.LINKED_DIRECT | Evidence.LINKED_INDIRECT:
                return "special_care" if "special_care_required" in layers else "sensitive"
            case _:
                return "nothing"
    return _plain_kind(finding, facts, entity, numbers)


def _plain_kind(finding: Finding, facts: Facts, entity: Term, numbers: Thresholds) -> str:
    if finding.role == PersonRole.PROFESSIONAL:
        return "nothing"
    if facts.persons_lower >= numbers.table_persons and facts.nature in (Nature.DATABASE_LIKE, Nature.EXTRACT_LIKE):
        return "list"
    if finding.entity == "credit_card":
        return "card"
    if finding.entity in _UNMASKED:
        return "unmasked"
    if entity.layers[0] == "individual_identification_code":
        return "code"
    if entity.identifies == "none" and not facts.persons_upper:
        return "nothing"  # a postal code or an age that belongs to nobody
    return "personal"


def _strength(finding: Finding, kind: str, numbers: Thresholds) -> str:
    if finding.confidence < numbers.confidence_review:
        return "weak"
    doubtful = finding.certainty == Certainty.REVIEW or (kind == "my_number" and finding.checked is not True)
    return "strong" if finding.confidence >= numbers.confidence_action and not doubtful else "middle"


def _groups(entity: Term, categories: list[Term]) -> tuple[tuple[str, ...], ...]:
    """A sensitive finding needs each of its categories approved, by itself, by a layer of it, or by its entity."""
    own = f"entity:{entity.id}"
    if not categories:
        return ((own, *(f"layer:{layer}" for layer in entity.layers)),)
    return tuple((own, f"category:{c.id}", *(f"layer:{layer}" for layer in c.layers)) for c in categories)


def _layer(entity: Term, categories: list[Term]) -> str:
    layers = [layer for term in categories for layer in term.layers] or list(entity.layers)
    return min(layers, key=lambda layer: _SENSITIVE.index(layer) if layer in _SENSITIVE else 9)
