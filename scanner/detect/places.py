"""Where addresses may begin, and what is the address in the value of a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from scanner.detect import gazetteer
from scanner.detect.addressgrammar import Parsed, parse
from scanner.detect.addresstail import BUILDING_WORD, ends_in_brackets
from scanner.detect.gazetteer import Towns, town_key
from scanner.text.finder import Finder, Prints
from scanner.text.japanese import without_surrogates
from scanner.text.labels import Label

_POSTAL = re.compile(r"(?:〒|郵便番号:?)? ?[0-9]{3}-?[0-9]{4}(?![0-9-])[ \n、,]*")
_AFTER = re.compile(
    r"[ \n、,/(]*(?:(?:TEL|Tel|tel|電話|℡|FAX|Fax|携帯|TEL/FAX)[ :.(]*|(?=\(?0[0-9]{1,3}[-(][0-9]{1,4}[-)][0-9]{3,4})).*$", re.S
)
_NOTE = re.compile(r"[ ]*(?:\([^()]{0,40}\)|※.*|←.*|→.*)$")
_NOTHING = re.compile(
    r"(?:[-~*/〃.\s]|なし|無し|不明|未定|未記入|空欄|同上|同左|"
    r"本人に同じ|契約者に同じ|上記に同じ|現住所に同じ|.{0,8}と?同じ|.{0,4}と同居|null|none|n/?a)*",
    re.I,
)
_KANJI = re.compile("[\u4e00-\u9fff々]")
_COUNTY = re.compile(r"[\u4e00-\u9fff々ヶノ]{1,5}郡 ?")
_FOREIGN = re.compile(r"(?=.*[0-9])[A-Za-zÀ-ſ0-9 ,.#/'()&-]{8,}")

_BUILDING = re.compile(rf"(?=.*(?:{BUILDING_WORD}|[0-9])).{{2,24}}?[ -]?(?:[A-Z]?[0-9]{{2,4}}(?:号室|号)?|号室|棟|階)")
_NO_BUILDING = re.compile(r"会社|病院|学校|[0-9]{5}|[0-9]{2,4}[-/][0-9]{1,4}[-/]|[年月日円@]|^[0-9 :./-]+$")


class Anchor(NamedTuple):
    """A place name that may begin an address: where the prefecture and city end, and which city it is."""

    start: int
    end: int
    prefecture: bool
    city: str


class Places:
    """The gazetteer of places with the automaton that finds them. Loaded at the first question."""

    def __init__(self, models_dir: Path) -> None:
        self.models_dir = models_dir
        self._towns: Towns | None = None
        self._names: list[str] = []
        self._automaton: ahocorasick_rs.AhoCorasick | None = None

    def load(self) -> tuple[Towns, ahocorasick_rs.AhoCorasick]:
        """The places and the automaton of their names. Raises OSError when the gazetteer is missing."""
        if self._towns is None or self._automaton is None:
            self._towns = gazetteer.towns(self.models_dir)
            self._names = sorted(self._towns.cities) + list(self._towns.prefectures)
            self._finder = Finder(self._names)
            self._automaton = ahocorasick_rs.AhoCorasick(self._names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        return self._towns, self._automaton

    def value(self, text: str, label: Label) -> tuple[int, int] | None:
        """The range of the address in the value of a label, or None when the value is none."""
        start, end = 0, len(text)
        postal = _POSTAL.search(text)
        if postal and not text[: postal.start()].strip(" \n〒:"):
            start = postal.end()
        tail = _AFTER.search(text, start)
        if tail and tail.start() > start:
            end = tail.start()
        while True:
            end = start + len(text[start:end].rstrip(" \n、,。;"))
            note = _NOTE.search(text, start, end)
            if not note or note.start() <= start or ends_in_brackets(text, start, end):
                break
            end = note.start()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        value = text[start:end]
        if len(value) < 2 or len(value) > 120 or _NOTHING.fullmatch(value):
            return self._inside(text) if len(value) > 120 else None
        return (start, end) if self._plausible(value, label) else self._inside(text)

    def _inside(self, text: str) -> tuple[int, int] | None:
        for anchor in self.anchors(text):
            parsed = self.parsed(text, anchor, len(text))
            if parsed:
                return parsed.start, parsed.end
        return None

    def _plausible(self, value: str, label: Label) -> bool:
        """Whether a value under such a label is an address and no remark."""
        towns, _ = self.load()
        if re.search(r"。|@|://|です|ます|ください", value):
            return False
        match label.hint:
            case "kana":
                return bool(re.fullmatch(r"[ぁ-ゖァ-ヴー0-9 A-Za-z・-]{4,}", value))
            case "prefecture":
                return (
                    value in towns.prefectures or f"{value}県" in towns.prefectures or value in ("東京", "大阪", "京都", "北海道")
                )
            case "city":
                return bool(re.search("[市区町村郡]$", value)) or value in towns.cities
            case "town":
                return bool(_KANJI.search(value)) and len(value) <= 24
            case "street" | "second":
                return bool(re.search("[0-9一二三四五六七八九十]", value) or re.search(BUILDING_WORD, value))
            case "building":
                return not re.fullmatch(r"[0-9]{5,}|.*(?:会社|病院|学校)", value)
        anchors = list(self.anchors(value))
        if anchors and anchors[0].start <= 2:
            return (
                label.hint != "org"
                or bool(re.search(r"[0-9一二三四五六七八九十]", value))
                or len(value) > len(value[anchors[0].start : anchors[0].end])
            )
        if _FOREIGN.fullmatch(value) and len(value.split()) >= 3:
            return True
        numbered = bool(
            re.search(
                r"[0-9]+(?:-[0-9]+)+|[0-9一二三四五六七八九十]+(?:丁目|番|号|条)|[0-9]+(?:の|ノ)[0-9]+|[一二三四五六七八九十]+[-ノの][一二三四五六七八九十]",
                value,
            )
        )
        if numbered and _KANJI.match(value) and not re.search(r"[0-9]{2,4}-[0-9]{2,4}-[0-9]{4}", value):
            return True
        if label.hint == "org":
            return False
        if re.search(r"[0-9]", value) and towns.longest(town_key(value)):
            return True
        return bool(
            re.search(r"[0-9]", value) and re.search(rf"{BUILDING_WORD}", value) and label.word.endswith(("2", "3", "2)", "3)"))
        )

    def city_alone(self, text: str) -> str | None:
        """The city when the text is a prefecture and a city, or a city, and nothing else."""
        value = text.strip()
        if not 2 <= len(value) <= 14:
            return None
        anchor = next(self.anchors(value), None)
        return anchor.city if anchor is not None and anchor.start == 0 and anchor.end == len(value) and anchor.city else None

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
        """Places in order; a prefecture takes the city behind it along. ``prints``: of a long text, where they are at hand."""
        towns, automaton = self.load()
        cities = len(towns.cities)
        hits = self._finder.longest(text, prints) if prints else automaton.find_matches_as_indexes(without_surrogates(text))
        n = 0
        while n < len(hits):
            number, start, end = hits[n]
            n += 1
            if number < cities:
                if start and _KANJI.match(text[start - 1]) and text[start - 1] not in "所都道府県宅先":
                    continue
                yield Anchor(start, end, False, self._names[number])
                continue
            gap = end + 1 if text[end : end + 1] == " " else end
            county = _COUNTY.match(text, gap)
            if n < len(hits) and hits[n][1] in (gap, county.end() if county else gap) and hits[n][0] < cities:
                yield Anchor(start, hits[n][2], True, self._names[hits[n][0]])
                n += 1
            else:
                yield Anchor(start, end, True, "")

    def parsed(self, text: str, anchor: Anchor, limit: int) -> Parsed | None:
        """The address that begins at the anchor, when enough stands behind it to be sure."""
        towns, _ = self.load()
        parsed = parse(text, anchor.start, anchor.end, limit, towns, anchor.city)
        if parsed is None:
            return None
        if anchor.prefecture and anchor.city:
            return parsed
        sure = parsed.known_town or (parsed.units and parsed.numbers >= 2) or parsed.numbers >= 3
        if anchor.prefecture:
            return parsed if sure and parsed.units else None
        if sure and (parsed.numbers >= 2 or parsed.units):
            return parsed
        return parsed if parsed.known_town and _fills_line(text, parsed.start, parsed.end) else None


def _fills_line(text: str, start: int, end: int) -> bool:
    """Whether the range is all that stands on its line, in its cell, its quotes or its brackets, a postal code left out."""
    if text[start - 1 : start] in ("(", "'", '"') and text[end : end + 1] in (")", "'", '"'):
        return True
    first = max(text.rfind(border, 0, start) for border in "\n\t") + 1
    last = min((n for n in (text.find(border, end) for border in "\n\t") if n >= 0), default=len(text))
    return not _POSTAL.sub("", text[first:start]).strip() and not text[end:last].strip()
