"""The names and legal layers of entities and categories, read from the shipped pattern files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """An entity, category or layer: its names and its layers, strictest first. ``secret``: no trace of the value is kept."""

    id: str
    ja: str
    en: str
    layers: tuple[str, ...] = ()
    secret: bool = False
    neutral: bool = False
    identifies: str = "none"

    def name(self, lang: str = "ja") -> str:
        """Its name in Japanese or English."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All entities, categories and layers."""

    entities: Mapping[str, Term] = field(default_factory=dict)
    categories: Mapping[str, Term] = field(default_factory=dict)
    layers: Mapping[str, Term] = field(default_factory=dict)

    def entity(self, name: str, lang: str = "ja") -> str:
        """Printable name of an entity; its id when unknown."""
        term = self.entities.get(name)
        return term.name(lang) if term else name

    def category(self, name: str, lang: str = "ja") -> str:
        """Printable name of a category or layer; its id when unknown."""
        term = self.categories.get(name) or self.layers.get(name)
        return term.name(lang) if term else name


def in_force(patterns: Path, on: date | None = None) -> Path:
    """The file of legal categories that holds on a day, today unless said otherwise: the newest whose date has come.

    Raises OSError, KeyError or tomllib.TOMLDecodeError when a file is damaged.
    """
    files = sorted(patterns.glob("categories*.toml"))
    if len(files) < 2:
        return patterns / "categories.toml"
    day = on or date.today()
    dated = [(tomllib.loads(f.read_text(encoding="utf-8"))["ruleset"]["effective_from"], f) for f in files]
    return max(((begins, f) for begins, f in dated if begins <= day), default=(day, patterns / "categories.toml"))[1]


def load(patterns: Path) -> Taxonomy:
    """Reads entities.toml and categories.toml. Raises OSError, KeyError or tomllib.TOMLDecodeError when they are damaged."""
    entities = {row["id"]: _entity(row) for row in _tables(patterns / "entities.toml", "entity")}
    rules = in_force(patterns)
    categories = {row["id"]: _category(row) for row in _tables(rules, "category")}
    layers = {row["id"]: Term(row["id"], row["ja"], row["en"]) for row in _tables(rules, "layer")}
    return Taxonomy(entities, categories, layers)


def _tables(path: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    return found


def _entity(row: Mapping[str, Any]) -> Term:
    # A My Number makes whatever it stands in 特定個人情報, so only a place for that may hold it (番号法20条).
    layers = ("specific_personal_information",) if row["id"] == "my_number" else (row["layer"],)
    kept = (bool(row.get("secret")), bool(row.get("neutral")), row.get("identifies", "none"))
    return Term(row["id"], row["ja"], row["en"], layers, *kept)


def _category(row: Mapping[str, Any]) -> Term:
    """The category with every layer it belongs to, so that a policy may approve it by any of them (taxonomy 1.5)."""
    layers = [row["layer"]]
    if "177条" in row["law"]:
        layers.append("special_nonpublic_coop177")
    if row["layer"] == "special_care_required":  # 金融分野GL5条 counts all of 要配慮個人情報 as 機微
        layers.append("sensitive_finance_gl5")
    return Term(row["id"], row["ja"], row["en"], tuple(layers))
