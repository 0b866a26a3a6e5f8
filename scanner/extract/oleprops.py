"""Reads the property sets of OLE2 files ([MS-OLEPS]): author, title and the like, and the ones that users define."""

from __future__ import annotations

import struct

import olefile

from scanner.contracts import Budget
from scanner.extract.decoding import text_of
from scanner.extract.office import Pairs
from scanner.extract.ole import read_stream
from scanner.problems import Unreadable

_SUMMARY = {2: "タイトル", 3: "件名", 4: "作成者", 5: "キーワード", 6: "説明", 8: "最終更新者"}
_DOCUMENT = {2: "分類", 14: "管理者", 15: "会社"}
_SETS = (
    ("\x05SummaryInformation", bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9"), _SUMMARY),
    ("\x05DocumentSummaryInformation", bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae"), _DOCUMENT),
    ("\x05DocumentSummaryInformation", bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae"), None),
)
_MOST = 2_000  # properties of a set


def properties(ole: olefile.OleFileIO, budget: Budget, pairs: Pairs) -> None:
    """Adds the texts of the property sets; what can't be read there is left out, it is no text of the document."""
    for name, ident, known in _SETS:
        try:
            data = read_stream(ole, [name], budget)
            for key, value in _set(data, ident, known):
                pairs.add(key, value)
        except (Unreadable, struct.error, ValueError, OverflowError, MemoryError):
            continue


def _set(data: bytes, ident: bytes, known: dict[int, str] | None) -> list[tuple[str, str]]:
    """The texts of the set with this id; with ``known`` None the names come from its own dictionary."""
    found = []
    for n in range(min(struct.unpack_from("<I", data, 24)[0], 2) if len(data) > 48 else 0):
        if data[28 + n * 20 : 44 + n * 20] != ident:
            continue
        start = struct.unpack_from("<I", data, 44 + n * 20)[0]
        count = min(struct.unpack_from("<I", data, start + 4)[0], _MOST)
        places = dict(struct.unpack_from("<II", data, start + 8 + i * 8) for i in range(count))
        page = ""
        if 1 in places:
            page = _page(struct.unpack_from("<H", data, start + places[1] + 4)[0])
        names = known if known is not None else _dictionary(data, start + places[0], page) if 0 in places else {}
        for number, at in places.items():
            if number in names and (value := _value(data, start + at, page)):
                found.append((names[number], value))
    return found


def _page(number: int) -> str:
    return {65001: "utf-8", 1200: "utf-16-le"}.get(number, f"cp{number}")


def _text(raw: bytes, page: str) -> str:
    if page == "utf-16-le":
        return raw.decode("utf-16-le", "replace").partition("\0")[0]
    return text_of(raw.partition(b"\0")[0], page)[0] if raw else ""


def _value(data: bytes, at: int, page: str) -> str:
    kind, size = struct.unpack_from("<II", data, at)
    if kind == 30:
        return _text(data[at + 8 : at + 8 + size], page)
    if kind == 31:
        return data[at + 8 : at + 8 + size * 2].decode("utf-16-le", "replace").partition("\0")[0]
    return ""


def _dictionary(data: bytes, at: int, page: str) -> dict[int, str]:
    names = {}
    count = min(struct.unpack_from("<I", data, at)[0], _MOST)
    at += 4
    for _ in range(count):
        number, size = struct.unpack_from("<II", data, at)
        size *= 2 if page == "utf-16-le" else 1
        names[number] = _text(data[at + 8 : at + 8 + size], page)
        at += 8 + size
        if page == "utf-16-le":
            at += -size % 4
    return names
