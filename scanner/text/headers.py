"""Which rows of a table are its header, and what each header cell, or two over one another, names."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from scanner.text.labels import Label, LabelBook, canonical

_DATA = re.compile(r"[0-9]{2,}|@")
_FIGURES = re.compile(r"[<>≦≧±+-]?\s?[0-9]|\([+-]|[+-]\)|[12]?[+-]$|±")  # a measured value
_NOTE = re.compile(r"\(.{0,12}\)|和暦|西暦|半角|全角|任意|必須")  # a header cell that only explains the one above it
_OPEN = ("number", "bare-number", "state", "date", "text", "organisation", "branch", "goods")  # labels that leave open of what


@dataclass(slots=True)
class At:
    """A cell that holds something."""

    index: int
    column: int
    text: str
    label: Label | None


@dataclass(slots=True)
class Head:
    """A column's header: its text, label and group label."""

    header: str
    label: Label | None
    above: Label | None


def header_depth(rows: list[list[At]], n: int, book: LabelBook) -> int:
    """How many rows from n on are a header: 0, 1 or 2."""
    row = rows[n]
    if n + 2 < len(rows) and (_continued(row, rows[n + 1], rows[n + 2], book) or _spread(row, rows[n + 1], rows[n + 2 : n + 5])):
        return 2
    if not is_header(row, rows[n + 1 : n + 4]):
        grouped = n + 1 < len(rows) and _groups(row, rows[n + 1]) and is_header(rows[n + 1], rows[n + 2 : n + 5])
        return 2 if grouped else 0
    if n + 2 < len(rows) and _labelled(rows[n + 1]) and is_header(rows[n + 1], rows[n + 2 : n + 5]):
        return 2
    return 1


def _continued(row: list[At], lower: list[At], data: list[At], book: LabelBook) -> bool:
    """Whether the cells of two rows make labels together: 「性 / 別」, 「生年月日 / (和暦)」, 「保険者 / 番号」."""
    if len(row) < 3 or len(lower) < 2 or sum(1 for at in row if at.label) * 2 < len(row):
        return False
    if any(len(at.text) > 20 or (_DATA.search(at.text) and not at.label) for at in (*row, *lower)):
        return False
    if any(a.label and not b.label and b.column == a.column + 1 for a, b in pairwise(lower)) and len(lower) < 4:
        return False
    good = made = 0
    for at in lower:
        over = [u for u in row if u.column <= at.column]
        joined = book.look(over[-1].text + at.text) if over else None
        label = _of_both(over[-1], at, joined) if over else at.label
        made += bool(over) and label is not at.label and label is not None
        good += label is not None
    if not made or good * 3 < len(lower) * 2:
        return False
    return any(_DATA.search(at.text) for at in data) and sum(1 for at in data if at.label) * 2 < len(data)


def _spread(row: list[At], lower: list[At], data: list[list[At]]) -> bool:
    """Whether a second row names the columns under the merged cells of the first: words over figures, nothing elsewhere."""
    if sum(1 for at in row if at.label) < 2 or len(lower) < 2 or len(row) < 3:
        return False
    if any(len(at.text) > 20 or _FIGURES.match(at.text) or _DATA.search(at.text) for at in lower):
        return False
    named = {at.column for at in lower}
    alone = {at.column for at in row} - named
    figures = [{at.column for at in other if _FIGURES.match(at.text)} for other in data]
    filled = [{at.column for at in other} for other in data]
    if not data or len(alone) < 2 or any(len(f & alone) * 2 < len(alone) for f in filled):
        return False
    gaps = named - {at.column for at in row}
    return bool(gaps) and all(len(f & named) * 10 >= len(named) * 6 for f in figures)


def _groups(row: list[At], header: list[At]) -> bool:
    """Whether a row of few labels stands above a header to group its columns, and is not a line of labels and values."""
    if len(row) >= len(header) or not _labelled(row):
        return False
    return not any(a.label and not b.label and b.column == a.column + 1 for a, b in pairwise(row))


def _labelled(row: list[At]) -> bool:
    return sum(1 for at in row if at.label) * 2 >= len(row)


def is_header(row: list[At], below: list[list[At]]) -> bool:
    """Whether a row names the columns of the rows below it rather than being a line of labels and values."""
    known = [at for at in row if at.label]
    if not below:
        return False
    under: defaultdict[int, list[At]] = defaultdict(list)
    for other in below:
        for at in other:
            under[at.column].append(at)
    if len(row) == 1:
        if len(known) != 1 or len(below) < 2:
            return False
        return all(len(other) == 1 and other[0].column == row[0].column and not other[0].label for other in below[:2])
    if known and _first_known(row, below):
        return True
    if any(_DATA.search(at.text) for at in row if not at.label):
        return False
    headed = sum(1 for at in known if under[at.column] and not under[at.column][0].label)
    beside = sum(1 for a, b in pairwise(row) if a.label and not b.label)
    if len(known) >= 2 and len(known) * 2 >= len(row) and headed >= 2 and headed > beside:
        return True
    if len(known) >= 3 and headed >= 3 and headed > beside:
        return True
    # A header of words the book does not know: short, without figures, over rows of the same width that have figures.
    if len(row) < 3 or any(len(at.text) > 20 for at in row):
        return False
    same = [other for other in below if len(other) >= len(row) - 1 and {a.column for a in other} <= {a.column for a in row}]
    if len(same) < min(2, len(below)) or headed < len(known) or beside * 2 > len(row):
        return False
    return any(_DATA.search(at.text) for other in same for at in other)


def _first_known(row: list[At], below: list[list[At]]) -> bool:
    """Whether a lone known label heads a grid whose other headers are days, figures or words of the house: 氏名 | 1(月) | 2(火)."""
    first = next((at for at in row if at.label and at.label.entity), None)
    if first is None or len(row) < 4 or first.column > 3 or len(below) < 2 or any(len(at.text) > 12 for at in row):
        return False
    columns = {at.column for at in row}
    if any(at.label and not at.label.entity and at.column > first.column for at in row):
        return False
    rows = [other for other in below if len(other) >= 2]
    if len(rows) < 2 or any(at.label for other in rows for at in other if at.column == first.column):
        return False
    if any({at.column for at in other} - columns for other in rows):
        return False
    under = [at.text for other in rows for at in other if at.column == first.column]
    return len(under) == len(rows) and len(set(under)) == len(under) and not any(_DATA.search(t) for t in under)


def heads_of(rows: list[list[At]], book: LabelBook) -> dict[int, Head]:
    """Column number → header; of two header rows the lower one names, the upper one groups, or both make one label (性 over 別)."""
    upper = rows[0] if len(rows) == 2 else []
    out: dict[int, Head] = {}
    for at in upper:
        out[at.column] = Head(canonical(at.text), at.label, None)
    for at in rows[-1]:
        over = [u for u in upper if u.column <= at.column]
        if not over:
            out[at.column] = Head(canonical(at.text), at.label, None)
            continue
        joined = book.look(over[-1].text + at.text) if len(over[-1].text) + len(at.text) <= LabelBook.LONGEST else None
        label = _of_both(over[-1], at, joined)
        header = canonical(at.text) if label is at.label else canonical(over[-1].text + at.text)
        out[at.column] = Head(header, label, over[-1].label)
    return out


def _of_both(over: At, at: At, joined: Label | None) -> Label | None:
    """The label of a column under two header cells: that of both read as one where the lower one says little by itself."""
    if _NOTE.fullmatch(at.text):  # 「(和暦)」 under 「生年月日」
        return joined or over.label
    open_ended = at.label is None or not at.label.entity
    if open_ended and joined is not None and joined.entity and (at.label is None or at.label.hint in _OPEN):
        return joined
    if at.label is None and over.column == at.column and len(at.text) <= 2 and joined is not None:
        return joined
    return at.label
