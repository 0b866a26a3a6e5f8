"""What lies on or beside the pages of a PDF: form fields, annotations, XFA data."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from lxml import etree

from scanner.extract.pdfglyphs import Glyphs, turned
from scanner.extract.pdflines import Row

_ANNOTATIONS = 20_000  # of one page
_MARKUP = frozenset(
    (
        pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_LINE, pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_FILEATTACHMENT, pdfium.FPDF_ANNOT_REDACT,
    )
)  # fmt: skip
_TICKED = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_PLAIN_NAME = re.compile(r"[\x00-\x7f]*")


class Found(NamedTuple):
    """``fields``: label and value; ``remarks``: author and text of annotations; ``links``: targets of mailto links."""

    fields: list[tuple[str, str]]
    remarks: list[tuple[str, str]]
    links: list[str]


def on_page(document: Any, page: Any, form: Any, rows: list[Row]) -> Found:
    """Everything that annotations of a page say. ``rows``: the printed lines, where a field's label may stand."""
    found = Found([], [], [])
    for n in range(min(int(pdfium.FPDFPage_GetAnnotCount(page)), _ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                _field(annotation, form, rows, found)
            elif kind in _MARKUP:
                text = _string(annotation, b"Contents")
                if text.strip():
                    found.remarks.append((_string(annotation, b"T").strip(), text.strip()))
            elif kind == pdfium.FPDF_ANNOT_LINK:
                uri = _uri(document, annotation)
                if uri.lower().startswith("mailto:"):
                    found.links.append(uri[7:].partition("?")[0])
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def ticks(page: Any, form: Any, found: Glyphs) -> Glyphs:
    """The characters of a page with those that its boxes to tick and its round buttons show: ☑ or □, where they lie."""
    marks: list[tuple[str, tuple[float, float, float, float]]] = []
    rect = pdfium.FS_RECTF()
    for n in range(min(int(pdfium.FPDFPage_GetAnnotCount(page)), _ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        ticked = pdfium.FPDFAnnot_GetFormFieldType(form, annotation) in _TICKED
        if ticked and pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
            box = (rect.left, -max(rect.top, rect.bottom), rect.right, -min(rect.top, rect.bottom))
            marks.append(("☑" if pdfium.FPDFAnnot_IsChecked(form, annotation) else "□", box))
        pdfium.FPDFPage_CloseAnnot(annotation)
    if not marks:
        return found
    boxes = turned(np.array([box for _, box in marks], dtype=np.float64), found.turn)
    return replace(
        found,
        chars=found.chars + "".join(mark for mark, _ in marks),
        boxes=np.concatenate([found.boxes, boxes]),
        follows=np.concatenate([found.follows, np.zeros(len(marks), dtype=np.bool_)]),
    )


def _field(annotation: Any, form: Any, rows: list[Row], found: Found) -> None:
    if form and pdfium.FPDFAnnot_GetFormFieldType(form, annotation) in _TICKED:
        shown = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, annotation, b, n)).strip()
        if shown and pdfium.FPDFAnnot_IsChecked(form, annotation):  # what is printed beside it was read with the page
            found.fields.append((shown, "☑"))
        return
    value = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, b, n)) if form else ""
    value = value or _string(annotation, b"V")
    if not value.strip() or value == "Off":
        return
    name = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldName(form, annotation, b, n)) if form else ""
    shown = _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldAlternateName(form, annotation, b, n)) if form else ""
    shown = shown or _string(annotation, b"TU")
    name = name or _string(annotation, b"T")
    label = shown.strip() or (_printed(annotation, rows) if _PLAIN_NAME.fullmatch(name) else "") or name.strip()
    pair = (label, value.strip())
    if pair not in found.fields:
        found.fields.append(pair)


def _printed(annotation: Any, rows: list[Row]) -> str:
    """The text left of a field on its line, or right above it."""
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return ""
    top, bottom = -max(rect.top, rect.bottom), -min(rect.top, rect.bottom)
    middle = (top + bottom) / 2
    for row in rows:
        if row.y0 - 2 <= middle <= row.y1 + 2:
            beside = [p for p in row.pieces if p.x1 <= rect.left + 3 and rect.left - p.x1 < 150]
            if beside:
                return beside[-1].text.strip(" :：")[:60]
    above = [p for row in rows for p in row.pieces if 0 <= top - p.y1 < 1.5 * p.size and p.x0 < rect.right and p.x1 > rect.left]
    return above[-1].text.strip(" :：")[:60] if above else ""


def _wide(call: Callable[[Any, int], int]) -> str:
    size = int(call(None, 0))
    if size <= 2 or size > 1 << 22:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _string(annotation: Any, key: bytes) -> str:
    return _wide(lambda b, n: pdfium.FPDFAnnot_GetStringValue(annotation, key, b, n))


def _uri(document: Any, annotation: Any) -> str:
    link = pdfium.FPDFAnnot_GetLink(annotation)
    action = pdfium.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = int(pdfium.FPDFAction_GetURIPath(document, action, None, 0))
    if not 1 < size < 4096:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def xfa_fields(document: Any) -> Iterator[tuple[str, str]]:
    """Names and values of the data of an XFA form."""
    for n in range(min(max(int(pdfium.FPDF_GetXFAPacketCount(document)), 0), 50)):
        name = ctypes.create_string_buffer(64)
        pdfium.FPDF_GetXFAPacketName(document, n, name, 64)
        if name.value != b"datasets":
            continue
        size = ctypes.c_ulong()
        pdfium.FPDF_GetXFAPacketContent(document, n, None, 0, ctypes.byref(size))
        if not 0 < size.value < 1 << 24:
            continue
        buffer = ctypes.create_string_buffer(size.value)
        pdfium.FPDF_GetXFAPacketContent(document, n, buffer, size.value, ctypes.byref(size))
        try:
            root = etree.fromstring(
                buffer.raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
            )
        except etree.LxmlError:
            continue
        for element in root.iter(etree.Element) if root is not None else ():
            if element.text and element.text.strip():
                yield etree.QName(element).localname, element.text.strip()
