"""Where addresses may begin, and what is the address in the value of a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from scanner.detect import addressscripts, gazetteer, romaji
from scanner.detect.addressgrammar import Parsed, parse
from scanner.detect.addresstail import BUILDING_WORD, POSTAL
from scanner.detect.gazetteer import Towns, town_key
from scanner.model import PersonRole
from scanner.text.finder import Finder, Prints
from scanner.text.japanese import without_surrogates

_KANJI = re.compile("[\u4e00-\u9fff々]")

_NUMBER_CELL = re.compile(
    r"(?!0|[0-9]{3,4}[-/][0-9]{1,2}[-/][0-9]|.*(?:[0-9]{3,}-[0-9]{4}|[年月日円名人件回歳%@]))"
    r"[0-9]{1,5}(?:(?:丁目|番地?|号|-|の)[0-9番地号の-]*)?(?:[ -]?[^0-9\n\t]{2,20}[A-Z]?-?[0-9]{0,4}(?:号室?|階|F)?)?$"
)
_BEFORE_CITY = "所都道府県宅先地籍は旧新現在"  # 住所, 県, 自宅, 転居先, 現住地 … may stand right before a city
_COUNTY = re.compile(r"[\u4e00-\u9fff々ヶノ]{1,5}郡 ?")
_NAME = r"[\u4e00-\u9fff々ヶケノのァ-ヴ]"
_FORMER = re.compile(rf"{_NAME}{{1,6}}[市区町村郡]")  # a city that no longer is
_END = r"(?=[\s、。,()「」』・:;\"]|$|[にのをがはでとやへもだ]|から|まで|より|在住|出身|所在|付近|周辺|内[のに]|地[区内])"
_BORDER = re.compile(_END)
_NO_PLACE_END = "(?<![線駅店校局署院館社園港川山橋城寺家会部課員長人前発着行便産型式系戦藩者氏屋号階])"
_LETTER = r"[\u4e00-\u9fff々ヶケノァ-ヴ]"
# A part of a known town; a town that the gazetteer does not know.
_PART = re.compile(rf"(?P<name>(?P<certain>(?:大字|字)?{_LETTER}{{1,6}}?)){_NO_PLACE_END}{_END}")
_NEW_TOWN = re.compile(rf"(?P<name>(?:(?:大字|字)(?P<certain>{_LETTER}{{1,6}}?)|{_NAME}{{1,6}}?)){_NO_PLACE_END}{_END}")
_FORMER_PLACE = re.compile(rf"{_NAME}{{1,5}}[市郡]{_NAME}{{1,5}}[町村](?:{_LETTER}{{1,4}}?{_NO_PLACE_END})?{_END}")
_ALONE = re.compile(
    r"(?=[ \n\t、。,()」』\"]|$|に(?:在|居|住|転|引|移)|[へを](?:訪|転|引|郵|送)|の(?:自宅|実家|家|空き家|アパート|マンション)|"
    r"在住|宛)"
    r"(?! ?[0-9]{1,2}[-/月:])"
)
_LEAST_KANA = 4  # letters of a kana name that may begin an address
_LARGE = str.maketrans("ャュョッァィゥェォ", "ヤユヨツアイウエオ")  # old machines know no small kana

_POSTAL = re.compile(POSTAL)
_BUILDING = re.compile(
    rf"(?:.{{0,20}}?(?:{BUILDING_WORD}).{{0,10}}? [A-Z])|"
    rf"(?=.*(?:{BUILDING_WORD}|[0-9])).{{2,24}}?[ -]?(?:[A-Z]?[0-9]{{2,4}}(?:号室|号)?|[0-9]{{1,2}}(?:F|階)|号室|棟|階)"
)
_NO_BUILDING = re.compile(r"会社|病院|学校|[0-9]{5}|[0-9]{2,4}[-/][0-9]{1,4}[-/]|[年月日円@]|^[0-9 :./-]+$")


class Anchor(NamedTuple):
    """A place name that may begin an address: where the prefecture and city end, and which city it is.

    ``script``: "kana" or "latin" where it is written so; such an anchor may stand inside its address.
    """

    start: int
    end: int
    prefecture: bool
    city: str
    script: str = ""


class Found(NamedTuple):
    """An address found in the view: its range, whose it may be, how it was found, how sure that is (0..1)."""

    start: int
    end: int
    entity: str
    rule: str
    score: float
    cue: str = ""
    group: str | None = None
    role: PersonRole = PersonRole.UNKNOWN


class Places:
    """The gazetteer of places with the automaton that finds them. Loaded at the first question."""

    def __init__(self, models_dir: Path) -> None:
        self.models_dir = models_dir
        self._towns: Towns | None = None
        self._kinds: list[tuple[str, str]] = []  # of each name of the automaton: (kind, city)
        self._alone: dict[str, str | None] = {}  # what ``city_alone`` said
        self._automaton: ahocorasick_rs.AhoCorasick | None = None

    def load(self) -> tuple[Towns, ahocorasick_rs.AhoCorasick]:
        """The places and the automaton of their names. Raises OSError when the gazetteer is missing."""
        if self._towns is None or self._automaton is None:
            self._towns = gazetteer.towns(self.models_dir)
            names = _names(self._towns)
            self._kinds = list(names.values())
            self._finder = Finder(list(names))
            self._automaton = ahocorasick_rs.AhoCorasick(list(names), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        return self._towns, self._automaton

    def city_alone(self, text: str) -> str | None:
        """The city when the text is a prefecture and a city, or a city, and nothing else."""
        value = text.strip()
        if not 2 <= len(value) <= 14:
            return None
        if value not in self._alone:
            if len(self._alone) > 50_000:
                self._alone.clear()
            anchor = next(self.anchors(value), None)
            whole = anchor is not None and anchor.start == 0 and anchor.end == len(value)
            self._alone[value] = anchor.city if anchor is not None and whole and anchor.city else None
        return self._alone[value]

    def town_alone(self, text: str) -> bool:
        """Whether the text is a city and a town of it, or part of a town, and nothing else."""
        value = text.strip()
        anchor = next(self.anchors(value), None)
        if anchor is None or anchor.start or not anchor.city or re.search("[0-9]", value):
            return False
        return self.place(value, anchor, len(value)) == len(value)

    @staticmethod
    def number_beside(text: str) -> bool:
        """Whether a text may be the house number, with or without building, of the town in the cell before."""
        return _NUMBER_CELL.match(text) is not None

    def prefecture(self, text: str) -> bool:
        """Whether the text is a prefecture."""
        return text in self.load()[0].prefectures

    @staticmethod
    def building(text: str) -> bool:
        """Whether a text behind an address is its building or room."""
        return bool(_BUILDING.fullmatch(text)) and not _NO_BUILDING.search(text)

    def behind_city(self, text: str, city: str) -> bool:
        """Whether the text is the rest of an address in the city: town and house number, maybe a building."""
        towns, _ = self.load()
        value = text.strip()
        if not 2 <= len(value) <= 60 or not re.match("[\u4e00-\u9fff々ぁ-ゖァ-ヴー]", value):
            return False
        parsed = parse(value, 0, 0, len(value), towns, city)
        if parsed is None:
            return False
        rest = value[parsed.end :].strip()
        return (parsed.known_town or parsed.units or parsed.numbers >= 2) and len(rest) <= 24

    def anchors(self, text: str, prints: Prints | None = None) -> Iterator[Anchor]:
        """Places in order; a prefecture takes the city behind it along, 同市 is the city named before.

        ``prints``: of a long text, where they are at hand.
        """
        _, automaton = self.load()
        hits = self._finder.longest(text, prints) if prints else automaton.find_matches_as_indexes(without_surrogates(text))
        n, last = 0, ""
        while n < len(hits):
            number, start, end = hits[n]
            n += 1
            kind, city = self._kinds[number]
            if kind == "city":
                if start and _KANJI.match(text[start - 1]) and text[start - 1] not in _BEFORE_CITY:
                    continue
                last = city
                yield Anchor(start, end, False, city)
            elif kind == "prefecture":
                gap = end + 1 if text[end : end + 1] == " " else end
                county = _COUNTY.match(text, gap)
                follows = (gap, county.end() if county else gap)
                if n < len(hits) and hits[n][1] in follows and self._kinds[hits[n][0]][0] == "city":
                    last = self._kinds[hits[n][0]][1]
                    yield Anchor(start, hits[n][2], True, last)
                    n += 1
                else:
                    yield Anchor(start, end, True, "")
            elif kind == "same":
                if last.endswith(text[end - 1]) or last.endswith("区"):
                    yield Anchor(start, end, False, last)
            else:
                yield Anchor(start, end, False, "", kind)

    def parsed(self, text: str, anchor: Anchor, limit: int) -> Parsed | None:
        """The address that begins at the anchor, when enough stands behind it to be sure."""
        if anchor.script:
            return addressscripts.parse(text, anchor.start, anchor.end, limit, anchor.script)
        towns, _ = self.load()
        parsed = parse(text, anchor.start, anchor.end, limit, towns, anchor.city)
        if parsed is None:
            return None
        if anchor.prefecture and anchor.city:
            return parsed
        sure = parsed.known_town or (parsed.units and parsed.numbers >= 2) or parsed.numbers >= 3
        if anchor.prefecture:
            former = _FORMER.match(text, anchor.end) is not None and (parsed.numbers >= 2 or parsed.units)
            return parsed if (sure and parsed.units and parsed.numbers >= 2) or former else None
        if sure and (parsed.numbers >= 2 or parsed.units):
            return parsed
        if not parsed.known_town:
            return None
        whole = parsed.building or _fills_line(text, parsed.start, parsed.end) or _ALONE.match(text, parsed.end)
        return parsed if whole else None

    def place(self, text: str, anchor: Anchor, limit: int) -> int:
        """End of a town without a house number, or of a ward or village, behind an anchor; else 0."""
        towns, _ = self.load()
        if anchor.script or not (anchor.city or anchor.prefecture):
            return 0
        if not anchor.city:
            former = _FORMER_PLACE.match(text, anchor.end, limit)
            return former.end() if former else 0
        town = towns.in_city(anchor.city, town_key(text[anchor.end : anchor.end + 16]))
        at = anchor.end + town
        if town and _BORDER.match(text, at):
            return at
        part = (_PART if town else _NEW_TOWN).match(text, at, limit)
        if part and (town or part["certain"] or (part.end() > at + 1 and towns.begins(anchor.city, town_key(part["name"])))):
            return part.end()
        district = (anchor.city.endswith("区") and "市" in anchor.city[:-1]) or "郡" in text[anchor.start : anchor.end]
        return at if not town and district and anchor.prefecture and _BORDER.match(text, at) else 0


def _names(towns: Towns) -> dict[str, tuple[str, str]]:
    """Every name that the automaton looks for, with its kind and city."""
    names: dict[str, tuple[str, str]] = {}
    for city in sorted(towns.cities):
        for spelling in _spellings(city):
            names.setdefault(spelling, ("city", city))
    names |= {prefecture: ("prefecture", "") for prefecture in towns.prefectures}
    names |= {f"同{unit}": ("same", "") for unit in "市区町村"}
    for prefecture, city in towns.readings:
        whole = city.replace(" ", "")
        for reading in (prefecture, whole, *city.split(" ")[:1], *(city.split(" ")[1:] if "グン" in city else ())):
            if len(reading) >= _LEAST_KANA:
                names.setdefault(reading, ("kana", ""))
                names.setdefault(reading.translate(_LARGE), ("kana", ""))
    for prefecture in {p for p, _ in towns.readings}:
        written = romaji.latin(prefecture if prefecture == "ホッカイドウ" else re.sub("(?:ト|フ|ケン)$", "", prefecture))
        written = re.sub("O[UO]", "O", written)
        names |= dict.fromkeys((written, written.title()), ("latin", ""))
    for unit in ("-ku", "-shi", "-gun"):
        names |= dict.fromkeys((unit, unit.upper()), ("latin", ""))
    return names


def _spellings(name: str) -> Iterator[str]:
    """茅ヶ崎市, 茅ケ崎市, 茅が崎市; 紀の川市, 紀ノ川市; 龍ケ崎市, 竜ケ崎市."""
    for marks in ("ヶケが", "のノ之", "龍竜"):
        if any(mark in name for mark in marks):
            for mark in marks:
                yield re.sub(f"(?<=.)[{marks}]|^[{marks}](?=.)", mark, name)
    yield name


def _fills_line(text: str, start: int, end: int) -> bool:
    """Whether the range is all that stands on its line, in its cell, its quotes or its brackets, a postal code left out."""
    if text[start - 1 : start] in ("(", "'", '"') and text[end : end + 1] in (")", "'", '"'):
        return True
    first = max(text.rfind(border, 0, start) for border in "\n\t") + 1
    last = min((n for n in (text.find(border, end) for border in "\n\t") if n >= 0), default=len(text))
    return not _POSTAL.sub("", text[first:start]).strip() and not text[end:last].strip()
