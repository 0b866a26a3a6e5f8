"""Tells what an OLE2 file is by the names of its streams, and whether it is encrypted."""

from __future__ import annotations

import struct
from typing import BinaryIO

import olefile

from scanner.problems import Code

_STREAMS = (
    ("encryptedpackage", "office"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("pp40", "ppt"),
    ("__properties_version1.0", "msg"),
    ("documenttext", "jtd"),
    ("jscompdocument", "jtd"),
    ("visiodocument", "visio"),
    ("quill", "publisher"),
)
_FILEPASS = 0x002F
_ENCRYPTED_USER = 0xF3D1C4DF  # [MS-PPT] 2.3.2, headerToken of an encrypted presentation


def ole_kind(stream: BinaryIO) -> tuple[str, Code | None]:
    """The format's name, and ENCRYPTED or CORRUPT where that is known. olefile reads the allocation tables, no content."""
    try:
        with olefile.OleFileIO(stream) as ole:
            names = {entry[0].lower() for entry in ole.listdir(streams=True, storages=True)}
            kind = next((name for stream_name, name in _STREAMS if stream_name in names), "office")
            return kind, Code.ENCRYPTED if _encrypted(ole, kind, names) else None
    except Exception:  # noqa: BLE001  olefile raises whatever a broken allocation table makes it stumble over
        return "office", Code.CORRUPT


def _encrypted(ole: olefile.OleFileIO, kind: str, names: set[str]) -> bool:
    if "encryptedpackage" in names or "encryptedsummary" in names:
        return True
    match kind:
        case "doc":  # [MS-DOC] 2.5.2: bit 8 of the flags at offset 10
            head = ole.openstream("WordDocument").read(12)
            return len(head) == 12 and bool(head[11] & 1)
        case "xls":
            return _has_filepass(ole.openstream("Workbook" if "workbook" in names else "Book").read(4096))
        case "ppt" if "current user" in names:
            head = ole.openstream("Current User").read(16)
            return len(head) == 16 and struct.unpack_from("<I", head, 12)[0] == _ENCRYPTED_USER
        case _:
            return False


def _has_filepass(data: bytes) -> bool:
    """[MS-XLS] 2.4.117: a FilePass record near the workbook's beginning."""
    at = 0
    for _ in range(16):
        if at + 4 > len(data):
            break
        record, size = struct.unpack_from("<HH", data, at)
        if record == _FILEPASS:
            return True
        at += 4 + size
    return False
