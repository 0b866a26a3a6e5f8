"""Draws the document's conclusions once all of it is read: persons for statements without one, best evidence, newest date."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.classify import evidence, records
from scanner.classify.findings import Group, ScopeKey
from scanner.classify.linkage import Scope
from scanner.model import Certainty, Document, Evidence

_DATE = re.compile(
    r"(?<![0-9])(20[0-4][0-9]|19[0-9]{2})\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_ERA = re.compile(r"(令和|平成|R|H)\s?([0-9]{1,2}|元)\s?[.年/]\s?(1[0-2]|0?[1-9])\s?[.月/]\s?(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_DATES_IN = 200_000  # characters of a document in which dates are looked for
_FEW = 6  # people up to which a document is about its subject
_EARLIEST, _LATEST = 1980, 2035


class NewestDate:
    """The newest plausible date of a text, ISO; birth dates are older than what matters, so they need no care."""

    def __init__(self) -> None:
        self.value = ""
        self._seen = 0

    def read(self, text: str) -> None:
        """Take in a window."""
        if self._seen >= _DATES_IN:
            return
        part = text[: _DATES_IN - self._seen]
        self._seen += len(part)
        for d in _DATE.finditer(part):
            self._take(int(d[1]), int(d[2]), int(d[3]))
        for d in _ERA.finditer(part):
            year = 1 if d[2] == "元" else int(d[2])
            self._take((2018 if d[1] in ("令和", "R") else 1988) + year, int(d[3]), int(d[4]))

    def _take(self, year: int, month: int, day: int) -> None:
        if _EARLIEST <= year <= _LATEST:
            self.value = max(self.value, f"{year:04d}-{month:02d}-{day:02d}")


class Settling:
    """Finds the person of statements that had none near by: their scope, the document's subject, the file name."""

    def __init__(
        self,
        document: Document,
        scopes: Mapping[ScopeKey, Scope],
        tone: evidence.Tone,
        words: evidence.Words,
        *,
        firm: bool,
        births: int,
        persons: int,
    ) -> None:
        self._document, self._scopes = document, scopes
        self._general = tone.general(words) >= evidence.GENERAL
        self._firm, self._births = firm, births
        self._few = persons <= _FEW

    def settle(self, group: Group) -> None:
        """Set the group's evidence and lower its confidence to what the tie is worth."""
        scope = self._scopes.get(group.scope) or Scope()
        level, confidence, because = self._general_text(group, scope) or self._tie(group, scope) or self._untied(group, scope)
        group.level = level
        if confidence:
            group.confidence = min(group.confidence, confidence)
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
        likely = scope.firm or group.personal or group.said.labelled or len(scope.subjects) <= 2
        if scope.subjects and likely:
            return Evidence.LINKED_DIRECT, 0.7 if scope.firm else 0.6, "same page or form"
        if scope.keys and scope.fields >= 2:
            return Evidence.LINKED_INDIRECT, 0.65, "same form, internal number"
        if self._firm and self._few and not (group.table and scope.named_rows):
            return Evidence.LINKED_DIRECT, 0.6, "the document's subject"
        if (scope.subjects or self._firm) and group.personal:
            return Evidence.LINKED_DIRECT, 0.55, "the document's subject"
        if records.name_in_path(self._document):
            return Evidence.LINKED_DIRECT, 0.55, "name in the file name"
        if scope.senders and group.personal:
            return Evidence.LINKED_DIRECT, 0.55, "the sender"
        return None

    def _untied(self, group: Group, scope: Scope) -> tuple[Evidence, float, str]:
        if group.personal or (group.said.labelled and scope.fields >= 3 and self._births):
            return Evidence.ASSERTED_UNLINKED, 0.5, "no person in the document"
        return Evidence.MENTION, 0.0, "nobody is meant"


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
