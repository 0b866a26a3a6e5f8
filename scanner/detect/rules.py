"""Loads ``[[rule]]`` and ``[[label]]`` tables, refuses what is wrong in them by file and rule, checks their examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from scanner.detect.checks import CHECKS
from scanner.model import PersonRole
from scanner.text.labels import LabelBook, LabelEntry

T = TypeVar("T")
LEAST_EXAMPLES = 2

# What may not stand beside a match. A number cut out of a longer one is another number.
_BEFORE = {
    "digits": r"(?<![0-9])(?<![0-9][-_.])(?<![A-Za-z][-_])",
    "alnum": r"(?<![0-9A-Za-z_])(?<![0-9][-_./])(?<![A-Za-z][-_/])",
    "none": "",
}
_AFTER = {
    "digits": r"(?![0-9]|[-_.][0-9A-Za-z])",
    "alnum": r"(?![0-9A-Za-z_]|[-_./][0-9A-Za-z])",
    "none": "",
}
_NEEDS = ("", "near", "label")


class RuleError(ValueError):
    """A rule file is wrong; the message names file, rule and what to do, and quotes no document."""


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Confidence 0..1 without support, with a cue or label beside it, and with a right check digit besides. 0 drops the match."""

    alone: float = 0.0
    near: float = 0.8
    checked: float = 0.95


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``match``: texts with the exact span in «guillemets». ``reject``: texts in which the rule finds nothing."""

    match: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One ``[[rule]]`` table; see docs of the keys in the rule files' own heads.

    ``pattern`` is matched against the folded view. ``edges``: what may not stand beside a match (digits, alnum, none).
    ``check``: a name of CHECKS. ``near``: cue words. ``deny``: words that, nearest before the match, reject it.
    ``needs``: "" | "near" (cue or label) | "label". ``group``: the capture group that is the span; such a rule is a phrase and is
    looked for only where one of its ``near`` words stands in the text. ``hint``: also under labels of this hint whose own entity is
    open (番号, 被保険者番号). ``within``: how many characters before the match a cue counts.
    """

    id: str
    entity: str
    pattern: str
    title: str = ""
    law: str = ""
    edges: str = "digits"
    check: str = ""
    near: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    score: Score = Score()
    needs: str = ""
    group: int = 0
    hint: str = ""
    within: int = 40
    examples: Examples = Examples()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern with its edges."""
        return re.compile(f"{_BEFORE[self.edges]}(?:{self.pattern}){_AFTER[self.edges]}")

    @property
    def phrase(self) -> bool:
        """Whether it brings its own context and takes a part of it as the span."""
        return self.group > 0

    def passes(self, whole: str, span: str) -> bool | None:
        """The check digit's word on a match, None when the rule has none."""
        if not self.check:
            return None
        return CHECKS[self.check](whole if self.check == "mrz" else span)


class _Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entity: str
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    middles: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    joints: tuple[str, ...] = ("",)
    role: str = ""
    hint: str = ""

    def made(self) -> Iterator[str]:
        """Each stem with each middle (where there are any) and each tail, put together with each joint."""
        each = (self.stems, self.middles, self.tails) if self.middles else (self.stems, self.tails)
        return (joint.join(pieces) for pieces in product(*each) for joint in self.joints)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a rule file, as TOML gave it. ``file``: as messages name it."""

    file: str
    kind: str
    data: Mapping[str, Any]


def load(folder: Path, kinds: Iterable[str]) -> Iterator[Table]:
    """The tables of the asked kinds in every ``*.toml`` of a folder, or of one file, in name and file order. Raises RuleError."""
    wanted = frozenset(kinds)
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else [folder]
    for path in files:
        name = f"{path.parent.name}/{path.name}"
        try:
            parsed = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise RuleError(f"{name}: {error}") from error
        for kind, tables in parsed.items():
            if kind not in wanted:
                continue
            if not isinstance(tables, list):
                raise RuleError(f"{name}: '{kind}' must be a list of tables: write [[{kind}]]")
            for data in tables:
                yield Table(name, kind, data)


def convert(table: Table, kind: type[T], name: str) -> T:
    """A table as a Struct. Raises RuleError that names file, table and key."""
    where = f"{table.file}: {table.kind} '{name}'"
    known = {f.encode_name for f in msgspec.structs.fields(kind)}  # type: ignore[arg-type]
    for key in table.data:
        if key not in known:
            raise RuleError(f"{where}: unknown key '{key}' (known: {', '.join(sorted(known))})")
    try:
        return msgspec.convert(table.data, kind)
    except msgspec.ValidationError as error:
        raise RuleError(f"{where}: {error}") from error


def load_rules(folder: Path, *, examples: bool = True) -> tuple[Rule, ...]:
    """Every ``[[rule]]`` of a folder or file. ``examples``: refuse a rule with fewer than two of each kind. Raises RuleError."""
    rules: list[Rule] = []
    seen: set[str] = set()
    for table in load(folder, {"rule"}):
        name = str(table.data.get("id", "?"))
        rule = convert(table, Rule, name)
        _refuse(rule, f"{table.file}: rule '{name}'", examples=examples)
        if name in seen:
            raise RuleError(f"{table.file}: rule '{name}': this id is used twice")
        seen.add(name)
        rules.append(rule)
    return tuple(rules)


def _refuse(rule: Rule, where: str, *, examples: bool) -> None:
    if r"\b" in rule.pattern:
        raise RuleError(rf"{where}: \b is refused: kana and kanji are word characters, so it fails beside them; use edges")
    if re.search(r"\\[1-9]|\(\?P|\(\?[aiLmsux]+\)", rule.pattern):
        raise RuleError(f"{where}: named groups, back references and global flags are refused")
    if rule.edges not in _BEFORE:
        raise RuleError(f"{where}: unknown edges '{rule.edges}' (known: {', '.join(_BEFORE)})")
    if rule.check and rule.check not in CHECKS:
        raise RuleError(f"{where}: unknown check '{rule.check}' (known: {', '.join(sorted(CHECKS))})")
    if rule.needs not in _NEEDS:
        raise RuleError(f"{where}: unknown needs '{rule.needs}' (known: near, label)")
    try:
        regex = rule.regex
    except re.error as error:
        raise RuleError(f"{where}: pattern: {error}") from error
    if rule.group > regex.groups:
        raise RuleError(f"{where}: pattern has no group {rule.group}")
    if rule.group and not rule.near:
        raise RuleError(f"{where}: a rule with a group needs near words that start the search")
    if regex.match(""):
        raise RuleError(f"{where}: pattern matches nothing at all")
    if not all(0.0 <= s <= 1.0 for s in (rule.score.alone, rule.score.near, rule.score.checked)):
        raise RuleError(f"{where}: a score lies between 0 and 1")
    if examples and min(len(rule.examples.match), len(rule.examples.reject)) < LEAST_EXAMPLES:
        raise RuleError(f"{where}: needs at least {LEAST_EXAMPLES} examples of match and of reject")


def load_label_entries(folder: Path) -> tuple[LabelEntry, ...]:
    """Every ``[[label]]`` table of a folder or file. Raises RuleError."""
    entries = []
    for table in load(folder, {"label"}):
        entity = table.data.get("entity", "?")
        first = table.data.get("words") or table.data.get("endings") or table.data.get("stems") or ["?"]
        raw = convert(table, _Label, f"{entity}:{first[0]}")
        if raw.role not in set(PersonRole):
            raise RuleError(f"{table.file}: label '{entity}': unknown role '{raw.role}'")
        words = (*raw.words, *raw.made())
        entries.append(LabelEntry(raw.entity, words, raw.endings, PersonRole(raw.role), raw.hint))
    return tuple(entries)


def load_labels(folder: Path) -> LabelBook:
    """The book of every label in the folder."""
    return LabelBook(load_label_entries(folder))


def from_custom(label: str, regex: str, near: Sequence[str] = (), *, entity: str = "policy_number") -> Rule:
    """The rule of a policy's ``custom_identifiers`` entry; without its cue words it counts less. Raises RuleError."""
    rule = Rule(
        id=f"custom.{label}",
        entity=entity,
        pattern=regex,
        title=label,
        edges="alnum",
        near=tuple(near) or (label,),
        score=Score(alone=0.6, near=0.9, checked=0.9),
    )
    _refuse(rule, f"custom identifier '{label}'", examples=False)
    return rule


# ---------------------------------------------------------------- examples

Found = Callable[[str], Iterable[tuple[str, int, int]]]  # a text → (rule id, raw start, raw end)
_HALF = {ord("-"): "‐‑–—―−－ー", ord(" "): "\u00a0\u3000"}
_WIDE = (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), ord("@"))
_FULL = {n: n + 0xFEE0 for n in _WIDE}


def unmark(example: str) -> tuple[str, int, int]:
    """Text, start and end of an example with one «span»."""
    start, end = example.find("«"), example.find("»") - 1
    if start < 0 or end <= start:
        raise RuleError("an example of match marks its span with « and »")
    return example.replace("«", "").replace("»", ""), start, end


def variants(example: str) -> Iterator[str]:
    """The example as others type it: full-width, each kind of dash, other spaces; the mark stays."""
    yield example
    start, end = example.index("«"), example.index("»")
    inside = example[start:end]
    yield example[:start] + inside.translate(_FULL) + example[end:]
    for plain, others in _HALF.items():
        if chr(plain) not in inside:
            continue
        for other in others:
            if other == "ー" and re.search(r"-(?![0-9])|(?<![0-9])-", inside):
                continue  # folded between digits only
            yield example[:start] + inside.replace(chr(plain), other) + example[end:]


def check_examples(rules: Iterable[Rule], found: Found) -> Iterator[str]:
    """What is wrong with the rules' examples: a sentence for each failure, nothing when all hold."""
    for rule in rules:
        for n, example in enumerate(rule.examples.match, 1):
            for number, form in enumerate(variants(example)):
                text, start, end = unmark(form)
                if (rule.id, start, end) not in set(found(text)):
                    yield f"rule '{rule.id}': match {n}, variant {number}: not found at its place"
        for n, example in enumerate(rule.examples.reject, 1):
            if any(name == rule.id for name, _, _ in found(example)):
                yield f"rule '{rule.id}': reject {n}: found although it must not be"
