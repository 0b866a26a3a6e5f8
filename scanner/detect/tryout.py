"""Runs rules over a short text, as ``rules test`` and the tests of the examples do."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scanner.detect.pattern import PatternDetector
from scanner.detect.rules import Rule, check_examples
from scanner.model import Line, Match
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook
from scanner.text.view import read


def finder(detector: PatternDetector, book: LabelBook) -> Callable[[str], list[tuple[str, int, int]]]:
    """A function from a text to (rule id, raw start, raw end) of everything the detector finds in it."""

    def found(text: str) -> list[tuple[str, int, int]]:
        arranger = Arranger(book)
        out: list[tuple[str, int, int]] = []
        for block in BlockWriter().text(text, Line(1)):
            for match in detector.detect([arranger.read(read(block))]):
                if isinstance(match, Match):
                    out.append((match.rule, match.start, match.end))
        return out

    return found


def failures(rules: Iterable[Rule], book: LabelBook, among: Iterable[Rule] = ()) -> list[str]:
    """What is wrong with the examples of the rules, tried together with the others: a sentence for each failure."""
    rules = tuple(rules)
    every = {r.id: r for r in (*among, *rules)}
    return list(check_examples(rules, finder(PatternDetector(every.values(), book), book)))
