"""What stands around a place in a reading: its label, its column, the nearest cue word before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

import ahocorasick_rs
import numpy as np

from scanner.detect.rules import Rule
from scanner.model import Kind
from scanner.text.labels import Label, LabelBook, canonical
from scanner.text.layout import Column
from scanner.text.view import Reading

REACH = 60  # characters of text before a match in which cues are looked for; spaces among them do not count as distance
_FIRM = ("corporate_number", "business_phone", "org_name")
_NAME_KANA = ("kana", "surname-kana", "given-kana")
AFTER = 15  # characters behind it


@dataclass(slots=True)
class Cue:
    """What a word says: it supports ``entities`` and ``rules``, announces an ``other`` number, or rejects ``denied`` rules."""

    entities: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    other: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A cue word found: where it ends before the match, counted in characters without spaces; ``clear``: no digit between."""

    word: str
    cue: Cue
    distance: int
    clear: bool


class Cues:
    """Every word that speaks for or against a number, found in one pass over a short stretch of text."""

    def __init__(self, rules: Iterable[Rule], book: LabelBook) -> None:
        self._cues: dict[str, Cue] = {}
        rules = tuple(rules)
        entities = {r.entity for r in rules} | {"birth_date"}
        for rule in rules:
            for word in rule.near:
                self._at(word).rules.add(rule.id)
            for word in rule.deny:
                self._at(word).denied.add(rule.id)
        for word in book.words:
            label = book.look(word)
            if label is None or len(word) < 2:
                continue
            if label.entity in entities:
                self._at(word).entities.add(label.entity)
            elif not label.entity and label.hint == "number":
                self._at(word).other = True
        self._words = list(self._cues)
        self._machine = ahocorasick_rs.AhoCorasick(self._words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def _at(self, word: str) -> Cue:
        return self._cues.setdefault(canonical(word) or word, Cue())

    def before(self, text: str) -> list[Said]:
        """The cues in the text that ends where a match begins, nearest first."""
        parts = text.lower().split()
        packed = "".join(parts)
        found = self._machine.find_matches_as_indexes(packed)
        if not found:
            return []
        borders = set(accumulate(len(p) for p in parts))
        out: list[Said] = []
        for which, start, end in found:
            if not _whole(packed, start, end, borders):
                continue
            word = self._words[which]
            between = packed[end:]
            out.append(Said(word, self._cues[word], len(between), not any(c.isdigit() for c in between)))
        out.reverse()
        return out


def _whole(text: str, start: int, end: int, borders: set[int]) -> bool:
    """A Latin word counts only as a whole word; ``borders``: where white space was taken out."""
    if not text[start].isascii():
        return True
    if start and start not in borders and text[start - 1].isascii() and text[start - 1].isalpha():
        return False
    return end in borders or not (end < len(text) and text[end].isascii() and text[end].isalpha())


class Surroundings:
    """The labels and lines of one reading, by position."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.heard: tuple[int, list[Said]] | None = None  # the cues before the place asked about last
        layout = reading.layout
        self._fields = sorted(layout.fields, key=lambda f: f.start)
        self._starts = [f.start for f in self._fields]
        self._column: list[Column] = list(layout.columns)

    @cached_property
    def _column_of_cell(self) -> list[int]:
        out = np.full(len(self.reading.starts), -1, dtype=np.int32)
        for n, column in enumerate(self._column):
            out[column.cells] = n
        return out.tolist()

    def column_at(self, position: int) -> Column | None:
        """The column with a header that holds a position."""
        if not self._column:
            return None
        n = self._column_of_cell[self.reading.cell_at(position)]
        return self._column[n] if n >= 0 else None

    def labels_at(self, position: int) -> tuple[Label | None, Label | None]:
        """(label of the innermost field or the column that holds a position, the label above it)."""
        best: tuple[int, Label, Label | None] | None = None
        i = bisect_right(self._starts, position) - 1
        for f in self._fields[max(0, i - 6) : i + 1]:
            if f.start <= position < f.end and (best is None or f.end - f.start < best[0]):
                best = (f.end - f.start, f.label, f.above)
        if best is not None:
            return best[1], best[2]
        column = self.column_at(position)
        return (column.label, column.above) if column is not None else (None, None)

    def before(self, position: int) -> str:
        """Text before a position in which cues count: the row of a table, the keys above in pairs, two lines of text."""
        text, block = self.reading.text, self.reading.block
        low = max(0, position - REACH)
        if block.kind is Kind.TABLE and block.rows is not None:
            cell = self.reading.cell_at(position)
            row = block.rows[cell]
            first = cell
            while first > 0 and block.rows[first - 1] == row and int(self.reading.starts[first]) > low:
                first -= 1
            return text[max(low, int(self.reading.starts[first])) : position]
        stretch = text[low:position]
        if block.kind is Kind.PAIRS:
            return stretch
        lines = stretch.split("\n")
        return "\n".join(lines[-3:])

    def after(self, position: int) -> str:
        """The rest of the line or cell behind a position, shortened."""
        return self.reading.text[position : position + AFTER].split("\n")[0].split("\t")[0]

    def line_before(self, position: int) -> str:
        """The line, the row of a table, or the nearest keys and values of pairs before a position; at most REACH characters."""
        text = self.reading.text[max(0, position - REACH) : position]
        if self.reading.block.kind is Kind.TEXT:
            return text.rsplit("\n", 1)[-1]
        return text if self.reading.block.kind is Kind.PAIRS else self.before(position)

    def lines_above(self, position: int) -> str:
        """The two lines over the one that holds a position, where text has lines; at most 120 characters."""
        if self.reading.block.kind is not Kind.TEXT:
            return ""
        text = self.reading.text[max(0, position - 120) : position]
        return "\n".join(text.split("\n")[-3:-1])

    def value_at(self, position: int) -> tuple[int, int]:
        """Start and end of the innermost field, else of the cell or line, that holds a position."""
        best = self.reading.cell(self.reading.cell_at(position))
        i = bisect_right(self._starts, position) - 1
        for f in self._fields[max(0, i - 6) : i + 1]:
            if f.start <= position < f.end and f.end - f.start < best[1] - best[0]:
                best = f.start, f.end
        return best

    @cached_property
    def headers(self) -> str:
        """The headers of the table, and what they say together: 記号 and 番号 of persons are those of a health insurance."""
        labels = [c.label for c in self._column if c.label is not None]
        hints = {x.hint for x in labels if not x.entity}
        words = [c.above.word for c in self._column if c.above is not None] + [c.header for c in self._column]
        persons = any(x.entity == "person_name" for x in labels)
        if (
            persons
            and ("both" in hints or {"symbol", "bare-number"} <= hints)
            and not any("銀行" in w or "金融" in w or "書類" in w for w in words)
        ):
            words.append("健康保険")
        return " ".join(words)

    @cached_property
    def organisations(self) -> bool:
        """Whether the reading is a table of organisations: firms with their seats and numbers, no column of persons."""
        labels = [c.label for c in self._column if c.label is not None]
        if any(x.entity in ("birth_date", "gender", "person_name") and x.hint not in _NAME_KANA for x in labels):
            return False
        return any(x.entity in _FIRM or x.hint in ("organisation", "org") for x in labels)


def counts_rows(reading: Reading, column: Column) -> bool:
    """Whether a column that is only called number counts its rows: 1, 2, 3 …"""
    if column.label is None or column.label.entity or column.label.hint != "bare-number":
        return False
    values = [reading.text[slice(*reading.cell(i))].strip() for i in column.cells[:60].tolist()]
    numbers = [int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 7]
    steps = sum(1 for a, b in pairwise(numbers) if b == a + 1)
    return len(numbers) >= 2 and steps >= 0.8 * (len(numbers) - 1)
