"""Cuts what a reader finds into numbered blocks of at most one window, at record borders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from scanner.model import WINDOW, Anchor, Block, Ints, Kind, Line, Page, Part, Section


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int32)


class BlockWriter:
    """Numbers the blocks of one document in reading order.

    ``scope`` (see Block) is set by the reader as it goes from page to page; line breaks become ``\\n``, tabs in cells spaces.
    """

    def __init__(self) -> None:
        self.index = 0
        self.scope = 0

    def text(self, text: str, place: Anchor, *, section: Section = Section.BODY, heading: str = "") -> Iterator[Block]:
        """Blocks of lines. Windows are cut after a line; a line longer than a window is cut where it must be."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        begin, line = 0, 0
        while begin < len(text):
            end = min(begin + WINDOW, len(text))
            if end < len(text):
                cut = text.rfind("\n", begin, end)
                end = cut + 1 if cut >= begin else end
            window = text[begin:end]
            ends_line = window.endswith("\n")
            body = window[:-1] if ends_line else window
            if body.strip():
                starts = _line_starts(body)
                yield self._block(body, Kind.TEXT, _moved(place, line), starts, section=section, heading=heading)
            line += window.count("\n")
            begin = end

    def table(
        self,
        rows: Iterable[tuple[int, Sequence[tuple[int, str]]]],
        place: Anchor,
        *,
        section: Section = Section.BODY,
        heading: str = "",
        kind: Kind = Kind.TABLE,
        records: Iterable[int] | None = None,
    ) -> Iterator[Block]:
        """Blocks of cells from ``(row number, [(column number, text), …])``; empty cells may be left out.

        ``records``: one record number for each row, where the format knows better than "a row is a record".
        """
        window = _Window()
        part = 0
        numbers = iter(records) if records is not None else None
        for row, cells in rows:
            record = next(numbers) if numbers is not None else None
            for piece in _fitting(cells):
                size = sum(len(text) + 1 for _, text in piece)
                if window.starts and window.size + size > WINDOW:
                    yield self._close(window, kind, place, section, heading, part)
                    window, part = _Window(), part + 1
                window.add(row, piece, record)
        if window.starts:
            yield self._close(window, kind, place, section, heading, part)

    def pairs(
        self,
        pairs: Iterable[tuple[str, str, int]],
        place: Anchor,
        *,
        section: Section = Section.BODY,
        heading: str = "",
    ) -> Iterator[Block]:
        """Blocks of ``(key, value, record number)``; the key is a path such as ``members[3].name`` or a label."""
        listed = list(pairs)
        yield from self.table(
            ((n, ((1, key), (2, value))) for n, (key, value, _) in enumerate(listed, 1)),
            place,
            section=section,
            heading=heading,
            kind=Kind.PAIRS,
            records=[record for _, _, record in listed],
        )

    def _close(self, w: _Window, kind: Kind, place: Anchor, section: Section, heading: str, part: int) -> Block:
        return self._block(
            "".join(w.pieces)[:-1],
            kind,
            place,
            _ints(w.starts),
            rows=_ints(w.rows),
            columns=_ints(w.columns),
            records=_ints(w.records) if w.records else None,
            section=section,
            heading=heading,
            part=part,
        )

    def _block(
        self,
        text: str,
        kind: Kind,
        place: Anchor,
        starts: Ints,
        *,
        rows: Ints | None = None,
        columns: Ints | None = None,
        records: Ints | None = None,
        section: Section,
        heading: str,
        part: int = 0,
    ) -> Block:
        block = Block(self.index, text, kind, place, starts, rows, columns, records, section, heading, self.scope, part)
        self.index += 1
        return block


class _Window:
    """The cells gathered for one block."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.records: list[int] = []
        self.size = 0

    def add(self, row: int, cells: Sequence[tuple[int, str]], record: int | None) -> None:
        last = len(cells) - 1
        for n, (column, text) in enumerate(cells):
            self.starts.append(self.size)
            self.rows.append(row)
            self.columns.append(column)
            if record is not None:
                self.records.append(record)
            self.pieces.append(text)
            self.pieces.append("\n" if n == last else "\t")
            self.size += len(text) + 1


def _fitting(cells: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """The row in pieces that each fit a window: nearly always one."""
    piece: list[tuple[int, str]] = []
    size = 0
    for column, text in cells:
        clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        while len(clean) > WINDOW - 2:
            if piece:
                yield piece
                piece, size = [], 0
            yield [(column, clean[: WINDOW - 2])]
            clean = clean[WINDOW - 2 :]
        if size + len(clean) + 1 > WINDOW:
            yield piece
            piece, size = [], 0
        piece.append((column, clean))
        size += len(clean) + 1
    if piece:
        yield piece


def _line_starts(text: str) -> Ints:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    breaks = np.flatnonzero(codes == 10) + 1
    return np.concatenate((np.zeros(1, dtype=np.int32), breaks.astype(np.int32)))


def _moved(place: Anchor, lines: int) -> Anchor:
    match place:
        case Line(line, column):
            return Line(line + lines, column)
        case Page(page, line):
            return Page(page, (line or 1) + lines)
        case Part(name, number) if number:
            return Part(name, number + lines)
        case other:
            return other
