"""What a table tells of who its people are: relations and posts in the cells of a row, households of several rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from scanner.classify.rolecues import NOTHING, Cues, Told, Weight
from scanner.model import Kind, PersonRole
from scanner.text.view import Reading

_RELATION = re.compile(r"(?:続柄|続き柄|関係|間柄|relation(?:ship)?)$")
_OF_HOUSEHOLD = re.compile(r"世帯主|筆頭者")  # a patient's own relation to the head of his household makes him no relative
_FIRM_RELATION = re.compile(
    r"(?:本人|契約者|患者|利用者|被共済者|被保険者|請求者|対象者|組合員|職員|社員|児童|生徒|園児)(?:と|から|に)"
)
_POST = re.compile(r"^(?:役職|役職名|職名|職種|役割|肩書き?|立場|担当)$")
_OF_EMPLOYEES = frozenset(("birth_date", "gender", "age", "my_number", "member_number"))  # of staff who are what the table is about
_BARE = re.compile(r"[\s:・()]|[0-9]{1,2}$")
_KEY = 4  # characters: a shorter value that two rows share says little


class Rows:
    """The cells of one block of a table, looked up by view position."""

    def __init__(self, reading: Reading, cues: Cues, sensitive: bool) -> None:
        self._reading, self._cues = reading, cues
        block = reading.block
        self._starts: list[int] = reading.starts.tolist()
        self._rows: list[int] = block.rows.tolist() if block.rows is not None else []
        self._labels = {start for start, _ in reading.layout.labels}
        self._told: dict[int, tuple[int, Told]] = {}  # row → column and what a cell of it tells
        self._pairs = block.kind is Kind.PAIRS
        self.heads: dict[int, tuple[str, str]] = {}  # column → its header, the one above
        self._headers: dict[int, Told] = {}
        if not self._pairs and block.columns is not None:
            for column in reading.layout.columns:
                self.heads[column.number] = column.header, column.above.word if column.above else ""
                word, role = cues.ending(_BARE.sub("", column.header)) if column.label is None else ("", PersonRole.UNKNOWN)
                if role is not PersonRole.UNKNOWN:
                    self._headers[column.number] = Told(role, Weight.FIRM, f"column {word}")
            self._columns: list[int] = block.columns.tolist()
            for column in reading.layout.columns:
                if _RELATION.search(column.header) and not _OF_HOUSEHOLD.search(column.header):
                    self._relations(column.number, column.header, column.cells.tolist())
            entities = {c.label.entity for c in reading.layout.columns if c.label}
            if not (sensitive or entities & _OF_EMPLOYEES):
                for column in reading.layout.columns:
                    if _POST.search(column.header):
                        self._posts(column.number, column.cells.tolist())

    def cell(self, position: int) -> int:
        """Index of the cell that holds a view position."""
        return max(0, bisect_right(self._starts, position) - 1)

    def _text(self, index: int) -> str:
        start, end = self._bounds(index)
        if self._pairs:
            start = max(start, self._reading.text.rfind(".", start, end) + 1)  # the last part of a key path
        return self._reading.text[start:end] if end - start <= 16 else ""

    def _bounds(self, index: int) -> tuple[int, int]:
        start = self._starts[index]
        return start, (self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(self._reading.text))

    def fills(self, index: int, start: int, end: int) -> bool:
        """Whether a cell holds nothing besides the range."""
        first, last = self._bounds(index)
        return last - first <= end - start + 1

    def opens(self, index: int, start: int) -> bool:
        """Whether a view position is the beginning of its cell."""
        return self._starts[index] == start

    def _role(self, index: int) -> tuple[str, PersonRole]:
        word = _BARE.sub("", self._text(index))
        return word, self._cues.whole.get(word, PersonRole.UNKNOWN)

    # ------------------------------------------------------------ columns

    def _relations(self, number: int, header: str, cells: list[int]) -> None:
        """A household list has rows of relatives below the row of the one they belong to; elsewhere each row has a subject."""
        firm = _FIRM_RELATION.search(header) is not None
        kin: dict[int, str] = {}
        for i in cells:
            word, role = self._cues.ending(_BARE.sub("", self._text(i)))
            if role is not PersonRole.UNKNOWN:
                kin[i] = word
        mains = {i for i, word in kin.items() if word in self._cues.own}
        by_row: dict[int, dict[int, str]] = {}
        if mains and not firm:
            wanted = {self._rows[i] for i in kin}
            for n, row in enumerate(self._rows):
                if row in wanted:
                    by_row.setdefault(row, {})[self._columns[n]] = self._reading.text[slice(*self._bounds(n))]
        usual = _usual(by_row)
        main: dict[int, str] = {}
        for i, word in kin.items():
            row = self._rows[i]
            if i in mains:
                main = by_row.get(row, {})
                self._told[row] = number, Told(PersonRole.SUBJECT, Weight.FIRM, f"relation {word}")
            elif word not in self._cues.kin:
                role = self._cues.whole[word]  # 新郎上司 is somebody else for a list of guests
                role = PersonRole.OTHER if role in (PersonRole.STAFF, PersonRole.PROFESSIONAL) else role
                self._told[row] = number, Told(role, Weight.FIRM, f"relation {word}")
            elif firm or not mains or _shares(main, by_row.get(row, {}), usual):
                self._told[row] = number, Told(PersonRole.FAMILY, Weight.FIRM, f"relation {word}")

    def _posts(self, number: int, cells: list[int]) -> None:
        for i in cells:
            word, role = self._role(i)
            if role in (PersonRole.STAFF, PersonRole.PROFESSIONAL):
                self._told.setdefault(self._rows[i], (number, Told(role, Weight.FIRM, f"title {word}")))

    # ------------------------------------------------------------ one name

    def relation_column(self, index: int) -> int | None:
        """The column of the relation or post that the row of a cell names, or None."""
        told = self._told.get(self._rows[index]) if self._rows else None
        return told[0] if told else None

    def place(self, index: int) -> tuple[int, int]:
        """Row and column of a cell, (0, 0) where there are none."""
        return (self._rows[index], self._columns[index]) if self._rows and not self._pairs else (0, 0)

    def told(self, index: int, nearest: bool) -> Told:
        """What the row of a name tells. ``nearest``: no other name lies between it and the column of relations."""
        if not self._rows:
            return NOTHING
        row = self._rows[index]
        if nearest and row in self._told:
            return self._told[row][1]
        left, right = self._beside(index, -1), self._beside(index, 1)
        word, role = self._role(left) if left >= 0 else ("", PersonRole.UNKNOWN)
        if role not in (PersonRole.UNKNOWN, PersonRole.SUBJECT) or word in self._cues.core:
            return self._said(word, role)
        return self._behind(right) or (self._said(word, role) if role else NOTHING)

    def _behind(self, right: int) -> Told | None:
        """What the cell behind a name says of a relation, or the cell behind a label 続柄 there."""
        if right < 0:
            return None
        word, role = self._role(right)
        if _RELATION.search(word) and not _OF_HOUSEHOLD.search(word):
            beyond = self._beside(right, 1)
            word, role = self._role(beyond) if beyond >= 0 else ("", PersonRole.UNKNOWN)
        elif self._starts[right] in self._labels:
            return None
        if word in self._cues.kin or word in self._cues.own or role is PersonRole.OTHER:
            return self._said(word, role)
        return None

    def _beside(self, index: int, step: int) -> int:
        """Index of the next cell of the row, -1 when there is none; in pairs the next key and its value count as beside."""
        near = index + step
        if not 0 <= near < len(self._rows):
            return -1
        return near if self._rows[near] == self._rows[index] or (self._pairs and step > 0) else -1

    def _said(self, word: str, role: PersonRole) -> Told:
        weight = Weight.SURE if word in self._cues.core else Weight.FIRM
        return Told(role, weight, f"relation {word}" if word in self._cues.kin else f"title {word}")

    def header(self, index: int) -> Told:
        """What the header of the column tells of a name that no label of a person announces."""
        if self._pairs or not self._rows:
            return NOTHING
        return self._headers.get(self._columns[index], NOTHING)


def _usual(by_row: Mapping[int, Mapping[int, str]]) -> set[tuple[int, str]]:
    """Values that most rows share: an insurer's number, a year."""
    counts: dict[tuple[int, str], int] = {}
    for cells in by_row.values():
        for item in cells.items():
            counts[item] = counts.get(item, 0) + 1
    return {item for item, n in counts.items() if n * 2 > len(by_row) and n > 5}


def _shares(main: Mapping[int, str], row: Mapping[int, str], usual: set[tuple[int, str]]) -> bool:
    """Whether two rows share a number or an address, as rows of one household do."""
    return any(
        len(value) >= _KEY and row.get(column) == value and (column, value) not in usual and re.search(r"[0-9]", value)
        for column, value in main.items()
    )
