"""Reads Parquet files with pyarrow, from the extra ``parquet``: rows in batches under the names of their columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from scanner.contracts import Budget
from scanner.extract.decoding import value_text
from scanner.extract.members import kind_of
from scanner.extract.ole import contained
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Row = tuple[int, list[tuple[int, str]]]

_BATCH = 1_000  # rows decoded at a time
_SHEET = "parquet"


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """One table; documents kept as values are members. Raises Unreadable when it is damaged or encrypted."""
    pyarrow.set_cpu_count(1)
    try:
        source = pyarrow.parquet.ParquetFile(stream)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        locked = "encrypt" in str(error).lower()
        raise Unreadable(Code.ENCRYPTED if locked else Code.CORRUPT, kind_of(error)) from None
    table = _Table(source, budget)
    writer = BlockWriter()
    for block in writer.table(table.rows(), Cell(_SHEET, 1, 1), section=Section.BODY):
        yield block
        yield from table.taken()
    yield from table.taken()
    if table.damage:
        yield table.damage


class _Table:
    def __init__(self, source: Any, budget: Budget) -> None:
        self.source, self.budget = source, budget
        self.damage: Problem | None = None
        self.members: list[Member] = []
        self.number = 0  # of members

    def taken(self) -> list[Member]:
        """The members met since the last call."""
        found, self.members = self.members, []
        return found

    def rows(self) -> Iterator[Row]:
        """The names of the columns, then the rows; a break ends them with a problem."""
        yield 1, list(enumerate(self.source.schema_arrow.names, 1))
        number = 1
        try:
            for batch in self.source.iter_batches(batch_size=_BATCH, use_threads=False):
                self.budget.spend_bytes(batch.nbytes)
                columns = [column.to_pylist() for column in batch.columns]
                for values in zip(*columns, strict=True):
                    number += 1
                    cells = [(n, text) for n, value in enumerate(values, 1) if (text := self._shown(value))]
                    if cells:
                        self.budget.spend_characters(sum(len(text) for _, text in cells))
                        yield number, cells
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            self.damage = Problem(Stage.EXTRACT, Code.CORRUPT, kind_of(error), f"row {number}")

    def _shown(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bytes):
            if found := contained(value, f"blob{self.number + 1}"):
                self.number += 1
                self.members.append(found)
                return ""
            return value_text(value)
        if isinstance(value, (list, dict)):
            return json.dumps(value, ensure_ascii=False, default=str)
        return str(value)
