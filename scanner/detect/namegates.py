"""Tells in which lines of a text which reader of names can find anything, before a line is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scanner.detect.gazetteer import Names
from scanner.detect.namepaired import before_given, joined
from scanner.detect.namewords import NAME_KANJI
from scanner.model import Ints
from scanner.text.finder import Prints, codes_of
from scanner.text.triggers import Triggers

_PAIR = range(3, 7)  # letters of surname and given name written together
_KANJI, _FIRST, _LAST = 1, 2, 4  # traits: of kanji names, begins a surname, ends a given name; higher ones for classes of shapes
Shape = tuple[str, ...]  # classes of characters, as in brackets of a pattern, that stand one behind the other
Shapes = Mapping[str, tuple[Shape, ...]]  # reader → shapes of which every match holds one


class Gates:
    """One scan of a text for all readers. ``readers``: the patterns of each; ``pairs`` stands for joined names of the gazetteer.

    ``shapes``: of the readers that no string announces.
    """

    def __init__(self, names: Names, readers: Mapping[str, tuple[re.Pattern[str], ...]], shapes: Shapes) -> None:
        self._names = names
        self.bits = {name: 1 << n for n, name in enumerate((*readers, "pairs"))}
        classes = dict.fromkeys(letters for listed in shapes.values() for shape in listed for letters in shape)
        self._classes = {letters: _LAST << n for n, letters in enumerate(classes, 1)}
        self._shapes = [(self.bits[name], shape) for name, listed in shapes.items() for shape in listed]
        self._triggers = Triggers([() if name in shapes else patterns for name, patterns in readers.items()])
        self.always = self._triggers.always

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
        places = self._shaped(text, prints, pairs=pairs)
        for line, bit in zip(_lines(starts, [a for a, _ in places]), (bit for _, bit in places), strict=True):
            out[line] = out.get(line, self.always) | bit
        return out

    @cached_property
    def _traits(self) -> npt.NDArray[np.uint16]:
        """The traits of every code point."""
        table = np.zeros(0x110000, dtype=np.uint16)
        for letters, bit in ((NAME_KANJI, _KANJI), *self._classes.items()):
            for first, last in re.findall(r"(.)(?:-(.))?", _plain(letters)):
                table[ord(first) : ord(last or first) + 1] |= bit
        for bit, ends in ((_FIRST, {w[0] for w in self._names.surnames}), (_LAST, {w[-1] for w in self._names.given})):
            table[np.fromiter(map(ord, ends), dtype=np.int64)] |= bit
        return table

    def _shaped(self, text: str, prints: Prints | None, *, pairs: bool) -> list[tuple[int, int]]:
        """(position, bit of the reader) of names that show by their letters alone."""
        codes = codes_of(text) if prints is None else prints.codes
        traits = self._traits.take(codes)
        found = self._pairs(text, codes, traits) if pairs else []
        told: dict[str, npt.NDArray[np.bool_]] = {}
        for bit, shape in self._shapes:
            for letters in shape:
                if letters not in told:
                    told[letters] = traits & self._classes[letters] > 0
            size = len(traits) - len(shape) + 1
            if size > 0:
                here = told[shape[0]][:size] & told[shape[1]][1 : size + 1]
                for n in range(2, len(shape)):
                    here &= told[shape[n]][n : size + n]
                found += [(n, bit) for n in here.nonzero()[0].tolist()]
        return found

    def _pairs(self, text: str, codes: npt.NDArray[np.uint32], traits: npt.NDArray[np.uint16]) -> list[tuple[int, int]]:
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
        bit, names = self.bits["pairs"], self._names
        for a, b, parted in zip(begins[chosen].tolist(), ends[chosen].tolist(), spaced[chosen].tolist(), strict=True):
            run = text[a:b]
            if joined(names, run) or (parted and (run in names.surnames or before_given(names, text, a, b))):
                found.append((a, bit))
        return found


def _lines(starts: Ints, places: list[int]) -> list[int]:
    found: list[int] = (np.searchsorted(starts, places, side="right") - 1).tolist() if places else []
    return found


def _plain(letters: str) -> str:
    """A class of characters with its escapes written out."""
    return re.sub(r"\\[uU]([0-9a-fA-F]{8}|[0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), letters)
