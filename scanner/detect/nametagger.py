"""The trained name tagger in running text: which lines it is asked about, what of its answers counts, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from scanner.detect import gazetteer
from scanner.detect.namelexis import Hit, Lexis
from scanner.detect.namenet import Floats, NameNet
from scanner.detect.namespans import spans
from scanner.detect.namewords import (
    HIRAGANA,
    KATAKANA,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    ORGANISATION,
    TITLE,
    TITLES,
)
from scanner.detect.tagger import Tagger, Word
from scanner.model import PersonRole

WEIGHTS = Path("names") / "tagger" / "weights.npz"
_LONGEST = 160  # words that are read at once
_ALONE = 0.8  # of the value of a single word in Latin letters
LEAST = 0.45  # of the network's value; a name less likely is not reported
_WRITTEN = re.compile(rf"[{NAME_KANJI}{KATAKANA}{HIRAGANA}A-Za-zÀ-ɏ・=.,'& -]{{1,40}}")
_NEVER = re.compile(
    r"(?:令和|平成|昭和|大正|明治).*|[一二三四五六七八九十百千]+|[ぁ-んァ-ヴー]|[^a-zA-Z]?[A-Za-z]{1,2}|[A-Z]{2,6}", re.S
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_FOREIGN = re.compile(
    r"(?:[A-ZÀ-Þ](?:[a-zß-ÿ'’]+|\.|(?=[ -])|[A-Z]+)|Mc[A-Z][a-z]+|[Dd]'[A-Z][a-z]+|d[eai]|v[ao]n|der|la|le|al|III?|IV|[ &.-])+"
)
_CODE = re.compile(r"[\w\[\]{}<>=/\\@#$\"'`~|*+]", re.A)
_SPOKEN = re.compile("[ぁ-ん]")  # a line without is no prose


class NameTagger(Lexis):
    """Persons among the words of lines. Made once in a worker by ``name_tagger``."""

    def __init__(self, models: Path, tagger: Tagger) -> None:
        super().__init__(gazetteer.names(models), tagger)
        self._sudachi = tagger
        self._net = NameNet(models / WEIGHTS, self.names, gazetteer.towns(models))

    def read(self, lines: Sequence[str]) -> Iterator[tuple[int, Hit]]:
        """The number of the line and a name in it, for all lines at once. Scores are calibrated."""
        asked = [(n, line, self._sudachi.words(line)) for n, line in enumerate(lines) if _SPOKEN.search(line)]
        told = likely(self._net, self._sudachi, [(line, words) for _, line, words in asked])
        for (n, line, words), shares in zip(asked, told, strict=True):
            for start, end, value in spans(words, shares, LEAST):
                hit = self._hit(line, start, end, value)
                if hit is not None:
                    yield n, hit

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
        if role is None and after is not None:
            role = TITLES[after.group()]
        if role in (None, PersonRole.UNKNOWN):
            role = self._role_before(line, start) or PersonRole.UNKNOWN
        return Hit(start, end, round(self._net.sure(value), 2), "tagger", role or PersonRole.UNKNOWN)


def _written_latin(line: str, start: int, end: int, value: float) -> bool:
    """Whether a name in Latin letters stands among Japanese words, written as names are: commands and variables do not."""
    name = line[start:end]
    if not _FOREIGN.fullmatch(name) or (" " not in name and value < _ALONE):
        return False
    return not (_CODE.match(line, end) or (start and _CODE.match(line[start - 1])))


def likely(net: NameNet, tagger: Tagger, lines: Sequence[tuple[str, Sequence[Word]]]) -> list[Floats]:
    """For each line a row for each word: that it begins a name, that it continues one. Lines are read sentence by sentence."""
    net.forget()
    pieces: list[list[int]] = []
    for line, words in lines:
        numbers = [net.number(line[w.start : w.end], w.sort, tagger) for w in words]
        pieces += _sentences(numbers, line, words)
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
    if "。" not in line and len(words) <= _LONGEST:
        if numbers:
            yield numbers
        return
    first = 0
    for n, word in enumerate(words, 1):
        full = line[word.end - 1] == "。" and line[word.end : word.end + 1] not in ("」", "』", ")")
        if full or n - first >= _LONGEST or n == len(words):
            yield numbers[first:n]
            first = n


@lru_cache(maxsize=2)
def name_tagger(models: Path) -> NameTagger | None:
    """The tagger of this process with the weights in ``models``, None where there are none. Raises ImportError."""
    from scanner.detect.tagger import tagger

    return NameTagger(models, tagger()) if (models / WEIGHTS).exists() else None
