"""Names in running text: a line goes through every reader of names, and the surest of overlapping hits stays."""

from __future__ import annotations

import re
from collections.abc import Container

from scanner.detect import nameannounced, namecued, namecues, namehonoured, namelisted
from scanner.detect.gazetteer import Names
from scanner.detect.nameannounced import Announced
from scanner.detect.namecued import Cued
from scanner.detect.namegates import Gates
from scanner.detect.namehonoured import Honoured
from scanner.detect.namelexis import RUN, Hit
from scanner.detect.namelisted import Listed
from scanner.detect.nameodds import Odds
from scanner.detect.namepaired import Paired
from scanner.detect.namerows import Rows
from scanner.detect.namescore import NameScorer
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    HIRAGANA,
    HISTORY,
    KATAKANA,
    NAME_KANJI,
    NOT_AFTER,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    TITLE,
)
from scanner.detect.tagger import Tag, Tagger
from scanner.model import Ints
from scanner.text.finder import Prints

_WRITTEN = re.compile(rf"[{NAME_KANJI}{KATAKANA}{HIRAGANA}・= ]{{2,20}}|[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){{1,3}}")
_NEED = re.compile(rf"{RUN}|[{KATAKANA}]{{3}}|さん|ちゃん|くん|さま")
_PLACE_BEFORE, _PLACE_AFTER = re.compile(rf"({RUN}{{2,4}})[、・,と]$"), re.compile(rf"[、・,と]({RUN}{{2,4}}?)(?!{RUN})")
_ERA = re.compile("令和|平成|昭和|大正|明治|前?[一二三四五六七八九十百]+[号条項月日年名人]")


class ProseReader:
    """Finds names in a line. ``tagger``: None in the profile that does without."""

    def __init__(self, names: Names, tagger: Tagger | None, cities: Container[str] = ()) -> None:
        self.names, self.tagger = names, tagger
        self._honoured = Honoured(names, tagger)
        self._announced = Announced(names, tagger)
        self._paired = Paired(names, tagger)
        odds = Odds(names, tagger, cities)
        self._cued = Cued(names, tagger, odds)
        self.listed = Listed(NameScorer(names, tagger), odds)
        self.rows = Rows(odds)
        past = {"historic": (HISTORY,)}
        rows = namelisted.PATTERNS
        self._gates = Gates(
            names,
            past | namehonoured.PATTERNS | nameannounced.PATTERNS | rows | namecued.PATTERNS,
            nameannounced.SHAPES | namelisted.SHAPES | namecues.SHAPES,
        )
        self._told, self._cues, self._weighed = (self._gates.mask(name) for name in ("told", "cue", "weighed"))
        mask = self._gates.mask
        self._needy = ~(mask("latin") | mask("english") | self._cues | mask("historic"))

    def lines(self, text: str, starts: Ints, prints: Prints | None = None) -> dict[int, int]:
        """Number of a line or cell → the readers worth asking about it (bits of ``Gates``); a line left out holds no name."""
        found = self._gates.lines(text, starts, pairs=self.tagger is None, prints=prints)
        if self.tagger is None:
            only_past = self._gates.bits["historic"]
            return {line: readers for line, readers in found.items() if readers != only_past}
        return dict.fromkeys(range(len(starts)), self._gates.always) | found

    def plausible(self, line: str, start: int, end: int) -> bool:
        """Whether what another reader takes for a person can be one here: no company, place, product or figure of history."""
        text = line[start:end]
        if not _WRITTEN.fullmatch(text) or HISTORY.search(line) or ORGANISATION.search(text) or _product(line, start, end):
            return False
        if NOT_AFTER.match(line, end) or NOT_NAME_ENDINGS.search(text) or text in NOT_BEFORE_HONORIFIC or text in BEFORE:
            return False
        return (
            self.tagger is None
            or not self.tagger.kinds(text)
            or bool(self.tagger.kinds(text) & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON})
        )

    def for_sale(self, line: str, start: int, end: int) -> bool:
        """Whether the range names a thing for sale, a kind of fruit, or a place beside another place."""
        return _product(line, start, end) or _variety(line, start, end) or _among_places(line, start, end)

    def read(self, line: str, readers: int = -1) -> list[Hit]:
        """Names of a line, without overlaps, in order. ``readers``: those that may find something, see ``lines``; -1: all."""
        hits: list[Hit] = []
        bits = self._gates.bits
        if (self.tagger is not None or readers & self._needy) and _NEED.search(line):
            historic = bool(readers & bits["historic"] and HISTORY.search(line))
            if readers & bits["honoured"]:
                hits += self._honoured.honoured(line, historic)
            if readers & bits["roles"]:
                hits += self._announced.roles(line, historic)
            if readers & self._told:
                hits += self._announced.told(line, readers // bits["told 0"])
            if readers & bits["maiden"]:
                hits += self._announced.maiden(line)
            if readers & bits["letters"]:
                hits += self._announced.letters(line)
            if readers & bits["behind"]:
                hits += self.listed.behind(line)
            if readers & bits["of a unit"]:
                hits += self.listed.of_unit(line)
            if readers & bits["labelled"]:
                hits += self.listed.labelled(line)
            if self.tagger is not None:
                hits += self._paired.tagged(line, self.tagger.words(line), historic)
            elif readers & bits["pairs"]:
                hits += self._paired.pairs(line, historic)
            if readers & self._weighed and not historic:
                hits += self._cued.weighed(line, readers // bits["weighed 0"])
            if readers & bits["foreign"]:
                hits += self._announced.foreign(line)
            hits = [h for h in hits if not _variety(line, h.start, h.end)]
            if hits or readers & bits["readings"]:
                hits += self._announced.readings(line, hits)
        if readers & bits["latin"]:
            hits += self._announced.latin(line)
            hits += self._announced.initials(line)
        if readers & bits["english"]:
            hits += self.listed.english(line)
        if readers & self._cues:
            hits += self._cued.cued(line, readers // bits["cue 0"])
        hits = [h._replace(start=h.start + 1) if line[h.start] in "故亡" and h.end - h.start > 2 else h for h in hits]
        return [h for h in _disjoint(hits) if not self.for_sale(line, h.start, h.end) and not _ERA.match(line, h.start)]


def _variety(line: str, start: int, end: int) -> bool:
    """佐藤錦, 山田錦: fruit and rice are named so, people hardly."""
    return line[end - 1] == "錦" and end - start <= 4 and " " not in line[start:end] and not TITLE.match(line, end)


def _among_places(line: str, start: int, end: int) -> bool:
    """Whether a prefecture or city stands in a row with another: 「福島、山口、宮崎は晴れ」."""
    if line[start:end] not in CITIES:
        return False
    before, after = _PLACE_BEFORE.search(line, max(0, start - 6), start), _PLACE_AFTER.match(line, end)
    return bool((before and before[1] in CITIES) or (after and after[1] in CITIES))


def _product(line: str, start: int, end: int) -> bool:
    """A name inside the quoted name of something for sale."""
    opening = max(line.rfind("「", 0, start), line.rfind("『", 0, start))
    if opening < 0 or re.search("[」』]", line[opening:start]):
        return False
    closing = re.compile("[」』]").search(line, end)
    return bool(closing and re.match(r".{0,25}?[0-9][0-9,]*(?:円|g\b|kg|ml|L\b|個|本|種|袋|枚|%)", line[closing.end() :]))


def _disjoint(hits: list[Hit]) -> list[Hit]:
    """The surest of overlapping hits, a longer one before a shorter one of like certainty."""
    chosen: list[Hit] = []
    taken = bytearray(max((h.end for h in hits), default=0))
    for hit in sorted(hits, key=lambda h: (-round(h.score, 1), h.start - h.end, h.start)):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            chosen.append(hit)
    return sorted(chosen)
