"""What Word, Excel and PowerPoint files have in common: properties, DrawingML text, charts, embedded files, authors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from scanner.extract.opc import Damaged, Element, Package, attribute, local
from scanner.model import Anchor, Block, Key, Member, Part, Section
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_PROPERTIES = {
    "creator": "作成者",
    "lastModifiedBy": "最終更新者",
    "title": "タイトル",
    "subject": "件名",
    "description": "説明",
    "keywords": "キーワード",
    "category": "分類",
    "contentStatus": "状態",
    "Company": "会社",
    "Manager": "管理者",
    "HyperlinkBase": "リンクの基点",
}
_EMBEDDED = ("package", "oleObject", "aFChunk", "embeddedPackage")
_PEOPLE = {"person", "cmAuthor", "author"}
_ADDRESSED = re.compile(r"^(?:mailto|tel|callto|sip):", re.IGNORECASE)

Item = Block | Member | Problem


class Pairs:
    """Key and value pairs of a document's properties, each value once, given out as one block."""

    def __init__(self) -> None:
        self.listed: dict[tuple[str, str], None] = {}

    def add(self, key: str, value: str | None) -> None:
        """Takes a pair in, empty values left out."""
        if value and value.strip():
            self.listed[(key, value.strip())] = None

    def blocks(self, writer: BlockWriter, section: Section = Section.PROPERTY) -> Iterator[Block]:
        """The pairs as PAIRS blocks; a record is the whole document."""
        if self.listed:
            yield from writer.pairs(((key, value, 0) for key, value in self.listed), Key(""), section=section)


def properties(package: Package, pairs: Pairs) -> Iterator[Problem]:
    """Adds core, extended and custom properties."""
    for kind in ("core-properties", "extended-properties", "custom-properties"):
        for part in _related(package, "", kind):
            try:
                for element in package.tree(part).iter():
                    name = local(element.tag)
                    if name == "property":
                        pairs.add(element.get("name", ""), "".join(element.itertext()))
                    elif name in _PROPERTIES:
                        pairs.add(_PROPERTIES[name], element.text)
            except Damaged as damage:
                yield damage.problem


def people(package: Package, part: str, pairs: Pairs) -> Iterator[Problem]:
    """Adds the names and account addresses in a list of comment authors."""
    try:
        for element in package.tree(part).iter():
            if local(element.tag) not in _PEOPLE:
                continue
            for name in ("name", "displayName", "author"):
                pairs.add("コメント作成者", attribute(element, name))
            for inner in element.iter():
                account = attribute(inner, "userId")
                if "@" in account:
                    pairs.add("アカウント", account)
    except Damaged as damage:
        yield damage.problem


def embedded(package: Package, parts: Iterable[str]) -> Iterator[Item]:
    """The files embedded by these parts, each once."""
    done: set[str] = set()
    for part in parts:
        for target in _related(package, part, *_EMBEDDED):
            if target in done:
                continue
            done.add(target)
            try:
                yield package.member(target)
            except Damaged as damage:
                yield damage.problem


def _related(package: Package, part: str, *kinds: str) -> list[str]:
    try:
        return package.related(part, *kinds)
    except Damaged:
        return []


def addressed(target: str) -> str:
    """A hyperlink's target as a person reads it: ``mailto:`` and the like and the query taken off, escapes undone."""
    if _ADDRESSED.match(target):
        target = _ADDRESSED.sub("", target).partition("?")[0]
    return unquote(target, errors="replace").strip()


def alternatives(element: Element) -> list[Element]:
    """The one branch of an mc:AlternateContent that is to be read: the first with something in it."""
    branches = [child for child in element if local(child.tag) in ("Choice", "Fallback")]
    for branch in branches:
        if any(text.strip() for text in branch.itertext()):
            return [branch]
    return branches[:1]


def alt_text(element: Element) -> str:
    """The alternative text of a shape or picture; its automatic name ("図 1") is left out."""
    texts = (element.get("title") or "", element.get("descr") or "", element.get("alt") or "")
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def drawn(element: Element) -> str:
    """The text of a DrawingML body (``a:p`` in ``txBody``, ``rich``, ``t``): a line for each paragraph."""
    lines: list[str] = []
    for paragraph in element.iter("{*}p"):
        lines.append(drawn_line(paragraph))
    return "\n".join(lines).strip("\n")


def drawn_line(paragraph: Element) -> str:
    """The text of one ``a:p``; slide numbers left out."""
    pieces: list[str] = []
    for element in paragraph.iter():
        name = local(element.tag)
        if name == "t":
            parent = element.getparent()
            if local(parent.tag) == "fld" and (parent.get("type") or "").startswith("slidenum"):
                continue
            pieces.append(element.text or "")
        elif name == "br":
            pieces.append("\n")
    return "".join(pieces)


def graphics(package: Package, part: str, writer: BlockWriter, place: Anchor, section: Section = Section.BODY) -> Iterator[Item]:
    """The text of the charts and SmartArt that a part shows."""
    for kind in ("chart", "chartEx", "diagramData"):
        for target in _related(package, part, kind):
            try:
                text = _chart(package.tree(target)) if kind != "diagramData" else drawn(package.tree(target))
            except Damaged as damage:
                yield damage.problem
                continue
            package.budget.spend_characters(len(text))
            yield from writer.text(text, place, section=section)


def _chart(root: Element) -> str:
    """Titles, series, categories and labels of a chart, each once; numbers are left out."""
    lines: dict[str, None] = {}
    for element in root.iter():
        name = local(element.tag)
        if name in ("rich", "txData"):
            lines[drawn(element) or "".join(element.itertext())] = None
        elif name in ("strCache", "strLit", "lvl"):
            for value in element.iter("{*}v"):
                lines[value.text or ""] = None
        elif name == "pt" and element.text:  # chartex
            lines[element.text] = None
    return "\n".join(line for line in lines if line.strip())


def data_parts(package: Package, part: str, writer: BlockWriter) -> Iterator[Item]:
    """The custom XML parts bound to a document: what its leaves hold, by their names."""
    for target in _related(package, part, "customXml"):
        pairs = Pairs()
        try:
            for element in package.tree(target).iter():
                if isinstance(element.tag, str) and len(element) == 0:
                    pairs.add(local(element.tag), element.text)
        except Damaged as damage:
            yield damage.problem
        yield from pairs.blocks(writer, Section.HIDDEN)


def parted(writer: BlockWriter, lines: Iterable[str], name: str, section: Section) -> Iterator[Block]:
    """Lines that belong to no place in the text (links, hidden text …) as one block."""
    text = "\n".join(line for line in lines if line.strip())
    if text:
        yield from writer.text(text, Part(name, 1), section=section)
