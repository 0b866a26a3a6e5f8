"""Path patterns of a policy: which one covers a path, and which of several is the most specific."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

_ABSOLUTE = re.compile(r"^(?:/|[a-z]:/|[a-z][a-z0-9+.-]+://)")
_WILD = re.compile(r"[*?]")


def normal(path: str, folder: Path | None = None) -> str:
    """A path or pattern as patterns compare it: NFC, ``/``, without case; relative ones are taken from ``folder``."""
    text = unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()
    if not _ABSOLUTE.match(text):
        base = unicodedata.normalize("NFC", str(folder or Path.cwd()).replace("\\", "/")).casefold()
        text = f"{base}/{text}"
    scheme, mark, rest = text.rpartition("://")
    head = scheme + mark
    lead = "//" if rest.startswith("//") and not head else "/" if rest.startswith("/") else ""
    parts: list[str] = []
    for part in rest.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return head + lead + "/".join(parts)


def absolute(uri: str) -> str:
    """A document's path in the form that patterns compare."""
    return normal(uri, Path(os.path.abspath(os.curdir)))  # noqa: PTH100 - resolve() would follow links


class Pattern:
    """One compiled pattern. ``**`` spans folders, ``*`` and ``?`` stay in one; without wildcards it covers all beneath it."""

    def __init__(self, text: str, folder: Path) -> None:
        self.text = text
        self.normal = normal(text, folder)
        segments = self.normal.split("/")
        literal = 0
        while literal < len(segments) and not _WILD.search(segments[literal]):
            literal += 1
        self.specific = (literal, sum(len(_WILD.sub("", part)) for part in segments), -self.normal.count("**"))
        self._regex = re.compile(_translate(self.normal))

    def covers(self, path: str) -> bool:
        """Whether the pattern covers a path that ``normal`` or ``absolute`` gave."""
        return self._regex.fullmatch(path) is not None

    def overlaps(self, other: Pattern) -> bool:
        """Whether one pattern's fixed part lies beneath the other's, so that some path may match both."""
        mine, yours = self._fixed(), other._fixed()
        return mine.startswith(yours) or yours.startswith(mine)

    def _fixed(self) -> str:
        found = _WILD.search(self.normal)
        return (self.normal[: found.start()] if found else self.normal).rstrip("/") + "/"


def _translate(pattern: str) -> str:
    if not _WILD.search(pattern):
        return re.escape(pattern.rstrip("/")) + r"(?:/.*)?"
    out = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("/**/", at):
            out.append(r"/(?:.*/)?")
            at += 4
        elif pattern[at:] == "/**":
            out.append(r"(?:/.*)?")
            at += 3
        elif pattern.startswith("**", at):
            out.append(r".*")
            at += 2
        elif pattern[at] == "*":
            out.append(r"[^/]*")
            at += 1
        elif pattern[at] == "?":
            out.append(r"[^/]")
            at += 1
        else:
            out.append(re.escape(pattern[at]))
            at += 1
    return "(?s:" + "".join(out) + ")"
