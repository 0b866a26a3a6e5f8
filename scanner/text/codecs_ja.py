"""Incremental decoders for what Japanese programs write: CP932, EUC-JP and ISO-2022-JP with the characters of the vendors."""

from __future__ import annotations

import codecs
import re
from typing import Protocol

REPLACEMENT = "\ufffd"

# eucJP-ms: vendor characters in rows 83 and 84 of code set 3 (8F F3 xx, 8F F4 xx), as glibc's EUC-JP-MS has them.
_MS_F3 = dict(zip(range(0xF3, 0xFF), "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡ", strict=True))
_MS_F4 = dict(
    zip(
        range(0xA1, 0xFF),
        "ⅢⅣⅤⅥⅦⅧⅨⅩ\uff07\uff02㈱№℡炻仼僴凬匇匤\ufa0e咊坙\ufa0f\ufa10增寬峵嵓\ufa11德悅愠敎昻晥\ufa12\uf929栁\ufa13\ufa14橫櫢淸淲瀨\ufa15\ufa16甁皂皞"
        "\ufa17礰\ufa18\ufa19\ufa1a\ufa1b竧\ufa1c\ufa1d綠緖\ufa1e荢\ufa1f薰\ufa20\ufa21蠇\ufa22譿賴赶\ufa23\ufa24\ufa25郞\ufa26鄕\ufa27\ufa28閒\uf9dc\ufa29霻靍靑\ufa2a\ufa2b\ufa2c馞髙魲\ufa2d黑",
        strict=True,
    )
)


class Decoder(Protocol):
    """Decodes chunk by chunk. ``bad``: places so far that could not be decoded, each U+FFFD in the text."""

    name: str
    bad: int

    def decode(self, data: bytes, final: bool = False) -> str:
        """The text of the next chunk; a character cut by its end comes with the next one."""
        ...


class Simple:
    """A decoder of the standard library that counts what it could not read."""

    def __init__(self, name: str, codec: str, errors: str = "replace", wrong: str = "") -> None:
        self.name = name
        self.bad = 0
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self._wrong = {ord(c): REPLACEMENT for c in wrong}
        self._honest = b"\xef\xbf\xbd" if codec.startswith("utf_8") else b""  # U+FFFD that the file itself holds
        self._tail = b""

    def decode(self, data: bytes, final: bool = False) -> str:
        """See Decoder."""
        text = self._decoder.decode(data, final)
        if self._wrong and not text.isascii():
            text = text.translate(self._wrong)
        if REPLACEMENT in text:
            self.bad += text.count(REPLACEMENT)
        if self._honest:
            self.bad -= (self._tail + data).count(self._honest)
            self._tail = data[-2:]
        return text


def by_name(name: str) -> Decoder:
    """A fresh decoder of one of our names or of any codec of Python. Raises LookupError for an unknown one."""
    match name:
        case "cp932":
            # bytes that are no CP932, which Python reads as control and private characters
            return Simple(name, "cp932", wrong="\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")
        case "euc-jp":
            return Simple(name, "euc_jp", "tanaoroshi-euc")
        case "iso-2022-jp":
            return Iso2022()
        case "latin-1":
            return Simple(name, "cp1252", "tanaoroshi-c1")
        case "utf-8" | "utf-8-sig":
            return Simple(name, name.replace("-", "_"))
        case _:
            return Simple(name, name)


# ---------------------------------------------------------------- EUC-JP


def pair(first: int, second: int) -> str:
    """The character of a JIS X 0208 pair (0x21..0x7E each), rows of NEC and IBM as in CP932; "" when there is none."""
    lead = ((first - 0x21) >> 1) + 0x81
    lead += 0x40 if lead > 0x9F else 0
    trail = second + (0x7E if first % 2 == 0 else 0x1F if second < 0x60 else 0x20)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return ""


def _euc(error: UnicodeError) -> tuple[str, int]:
    """What Python's EUC-JP does not know: vendor rows in two bytes (CP51932) and in three (eucJP-ms)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, at = error.object, error.start
    first, second = data[at], data[at + 1] if at + 1 < len(data) else 0
    if 0xA1 <= first <= 0xFE and 0xA1 <= second <= 0xFE:
        return pair(first & 0x7F, second & 0x7F) or REPLACEMENT, at + 2
    if first == 0x8F and at + 2 < len(data) and second >= 0xA1 and data[at + 2] >= 0xA1:
        table = {0xF3: _MS_F3, 0xF4: _MS_F4}.get(second, {})
        return table.get(data[at + 2], REPLACEMENT), at + 3
    return REPLACEMENT, at + 1


def _c1(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves empty, as ISO 8859-1 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("tanaoroshi-euc", _euc)
codecs.register_error("tanaoroshi-c1", _c1)

# ---------------------------------------------------------------- ISO-2022-JP

_ESCAPES = re.compile(rb"\x1b(\$[@B]|\$\([@BD]|\$\([O-Q]|\([BJHI])")
_PAIRS = re.compile(rb"(?:[\x21-\x7e]{2})+")
_MODES = {b"$@": "kanji", b"$B": "kanji", b"$(@": "kanji", b"$(B": "kanji", b"$(D": "extra", b"(I": "kana"}
_RAISE = bytes(b | 0x80 for b in range(256))
_KANA = {code: 0xFF40 + code for code in range(0x21, 0x60)}


class Iso2022:
    """ISO-2022-JP as mail has it: JIS X 0208 with the rows of the vendors (CP50220), half-width kana, JIS X 0212 and 0213."""

    name = "iso-2022-jp"

    def __init__(self) -> None:
        self.bad = 0
        self._mode = "ascii"
        self._rest = b""

    def decode(self, data: bytes, final: bool = False) -> str:
        """See Decoder."""
        data = self._rest + data
        self._rest = b""
        if not final:
            cut = data.rfind(b"\x1b", max(0, len(data) - 3))
            if cut >= 0 and not _ESCAPES.match(data, cut):
                data, self._rest = data[:cut], data[cut:]
        out, done = [], 0
        for escape in _ESCAPES.finditer(data):
            out.append(self._piece(data[done : escape.start()]))
            self._mode = _MODES.get(escape.group(1), "new" if escape.group(1)[:2] == b"$(" else "ascii")
            done = escape.end()
        last = data[done:]
        if not final and self._mode in ("kanji", "extra", "new") and not self._rest and _odd(last):
            last, self._rest = last[:-1], last[-1:]
        out.append(self._piece(last))
        text = "".join(out)
        self.bad += text.count(REPLACEMENT)
        return text

    def _piece(self, data: bytes) -> str:
        match self._mode:
            case "kanji":
                return _PAIRS.sub(lambda m: m.group().translate(_RAISE), data).decode("euc_jp", "tanaoroshi-euc")
            case "new":  # JIS X 0213
                return _PAIRS.sub(lambda m: m.group().translate(_RAISE), data).decode("euc_jis_2004", "replace")
            case "extra":
                return _PAIRS.sub(_three, data).decode("euc_jp", "tanaoroshi-euc")
            case "kana":
                return data.decode("ascii", "replace").translate(_KANA)
            case _:
                return data.decode("ascii", "replace")


def _three(found: re.Match[bytes]) -> bytes:
    raised = found.group().translate(_RAISE)
    return b"".join(b"\x8f" + raised[i : i + 2] for i in range(0, len(raised), 2))


def _odd(data: bytes) -> bool:
    """Whether half a pair stands at the end."""
    n = len(data)
    while n and 0x21 <= data[n - 1] <= 0x7E:
        n -= 1
    return (len(data) - n) % 2 == 1
