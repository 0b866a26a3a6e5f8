"""Reads a TOML file into a checked record and names file and line of whatever is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from scanner.refusal import Refused

T = TypeVar("T")
Steps = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[^\s="'.\[\]{}#]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[^\s="'.\[\]{}#]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^\s."']+)""")
_PLACE = re.compile(r" - at `(?:key in )?\$(.*)`$")
_STEP = re.compile(r"\.([^.\[\]`]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"missing required field `([^`]*)`")


class FileRefused(Refused):
    """A configuration file that is wrong. ``line`` counts from 1; 0 when it cannot be told."""

    def __init__(self, path: Path, line: int, ja: str, en: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {ja}", f"{where}: {en}")
        self.path = path
        self.line = line


def read(path: Path, kind: type[T]) -> tuple[T, Lines]:
    """The file as a ``kind`` (a msgspec Struct), with the lines of its keys. Raises FileRefused."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileRefused(path, 0, "ファイルがありません。", "no such file.") from None
    except UnicodeDecodeError as error:
        raise FileRefused(path, 0, "UTF-8のファイルではありません。", "the file is not UTF-8.") from error
    except OSError as error:
        raise FileRefused(
            path, 0, f"読み込めません（{type(error).__name__}）。", f"cannot be read ({type(error).__name__})."
        ) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise FileRefused(path, line, f"TOMLとして読めません（{error}）。", f"not valid TOML ({error}).") from None
    lines = Lines(path, text)
    try:
        return msgspec.convert(data, kind), lines
    except msgspec.ValidationError as error:
        raise explain(path, lines, data, str(error)) from None


def explain(path: Path, lines: Lines, data: dict[str, Any], message: str) -> FileRefused:
    """The validator's complaint with its line."""
    place = _PLACE.search(message)
    steps: Steps = ()
    if place:
        steps = tuple(key if key else ("*" if number == "..." else int(number)) for key, number in _STEP.findall(place[1]))
    unknown = _UNKNOWN.search(message)
    name = ".".join(str(step) for step in steps if step != "*")
    if unknown:
        key = unknown[1]
        full = f"{name}.{key}" if name else key
        line = lines.find((*steps, key)) or lines.find(steps)
        return FileRefused(path, line, f"知らないキー「{key}」です（{full}）。", f"unknown key '{key}' ({full}).")
    missing = _MISSING.search(message)
    if missing:
        key = missing[1]
        return FileRefused(
            path, lines.find(steps), f"必須のキー「{key}」がありません（{name}）。", f"required key '{key}' is missing ({name})."
        )
    text = message.split(" - at `")[0]
    return FileRefused(
        path, lines.find(steps), f"「{name}」の値が正しくありません（{text}）。", f"bad value for '{name}' ({text})."
    )


class Lines:
    """Where each key of a TOML file stands. Keys of inline tables are found on the line that names them."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._rows = text.splitlines()
        self._known: dict[Steps, int] = {}
        counters: dict[Steps, int] = {}
        table: Steps = ()
        for number, row in enumerate(self._rows, 1):
            header = _HEADER.match(row)
            if header and not row.lstrip().startswith("#") and "=" not in _unquoted(header[2]):
                table = self._enter(_parts(header[2]), counters, many=header[1] == "[[")
                self._known.setdefault(table, number)
                continue
            key = _KEY.match(row)
            if key:
                steps = (*table, *_parts(key[1]))
                for end in range(len(table) + 1, len(steps) + 1):
                    self._known.setdefault(steps[:end], number)

    @staticmethod
    def _enter(parts: Sequence[str], counters: dict[Steps, int], *, many: bool) -> Steps:
        steps: Steps = ()
        for position, part in enumerate(parts):
            steps = (*steps, part)
            if many and position == len(parts) - 1:
                counters[steps] = counters.get(steps, -1) + 1
            if steps in counters:
                steps = (*steps, counters[steps])
        return steps

    def find(self, steps: Steps) -> int:
        """Line of a key path; the nearest enclosing table's when the key itself has none; 0 when nothing is known."""
        for known, line in self._known.items():
            if len(known) == len(steps) and all(a in ("*", b) for a, b in zip(steps, known, strict=True)):
                return line
        if not steps:
            return 0
        outer = self.find(steps[:-1])
        name = re.compile(rf"""(?<![\w-])["']?{re.escape(str(steps[-1]))}["']?\s*=""")
        if isinstance(steps[-1], str):
            for number in range(max(outer, 1), len(self._rows) + 1):
                row = self._rows[number - 1]
                if number > max(outer, 1) and _HEADER.match(row):
                    break
                if name.search(row):
                    return number
        return outer


def _unquoted(text: str) -> str:
    return re.sub(r'"[^"]*"|\'[^\']*\'', "", text)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))
