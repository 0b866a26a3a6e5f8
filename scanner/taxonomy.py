"""The names and legal layers of entities and categories, read from the shipped pattern files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LAYERS: dict[str, tuple[str, str]] = {
    "not_personal": ("対象外", "Not personal"),
    "personal_information": ("個人情報", "Personal information"),
    "person_related_information": ("個人関連情報", "Person-related information"),
    "individual_identification_code": ("個人識別符号", "Individual identification code"),
    "special_care_required": ("要配慮個人情報", "Special-care-required personal information"),
    "special_nonpublic_coop177": ("特別の非公開情報", "Special non-public information"),
    "sensitive_finance_gl5": ("機微（センシティブ）情報", "Sensitive information (finance guideline 5)"),
    "policy_sensitive": ("規程上の要保護情報", "Protected by own rules"),
    "specific_personal_information": ("特定個人情報", "Specific personal information (My Number)"),
}

_ALL3 = ("special_care_required", "special_nonpublic_coop177", "sensitive_finance_gl5")
_CARE = ("special_care_required", "sensitive_finance_gl5")
# taxonomy 1.4 and 1.5: id → Japanese, English, layers with the strictest first.
_CATEGORIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "race_ethnicity": ("人種", "Race or ethnicity", _ALL3),
    "creed": ("信条", "Creed", _ALL3),
    "social_status": ("社会的身分", "Social status", _CARE),
    "medical_history": ("病歴", "Medical history", _ALL3),
    "criminal_record": ("犯罪の経歴", "Criminal record", _ALL3),
    "crime_victim": ("犯罪により害を被った事実", "Victim of a crime", _CARE),
    "disability": ("心身の機能の障害", "Disability", _ALL3),
    "health_checkup_result": ("健康診断等の結果", "Result of a health check-up", _ALL3),
    "medical_care": ("医師等による指導・診療・調剤", "Guidance, treatment or dispensing", _ALL3),
    "criminal_procedure": ("刑事事件に関する手続", "Criminal procedure", _CARE),
    "juvenile_procedure": ("少年の保護事件に関する手続", "Juvenile protection procedure", _CARE),
    "labor_union_membership": ("労働組合への加盟", "Labour union membership", ("sensitive_finance_gl5",)),
    "family_origin": ("門地", "Family origin", ("special_nonpublic_coop177", "sensitive_finance_gl5")),
    "registered_domicile": ("本籍地", "Registered domicile", ("special_nonpublic_coop177", "sensitive_finance_gl5")),
    "health_and_medical_other": (
        "保健医療（要配慮以外）",
        "Other health and medical information",
        ("special_nonpublic_coop177", "sensitive_finance_gl5"),
    ),
    "sexual_life": ("性生活", "Sexual life", ("sensitive_finance_gl5",)),
    "child_welfare": ("児童相談・虐待・DV支援", "Child welfare", ("policy_sensitive",)),
    "public_assistance": ("生活保護・生活困窮", "Public assistance", ("policy_sensitive",)),
}


@dataclass(frozen=True, slots=True)
class Term:
    """An entity or category: its names and its layers, strictest first. ``secret``: no trace of the value is kept."""

    id: str
    ja: str
    en: str
    layers: tuple[str, ...]
    secret: bool = False
    neutral: bool = False
    identifies: str = "none"

    def name(self, lang: str = "ja") -> str:
        """Its name in Japanese or English."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All entities and categories."""

    entities: Mapping[str, Term] = field(default_factory=dict)
    categories: Mapping[str, Term] = field(default_factory=dict)

    def entity(self, name: str, lang: str = "ja") -> str:
        """Printable name of an entity; its id when unknown."""
        term = self.entities.get(name)
        return term.name(lang) if term else name

    def category(self, name: str, lang: str = "ja") -> str:
        """Printable name of a category or layer; its id when unknown."""
        term = self.categories.get(name)
        if term:
            return term.name(lang)
        layer = LAYERS.get(name)
        return name if layer is None else layer[0 if lang == "ja" else 1]


def load(patterns: Path) -> Taxonomy:
    """Reads ``entities.toml`` in the folder of patterns. Raises OSError or tomllib.TOMLDecodeError when it is damaged."""
    rows: list[dict[str, Any]] = tomllib.loads((patterns / "entities.toml").read_text(encoding="utf-8"))["entity"]
    entities = {
        row["id"]: Term(
            row["id"],
            row["ja"],
            row.get("en", row["id"]),
            ("specific_personal_information",) if row["id"] == "my_number" else (row["layer"],),
            bool(row.get("secret")),
            bool(row.get("neutral")),
            row.get("identifies", "none"),
        )
        for row in rows
    }
    categories = {key: Term(key, ja, en, layers) for key, (ja, en, layers) in _CATEGORIES.items()}
    return Taxonomy(entities, categories)
