"""Reads address cards and calendars (vcf, ics): each card and each event is a record of labelled values."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.decoding import decoded, text_of, texts
from scanner.model import Block, Document, Member, Part, Trait
from scanner.problems import Problem
from scanner.text.blocks import BlockWriter

_LINE = re.compile(r"^(?:[\w-]+\.)?([A-Za-z-]{1,60})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)$", re.DOTALL)
_LABELS = {
    "FN": "氏名", "N": "姓名", "NICKNAME": "ニックネーム", "SORT-STRING": "フリガナ", "SOUND": "フリガナ",
    "X-PHONETIC-FIRST-NAME": "フリガナ（名）", "X-PHONETIC-LAST-NAME": "フリガナ（姓）", "TEL": "電話番号",
    "EMAIL": "メールアドレス",
    "ADR": "住所", "LABEL": "住所", "BDAY": "生年月日", "ANNIVERSARY": "記念日", "GENDER": "性別", "ORG": "会社名", "TITLE": "役職",
    "ROLE": "職務", "NOTE": "備考", "URL": "URL", "RELATED": "関係者", "X-SPOUSE": "配偶者", "SUMMARY": "件名",
    "DESCRIPTION": "説明",
    "LOCATION": "場所", "ATTENDEE": "出席者", "ORGANIZER": "主催者", "CONTACT": "連絡先", "COMMENT": "コメント", "DTSTART": "開始",
    "CATEGORIES": "分類", "IMPP": "メッセージ",
}  # fmt: skip
_SILENT = frozenset((
    "BEGIN", "END", "VERSION", "PRODID", "UID", "REV", "PHOTO", "LOGO", "KEY", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE",
    "STATUS", "TRANSP", "CLASS", "RRULE", "DTEND", "DURATION", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "ACTION", "TRIGGER",
    "METHOD", "CALSCALE", "PRIORITY", "X-ABUID", "EXDATE", "RECURRENCE-ID", "CLIENTPIDMAP", "FBURL", "GEO", "TZ", "MAILER",
))  # fmt: skip
_BATCH = 2_000  # pairs for one call of the writer
_COMMON_NAME = re.compile(r';CN=(?:"([^"]*)"|([^;:]*))', re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=([\w-]+)", re.IGNORECASE)


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """PAIRS whose record is the card or event. What has no such lines is read as text."""
    source = decoded(stream, budget)
    yield from source.notes
    text = "".join(source.pieces)
    writer = BlockWriter()
    if not re.search(r"^BEGIN:V", text, re.IGNORECASE | re.MULTILINE):
        yield from texts(writer, iter([text]))
    else:
        yield from _cards(writer, text, budget)
    yield from source.after()


def _cards(writer: BlockWriter, text: str, budget: Budget) -> Iterator[Block]:
    pairs: list[tuple[str, str, int]] = []
    record = 0
    for line in _unfolded(text):
        found = _LINE.match(line)
        if not found:
            if line.strip():
                pairs.append(("備考", line.strip(), record))
            continue
        name, parameters, raw = found[1].upper(), found[2], found[3]
        if name == "BEGIN" and raw.strip().upper() not in ("VALARM", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VCALENDAR"):
            record += 1
        if name in _SILENT or (name.startswith("X-") and name not in _LABELS and raw.isascii() and "@" not in raw):
            continue
        value = _value(name, parameters, raw)
        if value.strip():
            pairs.append((_LABELS.get(name, name), value.strip(), record))
        if len(pairs) >= _BATCH:
            budget.check_time()
            yield from writer.pairs(pairs, Part("body"))
            pairs = []
    if pairs:
        yield from writer.pairs(pairs, Part("body"))


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: a line that begins with a blank goes on with the one before, as does what is behind a soft line break."""
    held: list[str] = []
    soft = False
    for line in text.split("\n"):
        if held and soft:
            held[-1] = held[-1].rstrip()[:-1]
            held.append(line)
        elif held and line[:1] in (" ", "\t"):
            held.append(line[1:])
        else:
            if held:
                yield "".join(held)
            held = [line]
        quoted = "QUOTED-PRINTABLE" in held[0][:200].upper()
        soft = quoted and held[-1].rstrip().endswith("=")
    if held:
        yield "".join(held)


def _value(name: str, parameters: str, raw: str) -> str:
    """The text of a value: encodings and escapes undone, the parts of names and addresses put together."""
    upper = parameters.upper()
    charset = _CHARSET.search(parameters)
    if "QUOTED-PRINTABLE" in upper:
        data = binascii.a2b_qp(raw.encode("utf-8", "replace"))
        raw = text_of(data, charset[1] if charset else "utf-8")[0]
    elif "ENCODING=B" in upper:
        try:
            raw = text_of(base64.b64decode(raw.encode("ascii", "ignore"), validate=False), charset[1] if charset else "utf-8")[0]
        except binascii.Error:
            return ""
    parts = [_unescaped(part).strip() for part in re.split(r"(?<!\\);", raw)]
    if name == "ADR":  # box, extension, street, town, region, code, country: as a Japanese reader writes it
        parts += [""] * (7 - len(parts))
        box, extension, street, town, region, code, country = parts[:7]
        return " ".join(part for part in (country, code, region + town + street, extension, box) if part)
    value = " ".join(part for part in parts if part)
    if name in ("ATTENDEE", "ORGANIZER"):
        common = _COMMON_NAME.search(parameters)
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        shown = (common[1] or common[2] or "").strip() if common else ""
        return f"{shown} <{address}>" if shown and shown != address else address
    return value


def _unescaped(text: str) -> str:
    return re.sub(r"\\([nN,;:\\])", lambda found: "\n" if found[1] in "nN" else found[1], text)
