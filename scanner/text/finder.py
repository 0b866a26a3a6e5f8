"""Finds the words of long lists in a text by prints of how each begins: one pass of vector operations for every list there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_FACTORS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))  # of the first, second and third character
_SPARSE = 32  # bits of a table for each beginning in it: so few places of a text pass by chance
Found = list[tuple[int, int, int]]  # number of the word, start, end
Ints = npt.NDArray[np.uint32]


def _prints(codes: Ints) -> tuple[Ints, Ints, Ints]:
    """A print of each character of a text, of each with its right neighbour, and of each with two of them."""
    single = codes * _FACTORS[0]
    pairs = single.copy()
    pairs[:-1] ^= codes[1:] * _FACTORS[1]
    triples = pairs.copy()
    triples[:-2] ^= codes[2:] * _FACTORS[2]
    return single, pairs, triples


class _Tables:
    """The beginnings of words, by one, two and three characters: which prints there are, and the words that begin so."""

    def __init__(self, words: Sequence[str]) -> None:
        self._listed = []
        for size in (1, 2, 3):
            mine = [(number, word) for number, word in enumerate(words) if (len(word) == size if size < 3 else len(word) >= size)]
            if not mine:
                continue
            joined = "".join(word[:size] for _, word in mine)
            codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            prints = _prints(codes)[size - 1][::size]
            at: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
            for begin, word in zip(prints.tolist(), mine, strict=True):
                at[begin].append(word)
            width = max(10, (len(at) * _SPARSE).bit_length())
            table = np.zeros(1 << width, dtype=np.bool_)
            table[prints >> np.uint32(32 - width)] = True
            self._listed.append((size - 1, dict(at), table, np.uint32(32 - width)))

    def every(self, text: str) -> Found:
        """Every word at every place; in no order."""
        out: Found = []
        asked = _prints(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
        for size, at, table, shift in self._listed:
            begins = asked[size]
            places = table[begins >> shift].nonzero()[0]
            for place, begin in zip(places.tolist(), begins[places].tolist(), strict=True):
                for number, word in at.get(begin, ()):
                    if text.startswith(word, place):
                        out.append((number, place, place + len(word)))
        return out


class Pool:
    """The lists of words that are looked for in the same texts."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], int] = {}
        self._owners: dict[str, list[tuple[int, int]]] = {}  # word → (list, number in it)
        self._each: list[list[tuple[int, int]]] = []
        self._tables: _Tables | None = None

    def join(self, words: tuple[str, ...]) -> int:
        """The number of a list, which is the same for equal lists."""
        number = self._lists.get(words)
        if number is None:
            number = self._lists[words] = len(self._lists)
            for n, word in enumerate(words):
                self._owners.setdefault(word, []).append((number, n))
            self._tables = None
        return number

    def search(self, text: str) -> list[Found]:
        """What of each list stands in a text."""
        if self._tables is None:
            self._tables = _Tables(tuple(self._owners))
            self._each = list(self._owners.values())
        out: list[Found] = [[] for _ in self._lists]
        for number, start, end in self._tables.every(text):
            for owner, own in self._each[number]:
                out[owner].append((own, start, end))
        return out


_POOL = Pool()  # of this process: rules, labels and gazetteers are loaded once


class Prints:
    """A text in which several ``Finder`` look: searched once for all of them."""

    __slots__ = ("_found", "_pool", "text")

    def __init__(self, text: str, pool: Pool = _POOL) -> None:
        self.text = text
        self._pool = pool
        self._found: list[Found] = []

    def of(self, finder: Finder) -> Found:
        """What of a finder's list stands in the text; in no order."""
        number = finder.joined(self._pool)
        if number >= len(self._found):
            self._found = self._pool.search(self.text)
        return self._found[number]


class Finder:
    """The words of a list wherever they stand in a text: an automaton's hits, from tables that fit a processor's cache."""

    def __init__(self, words: Sequence[str]) -> None:
        """``words``: without doubles and without empty ones."""
        self.words = tuple(words)
        self._own: _Tables | None = None
        self._joined: tuple[Pool, int] | None = None

    def joined(self, pool: Pool) -> int:
        """The number of the list in a pool."""
        if self._joined is None or self._joined[0] is not pool:
            self._joined = pool, pool.join(self.words)
        return self._joined[1]

    def every(self, text: str, prints: Prints | None = None) -> Found:
        """Every word at every place, also where words overlap; in no order. ``prints``: of the text, if others look too."""
        if prints is not None:
            return prints.of(self)
        if self._own is None:
            self._own = _Tables(self.words)
        return self._own.every(text)

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
