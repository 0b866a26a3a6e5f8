"""Tells what an OLE2 file is by the names of its streams, whether it is encrypted, and takes embedded files out of OLE objects."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import olefile

from scanner.contracts import Budget
from scanner.extract import olewrite
from scanner.extract.members import problem
from scanner.model import Member
from scanner.problems import Code, Problem, Unreadable

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
    ("\x01ole10native", "oleobject"),
    ("package", "oleobject"),
    ("embeddedodf", "oleobject"),
    ("contents", "oleobject"),
)
_SLACK = 1 << 20  # bytes that a file may be cut off by
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
    if "encryptedpackage" in names or ("encryptedsummary" in names and kind != "ppt"):
        return True
    match kind:
        case "doc":  # [MS-DOC] 2.5.2: bit 8 of the flags at offset 10
            head = _content(ole, "WordDocument")[:12]
            return len(head) == 12 and bool(head[11] & 1)
        case "xls":
            return _has_filepass(_content(ole, "Workbook" if "workbook" in names else "Book")[:4096])
        case "ppt" if "current user" in names:
            head = _content(ole, "Current User")[:16]
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


# ---------------------------------------------------------------- streams


@contextmanager
def compound(stream: BinaryIO) -> Iterator[olefile.OleFileIO]:
    """An open OLE2 file; the stream stays open. Raises Unreadable when its allocation tables can't be followed."""
    try:
        ole = olefile.OleFileIO(stream)
        ole.listdir()  # a directory in a circle shows here
    except Exception as error:  # noqa: BLE001  olefile raises whatever a broken allocation table makes it stumble over
        raise Unreadable(Code.CORRUPT, type(error).__name__) from None
    try:
        yield ole
    finally:
        ole.close()


def _content(ole: olefile.OleFileIO, path: list[str] | str) -> bytes:
    """A stream's bytes. Raises OSError for one that says it is longer than its file: olefile would fill a gigabyte for it."""
    if ole.get_size(path) > ole.fp.seek(0, io.SEEK_END) + _SLACK:
        raise OSError("stream size")
    return bytes(ole.openstream(path).read())


def read_stream(ole: olefile.OleFileIO, path: list[str], budget: Budget) -> bytes:
    """A stream's bytes, counted; nothing when it is not there. Raises Unreadable when it is broken."""
    try:
        if not ole.exists(path) or ole.get_type(path) != olefile.STGTY_STREAM:
            return b""
        data = _content(ole, path)
    except Exception as error:  # noqa: BLE001  see above
        raise Unreadable(Code.CORRUPT, type(error).__name__) from None
    budget.spend_bytes(len(data))
    return data


# ---------------------------------------------------------------- embedded objects


_EMBEDDED = b"\2\0\0\0"  # [MS-OLEDS] 2.2.4, FormatID
# the endings of names; those of packages would have to be guessed
_CONTAINERS = {b"\xd0\xcf\x11\xe0": "", b"PK\x03\x04": "", b"%PDF": ".pdf", b"{\\rt": ".rtf"}


def packaged(data: bytes) -> Member | None:
    """The file inside an OLE 1.0 object ([MS-OLEDS] 2.2.5); None for a mere link or picture of one."""
    if data[4:8] != _EMBEDDED:
        return None
    try:
        at = 8
        names = []
        for _ in range(3):  # class, topic, item
            size = struct.unpack_from("<I", data, at)[0]
            names.append(data[at + 4 : at + 4 + size].rstrip(b"\0").decode("ascii", "replace"))
            at += 4 + size
        size = struct.unpack_from("<I", data, at)[0]
    except struct.error:
        return Member("object", problem=problem(Code.CORRUPT, "OLE object"))
    native = data[at + 4 : at + 4 + size]
    found = package_file(native) if names[0].casefold() == "package" else None
    return found or as_found(native, names[0] or "object")


def contained(data: bytes, name: str) -> Member | None:
    """A member when the bytes are a document by their first bytes."""
    extension = next((ending for magic, ending in _CONTAINERS.items() if data.startswith(magic)), None)
    if extension is None:
        return None
    return Member(name + extension, io.BytesIO(data), len(data))


def as_found(data: bytes, name: str) -> Member:
    """The bytes of an object whatever they are: what they are not is for the outcome of the member to say."""
    return contained(data, name) or Member(name, io.BytesIO(data), len(data))


def native_file(stream: bytes, name: str) -> Member | None:
    """The file in a native stream ([MS-OLEDS] 2.3.6): a packed one under its own name; None when there is nothing in it."""
    native = stream[4 : 4 + int.from_bytes(stream[:4], "little")]
    return package_file(native) or (as_found(native, name) if native else None)


def package_file(native: bytes) -> Member | None:
    """The file of an Object Packager stream: its label, path, temporary path, then its bytes."""
    try:
        at = native.index(b"\0", 2)
        label = native[2:at]
        at = native.index(b"\0", at + 1) + 1 + 4
        size = struct.unpack_from("<I", native, at)[0]
        at += 4 + size
        size = struct.unpack_from("<I", native, at)[0]
    except (ValueError, struct.error):
        return None
    content = native[at + 4 : at + 4 + size]
    name = label.decode("cp932", "replace").replace("\\", "/").rpartition("/")[2]
    return Member(name or "package", io.BytesIO(content), len(content)) if content else None


def embedded(ole: olefile.OleFileIO, budget: Budget) -> Iterator[Member | Problem]:
    """The files in the storages of an office file: packages and packed files as they are, OLE2 documents put together again."""
    inside: dict[tuple[str, ...], set[str]] = {}
    for path in ole.listdir(streams=True, storages=False):
        if len(path) > 1:
            inside.setdefault(tuple(path[:-1]), set()).add(path[-1])
    number = 0
    for storage, names in inside.items():
        if any(storage[:n] in inside and _document(inside[storage[:n]]) for n in range(1, len(storage))):
            continue  # belongs to the document around it
        number += 1
        try:
            budget.check_time()
            found = _member(ole, storage, names, budget, f"object{number}")
        except Unreadable as refusal:
            yield refusal.problem
            continue
        if found is not None:
            yield found


_OBJECT = {"\x01CompObj", "\x01Ole", "\x03ObjInfo"}  # streams of a storage that is an object …
_CONTROL = {"\x03OCXNAME", "\x03OCXDATA", "\x03VBFrame"}  # … of a control or a form of macros
_DOCUMENTS = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}


def _document(names: set[str]) -> str:
    return next((ending for name, ending in _DOCUMENTS.items() if name in names), "")


def _member(ole: olefile.OleFileIO, storage: tuple[str, ...], names: set[str], budget: Budget, name: str) -> Member | None:
    """The document of an object, or that it holds none that could be read; None for a storage that is no object."""
    if "\x01Ole10Native" in names:
        native = read_stream(ole, [*storage, "\x01Ole10Native"], budget)
        if found := native_file(native, name):
            return found
    for stream_name in ("Package", "CONTENTS", "package_stream"):
        if stream_name in names and (found := contained(read_stream(ole, [*storage, stream_name], budget), name)):
            return found
    if ending := _document(names):
        streams = {}
        for path in ole.listdir(streams=True, storages=False):
            if tuple(path[: len(storage)]) == storage:
                streams["/".join(path[len(storage) :])] = read_stream(ole, path, budget)
        data = olewrite.ole(streams)
        return Member(name + ending, io.BytesIO(data), len(data))
    if names & _OBJECT and not names & _CONTROL:
        return Member(name, problem=problem(Code.UNSUPPORTED, "OLE object"))
    return None


def unwrapped(content: bytes, budget: Budget, name: str) -> Member | Problem | None:
    """The document in an OLE object: the object itself, what is packed in it; None for what is no object, as macros."""
    kind, _ = ole_kind(io.BytesIO(content))
    if kind not in ("office", "oleobject"):
        return Member(f"{name}.{kind}", io.BytesIO(content), len(content))
    try:
        with compound(io.BytesIO(content)) as ole:
            names = {path[0] for path in ole.listdir(streams=True, storages=False) if len(path) == 1}
            return _member(ole, (), names, budget, name)
    except Unreadable as refusal:
        return refusal.problem
