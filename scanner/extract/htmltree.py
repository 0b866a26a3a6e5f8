"""Walks the tree of an html page without recursion and gathers its text, tables, pairs and what does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from scanner.contracts import Budget
from scanner.extract.decoding import unescaped
from scanner.extract.htmlforms import SPACE, filled_in, grid, labels_of
from scanner.model import Kind

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre",
        "search", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SHOWN = ("alt", "title", "aria-label", "placeholder", "summary", "content", "label")
_TECHNICAL = re.compile(
    r"^(viewport|generator|theme-color|robots|format-detection|referrer|color-scheme|csrf.*|.*verification|msapplication.*"
    r"|apple-.*|og:(type|image.*|locale|url)|twitter:(card|image.*)|content-type|x-ua-compatible|refresh|progid|charset)$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"[^\x00-\x7f]|\\u[0-9a-fA-F]{4}|@")
_STEPS = 4_000  # elements between two looks at the clock


@dataclass(slots=True)
class Piece:
    """A stretch of the page: lines, a table or pairs, under a heading."""

    kind: Kind
    heading: str = ""
    lines: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[tuple[int, str]]]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """All that was found on a page. ``weight``: characters of what shows, white space left out."""

    pieces: list[Piece] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    attributes: dict[str, None] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    weight: int = 0


def parse(text: str, budget: Budget) -> Page | None:
    """The page, or None when no tree can be made of it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is None:
        return None
    page = Page()
    renderer = _Renderer(page, budget, labels_of(root))
    renderer.run(root)
    renderer.flush()
    return page


class _Renderer:
    """Turns a stretch of the tree into lines; on the page itself also into tables and pairs. One more for each table cell."""

    def __init__(self, page: Page, budget: Budget, labels: dict[str, str], *, cell: bool = False) -> None:
        self.page = page
        self.budget = budget
        self.labels = labels
        self.cell = cell
        self.lines: list[str] = []
        self.line: list[str] = []
        self.pre = 0
        self.heading = ""
        self.steps = 0
        self.skip_value: set[Any] = set()

    # -- the walk

    def run(self, root: Any) -> None:
        """Depth first with a stack of our own: hostile depth must not end in RecursionError."""
        stack: list[tuple[Any, Iterator[Any]]] = [(root, iter(root))]
        self.begin(root)
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self.end(element)
                if stack and element.tail:
                    self.text(element.tail)
                continue
            self.steps += 1
            if self.steps % _STEPS == 0:
                self.budget.check_time()
            if self.enter(child):
                stack.append((child, iter(child)))
                self.begin(child)
            elif child.tail:
                self.text(child.tail)

    def enter(self, element: Any) -> bool:
        """Deal with an element as a whole (False), or have its children walked (True)."""
        tag = element.tag
        if not isinstance(tag, str):
            self._comment(element)
            return False
        if element.attrib:
            self._attributes(element, tag)
        handler = _HANDLERS.get(tag)
        return handler(self, element) if handler else True

    def begin(self, element: Any) -> None:
        if element.tag in BLOCKS:
            self.newline()
        if element.tag in _HEADINGS and not self.cell:
            self.flush()
        if element.tag == "pre":
            self.pre += 1
        if element.text:
            self.text(element.text)

    def end(self, element: Any) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self.newline()
        if tag == "pre":
            self.pre -= 1
        if tag in _HEADINGS and not self.cell and self.lines:
            self.heading = " ".join(self.lines)[:200]

    # -- text

    def text(self, text: str) -> None:
        if self.pre:
            first, *more = text.split("\n")
            self.line.append(first)
            for part in more:
                self.newline()
                self.line.append(part)
        else:
            self.line.append(SPACE.sub(" ", text))

    def newline(self) -> None:
        if not self.line:
            return
        joined = "".join(self.line)
        text = joined if self.pre else SPACE.sub(" ", joined).strip(" ") if "   " not in joined else joined.strip(" ")
        if text.strip():
            self.lines.append(text)
            self.page.weight += len("".join(text.split())) if not self.cell else 0
        self.line = []

    def flush(self) -> None:
        """What was gathered becomes a piece of the page."""
        self.newline()
        if self.lines:
            self.page.pieces.append(Piece(Kind.TEXT, self.heading, lines=self.lines))
            self.lines = []

    def inner(self, element: Any) -> str:
        """The text of an element by itself, lines joined by line breaks."""
        other = _Renderer(self.page, self.budget, self.labels, cell=True)
        other.run(element)
        other.newline()
        return "\n".join(other.lines)

    # -- elements of their own kind

    def _comment(self, element: Any) -> None:
        text = (element.text or "").strip() if element.tag is etree.Comment else ""
        if text and not text.startswith("[if "):
            self.page.comments.append(text)

    def _attributes(self, element: Any, tag: str) -> None:
        for name, value in element.attrib.items():
            value = value.strip()
            if not value or tag in ("meta", "script", "link"):
                continue
            if name in _SHOWN or (name.startswith("data-") and _FOREIGN.search(value)):
                self.page.attributes[value] = None
            elif (name == "href" and value[:7].lower() == "mailto:") or value[:4].lower() == "tel:":
                self._address(element, unquote(value.partition(":")[2]))
            elif name == "value" and (element.get("type") or "").lower() in ("checkbox", "radio") and _FOREIGN.search(value):
                self.page.attributes[value] = None

    def _address(self, element: Any, target: str) -> None:
        shown = "".join(element.itertext())
        for part in re.split(r"[?&]", target):
            if part and part not in shown:
                self.page.attributes[part] = None

    def _br(self, element: Any) -> bool:
        if self.cell or self.line:
            self.newline()
        return False

    def _script(self, element: Any) -> bool:
        text = "".join(element.itertext()).strip()
        if text and (_FOREIGN.search(text) or "json" in (element.get("type") or "")):
            self.page.scripts.append(unescaped(text))
        return False

    def _style(self, element: Any) -> bool:
        return False

    def _title(self, element: Any) -> bool:
        parent = element.getparent()
        if self.cell or (parent is not None and parent.tag not in ("head", "html", "body")):
            return True
        text = SPACE.sub(" ", "".join(element.itertext())).strip()
        if text:
            self.page.properties.append(("title", text))
            self.page.weight += len("".join(text.split()))
        return False

    def _meta(self, element: Any) -> bool:
        name = element.get("name") or element.get("property") or element.get("http-equiv") or ""
        content = (element.get("content") or "").strip()
        if name and content and not _TECHNICAL.match(name):
            self.page.properties.append((name, content))
        return False

    def _label(self, element: Any) -> bool:
        return element.get("for") not in self.labels or any(True for _ in element.iter("input", "select", "textarea"))

    def _control(self, element: Any) -> bool:
        kind = (element.get("type") or "").lower()
        if element.tag == "input" and kind == "hidden":
            if element.get("value"):
                self.page.hidden.append((element.get("name") or element.get("id") or "hidden", element.get("value")))
            return False
        if element.tag == "input" and kind in ("submit", "button", "reset"):
            self.text(f" {element.get('value') or ''} ")
            return False
        value = filled_in(element)
        if value:
            self._value(element, value)
        if element.tag == "select":
            rest = [e for e in element.iter("option") if e.get("selected") is None]
            for option in rest:
                self.newline()
                self.text("".join(option.itertext()))
            self.newline()
        return False

    def _value(self, element: Any, value: str) -> None:
        """Beside its label: as a pair where the page says which label, else behind the text on its line."""
        label = self.labels.get(element.get("id") or "")
        if label is None and not self.cell and not "".join(self.line).strip():
            label = element.get("aria-label") or element.get("title") or element.get("placeholder") or element.get("name")
        if label and not self.cell:
            self.flush()
            self.page.weight += len("".join((label + value).split()))
            last = self.page.pieces[-1] if self.page.pieces else None
            if last is None or last.kind is not Kind.PAIRS:
                last = Piece(Kind.PAIRS, self.heading)
                self.page.pieces.append(last)
            last.pairs.append((label, value))
            return
        self.line.append(f"{label or ''}   {value}")
        if element.tag == "textarea":
            self.newline()

    def _ruby(self, element: Any) -> bool:
        """Base text in one piece, its reading behind it in brackets: 山田(やまだ)."""
        base, reading = [element.text or ""], [""]
        for child in element:
            if isinstance(child.tag, str) and child.tag in ("rt", "rtc"):
                reading.append("".join(child.itertext()))
            elif isinstance(child.tag, str) and child.tag != "rp":
                base.append("".join(child.itertext()))
            base.append(child.tail or "")
        shown = "".join(reading).strip()
        self.text("".join(base).strip() + (f"({shown})" if shown else ""))
        return False

    def _dl(self, element: Any) -> bool:
        if self.cell or not any(True for _ in element.iter("dd")) or any(True for _ in element.iter("table")):
            return True
        pairs: list[tuple[str, str]] = []
        key = ""
        for child in element.iter("dt", "dd"):
            nearest = next(child.iterancestors("dl"), None)
            if nearest is not element:
                continue
            text = self.inner(child)
            if child.tag == "dt":
                key = f"{key}\n{text}" if key and pairs and not pairs[-1][0] else text
            elif text:
                pairs.append((key, text))
        self.flush()
        self.page.weight += sum(len("".join((k + v).split())) for k, v in pairs)
        self.page.pieces.append(Piece(Kind.PAIRS, self.heading, pairs=pairs))
        return False

    def _table(self, element: Any) -> bool:
        """A grid of its own, unless it only lays the page out (tables within, or one column)."""
        if self.cell or any(e is not element for e in element.iter("table")):
            return True
        rows = grid(element, self.inner)
        if max((len(cells) for _, cells in rows), default=0) < 2:
            return True
        for caption in element.iter("caption"):
            self.newline()
            self.text(self.inner(caption))
            self.newline()
        self.flush()
        self.page.weight += sum(len("".join(text.split())) for _, cells in rows for _, text in cells)
        self.page.pieces.append(Piece(Kind.TABLE, self.heading, rows=rows))
        return False


_HANDLERS = {
    "br": _Renderer._br,
    "script": _Renderer._script,
    "style": _Renderer._style,
    "title": _Renderer._title,
    "meta": _Renderer._meta,
    "label": _Renderer._label,
    "input": _Renderer._control,
    "select": _Renderer._control,
    "textarea": _Renderer._control,
    "ruby": _Renderer._ruby,
    "dl": _Renderer._dl,
    "table": _Renderer._table,
}
