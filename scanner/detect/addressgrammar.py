"""The grammar of a Japanese address behind its prefecture, city or town: house numbers, street names, building and room."""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.detect.addresstail import sentence, tail
from scanner.detect.gazetteer import Towns, town_key

_K = r"\u4e00-\u9fff\u3400-\u4dbf々〆ヶ"
_KANA = r"ぁ-ゖァ-ヴー"
_NUMERAL = "[一二三四五六七八九十百千〇零]"
_UNIT = "丁目|丁|番地割|地割|番地|番町|番|号室|号棟|号館|号|条|線|街区|街|区画|組|班|室|階|棟|F\\b"
_NUMBER = rf"(?:[0-9]{{1,5}}|{_NUMERAL}{{1,7}}(?=丁目|丁[0-9一二三四五六七八九]|番|号|条|線|地割|[-ノの之]{_NUMERAL}|街区))"
# 2丁目15番8-403号, 三八-二, 5の9の20, 11番地39, 1番8-907号
CHAIN = re.compile(
    rf"無番地|番外地|第?{_NUMBER}(?:(?:{_UNIT})|(?: ?- ?|ー|[ノの之])(?=[0-9]|{_NUMERAL})(?!0[0-9]{{1,3}}-[0-9])"
    rf"(?:[0-9]{{1,5}}|{_NUMERAL}{{1,6}})|"
    rf"(?:{_NUMBER})|"
    rf"(?<=[地番目号条])(?:[0-9]{{1,5}}|{_NUMERAL}{{1,6}}(?![{_K}]))|(?<=目) (?=[0-9]+[-番])|[ノの之](?=イロハ)){{0,12}}"
)
_NUMBERED = rf"第?[0-9]|{_NUMERAL}{{1,7}}(?:丁|番|号|条|線|地割|[-ノの之]{_NUMERAL})|無番地|番外地"
# ロ-10, 甲-3: part of the town's name and a hyphen before the number.
_LETTERS = re.compile(rf" ?[{_K}{_KANA}]{{0,26}}?(?:(?<=[ァ-ヴ甲乙丙丁戊己庚辛壬癸])-)?(?={_NUMBERED})")
_GRID = re.compile(rf"[通町条川門院](?:上る|下る|上ル|下ル|東入|西入)|上る|下る|上ル|下ル|通[{_K}]{{1,8}}(?:東入|西入)")
_HAMLET = re.compile(rf"大字[{_K}]|[町村市区]字[{_K}]")  # names of parts of a village stand in addresses alone
_ALONG = "上る|下る|上ル|下ル|東入る|東入ル|東入|西入る|西入ル|西入"  # Kyoto: up, down, east and west of the crossing
# Between two chains of numbers: 西(5丁目), 下ル, 町, イの, 甲 …
_MORE = re.compile(
    rf" ?(?:[東西南北]|[甲乙丙丁戊己ァ-ヴ]の?|[ノの之]町|[{_K}]{{1,8}}(?:{_ALONG})?[{_K}]{{0,8}}|(?:{_ALONG}){{1,3}})[{_K}]{{0,8}}"
    rf"(?=第?[0-9]|{_NUMERAL}{{1,7}}(?:丁|番|号|条|地割|-))"
)
# What shows that the numbers before it count something or are a date, a score, a road.
_COUNTED = re.compile(
    rf"年|月|日(?!本|[{_K}]{{1,8}}(?:ビル|会館|タワー|寮|荘))|時|分(?!室)|円|名(?![古鉄])|人(?!形)|件|歳|才|回|%|個|台(?!東)|校|社|店舗|世帯|[万億]|"
    r"[kc]?m(?![A-Za-z])|kg|度|位|点|階建|[:/][0-9]"
)
_NO_HOUSE = {"号": re.compile("線|車|議案|墳|機|俸"), "番": re.compile("目|ホーム|のりば|線|手|隊")}
_SUFFIX = re.compile(rf"-?[A-Z](?![A-Za-z棟館0-9-])|-?[イロハニホヘト甲乙丙](?![{_K}{_KANA}])")  # 295-イ, 5-30-A


class Parsed(NamedTuple):
    """An address: its range, how many numbers its chain has, whether its town is known, units such as 丁目 in it."""

    start: int
    end: int
    numbers: int
    known_town: bool
    units: bool
    building: bool


def parse(text: str, start: int, at: int, limit: int, towns: Towns, city: str) -> Parsed | None:
    """The address that begins at ``start`` and whose prefecture and city end at ``at``. None without a house number."""
    position, limit = _next_piece(text, at, limit)
    if not _NUMERIC.search(text, position, min(limit, position + _TOWN + _LONGEST + 4)):
        return None  # no house number so near
    town = (
        towns.in_city(city, town_key(text[position : position + _TOWN]))
        if city
        else towns.longest(town_key(text[position : position + 12]))
    )
    chain = _house(text, position + town, limit) or _house(text, position, limit)
    if chain is None or sentence(text[position + town : chain.start()]):
        return None
    numbers, units = _measure(chain.group())
    street = text[max(0, position - 1) : chain.start()]
    grid = bool(_GRID.search(street, min(1, position)) or _HAMLET.search(street))
    end = chain.end()
    while True:
        more = _MORE.match(text, end, limit)
        if more is None:
            break
        chain = CHAIN.match(text, more.end(), limit)
        if chain is None or _counts(text, chain):
            break
        count, unit = _measure(chain.group())
        numbers, units, end = numbers + count, units or unit, chain.end()
    suffix = _SUFFIX.match(text, end, limit)
    end = suffix.end() if suffix else _trimmed(text, end)
    building = tail(text, end, limit)
    return Parsed(start, building or end, numbers, town > 0 or grid, units or grid, bool(building))


def _house(text: str, at: int, limit: int) -> re.Match[str] | None:
    """The house number behind letters; 一丁田895: a numeral may be part of the town's name."""
    letters = _LETTERS.match(text, at, limit)
    while letters is not None and letters.end() - at <= _LONGEST:
        chain = CHAIN.match(text, letters.end(), limit)
        if chain is not None:
            return None if _counts(text, chain) else chain
        letters = _LETTERS.match(text, letters.end() + 1, limit)
    return None


def _counts(text: str, chain: re.Match[str]) -> bool:
    """Whether what follows shows that the numbers are a date, a count, a score or a road's."""
    last = _NO_HOUSE.get(text[chain.end() - 1])
    if last is not None:
        return last.match(text, chain.end()) is not None
    numbers, units = _measure(chain.group())
    return numbers < _MANY and not units and _COUNTED.match(text, chain.end()) is not None


_NUMERIC = re.compile(f"[0-9]|{_NUMERAL}|無番地|番外地")  # what every house number holds
_TOWN = 16  # letters of the longest town
_LONGEST = 26  # letters of a town, parts of it and its hamlet
_MANY = 3  # so many numbers joined by hyphens are no count of anything

_BREAK = re.compile(rf"[ \t]*\n[ \t]*(?=(?!第)[{_K}{_KANA}]{{1,14}} ?(?:第?[0-9]|{_NUMERAL}+(?:丁|番|-)))")


def _next_piece(text: str, at: int, limit: int) -> tuple[int, int]:
    """Where the town begins behind a city, and the end of its line: a space or a line's end may stand between."""
    broken = _BREAK.match(text, at)
    if broken is not None and limit <= broken.end():
        line = text.find("\n", broken.end())
        return broken.end(), line if line >= 0 else len(text)
    return (at + 1 if text[at : at + 1] == " " and at < limit else at), limit


def _measure(chain: str) -> tuple[int, bool]:
    return len(re.findall(rf"[0-9]+|{_NUMERAL}+", chain)), bool(re.search("丁|番|号|条|地割|線", chain))


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1] in "のノ之- ":
        end -= 1
    return end
