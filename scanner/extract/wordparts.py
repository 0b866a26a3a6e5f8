"""Small readings of WordprocessingML: which styles are headings, the rows and cells of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.extract.opc import Damaged, Element, Package, attribute, local
from scanner.problems import Problem

SKIPPED = frozenset({"sectPr", "tblPr", "tblGrid", "tcPr", "trPr", "sdtPr", "sdtEndPr", "tblPrEx", "altChunk"})
_HEADING = re.compile(r"^(?:heading|見出し|title|subtitle|表題|副題)\s*\d*$", re.IGNORECASE)
_CHAIN = 12  # styles that a style may be based on, one after the other


def heading_styles(package: Package, parts: list[str], headings: set[str]) -> Iterator[Problem]:
    """Adds the ids of paragraph styles that are headings, by outline level, by name or by the style they are based on."""
    based: dict[str, str] = {}
    try:
        for part in parts:
            for style in package.stream(part, ("style",)):
                ident = attribute(style, "styleId")
                name, based[ident], level = (_value(style, key) for key in ("name", "basedOn", "outlineLvl"))
                if _HEADING.match(name) or (level.isdigit() and int(level) < 9):
                    headings.add(ident)
    except Damaged as damage:
        yield damage.problem
    for ident in based:
        ancestor = ident
        for _ in range(_CHAIN):
            if ancestor in headings:
                headings.add(ident)
            ancestor = based.get(ancestor, "")


def _value(style: Element, key: str) -> str:
    return next((attribute(element, "val") for element in style.iter(f"{{*}}{key}")), "")


def inside(element: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, also those wrapped in content controls, custom XML or tracked changes."""
    for child in element:
        name = local(child.tag)
        if name == wanted:
            yield child
        elif name and name not in SKIPPED and name not in ("tr", "tc", "p", "tbl"):
            yield from inside(child, wanted)


def number_of(element: Element, properties: str, name: str, default: int) -> int:
    """A small number among a row's or cell's properties."""
    for child in element:
        if local(child.tag) == properties:
            for inner in child:
                if local(inner.tag) == name:
                    value = attribute(inner, "val")
                    return int(value) if value.isdigit() and len(value) < 4 else default
    return default
