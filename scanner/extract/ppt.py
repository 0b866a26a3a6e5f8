"""Reads PowerPoint presentations of 97 to 2003 (ppt): slides in order with tables and notes, comments, links, embedded files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import olefile

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.blips import bitmaps
from scanner.extract.ole import compound, read_stream, unwrapped
from scanner.extract.oleprops import properties
from scanner.extract.pptatoms import DOCUMENT, MASTER, NOTES, SLIDE, SLIDE_LIST, Atom, atom_at, atoms, live, shape_texts, text_of
from scanner.model import Block, Document, Member, Part, Section, Slide, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem
Rows = list[tuple[int, list[tuple[int, str]]]]

_TITLES = (0, 6)
_LARGEST = 256 << 20  # bytes of an embedded file
_DEEPEST = 200  # groups of shapes within one another


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """For each slide its texts, tables, comments and notes; then masters, links and properties; embedded files."""
    with compound(stream) as ole:
        yield from _Show(ole, budget).everything()


@dataclass
class _Page:
    """What a slide, a notes page or a master says."""

    title: str = ""
    items: list[str | Rows] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    hidden: bool = False
    picture: bool = False
    cut: bool = False  # groups too deep within one another


class _Show:
    def __init__(self, ole: olefile.OleFileIO, budget: Budget) -> None:
        self.ole, self.budget = ole, budget
        self.data = read_stream(ole, ["PowerPoint Document"], budget)
        user = read_stream(ole, ["Current User"], budget)
        edit = int.from_bytes(user[16:20], "little") if len(user) >= 20 else 0
        self.places, number = live(self.data, edit)
        found = atom_at(self.data, self.places.get(number, -1))
        if found is None or found.kind != DOCUMENT:
            found = next((atom for atom in atoms(self.data, 0, len(self.data)) if atom.kind == DOCUMENT), None)
            self.places = {}
        self.document = found
        self.writer = BlockWriter()
        self.pairs = office.Pairs()
        self.said: set[str] = set()

    def everything(self) -> Iterator[Item]:
        """The whole presentation."""
        if self.document is None:
            raise Unreadable(Code.CORRUPT, "no document")
        listed = list(self._listed(0))
        pages = self._pages(SLIDE, listed)
        notes = {self._slide_of(atom): atom for atom, _ in self._pages(NOTES, list(self._listed(2)))}
        if len(pages) < len(listed):
            yield Problem(Stage.EXTRACT, Code.CORRUPT, "missing slide")
        for number, (slide, outline) in enumerate(pages, 1):
            self.budget.spend_part()
            self.writer.scope = number
            page = self._page(slide, outline)
            yield from self._slide(page, number)
            ident = next((i for _, i, texts in listed if texts is outline), 0)
            if ident in notes:
                yield from self._notes(notes.pop(ident), number)
        for left in notes.values():  # of slides that are not told
            yield from self._notes(left, 0)
        self.writer.scope = 0
        yield from self._masters()
        yield from self._links()
        properties(self.ole, self.budget, self.pairs)
        yield from self.pairs.blocks(self.writer)
        yield from self._embedded()
        yield from self._bitmaps()

    # ------------------------------------------------------------ which pages there are

    def _listed(self, which: int) -> Iterator[tuple[int, int, list[tuple[int, str]]]]:
        """(object number, slide id, outline texts with their kinds) of each page in the document's list."""
        assert self.document is not None
        for part in self.document.children():
            if part.kind != SLIDE_LIST or part.instance != which:
                continue
            texts: list[tuple[int, str]] = []
            entry: tuple[int, int] | None = None
            kind = 0
            for atom in part.children():
                if atom.kind == 0x03F3 and atom.end - atom.start >= 16:
                    if entry:
                        yield (*entry, texts)
                    reference, _, _, ident = struct.unpack_from("<IIII", self.data, atom.start)
                    entry, texts = (reference, ident), []
                elif atom.kind == 0x0F9F:
                    kind = int.from_bytes(atom.content[:4], "little")
                elif (text := text_of(atom)) is not None:
                    texts.append((kind, text))
            if entry:
                yield (*entry, texts)

    def _pages(self, kind: int, listed: list[tuple[int, int, list[tuple[int, str]]]]) -> list[tuple[Atom, list[tuple[int, str]]]]:
        """The pages of a kind in order, each with its outline; without a directory as they come in the file."""
        if not self.places:
            found = [atom for atom in atoms(self.data, 0, len(self.data)) if atom.kind == kind]
            outlines = [texts for _, _, texts in listed]
            return [(atom, outlines[n] if n < len(outlines) else []) for n, atom in enumerate(found)]
        pages = []
        for reference, _, texts in listed:
            atom = atom_at(self.data, self.places.get(reference, -1))
            if atom is not None and atom.kind == kind:
                pages.append((atom, texts))
        return pages

    @staticmethod
    def _slide_of(page: Atom) -> int:
        """The id of the slide that a notes page belongs to."""
        atom = page.child(0x03F1)
        return int.from_bytes(atom.content[:4], "little") if atom is not None else 0

    # ------------------------------------------------------------ pages

    def _page(self, container: Atom, outline: list[tuple[int, str]]) -> _Page:
        """The texts of a page: shapes in their order, placeholders by their outline text."""
        page = _Page()
        info = container.child(0x03F9)
        page.hidden = info is not None and len(info.content) >= 12 and bool(info.content[10] & 4)
        used: set[int] = set()
        for child in container.children():
            if child.kind == 0x040C:
                for drawing in child.children():
                    if drawing.kind == 0xF002:
                        for group in drawing.children():
                            self._shapes(group, page, outline, used)
            elif child.kind == 0x0FD9:
                page.margins += [text for atom in child.children() if (text := text_of(atom))]
            elif child.kind == 0x1388:
                self._tags(child, page)
        for n, (kind, text) in enumerate(outline):
            if n not in used:
                self._say(page, kind, text)
        return page

    def _shapes(self, group: Atom, page: _Page, outline: list[tuple[int, str]], used: set[int]) -> None:
        """A group of shapes; tables by the places of their cells. Groups within groups without recursion."""
        stack = [iter([group])]
        tables: list[tuple[int, list[tuple[int, int, str]]]] = []  # depth, cells of the table that is open
        while stack:
            atom = next(stack[-1], None)
            if atom is None:
                stack.pop()
                if tables and tables[-1][0] > len(stack):
                    page.items.append(_grid(tables.pop()[1]))
                continue
            if atom.kind == 0xF003 and len(stack) < _DEEPEST:
                stack.append(atom.children())
            elif atom.kind == 0xF003:
                page.cut = True
            elif atom.kind == 0xF004:
                text, kind, anchor, is_table = self._shape(atom, page, outline, used)
                if is_table:
                    tables.append((len(stack), []))
                elif tables and anchor and text.strip():
                    tables[-1][1].append((*anchor, text))
                elif text.strip():
                    self._say(page, kind, text)

    def _shape(
        self, shape: Atom, page: _Page, outline: list[tuple[int, str]], used: set[int]
    ) -> tuple[str, int, tuple[int, int] | None, bool]:
        """(text, kind of text, top and left where it lies in a group, whether it begins a table)."""
        text, kind, is_table = "", -1, False
        anchor: tuple[int, int] | None = None
        for atom in shape.children():
            if atom.kind == 0xF00F and len(atom.content) >= 16:
                left, top = struct.unpack_from("<ii", atom.content)
                anchor = (top, left)
            elif atom.kind in (0xF00B, 0xF121, 0xF122):
                texts, table = shape_texts(atom)
                page.alternatives += texts
                is_table = is_table or table
                page.picture = page.picture or b"\x04\x41" in atom.content[: atom.instance * 6]
            elif atom.kind == 0xF00D:
                for inner in atom.children():
                    if inner.kind == 0x0F9F:
                        kind = int.from_bytes(inner.content[:4], "little")
                    elif inner.kind == 0x0F9E:
                        index = int.from_bytes(inner.content[:4], "little")
                        if index < len(outline) and index not in used:
                            used.add(index)
                            kind, said = outline[index]
                            text += said
                    elif inner.kind in (0x0FA0, 0x0FA8):
                        text += text_of(inner) or ""
        return text, kind, anchor, is_table

    def _say(self, page: _Page, kind: int, text: str) -> None:
        text = text.strip("\n")
        if not text.strip() or text.strip() == "*":  # the sign for a number or date that the program fills in
            return
        if kind in _TITLES and not page.title:
            page.title = text
        else:
            page.items.append(text)

    def _tags(self, tags: Atom, page: _Page) -> None:
        """Comments, in the extension of PowerPoint 2002."""
        for tag in tags.children():
            for blob in tag.children():
                if blob.kind != 0x138B:
                    continue
                for comment in atoms(self.data, blob.start, blob.end):
                    if comment.kind == 0x2EE0:
                        texts = {atom.instance: text_of(atom) or "" for atom in comment.children() if atom.kind == 0x0FBA}
                        page.comments.append((texts.get(0, ""), texts.get(1, "")))

    # ------------------------------------------------------------ out

    def _slide(self, page: _Page, number: int) -> Iterator[Item]:
        section = Section.HIDDEN if page.hidden else Section.BODY
        before = self.writer.index
        yield from self._items(page, Slide(number), section)
        if page.cut:
            yield Problem(Stage.EXTRACT, Code.TOO_DEEP, f"groups > {_DEEPEST}", f"スライド{number}")
        if self.writer.index == before and page.picture and next(self._bitmaps(), None) is None:
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY, where=f"スライド{number}")
        for author, text in page.comments:
            self.pairs.add("コメント作成者", author)
            yield from self._text(text, Slide(number, "コメント"), Section.COMMENT)
        yield from self._text("\n".join(dict.fromkeys(page.alternatives)), Slide(number, "代替テキスト"), Section.HIDDEN)
        yield from self._once(page.margins, Slide(number, "フッター"), Section.FOOTER)

    def _notes(self, container: Atom, number: int) -> Iterator[Item]:
        page = self._page(container, [])
        yield from self._items(page, Slide(number, "ノート"), Section.NOTE)
        yield from self._once(page.margins, Slide(number, "ノート"), Section.FOOTER)

    def _items(self, page: _Page, place: Slide, section: Section) -> Iterator[Block]:
        heading = " ".join(page.title.split())[:200]
        lines = [page.title] if page.title else []
        for item in page.items:
            if isinstance(item, str):
                lines.append(item)
                continue
            yield from self._text("\n".join(lines), place, section, heading)
            lines = []
            self.budget.spend_characters(sum(len(text) for _, cells in item for _, text in cells))
            yield from self.writer.table(item, place, section=section, heading=heading)
        yield from self._text("\n".join(lines), place, section, heading)

    def _text(self, text: str, place: Slide | Part, section: Section, heading: str = "") -> Iterator[Block]:
        self.budget.spend_characters(len(text))
        yield from self.writer.text(text, place, section=section, heading=heading)

    def _once(self, texts: list[str], place: Slide | Part, section: Section) -> Iterator[Block]:
        new = [text for text in dict.fromkeys(texts) if text.strip() and text not in self.said]
        self.said.update(new)
        yield from self._text("\n".join(new), place, section)

    def _masters(self) -> Iterator[Block]:
        """What masters say beside the prompts of their placeholders, and the document's own headers and footers."""
        assert self.document is not None
        texts: list[str] = []
        for master, _ in self._pages(MASTER, list(self._listed(1))):
            page = self._page(master, [])
            texts += page.margins
            for shape in master.inside():
                if shape.kind == 0xF004 and not any(atom.kind == 0x0BC3 for atom in shape.inside()):
                    texts += [
                        text.strip("\n*") for atom in shape.inside() if atom.kind in (0x0FA0, 0x0FA8) and (text := text_of(atom))
                    ]
        for part in self.document.children():
            if part.kind == 0x0FD9:
                texts += [text for atom in part.children() if (text := text_of(atom))]
        yield from self._once(texts, Part("マスター", 1), Section.HIDDEN)

    def _links(self) -> Iterator[Block]:
        """Where hyperlinks lead."""
        assert self.document is not None
        targets: list[str] = []
        for part in self.document.children():
            if part.kind == 0x0409:
                for link in part.children():
                    if link.kind == 0x0FD7:
                        targets += [
                            office.addressed(text_of(a) or "") for a in link.children() if a.kind == 0x0FBA and a.instance == 1
                        ]
        yield from self._once(targets, Part("リンク先", 1), Section.HIDDEN)

    def _embedded(self) -> Iterator[Item]:
        """Documents and charts of other programs."""
        number = 0
        for atom in atoms(self.data, 0, len(self.data)):
            if atom.kind != 0x1011:
                continue
            try:
                content = self._unpacked(atom)
            except zlib.error:
                yield Problem(Stage.EXTRACT, Code.CORRUPT, "embedded object")
                continue
            if len(content) >= _LARGEST:
                yield Problem(Stage.EXTRACT, Code.TOO_LARGE, f"object > {_LARGEST}")
            if found := unwrapped(content, self.budget, f"object{number + 1}"):
                number += 1
                yield found

    def _bitmaps(self) -> Iterator[Member]:
        """The pictures of all slides, for text recognition."""
        if self.budget.ocr and self.ole.exists("Pictures"):
            yield from bitmaps(read_stream(self.ole, ["Pictures"], self.budget), self.budget)

    def _unpacked(self, atom: Atom) -> bytes:
        if not atom.instance & 1:
            return atom.content
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(atom.content[4:], _LARGEST)
        self.budget.spend_bytes(len(content))
        self.budget.check_ratio(atom.end - atom.start, len(content))
        return content


def _grid(cells: list[tuple[int, int, str]]) -> Rows:
    """The cells of a table by their places: those of equal top are a row, of equal left a column."""
    columns = {left: n for n, left in enumerate(sorted({left for _, left, _ in cells}), 1)}
    rows: Rows = []
    for number, top in enumerate(sorted({top for top, _, _ in cells}), 1):
        rows.append((number, sorted((columns[left], text.strip("\n")) for t, left, text in cells if t == top)))
    return rows
