"""Gives a reading its layout: headers and columns of tables, label and value cells of forms, fields of running text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from scanner.model import Ints, Kind
from scanner.text import fields, printed, valued
from scanner.text.headers import At, Head, header_depth, heads_of
from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Column, Field, Layout
from scanner.text.view import Reading

_HEAD_ROWS = 60  # a header is looked for in so many rows of a window
_CELL_FIELDS = 4_000  # cells of a table in which "label: value" is looked for inside a cell
_RELATIVE = re.compile(
    r"(?:ご?本人|世帯主|配偶者|[夫妻父母子兄弟姉妹孫]|(?:義理?の?|実|養|祖|叔|伯)[父母子]|[長次二三四]?[男女])(?:\(|$)"
)
_SECTION = re.compile(r"[■□◆◇●○▼▽▲△★※§【〔<\[(]|[0-9]{1,2}[.)、]|[IVXⅠ-Ⅻ]+[. ]|第[0-9一二三四五六七八九十]+")
_NO_VALUE = re.compile(r"[-*●○×/.・\s]+|なし|無し?|ナシ|不明|不通|未登録|null|N/A|NULL|None")


class Arranger:
    """Reads blocks and arranges them; keeps the header of a table that goes on in the next window. One per document."""

    def __init__(self, book: LabelBook) -> None:
        self.book = book
        self._header: dict[int, Head] = {}

    def read(self, block_reading: Reading) -> Reading:
        """Set the reading's layout and return it."""
        block = block_reading.block
        if block.kind is Kind.TEXT:
            layout = self._text(block_reading)
        elif block.kind is Kind.PAIRS:
            layout = self._pairs(block_reading)
        else:
            layout = self._table(block_reading)
        block_reading._layout.append(layout)
        return block_reading

    # ------------------------------------------------------------ text

    def _text(self, reading: Reading) -> Layout:
        marks = fields.marked(reading, self.book, 0, len(reading.text))
        found = list(fields.between(reading, marks, len(reading.text), below=True))
        crowded = Counter(reading.cell_at(mark.start) for mark in marks)
        listed, headers = printed.under_headers(reading, self.book, sorted(n for n, count in crowded.items() if count > 1))
        if listed:
            found = [f for f in found if reading.cell_at(f.label_start) not in headers]
            found = sorted((*found, *listed), key=lambda f: f.start)
        return Layout(tuple(found), (), tuple(dict.fromkeys((f.label_start, f.label_end) for f in found)))

    # ------------------------------------------------------------ pairs

    def _pairs(self, reading: Reading) -> Layout:
        out: list[Field] = []
        labels: list[tuple[int, int]] = []
        worth = set(fields.cells_with_fields(reading, self.book))
        for i in range(0, len(reading.starts) - 1, 2):
            key_start, key_end = reading.cell(i)
            start, end = _trimmed(reading.text, *reading.cell(i + 1))
            key = reading.text[key_start:key_end]
            if key_start < key_end:
                labels.append((key_start, key_end))
            label = self.book.look(key)
            if label is not None and start < end:
                out.append(Field(label, key_start, key_end, start, end, self._parent(key)))
            if start < end and i + 1 in worth:
                out.extend(fields.in_text(reading, self.book, start, end, below=False))
        return Layout(tuple(out), (), tuple(labels))

    def _parent(self, key: str) -> Label | None:
        parts = re.sub(r"\[[0-9]*\]", "", key).split(".")
        return self.book.look(parts[-2]) if len(parts) > 1 else None

    # ------------------------------------------------------------ tables

    def _table(self, reading: Reading) -> Layout:
        block = reading.block
        assert block.rows is not None and block.columns is not None
        if block.part > 0 and self._header:
            everything = np.arange(len(reading.starts), dtype=np.int32)
            return Layout((), self._columns(reading, self._header, everything), ())
        self._header = {}
        rows = self._rows(reading)
        found: list[Field] = []
        labels: list[tuple[int, int]] = []
        columns: list[Column] = []
        pending: list[list[At]] = []
        n = 0
        while n < len(rows):
            depth = header_depth(rows, n, self.book)
            if not depth:
                pending.append(rows[n])
                n += 1
                continue
            heads = heads_of(rows[n : n + depth], self.book)
            labels += [reading.cell(at.index) for row in rows[n : n + depth] for at in row]
            last = self._region_end(rows, n + depth)
            cells = self._cells_between(reading, rows, n + depth, last)
            heads = _by_values(reading, heads, cells)
            columns += self._columns(reading, heads, cells)
            self._header = heads
            n = last
        if not columns:
            everything = np.arange(len(reading.starts), dtype=np.int32)
            heads = _by_values(reading, {}, everything)
            columns += self._columns(reading, heads, everything)
            self._header = heads
        found += self._form(reading, pending, labels)
        if len(reading.starts) <= _CELL_FIELDS:
            found += self._inside_cells(reading, labels)
        found.sort(key=lambda f: f.start)
        return Layout(tuple(found), tuple(columns), tuple(sorted(set(labels))))

    def _rows(self, reading: Reading) -> list[list[At]]:
        """The first rows of the window, their empty cells left out."""
        block = reading.block
        assert block.rows is not None and block.columns is not None
        out: list[list[At]] = []
        last = -1
        for i in range(len(reading.starts)):
            row = int(block.rows[i])
            if row != last:
                if len(out) >= _HEAD_ROWS and len(reading.starts) > _CELL_FIELDS:
                    break
                out.append([])
                last = row
            text = reading.text[slice(*reading.cell(i))].strip()
            if text:
                label = self.book.look(text) if len(out) <= 400 else None
                out[-1].append(At(i, int(block.columns[i]), text, label))
        return [_answered(row) for row in out if row]

    def _region_end(self, rows: list[list[At]], first: int) -> int:
        """The first row after a header that does not belong under it: another header, a form of labels and values, its heading."""
        for n in range(first, len(rows)):
            row = rows[n]
            if n + 1 < len(rows) and _heads_a_form(row, rows[n + 1]):
                return n
            labelled = sum(1 for at in row if at.label)
            if labelled >= 2 and labelled * 2 >= len(row) and header_depth(rows, n, self.book):
                return n
            if (
                labelled >= 2
                and labelled * 2 == len(row)
                and all((row[k].label is not None) == (k % 2 == 0) for k in range(len(row)))
            ):
                return n
        return len(rows)

    @staticmethod
    def _cells_between(reading: Reading, rows: list[list[At]], first: int, last: int) -> Ints:
        if first >= len(rows):
            return np.zeros(0, dtype=np.int32)
        begin = rows[first][0].index
        end = rows[last][0].index if last < len(rows) else len(reading.starts)
        return np.arange(begin, end, dtype=np.int32)

    @staticmethod
    def _columns(reading: Reading, heads: dict[int, Head], cells: Ints) -> tuple[Column, ...]:
        numbers = reading.block.columns
        assert numbers is not None
        mine = numbers[cells]
        return tuple(
            Column(number, head.header, head.label, cells[mine == number], head.above) for number, head in sorted(heads.items())
        )

    # ------------------------------------------------------------ forms

    def _form(self, reading: Reading, rows: list[list[At]], labels: list[tuple[int, int]]) -> list[Field]:
        """Label cells with the value cells on their right, else below."""
        out: list[Field] = []
        groups: dict[int, Label] = {}
        for n, row in enumerate(rows):
            present = {at.column for at in row}
            groups = {c: g for c, g in groups.items() if c not in present and min(present) > c}
            label_at: At | None = None
            valued = False
            for k, at in enumerate(row):
                if at.label is not None:
                    if label_at is not None and not valued and at.column == label_at.column + 1:
                        groups[label_at.column] = label_at.label  # type: ignore[assignment]
                    label_at, valued = at, False
                    labels.append(reading.cell(at.index))
                    right = row[k + 1] if k + 1 < len(row) else None
                    if right is None and not _in_grid(rows, n, at):
                        out += self._below(reading, rows, n, at)
                    continue
                if label_at is not None and label_at.label is not None:
                    above = next(iter(groups.values()), None)
                    out.append(_field(reading, label_at, at, above))
                    valued = True
        return out

    def _below(self, reading: Reading, rows: list[list[At]], n: int, at: At) -> list[Field]:
        """The value of a label that has nothing on its right: the cell below it, when that is no label."""
        if n + 1 >= len(rows):
            return []
        for under in rows[n + 1]:
            if under.column == at.column and under.label is None:
                return [_field(reading, at, under, None)]
        return []

    def _inside_cells(self, reading: Reading, labels: list[tuple[int, int]]) -> list[Field]:
        known = set(labels)
        out: list[Field] = []
        for i in fields.cells_with_fields(reading, self.book):
            start, end = reading.cell(i)
            if end - start < 5 or (start, end) in known:
                continue
            out += fields.in_text(reading, self.book, start, end, below=True)
        return out


def _heads_a_form(row: list[At], below: list[At]) -> bool:
    """Whether a row is the heading of a form that follows a table: 「■健康の状況」 alone, then a label with a value."""
    if len(row) != 1 or not _SECTION.match(row[0].text) or row[0].column != below[0].column:
        return False
    return len(below) > 1 and below[0].label is not None and below[1].label is None


def _in_grid(rows: list[list[At]], n: int, at: At) -> bool:
    """Whether a word that could be a label stands among data: its row and the one above are rows of like width."""
    above = rows[n - 1] if n else []
    wide = len(rows[n]) >= 4 and len(above) >= 4 and abs(len(above) - len(rows[n])) <= 1
    return wide and any(up.column == at.column and up.label is None for up in above)


def _answered(row: list[At]) -> list[At]:
    """The row with relatives told apart: 「続柄 | 夫」 is a label and its value, although 夫 can name a person's cell too."""
    for at, beside in pairwise(row):
        if at.label is not None and at.label.hint == "state" and _RELATIVE.match(beside.text):
            beside.label = None
    return row


def _by_values(reading: Reading, heads: dict[int, Head], cells: Ints) -> dict[int, Head]:
    """The headers with those added that only the values of their columns tell."""
    numbers = reading.block.columns
    assert numbers is not None
    mine = numbers[cells]
    unnamed: dict[int, valued.Unnamed] = {}
    for number in np.unique(mine).tolist():
        head = heads.get(number)
        if head is not None and head.label is not None:
            continue
        values = []
        for i in cells[mine == number].tolist():
            text = reading.text[slice(*reading.cell(i))].strip()
            if text and not _NO_VALUE.fullmatch(text):
                values.append(text)
                if len(values) >= valued.MOST:
                    break
        unnamed[number] = valued.Unnamed(head.header if head else "", values)
    found = valued.judge(unnamed, {n: h.label for n, h in heads.items() if h.label is not None})
    out = dict(heads)
    for number, label in found.items():
        head = heads.get(number)
        out[number] = Head(head.header if head else "", label, head.above if head else None)
    return out


def _field(reading: Reading, label_at: At, value_at: At, above: Label | None) -> Field:
    assert label_at.label is not None
    label_start, label_end = reading.cell(label_at.index)
    start, end = _trimmed(reading.text, *reading.cell(value_at.index))
    return Field(label_at.label, label_start, label_end, start, end, above)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n":
        start += 1
    while end > start and text[end - 1] in " \t\n":
        end -= 1
    return start, end
