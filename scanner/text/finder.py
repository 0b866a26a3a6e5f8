"""Finds the words of long lists in a text by prints of how each begins: one pass of vector operations for every list there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

_FACTORS = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D))  # of the first, second and third character
_SPARSE = 32  # bits of a table for each beginning in it: so few places of a text pass by chance
_EIGHTH, _SEVEN, _ONE = np.uint32(3), np.uint32(7), np.uint8(1)  # a bit of a byte
_BITS = np.uint64(21)  # of a code point
Found = list[tuple[int, int, int]]  # number of the word, start, end
Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
_NOTHING: Numbers = np.zeros(0, dtype=np.int64)


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _prints(codes: Codes) -> tuple[Codes, Codes, Codes]:
    """A print of each character of a text, of each with its right neighbour, and of each with two of them."""
    single = codes * _FACTORS[0]
    pairs = single.copy()
    pairs[:-1] ^= codes[1:] * _FACTORS[1]
    triples = pairs.copy()
    triples[:-2] ^= codes[2:] * _FACTORS[2]
    return single, pairs, triples


def _beyond(codes: Codes, places: Numbers) -> Codes:
    """The characters at ascending places; NUL past the end of the text."""
    if not len(places) or places[-1] < len(codes):
        return codes[places]
    inside = int(np.searchsorted(places, len(codes)))
    return np.concatenate((codes[places[:inside]], np.zeros(len(places) - inside, dtype=np.uint32)))


def _keys(codes: Codes, places: Numbers, size: int) -> Keys:
    """So many characters, three at most, from each of ascending places on as one number."""
    out = codes[places].astype(np.uint64)
    for n in range(1, size):
        out <<= _BITS
        out |= _beyond(codes, places + n)
    return out


class _Step:
    """From beginnings of words, as numbers, to their places in a sorted list, and the words that end there."""

    def __init__(self, keys: Keys, size: int, mine: list[tuple[int, str]]) -> None:
        """``size``: the characters of each beginning; ``keys``: of ``mine``, number and word."""
        self._keys, group = np.unique(keys, return_inverse=True)
        self._whole = np.full(len(self._keys), -1, dtype=np.int64)
        longer: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for at, (number, word) in zip(group.tolist(), mine, strict=True):
            if len(word) == size:
                self._whole[at] = number
            else:
                longer[at].append((number, word))
        self.longer = dict(longer)
        self._has_longer = np.zeros(len(self._keys), dtype=np.bool_)
        self._has_longer[list(longer)] = True

    def take(self, keys: Keys, places: Numbers) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
        """Words that end here, with the places where they begin; beginnings of longer ones, with theirs."""
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        real = (self._keys[at] == keys).nonzero()[0]
        at, places = at[real], places[real]
        numbers = self._whole[at]
        whole = (numbers >= 0).nonzero()[0]
        more = self._has_longer[at].nonzero()[0] if self.longer else _NOTHING
        return (numbers[whole], places[whole]), (at[more], places[more])


class _Beginning:
    """The words of one, of two, or of three and more characters: by what they begin with."""

    def __init__(self, size: int, mine: list[tuple[int, str]]) -> None:
        self.size = size
        codes = codes_of("".join(word[:size] for _, word in mine))
        firsts = np.arange(len(mine)) * size
        self._first = _Step(_keys(codes, firsts, size), size, mine)
        fours = [(at, number, word) for at, listed in self._first.longer.items() for number, word in listed]
        self._fourth = _Step(
            np.array([at << int(_BITS) | ord(word[size]) for at, _, word in fours], dtype=np.uint64),
            size + 1,
            [(number, word) for _, number, word in fours],
        )
        width = max(10, (len(mine) * _SPARSE).bit_length())
        self._shift = np.uint32(32 - width)
        known = np.zeros(1 << width, dtype=np.bool_)
        known[_prints(codes)[size - 1][::size] >> self._shift] = True
        self._table = np.packbits(known, bitorder="little")  # eight in a byte: it fits a processor's nearest cache

    def places(self, text: str, codes: Codes, prints: Codes) -> Iterator[tuple[Numbers, Numbers]]:
        """Numbers of words and where they begin."""
        asked = prints >> self._shift
        bits = self._table.take(asked >> _EIGHTH)
        bits >>= (asked & _SEVEN).astype(np.uint8)
        bits &= _ONE
        places = bits.nonzero()[0]
        whole, (at, places) = self._first.take(_keys(codes, places, self.size), places)
        yield whole
        if not len(at):
            return
        whole, (at, places) = self._fourth.take(at.astype(np.uint64) << _BITS | _beyond(codes, places + self.size), places)
        yield whole
        longer = self._fourth.longer
        found = [
            (number, place)
            for group, place in zip(at.tolist(), places.tolist(), strict=True)
            for number, word in longer[group]
            if text.startswith(word, place)
        ]
        if found:
            both = np.array(found, dtype=np.int64)
            yield both[:, 0], both[:, 1]


class _Tables:
    """The beginnings of words, by one, two and three characters: which prints there are, and the words that begin so."""

    def __init__(self, words: Sequence[str]) -> None:
        self.lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        self._listed = []
        for size in (1, 2, 3):
            mine = [(number, word) for number, word in enumerate(words) if (len(word) == size if size < 3 else len(word) >= size)]
            if mine:
                self._listed.append(_Beginning(size, mine))

    def places(self, text: str, codes: Codes) -> tuple[Numbers, Numbers]:
        """Every word at every place: the numbers of the words and where each begins; in no order."""
        prints = _prints(codes)
        parts = [part for listed in self._listed for part in listed.places(text, codes, prints[listed.size - 1])]
        if not parts:
            return _NOTHING, _NOTHING
        return np.concatenate([numbers for numbers, _ in parts]), np.concatenate([places for _, places in parts])


class Pool:
    """The lists of words that are looked for in the same texts."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, ...], int] = {}
        self._tables: _Tables | None = None
        self._own: list[Numbers] = []

    def join(self, words: tuple[str, ...]) -> int:
        """The number of a list, which is the same for equal lists."""
        number = self._lists.get(words)
        if number is None:
            number = self._lists[words] = len(self._lists)
            self._tables = None
        return number

    def search(self, text: str, codes: Codes) -> list[tuple[Numbers, Numbers]]:
        """What of each list stands in a text: numbers in the list, and places."""
        if self._tables is None:
            self._tables = self._joined()
        numbers, places = self._tables.places(text, codes)
        out = []
        for own in self._own:
            mine = own[numbers]
            held = mine >= 0
            out.append((mine[held], places[held]))
        return out

    def _joined(self) -> _Tables:
        every: dict[str, int] = {}
        for words in self._lists:
            for word in words:
                every.setdefault(word, len(every))
        self._own = [np.full(len(every), -1, dtype=np.int64) for _ in self._lists]
        for own, words in zip(self._own, self._lists, strict=True):
            for n, word in enumerate(words):
                own[every[word]] = n
        return _Tables(tuple(every))


_POOL = Pool()  # of this process: rules, labels and gazetteers are loaded once


class Prints:
    """A text in which several ``Finder`` look: searched once for all of them."""

    __slots__ = ("_codes", "_found", "_pool", "text")

    def __init__(self, text: str, pool: Pool = _POOL) -> None:
        self.text = text
        self._pool = pool
        self._codes: Codes | None = None
        self._found: list[tuple[Numbers, Numbers]] = []

    @property
    def codes(self) -> Codes:
        """The code points of the text."""
        if self._codes is None:
            self._codes = codes_of(self.text)
        return self._codes

    def of(self, finder: Finder) -> tuple[Numbers, Numbers]:
        """What of a finder's list stands in the text: numbers and places; in no order."""
        number = finder.joined(self._pool)
        if number >= len(self._found):
            self._found = self._pool.search(self.text, self.codes)
        return self._found[number]


class Finder:
    """The words of a list wherever they stand in a text: an automaton's hits, from tables that fit a processor's cache."""

    def __init__(self, words: Sequence[str]) -> None:
        """``words``: without doubles and without empty ones."""
        self.words = tuple(words)
        self.lengths = np.fromiter(map(len, self.words), dtype=np.int64, count=len(self.words))
        self._own: _Tables | None = None
        self._joined: tuple[Pool, int] | None = None

    def joined(self, pool: Pool) -> int:
        """The number of the list in a pool."""
        if self._joined is None or self._joined[0] is not pool:
            self._joined = pool, pool.join(self.words)
        return self._joined[1]

    def places(self, text: str, prints: Prints | None = None) -> tuple[Numbers, Numbers]:
        """Every word at every place: its number, and where it begins; in no order. ``prints``: of the text, if others look too."""
        if prints is not None:
            return prints.of(self)
        if self._own is None:
            self._own = _Tables(self.words)
        return self._own.places(text, codes_of(text))

    def every(self, text: str, prints: Prints | None = None) -> Found:
        """Every word at every place, also where words overlap; in no order."""
        numbers, starts = self.places(text, prints)
        return list(zip(numbers.tolist(), starts.tolist(), (starts + self.lengths[numbers]).tolist(), strict=True))

    def longest(self, text: str, prints: Prints | None = None) -> Found:
        """Words without overlaps: from left to right the longest that begins."""
        numbers, starts = self.places(text, prints)
        ends = starts + self.lengths[numbers]
        order = np.lexsort((-ends, starts))
        out: Found = []
        done = 0
        for found in zip(numbers[order].tolist(), starts[order].tolist(), ends[order].tolist(), strict=True):
            if found[1] >= done:
                done = found[2]
                out.append(found)
        return out
