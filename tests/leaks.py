"""Looks for values where none may be."""

from __future__ import annotations

import gzip
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path


def folded(text: str) -> str:
    """NFKC without white space or dashes: a value is found in whatever width and spacing it was written down."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "-‐‑–—―−")


def readings(path: Path) -> Iterable[str]:
    """The content of a file as text in each way that a value could lie in it."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            data += b"\n".join(parts.read(name) for name in parts.namelist())
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    yield data.decode("utf-8", "replace")
    yield data.decode("utf-16-le", "ignore")
    if b"\\u" in data:
        yield data.decode("raw_unicode_escape", "replace")


def number(value: str) -> re.Pattern[str]:
    """A short number standing by itself: inside a digest, a time or a cell's name its digits are chance."""
    return re.compile(rf"(?<![0-9A-Za-z.]){re.escape(value)}(?![0-9A-Za-z])")


def traces(folder: Path, values: Iterable[str], *, more: Iterable[str] = (), known: str = "") -> set[str]:
    """The values that stand, raw or folded, in any file below the folder or in ``more``; those in ``known`` set aside."""
    known = folded(known)
    wanted = {raw: folded(raw) for raw in values if folded(raw) not in known}
    numbers = {
        raw: number(fold) for raw, fold in wanted.items() if len(fold) < 8 and fold.isascii() and fold.replace(".", "").isalnum()
    }
    texts = list(more)
    for path in folder.rglob("*"):
        if path.is_file():
            texts += readings(path)
    out = set()
    for text in texts:
        flat, narrow = folded(text), unicodedata.normalize("NFKC", text)
        out |= {raw for raw, fold in wanted.items() if raw not in numbers and (raw in text or fold in flat)}
        out |= {raw for raw, pattern in numbers.items() if pattern.search(narrow)}
    return out
