"""Addresses written in kana (コウチケン コウナンシ ノイチチョウ 2188) and in Latin letters (1-2-3 Honcho, Shinjuku-ku, Tokyo)."""

from __future__ import annotations

import re

from scanner.detect.addressgrammar import Parsed

_KANA_NUMBER = r"[0-9]{1,5}(?:(?:チョウメ|チヨウメ|バンチ|バン|ジョウ|ノ|-| ?- ?) ?[0-9]{1,5}){0,4}(?:チョウメ|バンチ|バン|ゴウ)?"
_KANA = re.compile(
    rf"(?:[ -]?[ァ-ヴー]{{1,16}}){{1,6}}?[ -]?(?P<number>{_KANA_NUMBER})(?![0-9]|[/:年月日])"
    r"(?:[ -]?[ァ-ヴー・][ァ-ヴー・-]{1,16} ?(?:[A-Z]?-?[0-9]{1,4}(?:ゴウシツ|ゴウ|F)?|[0-9]カイ)(?![0-9-]))?"
)
_KANA_FALSE = re.compile(r" ?(?:エン|ネン|ガツ|ニチ|ジ|フン|メイ|ニン|ケン|カイ|コ|ダイ)(?![ァ-ヴー])")

_TOKEN = r"[A-Za-zÀ-ſ0-9][A-Za-zÀ-ſ0-9'./&#-]*"
_SEGMENT = re.compile(rf"(?:#?{_TOKEN},? ){{0,14}}#?{_TOKEN},?$")
_REST = re.compile(
    r"(?:,? ?(?:[A-Z][A-Za-z]+(?:-(?:shi|ku|gun|cho|machi|mura|son|ken|to|fu|SHI|KU|GUN|CHO|MACHI|KEN|TO|FU))?|"
    r"〒?[0-9]{3}-?[0-9]{4}(?![0-9-])|J(?:apan|APAN))){0,5}"
)
_UNIT = r"-(?:shi|ku|gun|cho|machi|mura|son|to|fu|ken)"
_SMALL_WORD = re.compile(
    r"(?<![A-Za-z0-9'-])(?:[a-z]+(?:-[a-z]+)*|Address|Office|Home|I|My|The|At|In|From|To|For|Ship|Send|Lives?),? "
)
_HOUSE = re.compile(
    r"(?:^|[ ,#])[0-9]{1,5}(?:-[0-9]{1,5}){0,4}(?:-chome)?,? ?[A-Za-z]|[A-Z][a-z]+,? [0-9]{1,4}(?:-[0-9]{1,4}){1,3}\b|"
    r"[0-9]-chome|[0-9]+-banchi"
)
_ADMINISTRATIVE = re.compile(rf"(?i){_UNIT}(?![A-Za-z])")
_LATIN_AFTER = re.compile(r"(?:[ ,]|$|[.)\"'\n\t|;]|[^A-Za-z0-9_-])")
_REACH = 110  # characters before an anchor in Latin letters that may belong to its address


def parse(text: str, start: int, end: int, limit: int, script: str) -> Parsed | None:
    """The address around an anchor in such a script, as far as ``limit``; None when no house number is in it."""
    return _kana(text, start, end, limit) if script == "kana" else _latin(text, start, end, limit)


def _kana(text: str, start: int, end: int, limit: int) -> Parsed | None:
    if start and re.match("[ァ-ヴー]", text[start - 1]):
        return None
    found = _KANA.match(text, end, limit)
    if found is None or _KANA_FALSE.match(text, found.end("number")) or found.start("number") - end > _LONGEST_KANA:
        return None
    if not re.search("シ|ク|グン|チヨウ|チョウ|マチ|ムラ|ソン|ケン|フ|ト", text[start : found.start("number")]):
        return None
    return Parsed(start, found.end(), 2, True, True, True)


_LONGEST_KANA = 48  # letters between a place and the house number


def _without_names(text: str, begin: int, end: int) -> int:
    """Where the first part with a number or a building begins: a name or a firm may stand before it."""
    at = begin
    for part in text[begin:end].split(", "):
        if re.search(r"[0-9]", part) or _BUILDING.search(part):
            return at
        at += len(part) + 2
    return begin


_BUILDING = re.compile(
    r"\b(?:Bldg|Building|Mansion|Heights|Apartments?|Apt|Room|Floor|Tower|House|Maison|Corpo|Residence|Plaza|Court|Hills|Heim)\b"
)


def _latin(text: str, start: int, end: int, limit: int) -> Parsed | None:
    """From the house number or building before the anchor to the postal code or country behind it."""
    if not _LATIN_AFTER.match(text, end) or (start and text[start] != "-" and text[start - 1].isalnum()):
        return None
    low = max(0, start - _REACH)
    low = max([low, *(text.rfind(border, low, start) + 1 for border in "\n\t:;\"'()|=<>{}[]")])
    before = re.search(r"[\x20-\x7eÀ-ſ]*$", text[low:start])
    low += before.start() if before else 0
    head = _SEGMENT.search(text, low, end)
    if head is None:
        return None
    begin = head.start()
    for word in _SMALL_WORD.finditer(text, begin, start):
        begin = word.end()
    begin = _without_names(text, begin, start)
    rest = _REST.match(text, end, limit)
    stop = rest.end() if rest else end
    whole = text[begin:stop].rstrip(" ,.")
    stop = begin + len(whole)
    if not _HOUSE.search(whole) or "," not in whole:
        return None
    if not (_ADMINISTRATIVE.search(whole) or re.search(r"J(?:apan|APAN)|[0-9]{3}-[0-9]{4}", whole)):
        return None
    return Parsed(begin, stop, 2, True, True, True)
