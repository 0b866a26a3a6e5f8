"""Reads OpenDocument files (odt, ods, odp, odg): text, sheets and slides with all that hangs on them, hidden parts too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.odflow import SHAPES, Flow, Rows
from scanner.extract.odsheet import sheets
from scanner.extract.opc import Damaged, Element, Package, accounted, attribute, local
from scanner.model import Anchor, Block, Cell, Document, Member, Part, Section, Slide, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_CONTENT, _STYLES, _META = "content.xml", "styles.xml", "meta.xml"
_MARGINS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_META_KEYS = {
    "creator": "最終更新者", "initial-creator": "作成者", "title": "タイトル", "subject": "件名", "description": "説明",
    "keyword": "キーワード", "printed-by": "印刷者",
}  # fmt: skip
_BODY = ("p", "h", "list", "table", "section", "tracked-changes", "forms", "numbered-paragraph", "soft-page-break")
_INDEXES = ("table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "user-index")
_KINDS = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation", "graphics": "drawing", "chart": "chart"}
_LONGEST = 1 << 20  # characters gathered before a block is given out
_PLAIN = ("p", "h")
_FEW = 20_000  # lines of one embedded object


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Blocks of text, tables, sheets or slides, then headers, footers, embedded charts and properties; embedded files."""
    yield from accounted(_Odf(Package(stream, budget)).everything())


class _Odf:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.budget = package.budget
        self.writer = BlockWriter()
        self.pairs = office.Pairs()
        self.objects: dict[str, None] = {}
        self.said: set[str] = set()
        self.tables = self.boxes = self.notes = self.number = 0
        self.heading = ""
        self.picture = False

    def everything(self) -> Iterator[Item]:
        """The whole document; its kind is what its body says it is."""
        kind = self._kind()
        if kind == "spreadsheet":
            yield from sheets(self.package, self.writer, self.pairs, self.objects)
        elif kind in ("presentation", "drawing"):
            yield from self._pages(kind)
        elif kind == "chart":
            yield from self._said("\n".join(_distinct(self.package, _CONTENT)), Part("図表", 1), Section.BODY)
        else:
            yield from self._text()
        pictures = self.picture or any(name.startswith("Pictures/") for name in self.package.names())
        if self.writer.index == 0 and pictures and not office.pictures(self.package):
            yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY)
        yield from self._margins(masters=kind in ("presentation", "drawing"))
        yield from self._meta()
        yield from self.pairs.blocks(self.writer)
        yield from self._embedded()

    def _kind(self) -> str:
        """Which element the body holds: the description may be missing or wrong."""
        try:
            with self.package.archive.open("mimetype") as member:
                said = member.read(200).decode("ascii", "replace")
        except Exception:  # noqa: BLE001  a missing or damaged description: the content will be met below
            said = ""
        return next((kind for word, kind in _KINDS.items() if f".{word}" in said), "text")

    # ------------------------------------------------------------ text

    def _text(self) -> Iterator[Item]:
        flow = Flow()
        try:
            for element in self.package.stream(_CONTENT, (*_BODY, *_INDEXES, *SHAPES), under="text"):
                if local(element.tag) == "h":
                    yield from self._emit(flow, Section.BODY)
                    flow = Flow()
                    self.heading = " ".join("".join(element.itertext()).split())[:200]
                flow.take(element)
                if flow.pages:
                    yield from self._emit(flow, Section.BODY)
                    self.writer.scope += flow.pages
                    flow = Flow()
                elif sum(len(item) for item in flow.items[-1:] if isinstance(item, str)) > _LONGEST or len(flow.items) > 2_000:
                    yield from self._emit(flow, Section.BODY)
                    flow = Flow()
        except Damaged as damage:
            yield from self._emit(flow, Section.BODY)
            yield damage.problem
            return
        yield from self._emit(flow, Section.BODY)

    def _emit(self, flow: Flow, section: Section, name: str = "本文") -> Iterator[Item]:
        """A flow's lines and tables in order, then what hangs on it."""
        yield from self._items(flow, section, name)
        at = max(1, self.number)
        for box in flow.boxes:
            self.boxes += 1
            yield from self._shown(box, Part("テキストボックス", self.boxes), section)
        for inner in flow.everywhere():
            for note in inner.notes:
                self.notes += 1
                yield from self._shown(note, Part("脚注", self.notes), Section.NOTE)
        yield from self._hung(flow, lambda what: Part(what, at))

    def _items(self, flow: Flow, section: Section, name: str) -> Iterator[Block]:
        lines: list[str] = []
        first = self.number + 1
        for item in flow.items:
            if isinstance(item, str):
                lines.append(item)
                self.number += item.count("\n") + 1
                continue
            yield from self._lines(lines, Part(name, first), section)
            lines, first = [], self.number + 1
            self.tables += 1
            self._spend(item)
            yield from self.writer.table(item, Cell(f"表{self.tables}", 1, 1), section=section, heading=self.heading)
        yield from self._lines(lines, Part(name, first), section)

    def _lines(self, lines: list[str], place: Part, section: Section) -> Iterator[Block]:
        skipped = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
        text = "\n".join(lines[skipped:]).rstrip("\n")
        self.budget.spend_characters(len(text))
        place = Part(place.name, place.number + sum(line.count("\n") + 1 for line in lines[:skipped]))
        yield from self.writer.text(text, place, section=section, heading=self.heading)

    def _spend(self, rows: Rows) -> None:
        self.budget.spend_characters(sum(len(text) for _, cells in rows for _, text in cells))

    def _shown(self, flow: Flow, place: Anchor, section: Section) -> Iterator[Block]:
        """A box, note or page: its lines and tables at one place; boxes in it after it."""
        stack = [flow]
        while stack:
            inner = stack.pop()
            lines: list[str] = []
            for item in inner.items:
                if isinstance(item, str):
                    lines.append(item)
                    continue
                yield from self._said("\n".join(lines), place, section)
                lines = []
                self._spend(item)
                where = Cell(f"{place.name}{place.number}", 1, 1) if isinstance(place, Part) else place
                yield from self.writer.table(item, where, section=section, heading=self.heading)
            yield from self._said("\n".join(lines), place, section)
            stack.extend(reversed(inner.boxes))

    def _said(self, text: str, place: Anchor, section: Section) -> Iterator[Block]:
        self.budget.spend_characters(len(text))
        yield from self.writer.text(text.strip("\n"), place, section=section, heading=self.heading)

    def _hung(self, flow: Flow, where: Callable[[str], Anchor]) -> Iterator[Block]:
        """Readings, comments, deletions, alternative and hidden texts and links of a flow and of the boxes in it."""
        shown = "\n".join(flow.lines()).casefold()
        readings: list[str] = []
        others: dict[str, None] = {}
        deleted: list[str] = []
        links: dict[str, None] = {}
        for inner in flow.everywhere():
            self.picture = self.picture or inner.picture
            self.objects.update(inner.objects)
            readings.extend(inner.readings)
            deleted.extend(inner.deleted)
            for author in inner.authors:
                self.pairs.add("変更者", author)
            for author, text in inner.comments:
                self.pairs.add("コメント作成者", author)
                yield from self._said(text, where("コメント"), Section.COMMENT)
            others.update(dict.fromkeys(text for text in (*inner.alternatives, *inner.hidden) if text))
            links.update(dict.fromkeys(link for link in inner.links if link.casefold() not in shown))
        yield from self._said("\n".join(readings), where("ふりがな"), Section.NOTE)
        yield from self._said("\n".join(deleted), where("削除された文字"), Section.DELETED)
        yield from self._said("\n".join(others), where("代替テキスト"), Section.HIDDEN)
        yield from self._said("\n".join(links), where("リンク先"), Section.HIDDEN)

    # ------------------------------------------------------------ slides and drawings

    def _pages(self, kind: str) -> Iterator[Item]:
        number = 0
        try:
            for page in self.package.stream(_CONTENT, ("page",), under=kind):
                self.budget.spend_part()
                number += 1
                self.writer.scope = number
                flow, notes = Flow(), Flow()
                for child in page:
                    (notes if local(child.tag) == "notes" else flow).take(child)
                self.heading = next((" ".join(line.split())[:200] for line in flow.lines() if line.strip()), "")
                name = attribute(page, "name")
                if name and name not in "\n".join(flow.lines()) and not name.isascii():
                    flow.hidden[name] = None
                before = self.writer.index
                yield from self._shown(flow, Slide(number), Section.BODY)
                pictures = any(inner.picture for inner in flow.everywhere()) and not office.pictures(self.package)
                if self.writer.index == before and pictures:
                    yield Problem(Stage.EXTRACT, Code.IMAGE_ONLY, where=f"スライド{number}")
                yield from self._hung(flow, partial(Slide, number))
                yield from self._shown(notes, Slide(number, "ノート"), Section.NOTE)
                yield from self._hung(notes, partial(Slide, number))
        except Damaged as damage:
            yield damage.problem
        self.heading, self.writer.scope = "", 0

    # ------------------------------------------------------------ beside the content

    def _margins(self, *, masters: bool) -> Iterator[Item]:
        """Headers and footers of the page styles, each text once; of a presentation the shapes of its masters."""
        if _STYLES not in self.package:
            return
        self.heading = ""
        tags, under = (tuple(SHAPES), "master-page") if masters else (_MARGINS, "master-page")
        try:
            for element in self.package.stream(_STYLES, tags, under=under):
                if attribute(element, "display") == "false" or attribute(element, "placeholder") == "true":
                    continue
                if attribute(element, "class"):  # the prompts of a template: 「タイトルを入力」
                    continue
                flow = Flow()
                for child in (element,) if masters else element:
                    flow.take(child)
                text = "\n".join(flow.lines()).strip()
                if not text or text in self.said:
                    continue
                self.said.add(text)
                footer = local(element.tag).startswith("footer")
                place = Part("マスター" if masters else "フッター" if footer else "ヘッダー", 1)
                section = Section.HIDDEN if masters else Section.FOOTER if footer else Section.HEADER
                yield from self._shown(flow, place, section)
                yield from self._hung(flow, lambda what: Part(what, 1))
        except Damaged as damage:
            yield damage.problem

    def _meta(self) -> Iterator[Item]:
        if _META not in self.package:
            return
        try:
            for element in self.package.tree(_META).iter():
                name = local(element.tag)
                if name == "user-defined":
                    self.pairs.add(attribute(element, "name"), "".join(element.itertext()))
                elif name in _META_KEYS:
                    self.pairs.add(_META_KEYS[name], element.text)
        except Damaged as damage:
            yield damage.problem

    def _embedded(self) -> Iterator[Item]:
        """Embedded charts and formulas by their texts, embedded documents of other programs as members."""
        for number, name in enumerate(self.objects, 1):
            try:
                if f"{name}/{_CONTENT}" in self.package:
                    text = "\n".join(_distinct(self.package, f"{name}/{_CONTENT}"))
                    yield from self._said(text, Part("図表", number), Section.BODY)
                elif name in self.package:
                    yield self.package.member(name)
            except Damaged as damage:
                yield damage.problem
        yield from office.embedded(self.package, ())


def _is_figure(text: str) -> bool:
    return text.replace(".", "").replace("-", "").replace(",", "").isdigit()


def _in_chart(paragraph: Element) -> bool:
    return next(paragraph.iterancestors("{*}chart"), None) is not None


def _distinct(package: Package, part: str) -> Iterable[str]:
    """The lines of an embedded object, each once; the figures of a chart are left out, they stand in a sheet."""
    found: dict[str, None] = {}
    for paragraph in package.stream(part, _PLAIN):
        text = Flow().line(paragraph).strip()
        if text and not (_is_figure(text) and _in_chart(paragraph)) and package.budget.holds(len(found), _FEW):
            found[text] = None
    return found
