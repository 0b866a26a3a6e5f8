"""Shows a spreadsheet number as its cell's format writes it: leading zeros, phone and postal patterns, dates and Japanese eras."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

# ECMA-376 part 1, 18.8.30: formats that files name by number alone; as the Japanese edition of Excel shows them
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0", 7: "¥#,##0.00", 8: "¥#,##0.00",
    9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "[$-411]ge.m.d", 28: '[$-411]ggge"年"m"月"d"日"',
    29: '[$-411]ggge"年"m"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"時"mm"分"', 33: 'h"時"mm"分"ss"秒"',
    34: 'yyyy"年"m"月"', 35: 'm"月"d"日"', 36: "[$-411]ge.m.d", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 49: "@", 50: "[$-411]ge.m.d",
    51: '[$-411]ggge"年"m"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: '[$-411]ggge"年"m"月"d"日"', 55: 'yyyy"年"m"月"',
    56: 'm"月"d"日"', 57: "[$-411]ge.m.d", 58: '[$-411]ggge"年"m"月"d"日"',
}  # fmt: skip
LONGEST = 255  # characters of a format, Excel's own limit
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]|(AM/PM|A/P|上午/下午|午前/午後)|(General|G/標準)'
    r"|(y+|m+|d+|h+|s+|g+|e+|b+|a{3,}|r+)|(\.0+(?=$|[^0#?.]))|([0#?])|(.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")
_ERAS = (
    (datetime.date(2019, 5, 1), "R", "令", "令和"),
    (datetime.date(1989, 1, 8), "H", "平", "平成"),
    (datetime.date(1926, 12, 25), "S", "昭", "昭和"),
    (datetime.date(1912, 7, 30), "T", "大", "大正"),
    (datetime.date(1868, 1, 25), "M", "明", "明治"),
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SERIALS = 2_958_466  # the day after 9999-12-31
_DIGITS = 30  # the most digits that are laid out by a format


@dataclass(frozen=True, slots=True)
class _Section:
    """One of a format's sections: its tokens as (kind, text), whether it writes a date, and the condition it has."""

    tokens: tuple[tuple[str, str], ...]
    date: bool
    condition: tuple[str, Decimal] | None
    japanese: bool


def shown(value: str, code: str, *, from_1904: bool = False) -> str:
    """The number as the format shows it; a format that can't be applied gives the plain number."""
    if code in ("", "General", "@") or len(code) > LONGEST:
        return plain(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return value
    section, negative = _choose(_parse(code), number)
    if section.date:
        return _date(section, number, from_1904) or plain(value)
    return _number(section, abs(number) if negative else number) or plain(value)


def plain(value: str) -> str:
    """A number without format: whole numbers in full, others with the 15 digits that a spreadsheet keeps."""
    if value.isdigit() and len(value) < 16:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer() and abs(number) < 1e21:
        # binary doubles carry 15 digits for certain, and files write just those: 4.111111111111E15
        return str(int(Decimal(value)))
    return format(number, ".15g")


def iso(value: str, code: str, *, from_1904: bool = False) -> str:
    """A date cell that holds an ISO 8601 date instead of a number, as its format shows it."""
    try:
        moment = datetime.datetime.fromisoformat(value.rstrip("Z"))
    except ValueError:
        return value
    if code in ("", "General", "@"):
        return value
    epoch = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 30)
    delta = moment.replace(tzinfo=None) - epoch
    return shown(str(Decimal(delta.days) + Decimal(delta.seconds) / 86400), code, from_1904=from_1904)


@lru_cache(maxsize=1024)
def _parse(code: str) -> tuple[_Section, ...]:
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastindex or 11
        text = match.group(kind)
        if kind == 11 and text == ";":
            sections.append([])
        elif kind in (1, 2, 11):
            sections[-1].append(("text", text))
        elif kind == 3:
            sections[-1].append(("text", " " if sections[-1] and text not in ")-" else ""))
        elif kind != 4:
            name = {5: "bracket", 6: "noon", 7: "general", 8: "date", 9: "fraction", 10: "digit"}[kind]
            sections[-1].append((name, text))
    return tuple(_section(tokens) for tokens in sections[:4])


def _section(tokens: list[tuple[str, str]]) -> _Section:
    condition = None
    japanese = date = False
    kept: list[tuple[str, str]] = []
    for kind, text in tokens:
        if kind == "bracket":
            low = text.lower()
            if match := _CONDITION.match(text):
                condition = (match[1], Decimal(match[2]))
            elif low in ("$-f800", "$-x-sysdate"):
                kept = [("date", "yyyy"), ("text", "年"), ("date", "m"), ("text", "月"), ("date", "d"), ("text", "日")]
                return _Section(tuple(kept), True, condition, True)
            elif text.startswith("$"):
                japanese = japanese or low.endswith("411") or "ja" in low.partition("-")[2]
                kept.append(("text", text[1:].partition("-")[0]))
            elif low and set(low) <= set("hms"):
                kept.append(("elapsed", low))
                date = True
            continue
        date = date or kind in ("date", "noon")
        kept.append((kind, text))
    japanese = japanese or any(kind == "date" and text[0] in "gGrR" for kind, text in kept)
    return _Section(tuple(kept), date, condition, japanese)


def _choose(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section, bool]:
    """The section for a number, and whether the section itself writes the minus sign."""
    for section in sections:
        if section.condition and _holds(number, *section.condition):
            return section, number < 0 and len(sections) > 1
    if any(section.condition for section in sections):
        rest = [section for section in sections if section.condition is None]
        return (rest or list(sections))[0], False
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _holds(number: Decimal, operator: str, bound: Decimal) -> bool:
    match operator:
        case "<=":
            return number <= bound
        case ">=":
            return number >= bound
        case "<>":
            return number != bound
        case "<":
            return number < bound
        case ">":
            return number > bound
        case _:
            return number == bound


# ---------------------------------------------------------------- numbers


def _number(section: _Section, number: Decimal) -> str:
    tokens = _unfractioned(section.tokens)
    if any(kind == "general" for kind, _ in tokens):
        return "".join(plain(str(number)) if kind == "general" else text for kind, text in tokens)
    places = [i for i, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not places:
        return "".join(text for _, text in tokens)
    texts = [text for kind, text in tokens if kind == "text"]
    if "/" in texts[:] and any(text == "?" for kind, text in tokens if kind == "digit"):
        return ""  # fractions
    if any(text in "Ee" and i + 1 < len(tokens) and tokens[i + 1][1] in "+-" for i, (_, text) in enumerate(tokens)):
        return ""  # scientific
    point = next((i for i, (kind, text) in enumerate(tokens) if kind == "text" and text == "." and i > places[0]), len(tokens))
    whole = [i for i in places if i < point]
    decimals = [i for i in places if i > point]
    last = whole[-1] if whole else point
    grouped = any(tokens[i] == ("text", ",") for i in range(places[0], last))
    scale = 0
    while last + 1 + scale < len(tokens) and tokens[last + 1 + scale] == ("text", ","):
        scale += 1
    if "%" in texts:
        number *= 100
    number = number.scaleb(-3 * scale).quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    digits, _, rest = f"{abs(number):f}".partition(".")
    filled = _fill(tokens, whole, digits if digits.strip("0") else "", grouped)
    for n, i in enumerate(decimals):
        digit = rest[n] if n < len(rest) else "0"
        filled[i] = digit if tokens[i][1] == "0" or rest[n:].strip("0") else ""
    if point < len(tokens) and not any(filled.get(i) for i in decimals):
        filled[point] = ""
    commas = {i for i in range(places[0], last + 1 + scale) if tokens[i] == ("text", ",")}
    pieces = ["" if i in commas else filled.get(i, text) for i, (_, text) in enumerate(tokens)]
    return ("-" if number < 0 else "") + "".join(pieces).strip()


def _unfractioned(tokens: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """``.00`` as a point and digits: only times of day write it in one piece."""
    flat: list[tuple[str, str]] = []
    for kind, text in tokens:
        if kind == "fraction":
            flat.append(("text", "."))
            flat.extend(("digit", "0") for _ in text[1:])
        else:
            flat.append((kind, text))
    return flat


def _fill(tokens: list[tuple[str, str]], places: list[int], digits: str, grouped: bool) -> dict[int, str]:
    """Digits for the places before the point, from the right; the first place takes what is left."""
    filled: dict[int, str] = {}
    left = len(digits)
    written = 0
    for n, i in enumerate(reversed(places)):
        begin = 0 if n == len(places) - 1 else max(0, left - 1)
        take = digits[begin : max(0, left)]
        left -= len(take)
        take = take or ("0" if tokens[i][1] == "0" else "")
        if grouped:
            text = ""
            for digit in reversed(take):
                text = digit + ("," if written and written % 3 == 0 else "") + text
                written += 1
            take = text
        filled[i] = take
    return filled


# ---------------------------------------------------------------- dates


def _date(section: _Section, number: Decimal, from_1904: bool) -> str:
    """The date or time of a serial number; "" when there is no such day."""
    if not 0 <= number < _SERIALS:
        return ""
    days = int(number)
    seconds = int(((number - days) * 86400).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if seconds >= 86400:
        days, seconds = days + 1, 0
    # the 1900 system counts a 29th of February 1900 that never was
    offset = datetime.date(1904, 1, 1) if from_1904 else datetime.date(1899, 12, 30 if days > 59 else 31)
    try:
        day = offset + datetime.timedelta(days=days)
    except OverflowError:
        return ""
    noon = any(kind == "noon" for kind, _ in section.tokens)
    pieces: list[str] = []
    for i, (kind, text) in enumerate(section.tokens):
        if kind == "date":
            pieces.append(_field(section, i, text.lower(), day, seconds, noon))
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            pieces.append(str((days * 86400 + seconds) // unit).zfill(len(text)))
        elif kind == "noon":
            before, after = text.split("/")
            pieces.append(before if seconds < 43200 else after)
        elif kind == "general":
            pieces.append(str(number))
        elif kind != "fraction":
            pieces.append(text)
    return "".join(pieces).strip()


def _field(section: _Section, index: int, text: str, day: datetime.date, seconds: int, noon: bool) -> str:
    width = len(text)
    hour, minute = seconds // 3600, seconds // 60 % 60
    match text[0]:
        case "y":
            return f"{day.year % 100:02d}" if width <= 2 else str(day.year)
        case "b":
            return str(day.year + 543)
        case "m" if width <= 2 and _is_minute(section, index):
            return str(minute).zfill(width)
        case "m":
            return _name(_MONTHS[day.month - 1], day.month, width)
        case "d":
            return _name(_DAYS[day.weekday()], day.day, width)
        case "a":
            return "月火水木金土日"[day.weekday()] + ("曜日" if width > 3 else "")
        case "h":
            return str(hour % 12 or 12 if noon else hour).zfill(min(width, 2))
        case "s":
            return str(seconds % 60).zfill(min(width, 2))
        case kind:
            return _era(section, index, kind, width, day)


def _name(name: str, number: int, width: int) -> str:
    if width <= 2:
        return str(number).zfill(width)
    return {3: name[:3], 4: name, 5: name[0]}.get(width, name)


def _era(section: _Section, index: int, kind: str, width: int, day: datetime.date) -> str:
    start, letter, short, full = next((era for era in _ERAS if day >= era[0]), _ERAS[-1])
    year = max(1, day.year - start.year + 1)
    if kind == "g":
        return {1: letter, 2: short}.get(width, full)
    if kind == "r":
        return (full if width > 1 else "") + str(year).zfill(2)
    if not section.japanese:
        return str(day.year)
    before = section.tokens[index - 1] if index else ("", "")
    if year == 1 and width == 1 and before[0] == "date" and before[1].lower() == "ggg":
        return "元"
    return str(year).zfill(width)


def _is_minute(section: _Section, index: int) -> bool:
    """An ``m`` beside hours or seconds is minutes."""
    fields = [(i, text[0].lower()) for i, (kind, text) in enumerate(section.tokens) if kind in ("date", "elapsed")]
    at = next(n for n, (i, _) in enumerate(fields) if i == index)
    return (at > 0 and fields[at - 1][1] == "h") or (at + 1 < len(fields) and fields[at + 1][1] == "s")
