"""Goes through the tokens of rich text: groups, encodings, special characters, and which story each text belongs to."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scanner.contracts import Budget
from scanner.extract import rtfwords
from scanner.extract.decoding import text_of
from scanner.extract.rtfflow import Story
from scanner.problems import Code, Unreadable

_TOKEN = re.compile(
    rb"([^\\{}\r\n\0]+)|\\([A-Za-z]{1,40})(-?[0-9]{1,10})? ?|((?:\\'[0-9A-Fa-f]{2})+)|([{}])|\\(.)|[\r\n\0]+|\\", re.DOTALL
)
_DEEPEST = 2_000_000  # groups within one another
_CUTTING = (b"\\", b"{", b"}")
_EAST = re.compile(rb"(?:[\x81-\xfe].|[^\x81-\xfe])*", re.DOTALL)
_PAIRS = {
    "cp932": re.compile(rb"(?:[\x81-\x9f\xe0-\xfc].|[^\x81-\x9f\xe0-\xfc])*", re.DOTALL),
    **dict.fromkeys(("cp949", "gbk", "big5", "johab"), _EAST),
}
_LOOK = 4096  # tokens between two looks at the clock


class State(NamedTuple):
    """What a group inherits and gives back at its end."""

    story: Story
    kind: str = ""  # what the group's text is, "" for running text
    skip: bool = False
    star: bool = False
    variants: bool = False  # of two groups for the same text the second is the better one
    codec: str = ""
    fallback: int = 1
    deleted: bool = False
    level: int = 0  # of tables within one another; 0: not in a table
    mark: int = -1  # pieces of the story at the beginning of a field's result
    aside: bool = False  # rich text that only stands for the page it was made from


class Reader:
    """The tokens of one rich text. What becomes of the ends of groups is for the class above it."""

    def __init__(self, data: bytes, budget: Budget, name: str) -> None:
        self.data, self.budget = data, budget
        self.body = Story(name)
        self.state = State(self.body)
        self.stack: list[State] = []
        self.raw = bytearray()
        self.page = ""  # the document's own encoding
        self.fonts: dict[int, str] = {}
        self.font = self.default_font = 0
        self.skipping = 0  # characters that only stand for a \\u before them
        self.deleted: list[str] = []
        self.pictures = False
        self.from_html = False
        self.html: list[str] = []

    @abstractmethod
    def ended(self, ended: State) -> None:
        """A group with a story of its own is complete."""

    @abstractmethod
    def result(self, text: str) -> None:
        """What a field shows."""

    # ------------------------------------------------------------ the stream of tokens

    def tokens(self) -> Iterator[None]:
        """Every token; stops whenever a piece of the body is ready to be taken."""
        data, at, end = self.data, 0, len(self.data)
        match = _TOKEN.match
        count = 0
        while at < end:
            found = match(data, at)
            if found is None:
                break
            at = found.end()
            count += 1
            if count % _LOOK == 0:
                self.budget.check_time()
            if self.body.ready:
                yield
            which = found.lastindex
            if which == 1:
                if not self.state.skip:
                    self._bytes(found[1])
                    if found[1][-1] > 0x7F and data[at : at + 1] in _CUTTING:
                        at = self._trail(found[1], at)
            elif which in (2, 3):
                word = found[2].decode("ascii")
                number = int(found[3]) if found[3] else None
                if word == "bin" and number:
                    at = min(end, at + max(0, number))
                else:
                    self._word(word, number)
            elif which == 4:
                if not self.state.skip:
                    self._bytes(bytes.fromhex(found[4].replace(b"\\'", b"").decode("ascii")))
            elif which == 5:
                if found[5] == b"{":
                    self._open()
                elif not self._close():
                    return
            elif which == 6:
                self._symbol(found[6])

    def _trail(self, text: bytes, at: int) -> int:
        """The second byte of a raw double-byte character may be a backslash or brace: it belongs to the character."""
        pair = _PAIRS.get(self.state.codec or self.page)
        if pair is None or pair.match(text).end() == len(text):  # type: ignore[union-attr]
            return at
        self.raw += self.data[at : at + 1]
        return at + 1

    def _open(self) -> None:
        if len(self.stack) >= _DEEPEST:
            raise Unreadable(Code.TOO_DEEP, f"groups > {_DEEPEST}")
        self.decode()
        self.skipping = 0
        self.stack.append(self.state)
        if self.state.variants:
            self.state = self.state._replace(skip=True, star=False, variants=False, kind="variant")

    def _close(self) -> bool:
        """The end of a group; False at the end of the document."""
        self.decode()
        self.skipping = 0
        ended = self.state
        if not self.stack:
            return False
        self.state = self.stack.pop()
        if ended.story is not self.state.story:
            self.ended(ended)
        elif ended.mark >= 0 and self.state.mark < 0:
            self.result("".join(ended.story.pieces[ended.mark :]).strip())
        return bool(self.stack) or not self.data.lstrip().startswith(b"{")

    # ------------------------------------------------------------ text

    def _bytes(self, values: bytes) -> None:
        """Bytes of text; those that only stand for a \\u before them are passed over."""
        cut = min(self.skipping, len(values))
        self.skipping -= cut
        self.raw += values[cut:]

    def decode(self) -> None:
        """The bytes gathered become text of the open story."""
        if self.raw:
            raw = bytes(self.raw)
            self.raw.clear()
            self._say(raw.decode("ascii") if raw.isascii() else self._decoded(raw))

    def _decoded(self, raw: bytes) -> str:
        codec = self.state.codec
        if codec == rtfwords.SYMBOL:
            return "".join(rtfwords.symbol(code) for code in raw)
        for name in (codec, self.page, "cp932", "cp1252") if codec not in ("", "cp1252") else (self.page, codec, "cp932", "cp1252"):
            if name:
                try:
                    return raw.decode(name)
                except UnicodeDecodeError:
                    continue
        return text_of(raw, self.page)[0]

    def _say(self, text: str) -> None:
        state = self.state
        if state.skip or not text:
            return
        if self.from_html and state.story is self.body:
            if not state.aside or state.kind == "htmltag":
                self.html.append(text)
            return
        if state.kind != "kept":
            self.budget.spend_characters(len(text))
        if state.deleted:
            self.deleted.append(text)
        else:
            state.story.say(text)

    # ------------------------------------------------------------ words

    def _symbol(self, raw: bytes) -> None:
        if raw == b"*":
            self.state = self.state._replace(star=True)
            return
        if self.state.skip:
            return
        text = rtfwords.SYMBOLS.get(raw.decode("latin-1"))
        if raw in (b"\\", b"{", b"}"):
            self._bytes(raw)
        elif raw in (b"\r", b"\n"):  # an old way to write \par
            self._par()
        elif text:
            self.decode()
            self._say(text)

    def _par(self) -> None:
        self.decode()
        if self.state.kind in ("", "story"):
            if self.from_html and self.state.story is self.body:
                self._say("\n")
            else:
                self.state.story.end_line(self.state.level)

    def _word(self, word: str, number: int | None) -> None:
        state = self.state
        if state.kind == "variant" and word == "ud":
            self.state = state._replace(skip=False, kind=self.stack[-1].kind if self.stack else "", star=False)
            return
        if state.skip:
            return
        if word == "u" and number is not None:
            self._unicode(number)
            return
        if word in _SETTERS:
            _SETTERS[word](self, number)
            return
        if word in rtfwords.CHARACTERS:
            self.decode()
            self._say(rtfwords.CHARACTERS[word])
        elif word in ("par", "sect", "page", "cell", "row", "nestcell", "nestrow"):
            self._layout(word)
        else:
            self._destination(word)
            return
        self.skipping = 0

    def _unicode(self, number: int) -> None:
        self.decode()
        code = number & 0xFFFF if number < 0x10000 else min(number, 0x10FFFF)
        if 0xF000 <= code <= 0xF0FF:
            self._say(rtfwords.symbol(code))
        elif code >= 32 or code in (9, 10):
            self._say(chr(code))
        self.skipping = self.state.fallback

    def _layout(self, word: str) -> None:
        story = self.state.story
        if word in ("par", "sect"):
            self._par()
            return
        self.decode()
        if word == "page":
            if story is self.body and not self.from_html:
                story.flush()
                story.ready.append((0, ""))  # the sign of a new page
        elif word == "cell":
            story.end_cell(1)
        elif word == "nestcell":
            story.end_cell(max(2, self.state.level))
        elif word == "row":
            story.end_row(1)
        else:
            story.end_row(max([level for level in story.levels if level > 1] or [2]))

    def _destination(self, word: str) -> None:
        """A word that says what its group is."""
        state = self.state
        if word == "upr":
            self.state = state._replace(variants=True)
        elif word in ("fonttbl", "revtbl", "info"):
            self.state = state._replace(story=Story(word), kind=word, star=False)
        elif word in rtfwords.STORIES:
            name, section = rtfwords.STORIES[word]
            self.state = state._replace(story=Story(name, section), kind="story", star=False, deleted=False, level=0)
        elif word in rtfwords.VALUES and (state.kind == "info" or state.star):
            self.state = state._replace(story=Story(word), kind="value", star=False)
        elif word in rtfwords.KEPT:
            self.state = state._replace(story=Story(word), kind="kept", star=False)
        elif word == "fldrslt":
            self.state = state._replace(star=False, mark=len(state.story.pieces))
        elif word in ("htmltag", "mhtmltag"):
            self.decode()
            self.state = state._replace(kind="htmltag", star=False, skip=word == "mhtmltag" or not self.from_html)
        elif word in rtfwords.SKIPPED:
            self.pictures = self.pictures or word in ("pict", "shprslt")
            self.state = state._replace(skip=True)
        elif state.star:
            self.state = state._replace(skip=word not in rtfwords.OPENED, star=False)


# ---------------------------------------------------------------- words that change what follows


def _set_page(reader: Reader, number: int | None) -> None:
    reader.page = rtfwords.codec_of(number or 0)


def _set_font(reader: Reader, number: int | None) -> None:
    reader.decode()
    if reader.state.kind == "fonttbl":
        reader.font = number or 0
    else:
        reader.state = reader.state._replace(codec=reader.fonts.get(number or 0, ""))


def _set_charset(reader: Reader, number: int | None) -> None:
    if reader.state.kind == "fonttbl":
        reader.fonts[reader.font] = rtfwords.SYMBOL if number == 2 else rtfwords.CHARSETS.get(number or 0, "")


def _set_font_page(reader: Reader, number: int | None) -> None:
    if reader.state.kind == "fonttbl" and number:
        reader.fonts[reader.font] = rtfwords.codec_of(number)


def _set_default(reader: Reader, number: int | None) -> None:
    reader.default_font = number or 0


def _plain(reader: Reader, number: int | None) -> None:
    reader.decode()
    reader.state = reader.state._replace(codec=reader.fonts.get(reader.default_font, ""), deleted=False)


def _set_fallback(reader: Reader, number: int | None) -> None:
    reader.state = reader.state._replace(fallback=max(0, min(number if number is not None else 1, 16)))


def _set_deleted(reader: Reader, number: int | None) -> None:
    reader.decode()
    if reader.state.kind in ("", "story"):
        reader.state = reader.state._replace(deleted=number != 0)


def _paragraph(reader: Reader, number: int | None) -> None:
    reader.decode()
    reader.state = reader.state._replace(level=0)


def _in_table(reader: Reader, number: int | None) -> None:
    reader.state = reader.state._replace(level=max(1, reader.state.level) if number != 0 else 0)


def _set_level(reader: Reader, number: int | None) -> None:
    reader.state = reader.state._replace(level=max(0, min(number or 0, 64)))


def _set_html(reader: Reader, number: int | None) -> None:
    reader.from_html = number != 0


def _set_aside(reader: Reader, number: int | None) -> None:
    reader.decode()
    reader.state = reader.state._replace(aside=number != 0)


_SETTERS: dict[str, Callable[[Reader, int | None], None]] = {
    "ansicpg": _set_page, "f": _set_font, "fcharset": _set_charset, "cpg": _set_font_page, "deff": _set_default, "plain": _plain,
    "uc": _set_fallback, "deleted": _set_deleted, "pard": _paragraph, "intbl": _in_table, "itap": _set_level,
    "fromhtml": _set_html, "htmlrtf": _set_aside,
}  # fmt: skip
