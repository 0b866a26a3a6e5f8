"""Reads the elements of OpenDocument text: lines, tables, and what hangs on them (boxes, notes, comments, deletions, links)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scanner.extract.office import addressed
from scanner.extract.opc import Element, attribute, local

Rows = list[tuple[int, list[tuple[int, str]]]]

SHAPES = frozenset((
    "frame", "custom-shape", "rect", "line", "polyline", "polygon", "path", "circle", "ellipse", "connector", "caption",
    "measure", "regular-polygon", "g", "control", "scene", "a",
))  # fmt: skip
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHS = frozenset(("p", "h"))
# elements that hold no text of the document: styles, declarations, the numbers of pages, what a program shows beside a picture
_SILENT = frozenset((
    "sequence-decls", "page-number", "page-count", "note-citation", "event-listeners", "binary-data", "table-column",
    "object-ole", "table-columns", "table-header-columns", "bibliography-source", "table-of-content-source",
    "alphabetical-index-source", "illustration-index-source", "table-index-source", "user-index-source",
    "object-index-source", "enhanced-geometry", "page-thumbnail", "settings", "dde-source", "table-source",
    "annotation-end", "list-header-style",
))  # fmt: skip
_TOLD = _SILENT | SHAPES | _PARAGRAPHS | {"", "table", "sub-table", "note", "annotation"}  # what a cell does not only hold
ROW_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
_WIDEST = 256  # cells that a repeated cell is written out for; beyond that it fills a sheet
_FIELDS = ("string-value", "string-value-if-true", "string-value-if-false", "column-name", "description", "help")
_CONTROLS = ("label", "value", "current-value", "title", "help-text", "current-selected")
_MOST = 1000  # spaces that one element may stand for


@dataclass
class Flow:
    """What a stretch of elements says. ``items``: lines and tables in order; the rest is what hangs on them.

    ``comments``: (author, text). ``links``: target → the text it lies under. ``objects``: names of embedded objects.
    """

    items: list[str | Rows] = field(default_factory=list)
    boxes: list[Flow] = field(default_factory=list)
    notes: list[Flow] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    hidden: dict[str, None] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    authors: dict[str, None] = field(default_factory=dict)
    objects: dict[str, None] = field(default_factory=dict)
    title: str = ""
    pages: int = 0
    picture: bool = False

    # ------------------------------------------------------------ between paragraphs

    def take(self, element: Element) -> None:
        """Takes in one element that stands between paragraphs, and everything in it."""
        name = local(element.tag)
        if name in _PARAGRAPHS:
            self.items.append(self.line(element))
        elif name in ("table", "sub-table"):
            self._table(element)
        elif name == "soft-page-break":
            self.pages += 1
        elif name == "tracked-changes":
            self._changes(element)
        elif name in ("note", "annotation"):
            self._aside(element)
        elif name == "forms":
            self._controls(element)
        elif name in SHAPES:
            self._shape(element, self)
        elif name and name not in _SILENT:
            for child in element:
                self.take(child)

    def _table(self, table: Element) -> None:
        nested: list[Element] = []
        rows = table_rows(table, lambda cell: self.cell(cell, nested))
        if len(rows) == 1 and len(rows[0][1]) == 1:  # a frame of one cell is running text
            self.items.append(rows[0][1][0][1])
        elif rows:
            self.items.append(rows)
        for inner in nested:
            self._table(inner)

    def cell(self, cell: Element, nested: list[Element]) -> str:
        """What a cell says; tables in it are added to ``nested``."""
        lines: list[str] = []
        for child in _opened(cell, lambda name: name not in _TOLD):
            name = local(child.tag)
            if name in _PARAGRAPHS:
                lines.append(self.line(child))
            elif name in ("table", "sub-table"):
                nested.append(child)
            elif name in ("note", "annotation"):
                self._aside(child)
            elif name in SHAPES:
                self._boxed(child)
        return "\n".join(lines).strip("\n")

    def _changes(self, element: Element) -> None:
        for region in element:
            for change in region:
                self._author(change)
                for child in change:
                    if local(child.tag) in ("change-info", "creator", "date"):
                        continue
                    flow = Flow()
                    flow.take(child)
                    self.deleted.extend(line for line in flow.lines() if line.strip())

    def _author(self, element: Element) -> None:
        for creator in element.iter("{*}creator"):
            if creator.text:
                self.authors[creator.text] = None

    def _controls(self, element: Element) -> None:
        for control in element.iter():
            for key in _CONTROLS:
                value = attribute(control, key)
                if value and value not in ("true", "false"):
                    self.hidden[value] = None

    # ------------------------------------------------------------ shapes

    def _boxed(self, element: Element) -> None:
        box = Flow()
        self._shape(element, box)
        self.boxes.append(box)

    def _shape(self, element: Element, into: Flow) -> None:
        """A shape's own text into ``into``, its alternative text and its pictures to the flow."""
        for child in element:
            name = local(child.tag)
            if name in ("title", "desc"):
                into.alternatives.append("".join(child.itertext()).strip())
            elif name == "image":
                into.picture = True
                self._object(child, into)
                for inner in child:
                    into.take(inner)
            elif name in ("object", "object-ole"):
                self._object(child, into)
                for inner in child:
                    into.take(inner)
            elif name in SHAPES:
                self._shape(child, into)
            else:
                into.take(child)
        if local(element.tag) == "a":
            into.link(element, "")

    @staticmethod
    def _object(element: Element, into: Flow) -> None:
        target = attribute(element, "href").removeprefix("./").rstrip("/")
        if target and not target.startswith(("Pictures/", "ObjectReplacements/", "media/")) and "://" not in target:
            into.objects[target] = None

    def _aside(self, element: Element) -> None:
        """A note or a comment."""
        inner = Flow()
        for child in element:
            if local(child.tag) not in ("creator", "creator-initials", "date", "date-string", "note-citation", "sender-initials"):
                inner.take(child)
        if local(element.tag) == "note":
            self.notes.append(inner)
        else:
            author = next((child.text or "" for child in element if local(child.tag) == "creator"), "")
            self.comments.append((author, "\n".join(inner.lines()).strip("\n")))
        for name in ("boxes", "comments", "readings"):
            getattr(self, name).extend(getattr(inner, name))
        self.links.update(inner.links)

    # ------------------------------------------------------------ within a paragraph

    def line(self, paragraph: Element) -> str:
        """A paragraph's text; line breaks stay, what hangs on it goes where it belongs."""
        pieces: list[str] = []
        self._inline(paragraph, pieces)
        return "".join(pieces)

    def _inline(self, element: Element, pieces: list[str]) -> None:
        pieces.append(element.text or "")
        for child in element:
            self._piece(child, pieces)
            pieces.append(child.tail or "")

    def _piece(self, child: Element, pieces: list[str]) -> None:
        match local(child.tag):
            case "s":
                count = attribute(child, "c")
                pieces.append(" " * min(int(count), _MOST) if count.isdigit() else " ")
            case "tab":
                pieces.append("\t")
            case "line-break":
                pieces.append("\n")
            case "note" | "annotation":
                self._aside(child)
            case "ruby-text":
                self.readings.append("".join(child.itertext()))
            case "a":
                inner: list[str] = []
                self._inline(child, inner)
                pieces.extend(inner)
                self.link(child, "".join(inner))
            case "p" | "h" | "table" | "list" | "sub-table":
                self.take(child)
            case "soft-page-break":
                self.pages += 1
            case name if name in SHAPES:
                self._boxed(child)
            case name if name and name not in _SILENT:
                shown: list[str] = []
                self._inline(child, shown)
                pieces.extend(shown)
                said = "".join(shown)
                for key in _FIELDS if child.attrib else ():
                    value = attribute(child, key)
                    if value and value not in said:
                        self.hidden[value] = None

    def link(self, element: Element, text: str) -> None:
        """Notes where a link leads, unless its text says it."""
        target = addressed(attribute(element, "href"))
        if target and not target.startswith("#") and target.casefold() not in text.casefold():
            self.links[target] = text

    # ------------------------------------------------------------ what there is

    def lines(self) -> Iterator[str]:
        """Every line and cell in order, boxes last."""
        for item in self.items:
            if isinstance(item, str):
                yield item
            else:
                yield from (text for _, cells in item for _, text in cells)
        for box in self.boxes:
            yield from box.lines()

    def everywhere(self) -> Iterator[Flow]:
        """This flow and all that hang on it, depth first."""
        stack = [self]
        while stack:
            flow = stack.pop()
            yield flow
            stack.extend(reversed((*flow.boxes, *flow.notes)))


def _opened(element: Element, opens: Callable[[str], bool]) -> Iterator[Element]:
    """The children of an element; in place of one that is opened, by its name, those in it."""
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif opens(local(child.tag)):
            stack.append(iter(child))
        else:
            yield child


def table_rows(table: Element, text_of: Callable[[Element], str]) -> Rows:
    """A table's rows with what each cell says, empty ones left out; a repeated row is given once, at its first number."""
    rows: Rows = []
    number = 1
    for child in _opened(table, lambda name: name in ROW_GROUPS):
        if local(child.tag) == "table-row":
            if cells := row_cells(child, text_of):
                rows.append((number, cells))
            number += repeated(child, "number-rows-repeated")
    return rows


def row_cells(row: Element, text_of: Callable[[Element], str]) -> list[tuple[int, str]]:
    """A row's cells with their columns; a repeated cell is written out as far as a table may be wide."""
    cells: list[tuple[int, str]] = []
    column = 1
    for cell in row:
        name = local(cell.tag)
        if name not in ("table-cell", "covered-table-cell"):
            continue
        count = repeated(cell, "number-columns-repeated")
        if (len(cell) or cell.attrib) and (text := text_of(cell)).strip():
            cells.extend((column + n, text) for n in range(count if count <= _WIDEST else 1))
        column += count
    return cells


def repeated(element: Element, key: str) -> int:
    """How often a row or cell stands there, at least once."""
    value = element.get(TABLE + key)
    return max(1, int(value)) if value and value.isdigit() and len(value) < 9 else 1
