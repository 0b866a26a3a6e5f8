"""Finds dates of birth: a date is one only by its label, its column or the words around it (生年月日, …生, 生まれ, born)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import ahocorasick_rs

from scanner.detect.dateforms import Found, in_label, written
from scanner.model import Match
from scanner.problems import Problem
from scanner.text import valued
from scanner.text.japanese import without_surrogates
from scanner.text.view import Reading

ENTITY = "birth_date"

_BORN_AFTER = re.compile(
    r"\s{0,2}[(\[]?(?:[月火水木金土日]曜?日?[)\]])?\s?(?:満?[0-9]{1,3}歳[)\]]?\s?)?(?:生まれ|うまれ|産まれ|生れ|出生|誕生(?!祭|会|日会)|生(?![0-9一-龠ァ-ヶA-Za-z]|き|か|け|ま[^れ]|ず|じ|え|む|み|ん|ビ|ハ))"
)
_BORN_AFTER_AGE = re.compile(r"\s{0,3}[(\[]\s?(?:満\s?)?[0-9]{1,3}\s?(?:歳|才)\s?[)\]]")
_BORN_BEFORE = re.compile(
    r"(?:生\s{0,2}年\s{0,2}月\s{0,2}日|生年|誕生日|出生日|生まれ|(?<![A-Za-z])(?:birth\s?date|birth\s?day|date\s?of\s?birth|d\.?o\.?b\.?|born)(?:\s?on)?)"
    r"[\s]{0,3}(?:[(\[][^()\[\]\n\t]{0,12}[)\]])?[\s]{0,3}(?:は|が|:|=|-|/|を|「)?[\s\"']{0,4}(?:西暦)?$",
    re.IGNORECASE,
)
_HONORED = re.compile(r"(?:様|殿|さん|氏|ちゃん|くん)")
_CUE = re.compile(
    r"(?<=[日0-9)\]])\s{0,2}生|生まれ|生れ|うまれ|産まれ|出生|誕生|生\s{0,2}年|birth|(?<![a-z])dob(?![a-z])|d\.o\.b|(?<![a-z])born|[歳才]\s?[)\]]|"
    r"(?:様|殿|さん|氏|くん|ちゃん)[^\n]{0,24}(?:[MTSH][0-9]|[明大昭平][治正和成]?[0-9元])",
    re.IGNORECASE,
)
_REACH = 72  # characters around a cue in which its date is looked for
_BEGIN = (
    "生",
    "うまれ",
    "産まれ",
    "出生",
    "誕生",
    "birth",
    "dob",
    "d.o.b",
    "born",
    "歳",
    "才",
    "様",
    "殿",
    "さん",
    "氏",
    "くん",
    "ちゃん",
)
_BEGINNINGS = ahocorasick_rs.AhoCorasick(_BEGIN, matchkind=ahocorasick_rs.MatchKind.Standard)  # what a _CUE begins with
_DATED = re.compile("[0-9年月]")


def _cues(text: str) -> Iterator[re.Match[str]]:
    """The same as ``_CUE.finditer(text)``, tried only where one can begin."""
    lower = text.lower()
    if len(lower) != len(text):
        yield from _CUE.finditer(text)
        return
    places = set()
    for _, start, _ in _BEGINNINGS.find_matches_as_indexes(without_surrogates(lower), overlapping=True):
        places.add(start)
        if text[start] == "生" and text[start - 1 : start].isspace():  # white space before it belongs to the cue
            places |= {start - 1, max(0, start - 2)}
    done = 0
    for place in sorted(places):
        cue = _CUE.match(text, place) if place >= done else None
        if cue:
            done = cue.end()
            yield cue


def _cued(text: str) -> list[tuple[int, int]]:
    """The stretches of text around words that can make a date one of birth."""
    out: list[tuple[int, int]] = []
    for cue in _cues(text):
        start, end = max(0, cue.start() - _REACH), min(len(text), cue.end() + _REACH)
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


class BirthDateDetector:
    """Dates of birth in fields, columns and running text."""

    name = "dates"

    def __init__(self) -> None:
        self._seen: dict[str, Found | None] = {}

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches in raw offsets; a date found twice is reported once."""
        for reading in readings:
            taken = bytearray()
            for found, rule, score, cue in (*self._labelled(reading), *self._in_text(reading)):
                taken = taken or bytearray(len(reading.text))
                if taken.find(1, found.start, found.end) >= 0:
                    continue
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                span = reading.raw(found.start, found.end)
                yield Match(ENTITY, reading.block.index, span.start, span.end, rule, score, cue=cue)

    def _labelled(self, reading: Reading) -> Iterator[tuple[Found, str, float, str]]:
        places = [(f.label.word, f.start, f.end) for f in reading.layout.fields if f.label.entity == ENTITY]
        for column in reading.layout.columns:
            if column.label is not None and column.label.entity == ENTITY:
                places += [(column.label.word, *reading.cell(i)) for i in column.cells.tolist()]
        for word, start, end in places:
            value = reading.text[start : min(end, start + 200)]
            if not value.strip():
                continue
            if value not in self._seen:
                if len(self._seen) > 50_000:
                    self._seen.clear()
                self._seen[value] = in_label(value)
            found = self._seen[value]
            if found is not None:
                score = 0.8 if word == valued.HINT else 0.95
                yield Found(start + found.start, start + found.end, found.form), f"birth.label.{found.form}", score, word

    def _in_text(self, reading: Reading) -> Iterator[tuple[Found, str, float, str]]:
        """Dates that the words right before or behind them make a date of birth."""
        text = reading.text
        other = [(f.start, f.end) for f in reading.layout.fields if not f.label.entity and f.label.hint == "date"]
        abbreviated = False
        for found in (f for start, end in _cued(text) if _DATED.search(text, start, end) for f in written(text, start, end)):
            before, after = text[max(0, found.start - 30) : found.start], text[found.end : found.end + 24]
            before = before.rsplit("\t", 1)[-1]
            after = after.split("\n")[0].split("\t")[0]
            if _BORN_AFTER.match(after):
                abbreviated = abbreviated or found.form == "era-parted"
                yield found, "birth.after", 0.95, "生"
            elif _BORN_BEFORE.search(before.split("\n")[-1]) or (
                _BORN_BEFORE.search(before.rstrip()) and not written(text, max(0, found.start - 48), found.start)
            ):
                yield found, "birth.before", 0.95, "生年月日"
            elif any(a <= found.start < b for a, b in other):
                continue
            elif _BORN_AFTER_AGE.match(after):
                yield found, "birth.age", 0.85, "歳"
            elif found.form in ("era-parted", "era") and self._person_line(text, found, abbreviated):
                yield found, "birth.person", 0.7, "様"

    @staticmethod
    def _person_line(text: str, found: Found, abbreviated: bool) -> bool:
        """An era date right behind a person's name: 寿美子 S45.12.30 in a line with 様 or 殿."""
        written_as = text[found.start : found.end]
        if written_as[:1].lower() not in "mtsh" or (written_as[:1].lower() == "h" and not abbreviated):
            return False
        line = text[text.rfind("\n", 0, found.start) + 1 : found.start]
        if len(line) > 80 or not _HONORED.search(line):
            return False
        between = line[max(m.end() for m in _HONORED.finditer(line)) :]
        return len(between) <= 24 and not re.search(r"[0-9。]", between)
