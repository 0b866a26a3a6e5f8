"""Tells text formats apart by their shape; works on the beginning of a file, whatever its encoding."""

from __future__ import annotations

import importlib
import re
from collections import Counter

TEXTS = frozenset({"text", "csv", "tsv", "json", "markdown", "html", "eml", "xml", "mbox", "mht", "vcf", "ics"})
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html|head|body|table|meta|div)\b", re.I | re.S
)
_XML = re.compile(r"\A\s*(?:<\?xml\b|<!doctype\s|<!--|<[a-z_][\w.-]*(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=|\s*/?>))", re.I)
_HEADER = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?")
_MAIL = {"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "cc", "delivered-to", "reply-to"}
_MBOX = re.compile(r"\AFrom \S{1,200} .{0,100}\d{4}\s*\n")
_CARD = re.compile(r"\s*BEGIN:(VCARD|VCALENDAR)\s", re.I)
_JSON = re.compile(r'\A\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\]]|-?\d|true|false|null))')
_SQL = re.compile(r"\s*(?:insert|values|create|update|delete|select|drop|alter|set|--|/\*|\()", re.I)
_SAMPLE = 40  # lines looked at


def is_binary(head: bytes) -> bool:
    """Whether the bytes hold no text in any encoding that is known."""
    try:
        encoding = importlib.import_module("scanner.text.encoding")
    except ModuleNotFoundError:
        return _looks_binary(head)
    return bool(encoding.detect(head).binary)


def _looks_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(head.count(bytes([code])) for code in (*range(1, 7), *range(14, 27)))
    zeros = head.count(0)
    wide = len(head) > 3 and zeros > len(head) // 8 and max(head[::2].count(0), head[1::2].count(0)) > zeros * 0.9
    return not wide and (zeros > len(head) // 100 or controls > len(head) // 50)


def shape(head: bytes, claimed: str, extension: str) -> str:
    """The name of a text's format. ``claimed``: the format its extension stands for, "" when unknown.

    Markup, mail and JSON show in the first lines; a table claims to be one or has the same number of separators in every line;
    for the rest the extension is believed.
    """
    text = _ascii(head)
    if _MBOX.match(text):
        return "mbox"
    if card := _CARD.match(text):
        return "vcf" if card[1].upper() == "VCARD" else "ics"
    if mail := _mail(text):
        return "mht" if claimed == "mht" and mail == "eml" else mail
    if claimed not in ("markdown", "text") or extension in ("", ".txt", ".log"):
        if _HTML.match(text):
            return "html"
        if _XML.match(text) and claimed not in ("html", "markdown"):
            return "xml"
        if claimed in ("csv", "tsv"):
            return claimed
        if _JSON.match(text) and _balanced(text):
            return "json"
    if claimed in TEXTS - {"text", "mbox"}:
        return claimed
    if extension in ("", ".txt") or claimed not in TEXTS:
        return _table(text) or "text"
    return "text"


def _ascii(head: bytes) -> str:
    """The text as far as ASCII shows it: the shape tests look at nothing else."""
    if head.startswith(b"\xff\xfe"):
        return head.decode("utf-16-le", "replace").lstrip("\ufeff")
    if head.startswith(b"\xfe\xff"):
        return head.decode("utf-16-be", "replace").lstrip("\ufeff")
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 16 and odd > even * 8:
        return head.decode("utf-16-le", "replace")
    if even > len(head) // 16 and even > odd * 8:
        return head.decode("utf-16-be", "replace")
    return head.decode("latin-1")


def _mail(text: str) -> str:
    """``eml`` when the text begins with header lines of which two are a mail's."""
    known: set[str] = set()
    for n, line in enumerate(text.splitlines()[:_SAMPLE]):
        if not line.strip():
            break
        if line[0] in " \t":
            if n == 0:
                return ""
            continue
        match = _HEADER.match(line)
        if not match:
            return ""
        if match[1].lower() in _MAIL:
            known.add(match[1].lower())
    strong = known & {"message-id", "received", "return-path", "mime-version", "delivered-to"}
    return "eml" if len(known) >= 3 or (len(known) >= 2 and strong) or {"from", "subject"} <= known else ""


def _balanced(text: str) -> bool:
    """Whether text that begins like JSON goes on like it: a quoted key with a colon, or an array's element with a comma or end."""
    start = text.lstrip()[:4096]
    if start.startswith("{"):
        return bool(re.match(r'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})', start))
    return bool(re.match(r'\[\s*(?:[\[{\]]|"(?:[^"\\]|\\.)*"\s*[,\]]|(?:-?\d[\d.eE+-]*|true|false|null)\s*[,\]])', start))


def _table(text: str) -> str:
    """``tsv`` or ``csv`` when at least three lines have the same separators, two or more of them and no fewer in most."""
    lines = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]
    if len(text) > 60_000:
        lines = lines[:-1]
    if len(lines) < 3 or sum(bool(_SQL.match(line)) for line in lines) * 2 > len(lines):
        return ""
    for separator, name in (("\t", "tsv"), (",", "csv")):
        counts = Counter(line.count(separator) for line in lines)
        common, times = counts.most_common(1)[0]
        if common >= (1 if separator == "\t" else 2) and times >= len(lines) * 0.9:
            return name
    return ""
