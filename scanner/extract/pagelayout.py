"""Lays out what stands on pages, printed or recognised: lines, ruled tables and those by white space alone, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.extract.pdfcolumns import aligned, in_reading_order
from scanner.extract.pdfglyphs import DOWNWARDS, Edge, Glyphs
from scanner.extract.pdflines import Row, rows_of
from scanner.extract.pdftables import Grid, Sheet, ruled
from scanner.extract.pdfwraps import margin, paragraphs
from scanner.model import Block, Page
from scanner.text.blocks import BlockWriter

_TITLES = 50_000


class Layout:
    """Pages on their way into blocks: what the last page held is known on the next."""

    def __init__(self, writer: BlockWriter) -> None:
        self.writer = writer
        self.heading = ""
        self.above = _Above()
        self.upright = False  # whether the lines of the page run downwards
        self.titles: set[str] = set()  # short lines of the pages, white space left out

    def printed(self, found: Glyphs, edges: list[Edge], number: int) -> Iterator[Block]:
        """The text of page ``number`` with its tables. ``edges``: its ruling lines, turned like the characters."""
        grids, boxed = ruled(found, edges)
        self.upright = found.turn == DOWNWARDS
        used = set().union(*(g.used for g in grids)) if grids else set()
        free = rows_of(found, [i for i in range(len(found.chars)) if i not in used] if used else range(len(found.chars)), boxed)
        yield from self._laid_out(free, grids, number)

    def turned(self, other: Glyphs, number: int) -> Iterator[Block]:
        """Text that runs otherwise than the page's: stamps, margins, labels of axes."""
        self.upright = other.turn == DOWNWARDS
        yield from self._lines(rows_of(other, range(len(other.chars))), 0.0, 0.0, number, 1)

    def _laid_out(self, free: list[Row], grids: list[Grid], number: int) -> Iterator[Block]:
        """Free lines and tables from top to bottom."""
        left = min((r.x0 for r in free), default=0.0)
        right = max([r.x1 for r in free] + [g.x1 for g in grids], default=0.0)
        line = 1
        for grid in sorted(grids, key=lambda g: g.y0):
            above = [r for r in free if (r.y0 + r.y1) / 2 < grid.y0 and r.x0 < grid.x1] if free else []
            free = [r for r in free if r not in above] if above else free
            for block in self._lines(above, left, right, number, line):
                line += block.text.count("\n") + 1
                yield block
            yield from self._table(grid, number, line)
            line += len(grid.rows)
        yield from self._lines(free, left, right, number, line)

    def _table(self, sheet: Sheet, number: int, line: int) -> Iterator[Block]:
        further = self.above.carries_on(sheet, number)
        for block in self.writer.table(sheet.rows, Page(number, line), heading=self.heading):
            yield replace(block, part=block.part + 1) if further else block

    def _lines(self, rows: list[Row], left: float, right: float, number: int, line: int) -> Iterator[Block]:
        for column in in_reading_order(rows, upright=self.upright):
            for stretch in aligned(column, self.above.lefts if self.above.page == number - 1 else []):
                if not isinstance(stretch, Sheet):
                    texts = paragraphs(stretch, margin(stretch, left, right))
                    yield from self.writer.text("\n".join(texts), Page(number, line), heading=self.heading)
                    if len(self.titles) < _TITLES:
                        self.titles.update("".join(text.split()) for text in texts if len(text) <= 80)
                    self._remember(texts)
                    line += len(texts)
                else:
                    yield from self._table(stretch, number, line)
                    line += len(stretch.rows)

    def _remember(self, texts: list[str]) -> None:
        """The last short line is the heading of what follows."""
        last = texts[-1].strip() if texts else ""
        if last and len(last) <= 30 and last[-1] not in "。、,." and not set(last) & set(":：="):
            self.heading = last


class _Above:
    """The last table with a header: a table of the same columns on the next page may go on without repeating it."""

    def __init__(self) -> None:
        self.lefts: list[float] = []
        self.head: list[str] = []
        self.page = 0

    def carries_on(self, sheet: Sheet, page: int) -> bool:
        """Whether a table goes on from the page before, its first row being no header. Remembers the table."""
        first = [text for _, text in sheet.rows[0][1]] if sheet.rows else []
        same = len(sheet.lefts) == len(self.lefts) and all(abs(a - b) < 8 for a, b in zip(sheet.lefts, self.lefts, strict=True))
        figures = any(_counts(text) for text in first) and not any(_counts(text) for text in self.head)
        further = same and page == self.page + 1 and len(first) >= 2 and first != self.head and figures
        self.page = page
        if not further:
            self.lefts, self.head = sheet.lefts, first
        return further


def _counts(text: str) -> bool:
    """Whether a cell holds data by its figures, as a header's does not."""
    return sum(c.isdigit() for c in text) >= 3


def page_ranges(pages: list[int]) -> Iterator[str]:
    """``p.3``, ``p.5-9``."""
    begin = last = 0
    for page in [*pages, -1]:
        if page == last + 1 and begin:
            last = page
            continue
        if begin:
            yield f"p.{begin}" if begin == last else f"p.{begin}-{last}"
        begin = last = page
