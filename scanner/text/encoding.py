"""Which encoding bytes are in, said with its doubts, and their text: strict decoders weighed by what Japanese looks like."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from scanner.text.charsets import canonical
from scanner.text.codecs_ja import REPLACEMENT, Decoder, by_name
from scanner.text.likely import likelihood

__all__ = ["Decoder", "Encoding", "canonical", "decode", "decode_bytes", "decoder", "detect", "detect_stream"]

WINDOW = 4_096  # bytes of one sampled window
WINDOWS = 12
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Nats added for how common an encoding is where this program is used.
_PRIOR = {
    "utf-8": 6.0, "cp932": 0.0, "euc-jp": -1.0, "utf-16-le": -8.0, "utf-16-be": -9.0,
    "latin-1": -6.0, "gb18030": -12.0, "big5": -12.0, "euc-kr": -12.0,
}  # fmt: skip
_NARROW = ("utf-8", "cp932", "euc-jp", "latin-1")
_WIDE = ("utf-16-le", "utf-16-be")
_FOREIGN = ("gb18030", "big5", "euc-kr")
_HINT = 6.0
_DOUBT = 4.0  # nats between the best and the second
_WEAK = -8.5  # nats a character: Japanese seldom lies below, so look at its neighbours too
_POOR = -11.0  # below it the text is nothing that anyone wrote
_NOTHING = -13.0  # below it not even text in a script that the classes don't know
_SHORT = 40.0  # nats granted to a text so short that an odd character weighs heavily
_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([BDO-Q]|\([BJI])")
_CONTROL = bytes(c for c in range(32) if c not in (9, 10, 12, 13, 26, 27)) + b"\x7f"
_HIGH = re.compile(rb"[\x80-\xff]")
_LOW = re.compile(rb"[\x00-\x2f]")
_OTHER = re.compile(rb"[\x80-\xff\x1b]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An answer of the detector. ``name`` is one that ``decoder`` takes; ``bom``: length of the byte order mark.

    ``doubt``: another encoding is nearly as likely, or some bytes don't fit. ``binary``: no text at all (``name`` is then latin-1).
    """

    name: str
    doubt: bool = False
    binary: bool = False
    bom: int = 0


_BINARY = Encoding("latin-1", doubt=True, binary=True)


def detect(data: bytes, *, hint: str = "") -> Encoding:
    """The encoding of a whole content in memory. ``hint``: an encoding that tips the balance where the bytes leave a choice."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _marked(data, name, len(bom))
    return _judge([data[:WINDOW], *_windows(data)] if len(data) > WINDOW else [data], canonical(hint))


def detect_stream(stream: BinaryIO, size: int, *, hint: str = "") -> Encoding:
    """Like ``detect`` for a seekable stream of ``size`` bytes of which only samples are read; leaves it at its beginning.

    ``ascii`` says only that the samples are: the decoder of that name looks again at the first other byte.
    """
    stream.seek(0)
    head = stream.read(1 << 16)
    if size <= len(head):
        stream.seek(0)
        return detect(head, hint=hint)
    for bom, name in _BOMS:
        if head.startswith(bom):
            stream.seek(0)
            return _marked(head, name, len(bom))
    samples = [head[:WINDOW], *_windows(head)[:4]]
    step = max(1, (size - len(head)) // WINDOWS)
    for n in range(WINDOWS):
        stream.seek((len(head) + n * step) & ~3)
        samples.extend(_windows(_from_border(stream.read(1 << 15)))[:2])
    stream.seek(0)
    return _judge(samples, canonical(hint))


class _Ascii:
    """ASCII until the first byte or escape that isn't: then the detector looks at what follows and its choice goes on.

    So a sample without other bytes decides nothing for the rest of a long file.
    """

    def __init__(self) -> None:
        self.name = "ascii"  # becomes that of the encoding in use
        self.bad = 0
        self._follower: Decoder | None = None
        self._held = b""

    def decode(self, data: bytes, final: bool = False) -> str:
        """See Decoder."""
        if self._follower is None:
            data, self._held = self._held + data, b""
            if data.isascii() and b"\x1b" not in data:
                return data.decode("ascii")
            first = _OTHER.search(data)
            start = first.start() if first else 0
            if len(data) - start < WINDOW and not final:  # too little to judge by
                data, self._held = data[:start], data[start:]
                return data.decode("ascii")
            name = detect(data[start:]).name
            self._follower = by_name("latin-1" if name == "ascii" else name)
            self.name = self._follower.name
        text = self._follower.decode(data, final)
        self.bad = self._follower.bad
        return text


def decoder(name: str) -> Decoder:
    """A fresh incremental decoder for a name that the detector gave, or any charset. Raises LookupError for an unknown one."""
    if name == "ascii":
        return _Ascii()
    return by_name(name)


def decode(data: bytes, encoding: Encoding | str) -> tuple[str, int]:
    """(text, number of places that could not be decoded; each is U+FFFD in the text)."""
    reader = decoder(encoding if isinstance(encoding, str) else encoding.name)
    text = reader.decode(data, final=True)
    return text, reader.bad


def decode_bytes(data: bytes, declared: str = "") -> str:
    """Text of bytes that come with a declared charset, as in mail and HTML: taken at its word unless the bytes contradict it.

    Shift_JIS is read as CP932 and the other Japanese charsets with the rows of the vendors, since that is what writers mean.
    """
    name = canonical(declared)
    if name:
        text, bad = decode(data, name)
        if name.startswith("utf-16") and not bad:
            return text
        if not bad and not _suspicious(data, name):
            return text
        found = detect(data, hint=name)
        if found.binary:
            return text
        other, worse = decode(data, found)
        return text if worse > bad or (found.doubt and not bad) else other
    return decode(data, detect(data))[0]


def _suspicious(data: bytes, name: str) -> bool:
    """Whether bytes that a declared charset can read are something else: UTF-8 under a wrong label, Latin-1 by default."""
    if name in ("utf-8", "ascii") or data.isascii():
        return name != "iso-2022-jp" and _ESCAPE.search(data) is not None
    return name == "latin-1" or _is_utf8([data])


# ---------------------------------------------------------------- samples


def _windows(data: bytes) -> list[bytes]:
    """Windows of lines spread over the data, preferring those with bytes beyond ASCII."""
    if data.isascii():
        return [_from_border(data[-WINDOW:])]
    found: list[bytes] = []
    done = 0
    for n in range(WINDOWS):
        at = _high(data, max(done, len(data) * n // WINDOWS))
        if at < 0:
            break
        before = data.rfind(b"\n", max(done, at - WINDOW // 2), at)
        start = before + 1 if before >= 0 else at
        window = data[start : start + WINDOW]
        found.append(window if before >= 0 or at == 0 else _from_border(window))
        done = start + WINDOW
    return found


def _from_border(data: bytes) -> bytes:
    """The data from where no character can be cut: after a line break, else a byte that is never the second of a pair."""
    border = data.find(b"\n", 0, WINDOW // 2)
    if border < 0:
        found = _LOW.search(data)
        border = found.start() - 1 if found else -1
    return data[border + 1 :]


def _high(data: bytes, start: int) -> int:
    """Position of the next byte beyond ASCII, -1 when there is none."""
    step = 1 << 16
    for begin in range(start, len(data), step):
        piece = data[begin : begin + step]
        if not piece.isascii() and (found := _HIGH.search(piece)):
            return begin + found.start()
    return -1


def _marked(data: bytes, name: str, length: int) -> Encoding:
    """An answer that rests on a byte order mark: still binary when what follows is no text."""
    size = 1 << 15
    text, bad = decode(data[:size], name)
    if len(data) > size and bad:
        bad -= 1  # a character cut by the sample
    control = sum(map(text.count, _CONTROL.decode("latin-1")))
    binary = bad + control > max(2, len(text) // 20) or likelihood(text[:WINDOW]) < _NOTHING * min(len(text), WINDOW) - _SHORT
    return _BINARY if binary else Encoding(name, doubt=bad > 0, bom=length)


# ---------------------------------------------------------------- judgement


class _Score(NamedTuple):
    """How an encoding reads the samples: ``value`` in nats, ``each`` per character."""

    value: float
    name: str
    text: str
    bad: int

    @property
    def each(self) -> float:
        return (self.value - _PRIOR[self.name]) / max(1, len(self.text))


def _judge(samples: list[bytes], hint: str) -> Encoding:
    head, every = samples[0], b"\n".join(samples)
    nuls = every.count(0)
    if every.isascii() and not nuls:
        return _seven_bit(every)
    if _ESCAPE.search(every) and not _HIGH.search(every):
        return _seven_bit(every)
    if not nuls and _is_utf8(samples):
        return Encoding("utf-8") if _few_controls(every, 0) else _BINARY
    best, second = _ranked([head], _WIDE + _NARROW, hint)
    if best.name in _WIDE and best.each > _POOR and not _many_controls(best.text) and not _syllables(best.text):
        return Encoding(best.name, doubt=best.value - second.value < _DOUBT or best.bad > 0)
    if not _few_controls(every, nuls):
        return _BINARY
    if nuls:
        samples = [sample.replace(b"\0", b" ") for sample in samples]
    best, second = _ranked(samples, _NARROW, hint)
    if best.each < _WEAK:
        best, second = _ranked(samples, _NARROW + _FOREIGN, hint)
    if best.value < _POOR * len(best.text) - _SHORT:
        return _BINARY
    doubt = best.value - second.value < _DOUBT and best.text != second.text
    return Encoding(best.name, doubt=doubt or best.bad > 0 or nuls > 0 or best.name in _FOREIGN)


def _syllables(text: str) -> bool:
    """Whether it is Korean without spaces: what other two-byte encodings look like when taken for UTF-16."""
    return sum("\uac00" <= c <= "\ud7a3" for c in text) * 2 > len(text) and not any(c < "\u0100" for c in text)


def _ranked(samples: list[bytes], names: tuple[str, ...], hint: str) -> list[_Score]:
    """The two best."""
    scores = []
    for name in names:
        texts, bad = [], 0
        for sample in samples:
            hopeless = _hopeless(sample) if name == "euc-jp" else ""
            if hopeless:
                texts.append(hopeless)
                bad += hopeless.count(REPLACEMENT)
                continue
            reader = by_name(name)
            texts.append(reader.decode(sample))  # not final: a character cut by the end of a sample is no fault
            bad += reader.bad
        text = "\n".join(texts)
        value = likelihood(text) + _PRIOR[name] + (_HINT if name == hint else 0.0)
        scores.append(_Score(value, name, text, bad))
    return sorted(scores, key=lambda s: -s.value)[:2]


def _hopeless(sample: bytes) -> str:
    """The text of a sample that is certainly no EUC-JP, read without asking about each fault; "" for one that may be."""
    text = sample.decode("euc_jp", "replace")
    return text if text.count(REPLACEMENT) * 4 > len(text) else ""


def _seven_bit(data: bytes) -> Encoding:
    """ASCII, or ISO-2022-JP when its escapes lead to something readable."""
    if _ESCAPE.search(data):
        text, bad = decode(data, "iso-2022-jp")
        if not text.isascii() and bad < len(text) // 10 + 1:
            return Encoding("iso-2022-jp", doubt=bad > 0)
    return Encoding("ascii") if _few_controls(data, 0) else _BINARY


def _many_controls(text: str) -> bool:
    """Whether control characters are commoner than in text."""
    return sum(map(text.count, _CONTROL.decode("latin-1"))) > max(1, len(text) // 50)


def _few_controls(data: bytes, nuls: int) -> bool:
    """Whether control characters are as rare as in text. Files of fixed records pad with NUL: those may be most of it."""
    stray = len(data) - len(data.translate(None, _CONTROL)) - nuls
    return stray <= max(1, len(data) // 50) and nuls <= len(data) * 3 // 4


def _is_utf8(samples: list[bytes]) -> bool:
    """Whether it reads as UTF-8 throughout and so long that no other encoding would by chance."""
    wide = narrow = 0
    for sample in samples:
        try:
            text = codecs.getincrementaldecoder("utf_8")().decode(sample[_cut(sample) :])
        except UnicodeDecodeError:
            return False
        wide += sum(c > "\u07ff" for c in text)
        narrow += len(text.encode()) - len(text) - wide * 2
    return wide > 1 or narrow > 6


def _cut(sample: bytes) -> int:
    """Bytes at the start of a sample that belong to a UTF-8 character before it."""
    n = 0
    while n < min(3, len(sample)) and sample[n] & 0xC0 == 0x80:
        n += 1
    return n
