"""Unpacks the compressed rich text of Outlook messages ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096


def unpacked(data: bytes, limit: int) -> bytes:
    """The rich text; what comes before damage where it is damaged. Raises ValueError when it is none or larger than ``limit``."""
    if len(data) < 16:
        raise ValueError("no header")
    packed, size, magic, _ = struct.unpack_from("<II4sI", data)
    if size > limit:
        raise ValueError("too large")
    body = data[16 : min(len(data), packed + 4)]
    if magic == b"MELA":
        return body[:size]
    if magic != b"LZFu":
        raise ValueError("no magic")
    window = bytearray(_START.ljust(_WINDOW, b"\0"))
    write = len(_START)
    out = bytearray()
    at = 0
    while at < len(body) and len(out) <= size:
        flags = body[at]
        at += 1
        for bit in range(8):
            if at >= len(body):
                return bytes(out[:size])
            if not flags >> bit & 1:
                window[write] = body[at]
                out.append(body[at])
                write = (write + 1) % _WINDOW
                at += 1
                continue
            if at + 1 >= len(body):
                return bytes(out[:size])
            word = body[at] << 8 | body[at + 1]
            at += 2
            offset = word >> 4
            if offset == write:
                return bytes(out[:size])
            for n in range((word & 15) + 2):
                byte = window[(offset + n) % _WINDOW]
                window[write] = byte
                out.append(byte)
                write = (write + 1) % _WINDOW
    return bytes(out[:size])
