"""Takes a mail apart without recursion: headers, parts, transfer encodings and the many ways Japanese names are written in them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import unquote

from scanner.extract.decoding import text_of

_HEADER = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")
_FOLD = re.compile(rb"\r?\n[ \t]+|\r[ \t]+")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"\s*")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
DEPTH = 20  # multiparts within one another


@dataclass(slots=True)
class Entity:
    """A part: its headers in order (names in lower case, values as bytes, unfolded) and where its body lies in the data."""

    headers: list[tuple[str, bytes]]
    start: int
    end: int
    depth: int = 0
    alternative: bool = False
    related: bool = False
    default: str = "text/plain"
    message: Message = field(default_factory=Message)

    def get(self, name: str) -> bytes:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), b"")

    def read_parameters(self) -> None:
        """Parse Content-Type and Content-Disposition once; raw 8-bit values are decoded before."""
        for name in ("content-type", "content-disposition"):
            value = self.get(name)
            if value:
                self.message[name] = header_text(value, words=False).replace("\n", " ").replace("\r", " ")

    @property
    def type(self) -> str:
        """Media type in lower case."""
        if "content-type" not in self.message:
            return self.default
        found = re.split(r"[;\s]", str(self.message["content-type"]).strip().lower(), maxsplit=1)[0]
        return found if "/" in found else self.default

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter, RFC 2231 and encoded words undone; "" when it is not there."""
        try:
            value = self.message.get_param(name, None, header)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError):  # malformed RFC 2231 numbering
            return ""
        if isinstance(value, tuple):
            return text_of(value[2].encode("latin-1", "replace"), value[0] or "")[0] if value[2] else ""
        return words_text(unquote(value)) if isinstance(value, str) else ""

    @property
    def filename(self) -> str:
        """Name of the attachment; "" when it has none."""
        name = self.parameter("filename", "content-disposition") or self.parameter("name")
        return re.sub(r"[\x00-\x1f]", "", name).strip()

    @property
    def attached(self) -> bool:
        """Whether the sender called it an attachment."""
        return str(self.message.get("content-disposition", "")).strip().lower().startswith("attachment")


def split(data: bytes, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
    """(headers, start of the body) of the entity in ``data[start:end]``; a line that is no header begins the body."""
    headers: list[tuple[str, bytes]] = []
    at = start
    while at < end:
        stop = _line_end(data, at, end)
        line = data[at:stop]
        if not line.strip(b"\r\n"):
            return headers, stop
        found = _HEADER.match(line)
        if not found:
            if at == start and line.startswith((b"From ", b">From ")):  # an mbox separator
                at = stop
                continue
            return headers, at
        while stop < end and data[stop : stop + 1] in (b" ", b"\t"):
            following = _line_end(data, stop, end)
            if not data[stop:following].strip() and following - stop <= 2:
                break
            stop = following
        value = _FOLD.sub(b" ", data[at + found.end() : stop].rstrip(b"\r\n"))
        headers.append((found[1].decode("ascii").lower(), value))
        at = stop
    return headers, end


def _line_end(data: bytes, at: int, end: int) -> int:
    stop = data.find(b"\n", at, end)
    return stop + 1 if stop >= 0 else end


def entity(data: bytes, start: int, end: int, **more: int | bool | str) -> Entity:
    """The entity in a range of the data."""
    headers, body = split(data, start, end)
    made = Entity(headers, body, end, **more)  # type: ignore[arg-type]
    made.read_parameters()
    return made


def children(data: bytes, parent: Entity) -> Iterator[Entity]:
    """The parts of a multipart, one after the other; none when there is no boundary."""
    boundary = parent.parameter("boundary").rstrip()
    if not boundary:
        return
    mark = re.compile(rb"(?m)^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?$")
    default = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
    more: dict[str, int | bool | str] = {
        "depth": parent.depth + 1,
        "alternative": parent.alternative or parent.type == "multipart/alternative",
        "related": parent.related or parent.type == "multipart/related",
        "default": default,
    }
    begin = -1
    for found in mark.finditer(data, parent.start, parent.end):
        if begin >= 0:
            yield entity(data, begin, max(begin, _before(data, found.start())), **more)
        begin = min(found.end() + 1, parent.end)
        if found[1]:
            return
    if 0 <= begin < parent.end:  # the last part was never closed
        yield entity(data, begin, parent.end, **more)


def _before(data: bytes, at: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    at -= data[at - 1 : at] == b"\n"
    return at - (data[at - 1 : at] == b"\r")


def content(data: bytes, part: Entity) -> bytes:
    """The body with its transfer encoding undone, as well as that goes."""
    body = data[part.start : part.end]
    kind = part.get("content-transfer-encoding").decode("ascii", "replace").strip().lower()
    if kind == "base64":
        return _base64(body)
    if kind == "quoted-printable":
        return binascii.a2b_qp(body)
    if kind in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uuencoded(body)
    return body


def _base64(body: bytes) -> bytes:
    clean = _NOT_BASE64.sub(b"", body.split(b"=", 1)[0] if b"=" in body[:-4] and b"\n" not in body else body)
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def _uuencoded(body: bytes) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)


# ---------------------------------------------------------------- headers


def header_text(value: bytes, charset: str = "", *, words: bool = True) -> str:
    """A header's text: raw 8-bit and ISO-2022-JP bytes by the detector, then encoded words."""
    if not value.isascii() and charset.lower().startswith(("iso-2022", "us-ascii")):
        charset = ""  # the body's charset knows no such bytes
    raw = not value.isascii() or b"\x1b" in value
    text = text_of(value, charset)[0] if raw else value.decode("ascii")
    return words_text(text) if words else text


def words_text(text: str) -> str:
    """Encoded words undone. Words of one charset that stand next to each other are decoded together: writers split characters."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending, charset, at = b"", "", 0
    for found in _WORD.finditer(text):
        gap = text[at : found.start()]
        word_charset = found[1].partition("*")[0].lower()
        if pending and (gap.strip() or word_charset != charset):
            out.append(text_of(pending, charset)[0])
            pending = b""
        if gap.strip() or not at:
            out.append(gap)
        charset = word_charset
        pending += _word(found[2], found[3])
        at = found.end()
    if pending:
        out.append(text_of(pending, charset)[0])
    out.append(text[at:])
    return "".join(out)


def _word(kind: str, body: str) -> bytes:
    raw = body.encode("utf-8", "replace")
    return _base64(raw) if kind in "bB" else binascii.a2b_qp(raw, header=True)
