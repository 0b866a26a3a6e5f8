"""Finds postal addresses: in columns and fields that announce them, and in running text from prefecture, city or town on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scanner.detect.addressforms import Forms
from scanner.detect.addresspostal import Postal
from scanner.detect.addressprose import Prose
from scanner.detect.namewords import SAMPLE_CUE
from scanner.detect.places import Found, Places
from scanner.model import Match
from scanner.problems import Problem
from scanner.text.labels import LabelBook
from scanner.text.view import Reading

_DOMICILE = re.compile(r"本 *籍 *地?[ :]*(?:\n[ ]*)?$")


class AddressDetector:
    """Addresses of people (``address``) and of organisations (``business_address``). The gazetteer is loaded at the first call."""

    name = "address"

    def __init__(self, models_dir: Path, book: LabelBook) -> None:
        self.places = Places(models_dir)
        self.book = book
        self._forms, self._prose, self._postal = Forms(self.places), Prose(self.places), Postal(self.places)

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Addresses in raw offsets."""
        self.places.load()
        for reading in readings:
            yield from self._reading(reading)

    def _reading(self, reading: Reading) -> Iterator[Match]:
        taken = bytearray(len(reading.text))
        found = list(_free(self._forms.find(reading), taken))
        for start, end in _domiciles(reading):
            taken[start:end] = b"\1" * (end - start)
        found += _free((f for f in self._prose.find(reading, taken) if not _domicile_before(reading.text, f.start)), taken)
        found += _free(self._prose.same_towns(reading, taken), taken)
        found += _free(self._forms.beside(reading, found), taken)
        for item in self._postal.judged(reading, found):
            yield _match(reading, item)


def _free(found: Iterator[Found], taken: bytearray) -> Iterator[Found]:
    """What touches nothing found before; marks it."""
    for item in found:
        if not any(taken[item.start : item.end]):
            taken[item.start : item.end] = b"\1" * (item.end - item.start)
            yield item


def _domiciles(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where registered domiciles stand: they are no addresses."""
    for item in reading.layout.fields:
        if item.label.entity == "registered_domicile":
            yield item.start, item.end
    for column in reading.layout.columns:
        if column.label and column.label.entity == "registered_domicile":
            yield from (reading.cell(i) for i in column.cells.tolist())


def _domicile_before(text: str, start: int) -> bool:
    return "籍" in text[max(0, start - 12) : start] and _DOMICILE.search(text[max(0, start - 16) : start]) is not None


def _match(reading: Reading, item: Found) -> Match:
    span = reading.raw(item.start, item.end)
    return Match(
        item.entity,
        reading.block.index,
        span.start,
        span.end,
        f"address.{item.rule}",
        item.score,
        cue=item.cue,
        group=item.group,
        role=item.role,
        sample=bool(SAMPLE_CUE.search(reading.text, max(0, item.start - 40), item.start)),
        normalized=re.sub(r"\s+", "", reading.text[item.start : item.end]),
    )
