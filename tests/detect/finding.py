"""Shared by the tests of detectors: blocks from text, tables and pairs, arranged by the shipped labels; what is found in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from scanner import resources
from scanner.detect.dates import BirthDateDetector
from scanner.detect.pattern import PatternDetector
from scanner.detect.resolve import resolve
from scanner.detect.rules import load_labels, load_rules
from scanner.model import Block, Cell, Key, Line, Match
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook
from scanner.text.view import Reading, read


@lru_cache(maxsize=1)
def book() -> LabelBook:
    return load_labels(resources.folder("patterns"))


@lru_cache(maxsize=1)
def detectors() -> tuple[PatternDetector, BirthDateDetector]:
    return PatternDetector(load_rules(resources.folder("patterns")), book()), BirthDateDetector()


def arranged(blocks: Sequence[Block]) -> list[Reading]:
    arranger = Arranger(book())
    return [arranger.read(read(b)) for b in blocks]


def matches(readings: Sequence[Reading]) -> list[Match]:
    found = [m for d in detectors() for m in d.detect(readings)]
    assert all(isinstance(m, Match) for m in found)
    return resolve([m for m in found if isinstance(m, Match)], readings)


def named(readings: Sequence[Reading]) -> list[tuple[str, str]]:
    """(entity, raw value) of what stands, in reading order."""
    text = {r.block.index: r.block.text for r in readings}
    return [(m.entity, text[m.block][m.start : m.end]) for m in matches(readings)]


def in_text(text: str) -> list[tuple[str, str]]:
    return named(arranged(list(BlockWriter().text(text, Line(1)))))


def in_table(*rows: Sequence[str]) -> list[tuple[str, str]]:
    listed = [(n, [(c, cell) for c, cell in enumerate(row, 1) if cell]) for n, row in enumerate(rows, 1)]
    return named(arranged(list(BlockWriter().table(listed, Cell("表", 1, 1)))))


def in_pairs(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return named(arranged(list(BlockWriter().pairs([(k, v, 0) for k, v in pairs], Key("")))))
