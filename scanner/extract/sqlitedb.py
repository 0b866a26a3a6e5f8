"""Reads SQLite databases: every table with its columns' names. The database lies in memory and nothing in it is executed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import text_of, value_text
from scanner.extract.ole import contained
from scanner.model import Block, Cell, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Row = tuple[int, list[tuple[int, str]]]

_LARGEST = 512 << 20  # bytes held in memory
_STEPS = 100_000  # of the database's machine between two looks at the clock
_READING = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE))


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """A TABLE block (or several windows) for each table, its first row the columns' names."""
    data = bytearray()
    while piece := stream.read(1 << 20):
        budget.spend_bytes(len(piece))
        data += piece
        if len(data) > _LARGEST:
            raise Unreadable(Code.TOO_LARGE, f"bytes > {_LARGEST}")
    if data[18:20] == b"\2\2":  # written with a log beside it, which a copy in memory has not
        data[18:20] = b"\1\1"
    base = sqlite3.connect(":memory:")
    try:
        yield from _Base(base, bytes(data), budget).everything()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # names, too, may be damaged
        raise Unreadable(Code.CORRUPT, type(error).__name__) from None
    finally:
        base.close()


class _Base:
    def __init__(self, base: sqlite3.Connection, data: bytes, budget: Budget) -> None:
        self.base, self.budget = base, budget
        self.late: Unreadable | None = None
        base.deserialize(data)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA cell_size_check = ON")
        base.text_factory = _text
        base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY)
        base.set_progress_handler(self._look, _STEPS)
        self.writer = BlockWriter()
        self.damage: Problem | None = None
        self.members: list[Member] = []
        self.number = 0  # of members

    def _look(self) -> int:
        """Ends a statement when the time is up."""
        try:
            self.budget.check_time()
        except Unreadable as limit:
            self.late = limit
            return 1
        return 0

    def everything(self) -> Iterator[Block | Member | Problem]:
        """Table by table; those of modules are left to the tables that hold their content."""
        found = self.base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rootpage").fetchall()
        for name, sql in found:
            if name.lower().startswith("sqlite_") or (sql or "").upper().lstrip().startswith("CREATE VIRTUAL"):
                continue
            self.budget.spend_part()
            self.writer.scope += 1
            for block in self.writer.table(self._rows(name), Cell(name, 1, 1), section=Section.BODY, heading=name):
                yield block
                yield from self._taken()
            yield from self._taken()
            if self.late:
                raise self.late
            if self.damage:
                yield self.damage
                self.damage = None

    def _taken(self) -> list[Member]:
        found, self.members = self.members, []
        return found

    def _rows(self, table: str) -> Iterator[Row]:
        quoted = table.replace('"', '""')
        try:
            cursor = self.base.execute(f'SELECT * FROM "{quoted}"')
            yield 1, [(n, column[0]) for n, column in enumerate(cursor.description, 1)]
            for number, values in enumerate(cursor, 2):
                cells = [(n, text) for n, value in enumerate(values, 1) if (text := self._shown(value))]
                if cells:
                    self.budget.spend_characters(sum(len(text) for _, text in cells))
                    yield number, cells
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self.damage = Problem(Stage.EXTRACT, Code.CORRUPT, type(error).__name__, table)

    def _shown(self, value: object) -> str:
        """A value as text; bytes only where they are text, a document as a member of its own."""
        if value is None:
            return ""
        if not isinstance(value, bytes):
            return str(value)
        if found := contained(value, f"blob{self.number + 1}"):
            self.number += 1
            self.members.append(found)
            return ""
        return value_text(value)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return text_of(raw)[0]
