"""Gives pdfium a font of blank boxes for the East Asian fonts that a file leaves out, in place of what the machine may have.

Nothing here is drawn with them: characters, their widths and their places come from the file, and pages drawn for recognition are
pictures already. But pdfium leaves a text out whose letters have no shape: on a machine without such fonts single letters of a form
(性別: 女) would be lost; where there are fonts, loading them costs up to fifteen milliseconds a page. Now all machines read alike.
"""

from __future__ import annotations

import ctypes
import struct
from itertools import accumulate
from typing import Any

import pypdfium2.raw as pdfium

_EAST_ASIAN = (
    pdfium.FXFONT_SHIFTJIS_CHARSET,
    pdfium.FXFONT_HANGEUL_CHARSET,
    pdfium.FXFONT_GB2312_CHARSET,
    pdfium.FXFONT_CHINESEBIG5_CHARSET,
)
_EM = 1000
_WIDE, _NARROW = 2, 1
_SHAPES = ((0, 0, 0, 0), (60, -60, 440, 800), (80, -60, 920, 800))  # no letter, a narrow and a wide one: x0, y0, x1, y1
_WHICH = ((0x20, 0x2E7F, _NARROW), (0x2E80, 0xFF60, _WIDE), (0xFF61, 0xFFDF, _NARROW), (0xFFE0, 0x10FFFF, _WIDE))
_HANDLE = 1


def blank_font() -> bytes:
    """A TrueType font that has the same box for all wide letters and another for all narrow ones (OpenType, cmap of format 13)."""
    shapes = [_box(*shape) for shape in _SHAPES]
    groups = b"".join(struct.pack(">3I", *group) for group in _WHICH)
    count = len(_SHAPES)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 13, 0, 16 + len(groups), 0, len(_WHICH)) + groups,
        b"glyf": b"".join(shapes),
        b"head": struct.pack(">IIIIHHQQ4hHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, -100, _EM, 850, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 880, -120, 0, _EM, *(0,) * 11, count),
        b"hmtx": b"".join(struct.pack(">Hh", width, 40) for width in (_EM, _EM // 2, _EM)),
        b"loca": struct.pack(f">{count + 1}I", *accumulate(map(len, shapes), initial=0)),
        b"maxp": struct.pack(">I14H", 0x10000, count, 4, 1, 0, 0, 1, *(0,) * 8),
    }
    head = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    start, listed, body = len(head) + 16 * len(tables), b"", b""
    for tag, data in tables.items():
        listed += struct.pack(">4sIII", tag, 0, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return head + listed + body


def _box(x0: int, y0: int, x1: int, y1: int) -> bytes:
    """An outline of four points on the curve; nothing for a box without size."""
    if x0 == x1:
        return b""
    across, up = (x0, 0, x1 - x0, 0), (y0, y1 - y0, 0, y0 - y1)
    return struct.pack(">5hHH4B8hx", 1, x0, y0, x1, y1, 3, 0, 1, 1, 1, 1, *across, *up) + b"\0"


class BlankFonts:
    """What pdfium asks of a system's fonts, answered for the whole process by one font of blank boxes."""

    def __init__(self) -> None:
        self._data = blank_font()
        kinds: dict[str, Any] = dict(pdfium.FPDF_SYSFONTINFO._fields_)
        answers: dict[str, Any] = {
            name: kinds[name](_nothing) for name in ("Release", "EnumFonts", "GetFont", "GetFaceName", "DeleteFont")
        }
        answers["GetFontCharset"] = kinds["GetFontCharset"](lambda *_: pdfium.FXFONT_SHIFTJIS_CHARSET)
        answers["MapFont"] = kinds["MapFont"](self._map)
        answers["GetFontData"] = kinds["GetFontData"](self._give)
        self._told = pdfium.FPDF_SYSFONTINFO(version=1, **answers)

    def use(self) -> None:
        """Tell pdfium; this object must live as long as the process."""
        pdfium.FPDF_SetSystemFontInfo(ctypes.byref(self._told))

    @staticmethod
    def _map(_info: Any, _weight: int, _italic: int, charset: int, *_: Any) -> int | None:
        return _HANDLE if charset in _EAST_ASIAN else None  # for western ones pdfium has fonts of its own

    def _give(self, _info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
        if table:
            return 0
        if buffer and size >= len(self._data):
            ctypes.memmove(buffer, self._data, len(self._data))
        return len(self._data)


def _nothing(*_: object) -> int:
    return 0
