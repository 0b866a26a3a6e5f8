"""Reads XML: lists of like elements as tables, everything else as paths with their values; what is not quite XML as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from scanner.contracts import Budget
from scanner.extract import office
from scanner.extract.decoding import decoded, peek, texts
from scanner.extract.jsonwalk import Obj
from scanner.extract.opc import Element, local
from scanner.extract.structured import blocks_of
from scanner.model import Block, Document, Member, Section, Trait
from scanner.problems import Code, Problem, Stage
from scanner.text.blocks import BlockWriter

_WHOLE = 12 << 20  # characters: a longer file is read as text
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{2,30})", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\ufeff?\s*<\?xml[^>]{0,300}\?>")
_GROWING = frozenset((89, 114))  # libxml2: an entity within itself, a limit of what entities may grow to
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
    root, bomb = _parsed(whole) if len(whole) < _WHOLE else (None, False)
    if root is None:
        yield Trait("structure", "text")
        yield from texts(writer, chain(pieces))
    else:
        budget.check_time()
        yield from blocks_of(writer, Obj([(local(root.tag), _value(root))]), budget)
        comments = ((comment.text or "").strip() for comment in root.getroottree().iter(etree.Comment))
        yield from office.parted(writer, comments, "コメント", Section.COMMENT)
        yield from office.parted(writer, _unused(root, whole), "実体", Section.HIDDEN)
    if bomb:
        yield Problem(Stage.EXTRACT, Code.BOMB, "entities")
    yield from source.after()


def _parsed(text: str) -> tuple[Element | None, bool]:
    """The root, and whether its entities would grow without end. None for what is not well formed: nothing is fetched or repaired.

    Only entities that the file itself declares are put in, as far as the library lets them grow.
    """
    internal: Any = "internal"  # newer than the stubs
    parser = etree.XMLParser(resolve_entities=internal, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(_PROLOGUE.sub("", text, count=1).encode("utf-8", "replace"), parser), False
    except etree.XMLSyntaxError as error:
        return None, "<!ENTITY" in text and getattr(error, "code", 0) in _GROWING
    except (etree.LxmlError, ValueError):
        return None, False


def _unused(root: Element, text: str) -> Iterator[str]:
    """What is declared as an entity and put in nowhere."""
    dtd = root.getroottree().docinfo.internalDTD
    for entity in dtd.iterentities() if dtd is not None else ():
        if entity.content and f"&{entity.name};" not in text:
            yield entity.content


def _value(element: Element) -> Obj | str:
    """An element as its attributes and children; one without either, or with text between its children, as its text."""
    children = [child for child in element if isinstance(child.tag, str)]
    attributes = [(local(key), value) for key, value in element.attrib.items() if value.strip()]
    if not children or local(element.tag) in _JOINED or _mixed(element):
        text = _text(element)
        attributes += dict.fromkeys(_within(element, text))
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


def _within(element: Element, text: str) -> Iterator[tuple[str, str]]:
    """The attributes of elements in running text whose values the text does not show."""
    for part in element.iterdescendants():
        if isinstance(part.tag, str):
            for key, value in part.attrib.items():
                if value.strip() and value not in text:
                    yield f"{local(part.tag)}.{local(key)}", value


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
