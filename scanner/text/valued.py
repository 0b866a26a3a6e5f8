"""Columns that no header announces, told by what they hold: dates of birth, gender, postal codes, telephones, accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.text.labels import Label

HINT = "values"  # of a label that the values of its column gave rather than a header
MOST = 300  # values of a column that are looked at
_LEAST = 3  # rows
_SHARE = 0.8
_KANJI = "一-龠々〆ヶ\u3400-\u4dbf\uf900-\ufaff"
_NAME = re.compile(
    rf"[{_KANJI}]{{1,5}}[ ・]{{1,2}}[{_KANJI}ぁ-んァ-ヴー]{{1,6}}|"
    rf"[ァ-ヴー]{{1,10}}[ ・]{{1,2}}[ァ-ヴー]{{1,12}}(?:[ ・][ァ-ヴー]{{1,12}})*"
)
_ADDRESS = re.compile(r".{0,5}[都道府県市区町村郡].*[0-9一二三四五六七八九十丁番]")
_GENDER = re.compile(r"男性?|女性?|[MFmf]|male|female", re.IGNORECASE)
_COMPACT_PHONE = re.compile(r"0[1-9][0-9]{8}|0[5789]0[1-9][0-9]{7}|0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
_SEVEN = re.compile(r"[0-9]{7}")
_POSTAL = re.compile(r"[0-9]{3}-?[0-9]{4}")
_BANK, _BRANCH, _ACCOUNT_KIND = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{3}"), re.compile(r"[1249]|普通?|当座?|貯蓄|総合")
_EMPLOYMENT = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]")
_ERA = {"m": 1867, "明": 1867, "t": 1911, "大": 1911, "s": 1925, "昭": 1925, "h": 1988, "平": 1988, "r": 2018, "令": 2018}
_ERA |= {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}
_DATE = re.compile(
    r"(?P<y>(?:1[89]|20)[0-9]{2})(?:[-/.年]\s?(?P<m>[0-9]{1,2})[-/.月]\s?(?P<d>[0-9]{1,2})日?|"
    r"(?P<m2>[0-9]{2})(?P<d2>[0-9]{2}))(?: 0?0:00(?::00)?)?"
    r"|(?:(?P<e>[MTSHR明大昭平令])[治正和成]?\s?(?P<n>[0-9]{1,2}|元)[-/.年]\s?(?P<m3>[0-9]{1,2})[-/.月]\s?(?P<d3>[0-9]{1,2})日?"
    r"|(?P<e2>[MTSHR1-5])-?(?P<n2>[0-9]{2})(?P<m4>[0-9]{2})(?P<d4>[0-9]{2}))",
    re.IGNORECASE,
)
# A header that speaks of other dates or numbers, although the book does not know it.
_OTHER_HEADER = re.compile(r"(?<!生年月)(?<!誕生)日|期|番号|コード|date$|time|no\.?$|code|^id$|id$")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A column without a known label: its header ("" when it has none) and its values, white space and empty ones removed."""

    header: str
    values: Sequence[str]


class _Dates(NamedTuple):
    """The years of a column of dates, in order."""

    years: list[int]

    @property
    def median(self) -> int:
        return self.years[len(self.years) // 2]

    @property
    def span(self) -> int:
        return self.years[-1] - self.years[0]


def judge(unnamed: Mapping[int, Unnamed], known: Mapping[int, Label]) -> dict[int, Label]:
    """Column number → label, for columns of people whose values leave little doubt. ``known``: the labelled columns beside them."""
    columns = {n: c.values[:MOST] for n, c in unnamed.items() if len(c.values) >= _LEAST}
    open_to = {n: v for n, v in columns.items() if not _OTHER_HEADER.search(unnamed[n].header)}
    addresses = {n for n, v in columns.items() if _mostly(_ADDRESS, v, 0.7) and _varied(v)}
    addresses |= {n for n, label in known.items() if label.entity == "address"}
    people = any(label.entity == "person_name" for label in known.values())
    people = people or any(_mostly(_NAME, v, 0.6) and _varied(v) for v in columns.values())
    if not people:
        return {}
    out: dict[int, str] = {}
    labelled = {label.entity for label in known.values()}
    if "gender" not in labelled:
        out |= {n: "gender" for n, v in open_to.items() if _mostly(_GENDER, v) and len(set(v)) <= 6}
    if "postal_code" not in labelled:
        out |= {n: "postal_code" for n in _postal(open_to, addresses)}
    out |= {n: "phone_number" for n, v in open_to.items() if n not in out and _mostly(_COMPACT_PHONE, v) and _varied(v)}
    if "bank_account" not in labelled:
        out |= {n: "bank_account" for n in _accounts(open_to, columns) if n not in out}
    if "employment_insurance_id" not in labelled:
        out |= {n: "employment_insurance_id" for n, v in columns.items() if n not in out and _mostly(_EMPLOYMENT, v) and _varied(v)}
    if "birth_date" not in labelled:
        genders = {n for n, entity in out.items() if entity == "gender"} | {n for n, x in known.items() if x.entity == "gender"}
        born = _birth({n: v for n, v in columns.items() if n not in out}, genders)
        if born is not None and born in open_to:
            out[born] = "birth_date"
    return {n: Label(entity, HINT, hint=HINT) for n, entity in out.items()}


def _mostly(pattern: re.Pattern[str], values: Sequence[str], share: float = _SHARE) -> bool:
    return sum(1 for v in values if pattern.fullmatch(v)) >= max(_LEAST, share * len(values))


def _varied(values: Sequence[str]) -> bool:
    return len(set(values)) >= max(2, len(values) * 0.25)


def _postal(columns: Mapping[int, Sequence[str]], addresses: set[int]) -> list[int]:
    """The column of seven figures right before each column of addresses, or close to it."""
    out: list[int] = []
    for address in addresses:
        for n in (address - 1, address - 2, address + 1, address - 3):
            values = columns.get(n, ())
            if values and _mostly(_POSTAL, values, 0.9) and not all(map(_year, values)):  # 3490216 is 昭和49年2月16日
                out.append(n)
                break
    return out


def _accounts(columns: Mapping[int, Sequence[str]], everything: Mapping[int, Sequence[str]]) -> list[int]:
    """Columns of seven figures behind the codes of a bank and a branch, or right behind the kind of an account."""
    out: list[int] = []
    for n, values in columns.items():
        if not _mostly(_SEVEN, values, 0.9) or len(set(values)) < 0.6 * len(values):
            continue
        before = [everything[k] for k in range(n - 5, n) if k in everything]
        bank, branch = any(_mostly(_BANK, v, 0.9) for v in before), any(_mostly(_BRANCH, v, 0.9) for v in before)
        kind = n - 1 in everything and _mostly(_ACCOUNT_KIND, everything[n - 1], 0.9)
        if (bank and branch) or (branch and kind):
            out.append(n)
    return out


def _birth(columns: Mapping[int, Sequence[str]], genders: set[int]) -> int | None:
    """The earliest column of dates, when its years are those of births: spread over decades, or next to the gender."""
    this_year = datetime.now(tz=UTC).year
    found: list[tuple[int, int, _Dates]] = []
    for n, values in columns.items():
        years = [y for y in map(_year, values) if y and this_year - 115 <= y <= this_year]
        if len(years) >= max(_LEAST, _SHARE * len(values)) and len(set(values)) >= max(2, 0.4 * len(values)):
            found.append((_Dates(sorted(years)).median, n, _Dates(sorted(years))))
    for _, n, dates in sorted(found, key=lambda f: f[:2])[:1]:
        beside = any(abs(n - g) <= 2 for g in genders)
        if dates.span >= 25 and dates.years[len(dates.years) // 10] <= this_year - (35 if genders else 50):
            return n
        if beside and dates.span >= 3:
            return n
    return None


def _year(value: str) -> int:
    """The year of a whole date in one of the ways that lists have, else 0."""
    m = _DATE.fullmatch(value)
    if m is None:
        return 0
    part = m.groupdict()
    month = int(next(part[k] for k in ("m", "m2", "m3", "m4") if part[k]))
    day = int(next(part[k] for k in ("d", "d2", "d3", "d4") if part[k]))
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return 0
    if part["y"]:
        return int(part["y"])
    count = part["n"] or part["n2"]
    return _ERA[(part["e"] or part["e2"]).lower()] + (1 if count == "元" else int(count))
