"""Reads ZIP archives: each member under its own name, encrypted and damaged ones accounted for."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

from scanner.contracts import Budget
from scanner.extract.members import names, problem, unpacked
from scanner.extract.opc import open_zip
from scanner.extract.zipaes import Entry, Locked
from scanner.model import Block, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem
from scanner.text.blocks import BlockWriter
from scanner.text.encoding import decode_bytes

_METHODS = {0: "stored", 8: "deflate", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 96: "JPEG", 98: "PPMd"}
_READ = (0, 8, 12, 14)
_AES = 99  # the method of WinZip's AES, APPNOTE 4.4.5; the true one stands in its extra field
_AES_FIELD, _UNICODE_FIELD = 0x9901, 0x7075
_STRENGTH = {1: "AES-128", 2: "AES-192", 3: "AES-256"}
_ENCRYPTED, _STRONG, _UTF8 = 1, 1 << 6, 1 << 11  # general purpose bits, APPNOTE 4.4.4
_LINK = 0o120000
_UNIX = 3  # "version made by", APPNOTE 4.4.2


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Every entry of the directory as a member; comments as text. Sizes are those found, not those stated."""
    archive = open_zip(stream)
    entries = archive.infolist()
    shown = names([_raw(entry) for entry in entries], [_stated(entry) for entry in entries])
    yield from _comments(archive, entries)
    keys = _keys(budget.passwords)
    for entry, name in zip(entries, shown, strict=True):
        budget.check_time()
        if entry.filename.endswith("/") and not entry.file_size:
            continue
        yield _member(archive, entry, name, keys, budget)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, keys: list[bytes], budget: Budget) -> Member:
    if entry.create_system == _UNIX and entry.external_attr >> 16 & 0o170000 == _LINK:
        return Member(name, size=entry.file_size, problem=problem(Code.LINK))
    if entry.flag_bits & _ENCRYPTED or entry.compress_type == _AES:
        return _locked(archive, entry, name, keys, budget)
    if entry.compress_type not in _READ:
        method = _METHODS.get(entry.compress_type, str(entry.compress_type))
        return Member(name, size=entry.file_size, problem=problem(Code.UNSUPPORTED, f"ZIP method {method}"))
    return unpacked(name, lambda: _Entry(archive, entry), entry.compress_size, budget)


def _keys(passwords: Sequence[str]) -> list[bytes]:
    """The passwords as archivers write them: in UTF-8, or as Windows in Japan does."""
    return list(dict.fromkeys(p.encode(code, "ignore") for p in passwords for code in ("utf-8", "cp932")))


def _locked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, keys: list[bytes], budget: Budget) -> Member:
    """An encrypted entry: its content where a password fits, which then is tried first for the next ones."""
    for n, key in enumerate(keys):
        budget.check_time()
        opened = partial(_opened, archive, entry, key)
        try:
            with opened():
                pass
        except (Locked, RuntimeError):  # zipfile's way to say that a password is wrong; NotImplementedError is one too
            continue
        except Exception:  # noqa: BLE001 - damage: met again, and told, as for any other entry
            return unpacked(name, opened, entry.compress_size, budget)
        member = unpacked(name, opened, entry.compress_size, budget)
        if member.problem is None or member.problem.code is not Code.CORRUPT or entry.compress_type == _AES:
            keys.insert(0, keys.pop(n))
            return member  # ZipCrypto lets one wrong password in 256 pass: then the check sum is wrong
    return Member(name, size=entry.file_size, problem=problem(Code.ENCRYPTED, _cipher(entry)))


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, key: bytes) -> Any:
    if entry.compress_type != _AES:
        return _Entry(archive, entry, key)
    source: Any = archive.fp
    return Entry(source, entry, _extra(entry, _AES_FIELD), key)


def _cipher(entry: zipfile.ZipInfo) -> str:
    if entry.compress_type == _AES:
        field = _extra(entry, _AES_FIELD)
        return _STRENGTH.get(field[4], "AES") if len(field) >= 7 else "AES"
    return "PKWARE" if entry.flag_bits & _STRONG else "ZipCrypto"


class _Entry:
    """An entry's content. zipfile throws away the last piece when the check sum is wrong: here it is compared afterwards."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, key: bytes | None = None) -> None:
        source: Any = archive.open(entry, pwd=key)
        source._expected_crc = None
        self.source = source
        self.entry = entry
        self.crc = self.size = 0

    def __enter__(self) -> _Entry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, count: int) -> bytes:
        data: bytes = self.source.read1(count)  # read() gives nothing where the stream breaks
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
        if not data and (self.crc != self.entry.CRC or self.size != self.entry.file_size):
            raise zipfile.BadZipFile("check sum")
        return data

    def close(self) -> None:
        self.source.close()


# ---------------------------------------------------------------- names and comments


def _raw(entry: zipfile.ZipInfo) -> bytes:
    """The name's bytes: zipfile has read them as CP437 where no flag says UTF-8."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437", "replace")


def _stated(entry: zipfile.ZipInfo) -> str | None:
    """The name where the archive says how it is encoded: by flag, or in Info-ZIP's Unicode field (APPNOTE 4.6.9)."""
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    field = _extra(entry, _UNICODE_FIELD)
    if len(field) > 5 and field[0] == 1 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(_raw(entry)):
        try:
            return field[5:].decode()
        except UnicodeDecodeError:
            return None
    return None


def _extra(entry: zipfile.ZipInfo, wanted: int) -> bytes:
    """The content of one extra field, b"" without it."""
    data, at = entry.extra, 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == wanted:
            return data[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _comments(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[Block]:
    texts = dict.fromkeys(decode_bytes(c) for c in (archive.comment, *(e.comment for e in entries)) if c.strip(b"\0 \r\n"))
    if texts:
        yield from BlockWriter().text("\n".join(texts), Part("comment", 1), section=Section.COMMENT)
