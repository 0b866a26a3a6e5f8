"""Reads the copies of source data that pivot tables keep, where the source itself is not in the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.extract.opc import Damaged, Element, Package, attribute, local
from scanner.model import Block, Cell, Section
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_SHARED = 200_000  # distinct values kept


class _Cache:
    """The fields of a cache and the values that its records refer to by number."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[list[str]] = []
        self.sheet = ""
        self.count = 0

    def read(self, package: Package, part: str) -> None:
        for element in package.stream(part, ("worksheetSource", "cacheField")):
            if local(element.tag) == "worksheetSource":
                self.sheet = "" if attribute(element, "id") else element.get("sheet", "")
                continue
            self.names.append(element.get("name", ""))
            shared = [child for child in element if local(child.tag) == "sharedItems"]
            values = [_value(item) for item in shared[0]] if shared and self.count < _SHARED else []
            self.count += len(values)
            self.values.append(values)

    def rows(self, package: Package, part: str) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """The header, then a row for each record."""
        yield 1, [(column, name) for column, name in enumerate(self.names, 1) if name]
        for number, record in enumerate(package.stream(part, ("r",)), 2):
            cells = [(column, self._cell(item, column - 1)) for column, item in enumerate(record, 1)]
            kept = [(column, text) for column, text in cells if text]
            package.budget.spend_characters(sum(len(text) for _, text in kept))
            if kept:
                yield number, kept

    def _cell(self, item: Element, field: int) -> str:
        if local(item.tag) != "x":
            return _value(item)
        index = item.get("v", "")
        values = self.values[field] if field < len(self.values) else []
        return values[int(index)] if index.isdigit() and len(index) < 9 and int(index) < len(values) else ""


def pivots(package: Package, parts: list[str], sheets: set[str], writer: BlockWriter) -> Iterator[Block | Problem]:
    """A hidden table for each cache whose source is not one of ``sheets``: those were read already."""
    for number, part in enumerate(parts, 1):
        cache = _Cache()
        try:
            cache.read(package, part)
            if cache.sheet in sheets:
                continue
            for records in package.related(part, "pivotCacheRecords"):
                name = f"ピボットテーブルの元データ{number}"
                yield from writer.table(cache.rows(package, records), Cell(name, 1, 1), section=Section.HIDDEN, heading=name)
        except Damaged as damage:
            yield damage.problem


def _value(item: Element) -> str:
    """A value as the cache has it; dates without their empty time of day, errors and blanks left out."""
    if local(item.tag) in ("e", "m"):
        return ""
    text = str(item.get("v", ""))
    return text.removesuffix("T00:00:00")
