"""What a text must hold before a pattern can match in it: read off the patterns themselves, found in one pass for many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.model import Ints
from scanner.text.finder import Finder, Prints

_MOST = 800  # strings of one demand
_SET = 40  # characters of a class that may stand in a string
_LONGEST = 8  # characters of a string asked for
_TOO_COMMON, _SECOND = 0.12, 0.012  # a demand met more often in a character of text says too little, alone or beside another
_parser: Any = import_module("re._parser")

Demand = frozenset[str]  # strings of which a match holds at least one


def demands(pattern: re.Pattern[str]) -> tuple[Demand, ...]:
    """The two rarest demands that a match meets, itself or beside it where it looks; () when nothing rare is certain."""
    found = _Reader(cased=not pattern.flags & re.IGNORECASE).sequence(_parser.parse(pattern.pattern, pattern.flags))
    least = {_shortest(d) for d in found if d and "" not in d and "\n" not in "".join(d)}
    usable = sorted((d for d in least if _often(d) <= _TOO_COMMON), key=lambda d: (_often(d), sorted(d)))
    return tuple(d for n, d in enumerate(usable[:2]) if n == 0 or _often(d) <= _SECOND)


def beginnings(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """The characters with which a match can begin; None where they are many."""
    reader = _Reader(cased=not pattern.flags & re.IGNORECASE)
    found = reader.heads(_parser.parse(pattern.pattern, pattern.flags))
    return frozenset(text[0] for text in found) if found else None


def _shortest(demand: Demand) -> Demand:
    """The demand without strings that hold another of its strings."""

    def parts(text: str) -> Iterator[str]:
        return (text[a:b] for a, b in combinations(range(len(text) + 1), 2) if b - a < len(text))

    return frozenset(text for text in demand if not any(part in demand for part in parts(text)))


def _often(demand: Demand) -> float:
    """A rough guess at how often in a character of Japanese text one of the strings begins."""
    return sum(min(map(_share, text)) * (0.1 if text < "一" else 0.25) ** (len(text) - 1) for text in demand)


def _share(c: str) -> float:
    if "ぁ" <= c <= "ん":
        return 0.02
    if c in " 、。":
        return 0.015
    return 0.006 if c.isdigit() else 0.004 if "a" <= c <= "z" else 0.002 if "A" <= c <= "Z" else 0.001


class _Reader:
    """Walks a parsed pattern."""

    def __init__(self, *, cased: bool) -> None:
        self._cased = cased

    def sequence(self, items: Iterable[tuple[Any, Any]]) -> list[Demand]:
        """Every demand of a sequence. Neighbours of which all spellings are known make longer strings."""
        out: list[Demand] = []
        run: Demand = frozenset(("",))
        for op, av in items:
            name = str(op)
            known = self._spellings(name, av)
            if known is not None and len(known) * len(run) <= _MOST and _width(known) + _width(run) <= _LONGEST:
                run = frozenset(a + b for a in run for b in known)
                continue
            out.append(run)
            head = self._head(name, av) if known is None else None
            if head and len(head) * len(run) <= _MOST:
                out.append(frozenset(a + b for a in run for b in head))
            run = known if known is not None else frozenset(("",))
            if known is None:
                out += self._inside(name, av)
                if name == "MAX_REPEAT" and av[0] >= 1:  # its last round stands before what follows
                    run = self._spelt(av[2]) or run
        out.append(run)
        return out

    def _inside(self, name: str, av: Any) -> list[Demand]:
        """The demands of an item that has many spellings."""
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return self.sequence(av[2]) if av[0] >= 1 else []
        if name == "SUBPATTERN":
            return [] if av[1] else self.sequence(av[3])  # flags of its own change what is spelt
        if name == "ASSERT":
            return self.sequence(av[1])
        if name != "BRANCH":
            return []
        each = [[d for d in self.sequence(branch) if "" not in d] for branch in av[1]]
        if not all(each):
            return []
        return [frozenset().union(*(min(found, key=_often) for found in each))]

    def _spellings(self, name: str, av: Any) -> Demand | None:
        """All that an item may match, where that is a short list; "" alone for what takes no room."""
        if name == "LITERAL":
            return self._letters([av])
        if name == "IN":
            return self._class(av)
        if name == "SUBPATTERN":
            return None if av[1] else self._spelt(av[3])
        if name == "BRANCH":
            each = [self._spelt(branch) for branch in av[1]]
            whole: Demand = frozenset().union(*(e for e in each if e is not None))
            return whole if all(e is not None for e in each) and len(whole) <= _MOST else None
        if name in ("MAX_REPEAT", "MIN_REPEAT") and (av[0], av[1]) in ((0, 1), (1, 1)):
            once = self._spelt(av[2])
            return None if once is None else once if av[0] else once | {""}
        return frozenset(("",)) if name in ("AT", "ASSERT_NOT") else None

    def _head(self, name: str, av: Any) -> Demand | None:
        """What an item with many spellings begins with, where that is a short list."""
        if name == "BRANCH":
            each = [self.heads(branch) for branch in av[1]]
            return frozenset().union(*(e for e in each if e)) if all(each) else None
        if name == "SUBPATTERN":
            return None if av[1] else self.heads(av[3])
        return self.heads(av[2]) if name in ("MAX_REPEAT", "MIN_REPEAT") and av[0] >= 1 else None

    def heads(self, items: Iterable[tuple[Any, Any]]) -> Demand | None:
        """What a sequence begins with, where that is a short list."""
        out: Demand = frozenset(("",))
        for op, av in items:
            known = self._spellings(str(op), av)
            more = self._head(str(op), av) if known is None else known
            if not more or len(out) * len(more) > _MOST or _width(out) + _width(more) > _LONGEST:
                break
            out = frozenset(a + b for a in out for b in more)
            if known is None:
                break
        return None if "" in out else out

    def _spelt(self, items: Iterable[tuple[Any, Any]]) -> Demand | None:
        out: Demand = frozenset(("",))
        for op, av in items:
            more = self._spellings(str(op), av)
            if more is None or len(out) * len(more) > _MOST or _width(out) + _width(more) > 2 * _LONGEST:
                return None
            out = frozenset(a + b for a in out for b in more)
        return out

    def _class(self, parts: Sequence[tuple[Any, Any]]) -> Demand | None:
        codes: list[int] = []
        for op, av in parts:
            if str(op) == "LITERAL":
                codes.append(av)
            elif str(op) == "RANGE" and av[1] - av[0] < _SET:
                codes.extend(range(av[0], av[1] + 1))
            else:
                return None
        return self._letters(codes) if len(codes) <= _SET else None

    def _letters(self, codes: Sequence[int]) -> Demand | None:
        letters = frozenset(map(chr, codes))
        return letters if self._cased or all(c.lower() == c.upper() for c in letters) else None


def _width(texts: Demand) -> int:
    return max(map(len, texts))


class Triggers:
    """Asks one text for the demands of many patterns at once. Patterns that demand nothing rare are always worth trying."""

    def __init__(self, groups: Sequence[Iterable[re.Pattern[str]]], beside: Sequence[Iterable[str]] = ()) -> None:
        """``groups``: lists of patterns; bit ``1 << n`` tells that one of the n-th list may match.

        ``beside``: for each group strings of which one must stand in the line too.
        """
        needs: dict[Demand, int] = {}
        asked: list[tuple[int, int]] = []
        self.always = 0
        for n, patterns in enumerate(groups):
            for pattern in patterns:
                wanted = demands(pattern)
                if beside:
                    wanted = (_shortest(frozenset(beside[n])), *wanted[:1])
                if wanted:
                    asked.append((1 << n, sum({1 << needs.setdefault(d, len(needs)) for d in wanted})))
                else:
                    self.always |= 1 << n
        bits: dict[str, int] = {}
        for demand, number in needs.items():
            for text in demand:
                bits[text] = bits.get(text, 0) | 1 << number
        self._asked = tuple(asked)
        words = -(-len(needs) // _WORD) or 1
        self._bits = np.array([_split(b, words) for b in bits.values()], dtype=np.uint64).reshape(len(bits), words)
        self._told: dict[int, int] = {0: self.always}
        self._finder = Finder(tuple(bits))

    def lines(self, text: str, starts: Ints, prints: Prints | None = None) -> dict[int, int]:
        """Number of a line (or cell) → the groups of which a pattern may match in it; lines with no more than ``always`` left out.

        ``starts``: where lines begin. A pattern is looked for within a line.
        """
        numbers, places = self._finder.places(text, prints)
        if not len(numbers):
            return {}
        line = np.searchsorted(starts, places, side="right") - 1
        order = np.argsort(line, kind="stable")
        line = line[order]
        firsts = np.flatnonzero(np.concatenate(([True], line[1:] != line[:-1])))
        met = np.bitwise_or.reduceat(self._bits[numbers[order]], firsts, axis=0)
        return {
            n: groups
            for n, bits in zip(line[firsts].tolist(), _whole(met), strict=True)
            if (groups := self._groups(bits)) != self.always
        }

    def groups(self, text: str, prints: Prints | None = None) -> int:
        """The groups of which a pattern may match somewhere in the text."""
        numbers, _ = self._finder.places(text, prints)
        if not len(numbers):
            return self.always
        return self._groups(_whole(np.bitwise_or.reduce(self._bits[numbers], axis=0)[None])[0])

    def _groups(self, bits: int) -> int:
        told = self._told.get(bits)
        if told is None:
            if len(self._told) > 20_000:
                self._told = {0: self.always}
            told = self.always
            for group, wanted in self._asked:
                if bits & wanted == wanted:
                    told |= group
            self._told[bits] = told
        return told


_WORD = 64  # bits


def _split(bits: int, words: int) -> list[int]:
    """A set of bits in words, the lowest first."""
    return [bits >> n * _WORD & (1 << _WORD) - 1 for n in range(words)]


def _whole(words: npt.NDArray[np.uint64]) -> list[int]:
    """Rows of words as whole sets of bits."""
    out: list[int] = words[:, 0].tolist()
    for n in range(1, words.shape[1]):
        out = [low | high << n * _WORD for low, high in zip(out, words[:, n].tolist(), strict=True)]
    return out
