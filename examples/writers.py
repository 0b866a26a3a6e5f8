"""Small writers of office files, pdf and mail whose bytes are the same each time; see make_share.py."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from email.header import Header
from email.mime.text import MIMEText
from email.utils import formataddr

Rows = Sequence[Sequence[str]]
PASSWORD = "demo-2026"


def table(rows: Rows) -> str:
    """Comma-separated text with CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def workbook(sheets: dict[str, Rows]) -> bytes:
    """An xlsx file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return steady(out.getvalue())


def document(parts: Sequence[str | Rows]) -> bytes:
    """A docx file: strings are paragraphs (a heading where they begin with ``# ``), lists of rows are tables."""
    import docx

    page = docx.Document()
    for part in parts:
        if isinstance(part, str):
            page.add_heading(part[2:], level=1) if part.startswith("# ") else page.add_paragraph(part)
            continue
        grid = page.add_table(rows=0, cols=max(map(len, part)), style="Table Grid")
        for row in part:
            for cell, text in zip(grid.add_row().cells, row, strict=False):
                cell.text = text
    out = io.BytesIO()
    page.save(out)
    return steady(out.getvalue())


def slides(pages: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """A pptx file of titles with bullets."""
    import pptx

    show = pptx.Presentation()
    for title, bullets in pages:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text_frame.text = "\n".join(bullets)
    out = io.BytesIO()
    show.save(out)
    return steady(out.getvalue())


def pdf(title: str, lines: Sequence[str], rows: Rows = ()) -> bytes:
    """A pdf file of one page: a title, a ruled table of labels and values, lines of text."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle(title)
    page.setFont("HeiseiKakuGo-W5", 15)
    page.drawString(60, 780, title)
    page.setFont("HeiseiKakuGo-W5", 10)
    y = 745
    for label, value in rows:
        page.rect(60, y - 7, 110, 20)
        page.rect(170, y - 7, 360, 20)
        page.drawString(65, y, label)
        page.drawString(175, y, value)
        y -= 20
    for line in lines:
        y -= 18
        page.drawString(60, y, line)
    page.save()
    return out.getvalue()


def mail(subject: str, sender: tuple[str, str], to: tuple[str, str], body: str) -> bytes:
    """A message in ISO-2022-JP."""
    message = MIMEText(body, "plain", "iso-2022-jp")
    message["Subject"] = Header(subject, "iso-2022-jp")
    for field, (name, address) in (("From", sender), ("To", to)):
        message[field] = formataddr((Header(name, "iso-2022-jp").encode(), address))
    message["Date"] = "Tue, 14 Apr 2026 10:24:00 +0900"
    message["Message-ID"] = "<20260414.1024@example.jp>"
    return message.as_bytes()


def steady(data: bytes) -> bytes:
    """The same zip with fixed times, so that writing it again gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _without_times(body)
            new.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_times(core: bytes) -> bytes:
    return re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>2026-04-01T00:00:00Z", core)


def locked(data: bytes) -> bytes:
    """The workbook protected by PASSWORD."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(PASSWORD, out)
    return out.getvalue()
