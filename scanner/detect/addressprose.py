"""Addresses in running text: from prefecture, city or town on, towns named again, towns without a number, post office boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.detect.addressgrammar import parse
from scanner.detect.addressowner import ADDRESS, BUSINESS, whose, whose_place
from scanner.detect.addresstail import BOX, next_line
from scanner.detect.gazetteer import town_key
from scanner.detect.places import Anchor, Found, Places
from scanner.model import Kind
from scanner.text.view import Reading

_SCENE = re.compile(r"[ の]{0,2}(?:交差点|[国県市]道|高速|付近|先路上|路上|地先|先の|周辺|近く|沖|で(?:追突|衝突|発生|転倒|事故))")
_TOWN_CHAIN = re.compile(
    r"(?<![\u4e00-\u9fff々ヶァ-ヴー0-9])[\u4e00-\u9fff々ヶノケぁ-んァ-ヴー]{1,10}?"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})丁目 ?(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,5})(?:番地?|-)"
)
_LETTERS = "\u4e00-\u9fff々ヶァ-ヴー"
_PARTICLE = "はがをにのへとで"
_CITY = re.compile(r"[\u4e00-\u9fff々ヶケ]{1,4}[市町村](?=[\u4e00-\u9fff々])")
_TOWN = re.compile(rf"[{_LETTERS}]{{2,8}}?(?=[0-9]|[一二三四五六七八九十]+(?:丁目|-|ノ))")
_SHORT_CHAIN = (
    r"(?:[0-9]{1,4}(?: ?- ?[0-9]{1,4}){1,3}|[一二三四五六七八九十]{1,3}(?:[ノの-][一二三四五六七八九十]{1,4}){1,3})(?![0-9-])"
)
_BOX = re.compile(BOX)
_PERSONAL_BOX = re.compile(r"様|宅")
_MOST_TOWNS = 200  # of one page that are looked for again


class Prose:
    """Addresses that stand in sentences and lines without a label."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def find(self, reading: Reading, taken: bytearray) -> Iterator[Found]:
        """Addresses outside of what is ``taken``, a mark for each character of the view."""
        text = reading.text
        table = reading.block.kind is not Kind.TEXT
        done = 0
        mine = bytearray(taken)
        for anchor in self.places.anchors(text, reading.prints):
            if anchor.start < done or taken[anchor.start]:
                continue
            limit = _limit(reading, anchor.start, table=table)
            found = self._numbered(reading, anchor, limit, table=table) or self._place(reading, anchor, limit, done)
            if found is not None:
                done = found.end
                yield found
                mine[found.start : found.end] = b"\1" * (found.end - found.start)
        yield from self._towns_alone(reading, mine, table=table)
        yield from self._boxes(reading)

    def _numbered(self, reading: Reading, anchor: Anchor, limit: int, *, table: bool) -> Found | None:
        text = reading.text
        parsed = self.places.parsed(text, anchor, limit)
        if parsed is None or _SCENE.match(text, parsed.end):
            return None
        end = parsed.end if parsed.building else next_line(text, parsed.end, limit if table else len(text))
        score = 0.9 if anchor.prefecture and anchor.city else 0.8 if parsed.known_town else 0.65
        return Found(parsed.start, end, whose(reading, parsed.start, end), "text", score)

    def _place(self, reading: Reading, anchor: Anchor, limit: int, done: int) -> Found | None:
        """A town without a number: with prefecture and city, or alone in its cell."""
        if anchor.script or not (anchor.prefecture or anchor.city):
            return None
        end = self.places.place(reading.text, anchor, limit)
        if not end or _SCENE.match(reading.text, end):
            return None
        if not anchor.prefecture:
            first, last = reading.cell(reading.cell_at(anchor.start))
            alone = reading.block.kind is Kind.TABLE and first == anchor.start and reading.text[end:last].strip()[:1] in ("", "(")
            lives = whose_place(reading, anchor.start, end) == ADDRESS
            if not lives or (reading.block.kind is Kind.TABLE and not alone):
                return None
        return Found(anchor.start, end, whose_place(reading, anchor.start, end), "place", 0.55)

    def _towns_alone(self, reading: Reading, taken: bytearray, *, table: bool) -> Iterator[Found]:
        """A known town, or a city of former days, with 丁目 and a number behind it, without prefecture and city."""
        towns, _ = self.places.load()
        text = reading.text
        for hit in _town_chains(text):
            limit = _limit(reading, hit.start(), table=table)
            if any(taken[hit.start() : hit.end()]):
                continue
            start = next(
                (
                    n
                    for n in range(hit.start(), hit.end() - 4)
                    if (n == hit.start() or text[n - 1] in _PARTICLE)
                    and (towns.longest(town_key(text[n : n + 12])) or _CITY.match(text, n, hit.end()))
                ),
                -1,
            )
            if start < 0:
                continue
            parsed = parse(text, start, start, limit, towns, "")
            if parsed is None or _SCENE.match(text, parsed.end):
                continue
            yield Found(parsed.start, parsed.end, whose(reading, parsed.start, parsed.end), "town", 0.6)

    def _boxes(self, reading: Reading) -> Iterator[Found]:
        """A post office box: an organisation's unless a person is named with it."""
        if "私書箱" not in reading.text:
            return
        for hit in _BOX.finditer(reading.text):
            line = reading.text[hit.end() : hit.end() + 30].split("\n")[0]
            yield Found(hit.start(), hit.end(), ADDRESS if _PERSONAL_BOX.search(line) else BUSINESS, "box", 0.8)

    def same_towns(self, reading: Reading, taken: bytearray) -> Iterator[Found]:
        """The town of an address found on the page with another number behind it: 「桜木3-7-22」."""
        towns: dict[str, None] = {}
        if 1 not in taken:
            return
        for run in re.finditer(b"\1+", bytes(taken)):
            town = _TOWN.match(reading.text, run.start(), run.end())
            if town:
                towns[town.group()] = None
        if not towns:
            return
        names = "|".join(map(re.escape, sorted(towns, key=len, reverse=True)[:_MOST_TOWNS]))
        for hit in re.finditer(rf"(?<![{_LETTERS}])(?:{names}){_SHORT_CHAIN}", reading.text):
            if not any(taken[hit.start() : hit.end()]) and not _SCENE.match(reading.text, hit.end()):
                yield Found(hit.start(), hit.end(), whose(reading, hit.start(), hit.end()), "same town", 0.7)


def _town_chains(text: str) -> Iterator[re.Match[str]]:
    """Letters, 丁目 and a number behind it, sought around each 丁目."""
    at, done = text.find("丁目"), 0
    while at >= 0:
        hit = _TOWN_CHAIN.search(text, max(done, at - _BEFORE_UNIT), at + _BEHIND_UNIT)
        if hit is not None:
            done = hit.end()
            yield hit
        at = text.find("丁目", at + 1)


_BEFORE_UNIT, _BEHIND_UNIT = 14, 12  # characters of a town and its numeral before 丁目, of a number behind it


def _limit(reading: Reading, position: int, *, table: bool) -> int:
    """End of the line or cell that holds the position."""
    return reading.cell(reading.cell_at(position))[1] if table or reading.block.kind is Kind.TEXT else len(reading.text)
