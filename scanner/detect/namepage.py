"""A reading while names are looked for in it: what is taken, which passages are running text, what its fields and columns say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from scanner.detect.namescore import Found
from scanner.detect.namevalue import ValueReader
from scanner.detect.namewords import SAMPLE_CUE, TITLE
from scanner.model import Kind, Match
from scanner.text.labels import LabelBook
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

_PERSON = "person_name"
_SENTENCE = 16  # characters of a cell from which it may be running text in any column
_PROSE_CELL = 2  # a shorter cell holds no running text
_OF_PERSONS = frozenset(
    (
        "birth_date",
        "gender",
        "age",
        "address",
        "phone_number",
        "health_condition",
        "medication_or_treatment",
        "exam_result",
        "disability",
    )
)
_LIST = re.compile(r"(?:様|さん|氏|先生|君)?(?:\([^()\n]{1,6}\))?[、,・/と及び ]{1,3}")
_TITLED_CELL = re.compile(rf"^[^ ]{{1,6}}(?: [^ ]{{1,5}})? ?{TITLE.pattern}$")  # 「武田課長代理」 under 窓口
_ANIMALS = re.compile("毛色|犬種|猫種|馬名|血統|マイクロチップ|鑑札|ペット名|個体識別")
_COUNTS = re.compile("順位|人数|世帯数|由来|割合|頻度|ランク|^順$|rank|count|frequency")
_ENDS = re.compile(r" ?(?:様|殿|氏|さん|さま)? ?(?:\([^()\n]{1,30}\))?[ 。、]*")  # a value that is a name and nothing else
ORGANISATION_HINTS = ("organisation", "goods")


@dataclass(slots=True)
class Page:
    """What is known of one reading while it is searched."""

    reading: Reading
    book: LabelBook
    matches: list[Match] = field(default_factory=list)
    alone: list[Match] = field(default_factory=list)
    _taken: bytearray = field(default_factory=bytearray)
    _labels: bytearray = field(default_factory=bytearray)
    _example: bool | None = None

    def __post_init__(self) -> None:
        self._taken = bytearray(len(self.reading.text))
        self._labels = bytearray(len(self.reading.text))
        for start, end in self.reading.layout.labels:
            if self.book.look(self.reading.text[start:end]) is None:
                continue  # a header that is no known label may hold a name
            self._labels[start:end] = b"\1" * (end - start)

    def take(self, start: int, end: int) -> None:
        """Mark a range as a name."""
        self._taken[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether no name was found in the range so far."""
        return self._taken.find(1, start, end) < 0

    def labelled(self, start: int, end: int) -> bool:
        """Whether the range touches a label or header."""
        return self._labels.find(1, start, end) >= 0

    def example(self) -> bool:
        """Whether the page calls itself one."""
        if self._example is None:
            self._example = SAMPLE_CUE.search(self.reading.text) is not None
        return self._example

    def beside_name(self, start: int, end: int) -> bool:
        """Whether only what parts the names of a list stands between the range and another name."""
        text = self.reading.text
        before = self._taken.rfind(1, max(0, start - 8), start) + 1
        after = self._taken.find(1, end, end + 8)
        return bool((before and _LIST.fullmatch(text, before, start)) or (after >= 0 and _LIST.fullmatch(text, end, after)))


def personal(page: Page) -> bool:
    """Whether labels of two kinds on the page announce data of a person other than names."""
    layout = page.reading.layout
    labels = (*(f.label for f in layout.fields), *(c.label for c in layout.columns if c.label))
    return len({label.entity for label in labels} & _OF_PERSONS) >= 2


def doubtful_lines(page: Page) -> Iterator[tuple[int, int]]:
    """Lines in which a possible surname stood alone and nothing settled it."""
    last = -1
    for match in page.alone:
        index = page.reading.cell_at(match.start)
        if index != last and page.free(match.start, match.end):
            last = index
            yield page.reading.cell(index)


def filled_cells(reading: Reading, column: Column) -> list[tuple[int, str]]:
    """Start and text of the cells of a column that hold something."""
    out = []
    for index in column.cells.tolist():
        start, end = reading.cell(index)
        if start < end:
            out.append((start, reading.text[start:end]))
    return out


def of_animals(reading: Reading) -> bool:
    """Whether a table's rows are animals: a coat, a breed, a chip, or 牡 and 牝 where the sex stands."""
    columns = reading.layout.columns
    if any(_ANIMALS.search(c.header) for c in columns):
        return True
    sexes = [text for c in columns if c.label and c.label.entity == "gender" for _, text in filled_cells(reading, c)[:50]]
    return sum(1 for text in sexes if re.fullmatch("[牡牝雄雌]|オス|メス|セン", text.strip())) * 2 > len(sexes) > 0


def of_counts(columns: Sequence[Column]) -> bool:
    """Whether a table counts names rather than listing people: ranks, shares, numbers, and nothing of a person beside them."""
    entities = {c.label.entity for c in columns if c.label}
    return any(_COUNTS.search(c.header) for c in columns) and not entities & _OF_PERSONS


def reads_another(columns: Sequence[Column], column: Column) -> bool:
    """Whether a column of readings reads something else than a person: the column before it has a header of another kind."""
    before = [c for c in columns if c.number < column.number and not (c.label and c.label.entity == _PERSON)]
    if not before:
        return False
    header, label = before[-1].header, before[-1].label
    figures = label is not None and (label.entity or label.hint in ("number", "bare-number", "date", "amount"))
    return bool(header) and not figures


def record_of(reading: Reading, position: int) -> int:
    """Number of the record that the position belongs to."""
    cell = reading.cell_at(position)
    block = reading.block
    if block.records is not None:
        return int(block.records[cell])
    return int(block.rows[cell]) if block.rows is not None else cell


def kana_of_something_else(fields: tuple[Field, ...], n: int) -> bool:
    """フリガナ that stands over the name of a company or an address."""
    for other in (*fields[n + 1 : n + 2], *fields[max(0, n - 1) : n]):
        if other.label.entity == _PERSON:
            return False
    following = fields[n + 1 : n + 2]
    return bool(following) and (following[0].label.entity == "address" or following[0].label.hint in ORGANISATION_HINTS)


def supported(fields: tuple[Field, ...], n: int, value: str, found: Found, values: ValueReader) -> bool:
    """In running text a label may be an ordinary word: a doubtful value needs another personal field near it."""
    name = value[found.start : found.end]
    if found.score >= 0.85:
        return True
    if re.fullmatch("[ぁ-ゖー ]+", name):
        return found.score >= 0.8
    near = (*fields[max(0, n - 3) : n], *fields[n + 1 : n + 4])
    if any(f.label.entity and f.label.entity not in (_PERSON, "org_name") for f in near):
        return True
    if fields[n].label.hint == "header" and "@" in value:
        return True
    if re.match("[A-Za-z]", name):
        words = re.split(r"[ ,.-]+", name)
        announced = not fields[n].label.word.isascii() and found.start == 0 and _ENDS.fullmatch(value, found.end) is not None
        return len(name.split()) > 1 and (announced or any(map(values.names.romaji_kind, words)))
    if name in values.names.surnames or values.names.split(name):
        return True
    return found.score >= 0.7 or (found.start == 0 and not value[found.end :].strip(" 様殿氏さん印()"))


def split_pair(fields: tuple[Field, ...], n: int) -> bool:
    """Whether the other half of a name split in two stands beside a label of one letter (姓, 名)."""
    want = "given" if fields[n].label.hint == "surname" else "surname"
    return any(f.label.hint == want for f in (*fields[max(0, n - 2) : n], *fields[n + 1 : n + 3]))


def specimen(reading: Reading, start: int) -> bool:
    """Whether the words before a position announce an example."""
    return bool(SAMPLE_CUE.search(reading.text, max(0, start - 40), start))


def passages(page: Page, only: Collection[int] | None = None) -> Iterator[tuple[int, int, int]]:
    """Lines of text, and cells that are neither labels nor in a column of something else: (number of line or cell, start, end).

    ``only``: numbers to which it is confined.
    """
    reading = page.reading
    chosen = range(len(reading.starts)) if only is None else sorted(only)
    if reading.block.kind is Kind.TEXT:
        for i in chosen:
            start, end = reading.cell(i)
            if end - start >= _PROSE_CELL:
                yield i, start, end
        return
    skip: set[int] = set()  # cells of columns that hold something else, unless a sentence stands in one
    for column in reading.layout.columns:
        label = column.label
        if label is not None and (label.entity or label.hint not in ("text", "state")):
            cells = column.cells.tolist() if only is None else [i for i in column.cells.tolist() if i in only]
            skip.update(i for i in cells if not _sentence(reading.text[slice(*reading.cell(i))]))
    for i in chosen:
        start, end = reading.cell(i)
        if i not in skip and end - start >= _PROSE_CELL and not page.labelled(start, end):
            for line in re.finditer(r"[^\n]+", reading.text[start:end]):
                yield i, start + line.start(), start + line.end()


def _sentence(text: str) -> bool:
    """Whether a cell in a column of something else is read as running text: a sentence, or somebody with a title."""
    if _TITLED_CELL.search(text):
        return True
    return len(text) >= _SENTENCE and bool(re.search("[はがをにのへとで][^ぁ-ん]|ます|です|。", text))
