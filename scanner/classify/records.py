"""What is "the same record": a row, a form, a sentence, a log line, a mail message, a file name (taxonomy 3.3)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath

import numpy as np

from scanner.model import Block, Document, Ints, Kind, Section
from scanner.text.view import Reading

_LOG_LINE = re.compile(
    r"(?:\[?[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}|INSERT INTO"
    r"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:|[0-9.]{7,15} - )"
)
_GRID_ROWS, _GRID_WIDTH = 20, 4
# What parts one matter of a text from the next.
_SEPARATOR = re.compile(
    r"\n\s*(?:[-=*_─━]{4,}|[■◆●◇]\s?\S|第[0-9一二三四五六七八九十]+号?議案|No\.?\s?[0-9]|案件[0-9A-Z]|[・*-]\s?案件|<<|## |【案件)"
)


class Splitter:
    """Tells the record of a position in a reading: a row, an element, a log line, or none when the scope is one record.

    ``rows``: each row is a record of its own.
    """

    def __init__(self, reading: Reading, *, rows: bool, lines: bool, cells: frozenset[int] = frozenset()) -> None:
        block = reading.block
        self.rows = rows
        self._lines = lines
        self._block = block
        self._known: dict[int, int] = {}
        self._cells = cells  # cells that lie under a header
        self._starts: list[int] = block.starts.tolist() if rows or lines else []
        self._rows: list[int] = block.rows.tolist() if rows and block.rows is not None else []
        self._columns: list[int] = block.columns.tolist() if rows and block.columns is not None else []
        self._records: list[int] | None = block.records.tolist() if rows and block.records is not None else None

    def expect(self, starts: Sequence[int]) -> None:
        """Take note of raw offsets that will be asked about: all at once is quicker than one by one."""
        if self._starts and starts:
            cells = np.searchsorted(self._block.starts, np.array(starts, dtype=np.int32), side="right") - 1
            self._known = dict(zip(starts, np.maximum(cells, 0).tolist(), strict=True))

    def _cell(self, start: int) -> int:
        """The line or cell at a raw offset."""
        cell = self._known.get(start)
        return max(0, bisect_right(self._starts, start) - 1) if cell is None else cell

    def record(self, start: int) -> int | None:
        """Number of the record at a raw offset."""
        if not self.rows and not self._lines:
            return None
        cell = self._cell(start)
        if self._lines:
            return cell
        if self._records is not None:
            return self._records[cell]
        if self._cells and cell not in self._cells:
            return None
        return self._rows[cell]

    def cells(self, record: int) -> list[int]:
        """The cells of a record; none of a log line."""
        numbers = self._records if self._records is not None else self._rows
        return [cell for cell, number in enumerate(numbers) if number == record]

    def size(self) -> int:
        """How many records there are."""
        if self._lines:
            return len(self._starts)
        if self._records is not None:
            return len(set(self._records))
        return len({self._rows[c] for c in self._cells} if self._cells else set(self._rows))

    def column(self, start: int) -> int:
        """Column of a raw offset, 0 when there are none."""
        return self._columns[self._cell(start)] if self._columns else 0


def splitter(reading: Reading) -> Splitter:
    """How the reading's block falls into records."""
    block = reading.block
    if block.kind is Kind.PAIRS:
        several = block.records is not None and len(np.unique(block.records)) > 1
        return Splitter(reading, rows=several, lines=False)
    if block.kind is Kind.TABLE:
        if block.records is not None:
            return Splitter(reading, rows=True, lines=False)
        columns = reading.layout.columns
        sections = _sections(reading) if columns else []
        cells = [_within_section(column.cells, block, sections) for column in columns]
        under: list[int] = []
        if block.rows is not None and cells:  # a cell without a header of its own belongs to its row all the same
            under = np.isin(block.rows, block.rows[np.concatenate(cells)]).nonzero()[0].tolist()
        if not columns and is_grid(reading):
            return Splitter(reading, rows=True, lines=False)
        return Splitter(reading, rows=bool(columns), lines=False, cells=frozenset(under))
    return Splitter(reading, rows=False, lines=_is_log(block))


_SPACE, _SPACES = 0x20, (0x85, 0x1680, 0x2028, 0x2029)  # white space that the view still has
_SECTION = re.compile(r"[■□●◆◇▼▽▲★※]\s?\S|【[^【】]{1,24}】$|<[^<>]{1,24}>$|[0-9ⅠⅡⅢⅣⅤ]{1,2}[.．]\s?\S")


def _sections(reading: Reading) -> list[int]:
    """Rows that hold one cell only, the heading of a new part of the page: the table above ends there."""
    rows = reading.block.rows
    if rows is None or not len(rows):
        return []
    starts = reading.starts
    filled = np.append(starts[1:] - 1, len(reading.text)) > starts
    heads = reading.prints.codes[np.minimum(starts, len(reading.text) - 1)] if len(reading.text) else starts
    for i in (filled & ((heads <= _SPACE) | np.isin(heads, _SPACES))).nonzero()[0].tolist():
        filled[i] = not reading.text[slice(*reading.cell(i))].isspace()  # of the few that begin with white space
    cells = filled.nonzero()[0]
    found, first, count = np.unique(rows[cells], return_index=True, return_counts=True)
    return [
        row
        for row, cell in zip(found[count == 1].tolist(), cells[first[count == 1]].tolist(), strict=True)
        if _SECTION.match(reading.text[slice(*reading.cell(cell))].strip())
    ]


def _within_section(cells: Ints, block: Block, sections: list[int]) -> Ints:
    """The cells of a column up to the next heading."""
    if not sections or not len(cells) or block.rows is None:
        return cells
    i = bisect_right(sections, int(block.rows[cells[0]]))
    return cells[block.rows[cells] < sections[i]] if i < len(sections) else cells


def is_grid(reading: Reading) -> bool:
    """Whether a table without a known header is one of records all the same: many rows that fill the same columns."""
    rows, columns = reading.block.rows, reading.block.columns
    if rows is None or columns is None or reading.layout.columns:
        return False
    height = len(np.unique(rows))
    if height < _GRID_ROWS or len(reading.layout.fields) * 3 > height:
        return False
    filled = np.unique(columns, return_counts=True)[1]
    return int(np.count_nonzero(filled * 10 >= height * 7)) >= _GRID_WIDTH


def _is_log(block: Block) -> bool:
    lines = block.text.split("\n", 60)[:60]
    filled = [line for line in lines if line.strip()]
    stamped = sum(1 for line in filled if line[0].isascii() and _LOG_LINE.match(line))
    return len(filled) >= 3 and stamped * 10 >= len(filled) * 6


def scope(block: Block) -> tuple[int, bool]:
    """Which page, slide, sheet or message a block belongs to; a quoted message is another one."""
    return block.scope, block.section is Section.QUOTED


_PARAGRAPH = 1_000  # characters up to which a paragraph is followed
_SENTENCE = 300  # characters up to which a sentence is followed
_ENDS = "。\n\t!?"
_END = re.compile(f"[{_ENDS}]")


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """View range of the sentence, line or cell around a match."""
    low, high = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    first = low
    for c in _ENDS:
        at = text.rfind(c, first, start)
        if at >= 0:
            first = at + 1
    ends = _END.search(text, end, high)
    last = ends.start() if ends else max(end, high)
    return first, min(len(text), last + 1)


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """View range of the paragraph around a match: up to an empty line or a cell's border."""
    low, high = max(0, start - _PARAGRAPH), end + _PARAGRAPH
    first = max(text.rfind("\n\n", low, start), text.rfind("\t", low, start), low)
    nexts = [i for i in (text.find("\n\n", end, high + 2), text.find("\t", end, high)) if i >= 0]
    return first, min([*nexts, high, len(text)])


def line(text: str, start: int) -> int:
    """Where the line or cell begins that holds a position."""
    first = text.rfind("\n", 0, start) + 1
    return max(first, text.rfind("\t", first, start) + 1)


def line_end(text: str, end: int) -> int:
    """Where the line or cell ends that holds a position."""
    last = text.find("\n", end)
    last = last if last >= 0 else len(text)
    tab = text.find("\t", end, last)
    return tab if tab >= 0 else last


def parted(text: str, start: int, end: int) -> bool:
    """Whether a new matter begins between two positions."""
    return _SEPARATOR.search(text, start, end) is not None


_GENERIC = re.compile(
    r"(?:書|表|票|届|簿|録|案|一覧|資料|報告|記録|請求|申請|申込|証明|明細|台帳|名簿|議事|年度|月分|控|写し|原本|送付|共済|保険|契約|組合|部|課|係|店|会|様式|最終|修正|確認|提出|入院|手術|通院|通知|回答|健診|結果|個人|健康|診断|告知)"
)
_NAME_TOKEN = re.compile(r"[一-鿿々]{3,6}|[一-鿿々]{1,3}[ぁ-んァ-ヴー]{2,5}|[一-鿿々]{1,3}[ 　][一-鿿々ぁ-んァ-ヴー]{1,4}")


@lru_cache(maxsize=256)
def name_in_path(document: Document) -> str:
    """A person's name that the file name seems to hold (佐藤みなみ_診断書.pdf), or an empty string."""
    stem = PurePath(document.inside[-1] if document.inside else document.uri).stem
    tokens = re.split(r"[_\-()（）\[\]【】,、.・+]|様|殿|さん|氏(?!名)", stem)
    if len(tokens) < 2:
        return ""
    if not any(_GENERIC.search(t) for t in tokens):
        return ""
    for token in tokens:
        if _NAME_TOKEN.fullmatch(token.strip()) and not _GENERIC.search(token):
            return token.strip()
    return ""
