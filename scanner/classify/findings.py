"""Gathers matches into the few rows a report shows: one per entity and value, or per column of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from scanner.model import Certainty, Evidence, Finding, Match, PersonRole

SHOWN = 20  # groups of an entity that are shown apart (users.md: at most 20 sample places per file and entity)


class Keyer(Protocol):
    """Makes keyed digests with the installation's secret."""

    def digest(self, entity: str, canonical: str) -> str:
        """Digest of a canonical value."""
        ...

    def finding_id(self, entity: str, digest: str, nth: int) -> str:
        """Id of the n-th group with this digest."""
        ...


@dataclass(slots=True)
class Group:
    """Matches that one row stands for. ``level``: None while the person is still to be found (``scope`` says where)."""

    entity: str
    categories: tuple[str, ...]
    level: Evidence | None
    scope: tuple[int, bool]
    pending: bool
    table: bool
    first: Match
    masked: str
    digest: str
    place: str
    role: PersonRole
    certainty: Certainty
    confidence: float = 0.0
    hits: int = 0
    rows: int = 0
    personal: bool = False
    labelled: bool = False
    hint: bool = False
    general: bool = False
    because: tuple[str, ...] = ()
    last_row: int = -1
    reasons: set[str] = field(default_factory=set)


class Groups:
    """The groups of one document. Bounded: past SHOWN of an entity further values join one group for the rest."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], Group] = {}
        self._per_entity: dict[str, int] = {}

    def add(self, key: tuple[object, ...], rest: tuple[object, ...], make: Callable[[], Group]) -> Group:
        """The group of a key, made when it is new; ``rest``: the key under which it is gathered when there are too many."""
        found = self._groups.get(key)
        if found is None:
            entity = str(key[0])
            count = self._per_entity.get(entity, 0)
            if count >= SHOWN:
                key = rest
                found = self._groups.get(key)
            if found is None:
                found = self._groups[key] = make()
                self._per_entity[entity] = count + 1
        return found

    def all(self) -> list[Group]:
        """Every group in the order of discovery."""
        return list(self._groups.values())


def finding(group: Group, nth: int, keyer: Keyer, inside: str, persons: tuple[int, int], *, secret: bool) -> Finding:
    """The row of a group. For a secret entity nothing derived from the value; its id is set from document and place."""
    digest = "" if secret else group.digest
    many = group.rows if group.table else 1
    lower = min(many, max(persons[0], 1)) if persons[1] else 0
    return Finding(
        "" if secret else keyer.finding_id(group.entity, digest, nth),
        group.entity,
        group.categories,
        str(group.level) if group.level else "",
        str(group.certainty),
        round(group.confidence, 2),
        group.hits,
        lower,
        min(max(many, lower), persons[1]) if persons[1] else 0,
        str(group.role),
        "" if secret else group.masked,
        digest,
        group.place,
        inside,
        group.first.rule,
        "; ".join(group.because),
        group.first.checked,
        group.first.sample,
    )
