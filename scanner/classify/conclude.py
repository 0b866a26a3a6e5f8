"""Draws the document's conclusions once all of it is read: persons for statements without one, best evidence, newest date."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from scanner.classify import evidence, records
from scanner.classify.findings import Group, ScopeKey
from scanner.classify.linkage import ROSTER, SMALL, Scope
from scanner.classify.tone import GENERAL, Tone
from scanner.model import Certainty, Document, Evidence, Strength

_DATE = re.compile(
    r"(?<![0-9])(20[0-4][0-9]|19[0-9]{2})\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_YEAR = re.compile(r"[12][09][0-9]{2}\s?[-/.年]")  # the beginning of a _DATE, quickly found
_ERA = re.compile(r"(令和|平成|R|H)\s?([0-9]{1,2}|元)\s?[.年/]\s?(1[0-2]|0?[1-9])\s?[.月/]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_DATES_IN = 200_000  # characters of a document in which dates are looked for
_FEW = 6  # people up to which a document is about its subject

_EARLIEST, _LATEST = 1980, 2035


class NewestDate:
    """The newest plausible date of a text, ISO. A date that is, or may be, somebody's birth date never counts.

    Birth dates are told by their matches, labels and columns, by what stands beside them, and by being written as one elsewhere in
    the document; in a table of people only a column whose header names an event counts.
    """

    def __init__(self) -> None:
        self._dates: set[int] = set()
        self._births: set[int] = set()
        self._seen = 0

    @property
    def done(self) -> bool:
        """Whether it has read as much as it reads."""
        return self._seen >= _DATES_IN

    @property
    def value(self) -> str:
        """The date, or an empty string."""
        newest = max(self._dates - self._births, default=0)
        return f"{newest // 10_000:04d}-{newest // 100 % 100:02d}-{newest % 100:02d}" if newest else ""

    def read(self, text: str, births: Sequence[tuple[int, int]], doubtful: Sequence[tuple[int, int]]) -> None:
        """Take in a window. ``births``, ``doubtful``: view ranges of birth dates, and of what may be one; ascending."""
        if self.done:
            return
        part = text[: _DATES_IN - self._seen]
        self._seen += len(part)
        for begin in _YEAR.finditer(part):
            found = _DATE.match(part, begin.start())
            if found:
                self._take(part, found, int(found[1]), births, doubtful)
        for d in _ERA.finditer(part):
            year = 1 if d[2] == "元" else int(d[2])
            self._take(part, d, (2018 if d[1] in ("令和", "R") else 1988) + year, births, doubtful)
        for d in _bare(part):
            self._births.add(_number(int(d[1]), int(d[2]), int(d[3])))

    def _take(
        self, text: str, d: re.Match[str], year: int, births: Sequence[tuple[int, int]], doubtful: Sequence[tuple[int, int]]
    ) -> None:
        if not _EARLIEST <= year <= _LATEST:
            return
        month, day = d.groups()[-2:]
        number = _number(year, int(month), int(day))
        if number in self._births:
            return
        start, end = d.span()
        if _covered(births, start, end) or _BORN_AFTER.match(text, end) or _BORN_BEFORE.search(text[max(0, start - 24) : start]):
            self._births.add(number)
        elif not _covered(doubtful, start, end):
            self._dates.add(number)


def _bare(text: str) -> Iterator[re.Match[str]]:
    """The matches of _BARE, tried where one of its words stands."""
    lower = text.lower()
    if len(lower) != len(text):
        yield from _BARE.finditer(text)
        return
    for word in ("生年月日", "birth", "dob"):
        at = lower.find(word)
        while at >= 0:
            found = _BARE.match(text, at)
            if found:
                yield found
            at = lower.find(word, at + 1)


def _number(year: int, month: int, day: int) -> int:
    return year * 10_000 + month * 100 + day


def _covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    i = bisect_left(spans, (end, 0)) - 1
    return any(a < end and start < b for a, b in spans[max(0, i - 2) : i + 1]) if i >= 0 else False


_BORN_AFTER = re.compile(
    r"日?[ ]?\)?[ ]?(?:生|出生|誕生|\(?[ ]?(?:満|年齢)?[ ]?[0-9]{1,3}[ ]?(?:歳|才)|[ \t・,、]{0,2}(?:男|女)(?:性|児|[\s・,、)]|$))"
)
_BORN_BEFORE = re.compile(
    r"(?:生年月日|誕生日|生年|出生日?|生まれ|birth[a-z_ ]*|dob|(?:[\s・,、(]|^)(?:男|女)性?[ \t・,、)]{1,2})"
    r"[\"'\s:=は(]{0,5}(?:西暦)?$",
    re.IGNORECASE,
)
# Eight digits beside a birth label: they name the date of another writing.
_BARE = re.compile(
    r"(?:生年月日|birth[a-z_]*|dob)[\"'\s:=]{1,4}(19[0-9]{2}|20[0-4][0-9])(1[0-2]|0[1-9])(3[01]|[12][0-9]|0[1-9])(?![0-9])",
    re.IGNORECASE,
)


PROSE = frozenset({"name.tagger", "name.ginza", "name.known"})


class Settling:
    """Finds the person of statements that had none near by: their scope, the document's subject, the file name."""

    def __init__(
        self,
        document: Document,
        scopes: Mapping[ScopeKey, Scope],
        tone: Tone,
        words: evidence.Words,
        *,
        firm: bool,
        births: int,
        persons: int,
        sheets: bool,
    ) -> None:
        self._document, self._scopes = document, scopes
        self._general = tone.general(words) >= GENERAL
        self._firm, self._births = firm, births
        self._few = persons <= _FEW
        self._sheets = sheets

    def settle(self, group: Group) -> None:
        """Set the group's evidence and lower its confidence to what the tie is worth."""
        scope = self._scopes.get(group.scope) or Scope()
        level, confidence, because = self._general_text(group, scope) or self._tie(group, scope) or self._untied(group, scope)
        group.level = level
        group.confidence = min(group.confidence, confidence or 0.5)
        group.because = (*(b for b in group.because if b != "no person near by"), because)

    def _general_text(self, group: Group, scope: Scope) -> tuple[Evidence, float, str] | None:
        if scope.firm:
            return None
        if scope.general or (self._general and not self._firm):
            return Evidence.MENTION, 0.0, "general text"
        if group.said.general:
            return Evidence.MENTION, 0.0, "general statement"
        return None

    def _tie(self, group: Group, scope: Scope) -> tuple[Evidence, float, str] | None:
        announced = group.said.labelled or group.first.strength is Strength.LABEL
        lone = scope.lone and announced and scope.rows <= SMALL
        if (group.table and not (self._belongs(scope) or (lone and not scope.named_rows))) or (
            group.cells and scope.rows > SMALL and not group.said.labelled
        ):
            return None
        if group.said.labelled and scope.firm and scope.fields >= 2 and not group.table:
            return Evidence.LINKED_DIRECT, 0.88 if scope.lone else 0.7, "labelled value in the person's form"
        if group.first.rule.startswith(ROSTER) and (scope.named_rows or scope.subjects):
            return Evidence.LINKED_DIRECT, 0.7, "title of a list of people"
        likely = scope.firm or group.personal or group.said.labelled or len(scope.subjects) <= 2
        if scope.subjects and likely:
            return Evidence.LINKED_DIRECT, 0.7 if scope.firm else 0.6, "same page or form"
        if scope.keys and scope.fields >= 2:
            return Evidence.LINKED_INDIRECT, 0.65, "same form, internal number"
        if self._firm and self._few:
            return Evidence.LINKED_DIRECT, 0.6, "the document's subject"
        if (scope.subjects or self._firm) and group.personal:
            return Evidence.LINKED_DIRECT, 0.55, "the document's subject"
        if records.name_in_path(self._document):
            return Evidence.LINKED_DIRECT, 0.55, "name in the file name"
        if scope.senders and group.personal:
            return Evidence.LINKED_DIRECT, 0.55, "the sender"
        return None

    def _belongs(self, scope: Scope) -> bool:
        """Whether rows without a person can be about the one person of their sheet, page or document: no catalogue's can."""
        if scope.rows > SMALL or scope.named_rows:
            return False
        return scope.firm or scope.keys > 0 or (self._firm and self._few and not self._sheets)

    def _untied(self, group: Group, scope: Scope) -> tuple[Evidence, float, str]:
        if group.personal or (group.said.labelled and scope.fields >= 3 and self._births):
            return Evidence.ASSERTED_UNLINKED, 0.5, "no person in the document"
        return Evidence.MENTION, 0.0, "nobody is meant"


def lone_names(groups: list[Group]) -> list[Group]:
    """The names of a text that says nothing else of anybody: an essay mentions authors and figures, no personal data of theirs.

    Names that only the reader of prose found, in a document where no name has a role that something tells or stands in a table, and
    without any number, address, date of birth or statement tied to a person.
    """
    names = [g for g in groups if g.entity == "person_name" and not g.first.sample]
    others = (g for g in groups if g.entity != "person_name" and (g.level is None or g.level.linked))
    if any(others) or any(g.personal or g.cells for g in names):
        return []
    return [g for g in names if g.first.rule in PROSE]


def summary(groups: list[Group], cared: bool) -> tuple[dict[str, Evidence], dict[str, Certainty]]:
    """Best evidence and certainty of each category. ``cared``: dates of a treatment stand in a form that names its patient.

    Words that only hint at care (診察, 処方) count where the same document tells of somebody's illness.
    """
    best: dict[str, Evidence] = {}
    certainty: dict[str, Certainty] = {}
    for g in groups:
        if g.level is None or g.said.hint:
            continue
        for c in g.said.categories:
            if c not in best or g.level.rank > best[c].rank:
                best[c], certainty[c] = g.level, g.said.certainty
            elif g.level is best[c] and g.said.certainty is Certainty.CLEAR:
                certainty[c] = Certainty.CLEAR
    ill = best.get("medical_history", Evidence.MENTION).linked
    hinted = any(g.said.hint and g.level is not None and g.level.linked and "medical_care" in g.said.categories for g in groups)
    if (cared or hinted) and ill and not best.get("medical_care", Evidence.MENTION).linked:
        best["medical_care"], certainty["medical_care"] = Evidence.LINKED_DIRECT, Certainty.CLEAR
    return best, certainty
