"""Classifies one document window by window: matches in, facts out; keeps digests and counts, never the text."""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scanner.classify import conclude, evidence, people, records, tables
from scanner.classify.categories import Taxonomy, Weighed, severity
from scanner.classify.findings import Group, Groups, Keyer, ScopeKey
from scanner.classify.linkage import Bin, Scope
from scanner.classify.people import People
from scanner.classify.rolecues import NOTHING, Told, Weight
from scanner.classify.roles import Key, Roles
from scanner.classify.statements import Judge, Setting, Statement
from scanner.classify.tone import GENERAL, Tone, heading
from scanner.model import Classified, Document, Evidence, Facts, Match, Nature, PersonRole, Section
from scanner.text.view import Reading

_GAPS = re.compile(r"[\s-]")
_MARK = re.compile(r"[○〇◯●レ✓✔☑1+有]|あり|はい|該当")
_OTHER_HEALTH = "health_and_medical_other"  # stands in ``categories`` alone: too common to mark a whole document by it
_BESIDE = 4  # characters between an office that is a sensitive statement (書記次長 of a union) and its holder
_OTHERS = 3  # people up to which a file name that names another one is worth a look
_NAMED = 5  # records for each one that names a person, up to which a table is a list of people
_SURE_IN_PROSE = 0.75  # confidence
_PAST = "name.history"  # the rule of names of those who ruled in the past
_READ = 3  # rows without a readable name for each row with one, up to which a column still holds names of people
_SCOPES = 10_000  # pages or messages known apart
_HEADER = 30  # characters of a mail's header before its sender
_SENDER = re.compile(r"(?:^|[\n\t])\s?(?:From|差出人|送信者|発信者|申出者|申立人)\s?[:：\t]\s?[\"']?\Z")
_SHEETS = re.compile(r"\.(?:xls[xmb]?|ods|csv|tsv)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kit:
    """What all sessions of a classifier share."""

    taxonomy: Taxonomy
    words: evidence.Words
    roles: Roles
    judge: Judge
    keyer: Keyer
    lang: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A match with the group that decides its evidence. ``mark``: a mere ○ or 有, which counts but is nothing to show."""

    match: Match
    group: Group
    confidence: float
    mark: bool


class DocumentSession:
    """See contracts.Session."""

    def __init__(self, kit: Kit, document: Document, *, keep: bool) -> None:
        self._kit, self._document, self._keep = kit, document, keep
        self._salt = os.urandom(16)  # keys of people never leave the session
        self._people = People(self._key)
        self._groups = Groups(kit.taxonomy, kit.keyer, kit.lang, self._key)
        self._scopes: dict[ScopeKey, Scope] = {}
        self._tone = Tone()
        self._date = conclude.NewestDate()
        self._kept: list[_Kept] = []
        self._firm = False
        self._births = 0
        self._rows = 0
        self._fields = 0
        self._mail = False
        self._treated: set[ScopeKey] = set()
        self._known: dict[str, Told] = {}  # names told in earlier windows
        self._told: dict[Key, Told] = {}  # names of the window at hand

    def _key(self, text: str) -> int:
        mac = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt)
        return int.from_bytes(mac.digest(), "big")

    # ------------------------------------------------------------ windows

    def feed(self, readings: Sequence[Reading], matches: Sequence[Match]) -> None:
        """Take in a window's readings with the matches found in them."""
        by_block: dict[int, list[Match]] = {}
        for m in matches:
            by_block.setdefault(m.block, []).append(m)
        for found in by_block.values():
            found.sort(key=lambda m: m.start)
        splits = {reading.block.index: records.splitter(reading) for reading in readings}
        for index, split in splits.items():
            split.expect([m.start for m in by_block.get(index, ())])
        self._told = self._kit.roles.tell(readings, by_block, self._known, splits)
        for reading in readings:
            self._block(reading, by_block.get(reading.block.index, []), splits[reading.block.index])

    def _block(self, reading: Reading, matches: list[Match], split: records.Splitter) -> None:
        block = reading.block
        self._tone.read(self._kit.words, reading.text, block.heading, reading.prints)
        if not self._date.done:
            self._date.read(reading.text, *tables.birth_places(reading, matches))
        self._mail = self._mail or block.section in (Section.SUBJECT, Section.QUOTED) or "Subject" in block.text[:300]
        at = records.scope(block)
        if at not in self._scopes and len(self._scopes) >= _SCOPES:
            at = next(iter(self._scopes))
        scope = self._scopes.setdefault(at, Scope())
        self._open(scope, reading, at)
        strays = tables.strays(reading, matches)
        matches = [m for m in matches if (m.start, m.end) not in strays or m.entity != "person_name"]
        bins = self._bins(reading, matches, split)
        self._count(bins, scope, split)
        self._writes(reading, matches, scope)
        self._unread(tables.unread_names(reading, bins, split), bins)
        setting = Setting(reading, split, bins, scope, self._tone, self._firm)
        for m in matches:
            entity = self._kit.taxonomy.entities.get(m.entity)
            if entity is None or entity.neutral:
                continue
            sensitive = self._kit.taxonomy.sensitive(m.entity)
            said = self._kit.judge.judge(m, setting) if sensitive else self._plain(m)
            group = self._groups.join(m, said, reading, split, at)
            if self._keep:
                mark = sensitive and _MARK.fullmatch(reading.block.text[m.start : m.end]) is not None
                self._kept.append(_Kept(m, group, said.confidence, mark))

    def _open(self, scope: Scope, reading: Reading, at: ScopeKey) -> None:
        fields = reading.layout.fields
        known = sum(1 for f in fields if f.label.entity)
        scope.fields += known
        self._fields += known
        if reading.block.rows is not None and (reading.layout.columns or records.is_grid(reading)):
            scope.rows += len(np.unique(reading.block.rows))
        if any(f.label.hint == "care_date" and re.search(r"[0-9]", reading.text[f.start : f.end]) for f in fields):
            self._treated.add(at)
        if scope.seen:
            return
        scope.seen = True
        line = (reading.block.heading or reading.text.lstrip()[:60].split("\n")[0].split("\t")[0])[:60]
        words = self._kit.words
        line = heading(line)
        scope.general = any(w in line for w in words.general) and not any(w in line for w in words.records)

    def _plain(self, m: Match) -> Statement:
        """An entity that identifies rather than states something."""
        told = self._told.get((m.block, m.start), NOTHING)
        sure = max(0.05, m.score - (0.5 if m.sample else 0.0))
        if m.rule == _PAST:
            return Statement(Evidence.MENTION, (), because=("a person of history",), confidence=sure)
        return _identifies(told.role or m.role, told.cue, sure, told.weight >= Weight.FAIR)

    # ------------------------------------------------------------ who stands where

    def _bins(self, reading: Reading, matches: list[Match], split: records.Splitter) -> dict[int | None, Bin]:
        bins: dict[int | None, Bin] = {}
        offices = [(m.start, m.end) for m in matches if self._kit.taxonomy.sensitive(m.entity)]
        orders = [(m.start, m.end) for m in matches if m.entity == "creed"]  # a missionary's or a nun's title is their faith
        parts: dict[str, list[Match]] = {}
        for m in matches:
            if m.group and m.entity == "person_name":
                parts.setdefault(m.group, []).append(m)
        for m in matches:
            entity = self._kit.taxonomy.entities.get(m.entity)
            if entity is None or (entity.identifies not in ("direct", "indirect") and m.entity != "birth_date"):
                continue
            start, end = reading.view(m.start), reading.view(m.end)
            found = bins.setdefault(split.record(m.start), Bin())
            if m.entity == "person_name":
                told = self._told.get((m.block, m.start), NOTHING)
                suggested = m.rule == "name.tagger" and m.score < _SURE_IN_PROSE and told.weight < Weight.FIRM
                if m.rule == _PAST or suggested:
                    continue  # nobody's data is told of a ruler of old, nor anything by a name that prose only suggests
                joined = parts.get(m.group or "", [m])
                if joined[0] is m:
                    whole = "".join(p.normalized or reading.block.text[p.start : p.end] for p in joined)
                    role = told.role if told.weight >= Weight.FAIR else PersonRole.UNKNOWN
                    if (role is PersonRole.STAFF and _beside(offices, m.start, m.end)) or (
                        role is PersonRole.PROFESSIONAL and _beside(orders, m.start, m.end)
                    ):
                        role = PersonRole.SUBJECT if m.role is PersonRole.SUBJECT else PersonRole.UNKNOWN
                    found.persons.append(people.person(m, reading.text, start, end, role, told=told, joined=whole))
            elif m.entity == "birth_date":
                found.births.append((start, end))
            elif not m.sample:
                (found.codes if entity.identifies == "direct" else found.keys).append((start, end))
                found.values.append(_GAPS.sub("", reading.text[start:end]))
        return bins

    def _writes(self, reading: Reading, matches: Sequence[Match], scope: Scope) -> None:
        """Notes that somebody writes in his own name, whatever office he holds: 「私は…」 of a mail is about its sender."""
        if not scope.senders and any(
            m.entity == "person_name"
            and _SENDER.search(reading.text, max(0, reading.view(m.start) - _HEADER), reading.view(m.start))
            for m in matches[:20]
        ):
            scope.senders = True

    def _unread(self, rows: set[int], bins: dict[int | None, Bin]) -> None:
        """Rows about somebody whose name nobody could read: they tell of a person, and count where nothing else identifies one."""
        nobody = Bin()
        self._people.nameless(sum(1 for row in rows if not _identified(bins.get(row, nobody))))
        if sum(1 for row, found in bins.items() if row is not None and found.persons) * _READ < len(rows):
            return  # a column called name in which hardly a name stands holds names of things
        for row in rows:
            bins.setdefault(row, Bin()).unread = True

    def _count(self, bins: dict[int | None, Bin], scope: Scope, split: records.Splitter) -> None:
        named = sum(1 for record, found in bins.items() if record is not None and found.subjects)
        for record, found in bins.items():
            self._people.record(found.persons, found.values, len(found.births))
            self._births += len(found.births)
            if record is not None:
                self._rows += 1 if found.persons or found.keys or found.codes else 0
                if split.rows:
                    continue
            subjects = found.subjects
            scope.senders = scope.senders or any(p.role is PersonRole.SENDER for p in found.persons)
            if len(scope.subjects) < 50:
                scope.subjects |= {p.name for p in subjects}
                scope.named |= {p.name for p in subjects if p.firm}
            firm = any(p.role is PersonRole.SUBJECT for p in subjects) or (bool(subjects) and bool(found.births))
            scope.firm = scope.firm or firm
            self._firm = self._firm or firm
            scope.keys += len(found.keys) + len(found.codes)
        if named and not (
            scope.firm and named * _NAMED < split.size()
        ):  # in a form a row that mentions a name makes no list of people
            scope.named_rows = True

    # ------------------------------------------------------------ the end

    def finish(self) -> Facts:
        """The facts about the whole document."""
        taxonomy = self._kit.taxonomy
        lower, upper, professionals = self._people.counts()
        settling = conclude.Settling(
            self._document,
            self._scopes,
            self._tone,
            self._kit.words,
            firm=self._firm,
            births=self._births,
            persons=lower,
            sheets=_SHEETS.search(self._document.inside[-1] if self._document.inside else self._document.uri) is not None,
        )
        groups = self._groups.all()
        for group in groups:
            if group.said.pending:
                settling.settle(group)
        lone = conclude.lone_names(groups)
        for group in lone:
            group.level, group.because = Evidence.MENTION, ("name alone",)
        if lone and all(g in lone for g in groups if g.entity == "person_name"):
            lower, upper, professionals = 0, 0, 0
        cared = any(self._scopes[s].subjects or self._scopes[s].keys for s in self._treated if s in self._scopes)
        categories, certainty = conclude.summary(groups, cared)
        shown = [g for g in groups if not g.said.hint and (g.level is None or g.level.rank >= Evidence.INFERENCE.rank)]
        weighed = [
            Weighed(taxonomy.entities[g.entity].layer, g.level, g.entity, g.table, g.confidence, g.first.sample) for g in groups
        ]
        return Facts(
            self._groups.findings(shown, " > ".join(self._document.inside), (lower, upper)),
            self._classified() if self._keep else (),
            self._listed(categories, "special_care_required"),
            tuple(c for c in self._listed(categories, "sensitive_finance_gl5") if c != _OTHER_HEALTH),
            {k: str(v) for k, v in categories.items()},
            {k: str(v) for k, v in certainty.items()},
            lower,
            upper,
            professionals,
            self._nature(lower),
            severity(weighed, upper, taxonomy.layers),
            self._date.value,
            self._reasons(),
            self._groups.passages(groups) if self._keep else (),
        )

    def _listed(self, categories: dict[str, Evidence], layer: str) -> tuple[str, ...]:
        known = self._kit.taxonomy.categories
        return tuple(c for c, info in known.items() if info.layer == layer and c in categories and categories[c].linked)

    def _classified(self) -> tuple[Classified, ...]:
        """The kept matches that assert something; E0, E1, EN and mere guesses raise nothing (interfaces 1)."""
        out = []
        for k in self._kept:
            g = k.group
            if g.said.hint or k.mark or (g.level is not None and g.level.rank < Evidence.ASSERTED_UNLINKED.rank):
                continue
            confidence = min(k.confidence, g.confidence) if g.said.pending else k.confidence
            out.append(Classified(k.match, g.level, g.said.categories, g.said.role, confidence, g.said.certainty, g.because))
        return tuple(out)

    def _nature(self, lower: int) -> Nature:
        if self._rows >= 2:
            return Nature.DATABASE_LIKE
        if lower == 0 and not self._births:
            return Nature.NONE
        return Nature.SCATTERED if self._mail or self._fields < 3 else Nature.EXTRACT_LIKE

    def _conflicts(self) -> bool:
        """Whether the file name names somebody, and the text of a document about few people only others."""
        name = records.name_in_path(self._document).replace(" ", "").replace("\u3000", "")
        named = {n for scope in self._scopes.values() for n in scope.named}
        return bool(name) and 0 < len(named) <= _OTHERS and not any(n in name or name in n or n[:2] == name[:2] for n in named)

    def _reasons(self) -> tuple[str, ...]:
        reasons = []
        if self._conflicts():
            reasons.append("name in the file name; conflicts with the text")
        if self._tone.general(self._kit.words) >= GENERAL and not self._firm:
            reasons.append("general text")
        if self._tone.specimen():
            reasons.append("specimen")
        if self._rows >= 2:
            reasons.append("table of records")
        return tuple(reasons)


@lru_cache(maxsize=1_000)
def _identifies(role: PersonRole, cue: str, confidence: float, personal: bool) -> Statement:
    return Statement(None, (), role, because=(f"role: {cue}",) if cue else (), confidence=confidence, personal=personal)


def _identified(found: Bin) -> bool:
    return bool(found.persons or found.values or found.births)


def _beside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the ascending spans ends right before a name or begins right behind it."""
    i = bisect_left(spans, (start, 0))
    return (i > 0 and start - spans[i - 1][1] <= _BESIDE) or (i < len(spans) and spans[i][0] - end <= _BESIDE)
