"""Finds dates of birth: a date is one only by its label, its column or the words around it (生年月日, …生, 生まれ, born)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.model import Match
from scanner.problems import Problem
from scanner.text.view import Reading

ENTITY = "birth_date"
FIRST_YEAR, OLDEST = 1868, 120

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"明": 1867, "大": 1911, "昭": 1925, "平": 1988, "令": 2018, "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}
_LONGEST = {1867: 45, 1911: 15, 1925: 64, 1988: 31, 2018: 99}  # years of each era
_CODED = {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}  # 元号コード of receipts and statutory files
_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0}

_N = r"(?:[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})"
_D = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_ERA = r"(?:明治|大正|昭和|平成|令和|[明大昭平令]|(?<![A-Za-z])[MTSHRmtshr])"
_WEST = r"(?:(?:1[89]|20)[0-9]{2}|[一二][八九〇][一二三四五六七八九〇]{2})"
_EN = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_EDGE, _END = r"(?<![0-9A-Za-z])(?<![0-9][-/.])", r"(?![0-9]|[-/.][0-9])"
_YMD = rf"\s?年\s?{_D}\s?月\s?{_D}\s?日"

# Every way to write a whole date. The order matters: the longest form first.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("both", rf"(?P<y>{_WEST})\s?年?\s?[(\[]\s?(?P<e>{_ERA})\s?(?P<n>{_N})\s?年?\s?[)\]]\s?年?\s?[-/.]?\s?(?P<m>{_D})\s?[月/.\-]\s?(?P<d>{_D})\s?日?"),
        ("era-west", rf"(?P<e>{_ERA})\s?(?P<n>{_N})\s?年?\s?[(\[]\s?(?P<y>{_WEST})\s?年?\s?[)\]]\s?年?\s?[-/.]?\s?(?P<m>{_D})\s?[月/.\-]\s?(?P<d>{_D})\s?日?"),
        ("era", rf"(?P<e>{_ERA})[.\s]?(?P<n>{_N})\s?年\s?(?P<m>{_D})\s?月\s?(?P<d>{_D})\s?日"),
        ("era-parted", rf"(?P<e>{_ERA})[.\s]?(?P<n>{_N})\s?(?P<p>[-/.・])\s?(?P<m>[0-9]{{1,2}})\s?(?P=p)\s?(?P<d>[0-9]{{1,2}}){_END}"),
        ("era-compact", rf"(?P<e>{_ERA})(?P<n>[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?![0-9])"),
        ("west", rf"(?<![0-9])(?:西暦\s?)?(?P<y>{_WEST})\s?年\s?(?P<m>{_D})\s?月\s?(?P<d>{_D})\s?日"),
        ("west-parted", rf"{_EDGE}(?P<y>(?:1[89]|20)[0-9]{{2}})\s?(?P<p>[-/.])\s?(?P<m>[0-9]{{1,2}})\s?(?P=p)\s?(?P<d>[0-9]{{1,2}})(?:(?=T[0-9]{{2}}:)|{_END})"),
        ("day-month-name", rf"{_EDGE}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[-\s./,]{{1,2}}(?P<b>{_EN})\.?[-\s./,]{{1,2}}(?P<y>(?:1[89]|20)[0-9]{{2}})(?![0-9])"),
        ("month-name-day", rf"(?<![A-Za-z])(?P<b>{_EN})\.?\s(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<y>(?:1[89]|20)[0-9]{{2}})(?![0-9])"),
        ("west-compact", r"(?<![0-9A-Za-z])(?<![0-9][-/.])(?P<y>(?:1[89]|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9]|[-.][0-9])"),
    )
)
# Ways that only a label makes a date: day first, an era's code, two-digit years, spaces for separators, no day or no year.
_LABELLED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("west-spaced", rf"(?<![0-9])(?P<y>(?:1[89]|20)[0-9]{{2}})\s(?P<m>[0-9]{{1,2}})\s(?P<d>[0-9]{{1,2}})(?![0-9])"),
        ("era-spaced", rf"(?P<e>{_ERA})\s?(?P<n>[0-9]{{1,2}})\s(?P<m>[0-9]{{1,2}})\s(?P<d>[0-9]{{1,2}})(?![0-9])"),
        ("era-code", r"(?<![0-9])(?P<c>[1-5])(?P<n>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9])"),
        ("era-code-parted", r"(?<![0-9])(?P<c>[1-5])-(?P<n>[0-9]{2})[-.](?P<m>[0-9]{2})[-.](?P<d>[0-9]{2})(?![0-9])"),
        ("day-first", rf"{_EDGE}(?P<d>[0-9]{{1,2}})(?P<p>[-/.])(?P<m>[0-9]{{1,2}})(?P=p)(?P<y>(?:1[89]|20)[0-9]{{2}})(?![0-9])"),
        ("month-first", rf"{_EDGE}(?P<m>[0-9]{{1,2}})(?P<p>[-/.])(?P<d>[0-9]{{1,2}})(?P=p)(?P<y>(?:1[89]|20)[0-9]{{2}})(?![0-9])"),
        ("era-bare", rf"{_EDGE}(?P<n>[0-9]{{1,2}})\s?年\s?(?P<m>[0-9]{{1,2}})\s?月\s?(?P<d>[0-9]{{1,2}})\s?日"),
        ("short-year", rf"{_EDGE}(?P<n>[0-9]{{2}})(?P<p>[-/.])(?P<m>[0-9]{{1,2}})(?P=p)(?P<d>[0-9]{{1,2}}){_END}"),
        ("short-name", rf"{_EDGE}(?P<d>[0-9]{{1,2}})[-\s](?P<b>{_EN})[-\s](?P<n>[0-9]{{2}})(?![0-9])"),
        ("era-month", rf"(?P<e>{_ERA})[.\s]?(?P<n>{_N})\s?[年./-]\s?(?P<m>{_D})\s?月?(?![0-9日]|[-/.][0-9])"),
        ("west-month", rf"(?<![0-9])(?P<y>(?:1[89]|20)[0-9]{{2}})\s?[年./-]\s?(?P<m>{_D})\s?月?(?![0-9日]|[-/.][0-9])"),
        ("month-day", rf"{_EDGE}(?P<m>{_D})\s?月\s?(?P<d>{_D})\s?日"),
        ("month-day-slash", rf"^(?P<m>[0-9]{{1,2}})/(?P<d>[0-9]{{1,2}})$"),
        ("era-year", rf"(?P<e>{_ERA})\s?(?P<n>{_N})\s?年(?:生まれ|生)?"),
        ("west-year", r"(?<![0-9])(?P<y>(?:1[89]|20)[0-9]{2})\s?年?(?:生まれ|生)?(?![0-9]|[-/.][0-9])"),
    )
)
_BORN_AFTER = re.compile(
    r"\s{0,2}[(\[]?(?:[月火水木金土日]曜?日?[)\]])?\s?(?:満?[0-9]{1,3}歳[)\]]?\s?)?(?:生まれ|うまれ|産まれ|生れ|出生|誕生(?!祭|会|日会)|生(?![0-9一-龠ァ-ヶA-Za-z]|き|か|け|ま[^れ]|ず|じ|え|む|み|ん|ビ|ハ))"
)
_BORN_AFTER_AGE = re.compile(r"\s{0,3}[(\[]\s?(?:満\s?)?[0-9]{1,3}\s?(?:歳|才)\s?[)\]]")
_BORN_BEFORE = re.compile(
    r"(?:生年月日|生年|誕生日|出生日|生まれ|(?<![A-Za-z])(?:birth\s?date|birth\s?day|date\s?of\s?birth|d\.?o\.?b\.?|born)(?:\s?on)?)"
    r"[\s]{0,3}(?:[(\[][^()\[\]\n\t]{0,12}[)\]])?[\s]{0,3}(?:は|が|:|=|-|/|を|「)?[\s\"']{0,4}(?:西暦)?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"(?:様|殿|さん|氏|ちゃん|くん|君|[)\]])[\s、,(]{0,4}$")
_HONORED = re.compile(r"(?:様|殿|さん|氏|ちゃん|くん)")
_CUE = re.compile(r"生|誕生|birth|dob|d\.o\.b|born|うまれ|(?:歳|才)|殿|様|氏", re.IGNORECASE)
_ERA_NAME = r"(?:[MTSHR]|明治?|大正?|昭和?|平成?|令和?|西暦)(?![0-9元])"
_CHOICES = re.compile(rf"^[\s(]*{_ERA_NAME}(?:[・/、,\s]+{_ERA_NAME}){{1,5}}[\s):]*", re.IGNORECASE)  # the printed choice of a form


class Found(NamedTuple):
    """A date: view positions relative to the searched text, and the way in which it is written."""

    start: int
    end: int
    form: str


def written(text: str, start: int = 0, end: int | None = None) -> list[Found]:
    """Every whole, plausible date in a stretch of the view, in reading order and without overlaps."""
    return _search(_FORMS, text, start, len(text) if end is None else end)


def in_label(value: str) -> Found | None:
    """The date of birth in the value of a label, written in whatever way; None when there is none."""
    choices = _CHOICES.match(value)
    offset = choices.end() if choices else 0
    for forms in (_FORMS, _LABELLED):
        found = _search(forms, value, offset, len(value))
        if found:
            return found[0]
    return None


def _search(forms: Sequence[tuple[str, re.Pattern[str]]], text: str, start: int, end: int) -> list[Found]:
    out: list[Found] = []
    for name, pattern in forms:
        for m in pattern.finditer(text, start, end):
            if any(a < m.end() and m.start() < b for a, b, _ in out):
                continue
            if _plausible(m.groupdict(), name):
                out.append(Found(m.start(), m.end(), name))
    out.sort()
    return out


def _plausible(part: dict[str, str | None], form: str) -> bool:
    """Whether somebody alive may have been born then."""
    month, day = part.get("m"), part.get("d")
    if part.get("b"):
        month = str(_MONTHS[str(part["b"])[:3].lower()])
    if month is not None and not 1 <= _number(month) <= 12:
        return False
    if day is not None and not 1 <= _number(day) <= _days(month):
        return False
    year = _year(part)
    if year is None:
        return form in ("month-day", "month-day-slash", "short-year", "short-name", "era-bare")
    today = datetime.now(tz=UTC).year + 1
    return max(FIRST_YEAR, today - OLDEST - 1) <= year <= today or form in ("both", "era", "west") and FIRST_YEAR <= year <= today


def _year(part: dict[str, str | None]) -> int | None:
    year = part.get("y")
    if year:
        return _number(year)
    n = part.get("n")
    base = _CODED.get(part.get("c") or "") or _ERAS.get((part.get("e") or "").lower())
    if n is None or base is None:
        return None
    count = 1 if n == "元" else _number(n)
    return base + count if 1 <= count <= _LONGEST[base] else 0


def _days(month: str | None) -> int:
    return {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(_number(month) if month else 1, 31)


def _number(text: str) -> int:
    """The value of ASCII digits or kanji numerals (positional 一九八五 or 二十四)."""
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_KANJI.get(tens, 1) if tens else 1) * 10 + (_KANJI.get(ones, 0) if ones else 0)
    return int("".join(str(_KANJI.get(c, 0)) for c in text))


class BirthDateDetector:
    """Dates of birth in fields, columns and running text."""

    name = "dates"

    def __init__(self) -> None:
        self._seen: dict[str, Found | None] = {}

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Matches in raw offsets; a date found twice is reported once."""
        for reading in readings:
            taken: list[tuple[int, int]] = []
            for found, rule, score, cue in (*self._labelled(reading), *self._in_text(reading)):
                if any(a < found.end and found.start < b for a, b in taken):
                    continue
                taken.append((found.start, found.end))
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
                yield Found(start + found.start, start + found.end, found.form), f"birth.label.{found.form}", 0.95, word

    def _in_text(self, reading: Reading) -> Iterator[tuple[Found, str, float, str]]:
        """Dates that the words right before or behind them make a date of birth."""
        text = reading.text
        if not _CUE.search(text):
            return
        other = [(f.start, f.end) for f in reading.layout.fields if not f.label.entity and f.label.hint == "date"]
        abbreviated = False
        for found in written(text):
            before, after = text[max(0, found.start - 30) : found.start], text[found.end : found.end + 24]
            before = before.rsplit("\t", 1)[-1]
            after = after.split("\n")[0].split("\t")[0]
            if _BORN_AFTER.match(after):
                abbreviated = abbreviated or found.form == "era-parted"
                yield found, "birth.after", 0.95, "生"
            elif _BORN_BEFORE.search(before.split("\n")[-1]) or _BORN_BEFORE.search(before.rstrip()):
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
        if not _HONORED.search(line) or len(line) > 80:
            return False
        between = line[max(m.end() for m in _HONORED.finditer(line)) :]
        return len(between) <= 24 and not re.search(r"[0-9。]", between)
