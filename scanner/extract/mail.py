"""Reads mail: headers, bodies apart from what they quote, attachments as members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract import mime
from scanner.extract.decoding import decoded, text_of, texts
from scanner.extract.markup import html_blocks
from scanner.extract.mime import Entity
from scanner.model import Block, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

_PIECE = 1 << 20
_SHOWN = {
    "from": "From", "sender": "Sender", "reply-to": "Reply-To", "to": "To", "cc": "Cc", "bcc": "Bcc", "date": "Date",
    "organization": "Organization", "resent-from": "Resent-From", "resent-to": "Resent-To", "comments": "Comments",
    "keywords": "Keywords", "disposition-notification-to": "Disposition-Notification-To",
}  # fmt: skip
_KNOWN = frozenset((*_SHOWN, "subject", "message-id", "received", "mime-version", "content-type", "return-path", "delivered-to"))
# Headers whose @ belongs to no person.
_TECHNICAL = re.compile(
    r"message-id|references|in-reply-to|received|dkim-|arc-|authentication-|x-ms-|x-google-|x-gm-|list-|feedback-id|content-|mime-|"
    r"x-mailer|x-spam|x-virus|domainkey|errors-to|x-received|x-forefront|x-microsoft|user-agent|thread-|importance|precedence"
)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w.-]+")
_SKIPPED = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted", "application/pgp-encrypted")
_EXTENSIONS = {
    "application/pdf": ".pdf", "application/zip": ".zip", "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
    "application/json": ".json", "text/html": ".html", "text/csv": ".csv", "image/jpeg": ".jpg", "image/png": ".png",
}  # fmt: skip
# From here on everything is an older message.
_OLDER = re.compile(
    r"^\s*(?:[-_=]{3,}\s*(?:Original|Forwarded|元の|転送|原文|Begin forwarded).{0,60}|Begin forwarded message:.{0,20}"
    r"|[-–—]{2,}\s*(?:元のメッセージ|転送されたメッセージ|転送メッセージ).{0,60}|_{20,})\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(?:On .{5,200} wrote:|.{1,200}(?:さん|様|氏)?(?:は|が|の)?(?:書きました|のメール|のメッセージ|のたまいました)[:：。]?"
    r"|[\"“].{1,100}[\"”].{0,100} wrote:|\d{4}年\d{1,2}月\d{1,2}日.{0,160}<[^>]{3,100}>\s*[:：]?)\s*$"
)
_QUOTE = re.compile(r"^\s{0,3}(?:[>＞]|[\w.]{1,8}>\s)")


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Headers as PAIRS, text parts as TEXT, everything attached as members. What has no headers of a mail is read as text."""
    head = stream.read(16_384)
    headers, _ = mime.split(head, 0, len(head))
    if len({name for name, _ in headers} & _KNOWN) < 1 or len(headers) < 2:
        stream.seek(0)
        source = decoded(stream, budget)
        yield from source.notes
        yield from texts(BlockWriter(), source.pieces)
        return
    pieces = [head]
    budget.spend_bytes(len(head))
    while piece := stream.read(_PIECE):
        budget.spend_bytes(len(piece))
        pieces.append(piece)
    yield from _Mail(b"".join(pieces), budget).read()


class _Mail:
    """One message on its way into blocks."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self.data = data
        self.budget = budget
        self.writer = BlockWriter()
        self.scopes = 1
        self.plain = ""  # text parts so far, white space left out: an html alternative is held against them
        self.encoding = ""
        self.bodies = 0

    def read(self) -> Iterator[Block | Member | Trait | Problem]:
        """Everything, in the order of the message."""
        root = mime.entity(self.data, 0, len(self.data))
        self.writer.scope = 1
        yield from self._headers(root)
        stack = [iter([root])]
        while stack:
            part = next(stack[-1], None)
            if part is None:
                stack.pop()
                continue
            try:
                self.budget.spend_part()
            except Unreadable as limit:
                yield limit.problem
                return
            if part.type.startswith("multipart/") and part.type not in _SEALED:
                inner = list(mime.children(self.data, part)) if part.depth < mime.DEPTH else []
                if inner:
                    if part.type == "multipart/alternative":
                        inner.sort(key=lambda p: p.type != "text/plain")
                    stack.append(iter(inner))
                    continue
                if part.depth >= mime.DEPTH:
                    yield Problem(Stage.EXTRACT, Code.TOO_DEEP, f"depth > {mime.DEPTH}")
            yield from self._leaf(part)
        if self.encoding:
            yield Trait("encoding", self.encoding)

    # -- headers

    def _headers(self, root: Entity) -> Iterator[Block | Trait]:
        listed, subjects = shown_headers(root.headers, root.parameter("charset"))
        for section, pairs in ((Section.HEADER, listed), (Section.SUBJECT, subjects)):
            if pairs:
                self.budget.spend_characters(sum(len(v) for _, v in pairs))
                rows = [(key, value, n) for n, (key, value) in enumerate(pairs, 1)]
                yield from self.writer.pairs(rows, Part("header"), section=section)
        date = next((value for name, value in listed if name == "Date"), "")
        try:
            yield Trait("text_date", parsedate_to_datetime(date).date().isoformat())
        except (ValueError, TypeError, IndexError, OverflowError):
            return

    # -- parts

    def _leaf(self, part: Entity) -> Iterator[Block | Member | Trait | Problem]:
        kind, name = part.type, part.filename
        if kind in _SKIPPED:
            return
        if kind in _SEALED:
            yield Problem(Stage.EXTRACT, Code.ENCRYPTED, kind)
            return
        if kind == "message/rfc822":
            yield self._member(part, name or "message.eml", ".eml")
        elif kind in ("text/calendar", "text/vcard", "text/x-vcard", "text/directory"):
            yield from self._text(part, name or kind)
        elif kind.startswith(("text/", "message/", "multipart/")) and not part.attached and not (name and kind not in _BODIES):
            yield from self._html(part) if kind == "text/html" else self._text(part)
        elif kind.startswith("image/") and part.related and not part.attached:
            return  # a picture that the html shows: the text stands beside it
        else:
            yield self._member(part, name or f"part{self.bodies + 1}", _EXTENSIONS.get(kind, ""))
            self.bodies += 1

    def _member(self, part: Entity, name: str, extension: str) -> Member:
        body = mime.content(self.data, part)
        self.budget.spend_bytes(len(body))
        if extension and (extension == ".eml" or "." not in name) and not name.lower().endswith(extension):
            name += extension
        return Member(name, io.BytesIO(body), len(body))

    def _decode(self, part: Entity) -> tuple[str, list[Problem]]:
        body = mime.content(self.data, part)
        text, name, doubt, binary = text_of(body, part.parameter("charset"))
        self.budget.spend_bytes(len(body))
        self.budget.spend_characters(len(text))
        self.encoding = self.encoding or name
        problems = [Problem(Stage.EXTRACT, Code.BINARY, part.type)] if binary and body.strip() else []
        if doubt and not binary:
            problems.append(Problem(Stage.EXTRACT, Code.ENCODING_DOUBT, name))
        return text, problems

    def _place(self, name: str) -> str:
        self.bodies += 1
        return name or ("body" if self.bodies == 1 else f"body{self.bodies}")

    def _text(self, part: Entity, name: str = "") -> Iterator[Block | Problem]:
        text, problems = self._decode(part)
        yield from problems
        if part.parameter("format").lower() == "flowed":
            text = _unflowed(text, delete=part.parameter("delsp").lower() == "yes")
        self.plain += "".join(text.split())
        place = self._place(name)
        for line, quoted, piece in apart(text):
            if quoted:
                self.scopes += 1
            self.writer.scope = self.scopes if quoted else 1
            yield from self.writer.text(piece, Part(place, line), section=Section.QUOTED if quoted else Section.BODY)
        self.writer.scope = 1

    def _html(self, part: Entity) -> Iterator[Block | Trait | Problem]:
        """An html part; as an alternative only what the text part does not have."""
        text, problems = self._decode(part)
        yield from problems
        place = self._place("")
        if not (part.alternative and self.plain):
            yield from html_blocks(self.writer, text, self.budget, part=place)
            return
        found = [b for b in html_blocks(BlockWriter(), text, self.budget) if isinstance(b, Block)]
        lines = [line for b in found for line in re.split(r"[\n\t]", b.text)]
        added = [line for line in lines if (dense := "".join(line.split())) and dense not in self.plain]
        if sum(map(len, added)) * 2 > sum(map(len, lines)):
            yield from html_blocks(self.writer, text, self.budget, part=place)
        else:
            yield from self.writer.text("\n".join(added), Part(place, 1))


def shown_headers(headers: list[tuple[str, bytes]], charset: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The headers that say something of people, and the subjects; those of machines are left out."""
    listed: list[tuple[str, str]] = []
    subjects: list[tuple[str, str]] = []
    other: list[tuple[str, str]] = []
    for name, raw in headers:
        if name != "subject" and name not in _SHOWN and _TECHNICAL.match(name):
            continue
        value = mime.header_text(raw, charset).strip()
        if not value:
            continue
        if name == "subject":
            subjects.append(("Subject", value))
        elif name in _SHOWN:
            listed.append((_SHOWN[name], re.sub(r">\s*,\s*", ">,\n", value)))
        elif _ADDRESS.search(value) or not value.isascii():
            other.append((name.title(), value))
    seen = "\n".join(value for _, value in (*listed, *subjects))
    listed += [(n, v) for n, v in other if any(a not in seen for a in _ADDRESS.findall(v)) or not v.isascii()]
    return listed, subjects


_BODIES = ("text/plain", "text/html", "text/enriched")


def _unflowed(text: str, *, delete: bool) -> str:
    """Lines of format=flowed joined again (RFC 3676)."""
    out: list[str] = []
    open_line = False
    for line in text.split("\n"):
        if open_line and not line.startswith(">"):
            out[-1] += line.removeprefix(" ")
        else:
            out.append(line)
        open_line = out[-1].endswith(" ") and out[-1] != "-- " and not out[-1].startswith(">")
        if open_line and delete:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def apart(text: str) -> Iterator[tuple[int, bool, str]]:
    """(number of the first line, whether it is quoted, text) of each stretch of own or quoted lines."""
    lines = text.split("\n")
    older = False
    begin, quoted = 0, False
    for n, line in enumerate(lines):
        following = lines[n + 1 : n + 4]
        older = older or (bool(_OLDER.match(line)) and (line.strip("_ ") != "" or _headed(following)))
        now = older or bool(_QUOTE.match(line)) or (len(line) < 260 and bool(_WROTE.match(line)) and _quotes(following))
        if not line.strip() and quoted:
            now = older or any(_QUOTE.match(later) for later in following)
        if now != quoted:
            if n > begin:
                yield begin + 1, quoted, "\n".join(lines[begin:n])
            begin, quoted = n, now
    yield begin + 1, quoted, "\n".join(lines[begin:])


def _quotes(following: list[str]) -> bool:
    return any(_QUOTE.match(line) for line in following)


def _headed(following: list[str]) -> bool:
    return any(re.match(r"\s*(?:From|差出人|送信者|送信元)\s*[:：]", line) for line in following)
