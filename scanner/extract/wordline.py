"""Reads one paragraph of WordprocessingML: its runs joined to a line, and what hangs on it (boxes, deletions, readings …)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scanner.extract import office
from scanner.extract.opc import Element, attribute, local

_ERASED = {"del", "moveFrom"}
# Wingdings and its sisters have no Unicode in the file; these are the ones that forms use as boxes and ticks
_SYMBOLS = {
    "wingdings": dict(zip(b"\xa8\x6f\x71\x72\x6e\xfe\xfd\xfc\xfb\x6c\xa1", "□□□□■☑☒✓✗●○", strict=True)),
    "wingdings 2": dict(zip(b"\x52\x53\x54\xa3\x50\x4f", "☑☒☒□✓✗", strict=True)),
}
_MACHINE = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "PAGEREF", "SEQ", "FORMTEXT", "FORMCHECKBOX", "STYLEREF"}

_OVERLAY = re.compile(r"\\o(?:\s*\\a[lcrd])*\s*\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
_RAISED = re.compile(r"\\s\s*\\(?:up|do)\s*\d*\s*\(([^()]*)\)\s*,?", re.IGNORECASE)


@dataclass
class Line:
    """A paragraph. ``links``: relationship id and shown text of each hyperlink; ``boxes``: text boxes, or the text of word art."""

    text: str = ""
    style: str = ""
    outline: bool = False
    centred: bool = False
    new_page: bool = False
    picture: bool = False
    boxes: list[Element | str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    @property
    def extras(self) -> bool:
        """Whether something hangs on the line that is given out after it."""
        return bool(self.boxes or self.deleted or self.readings or self.alternatives)


def read_line(paragraph: Element) -> Line:
    """The paragraph as it is shown; deleted text and field codes are kept apart. Depth is bounded by the parser (256)."""
    reader = _Reader()
    for child in paragraph:
        if local(child.tag) == "pPr":
            reader.properties(child)
        else:
            reader.walk(child, erased=False)
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self.line = Line()
        self.pieces: list[str] = []
        self.erased: list[str] = []
        self.code: list[str] = []
        self.ruby_end = -1

    def finish(self) -> Line:
        self.end_code()
        self.line.text = "".join(self.pieces)
        if gone := "".join(self.erased).strip():
            self.line.deleted.append(gone)
        return self.line

    def properties(self, element: Element) -> None:
        for child in element:
            match local(child.tag):
                case "pStyle":
                    self.line.style = attribute(child, "val")
                case "outlineLvl":
                    level = attribute(child, "val")
                    self.line.outline = level.isdigit() and int(level) < 9
                case "jc":
                    self.line.centred = attribute(child, "val") == "center"
                case "pageBreakBefore":
                    self.line.new_page = attribute(child, "val") not in ("0", "false", "off")

    def walk(self, element: Element, *, erased: bool) -> None:
        name = local(element.tag)
        match name:
            case "" | "pPr" | "rPr" | "sdtPr" | "sdtEndPr" | "rubyPr" | "bookmarkStart" | "bookmarkEnd" | "proofErr":
                return
            case "t" | "delText":
                self.say(element.text or "", erased or name == "delText")
            case "tab" | "ptab":
                self.say("\t", erased)
            case "br" | "cr":
                self.line.new_page = self.line.new_page or attribute(element, "type") == "page"
                self.say("\n", erased)
            case "noBreakHyphen":
                self.say("-", erased)
            case "sym":
                self.say(_symbol(element), erased)
            case "instrText" | "delInstrText":
                self.code.append(element.text or "")
            case "fldChar":
                self.end_code()
                self.form_field(element)
            case "txbxContent" | "txBody":
                self.line.boxes.append(element)
            case "ruby":
                self.ruby(element, erased)
            case "hyperlink":
                self.hyperlink(element, erased)
            case _:
                self.wrapper(name, element, erased)

    def wrapper(self, name: str, element: Element, erased: bool) -> None:
        """Everything that holds other things."""
        match name:
            case "ins" | "del" | "moveFrom" | "moveTo":
                self.line.authors.append(attribute(element, "author"))
                erased = erased or name in _ERASED
            case "fldSimple":
                self.keep_code(attribute(element, "instr"))
            case "docPr" | "cNvPr" | "shape" | "rect" | "imagedata":
                if text := office.alt_text(element):
                    self.line.alternatives.append(text)
                self.line.picture = self.line.picture or name == "imagedata"
            case "blip":
                self.line.picture = True
            case "textpath":
                self.line.boxes.append(attribute(element, "string"))
        children = office.alternatives(element) if name == "AlternateContent" else element
        for child in children:
            self.walk(child, erased=erased)

    def say(self, text: str, erased: bool) -> None:
        (self.erased if erased else self.pieces).append(text)

    def ruby(self, element: Element, erased: bool) -> None:
        """The base stays in the line; the reading is kept apart, joined to the one before when no text lies between."""
        reading = ""
        begin = len(self.pieces)
        for child in element:
            match local(child.tag):
                case "rt":
                    reading = "".join(text.text or "" for text in child.iter("{*}t"))
                case "rubyBase":
                    for inner in child:
                        self.walk(inner, erased=erased)
        if reading and begin == self.ruby_end and self.line.readings:
            self.line.readings[-1] += reading
        elif reading:
            self.line.readings.append(reading)
        self.ruby_end = len(self.pieces)

    def hyperlink(self, element: Element, erased: bool) -> None:
        begin = len(self.pieces)
        for child in element:
            self.walk(child, erased=erased)
        if ident := attribute(element, "id"):
            self.line.links.append((ident, "".join(self.pieces[begin:])))

    def end_code(self) -> None:
        self.keep_code("".join(self.code))
        self.code.clear()

    def keep_code(self, code: str) -> None:
        """Keeps a field's code when it can say something: page numbers and the like can't. EQ fields show what their code holds."""
        words = code.split()
        if words and words[0].upper() == "EQ":
            self.equation(code)
            return
        if words and words[0].upper() not in _MACHINE and (not code.isascii() or "@" in code or "tel:" in code):
            self.line.instructions.append(" ".join(words))

    def equation(self, code: str) -> None:
        """Overlaid characters: a reading over its base (old ruby), or a circle around a character (○ and 印)."""
        base, readings = overlaid(code)
        self.line.readings.extend(readings)
        if base:
            self.pieces.append(base)

    def form_field(self, element: Element) -> None:
        """A legacy check box or drop-down shows its state by the field's data alone."""
        for data in element.iter("{*}checkBox", "{*}ddList"):
            values = {local(child.tag): attribute(child, "val") for child in data if local(child.tag) != "listEntry"}
            if local(data.tag) == "checkBox":
                state = values.get("checked", values.get("default", "0"))
                ticked = state in ("", "1", "true", "on") if "checked" in values else state in ("1", "true", "on")
                self.pieces.append("☑" if ticked else "□")
                continue
            entries = [attribute(entry, "val") for entry in data.iter("{*}listEntry")]
            chosen = values.get("result", "0")
            if chosen.isdigit() and int(chosen) < len(entries):
                self.pieces.append(entries[int(chosen)])


def overlaid(code: str) -> tuple[str, list[str]]:
    """The base and the readings of an EQ field that lays characters over one another; ("", []) when it does something else."""
    overlay = _OVERLAY.search(code) if len(code) < 1000 else None
    if overlay is None:
        return "", []
    return _RAISED.sub("", overlay[1]).split(",")[-1].strip(), _RAISED.findall(overlay[1])


def _symbol(element: Element) -> str:
    """A character of a symbol font: a box or tick where it is one, else nothing that could be read wrongly."""
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    table = _SYMBOLS.get(attribute(element, "font").lower(), {})
    if code & 0xFF00 == 0xF000:
        return table.get(code & 0xFF, "・")
    return table.get(code, chr(code) if code < 0xD800 else "・")
