"""What of a file stays the same when another version of a writing library writes it again."""

from __future__ import annotations

import io
import re
import zipfile

import pypdfium2


def essence(data: bytes) -> object:
    """The texts of an office file's parts by name, a pdf's text, or the bytes themselves."""
    if data.startswith(b"%PDF"):
        with pypdfium2.PdfDocument(data) as pdf:
            return [page.get_textpage().get_text_bounded() for page in pdf]
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = sorted(n for n in parts.namelist() if re.search(r"(document|sharedStrings|sheet\d+|slide\d+)\.xml$", n))
            return {name: re.sub(rb"<[^>]*>", b"\n", parts.read(name)).split() for name in names}
    if data.startswith(b"PK"):
        return "a truncated archive"
    return data
