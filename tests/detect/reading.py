"""Readings and detectors of the real label book and gazetteers, for the tests of names and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from scanner.contracts import Detector
from scanner.detect.address import AddressDetector
from scanner.detect.names import NameDetector
from scanner.detect.rules import load_labels
from scanner.model import Block, Cell, Line, Match
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook
from scanner.text.view import Reading, read

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"


@lru_cache(maxsize=1)
def book() -> LabelBook:
    return load_labels(ROOT / "patterns")


@lru_cache(maxsize=3)
def names(profile: str = "standard") -> NameDetector:
    return NameDetector(MODELS, book(), profile)


@lru_cache(maxsize=1)
def addresses() -> AddressDetector:
    return AddressDetector(MODELS, book())


def text_blocks(text: str) -> list[Block]:
    return list(BlockWriter().text(text, Line(1)))


def table_blocks(rows: Sequence[Sequence[str]]) -> list[Block]:
    numbered = [(n, list(enumerate(row, 1))) for n, row in enumerate(rows, 1)]
    return list(BlockWriter().table(numbered, Cell("Sheet1", 1, 1)))


def readings(blocks: Iterable[Block]) -> list[Reading]:
    arranger = Arranger(book())
    return [arranger.read(read(block)) for block in blocks]


def matches(detector: Detector, blocks: list[Block]) -> list[tuple[str, Match]]:
    """(raw text, match) in order; a problem fails the test."""
    found = []
    for item in detector.detect(readings(blocks)):
        assert isinstance(item, Match)
        found.append((blocks[item.block].text[item.start : item.end], item))
    return sorted(found, key=lambda f: (f[1].block, f[1].start))


def found(detector: Detector, blocks: list[Block], entity: str = "") -> list[str]:
    """Raw texts of the matches that are no specimens."""
    return [text for text, m in matches(detector, blocks) if not m.sample and (not entity or m.entity == entity)]
