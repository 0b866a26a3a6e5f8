"""Compares the postal code beside an address with its city and town; what disagrees is less sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.detect.gazetteer import town_key
from scanner.detect.places import Found, Places
from scanner.model import Kind
from scanner.text.view import Reading

_CODE = r"(?:〒|郵便番号)?[ :]*(?P<a>[0-9]{3})-?(?P<b>[0-9]{4})(?![0-9-])"
_BEFORE = re.compile(rf"(?<![0-9-]){_CODE}[\s、,)\]\"'/]{{0,4}}(?:[^\d\n\t]{{0,12}}[:=\"' ]{{1,3}})?$")
_AFTER = re.compile(rf"[\s、,(\[/]{{0,3}}{_CODE}")
_FALL, _RISE = 0.75, 0.95  # of the confidence that is left; the confidence that agreement gives at least
_REACH = 40  # characters before an address in which its code may stand


class Postal:
    """Judges addresses by their postal codes."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def judged(self, reading: Reading, found: Iterable[Found]) -> Iterator[Found]:
        """The addresses in order, their confidence raised or lowered where a code stands beside them."""
        for item in sorted(found):
            code = self._code(reading, item)
            place = self._place(reading, item)
            if item.group and place is None:
                yield item  # a part without a city: the part with it was judged
                continue
            agrees = self.places.load()[0].agrees(code, *place) if code and place else None
            if agrees is None:
                yield item
            elif agrees:
                yield item._replace(score=max(item.score, _RISE))
            else:
                yield item._replace(score=round(item.score * _FALL, 3), cue=item.cue or "postal code disagrees")

    def _place(self, reading: Reading, item: Found) -> tuple[str, str] | None:
        """The city of an address and what follows it, in the spelling of the gazetteer."""
        text = reading.text[item.start : item.end]
        anchor = next((a for a in self.places.anchors(text[:40]) if a.city), None)
        if anchor is None or anchor.start > 1:
            return None
        return anchor.city, town_key(text[anchor.end : anchor.end + 20].strip())

    @staticmethod
    def _code(reading: Reading, item: Found) -> str:
        """Seven digits right before or behind the address, or in the column of postal codes in its row; "" when there are none."""
        text, block = reading.text, reading.block
        if block.kind is Kind.TABLE and block.rows is not None:
            row = block.rows[reading.cell_at(item.start)]
            for column in reading.layout.columns:
                if column.label is not None and column.label.entity == "postal_code":
                    for index in column.cells[block.rows[column.cells] == row].tolist():
                        digits = re.sub("[^0-9]", "", text[slice(*reading.cell(index))])
                        if len(digits) == 7:
                            return digits
            first = int(reading.starts[reading.cell_at(item.start)])
            hit = _BEFORE.search(text, max(first, item.start - _REACH), item.start)
        else:
            hit = _BEFORE.search(text, max(0, item.start - _REACH), item.start)
            hit = hit or _AFTER.match(text, item.end, min(len(text), item.end + 16))
        return hit["a"] + hit["b"] if hit else ""
