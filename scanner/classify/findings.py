"""Gathers matches into the few rows a report shows: one per entity and value, or per column of a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scanner.classify import places, records
from scanner.classify.categories import Taxonomy
from scanner.classify.statements import Statement
from scanner.model import Evidence, Finding, Kind, Match, Passage
from scanner.text import mask
from scanner.text.view import Reading

SHOWN = 20  # groups of an entity that are shown apart (users.md: at most 20 sample places per file and entity)
_COLUMNS = 2_000  # statements of columns remembered
_GAPS = re.compile(r"[\s-]")
ScopeKey = tuple[int, bool]


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
    """Matches that one row stands for. ``level``: None while the person is still to be found, or of an ordinary entity."""

    entity: str
    said: Statement
    level: Evidence | None
    scope: ScopeKey
    table: bool
    first: Match
    masked: str
    digest: str
    place: str
    because: tuple[str, ...]
    confidence: float = 0.0
    hits: int = 0
    rows: int = 0
    personal: bool = False
    cells: bool = False  # it stands in a table, with or without a header
    last_row: int = -1


class Groups:
    """The groups of one document. Bounded: past SHOWN of an entity further values join one group for the rest."""

    def __init__(self, taxonomy: Taxonomy, keyer: Keyer, lang: str, key: Callable[[str], int]) -> None:
        self._taxonomy, self._keyer, self._lang, self._key = taxonomy, keyer, lang, key
        self._groups: dict[tuple[object, ...], Group] = {}
        self._columns: dict[tuple[object, ...], tuple[Statement, Group]] = {}  # the same statement in a column again
        self._per_entity: dict[str, int] = {}

    def all(self) -> list[Group]:
        """Every group in the order of discovery."""
        return list(self._groups.values())

    def join(self, m: Match, said: Statement, reading: Reading, split: records.Splitter, at: ScopeKey) -> Group:
        """Put a match into its group."""
        row = split.record(m.start)
        if row is not None and split.rows:
            quick = (m.entity, at, split.column(m.start), id(said), m.sample)
            known = self._columns.get(quick)
            if known is None:
                if len(self._columns) > _COLUMNS:
                    self._columns.clear()
                known = self._columns[quick] = said, self._of(m, said, reading, split, at, table=True)
            group = known[1]
        else:
            group = self._of(m, said, reading, split, at, table=row is not None)
        group.hits += 1
        group.confidence = max(group.confidence, said.confidence)
        group.personal = group.personal or said.personal
        if row is not None and row != group.last_row:
            group.rows += 1
            group.last_row = row
        return group

    def _of(self, m: Match, said: Statement, reading: Reading, split: records.Splitter, at: ScopeKey, *, table: bool) -> Group:
        kind = (said.categories, said.level, said.role, said.pending, m.sample, said.hint, said.general, said.labelled)
        scope = at if said.pending else (-1, False)
        if table and split.rows:
            key: tuple[object, ...] = (m.entity, at, split.column(m.start), kind)
        elif self._taxonomy.entities[m.entity].secret:
            key = (m.entity, at, m.sample)
        else:
            key = (m.entity, self._key(m.normalized or _GAPS.sub("", reading.block.text[m.start : m.end])), scope, kind)
        found = self._groups.get(key)
        if found is not None:
            return found
        if self._per_entity.get(m.entity, 0) >= SHOWN:
            key = (m.entity, "rest", scope, kind)
            found = self._groups.get(key)
            if found is not None:
                return found
        self._per_entity[m.entity] = self._per_entity.get(m.entity, 0) + 1
        found = self._groups[key] = self._new(m, said, reading, at, table)
        return found

    def _new(self, m: Match, said: Statement, reading: Reading, at: ScopeKey, table: bool) -> Group:
        entity = self._taxonomy.entities[m.entity]
        value = reading.block.text[m.start : m.end]
        masked = digest = ""
        if not entity.secret:
            masked = self._category(said.categories) if entity.mask == "category" else mask.mask(entity.mask, value, self._lang)
            digest = self._keyer.digest(m.entity, mask.canonical(m.entity, m.normalized or value))
        cells = reading.block.kind is Kind.TABLE
        place = places.printable(reading.block.anchor(m.start), self._lang)
        return Group(m.entity, said, said.level, at, table, m, masked, digest, place, said.because, cells=cells)

    def _category(self, categories: tuple[str, ...]) -> str:
        named = (self._taxonomy.categories[c] for c in categories if c in self._taxonomy.categories)
        return "・".join(c.ja if self._lang == "ja" else c.en for c in named)

    def passages(self, groups: list[Group]) -> tuple[Passage, ...]:
        """Every statement of a category, also one that was denied, asked or meant of nobody; the strongest first."""
        out = [
            Passage(
                category,
                str(g.level),
                g.entity,
                g.masked,
                g.place,
                g.first.rule,
                str(g.said.role),
                str(g.said.certainty),
                g.hits,
                g.because,
            )
            for g in groups
            if g.level is not None and not g.said.hint
            for category in g.said.categories
        ]
        return tuple(sorted(out, key=lambda p: -Evidence(p.evidence).rank))

    def findings(self, groups: list[Group], inside: str, persons: tuple[int, int]) -> tuple[Finding, ...]:
        """A row for each group."""
        seen: dict[tuple[str, str], int] = {}
        out = []
        for g in groups:
            nth = seen[g.entity, g.digest] = seen.get((g.entity, g.digest), 0) + 1
            out.append(self._finding(g, nth, inside, persons))
        return tuple(out)

    def _finding(self, g: Group, nth: int, inside: str, persons: tuple[int, int]) -> Finding:
        """For a secret entity nothing derived from the value; its id is set later from document and place."""
        secret = self._taxonomy.entities[g.entity].secret
        many = g.rows if g.table else 1
        lower = min(many, max(persons[0], 1)) if persons[1] else 0
        upper = min(max(many, lower), persons[1]) if persons[1] else 0
        return Finding(
            "" if secret else self._keyer.finding_id(g.entity, g.digest, nth),
            g.entity,
            g.said.categories,
            str(g.level) if g.level else "",
            str(g.said.certainty),
            round(g.confidence, 2),
            g.hits,
            lower,
            upper,
            str(g.said.role),
            g.masked,
            g.digest,
            g.place,
            inside,
            g.first.rule,
            "; ".join(g.because),
            g.first.checked,
            g.first.sample,
        )
