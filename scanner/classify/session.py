"""Classifies one document window by window: matches in, facts out; keeps digests and counts, never the text."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.classify import evidence, linkage, people, places, records
from scanner.classify.categories import Taxonomy, Weighed, severity
from scanner.classify.findings import Group, Groups, Keyer, finding
from scanner.classify.linkage import Bin, Link, Scope
from scanner.classify.people import People, Person, Roles
from scanner.model import (
    Certainty,
    Classified,
    Document,
    Evidence,
    Facts,
    Finding,
    Match,
    Nature,
    PersonRole,
    Section,
    Strength,
)
from scanner.text import mask
from scanner.text.view import Reading

_CHECKUP = re.compile(r"健診|健康診断|人間ドック|特定健診|ストレスチェック|検診|定期健康|健康管理")
_CLINICAL = re.compile(r"入院|退院|患者|カルテ|診療|サマリ|病棟|主治医|検査報告|診断書|要約")
_HINTS = ("care.document", "care.hint")
_DATE = re.compile(r"(?<![0-9])(20[0-4][0-9]|19[0-9]{2})\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_ERA = re.compile(r"(令和|平成|R|H)\s?([0-9]{1,2}|元)\s?[.年/]\s?(1[0-2]|0?[1-9])\s?[.月/]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_DATES_IN = 200_000  # characters of a document in which dates are looked for
_SCOPES = 10_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """A match with the group that decides its evidence."""

    match: Match
    group: Group
    confidence: float


class DocumentSession:
    """See contracts.Session."""

    def __init__(
        self, taxonomy: Taxonomy, words: evidence.Words, roles: Roles, keyer: Keyer, lang: str, document: Document, keep: bool
    ) -> None:
        self.taxonomy, self.words, self.roles, self.keyer, self.lang = taxonomy, words, roles, keyer, lang
        self.document, self.keep = document, keep
        self._salt = os.urandom(16)
        self._people = People(self._key)
        self._groups = Groups()
        self._scopes: dict[tuple[int, bool], Scope] = {}
        self._tone = evidence.Tone()
        self._kept: list[_Kept] = []
        self._firm = False
        self._births = 0
        self._table_rows = 0
        self._fields = 0
        self._mail = False
        self._care_dates: dict[tuple[int, bool], str] = {}
        self._date = ""
        self._dated = 0

    def _key(self, text: str) -> int:
        return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).digest(), "big")

    # ------------------------------------------------------------ windows

    def feed(self, readings: Sequence[Reading], matches: Sequence[Match]) -> None:
        """Take in a window's readings with the matches found in them."""
        by_block: dict[int, list[Match]] = {}
        for m in matches:
            by_block.setdefault(m.block, []).append(m)
        for reading in readings:
            self._block(reading, sorted(by_block.get(reading.block.index, ()), key=lambda m: m.start))

    def _block(self, reading: Reading, matches: list[Match]) -> None:
        block = reading.block
        self._tone.read(self.words, reading.text, block.heading)
        self._dates(reading.text)
        self._mail = self._mail or block.section in (Section.SUBJECT, Section.QUOTED) or "Subject" in block.text[:300]
        at = records.scope(block)
        scope = self._scopes.setdefault(at if len(self._scopes) < _SCOPES else (0, False), Scope())
        self._open(scope, reading)
        split = records.splitter(reading)
        bins = self._bins(reading, matches, split)
        self._count(bins, scope, split)
        for m in matches:
            if self.taxonomy.sensitive(m.entity):
                self._sensitive(m, reading, split, bins, scope, at)
            else:
                self._plain(m, reading, split, at)
        for field in reading.layout.fields:
            if field.label.hint == "care_date" and re.search(r"[0-9]", reading.text[field.start : field.end]):
                self._care_dates.setdefault(at, places.printable(block.anchor(reading.raw(field.start, field.end).start), self.lang))

    def _open(self, scope: Scope, reading: Reading) -> None:
        scope.fields += sum(1 for f in reading.layout.fields if f.label.entity)
        self._fields += sum(1 for f in reading.layout.fields if f.label.entity)
        if scope.seen:
            return
        scope.seen = True
        line = (reading.block.heading or reading.text.lstrip()[:60].split("\n")[0].split("\t")[0])[:60]
        general = sum(1 for w in self.words.general if w in line)
        scope.general = bool(general) and not any(w in line for w in self.words.records)

    def _bins(self, reading: Reading, matches: list[Match], split: records.Splitter) -> dict[int | None, Bin]:
        text = reading.text
        bins: dict[int | None, Bin] = {}
        joined: dict[str, list[Match]] = {}
        for m in matches:
            if m.group and m.entity == "person_name":
                joined.setdefault(m.group, []).append(m)
        for m in matches:
            entity = self.taxonomy.entities.get(m.entity)
            if entity is None or (entity.identifies not in ("direct", "indirect") and m.entity != "birth_date"):
                continue
            start, end = reading.view(m.start), reading.view(m.end)
            found = bins.setdefault(split.record(m.start), Bin())
            if m.entity == "person_name":
                parts = joined.get(m.group or "", [m])
                if parts[0] is not m:
                    continue
                whole = "".join(p.normalized or reading.block.text[p.start : p.end] for p in parts)
                role = self.roles.of(m, text, start, end, reading.block.section)
                found.persons.append(people.person(m, text, start, end, role, joined=whole))
            elif m.entity == "birth_date":
                found.births.append((start, end))
            elif m.sample:
                continue
            else:
                (found.codes if entity.identifies == "direct" else found.keys).append((start, end))
                found.values.append(re.sub(r"[\s-]", "", text[start:end]))
        return bins

    def _count(self, bins: dict[int | None, Bin], scope: Scope, split: records.Splitter) -> None:
        for record, found in bins.items():
            self._people.record(found.persons, found.values, len(found.births))
            subjects = found.subjects
            self._births += len(found.births)
            if record is not None:
                if found.persons or found.keys or found.codes:
                    self._table_rows += 1
                scope.named_rows = scope.named_rows or bool(found.persons)
                if split.rows:
                    continue
            scope.senders = scope.senders or any(p.role is PersonRole.SENDER for p in found.persons)
            if len(scope.subjects) < 50:
                scope.subjects |= {p.name for p in subjects}
            firm = any(p.role is PersonRole.SUBJECT for p in subjects) or (bool(subjects) and bool(found.births))
            scope.firm = scope.firm or firm
            self._firm = self._firm or firm
            scope.keys += len(found.keys) + len(found.codes)
            scope.births += len(found.births)

    # ------------------------------------------------------------ matches

    def _plain(self, m: Match, reading: Reading, split: records.Splitter, at: tuple[int, bool]) -> None:
        entity = self.taxonomy.entities.get(m.entity)
        if entity is None or entity.neutral:
            return
        role = m.role
        if m.entity == "person_name":
            start, end = reading.view(m.start), reading.view(m.end)
            role = self.roles.of(m, reading.text, start, end, reading.block.section)
        confidence = max(0.05, m.score - (0.5 if m.sample else 0.0))
        group = self._group(m, reading, split, at, (), None, role, Certainty.CLEAR, pending=False)
        self._join(group, m, confidence, split, reading)

    def _sensitive(
        self, m: Match, reading: Reading, split: records.Splitter, bins: dict[int | None, Bin], scope: Scope, at: tuple[int, bool]
    ) -> None:
        text = reading.text
        start, end = reading.view(m.start), reading.view(m.end)
        record = split.record(m.start)
        row = bins.get(record)
        link = linkage.in_record(row, scope) if record is not None else linkage.in_text(text, start, end, row or Bin())
        if record is not None and link.level is None and None in bins and not link.final:
            link = linkage.in_text(text, start, end, bins[None])
        labelled = m.strength is Strength.LABEL
        _, ends = reading.cell(reading.cell_at(start))
        in_row = record is not None and link.level is not None
        stated = evidence.said(
            self.words, text, start, end, result=m.entity == "exam_result", in_row=in_row, labelled=labelled, ends=ends
        )
        if m.rule == "column.answer":
            stated = evidence.Said(None, personal=True)
        weak = m.strength is Strength.WEAK
        if weak and stated.level is None and not labelled and self._titled(reading, start):
            stated = evidence.Said(Evidence.MENTION, because="title")
        company = in_row and m.entity in ("health_condition", "medication_or_treatment")
        if weak and stated.level is None and not (stated.personal or company or self._supported(m, reading, start, end)):
            stated = evidence.Said(Evidence.INFERENCE if link.level is not None else Evidence.MENTION, because="weak word alone")
        categories = self._categories(m, text, start, end, reading)
        level = stated.level if stated.level is not None else link.level
        if stated.level is None and link.level is not None and record is None and self._doubtful(scope, link, stated):
            level = Evidence.MENTION
        if stated.general and stated.level is None and level is not None and not (link.firm or scope.firm):
            level = Evidence.MENTION
        role = PersonRole.FAMILY if stated.relative else link.role or PersonRole.UNKNOWN
        certainty = self.taxonomy.certainty(categories, text[start:end] + text[end : end + 8])
        pending = level is None and not link.final
        if level is None and link.final:
            level = Evidence.ASSERTED_UNLINKED if stated.personal and self._about(text, start, end) else Evidence.MENTION
        group = self._group(m, reading, split, at, categories, level, role, certainty, pending=pending, general=stated.general)
        group.personal = group.personal or (stated.personal and self._about(text, start, end))
        group.labelled = group.labelled or (labelled and record is None)
        group.hint = m.rule in _HINTS
        group.general = stated.general
        confidence = self._confidence(m, stated, link)
        group.because = group.because or tuple(b for b in (m.cue and f"label {m.cue}", stated.because, link.because) if b)
        self._join(group, m, confidence, split, reading)

    def _titled(self, reading: Reading, start: int) -> bool:
        """Whether the word stands in a title that names a form: 共済金請求書(入院・手術)."""
        first = max(reading.text.rfind("\n", 0, start), reading.text.rfind("\t", 0, start)) + 1
        before = reading.text[first:start]
        return bool(re.search(r"(?:書|票|届|表|一覧|簿|控え?|欄|用紙|カード|シート)(?:兼[^(]{1,12})?\s?\([^)]*$", before))

    def _about(self, text: str, start: int, end: int) -> bool:
        first, last = records.sentence(text, start, end)
        return bool(
            re.search(
                r"[0-9]{1,3}(?:歳|才)|[0-9]{2}代|本人|患者|被共済者|対象者|私|わが家|主人|家内|息子|娘|長男|長女|次男|次女|(?:母|父|夫|妻)(?:が|は|の)",
                text[first:last],
            )
        )

    def _doubtful(self, scope: Scope, link: Link, stated: evidence.Said) -> bool:
        """Whether a tie in a text of general character is no tie: its person is not firm, or the sentence tells of nobody."""
        if scope.firm:
            return False
        general = scope.general or (self._tone.general(self.words) >= 3 and not self._firm)
        return general and not (link.firm and stated.personal)

    def _supported(self, m: Match, reading: Reading, start: int, end: int) -> bool:
        """Whether a weak word has company: a label over it or a date, a duration or a hospital in its sentence."""
        if any(f.start <= start and end <= f.end and self.taxonomy.sensitive(f.label.entity) for f in reading.layout.fields):
            return True
        first, last = records.sentence(reading.text, start, end)
        return bool(
            re.search(
                r"[0-9](?:日|週|か月|ヶ月|カ月|回|年|月|/)|病院|クリニック|医院|[一-鿿]科(?:$|[^目学])|診断|中$|済",
                reading.text[first:last],
            )
        )

    def _categories(self, m: Match, text: str, start: int, end: int, reading: Reading) -> tuple[str, ...]:
        if m.entity != "exam_result":
            return m.categories
        first, last = records.sentence(text, start, end)
        if _CHECKUP.search(text, max(0, first - 40), last):
            return ("health_checkup_result",)
        if m.rule == "exam.verdict":
            return ("health_checkup_result",)
        about = reading.block.heading + self._tone.title
        if _CLINICAL.search(about) and not _CHECKUP.search(about):
            return ("medical_care",)
        if _CHECKUP.search(about) or m.rule == "column.exam_result":
            return ("health_checkup_result",)
        return ("medical_care",)

    @staticmethod
    def _confidence(m: Match, stated: evidence.Said, link: Link) -> float:
        """The building blocks of taxonomy 3.4."""
        base = {Strength.LABEL: 0.9, Strength.STRONG: 0.85, Strength.WEAK: 0.6, Strength.ABBREVIATION: 0.5}.get(
            m.strength or Strength.STRONG, 0.8
        )
        value = min(base, link.confidence) if link.level is not None else min(base, 0.65)
        if base >= 0.85 and link.confidence >= 0.85:
            value = max(value, 0.88)
        if stated.uncertain:
            value -= 0.15
        if m.sample:
            value -= 0.5
        return max(0.05, round(value, 2))

    # ------------------------------------------------------------ groups

    def _group(
        self,
        m: Match,
        reading: Reading,
        split: records.Splitter,
        at: tuple[int, bool],
        categories: tuple[str, ...],
        level: Evidence | None,
        role: PersonRole,
        certainty: Certainty,
        *,
        pending: bool,
        general: bool = False,
    ) -> Group:
        entity = self.taxonomy.entities[m.entity]
        row = split.record(m.start)
        table = row is not None
        column = split.column(m.start) if table else 0
        scope = at if pending else (-1, False)
        general = general and pending
        rest = (m.entity, "rest", categories, level, role, scope, m.sample, general)
        hint = m.rule in _HINTS
        if table and split.rows:
            key: tuple[object, ...] = (m.entity, at, column, categories, level, role, pending, m.sample, hint, general)
        elif entity.secret:
            key = (m.entity, at, m.sample)
        else:
            value = re.sub(r"[\s-]", "", reading.text[reading.view(m.start) : reading.view(m.end)]) if not m.normalized else m.normalized
            key = (m.entity, self._key(value), categories, level, role, scope, m.sample, hint, general)
        return self._groups.add(key, rest, lambda: self._new(m, reading, at, categories, level, role, certainty, pending, table, column))

    def _new(
        self,
        m: Match,
        reading: Reading,
        at: tuple[int, bool],
        categories: tuple[str, ...],
        level: Evidence | None,
        role: PersonRole,
        certainty: Certainty,
        pending: bool,
        table: bool,
        column: int,
    ) -> Group:
        entity = self.taxonomy.entities[m.entity]
        raw = reading.block.text[m.start : m.end]
        masked = digest = ""
        if not entity.secret:
            named = (self.taxonomy.categories[c] for c in categories if c in self.taxonomy.categories)
            if entity.mask == "category":
                masked = "・".join((c.ja if self.lang == "ja" else c.en) for c in named)
            else:
                masked = mask.mask(entity.mask, raw, self.lang)
            digest = self.keyer.digest(m.entity, mask.canonical(m.entity, m.normalized or raw))
        return Group(
            m.entity,
            categories,
            level,
            at,
            pending,
            table,
            m,
            masked,
            digest,
            places.printable(reading.block.anchor(m.start), self.lang),
            role,
            certainty,
        )

    def _join(self, group: Group, m: Match, confidence: float, split: records.Splitter, reading: Reading) -> None:
        group.hits += 1
        group.confidence = max(group.confidence, confidence)
        row = split.record(m.start)
        if row is not None and row != group.last_row:
            group.rows += 1
            group.last_row = row
        if self.keep:
            self._kept.append(_Kept(m, group, confidence))

    def _dates(self, text: str) -> None:
        """Keep the newest date of the text that is not in the future by much."""
        if self._dated >= _DATES_IN:
            return
        part = text[: _DATES_IN - self._dated]
        self._dated += len(part)
        for d in _DATE.finditer(part):
            self._newest(int(d[1]), int(d[2]), int(d[3]))
        for d in _ERA.finditer(part):
            year = 1 if d[2] == "元" else int(d[2])
            self._newest((2018 if d[1] in ("令和", "R") else 1988) + year, int(d[3]), int(d[4]))

    def _newest(self, year: int, month: int, day: int) -> None:
        if 1980 <= year <= 2035:
            self._date = max(self._date, f"{year:04d}-{month:02d}-{day:02d}")

    # ------------------------------------------------------------ the end

    def finish(self) -> Facts:
        """The facts about the whole document."""
        for group in self._groups.all():
            if group.pending:
                self._settle(group)
        lower, upper, professionals = self._people.counts()
        groups = [g for g in self._groups.all() if g.level is None or g.level.rank >= Evidence.INFERENCE.rank]
        categories, certainty = self._summary()
        shown = [g for g in groups if not g.hint]
        findings = self._findings(shown, lower, upper)
        weighed = [
            Weighed(self.taxonomy.entities[g.entity].layer, g.level, g.entity, g.table, g.confidence, g.first.sample)
            for g in self._groups.all()
        ]
        special = self._listed(categories, "special_care_required")
        sensitive = self._listed(categories, "sensitive_finance_gl5")
        return Facts(
            findings,
            self._classified() if self.keep else (),
            special,
            sensitive,
            {k: str(v) for k, v in categories.items()},
            {k: str(v) for k, v in certainty.items()},
            lower,
            upper,
            professionals,
            self._nature(lower),
            severity(weighed, upper, self.taxonomy.layers),
            self._date,
            self._reasons(),
        )

    def _settle(self, group: Group) -> None:
        """Find the person of a statement that had none near by: its scope, the document's subject, the file name."""
        scope = self._scopes.get(group.scope) or Scope()
        general = self._tone.general(self.words) >= 3 and not self._firm and not scope.firm
        level, confidence, because = None, 0.0, ""
        if general or (scope.general and not scope.firm):
            level, because = Evidence.MENTION, "general text"
        elif group.general and not scope.firm:
            level, because = Evidence.MENTION, "general statement"
        elif scope.subjects and (scope.firm or group.personal or group.labelled or len(scope.subjects) <= 2):
            level, confidence, because = Evidence.LINKED_DIRECT, 0.7 if scope.firm else 0.6, "same page or form"
        elif scope.keys and scope.fields >= 2:
            level, confidence, because = Evidence.LINKED_INDIRECT, 0.65, "same form, internal number"
        elif self._firm and not (group.table and scope.named_rows):
            level, confidence, because = Evidence.LINKED_DIRECT, 0.6, "the document's subject"
        elif (scope.subjects or self._firm) and group.personal:
            level, confidence, because = Evidence.LINKED_DIRECT, 0.55, "the document's subject"
        elif records.name_in_path(self.document):
            level, confidence, because = Evidence.LINKED_DIRECT, 0.55, "name in the file name"
        elif scope.senders and group.personal:
            level, confidence, because = Evidence.LINKED_DIRECT, 0.55, "the sender"
        elif group.personal or (group.labelled and scope.fields >= 3 and self._births):
            level, confidence, because = Evidence.ASSERTED_UNLINKED, 0.5, "no person in the document"
        else:
            level, because = Evidence.MENTION, "nobody is meant"
        group.level = level
        if confidence:
            group.confidence = min(group.confidence, confidence)
        group.because = (*(b for b in group.because if b != "no person near by"), because)

    def _summary(self) -> tuple[dict[str, Evidence], dict[str, Certainty]]:
        """Best evidence and certainty of each category."""
        best: dict[str, Evidence] = {}
        certainty: dict[str, Certainty] = {}
        for g in self._groups.all():
            if g.level is None or (g.hint and not g.level.linked):
                continue
            for c in g.categories:
                if c not in best or g.level.rank > best[c].rank:
                    best[c], certainty[c] = g.level, g.certainty
                elif g.level is best[c] and g.certainty is Certainty.CLEAR:
                    certainty[c] = Certainty.CLEAR
        linked = any(e.linked for c, e in best.items() if c in ("medical_history", "medical_care"))
        if linked and any(self._scopes.get(s, Scope()).subjects for s in self._care_dates):
            if not best.get("medical_care", Evidence.MENTION).linked:
                best["medical_care"], certainty["medical_care"] = Evidence.LINKED_DIRECT, Certainty.CLEAR
        return best, certainty

    def _listed(self, categories: dict[str, Evidence], layer: str) -> tuple[str, ...]:
        return tuple(c for c, info in self.taxonomy.categories.items() if info.layer == layer and c in categories and categories[c].linked)

    def _findings(self, groups: list[Group], lower: int, upper: int) -> tuple[Finding, ...]:
        inside = " > ".join(self.document.inside)
        seen: dict[tuple[str, str], int] = {}
        out = []
        for g in groups:
            nth = seen[g.entity, g.digest] = seen.get((g.entity, g.digest), 0) + 1
            secret = self.taxonomy.entities[g.entity].secret
            out.append(finding(g, nth, self.keyer, inside, (lower, upper), secret=secret))
        return tuple(out)

    def _classified(self) -> tuple[Classified, ...]:
        out = []
        for k in self._kept:
            g = k.group
            if g.hint or (g.level is not None and g.level.rank < Evidence.ASSERTED_UNLINKED.rank):
                continue
            confidence = min(k.confidence, g.confidence) if g.pending else k.confidence
            out.append(Classified(k.match, g.level, g.categories, g.role, confidence, g.certainty, g.because))
        return tuple(out)

    def _nature(self, lower: int) -> Nature:
        if self._table_rows >= 2:
            return Nature.DATABASE_LIKE
        if lower == 0 and not self._births:
            return Nature.NONE
        return Nature.SCATTERED if self._mail or self._fields < 3 else Nature.EXTRACT_LIKE

    def _reasons(self) -> tuple[str, ...]:
        reasons = []
        if self._tone.general(self.words) >= 3 and not self._firm:
            reasons.append("general text")
        if self._table_rows >= 2:
            reasons.append("table of records")
        return tuple(reasons)


