"""Every way in which a date of birth is written, and whether somebody alive may have been born on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

FIRST_YEAR, OLDEST = 1868, 120

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"明": 1867, "大": 1911, "昭": 1925, "平": 1988, "令": 2018, "m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}
_LONGEST = {1867: 45, 1911: 15, 1925: 64, 1988: 31, 2018: 99}  # years of each era
_CODED = {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}  # 元号コード of receipts and statutory files
_MONTHS = dict(jan=1, feb=2, mar=3, apr=4, may=5, jun=6, jul=7, aug=8, sep=9, oct=10, nov=11, dec=12)
_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0}

# The parts of a date that the forms below are put together from.
_PARTS = {
    "%era": r"(?P<e>明治|大正|昭和|平成|令和|[明大昭平令]|(?<![A-Za-z])[MTSHRmtshr])",
    "%n2": r"(?P<n>[0-9]{2})",
    "%n": r"(?P<n>[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})",
    "%Y": r"(?P<y>(?:1[89]|20)[0-9]{2})",
    "%y": r"(?P<y>(?:1[89]|20)[0-9]{2}|[一二][八九〇][一二三四五六七八九〇]{2})",
    "%m2": r"(?P<m>[0-9]{2})",
    "%m1": r"(?P<m>[0-9]{1,2})",
    "%m": r"(?P<m>[0-9]{1,2}|[一二三四五六七八九十]{1,3})",
    "%d2": r"(?P<d>[0-9]{2})",
    "%d1": r"(?P<d>[0-9]{1,2})",
    "%d": r"(?P<d>[0-9]{1,2}|[一二三四五六七八九十]{1,3})",
    "%b": r"(?P<b>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)",
    "%c": r"(?P<c>[1-5])",
    "%<": r"(?<![0-9A-Za-z])(?<![0-9][-/.])",  # no longer number before
    "%>": r"(?![0-9]|[-/.][0-9])",  # nor behind
    "%[": r"(?<![0-9])",
    "%]": r"(?![0-9])",
    "%_": r"\s?",
}
_PART = re.compile("|".join(re.escape(k) for k in sorted(_PARTS, key=len, reverse=True)))


def _compiled(*forms: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(_PART.sub(lambda m: _PARTS[m[0]], form), re.IGNORECASE)) for name, form in forms)


_TAIL = r"%_年?%_[-/.]?%_%m%_[月/.\-]%_%d%_日?"
# Every way to write a whole date. The order matters: the longest form first.
_FORMS = _compiled(
    ("both", rf"%y%_年?%_[(\[]%_%era%_%n%_年?%_[)\]]{_TAIL}"),
    ("era-west", rf"%era%_%n%_年?%_[(\[]%_%y%_年?%_[)\]]{_TAIL}"),
    ("era", r"%era[.\s]?%n%_年%_%m%_月%_%d%_日"),
    ("era-parted", r"%era[.\s]?%n%_(?P<p>[-/.・])%_%m1%_(?P=p)%_%d1%>"),
    ("era-compact", r"%era%n2%m2%d2%]"),
    ("west", r"%[(?:西暦%_)?%y%_年%_%m%_月%_%d%_日"),
    ("west-parted", r"%<%Y%_(?P<p>[-/.])%_%m1%_(?P=p)%_%d1(?:(?=T[0-9]{2}:)|%>)"),
    ("day-month-name", r"%<%d1(?:st|nd|rd|th)?[-\s./,]{1,2}%b\.?[-\s./,]{1,2}%Y%]"),
    ("month-name-day", r"(?<![A-Za-z])%b\.?\s%d1(?:st|nd|rd|th)?,?\s{1,2}%Y%]"),
    ("west-compact", r"%<%Y%m2%d2(?![0-9]|[-.][0-9])"),
)
# Ways that only a label makes a date: an era's code, spaces for separators, day first, two-digit years, no day or no year.
_LABELLED = _compiled(
    ("west-spaced", r"%[%Y\s%m1\s%d1%]"),
    ("era-spaced", r"%era%_%n\s%m1\s%d1%]"),
    ("era-code", r"%[%c%n2%m2%d2%]"),
    ("era-code-parted", r"%[%c-%n2[-.]%m2[-.]%d2%]"),
    ("day-first", r"%<%d1(?P<p>[-/.])%m1(?P=p)%Y%]"),
    ("month-first", r"%<%m1(?P<p>[-/.])%d1(?P=p)%Y%]"),
    ("era-bare", r"%<(?<![治正和成明大昭平令])(?<![治正和成明大昭平令] )%n%_年%_%m%_月%_%d%_日"),
    ("short-year", r"%<%n2(?P<p>[-/.])%m1(?P=p)%d1%>"),
    ("short-name", r"%<%d1[-\s]%b[-\s]%n2%]"),
    ("era-month", r"%era[.\s]?%n%_[年./-]%_%m%_月?(?![0-9日]|[-/.][0-9])"),
    ("west-month", r"%[%Y%_[年./-]%_%m%_月?(?![0-9日]|[-/.][0-9])"),
    ("month-day", r"%<(?<!年)(?<!年 )%m%_月%_%d%_日"),
    ("month-day-slash", r"^%m1/%d1$"),
    ("era-year", r"%era%_%n%_年(?!%_[0-9])"),
    ("west-year", r"%[%Y(?!%_年?%_[0-9])(?:%_年)?%>"),
)
_OPEN = frozenset({"month-day", "month-day-slash", "short-year", "short-name", "era-bare"})  # no century, so no year to judge
_ERA_NAME = r"(?:[MTSHR]|明治?+|大正?+|昭和?+|平成?+|令和?+|西暦)(?![0-9元])"
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
    rest = value[offset:]
    for forms in (_FORMS, _LABELLED):
        found = _search(forms, rest, 0, len(rest))
        if found:
            first = found[0]
            return Found(offset + first.start, offset + first.end, first.form)
    return None


def _search(forms: Sequence[tuple[str, re.Pattern[str]]], text: str, start: int, end: int) -> list[Found]:
    out: list[Found] = []
    taken = bytearray()  # a mark for each character from ``start`` on
    for name, pattern in forms:
        for m in pattern.finditer(text, start, end):
            first, last = m.span()
            if taken.find(1, first - start, last - start) < 0 and _plausible(m.groupdict(), name):
                taken = taken or bytearray(end - start)
                taken[first - start : last - start] = b"\1" * (last - first)
                out.append(Found(first, last, name))
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
        return form in _OPEN
    today = datetime.now(tz=UTC).year + 1
    first = FIRST_YEAR if form in ("both", "era", "west") else max(FIRST_YEAR, today - OLDEST - 1)
    return first <= year <= today


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
