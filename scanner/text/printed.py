"""Printed lists: values that stand in columns under a line of labels, as host systems print them in letters of even width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Field
from scanner.text.view import Reading

_GAP = 2  # spaces that part cells; one may stand inside a name
_SPACE = " \u3000\t"
_RULE = re.compile(r"[\s\-=_+|*─━═－＝―ー┌┬┐├┼┤└┴┘│┃]+")
_NO_HEADER = re.compile(r"[0-9０-９]{2,}|[=:;'\"{},。、：；＝]")
_WIDEST = 600  # characters of a printed line
_LEAST = 3  # cells of a header
_LONGEST = 20  # characters of a header cell
_RESULT, _EXAMINED = "exam_result", 4  # fewer columns of results than that may be marks or sizes: 判定, 身長
_ASTRAY = 2  # lines without columns between rows: what an entry says below its row
_SLACK = 1  # half-width columns by which a cell may stand off its header


class _Cell(NamedTuple):
    """A cell of a printed line: raw offsets in the block, and the column of its first letter (half-width letters, from 0)."""

    start: int
    end: int
    at: int


class _Head(NamedTuple):
    """A header cell: column of its first letter, its label or None, its range in the view."""

    at: int
    label: Label | None
    start: int
    end: int


def under_headers(reading: Reading, book: LabelBook, lines: Iterable[int]) -> tuple[list[Field], set[int]]:
    """The values under headers and the numbers of the lines that are headers. ``lines``: those with two known labels or more."""
    out: list[Field] = []
    headers: set[int] = set()
    done = -1
    for number in lines:
        heads = _header(reading, book, number) if number > done else []  # a header printed again on each page is passed by
        found = list(_rows(reading, book, heads, number)) if heads else []
        if found:
            headers.add(number)
            done = reading.cell_at(found[-1].start)
            out += found
    return out, headers


def _header(reading: Reading, book: LabelBook, number: int) -> list[_Head]:
    """The header cells of a line, or none: cells parted by gaps, half of them labels, and no line of labels and values."""
    cells = [word for cell in _cells(reading, number, ()) for word in _words(reading, book, cell)]
    if len(cells) < _LEAST:
        return []
    heads = []
    for cell in cells:
        text = reading.block.text[cell.start : cell.end]
        if len(text) > _LONGEST or _NO_HEADER.search(text):
            return []
        start, end = reading.view(cell.start), reading.view(cell.end)
        heads.append(_Head(cell.at, book.look(reading.text[start:end]), start, end))
    known = [head for head in heads if head.label is not None]
    answered = len(known) * 2 == len(heads) and all((head.label is not None) == (n % 2 == 0) for n, head in enumerate(heads))
    told = any(head.label and head.label.entity for head in known)
    return heads if told and len(known) * 2 >= len(heads) and not answered else []


def _words(reading: Reading, book: LabelBook, cell: _Cell) -> list[_Cell]:
    """The cell, or its words where two of them are labels, or one and the whole is none: 「番号 氏名」."""
    text = reading.block.text
    pieces = list(re.finditer(r"[^ \u3000]{2,}", text[cell.start : cell.end]))
    if len(pieces) < 2:
        return [cell]
    words = [
        _Cell(cell.start + m.start(), cell.start + m.end(), cell.at + _width(text[cell.start : cell.start + m.start()]))
        for m in pieces
    ]
    told = sum(1 for word in words if _label(reading, book, word) is not None)
    whole = book.whole(reading.text[reading.view(cell.start) : reading.view(cell.end)])  # 「電話 番号」
    return words if told > (whole is not None) else [cell]


def _label(reading: Reading, book: LabelBook, cell: _Cell) -> Label | None:
    return book.look(reading.text[reading.view(cell.start) : reading.view(cell.end)])


def _width(text: str) -> int:
    """Columns that a text takes: one for a half-width letter, two for others."""
    return sum(1 if letter.isascii() or "\uff61" <= letter <= "\uff9f" else 2 for letter in text)


def _rows(reading: Reading, book: LabelBook, heads: list[_Head], header: int) -> Iterator[Field]:
    """Label and value of every cell under a known label, as long as lines keep to the columns."""
    columns = tuple(head.at for head in heads)
    results = {head.label for head in heads if head.label and head.label.entity == _RESULT}
    vague = results if len(results) < _EXAMINED else set()
    astray = 0
    for number in range(header + 1, len(reading.starts)):
        cells = _cells(reading, number, columns)
        if not cells or _ruled(reading, number):
            continue
        placed = _placed(cells, columns)
        if len(placed) < 2 or _labels(reading, book, placed.values()) * 2 > len(placed):
            astray += 1
            if astray > _ASTRAY:
                return
            continue
        astray = 0
        for n, cell in placed.items():
            label = heads[n].label
            if label is not None and label not in vague and not _names_another(reading, book, cell, label):
                yield Field(label, heads[n].start, heads[n].end, reading.view(cell.start), reading.view(cell.end))


def _names_another(reading: Reading, book: LabelBook, cell: _Cell, label: Label) -> bool:
    """Whether a cell begins with a label of something else: 「国籍 ペルー」 under 本籍."""
    first = re.match(r"[^ \u3000:：]+(?=[ \u3000:：])", reading.block.text[cell.start : cell.end])
    other = book.whole(first.group()) if first else None
    return other is not None and other.entity != label.entity


def _placed(cells: list[_Cell], columns: tuple[int, ...]) -> dict[int, _Cell]:
    """Number of the header → its cell, the first of several; none when the line does not keep to the columns."""
    placed: dict[int, _Cell] = {}
    kept = 0
    for cell in cells:
        under = [n for n, at in enumerate(columns) if at <= cell.at + _SLACK]
        if under:
            kept += abs(columns[under[-1]] - cell.at) <= _SLACK
            placed.setdefault(under[-1], cell)
    return placed if kept * 2 >= len(cells) and kept >= 2 else {}


def _labels(reading: Reading, book: LabelBook, cells: Iterable[_Cell]) -> int:
    """How many cells are labels themselves, as in another header."""
    return sum(1 for cell in cells if _label(reading, book, cell) is not None)


def _ruled(reading: Reading, number: int) -> bool:
    first, last = _line(reading, number)
    return _RULE.fullmatch(reading.block.text, first, last) is not None


def _line(reading: Reading, number: int) -> tuple[int, int]:
    """Raw start and end of a line."""
    starts = reading.block.starts
    end = int(starts[number + 1]) - 1 if number + 1 < len(starts) else len(reading.block.text)
    return int(starts[number]), end


def _cells(reading: Reading, number: int, columns: tuple[int, ...]) -> list[_Cell]:
    """The cells of a line: cut at gaps, and at ``columns`` where a space stands before one."""
    text = reading.block.text
    first, last = _line(reading, number)
    if not 2 * _LEAST <= last - first <= _WIDEST:
        return []
    at, cuts = 0, set(columns)
    begins: list[tuple[int, int]] = []  # raw offset and column where a cell may begin
    gap = _GAP
    for offset in range(first, last):
        letter = text[offset]
        if letter in _SPACE:
            gap += _GAP if letter == "\t" else 1
        else:
            if gap >= _GAP or (gap and at in cuts):
                begins.append((offset, at))
            gap = 0
        at += _width(letter)
    out = []
    for n, (offset, column) in enumerate(begins):
        end = begins[n + 1][0] if n + 1 < len(begins) else last
        while end > offset and text[end - 1] in _SPACE:
            end -= 1
        out.append(_Cell(offset, end, column))
    return out
