"""What on a page is a label, what is its value and what a column holds: found once, used by every detector."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model import Ints
from scanner.text.labels import Label


@dataclass(frozen=True, slots=True)
class Field:
    """A label with the value beside, below or behind it. View positions; the value is trimmed of white space.

    ``above``: the label of the group it stands under (「被共済者」 over 「氏名」), or None.
    """

    label: Label
    label_start: int
    label_end: int
    start: int
    end: int
    above: Label | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a table with a header. ``cells``: indices of its cells below the header (``Reading.cell(i)``).

    ``label``: None when the book does not know the header; ``header``: the header's text in canonical form.
    """

    number: int
    header: str
    label: Label | None
    cells: Ints
    above: Label | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """``fields``: in reading order. ``columns``: of tables with a header. ``labels``: view ranges that are labels or headers."""

    fields: tuple[Field, ...] = ()
    columns: tuple[Column, ...] = ()
    labels: tuple[tuple[int, int], ...] = ()

    @property
    def tabular(self) -> bool:
        """Whether it is a table whose rows are records."""
        return bool(self.columns)
