"""Candidates of the sensitive detector and how they join: overlapping pieces of one word, chains of one criminal matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanner.model import Strength

_ORDER = {Strength.ABBREVIATION: 0, Strength.WEAK: 1, Strength.STRONG: 2, Strength.LABEL: 3}
_DATE = r"(?:(?:令和|平成|昭和|[RHS])?[0-9元]{1,4}[年./-])?(?:[0-9]{1,2}[月./-])?(?:[0-9]{1,2}日?)?(?:付け?)?"
_LINK = re.compile(
    r"[、・,:の]?(?:で|に|と|を|へ|により|によって|として|の判決|の判決で|の疑いで|の容疑で|容疑で|の疑い|した|され|され、|し、|となり、|となり|,|\s){0,2}$"
    r"|(?:の疑いで|の容疑で|で|により)、?" + _DATE + r"(?:に|、)?$"
)
# A bracket that belongs to it: 不起訴(起訴猶予), 累犯(服役3回), 傷害事件(罰金20万円).
_BRACKET = re.compile(
    r"\([^()\n\t]{0,8}(?:起訴|服役|罰金|懲役|拘禁|禁錮|猶予|科料|刑|逮捕|送検|釈放|示談成立|嫌疑|保護観察|少年院)[^()\n\t]{0,8}\)"
)
CRIME = "criminal_record"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim before it becomes a match. View positions. ``said``: what an answer cell (○) asserts, e.g. its column's disease."""

    start: int
    end: int
    entity: str
    categories: tuple[str, ...]
    strength: Strength
    rule: str
    cue: str = ""
    said: str = ""


OFFICES = ("union.office", "union.joined", "union.post")  # rules of words that mean a union's members only in its own texts
_HEALTH = frozenset({"health_condition", "medication_or_treatment", "exam_result"})


def worded(found: list[Candidate], clauses: frozenset[str]) -> list[Candidate]:
    """Candidates without the clauses that a listed word says already. ``clauses``: the rules that find clauses.

    A weak word about health that stands in a clause is a firm one there.
    """
    whole = sorted((c for c in found if c.rule in clauses), key=lambda c: c.start)
    if not whole:
        return found
    words = [c for c in found if c.rule not in clauses]
    lifted: dict[int, str] = {}
    kept: list[Candidate] = []
    for clause in whole:
        inside = [
            (n, w) for n, w in enumerate(words) if w.entity == clause.entity and w.start < clause.end and clause.start < w.end
        ]
        if any(
            _ORDER[w.strength] >= _ORDER[Strength.STRONG] and set(clause.categories) <= set(w.categories) and w.rule not in OFFICES
            for _, w in inside
        ):
            continue
        weak = [n for n, w in inside if w.strength is Strength.WEAK]
        if weak and clause.entity in _HEALTH:
            lifted |= dict.fromkeys(weak, clause.rule)
        else:
            kept.append(clause)
    firm = [replace(w, strength=Strength.STRONG, rule=lifted[n]) if n in lifted else w for n, w in enumerate(words)]
    return firm + kept


def merged(text: str, found: list[Candidate]) -> list[Candidate]:
    """One candidate for each place: pieces of one word are joined, and of rivals the longer and firmer one stays."""
    out: list[Candidate] = []
    for c in sorted(found, key=lambda c: (c.start, -c.end)):
        if not out:
            out.append(c)
            continue
        last = out[-1]
        touching = c.start < last.end or (
            c.start == last.end
            and c.entity == last.entity == "health_condition"
            and Strength.ABBREVIATION not in (c.strength, last.strength)
        )
        if not touching:
            out.append(c)
        elif c.entity == last.entity:
            out[-1] = _union(last, c)
        elif _better(c, last):
            out[-1] = c
            if c.start > last.start and not c.said and _separable(last, c):
                out[-1:] = [replace(last, end=c.start), c]
        elif c.end > last.end and _separable(last, c):
            out.append(replace(c, start=last.end))
    return [c for c in out if c.start < c.end and text[c.start : c.end].strip()]


def _union(a: Candidate, b: Candidate) -> Candidate:
    first = a if _ORDER[a.strength] >= _ORDER[b.strength] else b
    categories = tuple(dict.fromkeys(a.categories + b.categories))
    return replace(first, start=min(a.start, b.start), end=max(a.end, b.end), categories=categories)


def _better(new: Candidate, old: Candidate) -> bool:
    weak = _ORDER[old.strength] < _ORDER[Strength.STRONG]
    if weak and _ORDER[new.strength] >= _ORDER[Strength.STRONG]:
        return True
    return new.end - new.start > old.end - old.start and _ORDER[new.strength] >= _ORDER[old.strength]


def _separable(a: Candidate, b: Candidate) -> bool:
    """Whether both can stand one after the other: 胃癌術後 is a disease and a treatment."""
    return b.start - a.start >= 2 and b.end > a.end and {a.entity, b.entity} == {"health_condition", "medication_or_treatment"}


def chained(text: str, found: list[Candidate]) -> list[Candidate]:
    """Crime words with only particles between them are one statement: 窃盗罪で懲役1年・執行猶予3年."""
    out: list[Candidate] = []
    for c in found:
        c = _told(text, c) if c.entity == CRIME else c
        last = out[-1] if out else None
        if c.entity == CRIME and last is not None and last.entity == CRIME and c.end <= last.end:
            continue  # in the bracket of the one before
        if c.entity != CRIME or last is None or last.entity != CRIME:
            out.append(c)
            continue
        between = text[last.end : c.start]
        if len(between) <= 18 and "\n" not in between and "\t" not in between and _LINK.match(between):
            out[-1] = _union(last, c)
        else:
            out.append(c)
    out = [replace(c, categories=(CRIME,)) if c.entity == CRIME and c.cue and not c.categories else c for c in out]
    return [c for c in out if not (c.entity == CRIME and c.rule == "crime.offence" and c.strength is Strength.WEAK and not c.cue)]


def _told(text: str, c: Candidate) -> Candidate:
    """A criminal matter with the bracket that belongs to it."""
    after = _BRACKET.match(text, c.end)
    return replace(c, end=after.end()) if after else c
