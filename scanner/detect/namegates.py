"""Tells in which lines of a text which reader of names can find anything, before a line is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scanner.detect.gazetteer import Names
from scanner.detect.namepaired import joined
from scanner.detect.namewords import KATAKANA, NAME_KANJI
from scanner.model import Ints
from scanner.text.finder import Prints
from scanner.text.triggers import Triggers

_PAIR = range(3, 7)  # letters of surname and given name written together
_KANJI, _FIRST, _LAST, _KANA = 1, 2, 4, 8  # traits of a character: of kanji names, begins a surname, ends a given name, katakana
_SHAPES = ("letters", "told 5")  # readers of what no string announces: kanji each apart, two words in katakana


class Gates:
    """One scan of a text for all readers. ``readers``: the patterns of each; ``pairs`` stands for joined names of the gazetteer."""

    def __init__(self, names: Names, readers: Mapping[str, tuple[re.Pattern[str], ...]]) -> None:
        self._names = names
        self.bits = {name: 1 << n for n, name in enumerate((*readers, "pairs"))}
        self._shapes = [self.bits.get(name, 0) for name in _SHAPES]
        self._triggers = Triggers([() if name in _SHAPES else patterns for name, patterns in readers.items()])
        self.always = self._triggers.always
        self._joined: dict[str, bool] = {}

    def mask(self, name: str) -> int:
        """The bits of the readers of a name, or of all that it begins: ``told`` for ``told 0``, ``told 1`` …"""
        return sum(bit for key, bit in self.bits.items() if key == name or key.startswith(f"{name} "))

    def lines(self, text: str, starts: Ints, *, pairs: bool, prints: Prints | None = None) -> dict[int, int]:
        """Number of a line or cell → bits of the readers that may find something in it; lines for none left out.

        ``pairs``: also ask for surname and given name of the gazetteer.
        """
        out = self._triggers.lines(text, starts, prints)
        if self.always:
            out = dict.fromkeys(range(len(starts)), self.always) | out
        places = self._shaped(text, pairs=pairs)
        for line, bit in zip(_lines(starts, [a for a, _ in places]), (bit for _, bit in places), strict=True):
            out[line] = out.get(line, self.always) | bit
        return out

    @cached_property
    def _traits(self) -> npt.NDArray[np.uint8]:
        """The traits of every code point."""
        table = np.zeros(0x110000, dtype=np.uint8)
        for bit, letters in ((_KANJI, _plain(NAME_KANJI)), (_KANA, KATAKANA)):
            for first, last in re.findall(r"(.)(?:-(.))?", letters):
                table[ord(first) : ord(last or first) + 1] |= bit
        for bit, ends in ((_FIRST, {w[0] for w in self._names.surnames}), (_LAST, {w[-1] for w in self._names.given})):
            table[np.fromiter(map(ord, ends), dtype=np.int64)] |= bit
        return table

    def _shaped(self, text: str, *, pairs: bool) -> list[tuple[int, int]]:
        """(position, bit of the reader) of names that show by their letters alone."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        traits = self._traits[codes]
        found = self._pairs(text, codes, traits) if pairs else []
        if " " in text:
            space, kanji, kana = codes == 32, traits & _KANJI > 0, traits & _KANA > 0
            letters = kanji[:-4] & space[1:-3] & kanji[2:-2] & space[3:-1] & kanji[4:]
            apart = kana[:-2] & space[1:-1] & kana[2:]
            found += [
                (n, bit) for where, bit in zip((letters, apart), self._shapes, strict=True) for n in np.flatnonzero(where).tolist()
            ]
        return found

    def _pairs(self, text: str, codes: npt.NDArray[np.uint32], traits: npt.NDArray[np.uint8]) -> list[tuple[int, int]]:
        """Runs of kanji that are a known surname and given name, joined or parted by a space."""
        inside = np.zeros(len(traits) + 2, dtype=np.bool_)
        inside[1:-1] = traits & _KANJI
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        begins, ends = edges[0::2], edges[1::2]
        size = ends - begins
        fits = (size >= _PAIR.start) & (size < _PAIR.stop) & (traits[ends - 1] & _LAST > 0)
        spaced = np.append(codes, np.uint32(0))[ends] == 32
        chosen = (traits[begins] & _FIRST > 0) & (fits | spaced)
        found = []
        bit, known, surnames = self.bits["pairs"], self._joined, self._names.surnames
        for a, b, parted in zip(begins[chosen].tolist(), ends[chosen].tolist(), spaced[chosen].tolist(), strict=True):
            run = text[a:b]
            pair = known.get(run)
            if pair is None:
                pair = self._ask(run)
            if pair or (parted and run in surnames):
                found.append((a, bit))
        return found

    def _ask(self, run: str) -> bool:
        """Whether a run of kanji is a known surname and given name; remembered."""
        if len(self._joined) > 50_000:
            self._joined.clear()
        pair = self._joined[run] = joined(self._names, run) > 0
        return pair


def _lines(starts: Ints, places: list[int]) -> list[int]:
    found: list[int] = (np.searchsorted(starts, places, side="right") - 1).tolist() if places else []
    return found


def _plain(letters: str) -> str:
    """A class of characters with its escapes written out."""
    return re.sub(r"\\[uU]([0-9a-fA-F]{8}|[0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), letters)
