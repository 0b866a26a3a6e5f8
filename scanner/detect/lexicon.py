"""Loads the word lists about sensitive matters: terms, tails, value patterns, examinations and look-alikes of patterns/*.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from scanner.model import Strength


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of one kind and what each can prove."""

    id: str
    entity: str
    categories: tuple[str, ...]
    words: tuple[str, ...]
    strength: Strength = Strength.STRONG


class Tail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What unlisted words end in. ``unless``: words that end so and mean something else.

    ``stems``: what must stand before the ending, or, when the stem itself ends in the ending, what the word must end in.
    ``least``: characters before the ending. ``strength``: an abbreviation's counts only beside other medical words.
    """

    id: str
    entity: str
    categories: tuple[str, ...]
    endings: tuple[str, ...]
    unless: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    least: int = 1
    strength: Strength = Strength.STRONG


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern that is tried only where one of its anchors stands. Where one of its named groups matched, that is the match.

    ``clause``: it finds clauses; a listed word in one that says the same is the match in its place.
    """

    id: str
    entity: str
    categories: tuple[str, ...]
    anchors: tuple[str, ...]
    pattern: str
    strength: Strength = Strength.STRONG
    clause: bool = False


class Analyte(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of examinations; ``soft`` ones (身長, 判定) count only beside a firm one or in a check-up table."""

    words: tuple[str, ...]
    soft: bool = False


class Lookalike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that swallow what they cover."""

    words: tuple[str, ...]


class Macro(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece that patterns share: ``{NAME}`` in the pattern of a value stands for it, a list of words for any one of them.

    As an anchor of a value ``{NAME}`` stands for each word of such a list.
    """

    name: str
    pattern: str = ""
    words: tuple[str, ...] = ()


KINDS: dict[str, type[Any]] = {"term": Term, "tail": Tail, "value": Value, "analyte": Analyte, "lookalike": Lookalike}


@dataclass(slots=True)
class Lexicon:
    """Everything the sensitive detector knows. ``values``: with their compiled patterns."""

    terms: dict[str, list[Term]] = field(default_factory=dict)
    tails: dict[str, list[Tail]] = field(default_factory=dict)
    values: list[tuple[Value, re.Pattern[str]]] = field(default_factory=list)
    analytes: dict[str, bool] = field(default_factory=dict)
    lookalikes: set[str] = field(default_factory=set)

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that the automaton looks for, values' anchors excepted."""
        return tuple({**self.terms, **self.tails, **self.analytes, **dict.fromkeys(self.lookalikes, ())})


def load(folder: Path) -> Lexicon:
    """Read every table of the known kinds in the folder's rule files; other kinds are other loaders' business.

    Raises ValueError that names the file and the table's id.
    """
    lexicon = Lexicon()
    files = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))}
    macros = _macros(files)
    for path, tables in files.items():
        for kind, struct in KINDS.items():
            for entry in tables.get(kind, ()):
                try:
                    table = msgspec.convert(entry, struct)
                    _add(lexicon, table, macros)
                except (msgspec.ValidationError, re.error) as error:
                    raise ValueError(f"{path.name}: {kind} {entry.get('id', '')!r}: {error}") from error
    return lexicon


def _macros(files: Mapping[Path, Mapping[str, Any]]) -> dict[str, Macro]:
    """Placeholder → macro with its whole pattern; a macro may hold those that stand above it in its file."""
    out: dict[str, Macro] = {}
    for path, tables in files.items():
        for entry in tables.get("macro", ()):
            try:
                macro = msgspec.convert(entry, Macro)
            except msgspec.ValidationError as error:
                raise ValueError(f"{path.name}: macro {entry.get('name', '')!r}: {error}") from error
            listed = "|".join(re.escape(w) for w in sorted(macro.words, key=len, reverse=True))
            pattern = f"(?:{listed})" if listed else _expanded(macro.pattern, out)
            out["{" + macro.name + "}"] = msgspec.structs.replace(macro, pattern=pattern)
    return out


def _expanded(pattern: str, macros: Mapping[str, Macro]) -> str:
    for name, macro in macros.items():
        pattern = pattern.replace(name, macro.pattern)
    return pattern


def _add(lexicon: Lexicon, table: Term | Tail | Value | Analyte | Lookalike, macros: Mapping[str, Macro]) -> None:
    match table:
        case Term():
            _each(lexicon.terms, table.words, table)
        case Tail():
            _each(lexicon.tails, table.endings, table)
        case Value():
            anchors = [w for a in table.anchors for w in (macros[a].words if a in macros else (a,))]
            table = msgspec.structs.replace(table, anchors=tuple(anchors))
            lexicon.values.append((table, re.compile(_expanded(table.pattern, macros))))
        case Analyte():
            lexicon.analytes |= {word: table.soft for word in table.words if word not in lexicon.analytes}
        case Lookalike():
            lexicon.lookalikes |= set(table.words)


def _each(into: dict[str, list[Any]], words: Iterable[str], table: Any) -> None:
    for word in words:
        into.setdefault(word, []).append(table)
