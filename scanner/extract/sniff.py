"""Tells a file's format by its content: magic bytes, the members of a container, the shape of a text; the extension comes last."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from scanner.extract import shapes
from scanner.extract.dbf import is_dbf
from scanner.extract.formats import BY_NAME, FORMATS, Format, Refused
from scanner.extract.ole import ole_kind
from scanner.extract.opc import open_zip
from scanner.extract.tars import is_tar
from scanner.problems import Code, Problem, Stage, Unreadable

HEAD = 1 << 16  # bytes looked at for magic and shape
_SMALL = 1 << 20  # bytes of a container's own description
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", "rtf"),
    (0, b"%!PS", "postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "postscript"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\x1f\x9d", "compress"),
    (0, b"\x1f\xa0", "compress"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"MSCF\0\0\0\0", "cab"),
    (257, b"ustar", "tar"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"PAR1", "parquet"),
    (4, b"Standard Jet DB", "access"),
    (4, b"Standard ACE DB", "access"),
    (0, b"!BDN", "pst"),
    (0, b"ITSF\x03\0\0\0", "chm"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "onenote"),
    (0, b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "onenote"),
    (0, b"\0\0\2\0\6\4\6\0", "lotus"),
    (0, b"\0\0\x1a\0\0\x10\4\0", "lotus"),
    (0, b"\0\0\x1a\0\2\x10\4\0", "lotus"),
    (0, b"\0\0\x1a\0\3\x10\4\0", "lotus"),
    (0, b"\0\1\0\0\0\2\0\1\0\5\0\2\0\2\xc0HBAM", "filemaker"),
    (0, b"-----BEGIN PGP MESSAGE", "pgp"),
    (0, b"\x89PNG\r\n\x1a\n", "image"),
    (0, b"\xff\xd8\xff", "image"),
    (0, b"GIF87a", "image"),
    (0, b"GIF89a", "image"),
    (0, b"II*\0", "image"),
    (0, b"MM\0*", "image"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image"),
    (0, b"\0\0\x01\0", "image"),
    (0, b"ID3", "media"),
    (0, b"OggS", "media"),
    (0, b"fLaC", "media"),
    (0, b"\x1a\x45\xdf\xa3", "media"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "media"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"L\0\0\0\x01\x14\x02\0", "program"),
)
_LZH = re.compile(rb"^..-l(?:h[0-7d]|z[45s])-", re.DOTALL)
_BRANDS = {b"heic": "image", b"heix": "image", b"mif1": "image", b"avif": "image", b"msf1": "image"}
_MAIN = (  # the content type of an OOXML package's main part
    ("wordprocessingml", "docx"),
    ("ms-word", "docx"),
    ("sheet.binary", "xlsb"),
    ("spreadsheetml", "xlsx"),
    ("ms-excel", "xlsx"),
    ("presentationml", "pptx"),
    ("ms-powerpoint", "pptx"),
    ("ms-visio", "visio"),
    ("xps", "xps"),
)
_ZIPPED = frozenset(("docx", "xlsx", "pptx", "xlsb", "odt", "ods", "odp", "odg"))
_ODF = {"text": "odt", "spreadsheet": "ods", "presentation": "odp", "graphics": "odg", "chart": "odg"}
_PLACES = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.bin": "xlsb",
    "visio/document.xml": "visio",
}
_TYPE = re.compile(r"""ContentType\s*=\s*["']([^"']+(?:main\+xml|\.main|xps-fixeddocumentsequence[^"']*))["']""")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is, and what was noticed about it. A format without reader is refused by ``scanner.extract.load``."""

    format: Format
    problems: tuple[Problem, ...] = ()


def sniff(stream: BinaryIO, name: str) -> Sniffed:
    """The format of a seekable stream; ``name`` gives the extension. Leaves the stream at its beginning.

    Raises Refused when reading is pointless: empty, encrypted, binary without text, damaged beyond opening. Reads at most
    64 KB, a ZIP's directory and descriptions of up to 1 MB, and an OLE2 file's directory.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    extension = posixpath.splitext(name.replace("\\", "/"))[1].lower()
    if not head:
        raise Refused(_by_extension(extension) or BY_NAME["binary"], Code.EMPTY)
    damage: list[Problem] = []
    try:
        kind = _binary(stream, head, extension, damage)
        found = BY_NAME[kind] if kind else _text(head, extension)
    except Refused as refused:
        refused.noticed = (*damage, *_mismatch(refused.format, extension))
        raise
    finally:
        stream.seek(0)
    return Sniffed(found, (*damage, *_mismatch(found, extension)))


def _by_extension(extension: str) -> Format | None:
    return next((row for row in FORMATS if extension in row.extensions), None) if extension else None


def _mismatch(found: Format, extension: str) -> tuple[Problem, ...]:
    """A known extension of another format; texts may call themselves what they like among each other."""
    claimed = _by_extension(extension)
    if claimed is None or claimed.name == found.name or found.name == "office":
        return ()
    if claimed.name in shapes.TEXTS and found.name in shapes.TEXTS:
        return ()
    return (Problem(Stage.SNIFF, Code.MISMATCH, found.name),)


# ---------------------------------------------------------------- binaries


def _binary(stream: BinaryIO, head: bytes, extension: str, damage: list[Problem]) -> str:
    """The name of a format with magic, "" for what may be a text. ``damage``: takes what is wrong with what can be read still."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")):
        return _zip_kind(stream, head, extension, damage)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        kind, code = ole_kind(stream)
        if code is Code.CORRUPT:
            claimed = _by_extension(extension)
            raise Refused(claimed if claimed and claimed.name in ("doc", "xls", "ppt", "msg") else BY_NAME["office"], code)
        if code is not None:
            claimed = _by_extension(extension)
            is_office = kind == "office" and claimed is not None and claimed.name in ("docx", "xlsx", "pptx", "xlsb", "visio")
            raise Refused(claimed if is_office and claimed else BY_NAME[kind], code)
        return kind
    for at, magic, name in _MAGIC:
        if head.startswith(magic, at):
            return name
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "media")
    if head[:4] == b"RIFF" and len(head) > 12:
        return "image" if head[8:12] == b"WEBP" else "media"
    if head[:2] == b"BM" and len(head) > 26 and head[6:10] == b"\0\0\0\0":
        return "image"
    if head[:2] == b"MZ" and b"\0" in head[:256]:
        return "zip" if _carries_zip(stream) else "program"
    if _LZH.match(head):
        return "lzh"
    if is_dbf(head):
        return "dbf"
    return "tar" if is_tar(head) else ""


def _carries_zip(stream: BinaryIO) -> bool:
    """Whether a program has a ZIP behind it: self-extracting archives, which 自己解凍形式 usually is."""
    try:
        return bool(open_zip(stream, mend=False).infolist())
    except Unreadable:
        return False


def _zip_kind(stream: BinaryIO, head: bytes, extension: str, damage: list[Problem]) -> str:
    """What a ZIP is, by its description and its members; cut off before its description, by its name."""
    claimed = _by_extension(extension)
    try:
        archive = open_zip(stream)
    except Unreadable as refusal:
        first = head[30:110]
        zipped = claimed is not None and claimed.name in _ZIPPED
        known = claimed if zipped and claimed else BY_NAME["zip"]
        if not zipped and first.startswith((b"[Content_Types].xml", b"_rels/", b"docProps/")):
            known = BY_NAME["office"]
        raise Refused(known, refusal.problem.code, refusal.problem.detail) from None
    damage += archive.damage
    names = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
    kind = _package(archive, names)
    if kind == "zip" and damage and claimed is not None and claimed.name in _ZIPPED:
        kind = claimed.name
    if kind == "zip" and claimed is not None and claimed.name in ("iwork", "epub", "xps", "visio"):
        kind = claimed.name
    if kind in ("odt", "ods", "odp", "odg", "odf") and b"encryption-data" in _small(archive, names.get("meta-inf/manifest.xml")):
        raise Refused(BY_NAME[kind], Code.ENCRYPTED)
    if kind != "zip" and any(info.flag_bits & 1 for info in names.values()):  # a plain archive accounts for each member
        raise Refused(BY_NAME[kind], Code.ENCRYPTED)
    return kind


def _package(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> str:
    mimetype = _small(archive, names.get("mimetype")).strip().decode("ascii", "replace")
    if "opendocument" in mimetype:
        return next((name for word, name in _ODF.items() if f".{word}" in mimetype), "odf")
    if mimetype.startswith("application/epub"):
        return "epub"
    types = _small(archive, names.get("[content_types].xml")).decode("utf-8", "replace")
    for kind in _TYPE.findall(types):
        for word, name in _MAIN:
            if word in kind.lower():
                return name
    for place, name in _PLACES.items():
        if place in names:
            return name
    if any(name.endswith(".iwa") or name in ("index.zip", "index.xml.gz", ".iwph") for name in names):
        return "iwork"
    if any(name.endswith(".fdseq") for name in names):
        return "xps"
    return "zip"


def _small(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> bytes:
    """The beginning of a small member; nothing when it is absent, damaged or encrypted."""
    if info is None:
        return b""
    try:
        with archive.open(info) as member:
            return member.read(_SMALL)
    except Exception:  # noqa: BLE001  what zipfile and zlib raise on junk is open-ended; the reader will meet it again
        return b""


# ---------------------------------------------------------------- texts


def _text(head: bytes, extension: str) -> Format:
    """A text's format, or refusal of what holds no text; formats without a magic of their own go by their extension."""
    claimed = _by_extension(extension)
    if shapes.is_binary(head):
        if claimed is not None and not claimed.module and claimed.refusal is not Code.BINARY:
            return claimed
        raise Refused(BY_NAME["binary"], Code.BINARY)
    return BY_NAME[shapes.shape(head, claimed.name if claimed else "", extension)]
