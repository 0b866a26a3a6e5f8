"""The label book: which words name what stands beside or below them (氏名, 生年月日, 傷病名 …)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick_rs

from scanner.model import PersonRole
from scanner.text.finder import Finder, Prints
from scanner.text.japanese import without_surrogates
from scanner.text.view import fold


@dataclass(frozen=True, slots=True)
class Label:
    """What a label announces. ``entity``: an id of entities.toml, or "" for a label of nothing personal (金額, 備考).

    ``role``: of the person it names. ``word``: the label as the book knows it.
    """

    entity: str
    word: str
    role: PersonRole = PersonRole.UNKNOWN
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One ``[[label]]`` table of a rule file. ``words`` match whole, ``endings`` as the end of a longer label.

    ``hint`` refines an entity for its detector (``kana``, ``surname``, ``given``, ``prefecture``, ``building`` …).
    """

    entity: str
    words: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    role: PersonRole = PersonRole.UNKNOWN
    hint: str = ""


_DECOR = re.compile(r"^[\s※*★☆■□●○◆◇▼▲・.>-]+|[\s:.*※]+$")
_NUMBER = re.compile(r"^(\(?[0-9]{1,2}[).\]]|[0-9]{1,2}-[0-9]{1,2}\s|[ア-ン][.)]|\([ア-ン]\)|第?[0-9]{1,2}[:：])\s*")
_BRACKETS = re.compile(r"^[【\[「『<《〔](.*)[】\]」』>》〕]$")
_PARENS = re.compile(r"\([^()]*\)")
_TRAILING_NUMBER = re.compile(r"[0-9]{1,2}$")  # 連絡先1, 電話2
_KEY_INDEX = re.compile(r"\[[0-9]*\]")


def canonical(text: str) -> str:
    """A label in the form in which the book keeps it: folded, lower case, without spaces, numbering and decoration."""
    out = fold(unicodedata.normalize("NFKC", text)).strip().lower()
    out = _DECOR.sub("", out)
    out = _NUMBER.sub("", out)
    bracketed = _BRACKETS.match(out)
    if bracketed:
        out = bracketed.group(1)
    out = _DECOR.sub("", out)
    return re.sub(r"[\s_]+", "", out)


class LabelBook:
    """Looks labels up; remembers what it was asked."""

    LONGEST = 24  # a longer text is no label

    def __init__(self, entries: Iterable[LabelEntry]) -> None:
        self._words: dict[str, Label] = {}
        self._endings: dict[str, Label] = {}
        for e in entries:
            for word in e.words:
                self._words.setdefault(canonical(word), Label(e.entity, word, e.role, e.hint))
            for word in e.endings:
                self._words.setdefault(canonical(word), Label(e.entity, word, e.role, e.hint))
                self._endings.setdefault(canonical(word), Label(e.entity, word, e.role, e.hint))
        self._last_two = frozenset(w[-2:] for w in self._words) | frozenset(f"の{w}" for w in self._words if len(w) == 1)
        self._longest_ending = max((len(w) for w in self._endings), default=0)
        self._seen: dict[str, Label | None] = {}
        usable = tuple(w for w in self._words if len(w) >= 2 and not w.isascii())
        self._usable = usable
        self._finder = Finder(usable)
        self._automaton = ahocorasick_rs.AhoCorasick(usable, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    @property
    def words(self) -> tuple[str, ...]:
        """Every label in canonical form."""
        return tuple(self._words)

    def occurrences(self, text: str, prints: Prints | None = None) -> list[tuple[int, int, int]]:
        """Known Japanese labels of two or more characters anywhere in folded text, the longest first: (number, start, end).

        ``prints``: of a long text, where they are at hand.
        """
        if prints is not None:
            return self._finder.longest(text, prints)
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(without_surrogates(text))
        return found

    def numbered(self, number: int) -> Label:
        """The label that ``occurrences`` means."""
        return self._words[self._usable[number]]

    def look(self, text: str) -> Label | None:
        """The label that a cell or key is, or None. Keys such as ``members[3].birth_date`` count by their last part."""
        if not text or len(text) > 60:
            return None
        if text in self._seen:
            return self._seen[text]
        label = self._find(text)
        if len(self._seen) > 50_000:
            self._seen.clear()
        self._seen[text] = label
        return label

    def may_end(self, text: str) -> bool:
        """Whether a label may stand at the end of folded text; False for most of what is none, without taking it apart."""
        last = text[-2:]
        return len(last) < 2 or not last.isalpha() or last.lower() in self._last_two

    def whole(self, text: str) -> Label | None:
        """The label that a text is word for word, endings left aside."""
        return self._words.get(canonical(text))

    def _find(self, text: str) -> Label | None:
        key = canonical(text)
        if "." in key or "[" in key:
            key = _KEY_INDEX.sub("", key).rsplit(".", 1)[-1] or key
        bare = _PARENS.sub("", key)
        for form in dict.fromkeys((key, bare, _TRAILING_NUMBER.sub("", bare))):
            if not form or len(form) > self.LONGEST:
                continue
            if form in self._words:
                return self._words[form]
            for size in range(min(len(form), self._longest_ending), 1, -1):
                if form[-size:] in self._endings:
                    return self._endings[form[-size:]]
        return None
