"""The open corpora that the name tagger is trained on, read where they lie; see README.md for where they come from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scanner.model import Line
from scanner.text.blocks import BlockWriter
from scanner.text.view import read

PERSON, ORGANISATION, PLACE, OTHER, IGNORED = "person", "organisation", "place", "other", "ignored"
KINDS = {
    "人名": PERSON, "PERSON": PERSON, "PET_NAME": IGNORED, "OPTIONAL": IGNORED,
    "法人名": ORGANISATION, "政治的組織名": ORGANISATION, "その他の組織名": ORGANISATION,
    "ORG": ORGANISATION, "ORGANIZATION": ORGANISATION,
    "地名": PLACE, "施設名": PLACE, "GPE": PLACE, "LOC": PLACE, "LOCATION": PLACE, "FAC": PLACE,
    "製品名": OTHER, "イベント名": OTHER, "PRODUCT": OTHER, "NORP": OTHER, "WORK_OF_ART": OTHER, "EVENT": OTHER, "ARTIFACT": OTHER,
}  # fmt: skip
NOBODY = "nobody"  # a range without a person, of which nothing else is known
CLEAN = ("fp_law", "fp_libreoffice_help")
SETS = ("ner_wikipedia", "ud_gsd_ne_train", "ud_gsd_ne_dev", "wikipedia_annotated")
PARTS = 4  # of what is learnt from: what a network is worth is seen on the part that it was not shown
_SENTENCE = re.compile(r"[^\n]+?(?:。(?![」』)])|(?=\n)|$)")


class Sentence(NamedTuple):
    """A line in the folded form, its marked ranges (start, end, kind), its set and its part of what is learnt from."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    source: str
    part: int = -1


def number(identity: str) -> int:
    """What decides a text's fate: divisible by 5 it is the fifth on which figures are published."""
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16)


def sentences(folder: Path, name: str, *, kept: bool = False) -> Iterator[Sentence]:
    """The sentences of one set: the fifth kept aside, or everything else."""
    with (folder / "ner" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            fate = number(row["id"])
            if (fate % 5 == 0) is kept:
                yield from _lines(row["text"].replace("\r\n", "\n").replace("\r", " "), row["spans"], name, fate // 5 % PARTS)


def clean(folder: Path) -> Iterator[Sentence]:
    """Lines of texts that name nobody, but for the fifth kept aside."""
    for name in CLEAN:
        with (folder / "clean" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if number(row["id"]) % 5:
                    for found in _SENTENCE.finditer(read(next(iter(BlockWriter().text(row["text"][:20_000], Line(1))))).text):
                        if found.group().strip():
                            yield Sentence(found.group(), ((0, len(found.group()), NOBODY),), name)


def _lines(text: str, spans: list[tuple[int, int, str]], source: str, part: int) -> Iterator[Sentence]:
    (block,) = list(BlockWriter().text(text, Line(1)))
    reading = read(block)
    at = text.index(block.text)
    marked = [(reading.view(a - at), reading.view(b - at), KINDS[kind]) for a, b, kind in spans if kind in KINDS]
    yield from parted(reading.text, marked, source, part)


def parted(text: str, marked: Sequence[tuple[int, int, str]], source: str, part: int = -1) -> Iterator[Sentence]:
    """The sentences of a text in the folded form, each with the ranges that touch it."""
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        mine = tuple((max(a, start) - start, min(b, end) - start, kind) for a, b, kind in marked if a < end and start < b)
        if found.group().strip():
            yield Sentence(found.group(), mine, source, part)
