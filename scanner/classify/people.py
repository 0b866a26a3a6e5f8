"""Who is named, in what role, and how many people that makes: a lower and an upper bound."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.classify.rolecues import NOTHING, Told
from scanner.model import Match, PersonRole

_SUBJECTS = (PersonRole.SUBJECT, PersonRole.FAMILY, PersonRole.OTHER, PersonRole.UNKNOWN)
READING = re.compile(r"[ァ-ヴーぁ-んｦ-ﾟ・\s]+")
_EXACT = 20_000  # names kept apart one by one; beyond it only distinct digests are counted
_HONORIFIC = re.compile(r"\s?(?:さん|様|さま|殿|氏|ちゃん|くん|君)")


class Distinct:
    """Counts distinct 64-bit keys exactly, 8 bytes a key."""

    def __init__(self) -> None:
        self._fresh: set[int] = set()
        self._sorted: npt.NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)

    def add(self, key: int) -> None:
        """Take in a key."""
        self._fresh.add(key)
        if len(self._fresh) >= 65_536:
            self._merge()

    def _merge(self) -> None:
        fresh = np.fromiter(self._fresh, dtype=np.uint64, count=len(self._fresh))
        self._sorted = np.union1d(self._sorted, fresh)
        self._fresh.clear()

    def __len__(self) -> int:
        if self._fresh and len(self._sorted):
            self._merge()
        return len(self._sorted) + len(self._fresh)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a block. View positions; ``firm``: a label, an honorific or a birth date stands by the name.

    ``role``: what is told, for deciding; ``shown``: what may be guessed too, for reports; ``cue``: what decided it.
    """

    start: int
    end: int
    name: str
    role: PersonRole
    reading: bool
    firm: bool
    sample: bool
    score: float
    labelled: bool = False
    shown: PersonRole = PersonRole.UNKNOWN
    cue: str = ""

    @property
    def subject(self) -> bool:
        """Whether a sensitive statement can be about them."""
        return self.role in _SUBJECTS and not self.sample


def honoured(text: str, end: int) -> bool:
    """Whether an honorific follows the name that ends at a view position."""
    return _HONORIFIC.match(text, end) is not None


def person(match: Match, text: str, start: int, end: int, role: PersonRole, *, told: Told = NOTHING, joined: str = "") -> Person:
    """A person from a match; ``joined``: the whole name when it is split over cells."""
    name = "".join((joined or match.normalized or text[start:end]).split())
    firm = bool(match.cue) or role is PersonRole.SUBJECT or honoured(text, end)
    labelled = bool(match.cue) or match.role is PersonRole.SUBJECT
    return Person(
        start,
        end,
        name,
        role,
        bool(READING.fullmatch(name)),
        firm,
        match.sample,
        match.score,
        labelled,
        told.role or role,
        told.cue,
    )


class People:
    """Counts the people of a document. ``key``: turns text into a 64-bit number that cannot be turned back."""

    def __init__(self, key: Callable[[str], int]) -> None:
        self._key = key
        self._names: dict[str, PersonRole] = {}
        self._many = Distinct()
        self._identities = Distinct()
        self._codes = Distinct()
        self._nameless = 0
        self.rows = 0

    def record(self, persons: list[Person], codes: list[str], births: int) -> None:
        """Take in one record: a table row, a form, a stretch of prose. ``codes``: member numbers, identification codes."""
        named = [p for p in persons if not p.sample]
        native = [p for p in named if not p.reading and not p.name.isascii()]
        written = native or [p for p in named if not p.reading] or named
        for p in written:
            self._name(p)
        for code in codes:
            self._codes.add(self._key(code))
        if not any(p.subject for p in written) and (codes or births):
            self._nameless += 1

    def nameless(self, rows: int) -> None:
        """Take in rows about somebody whose name could not be read: they raise the upper bound."""
        self._nameless += rows

    def _name(self, p: Person) -> None:
        old = self._names.get(p.name)
        if old is None and len(self._names) >= _EXACT:
            if p.subject:
                self._many.add(self._key(p.name))
            return
        if old is None or (old not in _SUBJECTS and p.role in _SUBJECTS and p.role is not PersonRole.UNKNOWN):
            self._names[p.name] = p.role

    def counts(self) -> tuple[int, int, int]:
        """(lower bound, upper bound, professionals and staff)."""
        merged = self._merged()
        subjects = [n for n, role in merged.items() if role in _SUBJECTS]
        others = len(merged) - len(subjects)
        more = len(self._many)
        lower = len(subjects) + more
        upper = lower + sum(1 for n, role in self._names.items() if role in _SUBJECTS and n not in merged)
        if lower == 0:
            lower = min(len(self._codes), self._nameless) if self._nameless else 0
        return lower, max(lower, upper + self._nameless), others

    def _merged(self) -> dict[str, PersonRole]:
        """Names without those that are the beginning or the reading of another one."""
        names = sorted(self._names, key=len, reverse=True)
        kanji = {n for n in names if not READING.fullmatch(n)}
        kana = len(names) - len(kanji)
        out: dict[str, PersonRole] = {}
        starts: set[str] = set()
        for n in names:
            role = self._names[n]
            if n in starts or (n not in kanji and 0 < kana <= len(kanji) and kana > 1):
                if n in starts:
                    continue
                if n not in kanji:
                    continue
            out[n] = role
            starts |= {n[:size] for size in range(1, len(n))}
            if len(n) <= 8:
                starts |= {n[size:] for size in range(1, len(n)) if len(n) - size >= 2}
        return out
