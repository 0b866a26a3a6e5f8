"""The grammar of a Japanese address behind its prefecture, city or town: house numbers, street names, building and room."""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.detect.gazetteer import Towns, town_key

_K = r"\u4e00-\u9fff\u3400-\u4dbf々〆ヶ"
_KANA = r"ぁ-ゖァ-ヴー"
_NUMERAL = "[一二三四五六七八九十百千〇零]"
_UNIT = "丁目|丁|番地割|地割|番地|番町|番|号室|号棟|号館|号|条|線|街区|街|区画|組|班|室|階|棟|F\\b"
_NUMBER = rf"(?:[0-9]{{1,5}}|{_NUMERAL}{{1,7}}(?=丁目|丁[0-9一二三四五六七八九]|番|号|条|線|地割|[-ノの之]{_NUMERAL}|街区))"
# 2丁目15番8-403号, 三八-二, 5の9の20, 11番地39, 1番8-907号
CHAIN = re.compile(
    rf"第?{_NUMBER}(?:(?:{_UNIT})|(?: ?- ?|[ノの之])(?=[0-9]|{_NUMERAL})(?:[0-9]{{1,5}}|{_NUMERAL}{{1,6}})|(?:{_NUMBER})|"
    rf"(?<=[地番目号条])(?:[0-9]{{1,5}}|{_NUMERAL}{{1,6}}(?![{_K}]))|(?<=目) (?=[0-9]+[-番])|[ノの之](?=イロハ)){{0,12}}"
)
_LETTERS = re.compile(rf" ?[{_K}{_KANA}]{{0,26}}?(?=第?[0-9]|{_NUMERAL}{{1,7}}(?:丁|番|号|条|線|地割|[-ノの之]{_NUMERAL}))")
_GRID = re.compile(rf"[通町条川門院](?:上る|下る|上ル|下ル|東入|西入)|上る|下る|上ル|下ル|通[{_K}]{{1,8}}(?:東入|西入)")
_HAMLET = re.compile(rf"大字[{_K}]|[町村市区]字[{_K}]")  # names of parts of a village stand in addresses alone
_ALONG = "上る|下る|上ル|下ル|東入る|東入ル|東入|西入る|西入ル|西入"  # Kyoto: up, down, east and west of the crossing
# Between two chains of numbers: 西(5丁目), 下ル, 町, イの, 甲 …
_MORE = re.compile(
    rf" ?(?:[東西南北]|[甲乙丙丁イロハニホヘト]の?|[{_K}]{{1,8}}(?:{_ALONG})?[{_K}]{{0,8}}|(?:{_ALONG}))[{_K}]{{0,8}}"
    rf"(?=第?[0-9]|{_NUMERAL}{{1,7}}(?:丁|番|号|条|地割|-))"
)
_NO_CHAIN = re.compile(
    r"(?:年|月|日|時|分|円|名|人|件|歳|才|回|%|個|台|校|社|店舗|世帯|km|m\b|位|度|階建|号線|号車|番目|番ホーム|番のりば|[:/][0-9])"
)

BUILDING_WORD = (
    "ビルディング|ビル|マンション|ハイツ|コーポ|アパート|メゾン|ハイム|レジデンス|コート|パレス|プラザ|タワー|団地|"
    "住宅|社宅|寮|ハウス|ガーデン|ヴィラ|パーク|ステージ|シャトー|グラン|エステート|テラス|ヒルズ|フラット|ルーム|"
    "ホームズ|カーサ|ドミール|サンライズ|サンハイツ|リバーサイド|ロイヤル|ライオンズ|レオパレス|クレスト|ファミール|"
    "ヴィル|ビュー|フォレスト|キャッスル|ドエル|コンフォート|セントラル|スカイ|グリーン|エル|ベル|会館|荘|館|棟|号室|"
    "号館|号棟|苑|庵|様方|方|施設|ホーム|学生会館|本館|別館|新館|庁舎|センター|モール"
)
_NAME = rf"[{_K}{_KANA}A-Za-z・&'\".「」-]"
_BUILDING_NAME = rf"(?:{_NAME}{{0,20}}?(?:{BUILDING_WORD})|[ァ-ヴー・]{{3,16}}|[A-Z]{{1,2}}(?:館|棟))"
_ROOM = (
    r"(?: ?-? ?(?:[A-Z]?-?[0-9]{1,4}(?:-[0-9]{1,4})?(?:号室|号棟|号館|号|階|F|室)?(?: ?[0-9]{1,4}(?:号室|号|室))?|"
    r"[A-Z]棟?[ ]?[0-9]{1,4}(?:号室|号)?|[A-Z]棟))"
)
# First with a room, then a name alone that ends at a border.
_BUILDINGS = (
    re.compile(rf" {{0,2}}(?P<name>{_BUILDING_NAME}[{_K}{_KANA}A-ZIVX・]{{0,8}}?){_ROOM}"),
    re.compile(
        rf" {{0,2}}(?P<name>{_BUILDING_NAME}[{_K}ァ-ヴーA-ZIVX・]{{0,8}})(?=[\s、。,()」』/]|$|[にへのをがはでと]|です|から|まで)"
    ),
)
_FLOOR = re.compile(r"[ ]?(?:[0-9]{1,2}(?:F|階)|[0-9]{1,4}号室|[A-Z]?-?[0-9]{2,4}号室)")


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
    town = (
        towns.in_city(city, town_key(text[position : position + 16]))
        if city
        else towns.longest(town_key(text[position : position + 12]))
    )
    begin = position
    letters = _LETTERS.match(text, position + town, limit)
    if letters is None:
        letters = _LETTERS.match(text, position, limit)
    if letters is None or _sentence(text[begin : letters.end()]):
        return None
    chain = CHAIN.match(text, letters.end(), limit)
    if chain is None or _NO_CHAIN.match(text, chain.end()):
        return None
    numbers, units = _measure(chain.group())
    grid = bool(_GRID.search(text, begin, letters.end()) or _HAMLET.search(text, max(0, begin - 1), letters.end()))
    end = chain.end()
    while True:
        more = _MORE.match(text, end, limit)
        if more is None:
            break
        chain = CHAIN.match(text, more.end(), limit)
        if chain is None or _NO_CHAIN.match(text, chain.end()):
            break
        count, unit = _measure(chain.group())
        numbers, units, end = numbers + count, units or unit, chain.end()
    end = _trimmed(text, end)
    building = _building(text, end, limit)
    return Parsed(start, building or end, numbers, town > 0 or grid, units or grid, bool(building))


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


def _sentence(letters: str) -> bool:
    """Whether particles show that the letters are a sentence and no town."""
    return (
        bool(
            re.search(
                r"(?:では|には|から|まで|より|です|ます|した|する|して|における|として|について|による|の[^ノの]{2,}の|、|。|を|は[^ま-ん]|が[^丘崎]{3,}|で[^ん])",
                letters,
            )
        )
        or len(letters) > 26
    )


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1] in "のノ之- ":
        end -= 1
    return end


def _building(text: str, end: int, limit: int) -> int:
    """End of a building or floor right behind the numbers, or 0."""
    for pattern in _BUILDINGS:
        hit = pattern.match(text, end, limit)
        if (
            hit is not None
            and not re.match(r"[のにはをがへとでや、もまか]|[ ]?(?:当|弊|本)社", hit["name"])
            and not _sentence(hit["name"])
        ):
            floor = _FLOOR.match(text, hit.end(), limit)
            return floor.end() if floor else hit.end()
    floor = _FLOOR.match(text, end, limit)
    return floor.end() if floor else 0


NEXT_LINE = re.compile(
    rf"\n[ \t]*(?P<building>[{_K}{_KANA}A-Za-z0-9・& 「」#-]{{2,30}}?)[ \t]*"
    r"(?=\n|$|である|です|に(?:住|居|転|引)|へ(?:転|引)|[。、(])"
)
_BUILDING_LINE = re.compile(rf"(?:{BUILDING_WORD})|[0-9]{{3,4}}(?:号室?|室)?$|[0-9]{{1,2}}(?:F|階)|^[ァ-ヴー・ ]{{3,}}[ 0-9]*$")


def next_line(text: str, end: int, limit: int) -> int:
    """End of a building that stands alone on the next line, or ``end``."""
    hit = NEXT_LINE.match(text, end, limit)
    if (
        hit
        and _BUILDING_LINE.search(hit["building"])
        and not re.search(r"電話|TEL|FAX|携帯|様$|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}", hit["building"])
    ):
        return hit.end("building")
    return end
