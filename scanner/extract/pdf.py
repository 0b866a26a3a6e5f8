"""Reads PDF: page by page what is printed, with its tables and forms, then annotations, attachments and properties."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from scanner.contracts import Budget
from scanner.extract.ocr import LONGEST, Recognition
from scanner.extract.pagelayout import Layout, page_ranges
from scanner.extract.pdffonts import BlankFonts
from scanner.extract.pdfforms import on_page, ticks, xfa_fields
from scanner.extract.pdfglyphs import GLYPHS, Glyphs, edges, glyphs, turned_edges
from scanner.extract.pdflines import rows_of
from scanner.model import Block, Document, Member, Page, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # it warns of XFA forms, which are read otherwise
_FONTS = BlankFonts()
_FONTS.use()
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
_EMPTY = frozenset(("(unspecified)", "unspecified", "(anonymous)", "anonymous", "untitled", "(untitled)"))
_ATTACHMENTS = 5_000
_TITLES = 50_000
_DOTS = 200  # to an inch: what pages are drawn with for recognition
_DOUBTFUL = 0.3  # share of characters without meaning from which on a page is in doubt


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """All pages in order; a page that cannot be read is a problem of its own.

    Raises Unreadable(ENCRYPTED) when neither an empty password nor a given one opens it, CORRUPT when nothing does.
    """
    opened = _open(stream, budget)
    try:
        yield from _Reader(opened, budget).read()
    finally:
        opened.close()


def _open(stream: BinaryIO, budget: Budget) -> Any:
    opened: Any = None
    for password in (None, *budget.passwords):  # a wrong one would shut out what opens without: that comes first
        budget.check_time()
        try:
            opened = pypdfium2.PdfDocument(stream, password=password)
            break
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) not in _LOCKED:
                raise Unreadable(Code.CORRUPT, type(error).__name__) from None
    if opened is None:
        raise Unreadable(Code.ENCRYPTED, "PdfiumError")
    if len(opened) < 1:
        opened.close()
        raise Unreadable(Code.CORRUPT, "no pages")
    return opened


class _Reader:
    """One document on its way into blocks."""

    def __init__(self, document: Any, budget: Budget) -> None:
        self.document = document
        self.budget = budget
        self.writer = BlockWriter()
        self.form: Any = None
        self.layout = Layout(self.writer)
        self.seen = Recognition(self.layout)
        self.broken: list[int] = []
        self.pictures: list[int] = []  # pages of pictures only, which nobody has looked at
        self.doubtful: list[int] = []
        self.spent: Problem | None = None  # why pictures were not looked at

    def read(self) -> Iterator[Block | Member | Trait | Problem]:
        """Pages, then what belongs to the whole document."""
        count = len(self.document)
        yield Trait("pages", str(count))
        if self.document.get_formtype() != pdfium.FORMTYPE_NONE:
            try:
                self.document.init_forms()
                self.form = self.document.formenv
            except pypdfium2.PdfiumError:
                self.form = None
        limit: Problem | None = None
        for number in range(1, count + 1):
            try:
                self.budget.spend_part()
                yield from self._page(number)
            except Unreadable as reached:
                limit = reached.problem
                break
        lost = ((Code.CORRUPT, self.broken), (Code.IMAGE_ONLY, self.pictures), (Code.ENCODING_DOUBT, self.doubtful))
        for code, pages in lost:
            for where in page_ranges(pages):
                yield Problem(Stage.EXTRACT, code, where=where)
        if self.spent is not None:
            yield self.spent
        yield from self.seen.said()
        self.writer.scope += 1
        yield from self._xfa()
        yield from self._properties()
        yield from self._attachments()
        if limit is not None:
            yield limit

    # -- pages

    def _page(self, number: int) -> Iterator[Block]:
        self.writer.scope = number
        try:
            page = self.document[number - 1]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            self.broken.append(number)
            return
        try:
            found, *others = glyphs(textpage.raw)
            if self.form is not None:
                found = ticks(page.raw, self.form.raw, found)
            self.budget.spend_characters(sum(len(g.chars) for g in (found, *others)))
            yield from self._printed(page, textpage, found, number)
            for other in others:  # text turned otherwise: stamps, margins, labels of axes
                yield from self.layout.turned(other, number)
        finally:
            textpage.close()
            page.close()

    def _printed(self, page: Any, textpage: Any, found: Glyphs, number: int) -> Iterator[Block]:
        count = int(pdfium.FPDFText_CountChars(textpage.raw))
        blank = not any(not c.isspace() for c in found.chars) and _has_picture(page.raw)
        doubtful = found.unmapped > _DOUBTFUL * max(1, len(found.chars) + found.unmapped)
        if blank or (doubtful and self.budget.ocr):
            yield from self._pictured(page, number)
        if doubtful:
            self.doubtful.append(number)
        yield from self.layout.printed(found, turned_edges(edges(page.raw), found.turn), number)
        if count > GLYPHS:
            yield from self.writer.text(textpage.get_text_range(GLYPHS, count - GLYPHS), Page(number, 1))
        if int(pdfium.FPDFPage_GetAnnotCount(page.raw)) > 0:
            yield from self._beside(page, found, number)

    def _pictured(self, page: Any, number: int) -> Iterator[Block]:
        """What is written on a page that has no text, where recognition is asked for; past its limits pages are only named."""
        if not self.budget.ocr or self.spent is not None:
            self.pictures.append(number)
            return
        scale = min(_DOTS / 72, LONGEST / max(page.get_size()))
        try:
            picture = np.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3])
            yield from self.seen.page(picture, 1 / scale, number, self.budget)
        except Unreadable as trouble:
            self.spent = trouble.problem if trouble.problem.code is not Code.CORRUPT else None
            self.pictures.append(number)
        except pypdfium2.PdfiumError:
            self.pictures.append(number)

    def _beside(self, page: Any, found: Glyphs, number: int) -> Iterator[Block]:
        """What the annotations of a page say: fields of forms, remarks, links."""
        rows = rows_of(found, range(len(found.chars))) if found.turn == 0 else []
        said = on_page(self.document.raw, page.raw, self.form.raw if self.form else None, rows)
        if said.fields:
            yield from self.writer.pairs([(k, v, 0) for k, v in said.fields], Page(number))
        if said.remarks:
            text = "\n".join(f"{author}\n{remark}" if author else remark for author, remark in said.remarks)
            yield from self.writer.text(text, Page(number), section=Section.COMMENT)
        links = [link for link in dict.fromkeys(said.links) if link not in found.chars]
        if links:
            yield from self.writer.text("\n".join(links), Page(number), section=Section.PROPERTY)

    # -- the document

    def _xfa(self) -> Iterator[Block]:
        if self.document.get_formtype() in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
            pairs = [(name, value, 0) for name, value in xfa_fields(self.document.raw)]
            if pairs:
                self.budget.spend_characters(sum(len(v) for _, v, _ in pairs))
                yield from self.writer.pairs(pairs, Part("xfa"))

    def _properties(self) -> Iterator[Block]:
        known = self.document.get_metadata_dict(skip_empty=True)
        pairs = [(key, value, 0) for key in _PROPERTIES if (value := known.get(key, "").strip()) and value.lower() not in _EMPTY]
        if pairs:
            yield from self.writer.pairs(pairs, Part("properties"), section=Section.PROPERTY)

        titles: dict[str, None] = {}
        for bookmark in self.document.get_toc():
            title = bookmark.get_title().strip()
            if title and "".join(title.split()) not in self.layout.titles and len(titles) < _TITLES:
                titles[title] = None
        if titles:
            yield from self.writer.text("\n".join(titles), Part("outline", 1), section=Section.PROPERTY)

    def _attachments(self) -> Iterator[Member | Problem]:
        for n in range(self.document.count_attachments()):
            if not self.budget.holds(n, _ATTACHMENTS):
                return
            self.budget.spend_part()
            try:
                attachment = self.document.get_attachment(n)
                name = attachment.get_name()
                data = bytes(attachment.get_data())
            except pypdfium2.PdfiumError as error:
                yield Problem(Stage.EXTRACT, Code.CORRUPT, type(error).__name__, f"attachment {n + 1}")
                continue
            self.budget.spend_bytes(len(data))
            yield Member(name or f"attachment{n + 1}", io.BytesIO(data), len(data))


def _has_picture(page: Any) -> bool:
    """Whether an image lies on the page, also within a form object."""
    stack = [(page, False, int(pdfium.FPDFPage_CountObjects(page)))]
    seen = 0
    while stack and seen < 5_000:
        holder, is_form, count = stack.pop()
        for n in range(min(count, 5_000)):
            seen += 1
            item = pdfium.FPDFFormObj_GetObject(holder, n) if is_form else pdfium.FPDFPage_GetObject(holder, n)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                return True
            if kind == pdfium.FPDF_PAGEOBJ_FORM and len(stack) < 50:
                stack.append((item, True, int(pdfium.FPDFFormObj_CountObjects(item))))
    return False
