"""Puts the text of a rich text file together: lines, table cells and rows at every level, for one story (body, header, note …)."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.model import Section

Rows = list[tuple[int, list[tuple[int, str]]]]
_LONGEST = 1 << 20  # characters gathered before they are given out


@dataclass
class Level:
    """A table being read: the lines of the open cell, the cells of the open row, the rows before it."""

    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    rows: Rows = field(default_factory=list)


@dataclass
class Story:
    """One run of paragraphs and tables. ``ready``: finished texts with the number of their first line, tables, in order."""

    name: str = ""
    section: Section = Section.BODY
    pieces: list[str] = field(default_factory=list)
    ready: list[tuple[int, str] | Rows] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    levels: dict[int, Level] = field(default_factory=dict)
    later: list[Rows] = field(default_factory=list)
    first: int = 1
    number: int = 0
    held: int = 0

    def say(self, text: str) -> None:
        """Adds to the open line."""
        self.pieces.append(text)

    def line(self) -> str:
        """Takes the open line away."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return whole(text)

    def end_line(self, level: int) -> None:
        """The end of a paragraph: into the open cell where it stands in a table (``level`` above 0)."""
        text = self.line()
        if level:
            self.levels.setdefault(level, Level()).lines.append(text)
            return
        self._end_table()
        self.number += 1
        self.held += len(text) + 1
        self.lines.append(text)
        if self.held > _LONGEST:
            self.flush()

    def end_cell(self, level: int) -> None:
        """The end of a cell; ``level``: 1 for a table, 2 and more for those within one another."""
        at = self.levels.setdefault(level, Level())
        if level == 1 and not at.rows and not at.cells:
            self._end_text()
        at.lines.append(self.line())
        at.cells.append("\n".join(at.lines).strip("\n"))
        at.lines = []

    def end_row(self, level: int) -> None:
        """The end of a row."""
        at = self.levels.get(level)
        if at is None or not at.cells:
            return
        cells = [(column, text) for column, text in enumerate(at.cells, 1) if text.strip()]
        at.cells = []
        at.rows.append((at.rows[-1][0] + 1 if at.rows else 1, cells))
        self.held += sum(len(text) + 1 for _, text in cells)
        for deeper in [n for n in self.levels if n > level]:
            self._close(self.levels.pop(deeper))
        if level == 1 and self.held > _LONGEST:
            self.flush()

    def _close(self, level: Level) -> None:
        """Tables within a table stand after it."""
        if level.lines or level.cells:
            level.rows.append(
                (len(level.rows) + 1, [(n, t) for n, t in enumerate((*level.cells, "\n".join(level.lines)), 1) if t.strip()])
            )
        rows = [row for row in level.rows if row[1]]
        if rows:
            self.later.append(rows)

    def _end_text(self) -> None:
        if any(line.strip() for line in self.lines):
            skipped = next(n for n, line in enumerate(self.lines) if line.strip())
            self.ready.append((self.first + skipped, "\n".join(self.lines[skipped:]).rstrip("\n")))
        self.lines = []
        self.first = self.number + 1

    def _end_table(self) -> None:
        if not self.levels and not self.later:
            return
        outer = self.levels.pop(1, None)
        inner, self.later = self.later, []
        if outer is not None:
            self._close(outer)
        for level in sorted(self.levels):
            self._close(self.levels[level])
        self.levels.clear()
        for rows in (*self.later, *inner):
            if len(rows) == 1 and len(rows[0][1]) == 1:  # a frame of one cell is running text
                self.lines.append(rows[0][1][0][1])
                continue
            self._end_text()
            self.ready.append(rows)
        self.later = []

    def flush(self) -> None:
        """Everything gathered becomes ready."""
        if self.pieces:
            self._end_table()
            self.lines.append(self.line())
        self._end_table()
        self._end_text()
        self.held = 0

    def taken(self) -> list[tuple[int, str] | Rows]:
        """What is ready, taken away."""
        ready, self.ready = self.ready, []
        return ready

    def text(self) -> str:
        """All of a short story as one text."""
        self.flush()
        texts = [item[1] if isinstance(item, tuple) else _plain(item) for item in self.taken()]
        return "\n".join(texts).strip()


def _plain(rows: Rows) -> str:
    return "\n".join("\t".join(text for _, text in cells) for _, cells in rows)


def whole(text: str) -> str:
    """Text with its halves of surrogate pairs put together; a half alone becomes the replacement character."""
    if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
