"""Reads SQL dumps: tuples of INSERT and rows of COPY as tables with the names of their columns, the rest as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.extract.decoding import lines, texts
from scanner.model import Block, Cell
from scanner.text.blocks import BlockWriter

_NAME = r"(?:[`\"\[]?[^\s`\"\[\](),;.']{1,128}[`\"\]]?\.){0,3}[`\"\[]?[^\s`\"\[\](),;.']{1,128}[`\"\]]?"
_INSERT = re.compile(
    rf"\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+|DELAYED\s+|LOW_PRIORITY\s+)?(?:INTO\s+)?(?P<table>{_NAME})\s*"
    r"(?:\((?P<columns>[^()']{1,8000})\))?\s*(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*",
    re.IGNORECASE,
)
_COPY = re.compile(rf"\s*COPY\s+(?P<table>{_NAME})\s*(?:\((?P<columns>[^()']{{1,8000}})\))?\s+FROM\s+stdin\b", re.IGNORECASE)
_CREATE = re.compile(rf"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>{_NAME})\s*\(?", re.IGNORECASE)
_COLUMN = re.compile(r"\s*,?\s*[`\"\[]?(?P<name>[^\s`\"\[\](),;']{1,128})[`\"\]]?\s+\w")
_COMMA = re.compile(r",(?![^()]{0,200}\))")
_COMMENT = re.compile(r"COMMENT\s+'(?P<text>[^']{1,16})'", re.IGNORECASE)
_REMARK = re.compile(r"(?:--\s|#)\s{0,8}(?P<text>[^\n(:(:0-9]{0,16})[^\n]{0,200}$", re.MULTILINE)
_NO_COLUMN = frozenset(
    ("primary", "key", "unique", "index", "constraint", "foreign", "check", "fulltext", "spatial", "create", "exclude", "like")
)
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龥]")
_STARTS = re.compile(r"\s*(?:INSERT|REPLACE)\s", re.IGNORECASE)
HINT = re.compile(r"^[ \t]*(?:(?:INSERT|REPLACE)\s+INTO\s+\S|COPY\s+\S+\s*\([^()]{1,8000}\)\s+FROM\s+stdin)", re.I | re.M)

# One value of a tuple. Every branch ends at a character the next cannot begin with, so the search is linear.
_QUOTED = r"'(?:[^'\\]++|\\.|'')*+'"
_VALUE = re.compile(
    rf"\s*(?:(?:N|E|_\w+\s*)?(?P<quoted>{_QUOTED}|\"(?:[^\"\\]++|\\.|\"\")*+\")(?:::[\w ]+)?"
    r"|(?P<plain>[^\s'\"(),;]+(?:[ \t]+[^\s'\"(),;]+)*)?)\s*",
    re.DOTALL | re.IGNORECASE,
)
_CALL = re.compile(rf"\s*[\w.]+\s*\((?P<inner>(?:[^()']++|{_QUOTED})*+)\)\s*", re.DOTALL)  # CAST(N'…' AS Date), NOW()
_ESCAPE = re.compile(r"\\(.)|''|\"\"", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b", "Z": "\x1a"}
_BLANK = re.compile(r"\s*")
_TAIL = re.compile(r"\)\s*(?P<end>[,;])?")
_HEAD, _HEAD_LINES = 20_000, 300  # characters and lines: a longer head of a statement is read as text
_STATEMENT = 1 << 20  # characters: a tuple that takes more is read as text

Row = tuple[int, list[tuple[int, str]]]


def read_dump(writer: BlockWriter, pieces: Iterator[str]) -> Iterator[Block]:
    """TABLE blocks (row = line, as far as each row has its own) and TEXT blocks in the order of the file."""
    dump = _Dump(lines(pieces))
    while dump.fill():
        head = dump.insert()
        if head:
            place = Cell(_bare(head["table"]), dump.line, 1)
            yield from writer.table(dump.inserts(head), place)
        elif copy := _COPY.match(dump.text, dump.at):
            yield from texts(writer, iter([dump.take_line()]), line=dump.line - 1)
            yield from writer.table(dump.copied(copy), Cell(_bare(copy["table"]), dump.line, 1))
        else:
            yield from texts(writer, dump.plain(), line=dump.line)


def _bare(name: str) -> str:
    return re.split(r"[.]", name)[-1].strip('`"[]')


def _plain_value(quoted: str) -> str:
    return _ESCAPE.sub(lambda m: m[0][0] if m[1] is None else _ESCAPES.get(m[1], m[1]), quoted)


@dataclass(slots=True)
class _Dump:
    """What is still to be read: ``text`` from ``at`` on, ``line`` is the number of the line there."""

    source: Iterator[str]
    text: str = ""
    at: int = 0
    line: int = 1
    columns: dict[str, list[str]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)
    creating: str = ""
    last_row: int = 0

    def fill(self) -> bool:
        """Something to read; False at the end."""
        return self.at < len(self.text) or self.more()

    def more(self, want: int = 1) -> bool:
        """As many lines more as have ``want`` characters; False when there is none."""
        got: list[str] = []
        size = 0
        while size < want and (line := next(self.source, "")):
            got.append(line)
            size += len(line)
        self.text = self.text[self.at :] + "".join(got)
        self.at = 0
        return bool(got)

    def skip_blank(self) -> bool:
        """Go on behind white space; False at the end."""
        while self.fill():
            blank = _BLANK.match(self.text, self.at)
            self.go(blank.end() if blank else self.at)
            if self.at < len(self.text):
                return True
        return False

    def go(self, to: int) -> None:
        """Go on at that position."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def take_line(self) -> str:
        """The next line, which is left behind."""
        start = self.at
        self.go(self.text.find("\n", start) + 1 or len(self.text))
        return self.text[start : self.at]

    def insert(self) -> re.Match[str] | None:
        """The head of an INSERT here, gathered from several lines where it goes over them."""
        if not _STARTS.match(self.text, self.at):
            return None
        for _ in range(_HEAD_LINES):
            head = _INSERT.match(self.text, self.at)
            if head and head.end() < len(self.text):
                return head
            if ";" in self.text[self.at : self.at + _HEAD] or len(self.text) - self.at > _HEAD or not self.more():
                break
        return _INSERT.match(self.text, self.at)

    def plain(self) -> Iterator[str]:
        """Lines up to the next INSERT or COPY; learns columns from CREATE TABLE on the way."""
        first = True
        while self.fill():
            if not first and (_STARTS.match(self.text, self.at) or _COPY.match(self.text, self.at)):
                return
            first = False
            line = self.take_line()
            self._learn(line)
            yield line

    def _learn(self, line: str) -> None:
        create = _CREATE.match(line)
        if create:
            self.creating = _bare(create["table"])
            self.columns[self.creating] = []
            self.comments[self.creating] = {}
            line = line[create.end() :]
        if not self.creating:
            return
        if line.lstrip().startswith(")"):
            self.creating = ""
            return
        remark = _REMARK.search(line)  # 「shimei VARCHAR(80), -- 氏名」
        line = line[: remark.start()] if remark else line
        for part in _COMMA.split(line):
            column = _COLUMN.match(part)
            if column and column["name"].lower() not in _NO_COLUMN:
                self.columns[self.creating].append(column["name"])
                comment = _COMMENT.search(part) or remark
                if comment and _JAPANESE.search(comment["text"]):
                    self.comments[self.creating][column["name"]] = comment["text"]

    def header(self, table: str, columns: str | None) -> list[tuple[int, str]]:
        """Names of the columns; a comment that looks like a label stands for a technical name."""
        names = [_bare(name.strip()) for name in columns.split(",")] if columns else self.columns.get(table, [])
        comments = self.comments.get(table, {})
        return [(n, comments.get(name, name)) for n, name in enumerate(names, 1)]

    def inserts(self, head: re.Match[str]) -> Iterator[Row]:
        """The tuples of this INSERT and of those right behind it into the same columns."""
        table, columns = _bare(head["table"]), head["columns"]
        self.last_row = max(self.line - 1, 0)
        yield self.last_row, self.header(table, columns)
        while True:
            self.go(head.end())
            yield from self._tuples()
            if not self.skip_blank():
                return
            ahead = self.insert()
            if not ahead or _bare(ahead["table"]) != table or ahead["columns"] != columns:
                return
            head = ahead

    def _tuples(self) -> Iterator[Row]:
        """Tuples from here to the end of the statement; what is no tuple ends them and is left where it is."""
        final = False
        while self.skip_blank():
            found = self._tuple(final)
            if found is None:
                held = len(self.text) - self.at
                if final or held > _STATEMENT:
                    return
                final = not self.more(max(4096, held))  # twice as much each time, so the work stays linear
                continue
            cells, end, last = found
            self.last_row = max(self.line, self.last_row + 1)  # rows that share a line are counted on
            yield self.last_row, cells
            self.go(end)
            if last:
                return

    def _tuple(self, final: bool) -> tuple[list[tuple[int, str]], int, bool] | None:
        """(cells, position behind it, whether it is the last of the statement); None: broken or not whole in ``text``."""
        at = self.at
        if not self.text.startswith("(", at):
            return None
        cells: list[tuple[int, str]] = []
        at += 1
        for number in range(1, 10_000):
            call = _CALL.match(self.text, at)
            found = call or _VALUE.match(self.text, at)
            if not found:
                return None
            value = _inner(found["inner"]) if call else _text_of(found)
            if value:
                cells.append((number, value))
            at = found.end()
            if self.text.startswith(")", at):
                break
            if not self.text.startswith(",", at):
                return None
            at += 1
        tail = _TAIL.match(self.text, at)
        if not tail or (tail.end() == len(self.text) and not tail["end"] and not final):
            return None
        return cells, tail.end(), tail["end"] != ","

    def copied(self, head: re.Match[str]) -> Iterator[Row]:
        """The rows of a COPY up to ``\\.``."""
        yield max(self.line - 1, 0), self.header(_bare(head["table"]), head["columns"])
        while self.fill():
            number = self.line
            line = self.take_line().rstrip("\n")
            if line == "\\.":
                return
            values = line.split("\t")
            yield number, [(n, _plain_value(v)) for n, v in enumerate(values, 1) if v and v != "\\N"]


def _inner(call: str) -> str:
    """What a call such as CAST(N'…' AS Date) is about."""
    quoted = re.findall(_QUOTED, call, re.DOTALL)
    return " ".join(_plain_value(q[1:-1]) for q in quoted) if quoted else call.strip()


def _text_of(found: re.Match[str]) -> str:
    if found["quoted"] is not None:
        return _plain_value(found["quoted"][1:-1])
    value = found["plain"] or ""
    return "" if value.upper() == "NULL" else value
