"""Check digits and number plans: what tells a real number from digits that only look like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_MY_NUMBER = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_LICENCE = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# 公安委員会 codes: the first two digits of a driving licence.
_RANGES = ((10, 14), (20, 25), (30, 30), (40, 55), (60, 65), (70, 74), (80, 83), (90, 97))
_COMMISSIONS = frozenset(str(n) for first, last in _RANGES for n in range(first, last + 1))
# 法別番号 of health insurers (taxonomy 1.2); a 国保 number has six digits and none.
_LAWS = frozenset(f"{n:02}" for n in (1, 2, 3, 4, 6, 7, 31, 32, 33, 34, 39, 63, 67, 72, 73, 74, 75))
# 市外局番 of three digits; those of two are 03, 04 and 06; the five-digit ones are the islands and a few mountain districts.
_THREE = "011 017 018 019 022-029 042-049 052-055 058 059 072 073 075-079 082-084 086-089 092 093 095-099"
_FIVE = (
    "01267 01372 01374 01377 01392 01397 01398 01456 01457 01466 01547 01558 01564 01586 01587 01632 01634 01635 01648 01654 "
    "01655 01656 01658 04992 04994 04996 04998 05769 05979 07468 08387 08388 08396 08477 08512 08514 09496 09802 09912 09913 09969"
)
_AREA3 = frozenset(f"{n:03}" for part in _THREE.split() for n in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1))
_AREA5 = frozenset(_FIVE.split())
_MOBILE = ("050", "060", "070", "080", "090", "020")
_FREE = ("0120", "0800", "0570", "0990")
_KANJI = str.maketrans("〇零一二三四五六七八九", "00123456789")


def digits_of(text: str) -> str:
    """The digits of a written number, kanji numerals included; everything else left out."""
    return "".join(c for c in text.translate(_KANJI) if "0" <= c <= "9")


def my_number(text: str) -> bool:
    """個人番号: 12 digits, mod 11 (平26総務省令85号5条)."""
    s = digits_of(text)
    if len(s) != 12 or s == "0" * 12:
        return False
    rest = sum(int(c) * w for c, w in zip(s, _MY_NUMBER, strict=False)) % 11
    return int(s[11]) == (0 if rest <= 1 else 11 - rest)


def corporate_number(text: str) -> bool:
    """法人番号: 13 digits, the check digit first, mod 9 (平26財務省令70号2条)."""
    s = digits_of(text)
    if len(s) != 13 or s[0] == "0":
        return False
    total = sum(int(c) * (1 if n % 2 else 2) for n, c in enumerate(reversed(s[1:]), 1))
    return int(s[0]) == 9 - total % 9


def drivers_license(text: str) -> bool:
    """運転免許証: 12 digits that begin with a commission's code, the eleventh mod 11 over the first ten."""
    s = digits_of(text)
    if len(s) != 12 or s[:2] not in _COMMISSIONS:
        return False
    rest = sum(int(c) * w for c, w in zip(s, _LICENCE, strict=False)) % 11
    return int(s[10]) == (11 - rest) % 10


def luhn(text: str) -> bool:
    """Weights 2 and 1 from the right, sum of digits, mod 10."""
    s = digits_of(text)
    total = 0
    for i, c in enumerate(reversed(s)):
        x = int(c) * (2 if i % 2 else 1)
        total += x - 9 if x > 9 else x
    return bool(s) and total % 10 == 0 and len(set(s)) > 1


def credit_card(text: str) -> bool:
    """A card number: an issuer's prefix, its length, and Luhn. Old ones of 13 digits would be goods codes (JAN 45, 49)."""
    s = digits_of(text)
    size = len(s)
    prefix2, prefix4 = int(s[:2] or 0), int(s[:4] or 0)
    known = (
        (s[:1] == "4" and size in (16, 19))
        or (51 <= prefix2 <= 55 and size == 16)
        or (2221 <= prefix4 <= 2720 and size == 16)
        or (prefix2 in (34, 37) and size == 15)
        or (3528 <= prefix4 <= 3589 and size == 16)
        or ((s[:3] in ("300", "301", "302", "303", "304", "305", "309") or prefix2 in (36, 38, 39)) and size == 14)
        or ((prefix4 == 6011 or prefix2 in (62, 64, 65)) and size in (16, 17, 18, 19))
    )
    return known and luhn(s)


def insurer(text: str) -> bool:
    """保険者番号: 8 digits (law, prefecture, insurer, check) or 6 (prefecture, insurer, check); the check is Luhn."""
    s = digits_of(text)
    if len(s) == 8:
        return s[:2] in _LAWS and 1 <= int(s[2:4]) <= 47 and luhn(s)
    return len(s) == 6 and 1 <= int(s[:2]) <= 47 and luhn(s)


def mrz(text: str) -> bool:
    """Second line of a passport's machine-readable zone: the tenth character checks the first nine with weights 7 3 1."""
    line = text.replace(" ", "")
    if len(line) < 10 or not line[9].isdigit():
        return False
    total = 0
    for i, c in enumerate(line[:9]):
        value = 0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55
        total += value * (7, 3, 1)[i % 3]
    return total % 10 == int(line[9])


def phone(text: str) -> bool:
    """A telephone number of the Japanese plan: length, prefix and, where it is parted, where the area code ends."""
    body = text.translate(_KANJI)
    if body.lstrip("(").startswith("+"):
        return _abroad(body)
    s = digits_of(body)
    if len(s) == 11:
        return s.startswith("0800") or (s[:3] in _MOBILE and s[3] != "0")
    if len(s) != 10 or s[0] != "0" or s[1] == "0":
        return False
    if s[:4] in _FREE:
        return True
    if s[:3] in _MOBILE:
        return False
    parts = [len(p) for p in _split(body)]
    if len(parts) == 1:
        return s[:2] in ("03", "06") or s[:3] in _AREA3 or s[2] != "0" or s[:2] == "04"
    return (len(parts) == 2 or parts[-1] == 4) and _area(s, parts[0])


def _split(body: str) -> list[str]:
    out, run = [], ""
    for c in body:
        if "0" <= c <= "9":
            run += c
        elif run:
            out.append(run)
            run = ""
    return [*out, run] if run else out


def _area(s: str, length: int) -> bool:
    """Whether the area code may have this length. 0A-BCDE, 0AB-CDE, 0ABC-DE, 0ABCD-E."""
    if length == 2:
        return s[:2] in ("03", "04", "06")
    if length == 3:
        return s[:3] in _AREA3
    if length == 4:
        return s[:2] not in ("03", "06")
    return length == 5 and s[:5] in _AREA5


def _abroad(body: str) -> bool:
    s = digits_of(body)
    if s.startswith("81"):
        rest = digits_of(body.replace("(0)", ""))[2:]
        if rest.startswith("0"):
            rest = rest[1:]
        mobile = rest[:2] in ("50", "60", "70", "80", "90")
        return len(rest) == 10 if mobile else len(rest) == 9
    return 8 <= len(s) <= 15


def phone_without_zero(text: str) -> bool:
    """A telephone number from which a spreadsheet has dropped the leading zero."""
    s = digits_of(text)
    return len(s) in (9, 10) and phone("0" + s)


def postal_code(text: str) -> bool:
    """Seven digits; no code begins with 000."""
    s = digits_of(text)
    return len(s) == 7 and s[:3] != "000"


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "my_number": my_number,
    "corporate_number": corporate_number,
    "drivers_license": drivers_license,
    "luhn": luhn,
    "credit_card": credit_card,
    "insurer": insurer,
    "mrz": mrz,
    "phone": phone,
    "phone_without_zero": phone_without_zero,
    "postal_code": postal_code,
}
