"""Reads XML: lists of like elements as tables, everything else as paths with their values; what is not quite XML as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from lxml import etree

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.decoding import decoded, peek, texts
from scanner.extract.jsonwalk import Obj
from scanner.extract.opc import Element, local
from scanner.extract.structured import blocks_of
from scanner.model import Block, Document, Member, Section, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_WHOLE = 12 << 20  # characters: a longer file is read as text
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{2,30})", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\ufeff?\s*<\?xml[^>]{0,300}\?>")
# elements whose text is one however many parts it is set in: paragraphs of documents, lines of drawings
_JOINED = frozenset(("p", "h", "text", "para", "paragraph", "line", "td", "th", "li", "title"))


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Values as PAIRS, lists of like elements as TABLE, comments apart. Raises Unreadable(BINARY)."""
    head = stream.read(4096)
    stream.seek(0)
    declared = _DECLARED.search(head)
    source = decoded(stream, budget, declared=declared[1].decode("ascii") if declared else "")
    yield from source.notes
    writer = BlockWriter()
    whole, pieces = peek(source.pieces, _WHOLE)
    root = _parsed(whole) if len(whole) < _WHOLE and "<!ENTITY" not in whole else None
    if root is None:
        yield Trait("structure", "text")
        yield from texts(writer, chain(pieces))
    else:
        budget.check_time()
        yield from blocks_of(writer, Obj([(local(root.tag), _value(root))]), budget)
        comments = ((comment.text or "").strip() for comment in root.getroottree().iter(etree.Comment))
        yield from office.parted(writer, comments, "コメント", Section.COMMENT)
    yield from source.after()


def _parsed(text: str) -> Element | None:
    """The root, None for what is not well formed: nothing is resolved, fetched or repaired."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(_PROLOGUE.sub("", text, count=1).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _value(element: Element) -> Obj | str:
    """An element as its attributes and children; one without either, or with text between its children, as its text."""
    children = [child for child in element if isinstance(child.tag, str)]
    attributes = [(local(key), value) for key, value in element.attrib.items() if value.strip()]
    if not children or local(element.tag) in _JOINED or _mixed(element):
        text = _text(element)
        if not attributes:
            return text
        return Obj([*attributes, ("", text)] if text else attributes)
    groups: dict[str, list[Obj | str]] = {}
    for child in children:
        groups.setdefault(local(child.tag), []).append(_value(child))
    pairs: list[tuple[str, object]] = list(attributes)
    for name, values in groups.items():
        pairs.append((name, values[0] if len(values) == 1 else values))
    return Obj(pairs)


def _mixed(element: Element) -> bool:
    """Whether text stands beside the children, behind a comment too."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _text(element: Element) -> str:
    pieces = []
    for part in element.iter():
        if isinstance(part.tag, str):
            pieces.append(part.text or "")
            for value in part.attrib.values() if part is not element else ():
                if "@" in value or not value.isascii():
                    pieces.append(f" {value} ")
        if part is not element:
            pieces.append(part.tail or "")
    return "\n".join(line.strip() for line in "".join(pieces).strip().splitlines())
