"""Reads Outlook messages (msg): sender and recipients, the body in whichever form it is there, contacts, attachments."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import olefile

from scanner.contracts import Budget
from scanner.extract import lzfu, mime
from scanner.extract.decoding import text_of
from scanner.extract.mail import apart, shown_headers
from scanner.extract.markup import html_blocks
from scanner.extract.members import problem
from scanner.extract.ole import compound, read_stream
from scanner.extract.rtf import Rtf
from scanner.model import Block, Document, Member, Part, Section, Trait
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.text.blocks import BlockWriter

Item = Block | Member | Trait | Problem

_DEEPEST = 10  # messages within one another
_BY_REFERENCE = (2, 3, 4, 7)  # ways to attach that give a path or an address ([MS-OXCMSG] 2.2.2.9)
_RTF = 64 << 20  # bytes of unpacked rich text
_VALUE = re.compile(r"^__substg1\.0_([0-9A-F]{4})(001E|001F|0102|000D)$", re.IGNORECASE)
_PEOPLE = {"0C1A": "From", "0042": "From", "0E04": "To", "0E03": "Cc", "0E02": "Bcc"}
_SENDERS = ("5D01", "0C1F", "5D02", "0065")  # the sender's addresses, the best first
_BODY, _HTML, _PACKED, _HEADERS, _SUBJECT = "1000", "1013", "1009", "007D", "0037"
# What a contact says ([MS-OXPROPS]); the label is what a form would call it.
_CONTACT = {
    "3001": "氏名", "3A06": "名", "3A11": "姓", "3A45": "敬称", "3A4F": "ニックネーム",
    "3A16": "会社名", "3A17": "役職", "3A18": "部署",
    "3A19": "勤務先",
    "3A08": "電話番号", "3A1B": "電話番号", "3A09": "自宅電話番号", "3A2F": "自宅電話番号",
    "3A1C": "携帯電話番号",
    "3A24": "FAX番号", "3A25": "自宅FAX番号", "3A15": "住所", "3A26": "国", "3A27": "市区町村", "3A28": "都道府県", "3A29": "住所",
    "3A2A": "郵便番号", "3A59": "市区町村", "3A5A": "国", "3A5B": "郵便番号", "3A5C": "都道府県", "3A5D": "住所", "3A48": "配偶者",
    "3A4E": "上司", "3A30": "秘書", "3A41": "記念日", "3A42": "生年月日", "3A58": "子",
}  # fmt: skip
# Strings of the machinery: classes, search keys, ids, and what is said elsewhere.
_SILENT = re.compile(
    r"^(?:001A|003D|0070|0E1D|0C1E|0064|3002|0E28|0E29|1035|1039|1042|1046|3FF[0-9A-F]|300B|0FF[0-9A-F]|0050|004[0-9A-F]|5D0[0-9A-F]|"
    r"370[0-9A-F]|371[0-9A-F]|007[0-9A-F]|0C1[0-9A-F]|3A20|0E0[234]|0E4[0-9A-F]|0E5[0-9A-F]|65E[0-9A-F]|1000|0037|6[0-9A-F]{3}|7[0-9A-F]{3})$"
)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Item]:
    """Headers as PAIRS, the body as TEXT, attachments as members; a message within it is read in its place."""
    with compound(stream) as ole:
        yield from _Outlook(ole, budget).everything()


class _Storage:
    """The properties of a message, a recipient or an attachment: streams by their ids, and the values of fixed size."""

    def __init__(self, ole: olefile.OleFileIO, path: list[str], budget: Budget, names: dict[tuple[str, ...], list[str]]) -> None:
        self.ole, self.path, self.budget, self.names = ole, path, budget, names
        self.streams: dict[str, tuple[str, str]] = {}
        for name in names.get(tuple(path), []):
            if found := _VALUE.match(name):
                self.streams.setdefault(found[1].upper(), (found[2].upper(), name))
        self.fixed = self._fixed()
        self.page = ""

    def _fixed(self) -> dict[str, bytes]:
        """The property table ([MS-OXMSG] 2.4): 16 bytes each, behind a header whose length depends on the kind."""
        data = read_stream(self.ole, [*self.path, "__properties_version1.0"], self.budget)
        head = 32 if not self.path else 24 if self.path[-1].upper().endswith("3701000D") else 8
        table = {}
        for at in range(head, len(data) - 15, 16):
            kind, ident = struct.unpack_from("<HH", data, at)
            if kind in (0x0002, 0x0003, 0x000B, 0x0040):
                table[f"{ident:04X}"] = data[at + 8 : at + 16]
        return table

    def number(self, ident: str) -> int:
        """A whole number, 0 when absent."""
        return int.from_bytes(self.fixed.get(ident, b"")[:4], "little")

    def moment(self, ident: str) -> datetime | None:
        """A time, None when absent or out of range."""
        ticks = int.from_bytes(self.fixed.get(ident, b""), "little")
        try:
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def data(self, ident: str) -> bytes:
        """A value's bytes."""
        kind, name = self.streams.get(ident, ("", ""))
        return read_stream(self.ole, [*self.path, name], self.budget) if name and kind != "000D" else b""

    def text(self, ident: str) -> str:
        """A string; narrow ones in the message's code page."""
        kind, _ = self.streams.get(ident, ("", ""))
        if kind not in ("001E", "001F"):
            return ""
        data = self.data(ident)
        if kind == "001F":
            return data.decode("utf-16-le", "replace").rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")
        return text_of(data.rstrip(b"\0"), self.page)[0] if data else ""


class _Outlook:
    def __init__(self, ole: olefile.OleFileIO, budget: Budget) -> None:
        self.ole, self.budget = ole, budget
        self.writer = BlockWriter()
        self.names: dict[tuple[str, ...], list[str]] = {}
        for entry in ole.listdir(streams=True, storages=True):
            self.names.setdefault(tuple(entry[:-1]), []).append(entry[-1])
        self.messages = 0

    def everything(self) -> Iterator[Item]:
        """The message, then the messages within it."""
        stack: list[list[str]] = [[]]
        while stack:
            path = stack.pop()
            if len(path) > 2 * _DEEPEST:
                yield Problem(Stage.EXTRACT, Code.TOO_DEEP, f"depth > {_DEEPEST}")
                continue
            try:
                self.budget.spend_part()
            except Unreadable as limit:
                yield limit.problem
                return
            self.messages += 1
            self.writer.scope += 1
            message = _Storage(self.ole, path, self.budget, self.names)
            message.page = _page(message.number("3FDE") or message.number("3FFD"))
            yield from self._message(message)
            inner: list[list[str]] = []
            for name in sorted(self.names.get(tuple(path), [])):
                if name.lower().startswith("__attach_version1.0_"):
                    yield from self._attachment([*path, name], message.page, inner)
            stack.extend(reversed(inner))

    def _place(self, name: str) -> str:
        return name if self.messages == 1 else f"添付メール{self.messages - 1} {name}"

    # ------------------------------------------------------------ one message

    def _message(self, message: _Storage) -> Iterator[Item]:
        listed = self._people(message)
        subjects = [("Subject", message.text(_SUBJECT))]
        sent = message.moment("0039") or message.moment("0E06")
        if sent:
            listed.append(("Date", sent.strftime("%Y-%m-%d %H:%M")))
            yield Trait("text_date", sent.date().isoformat())
        for section, pairs in ((Section.HEADER, listed), (Section.SUBJECT, subjects)):
            shown = [(key, value, n) for n, (key, value) in enumerate(pairs, 1) if value.strip()]
            self.budget.spend_characters(sum(len(value) for _, value, _ in shown))
            yield from self.writer.pairs(shown, Part(self._place("header")), section=section)
        yield from self._body(message)
        yield from self._other(message, "\n".join(value for _, value in (*listed, *subjects)))

    def _people(self, message: _Storage) -> list[tuple[str, str]]:
        """Sender and recipients as ``name <address>``; what the headers of the transport know beyond that."""
        listed: dict[tuple[str, str], None] = {}
        senders = [message.text(ident) for ident in _SENDERS]
        address = next((a for a in senders if "@" in a), "")
        name = message.text("0C1A") or message.text("0042")
        listed[("From", _person(name, address))] = None
        other = message.text("0042")
        if other and other != name:
            listed[("From", _person(other, message.text("5D02") or message.text("0065")))] = None
        for entry in sorted(self.names.get(tuple(message.path), [])):
            if entry.lower().startswith("__recip_version1.0_"):
                recipient = _Storage(self.ole, [*message.path, entry], self.budget, self.names)
                recipient.page = message.page
                kind = {2: "Cc", 3: "Bcc"}.get(recipient.number("0C15"), "To")
                addresses = (recipient.text(ident) for ident in ("39FE", "3003"))
                address = next((a for a in addresses if "@" in a), "")
                listed[(kind, _person(recipient.text("3001"), address))] = None
        seen = "\n".join(value for _, value in listed)
        for ident in ("0E04", "0E03", "0E02"):
            names = [part.strip() for part in message.text(ident).split(";")]
            if missing := [part for part in names if part and part not in seen]:
                listed[(_PEOPLE[ident], "; ".join(missing))] = None
        headers = message.text(_HEADERS).encode("utf-8", "replace")
        if headers:
            said, _ = shown_headers(mime.split(headers, 0, len(headers))[0], "utf-8")
            seen = "\n".join(value for _, value in listed)
            for key, value in said:
                if key != "Date" and any(a not in seen for a in re.findall(r"[\w.+%-]+@[\w.-]+", value)):
                    listed[(key, value)] = None
        return [pair for pair in listed if pair[1].strip()]

    def _body(self, message: _Storage) -> Iterator[Item]:
        """The plain body; else the html; else the rich text, which may hold an html page."""
        text = message.text(_BODY)
        place = self._place("body")
        if text.strip():
            self.budget.spend_characters(len(text))
            scope = self.writer.scope
            for line, quoted, piece in apart(text):
                self.writer.scope += quoted
                section = Section.QUOTED if quoted else Section.BODY
                yield from self.writer.text(piece, Part(place, line), section=section)
            self.writer.scope = max(scope, self.writer.scope)
            return
        page = message.text(_HTML)
        if not page and (data := message.data(_HTML)):
            page = text_of(data, message.page)[0]
        if page.strip():
            yield from html_blocks(self.writer, page, self.budget, part=place)
            return
        packed = message.data(_PACKED)
        if packed:
            try:
                rich = lzfu.unpacked(packed, _RTF)
            except ValueError:
                yield Problem(Stage.EXTRACT, Code.CORRUPT, "compressed rich text", place)
                return
            self.budget.spend_bytes(len(rich))
            yield from Rtf(rich, self.budget, self.writer, place).everything()

    def _other(self, message: _Storage, seen: str) -> Iterator[Block]:
        """A contact's fields by their names, and the strings of named properties that say something."""
        contact = message.text("001A").lower().startswith(("ipm.contact", "ipm.distlist", "ipm.abchperson"))
        pairs: dict[tuple[str, str], None] = {}
        for ident in sorted(message.streams):
            if _SILENT.match(ident):
                continue
            value = message.text(ident).strip()
            if not value or value in seen or len(value) > 100_000:
                continue
            if ident in _CONTACT and (contact or ident != "3001"):
                pairs[(_CONTACT[ident], value)] = None
            elif ident >= "8000" and (not value.isascii() or "@" in value or (contact and any(c.isdigit() for c in value))):
                pairs[("項目", value)] = None
        for ident in ("3A42", "3A41"):
            if day := message.moment(ident):
                pairs[(_CONTACT[ident], day.strftime("%Y-%m-%d"))] = None
        yield from self.writer.pairs(
            ((key, value, 0) for key, value in pairs), Part(self._place("properties")), section=Section.PROPERTY
        )

    # ------------------------------------------------------------ attachments

    def _attachment(self, path: list[str], page: str, inner: list[list[str]]) -> Iterator[Item]:
        attached = _Storage(self.ole, path, self.budget, self.names)
        attached.page = page
        kind, name = attached.streams.get("3701", ("", ""))
        if kind == "000D":
            inside = [*path, name]
            if "__properties_version1.0" in (n.lower() for n in self.names.get(tuple(inside), [])):
                inner.append(inside)
            else:
                yield Problem(Stage.EXTRACT, Code.MEMBER_UNREAD, "ole object", path[-1])
            return
        title = attached.text("3707") or attached.text("3704") or attached.text("3001") or "attachment"
        title = re.sub(r"[\x00-\x1f]", "", title).replace("\\", "/").rpartition("/")[2]
        if attached.number("3705") in _BY_REFERENCE:
            yield Member(title, problem=problem(Code.LINK))
            return
        data = attached.data("3701")
        yield Member(title, io.BytesIO(data), len(data))


def _person(name: str, address: str) -> str:
    name = name.strip().strip("'\"")
    if not address or address.casefold() in name.casefold():
        return name or address
    return f"{name} <{address}>" if name else address


def _page(number: int) -> str:
    return {65001: "utf-8", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp", 20127: ""}.get(
        number, f"cp{number}" if number else ""
    )
