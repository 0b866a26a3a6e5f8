"""Tells in which lines of a text which reader of names can find anything, before a line is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scanner.detect.gazetteer import Names
from scanner.detect.namewords import NAME_KANJI
from scanner.model import Ints
from scanner.text.triggers import Triggers

_PAIR = range(3, 7)  # letters of surname and given name written together
_KANJI, _FIRST, _LAST = 1, 2, 4  # traits of a character: of kanji names, begins a surname, ends a given name


class Gates:
    """One scan of a text for all readers. ``readers``: the patterns of each; ``pairs`` stands for joined names of the gazetteer."""

    def __init__(self, names: Names, readers: Mapping[str, tuple[re.Pattern[str], ...]]) -> None:
        self._names = names
        self.bits = {name: 1 << n for n, name in enumerate((*readers, "pairs"))}
        self._triggers = Triggers(tuple(readers.values()))
        self.always = self._triggers.always
        self._split: dict[str, bool] = {}

    def mask(self, name: str) -> int:
        """The bits of the readers of a name, or of all that it begins: ``told`` for ``told 0``, ``told 1`` …"""
        return sum(bit for key, bit in self.bits.items() if key == name or key.startswith(f"{name} "))

    def lines(self, text: str, starts: Ints, *, pairs: bool) -> dict[int, int]:
        """Number of a line or cell → bits of the readers that may find something in it; lines for none left out.

        ``pairs``: also ask for surname and given name of the gazetteer.
        """
        out = self._triggers.lines(text, starts)
        if self.always:
            out = dict.fromkeys(range(len(starts)), self.always) | out
        if pairs:
            for line in self._paired(text, starts):
                out[line] = out.get(line, self.always) | self.bits["pairs"]
        return out

    @cached_property
    def _traits(self) -> npt.NDArray[np.uint8]:
        """The traits of every code point."""
        table = np.zeros(0x110000, dtype=np.uint8)
        for first, last in re.findall(r"(.)(?:-(.))?", _plain(NAME_KANJI)):
            table[ord(first) : ord(last or first) + 1] |= _KANJI
        for bit, letters in ((_FIRST, {w[0] for w in self._names.surnames}), (_LAST, {w[-1] for w in self._names.given})):
            table[np.fromiter(map(ord, letters), dtype=np.int64)] |= bit
        return table

    def _paired(self, text: str, starts: Ints) -> list[int]:
        """Lines with a run of kanji that is a known surname and given name, joined or parted by a space."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        traits = np.append(self._traits[codes], np.uint8(0))
        inside = (traits & _KANJI).astype(np.int8)
        edges = np.flatnonzero(np.diff(inside, prepend=np.int8(0)))
        begins, ends = edges[0::2], edges[1::2]
        size = ends - begins
        spaced = np.append(codes, 0)[ends] == 32
        joined = (size >= _PAIR.start) & (size < _PAIR.stop) & (traits[ends - 1] & _LAST > 0)
        chosen = np.flatnonzero((joined | spaced) & (traits[begins] & _FIRST > 0))
        found = []
        for a, b, parted in zip(begins[chosen].tolist(), ends[chosen].tolist(), spaced[chosen].tolist(), strict=True):
            run = text[a:b]
            pair = self._split.get(run)
            if pair is None:
                pair = self._joined(run)
            if pair or (parted and run in self._names.surnames):
                found.append(a)
        return list(dict.fromkeys((np.searchsorted(starts, found, side="right") - 1).tolist())) if found else []

    def _joined(self, run: str) -> bool:
        """Whether a run of kanji is a known surname and given name; remembered."""
        if len(self._split) > 50_000:
            self._split.clear()
        pair = self._split[run] = len(run) in _PAIR and self._names.split(run) > 0
        return pair


def _plain(letters: str) -> str:
    """A class of characters with its escapes written out."""
    return re.sub(r"\\[uU]([0-9a-fA-F]{8}|[0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), letters)
