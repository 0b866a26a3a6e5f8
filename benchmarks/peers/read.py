"""Other readers on the same files: a tool's name, then a path a line; answers with a JSON line of counts, never with text.

    python read.py TOOL      TOOL: a name of READERS

Runs in the peers' environment (``benchmarks/peers/formats.txt``) and needs nothing of the project. Tools outside Python are asked
for by name on the PATH: antiword, catdoc, pdftotext, unrtf, soffice.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")
MARKER = re.compile(r"MK[A-Z]+?(?=MK|[^A-Z]|$)")
Reader = Callable[[Path], Iterable[str]]


def tika(path: Path) -> Iterator[str]:
    """Apache Tika compiled to native code."""
    module = import_module("iscc_tika")
    extractor = module.Extractor().set_extract_string_max_length(100_000_000)
    text, _ = extractor.extract_file_to_string(str(path))
    yield text


def markitdown(path: Path) -> Iterator[str]:
    """What a language model would be given."""
    yield import_module("markitdown").MarkItDown(enable_plugins=False).convert(str(path)).text_content


def pypdfium2(path: Path) -> Iterator[str]:
    """The text of each page."""
    document = import_module("pypdfium2").PdfDocument(path)
    for page in document:
        textpage = page.get_textpage()
        yield textpage.get_text_bounded()
        textpage.close()
        page.close()


def pdfplumber(path: Path) -> Iterator[str]:
    """The text of each page, columns and rows as it sees them."""
    with import_module("pdfplumber").open(path) as document:
        for page in document.pages:
            yield page.extract_text()
            page.close()


def pypdf(path: Path) -> Iterator[str]:
    """The text of each page."""
    for page in import_module("pypdf").PdfReader(path).pages:
        yield page.extract_text()


def python_docx(path: Path) -> Iterator[str]:
    """Paragraphs, tables, headers, footers, comments."""
    document = import_module("docx").Document(str(path))
    holders = [document]
    for section in document.sections:
        holders += [section.header, section.footer, section.first_page_header, section.first_page_footer]
    for holder in holders:
        yield from (p.text for p in holder.paragraphs)
        yield from (cell.text for t in holder.tables for row in t.rows for cell in dict.fromkeys(row.cells))
    yield from (c.text for c in getattr(document, "comments", ()))


def docx2python(path: Path) -> Iterator[str]:
    """All of its runs; merged cells once."""
    with import_module("docx2python").docx2python(path, duplicate_merged_cells=False) as document:
        yield document.text


def python_pptx(path: Path) -> Iterator[str]:
    """Shapes, groups, tables, notes."""

    def shapes(listed: Any) -> Iterator[str]:
        for shape in listed:
            if hasattr(shape, "shapes"):
                yield from shapes(shape.shapes)
            if shape.has_text_frame:
                yield shape.text_frame.text
            if getattr(shape, "has_table", False):
                yield from (cell.text for row in shape.table.rows for cell in row.cells)

    for slide in import_module("pptx").Presentation(str(path)).slides:
        yield from shapes(slide.shapes)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def openpyxl(path: Path) -> Iterator[str]:
    """Cells and comments of all sheets."""
    book = import_module("openpyxl").load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield str(cell.value)
                if cell.comment is not None:
                    yield cell.comment.text


def calamine(path: Path) -> Iterator[str]:
    """Cells of all sheets."""
    book = import_module("python_calamine").CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield name
        yield from (str(value) for row in book.get_sheet_by_name(name).to_python() for value in row)


def xlrd(path: Path) -> Iterator[str]:
    """Cells of all sheets."""
    for sheet in import_module("xlrd").open_workbook(str(path)).sheets():
        yield sheet.name
        yield from (str(value) for n in range(sheet.nrows) for value in sheet.row_values(n))


def odfpy(path: Path) -> Iterator[str]:
    """Paragraphs and headings."""
    text, load = import_module("odf.text"), import_module("odf.opendocument").load
    teletype = import_module("odf.teletype")
    document = load(str(path))
    for kind in (text.H, text.P):
        yield from (teletype.extractText(e) for e in document.getElementsByType(kind))


def striprtf(path: Path) -> Iterator[str]:
    """The text without its control words."""
    yield import_module("striprtf.striprtf").rtf_to_text(path.read_text("latin-1"), errors="ignore")


def extract_msg(path: Path) -> Iterator[str]:
    """Subject, people, body."""
    message = import_module("extract_msg").openMsg(str(path))
    yield from (str(part or "") for part in (message.subject, message.sender, message.to, message.body))


def email(path: Path) -> Iterator[str]:
    """The standard library, with its newest policy: headers, the body it prefers, attachments of text; HTML by lxml."""
    message = import_module("email").message_from_bytes(path.read_bytes(), policy=import_module("email.policy").default)
    yield from (str(value) for value in message.values())
    body = message.get_body(preferencelist=("plain", "html"))
    for part in (*([body] if body is not None else ()), *message.iter_attachments()):
        if part.get_content_maintype() == "text":
            content = part.get_content()
            html = part.get_content_subtype() == "html"
            yield import_module("lxml.html").fromstring(content).text_content() if html else content


def lxml_html(path: Path) -> Iterator[str]:
    """Every text node."""
    yield from import_module("lxml.html").parse(str(path)).getroot().itertext()


def plain(path: Path) -> Iterator[str]:
    """The first encoding that fits."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "iso2022_jp_ext", "euc_jp", "cp932"):
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue
        else:
            return


def command(*arguments: str) -> Reader:
    """A tool of the system that prints text; ``{}`` stands for the path."""

    def run(path: Path) -> Iterator[str]:
        done = subprocess.run([a.replace("{}", str(path)) for a in arguments], capture_output=True, check=True)
        yield done.stdout.decode("utf-8", "replace")

    return run


def soffice(path: Path) -> Iterator[str]:
    """LibreOffice's own conversion to text, or to values for sheets."""
    kind = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1"
    form = kind if path.suffix in (".xls", ".xlsx", ".ods") else "txt:Text (encoded):UTF8"
    with tempfile.TemporaryDirectory() as folder:
        home = f"-env:UserInstallation=file://{folder}/home"
        subprocess.run(
            ["soffice", home, "--headless", "--convert-to", form, "--outdir", folder, str(path)], capture_output=True, check=True
        )
        yield from (f.read_text("utf-8", "replace") for f in Path(folder).iterdir() if f.is_file())


READERS: dict[str, Reader] = {
    "tika": tika, "markitdown": markitdown, "pypdfium2": pypdfium2, "pdfplumber": pdfplumber, "pypdf": pypdf,
    "python-docx": python_docx, "docx2python": docx2python, "python-pptx": python_pptx, "openpyxl": openpyxl,
    "calamine": calamine, "xlrd": xlrd, "odfpy": odfpy, "striprtf": striprtf, "extract-msg": extract_msg, "email": email,
    "lxml.html": lxml_html, "plain": plain, "antiword": command("antiword", "-m", "UTF-8.txt", "{}"),
    "catdoc": command("catdoc", "-d", "utf-8", "{}"), "pdftotext": command("pdftotext", "-enc", "UTF-8", "{}", "-"),
    "unrtf": command("unrtf", "--text", "{}"), "soffice": soffice,
}  # fmt: skip


def main() -> None:
    """Answer each path with counts and seconds of processor time; what a tool throws is told by its type."""
    reader = READERS[sys.argv[1]]
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what tools print is nobody's answer
    for line in sys.stdin:
        began, entered = time.process_time(), time.perf_counter()
        note: dict[str, Any] = {"japanese": 0, "markers": []}
        try:
            for text in reader(Path(json.loads(line))):
                note["japanese"] += len(JAPANESE.findall(text))
                note["markers"] += MARKER.findall(text)
        except BaseException as error:  # noqa: BLE001 - native readers throw panics; the next file is read all the same
            note["error"] = type(error).__name__
        note["seconds"], note["wall"] = time.process_time() - began, time.perf_counter() - entered
        note["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(note), file=answers, flush=True)


if __name__ == "__main__":
    main()
