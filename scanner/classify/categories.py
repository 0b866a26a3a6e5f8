"""The legal side as data: entities with their layers, sensitive categories with their certainty, cue words, severity."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from scanner.model import Certainty, Evidence
from scanner.taxonomy import in_force

T = TypeVar("T")


class Entity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of entities.toml. ``identifies``: direct, indirect, quasi or none."""

    id: str
    ja: str
    en: str
    layer: str
    mask: str
    identifies: str = "none"
    secret: bool = False
    neutral: bool = False


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sensitive category of the law or of the house's rules; ``counts`` and ``excludes`` are for people to read."""

    id: str
    ja: str
    en: str
    law: str
    layer: str
    counts: str
    excludes: str
    certainty: Certainty = Certainty.CLEAR


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal layer; ``weight``: what severity starts from."""

    id: str
    ja: str
    en: str
    weight: int


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in a statement of the category that leave the law unsettled."""

    category: str
    words: tuple[str, ...]
    reason: str


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of cue words."""

    id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """Everything that classification reads from patterns/."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    layers: Mapping[str, Layer] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sensitive(self, entity: str) -> bool:
        """Whether the entity states something sensitive rather than identifying somebody."""
        return entity in _sensitive(self)

    def certainty(self, categories: Iterable[str], statement: str) -> Certainty:
        """How settled the law is on a statement of these categories: the most settled of them."""
        best = Certainty.REVIEW
        for name in categories:
            category = self.categories.get(name)
            found = category.certainty if category else Certainty.LIKELY
            if any(r.category == name and any(w in statement for w in r.words) for r in self.reviews):
                found = Certainty.REVIEW
            if _SETTLED.index(found) < _SETTLED.index(best):
                best = found
        return best

    def secret(self) -> frozenset[str]:
        """Entities of which no trace may be kept."""
        return frozenset(e.id for e in self.entities.values() if e.secret)


@lru_cache(maxsize=8)
def _sensitive(taxonomy: Taxonomy) -> frozenset[str]:
    return frozenset(name for name, entity in taxonomy.entities.items() if entity.layer in SENSITIVE_LAYERS)


_SETTLED = (Certainty.CLEAR, Certainty.LIKELY, Certainty.REVIEW)
SENSITIVE_LAYERS = frozenset({"special_care_required", "sensitive_finance_gl5", "policy_sensitive"})


def load(folder: Path) -> Taxonomy:
    """Read entities.toml, categories.toml and cues.toml. Raises ValueError that names the file and the table."""
    rules = in_force(folder)
    return Taxonomy(
        {e.id: e for e in _tables(folder / "entities.toml", "entity", Entity)},
        {c.id: c for c in _tables(rules, "category", Category)},
        {la.id: la for la in _tables(rules, "layer", Layer)},
        tuple(_tables(rules, "review", Review)),
        {c.id: c.words for c in _tables(folder / "cues.toml", "cue", Cue)},
    )


def _tables(path: Path, kind: str, struct: type[T]) -> list[T]:
    out: list[T] = []
    for table in tomllib.loads(path.read_text(encoding="utf-8")).get(kind, ()):
        try:
            out.append(msgspec.convert(table, struct))
        except msgspec.ValidationError as error:
            raise ValueError(f"{path.name}: {kind} {table.get('id', '')!r}: {error}") from error
    return out


@dataclass(frozen=True, slots=True)
class Weighed:
    """What severity is computed from: one finding's layer, evidence, shape and confidence."""

    layer: str
    evidence: Evidence | None
    entity: str
    table: bool
    confidence: float
    sample: bool = False


PERSONS_MANY = 1_000  # 規則7条4号
_LOW = 0.5


def severity(found: Iterable[Weighed], persons_upper: int, layers: Mapping[str, Layer]) -> str:
    """S0 to S5 from the content alone, the place being unknown (taxonomy 5.1)."""
    worst = 0
    for w in found:
        worst = max(worst, _one(w, persons_upper, layers))
    return f"S{worst}"


def _one(w: Weighed, persons_upper: int, layers: Mapping[str, Layer]) -> int:
    if w.sample or (w.evidence is not None and w.evidence.rank <= Evidence.NEGATED.rank):
        return 1
    weight = layers[w.layer].weight if w.layer in layers else 2
    if w.entity in ("my_number", "credit_card"):
        weight = 5
    elif w.layer == "personal_information":
        weight = 3 if w.table else 2
    elif w.layer == "individual_identification_code":
        weight = 4 if w.table or w.entity == "health_insurance_id" else 3
    if weight == 0:
        return 0
    if w.evidence is Evidence.INFERENCE:
        return max(1, weight - 2)
    if w.evidence is Evidence.ASSERTED_UNLINKED:
        return max(1, weight - 1)
    if w.evidence is Evidence.LINKED_INDIRECT and w.confidence < _LOW:
        return 2
    return min(5, weight + (1 if persons_upper > PERSONS_MANY else 0))
