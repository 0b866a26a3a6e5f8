"""Reads PowerPoint files (pptx, pptm, ppsx): slides in order with their tables, notes and comments, hidden ones too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.opc import Damaged, Element, Package, accounted, attribute, local
from scanner.model import Block, Document, Member, Section, Slide, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_TITLES = {"title", "ctrTitle"}
_AUTOMATIC = {"sldNum", "sldImg", "dt"}
_SHAPES = {"sp", "cxnSp", "pic", "graphicFrame", "grpSp", "AlternateContent", "contentPart"}


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """For each slide its text, tables, charts, notes and comments; then what masters say, and properties."""
    yield from accounted(_Show(Package(stream, budget)).everything())


class _Show:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.budget = package.budget
        self.writer = BlockWriter()
        self.main = package.main("ppt/presentation.xml")
        self.pairs = office.Pairs()
        self.masters: dict[str, None] = {}  # layouts and masters in use

    def everything(self) -> Iterator[Item]:
        """The whole presentation."""
        slides: list[str] = []
        try:
            relations = self.package.relations(self.main)
            for element in self.package.stream(self.main, ("sldId",)):
                relation = relations.get(_relationship(element))
                if relation is None:
                    yield Problem(Stage.EXTRACT, Code.CORRUPT, "missing part", self.main)
                else:
                    slides.append(relation.target)
        except Damaged as damage:
            yield damage.problem
        strays = [part for part in self._related(self.main, "slide") if part not in slides]
        for number, part in enumerate((*slides, *strays), 1):
            self.writer.scope = number
            yield from self._slide(part, number)
        self.writer.scope = 0
        yield from self._masters()
        yield from office.data_parts(self.package, self.main, self.writer)
        yield from office.properties(self.package, self.pairs)
        for part in self._related(self.main, "commentAuthors", "authors"):
            yield from office.people(self.package, part, self.pairs)
        yield from self.pairs.blocks(self.writer)
        yield from office.embedded(self.package, (self.main, *slides, *self._charts(slides)))

    def _related(self, part: str, *kinds: str) -> list[str]:
        try:
            return self.package.related(part, *kinds)
        except Damaged:
            return []

    def _charts(self, slides: list[str]) -> list[str]:
        return [chart for slide in slides for chart in self._related(slide, "chart", "chartEx")]

    # ------------------------------------------------------------ slides

    def _slide(self, part: str, number: int) -> Iterator[Item]:
        try:
            root = self.package.tree(part)
        except Damaged as damage:
            yield Problem(damage.problem.stage, damage.problem.code, damage.problem.detail, f"スライド{number}")
            return
        section = Section.HIDDEN if root.get("show") in ("0", "false") else Section.BODY
        page = _Page(self, part)
        page.read(root)
        before = self.writer.index
        yield from self._page(page, Slide(number), section)
        yield from office.graphics(self.package, part, self.writer, Slide(number, "図表"), section)
        if self.writer.index == before and page.pictures and not office.pictures(self.package):
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY, where=f"スライド{number}")
        links = [link for link in page.links if link.casefold() not in page.shown]
        for texts, name in ((page.alternatives, "代替テキスト"), (links, "リンク先")):
            yield from self.writer.text("\n".join(texts), Slide(number, name), section=Section.HIDDEN)
        for notes in self._related(part, "notesSlide"):
            yield from self._plain(notes, Slide(number, "ノート"), Section.NOTE)
        for comments in self._related(part, "comments"):
            yield from self._comments(comments, Slide(number, "コメント"))
        for layout in self._related(part, "slideLayout"):
            self.masters[layout] = None

    def _page(self, page: _Page, place: Slide, section: Section) -> Iterator[Block]:
        """Text and tables of a page in the file's order, the title first."""
        heading = " ".join(page.title.split())[:200]
        lines = [page.title] if page.title.strip() else []
        for item in page.items:
            if isinstance(item, str):
                lines.append(item)
                continue
            yield from self.writer.text("\n".join(lines), place, section=section, heading=heading)
            lines = []
            yield from self.writer.table(item, place, section=section, heading=heading)
        yield from self.writer.text("\n".join(lines), place, section=section, heading=heading)

    def _plain(self, part: str, place: Slide, section: Section, *, own: bool = False) -> Iterator[Item]:
        try:
            page = _Page(self, part, own=own)
            page.read(self.package.tree(part))
        except Damaged as damage:
            yield damage.problem
            return
        yield from self._page(page, place, section)

    def _comments(self, part: str, place: Slide) -> Iterator[Item]:
        """Comments of both generations: ``p:text`` and, since 2021, a text body; answers are comments too."""
        try:
            for comment in self.package.stream(part, ("cm",)):
                texts = [element.text or "" for element in comment.iter("{*}text")]
                texts += [office.drawn(body) for body in comment.iter("{*}txBody")]
                text = "\n".join(texts)
                self.budget.spend_characters(len(text))
                yield from self.writer.text(text, place, section=Section.COMMENT)
        except Damaged as damage:
            yield damage.problem

    def _masters(self) -> Iterator[Item]:
        """What layouts and masters show by themselves on slides; the prompts of their placeholders are nobody's text."""
        parts = list(self.masters)
        for layout in self.masters:
            parts.extend(self._related(layout, "slideMaster"))
        for part in dict.fromkeys(parts):
            yield from self._plain(part, Slide(0, "マスター"), Section.FOOTER, own=True)


class _Page:
    """What stands on a slide, notes page or master. ``own``: placeholders are left out."""

    def __init__(self, show: _Show, part: str, *, own: bool = False) -> None:
        self.show, self.part, self.own = show, part, own
        self.title = ""
        self.items: list[str | list[tuple[int, list[tuple[int, str]]]]] = []
        self.alternatives: list[str] = []
        self.links: dict[str, None] = {}
        self.shown = ""
        self.pictures = False

    def read(self, root: Element) -> None:
        """Takes in a part's shape tree."""
        for tree in root.iter("{*}spTree"):
            for shape in tree:
                self._shape(shape)
        self.shown = "\n".join((self.title, *(item for item in self.items if isinstance(item, str)))).casefold()
        self.shown += "\n".join(t for item in self.items if not isinstance(item, str) for _, row in item for _, t in row).casefold()
        self._targets(root)

    def _shape(self, shape: Element) -> None:
        name = local(shape.tag)
        if name == "AlternateContent":
            for branch in office.alternatives(shape):
                for child in branch:
                    self._shape(child)
            return
        if name not in _SHAPES:
            return
        if name == "grpSp":
            self._describe(shape)
            for child in shape:
                self._shape(child)
            return
        self._describe(shape)
        self.pictures = self.pictures or name == "pic" or any(True for _ in shape.iter("{*}blip"))
        kind = next((holder.get("type", "obj") for holder in shape.iter("{*}ph")), "")
        if kind in _AUTOMATIC or (kind and self.own):
            return
        for table in shape.iter("{*}tbl"):
            self.items.append(list(self._table(table)))
        for body in shape:
            if local(body.tag) in ("txBody", "txbxContent"):
                self._text(office.drawn(body), kind)

    def _text(self, text: str, kind: str) -> None:
        if not text.strip():
            return
        self.show.budget.spend_characters(len(text))
        if kind in _TITLES and not self.title:
            self.title = text
        else:
            self.items.append(text)

    def _describe(self, shape: Element) -> None:
        """The alternative text of a shape itself, not of the shapes in its group."""
        for child in shape:
            if local(child.tag).startswith("nv"):
                for properties in child.iter("{*}cNvPr"):
                    if text := office.alt_text(properties):
                        self.alternatives.append(text)

    def _table(self, table: Element) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Rows with their cells; the cells that a merged one covers are left out."""
        rows = (child for child in table if local(child.tag) == "tr")
        for number, row in enumerate(rows, 1):
            cells: list[tuple[int, str]] = []
            columns = (child for child in row if local(child.tag) == "tc")
            for column, cell in enumerate(columns, 1):
                text = office.drawn(cell)
                if text.strip():
                    self.show.budget.spend_characters(len(text))
                    cells.append((column, text))
            if cells:
                yield number, cells

    def _targets(self, root: Element) -> None:
        try:
            relations = self.show.package.relations(self.part)
        except Damaged:
            return
        for link in root.iter("{*}hlinkClick", "{*}hlinkHover"):
            relation = relations.get(_relationship(link))
            if relation and relation.external:
                self.links[office.addressed(relation.target)] = None


def _relationship(element: Element) -> str:
    """The relationship an element names; its plain ``id`` is another thing."""
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}id")), "") or attribute(element, "id")
