"""Builds small OOXML packages part by part, for what the writing libraries can't make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
S = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_EXTERNAL = ' TargetMode="External"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def rels(*relations: tuple[str, str, str]) -> str:
    """A part of relationships: id, kind, target; a target with a colon is external."""
    rows = "".join(
        f'<Relationship Id="{ident}" Type="{_OFFICE}/{kind}" Target="{target}"{_EXTERNAL if ":" in target else ""}/>'
        for ident, kind, target in relations
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def word(body: str, relations: tuple[tuple[str, str, str], ...] = (), **parts: str | bytes) -> bytes:
    """A docx with this body; ``parts``: further entries of the folder ``word``, ``__`` for a dot."""
    return zipped(
        {
            "_rels/.rels": rels(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": rels(*relations),
            **{"word/" + name.replace("__", "."): content for name, content in parts.items()},
        }
    )


def p(*runs: str) -> str:
    """A paragraph of runs."""
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def book(
    cells: str,
    *,
    formats: tuple[str, ...] = (),
    strings: str = "",
    workbook: str = "",
    after: str = "",
    relations: tuple[tuple[str, str, str], ...] = (),
    **parts: str,
) -> bytes:
    """An xlsx of one sheet with these rows; style ``n`` is the n-th of ``formats``, counted from 1."""
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return zipped(
        {
            "_rels/.rels": rels(("r1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook {S}>{workbook}<sheets><sheet name="名簿" sheetId="1" r:id="s1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": rels(
                ("s1", "worksheet", "worksheets/sheet1.xml"), ("t", "styles", "styles.xml"), ("u", "sharedStrings", "sst.xml")
            ),
            "xl/styles.xml": f"<styleSheet {S}><numFmts>{codes}</numFmts><cellXfs><xf/>{styles}</cellXfs></styleSheet>",
            "xl/sst.xml": f"<sst {S}>{strings}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{cells}</sheetData>{after}</worksheet>",
            "xl/worksheets/_rels/sheet1.xml.rels": rels(*relations),
            **{"xl/" + name.replace("__", "."): content for name, content in parts.items()},
        }
    )
