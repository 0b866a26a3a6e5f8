"""Reads csv and tsv: finds the delimiter, streams records, keeps the physical line of each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import decoded, lines, peek, texts
from scanner.model import Block, Cell, Document, Member, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

Row = tuple[int, list[tuple[int, str]]]

_DELIMITERS = ",\t;|"
_FIELD = 1 << 23  # characters: more than any line that decoding.lines gives
_LINES = 400  # a quoted field over more lines is an unclosed quote
_SPAN = 1 << 21  # characters: the same
_SAMPLE = 65_536


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """All cells as TABLE blocks, row = line of the file on which the record begins; a file that is no table as text."""
    source = decoded(stream, budget)
    yield from source.notes
    writer = BlockWriter()
    sample, pieces = peek(source.pieces, _SAMPLE)
    name = document.inside[-1] if document.inside else document.uri
    preferred = "\t" if name.lower().endswith((".tsv", ".tab")) else ","
    delimiter = delimiter_of(sample, preferred) or (preferred if _one_column(sample) else "")
    if delimiter:
        yield from tables(writer, pieces, delimiter)
    else:
        yield from texts(writer, pieces)
    yield from source.after()


def tables(writer: BlockWriter, pieces: Iterator[str], delimiter: str) -> Iterator[Block]:
    """The records as TABLE blocks."""
    yield from writer.table(rows(lines(pieces), delimiter), Cell("", 1, 1))


def delimiter_of(sample: str, preferred: str = ",", *, strict: bool = False) -> str:
    """The delimiter by which most rows have the same number of fields; "" when the text is no table.

    ``strict``: for a file whose name does not promise a table; only a text that is certainly one passes.
    """
    best, best_score = "", 0.0
    for delimiter in sorted(_DELIMITERS, key=lambda d: d != preferred):
        counts = _widths(sample, delimiter)
        if not counts:
            continue
        wide = sum(1 for n in counts if n > 1)
        width, same = Counter(n for n in counts if n > 1).most_common(1)[0] if wide else (1, 0)
        even = same / len(counts)
        if strict and not (len(counts) >= 4 and even >= 0.9 and width >= (4 if delimiter in ",;" else 2)):
            continue
        if not strict and (even < 0.3 or wide / len(counts) < 0.5) and not (delimiter == preferred and even >= 0.2):
            continue
        score = even + min(width, 20) / 40 + (0.3 if delimiter == preferred else 0.0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    whole = sample if len(sample) < _SAMPLE or "\n" not in sample else sample[: sample.rindex("\n")]
    out = []
    for _, cells in rows(iter(whole.splitlines(keepends=True)[:400]), delimiter, keep_empty=True):
        if any(text.strip() for _, text in cells):
            out.append(len(cells))
    return out


def _one_column(sample: str) -> bool:
    """Short lines only, the first of them no longer than a header: a list of one column."""
    listed = [line for line in sample.splitlines() if line.strip()]
    return len(listed) > 1 and len(listed[0]) <= 20 and all(len(line) <= 60 for line in listed)


def rows(source: Iterator[str], delimiter: str, *, keep_empty: bool = False) -> Iterator[Row]:
    """Records as ``(line, [(column, text), …])``; empty cells are left out. Never fails: broken quotes are read as they stand."""
    csv.field_size_limit(_FIELD)
    feed = _Feed(source)
    number, column = 0, 0  # of the line the record begins on; columns already given of a line that came in parts
    while True:
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        try:
            for record in reader:
                number += 0 if column else 1
                yield number, _cells(record, column, keep_empty)
                number += max(0, len(feed.taken) - 1)
                column = 0 if feed.taken[-1].endswith("\n") else column + len(record)
                feed.taken.clear()
        except (csv.Error, _RunawayError):
            taken, feed.taken = feed.taken, []
            for line in taken:
                number += 0 if column else 1
                record = _loose(line, delimiter, lenient=len(taken) == 1)
                yield number, _cells(record, column, keep_empty)
                column = 0 if line.endswith("\n") else column + len(record)
        else:
            return


class _RunawayError(Exception):
    """A quote that never closes."""


class _Feed:
    """Hands lines to the reader and remembers those of the record being read."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.taken: list[str] = []
        self.held = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if not self.taken:
            self.held = 0
        elif len(self.taken) > _LINES or self.held > _SPAN:
            raise _RunawayError
        line = next(self.source)
        self.taken.append(line)
        self.held += len(line)
        return line


def _loose(line: str, delimiter: str, *, lenient: bool) -> list[str]:
    """The fields of one line whose quotes are broken."""
    line = line.rstrip("\n")
    if lenient:
        record = next(csv.reader([line], delimiter=delimiter), [])
        if not any("\n" in field for field in record):
            return record
    return line.split(delimiter)


def _cells(record: Sequence[str], column: int, keep_empty: bool) -> list[tuple[int, str]]:
    return [(column + n, text) for n, text in enumerate(record, 1) if keep_empty or text.strip()]
