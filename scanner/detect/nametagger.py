"""The trained name tagger in running text: which lines it is asked about, what of its answers counts, and how sure that is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scanner.detect import gazetteer
from scanner.detect.namelexis import Hit, Lexis
from scanner.detect.namenet import Floats, NameNet
from scanner.detect.namespans import spans
from scanner.detect.namewords import (
    HIRAGANA,
    HISTORY,
    KATAKANA,
    NAME_KANJI,
    NOT_AFTER,
    NOT_BEFORE_HONORIFIC,
    ORGANISATION,
    TITLE,
    TITLES,
)
from scanner.detect.tagger import Tag, Tagger, Word
from scanner.model import PersonRole

_end = attrgetter("end")
WEIGHTS = Path("names") / "tagger" / "weights.npz"
_LONGEST = 160  # words that are read at once
_ALONE = 0.8  # of the value of a single word in Latin letters, and of a single character
_CERTAIN = 0.99  # of the value of a place's name before a branch of a company, whose head is meant
_SURE = 0.95  # of the value of a name before what mostly makes it a place or a company
LEAST = 0.65  # of the network's value: nine in ten of those not shown to it were right from here; a less likely one is not told
_WRITTEN = re.compile(rf"[{NAME_KANJI}{KATAKANA}{HIRAGANA}A-Za-zÀ-ɏ・=.,'& -]{{1,40}}(?:[0-9]{{1,2}}世)?")
_NEVER = re.compile(
    r"(?:令和|平成|昭和|大正|明治).*|[一二三四五六七八九十百千]+|[ぁ-んァ-ヴー]|[^a-zA-Z]?[A-Za-z]{1,2}|[A-Z]{2,6}", re.S
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_FOREIGN = re.compile(
    r"(?:[A-ZÀ-Þ](?:[a-zß-ÿ'’]+|\.|(?=[ -])|[A-Z]+)|Mc[A-Z][a-z]+|[Dd]'[A-Z][a-z]+|d[eai]|v[ao]n|der|la|le|al|III?|IV|[ &.-])+"
)
_INITIALS = re.compile(rf"(?:[A-Z]{{1,2}}\.?|[{KATAKANA}]+)(?:[・= ]?(?:[A-Z]\.?|[{KATAKANA}]+))+")  # ジョン・F・ケネディ
_FULL_STOP = re.compile("。(?![」』)])")
_CODE = re.compile(r"[\w\[\]{}<>=/\\@#$\"'`~|*+]", re.A)
_KANJI_ONLY = re.compile(rf"[{NAME_KANJI}]+")
_WIDE, _WIDER = re.compile(r"\S(?: \S)+"), re.compile(rf" +[{NAME_KANJI}](?: |$)")  # half of a name whose letters are set wide
_MIXED = re.compile(rf"[{NAME_KANJI}]+[{KATAKANA}]{{2,}}")  # 渡辺パイプ; 渡辺マリ where it is sure
_ROW = re.compile(rf"[{NAME_KANJI} ]+(?:・[{NAME_KANJI} ]+)+")
_GOES_ON = re.compile(rf"[{KATAKANA}]{{2}}|方|の[橋里池滝丘森浜港街町村駅湯城跡]")
_HOUSES = re.compile("徳川|豊臣|羽柴|織田信|足利|武田信玄|上杉謙信|北条[早氏時政義泰]|明智光秀|毛利[元輝]|伊達政宗|島津[斉久義]")
_RANK = re.compile("[長議知統臣将佐尉公王帝]")
_SPOKEN = re.compile("[はがをにのへとでもや][^ぁ-ん]|ます|です|より|から|。")  # a line without is no prose


class Told(NamedTuple):
    """What the tagger says of a line: the names in it, and for each word that it belongs to one."""

    hits: list[Hit]
    words: Sequence[Word]
    shares: Floats

    def value(self, start: int, end: int) -> float:
        """The highest value among the words that a range of the line touches, 0..1."""
        touched = [n for n, w in enumerate(self.words) if w.start < end and w.end > start]
        return float(self.shares[touched].sum(axis=1).max()) if touched else 0.0


class NameTagger(Lexis):
    """Persons among the words of lines. Made once in a worker by ``name_tagger``."""

    def __init__(self, models: Path, tagger: Tagger) -> None:
        super().__init__(gazetteer.names(models), tagger)
        self._sudachi = tagger
        self._net = NameNet(models / WEIGHTS, self.names, gazetteer.towns(models))

    def read(self, lines: Sequence[str]) -> list[Told | None]:
        """What is said of each of the lines, all asked at once; None of a line that is no prose. Scores are calibrated."""
        out: list[Told | None] = [None] * len(lines)
        asked = [(n, line, self._sudachi.words(line)) for n, line in enumerate(lines) if _SPOKEN.search(line)]
        told = likely(self._net, self._sudachi, [(line, words) for _, line, words in asked])
        for (n, line, words), shares in zip(asked, told, strict=True):
            ranges = ((a, b, value) for a, b, value in spans(words, shares, LEAST))
            hits = (self._hit(line, a, b, value) for first, last, value in ranges for a, b in _listed(line, first, last))
            out[n] = Told([hit for hit in hits if hit is not None], words, shares)
        return out

    def _hit(self, line: str, start: int, end: int, value: float) -> Hit | None:
        titled = TITLE.search(line, start, end)
        role = None
        if titled and titled.end() == end and titled.start() > start:  # a title taken into the name
            role, end = TITLES[titled.group()], titled.start()
        while end > start and line[end - 1] in " ・":
            end -= 1
        name = line[start:end]
        if not _WRITTEN.fullmatch(name) or _NEVER.fullmatch(name) or name in NOT_BEFORE_HONORIFIC or ORGANISATION.search(name):
            return None
        if _LATIN.search(name) and not _written_latin(line, start, end, value):
            return None
        after = TITLE.match(line, end) or TITLE.match(line, end + 1)
        past = self._past(line, start, end)
        if past is None or (role is None and self._other(line, start, end, value, titled=after is not None)):
            return None
        if role is None and after is not None:
            role = TITLES[after.group()]
        if role in (None, PersonRole.UNKNOWN):
            role = self._role_before(line, start) or PersonRole.UNKNOWN
        return Hit(start, end, round(self._net.sure(value), 2), "history" if past else "tagger", role or PersonRole.UNKNOWN)

    def _past(self, line: str, start: int, end: int) -> bool | None:
        """Whether a line about the past names one of those that ruled, or a clan; None where a house is meant."""
        ruled, after = _HOUSES.match(line, start, end) is not None, line[end : end + 1]
        if not (ruled or after in ("氏", "家")) or not HISTORY.search(line):
            return False
        return None if after == "家" else True

    def _other(self, line: str, start: int, end: int, value: float, *, titled: bool) -> bool:
        """Whether a name is rather that of a place, a company or a thing."""
        name = line[start:end]
        place = Tag.PLACE in self._sudachi.kinds(name)
        if titled:
            return place and value < _CERTAIN and _thing(line, end)
        if value < _ALONE and (len(name) == 1 or place):
            return True
        if _WIDE.fullmatch(name) and _WIDER.match(line, end):
            return True
        if value < _SURE and _MIXED.fullmatch(name):
            return True
        return value < _SURE and (_thing(line, end) or bool(_KANJI_ONLY.fullmatch(name) and _GOES_ON.match(line, end)))


def _listed(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names of 伊達・白水; ジョン・スミス is one."""
    if "・" not in line[start:end] or not _ROW.fullmatch(line, start, end):
        return [(start, end)]
    return [part.span() for part in re.compile("[^・]+").finditer(line, start, end)]


def _thing(line: str, end: int) -> bool:
    """Whether what follows makes of a name that of a place or a company: 市, but not 市長."""
    after = NOT_AFTER.match(line, end)
    return after is not None and (after.end() - end > 1 or not _RANK.match(line, after.end()))


def _written_latin(line: str, start: int, end: int, value: float) -> bool:
    """Whether a name in Latin letters stands among Japanese words, written as names are: commands and variables do not."""
    name = line[start:end]
    if _INITIALS.fullmatch(name):
        return value >= _ALONE
    if not _FOREIGN.fullmatch(name) or (" " not in name and value < _ALONE):
        return False
    return not (_CODE.match(line, end) or (start and _CODE.match(line[start - 1])))


def likely(net: NameNet, tagger: Tagger, lines: Sequence[tuple[str, Sequence[Word]]]) -> list[Floats]:
    """For each line a row for each word: that it begins a name, that it continues one. Lines are read sentence by sentence."""
    net.forget()
    pieces: list[list[int]] = []
    for line, words in lines:
        pieces += _sentences(net.numbers(line, words, tagger), line, words)
    told = iter(net.likely(pieces))
    out = []
    for _, words in lines:
        shares, left = [], len(words)
        while left:
            shares.append(next(told))
            left -= len(shares[-1])
        out.append(shares[0] if len(shares) == 1 else np.concatenate([np.zeros((0, 2), dtype=np.float32), *shares]))
    return out


def _sentences(numbers: list[int], line: str, words: Sequence[Word]) -> Iterator[list[int]]:
    first = 0
    for stop in _FULL_STOP.finditer(line):
        last = bisect_left(words, stop.end(), first, key=_end) + 1
        yield from (numbers[n : min(n + _LONGEST, last)] for n in range(first, last, _LONGEST))
        first = last
    yield from (numbers[n : n + _LONGEST] for n in range(first, len(words), _LONGEST))


@lru_cache(maxsize=2)
def name_tagger(models: Path) -> NameTagger | None:
    """The tagger of this process with the weights in ``models``, None where there are none. Raises ImportError."""
    from scanner.detect.tagger import tagger

    return NameTagger(models, tagger()) if (models / WEIGHTS).exists() else None
