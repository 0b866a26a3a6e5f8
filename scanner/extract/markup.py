"""Reads html and Markdown: paragraphs as text, tables as tables, forms and definition lists as pairs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import decoded, lines, peek, texts
from scanner.extract.htmltree import BLOCKS, Page, parse
from scanner.model import Block, Cell, Document, Kind, Line, Member, Part, Section, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_DOM = 16 << 20  # characters: a longer page is read by the stripper alone, window by window
_SLICE = 1 << 20
_KEPT = 0.9  # share of the stripper's characters that the tree must have, else the tree has lost text
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{2,30})", re.IGNORECASE)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Markdown by its name, everything else as html. Raises Unreadable(BINARY)."""
    head = stream.read(4096)
    stream.seek(0)
    declared = _XML.search(head) or _META.search(head)
    source = decoded(stream, budget, declared=declared[1].decode("ascii", "replace") if declared else "")
    yield from source.notes
    writer = BlockWriter()
    name = document.inside[-1] if document.inside else document.uri
    if name.lower().endswith((".md", ".markdown")):
        yield from markdown(writer, source.pieces)
    else:
        whole, pieces = peek(source.pieces, _DOM)
        if len(whole) < _DOM:
            yield from html_blocks(writer, whole, budget)
        else:
            yield Trait("structure", "text")
            yield from texts(writer, (strip(part) for part in _slices(pieces)))
    yield from source.after()


# ---------------------------------------------------------------- html


def html_blocks(
    writer: BlockWriter, text: str, budget: Budget, *, part: str = "body", section: Section = Section.BODY
) -> Iterator[Block | Trait]:
    """The blocks of a page. What the tree loses (hostile depth, unterminated tags) the stripper still reads."""
    plain = strip(text)
    budget.check_time()
    page = parse(text, budget)
    if page is None or page.weight < _KEPT * _weight(plain):
        yield Trait("structure", "text")
        yield from writer.text(plain, Part(part, 1), section=section)
        return
    yield from _page_blocks(writer, page, part, section)


def _weight(text: str) -> int:
    return len("".join(text.split()))


def _page_blocks(writer: BlockWriter, page: Page, part: str, section: Section) -> Iterator[Block]:
    if page.properties:
        yield from writer.pairs([(k, v, 0) for k, v in page.properties], Part(part), section=Section.PROPERTY)
    paragraph, table, record = 1, 0, 0
    for piece in page.pieces:
        if piece.kind is Kind.TEXT:
            text = "\n".join(piece.lines)
            yield from writer.text(text, Part(part, paragraph), section=section, heading=piece.heading)
            paragraph += text.count("\n") + 1
        elif piece.kind is Kind.TABLE:
            table += 1
            place = Cell(f"表{table}", piece.rows[0][0] if piece.rows else 1, 1)
            yield from writer.table(piece.rows, place, section=section, heading=piece.heading)
        else:
            record += 1
            pairs = [(k, v, record) for k, v in piece.pairs]
            yield from writer.pairs(pairs, Part(part, paragraph), section=section, heading=piece.heading)
    if page.hidden:
        yield from writer.pairs([(k, v, 0) for k, v in page.hidden], Part("hidden"), section=Section.HIDDEN)
    for name, kind, listed in (
        ("attributes", Section.PROPERTY, page.attributes),
        ("comments", Section.COMMENT, page.comments),
        ("scripts", Section.HIDDEN, page.scripts),
    ):
        if listed:
            yield from writer.text("\n".join(listed), Part(name, 1), section=kind)


_SKIPPED = re.compile(r"<(script|style)\b[^>]{0,2000}>", re.IGNORECASE)
# A tag ends at the first '>' outside quotes; no step can be taken in two ways, so the time is linear.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40}+)(?:[^<>\"']++|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'|[\"'])*+>|<![a-zA-Z\[][^<>]{0,2000}+>"
)
_BREAKS = BLOCKS | {"br", "head", "style", "template"}


def strip(text: str) -> str:
    """The text of a page without tags, scripts and styles: no tree, linear in time, loses nothing else."""
    out: list[str] = []
    for piece in _visible(text):
        at = 0
        for tag in _TAG.finditer(piece):
            out.append(piece[at : tag.start()])
            name = (tag["name"] or "").lower()
            out.append("\n" if name in _BREAKS else "\t" if name in ("td", "th") and tag["end"] else "")
            at = tag.end()
        out.append(piece[at:])
    joined = html.unescape("".join(out))
    return "\n".join(kept for line in joined.split("\n") if (kept := " ".join(line.split(" ")).strip(" \t\r\f")))


def _visible(text: str) -> Iterator[str]:
    """The pieces between comments, scripts and styles."""
    at = 0
    lower = text.lower() if len(text.lower()) == len(text) else text
    comment_ends = True
    open_ends = {"script": True, "style": True}
    for found in re.finditer(r"<!--|<(?:script|style)\b[^<>]{0,2000}>", text, re.IGNORECASE):
        if found.start() < at:
            continue
        if found[0] == "<!--":
            end = text.find("-->", found.end()) if comment_ends else -1
            comment_ends = end >= 0
            close = end + 3
        else:
            name = "script" if found[0][1:7].lower() == "script" else "style"
            end = lower.find(f"</{name}", found.end()) if open_ends[name] else -1
            open_ends[name] = end >= 0
            close = end
        if end < 0:
            continue
        yield text[at : found.start()]
        at = close
    yield text[at:]


def _slices(pieces: Iterator[str]) -> Iterator[str]:
    """Windows that end behind a tag or line."""
    held = ""
    for piece in pieces:
        held += piece
        if len(held) >= _SLICE:
            cut = max(held.rfind(">"), held.rfind("\n")) + 1 or len(held)
            yield held[:cut] + "\n"
            held = held[cut:]
    yield held


# ---------------------------------------------------------------- Markdown

_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*$")
_RULE = re.compile(r"^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*+\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")
_BR = re.compile(r"<br\s*/?>", re.IGNORECASE)


def markdown(writer: BlockWriter, pieces: Iterator[str]) -> Iterator[Block]:
    """Lines as TEXT under their heading, pipe tables as TABLE (row = line)."""
    held: list[str] = []
    heading, size = "", 0
    begin = number = 1
    grid: list[tuple[int, list[tuple[int, str]]]] = []
    for line in lines(pieces):
        if grid:
            if "|" in line:
                if not (len(grid) == 1 and _RULE.match(line)):
                    grid.append((number, _bars(line)))
                number += 1
                continue
            yield from writer.table(grid, Cell("", grid[0][0], 1), heading=heading)
            grid, begin = [], number
        title = _HEADING.match(line)
        if held and "|" in held[-1] and "|" in line and _RULE.match(line):
            header = held.pop()
            yield from writer.text("".join(held), Line(begin), heading=heading)
            grid = [(number - 1, _bars(header))]
            held, size = [], 0
        elif title or size > 60_000:
            yield from writer.text("".join(held), Line(begin), heading=heading)
            heading = title["title"] if title else heading
            held, size, begin = [line], len(line), number
        else:
            held.append(line)
            size += len(line)
        number += 1
    if grid:
        yield from writer.table(grid, Cell("", grid[0][0], 1), heading=heading)
    yield from writer.text("".join(held), Line(begin), heading=heading)


def _bars(line: str) -> list[tuple[int, str]]:
    text = line.strip()
    text = text[1:] if text.startswith("|") else text
    text = text[:-1] if text.endswith("|") and not text.endswith("\\|") else text
    cells = (_BR.sub("\n", cell.replace("\\|", "|").strip()) for cell in _BAR.split(text))
    return [(n, cell) for n, cell in enumerate(cells, 1) if cell]
