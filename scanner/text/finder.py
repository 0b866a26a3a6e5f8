"""Finds the words of a long list in a text by prints of how each begins: where none does costs a few vector operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_A, _B, _C = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
_SPARSE = 32  # bits of a table for each beginning in it: so few places of a text pass by chance
Found = list[tuple[int, int, int]]  # number of the word, start, end
Bits = npt.NDArray[np.bool_]


class Prints(NamedTuple):
    """A print of each character of a text, of each with its right neighbour, and of each with two of them."""

    single: npt.NDArray[np.uint32]
    pairs: npt.NDArray[np.uint32]
    triples: npt.NDArray[np.uint32]


def prints_of(text: str) -> Prints:
    """What ``Finder`` asks of a text; worth keeping where several ask."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    single = codes * _A
    pairs = single.copy()
    pairs[:-1] ^= codes[1:] * _B
    triples = pairs.copy()
    triples[:-2] ^= codes[2:] * _C
    return Prints(single, pairs, triples)


class Finder:
    """The words of a list wherever they stand in a text: an automaton's hits, from tables that fit a processor's cache."""

    def __init__(self, words: Sequence[str]) -> None:
        """``words``: without doubles and without empty ones."""
        self.words = tuple(words)
        listed: tuple[dict[int, list[tuple[int, str]]], ...] = ({}, {}, {})  # by the print of the beginning
        for number, word in enumerate(self.words):
            begin = prints_of(word[:3])
            at = listed[min(len(word), 3) - 1]
            at.setdefault(int(begin[min(len(word), 3) - 1][0]), []).append((number, word))
        self._listed = [(size, at, *_table(list(at))) for size, at in enumerate(listed) if at]

    def every(self, text: str, prints: Prints | None = None) -> Found:
        """Every word at every place, also where words overlap; in no order."""
        out: Found = []
        asked = prints or prints_of(text)
        for size, at, table, shift in self._listed:
            begins = asked[size]
            places = table[begins >> shift].nonzero()[0]
            for place, begin in zip(places.tolist(), begins[places].tolist(), strict=True):
                for number, word in at.get(begin, ()):
                    if text.startswith(word, place):
                        out.append((number, place, place + len(word)))
        return out

    def longest(self, text: str, prints: Prints | None = None) -> Found:
        """Words without overlaps: from left to right the longest that begins."""
        out: Found = []
        done = 0
        for found in sorted(self.every(text, prints), key=_leftmost):
            if found[1] >= done:
                done = found[2]
                out.append(found)
        return out


def _leftmost(found: tuple[int, int, int]) -> tuple[int, int]:
    return found[1], -found[2]


def _table(prints: Sequence[int]) -> tuple[Bits, np.uint32]:
    """A table with the bits of some prints set, and by how much a print is shifted to its place."""
    width = max(10, (len(prints) * _SPARSE).bit_length())
    table = np.zeros(1 << width, dtype=np.bool_)
    table[np.array(prints, dtype=np.uint32) >> np.uint32(32 - width)] = True
    return table, np.uint32(32 - width)
