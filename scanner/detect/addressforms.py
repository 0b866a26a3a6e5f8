"""Addresses in columns, fields and neighbouring cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.detect.addressowner import ADDRESS, BUSINESS, OF_PERSONS, firm_rows, office_field, whose_column, whose_row
from scanner.detect.addresstail import BUILDING_WORD, next_line
from scanner.detect.addressvalue import Values
from scanner.detect.places import Found, Places
from scanner.model import Kind, PersonRole
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

_PARTS = ("prefecture", "city", "town", "street", "building", "second")
_WHOLE = ("", "org", "street", "kana")
_HOUSE_NUMBER = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,4}){0,2}|[0-9]{1,2}丁目[0-9番地号-]*|[0-9]{1,4}番[0-9地号-]*")
_HOUSE = re.compile("[0-9]|番|号|丁目|無番地")
_BUILDING = re.compile(rf"(?:{BUILDING_WORD})|^[ァ-ヴー・]{{3,}}")
_NEAR = 2  # columns between parts of one address


class Forms:
    """Addresses that a label, a header or the neighbouring cells announce."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._values = Values(places)

    def find(self, reading: Reading) -> Iterator[Found]:
        """Columns first, then fields, then cells without a header."""
        yield from self._columns(reading)
        yield from self._fields(reading)
        yield from self._cells(reading)

    def _columns(self, reading: Reading) -> Iterator[Found]:
        columns = [c for c in reading.layout.columns if c.label and c.label.entity == ADDRESS]
        for column in columns:
            assert column.label is not None
            beside = [c for c in columns if c is not column and abs(c.number - column.number) <= _NEAR]
            if not _announced(column, beside, columns):
                continue
            yield from self._column(reading, column, whose_column(reading, _leading(column, columns)), several=bool(beside))

    def _column(self, reading: Reading, column: Column, entity: str, *, several: bool) -> Iterator[Found]:
        assert column.label is not None
        judged: dict[str, tuple[int, int] | None] = {}
        rows = reading.block.rows
        firms = firm_rows(reading) if entity == ADDRESS else frozenset()
        for index in column.cells.tolist():
            start, end = reading.cell(index)
            text = reading.text[start:end]
            if text not in judged:
                judged[text] = self._values.of(text, column.label)
            found = judged[text]
            if found is not None:
                group = f"address:{reading.block.index}:{_row(reading, index)}" if several else None
                owner = BUSINESS if rows is not None and int(rows[index]) in firms else entity
                yield Found(start + found[0], start + found[1], owner, "column", 0.92, cue=column.label.word, group=group)

    def _fields(self, reading: Reading) -> Iterator[Found]:
        fields = reading.layout.fields
        for n, item in enumerate(fields):
            label = item.label
            kana = label.entity == "person_name" and label.hint == "kana" and _kana_of_address(fields, n)
            if label.entity != ADDRESS and not kana:
                continue
            near = fields[max(0, n - 3) : n + 4]
            part = label.hint in _PARTS
            if (
                part
                and label.hint not in ("street", "second")
                and not any(f.label.entity == ADDRESS and f.label.hint != label.hint for f in near)
            ):
                continue
            end = item.end
            if reading.block.kind is Kind.TEXT:
                end = next_line(reading.text, end, len(reading.text))
            found = self._values.of(reading.text[item.start : end], label)
            if found is None or (not label.hint and self.places.prefecture(reading.text[item.start : end].strip())):
                continue  # 「住所 東京都　　　　区」: a form that nobody has filled in
            entity = BUSINESS if office_field(reading, fields, n) else ADDRESS
            group = f"address:{reading.block.index}:{n // 8}" if part else None
            role = item.above.role if item.above is not None else PersonRole.UNKNOWN
            yield Found(item.start + found[0], item.start + found[1], entity, "field", 0.92, cue=label.word, group=group, role=role)

    def beside(self, reading: Reading, found: list[Found]) -> Iterator[Found]:
        """The building in the cell behind an address that fills its own."""
        rows = reading.block.rows
        if reading.block.kind is not Kind.TABLE or rows is None:
            return
        for item in found:
            cell = reading.cell_at(item.start)
            if item.rule != "text" or reading.cell(cell) != (item.start, item.end) or cell + 1 >= len(reading.starts):
                continue
            start, end = reading.cell(cell + 1)
            value = reading.text[start:end]
            if rows[cell + 1] == rows[cell] and _BUILDING.search(value) and self.places.building(value):
                yield Found(start, end, item.entity, "beside", 0.8, group=f"address:{reading.block.index}:{_row(reading, cell)}")

    def _cells(self, reading: Reading) -> Iterator[Found]:
        """Addresses over neighbouring cells that no header announces: a city (and town), the rest in the next cells."""
        block = reading.block
        if block.kind is not Kind.TABLE or block.rows is None or block.columns is None:
            return
        for index in range(len(reading.starts) - 1):
            text = reading.text[slice(*reading.cell(index))]
            if not 2 <= len(text) <= _LONGEST_CELL:
                continue
            pieces = self._pieces(reading, index, text)
            group = f"address:{block.index}:{int(block.rows[index])}"
            for n in pieces:
                start, end = reading.cell(n)
                yield Found(start, end, whose_row(reading), "cells", 0.85, group=group)

    def _pieces(self, reading: Reading, index: int, value: str) -> list[int]:
        """The cells of an address whose city stands in a cell: prefecture before it, town, number and building behind it."""
        rows, columns = reading.block.rows, reading.block.columns
        assert rows is not None and columns is not None

        def text(n: int) -> str:
            """The text of a cell of the row, "" where it is no neighbour of the city's."""
            there = 0 <= n < len(reading.starts) and rows[n] == rows[index] and columns[n] - columns[index] == n - index
            return reading.text[slice(*reading.cell(n))].strip() if there else ""

        city = self.places.city_alone(value)
        if city:
            last = next(
                (n for n in range(1, 4) if self.places.behind_city("".join(text(index + k + 1) for k in range(n)), city)), 0
            )
            if not last or not all(text(index + k + 1) for k in range(last)):
                return []
            joined = "".join(text(index + k + 1) for k in range(last))
            if not _HOUSE.search(joined) and not _HOUSE_NUMBER.fullmatch(text(index + last + 1)):
                return []
            unnumbered = not re.search("[0-9]", "".join(text(index + k + 1) for k in range(last)))
            if unnumbered and _HOUSE_NUMBER.fullmatch(text(index + last + 1)):  # 「大門八番町 | 1-38」
                last += 1
        else:
            beside = text(index + 1)
            if not self.places.number_beside(beside) or not self.places.town_alone(value):
                return []
            if beside.isdigit() and not _about_somebody(reading):
                return []
            last = 1
        pieces = [index + k for k in range(last + 1)]
        if self.places.prefecture(text(index - 1)):
            pieces.insert(0, index - 1)
        if self.places.building(text(index + last + 1)):
            pieces.append(index + last + 1)
        return pieces


def _about_somebody(reading: Reading) -> bool:
    """Whether a column says that the rows are about people or places to write to: a bare number is no statistic then."""
    labels = [c.label for c in reading.layout.columns if c.label is not None]
    return any(x.entity in OF_PERSONS or x.entity == "postal_code" for x in labels)


_LONGEST_CELL = 30  # letters of prefecture, city and town in one cell


def _announced(column: Column, beside: list[Column], columns: list[Column]) -> bool:
    """Whether the header alone, or with the parts of an address beside it, says that addresses stand in the column."""
    assert column.label is not None
    hint = column.label.hint
    if hint in _WHOLE:
        return True
    hints = {c.label.hint for c in beside if c.label is not None}
    if hint in ("building", "second"):
        left = {c.label.hint for c in beside if c.label is not None and c.number < column.number}
        return bool(left & {"", "org", "street", "town", "city", "building", "second"})
    whole = bool(hints & {"", "org", "street"})
    parts = {c.label.hint for c in columns if c.label is not None}
    return whole or (hint in ("city", "town") and bool(hints & {"street", "town"})) or len(parts & set(_PARTS)) >= _ENOUGH


_ENOUGH = 3  # parts of an address in one table; prefecture and city alone are statistics


def _leading(column: Column, columns: list[Column]) -> Column:
    """The column whose header speaks for the part: the nearest whole one to its left, or itself."""
    assert column.label is not None
    if column.label.hint not in _PARTS:
        return column
    left = [c for c in columns if c.number < column.number and c.label is not None and c.label.hint in _WHOLE]
    return left[-1] if left and column.number - left[-1].number <= _NEAR else column


def _row(reading: Reading, index: int) -> int:
    block = reading.block
    return int(block.records[index] if block.records is not None else block.rows[index] if block.rows is not None else index)


def _kana_of_address(fields: tuple[Field, ...], n: int) -> bool:
    """フリガナ right above an address and not below a name."""
    above_address = n + 1 < len(fields) and fields[n + 1].label.entity == ADDRESS
    below_name = n > 0 and fields[n - 1].label.entity == "person_name"
    return above_address and not below_name
