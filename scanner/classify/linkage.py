"""Ties a statement to a person: same row, same sentence, the person last named, the form, the document (taxonomy 3.2, 3.3)."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from scanner.classify import records
from scanner.classify.people import READING, Person, honoured
from scanner.model import Evidence, PersonRole

SMALL = 60  # rows up to which a table without a column of people may belong to the person its sheet or page is about
_CARRIED = 900  # characters over which the person last named is still meant
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z]\s?(?:さん|氏|様|殿|\.\s?[A-Z]|・[A-Z](?![A-Za-z]))")
_BORN = re.compile(r"[0-9]{1,2}[月/][0-9]{1,2}日?\s?生|生年月日|[SHR][0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}")


@dataclass(slots=True)
class Bin:
    """What stands in one record. ``keys``: view positions of member, contract and staff numbers; ``codes``: of 個人識別符号."""

    persons: list[Person] = field(default_factory=list)
    keys: list[tuple[int, int]] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)
    births: list[tuple[int, int]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)  # of keys and codes that are not secret, for counting only
    unread: bool = False  # its cell of the column of names holds something that no detector read

    @property
    def subjects(self) -> list[Person]:
        """Those a statement can be about, relatives and others behind those whom the document is about."""
        return sorted((p for p in self.persons if p.subject), key=_remote)


@dataclass(slots=True)
class Scope:
    """What a page, slide, sheet or message knows of people. ``general``: its heading announces general information."""

    subjects: set[str] = field(default_factory=set)
    firm: bool = False
    keys: int = 0
    births: int = 0
    senders: bool = False
    staff: bool = False
    named_rows: bool = False
    fields: int = 0
    rows: int = 0  # of tables with a header
    general: bool = False
    seen: bool = False
    named: set[str] = field(default_factory=set)  # surely people: labelled, with an honorific or a birth date

    @property
    def lone(self) -> bool:
        """Whether it is surely about one person: one labelled name, or a name and its reading."""
        return 0 < len({n for n in self.named if not READING.fullmatch(n)} or self.named) <= 1


@dataclass(frozen=True, slots=True)
class Link:
    """The tie: None as ``level`` means that no person has been found near by. ``firm``: the person is surely one."""

    level: Evidence | None
    confidence: float
    because: str
    role: PersonRole = PersonRole.UNKNOWN
    firm: bool = False
    loose: bool = False  # the person is named elsewhere than in the statement's sentence
    final: bool = False  # no wider scope may supply a person
    labelled: bool = False  # a label announces the person
    told: str = ""  # what decided the person's role


def in_record(found: Bin | None, scope: Scope) -> Link:
    """Within a row, a log line, an element of a list."""
    if found is not None:
        for p in found.subjects:
            return Link(Evidence.LINKED_DIRECT, 0.9, "same row", p.shown, firm=True, told=p.cue)
        if found.codes:
            return Link(Evidence.LINKED_DIRECT, 0.9, "same row, identification code")
        if found.keys:
            return Link(Evidence.LINKED_INDIRECT, 0.85, "same row, internal number")
        if found.births and found.persons:
            return Link(Evidence.LINKED_INDIRECT, 0.6, "same row, birth date")
        if found.unread:
            return Link(Evidence.LINKED_DIRECT, 0.6, "same row, name not read")
    return Link(None, 0.5, "row without a person", final=scope.named_rows)


def in_text(text: str, start: int, end: int, found: Bin) -> Link:
    """Within running text or a form: sentence, then paragraph, then the person last named."""
    first, last = records.sentence(text, start, end)
    told = _in_bracket_of(found.persons, text, start)
    if told is not None:
        return Link(Evidence.LINKED_DIRECT, 0.85, "in brackets behind the name", told.shown, firm=True, told=told.cue)
    here = _within(found.persons, first, last)
    for p in here:
        return Link(Evidence.LINKED_DIRECT, 0.85, "same sentence", p.shown, p.firm, told=p.cue)
    if _spans_within(found.codes, first, last):
        return Link(Evidence.LINKED_DIRECT, 0.85, "same sentence, identification code", firm=True)
    if _spans_within(found.keys, first, last):
        return Link(Evidence.LINKED_INDIRECT, 0.8, "same sentence, internal number", firm=True)
    if _INITIAL.search(text, first, last) and (_spans_within(found.births, first, last) or _BORN.search(text, first, last)):
        return Link(Evidence.LINKED_INDIRECT, 0.7, "initials and birth date", firm=True)
    if _ADDRESSED.search(text, first, last):
        for p in reversed(found.persons[: bisect_left([q.start for q in found.persons], first)]):
            if honoured(text, p.end) and not p.sample:
                return Link(Evidence.LINKED_DIRECT, 0.75, "the addressee", p.shown, firm=True, told=p.cue)
    before = _before(found.persons, start, text)
    if before is not None:
        return Link(
            Evidence.LINKED_DIRECT,
            0.75,
            "person last named",
            before.shown,
            before.firm,
            loose=True,
            labelled=before.labelled,
            told=before.cue,
        )
    low, high = records.paragraph(text, start, end)
    for p in _within(found.persons, low, high):
        if not records.parted(text, min(p.start, start), max(p.end, end)):
            return Link(Evidence.LINKED_DIRECT, 0.7, "same paragraph", p.shown, p.firm, loose=True, told=p.cue)
    return Link(None, 0.5, "no person near by")


def _in_bracket_of(persons: list[Person], text: str, start: int) -> Person | None:
    """The person behind whose name the bracket opens that holds the statement; a teacher or an officer can be meant by it too."""
    opening = text.rfind("(", max(0, start - 40), start)
    if opening < 0 or ")" in text[opening:start] or "\n" in text[opening:start]:
        return None
    i = bisect_left([p.start for p in persons], opening)
    if i and not persons[i - 1].sample and _TITLE.fullmatch(text, persons[i - 1].end, opening):
        return persons[i - 1]
    return None


_ADDRESSED = re.compile(r"貴殿|貴方|あなた(?:様|は|が|の)")
_TITLE = re.compile(r"\s?(?:さん|様|氏|殿|くん|君|ちゃん|先生)?\s?")


def _within(persons: list[Person], first: int, last: int) -> list[Person]:
    i = bisect_left([p.start for p in persons], first)
    out = []
    for p in persons[i:]:
        if p.start >= last:
            break
        if p.subject:
            out.append(p)
    return sorted(out, key=_remote)


def _remote(p: Person) -> bool:
    """Whether somebody named beside the subject of a document is less likely to be meant than the subject."""
    return p.role in (PersonRole.FAMILY, PersonRole.OTHER)


def _spans_within(spans: list[tuple[int, int]], first: int, last: int) -> bool:
    return any(first <= a < last for a, _ in spans)


def _before(persons: list[Person], start: int, text: str) -> Person | None:
    i = bisect_left([p.start for p in persons], start)
    relative = None
    for p in reversed(persons[:i]):
        if start - p.end > _CARRIED or records.parted(text, p.end, start):
            break
        if p.subject and not _remote(p):
            return p
        relative = relative or (p if p.subject else None)
    return relative
