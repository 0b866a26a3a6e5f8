"""Reads the value beside a label of a name: one or several names, their readings, without honorifics, titles and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namewords import (
    BEFORE,
    HIRAGANA,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    TITLE,
    TITLES,
)
from scanner.detect.tagger import Tag, Tagger
from scanner.model import PersonRole


class Found(NamedTuple):
    """A name in a value: range within the value, certainty, role told by its title."""

    start: int
    end: int
    score: float
    role: PersonRole = PersonRole.UNKNOWN


_ADDRESSEE = re.compile(r"[<(]?[\w.+'-]+@[\w.-]+[>)]?")
_LATIN = r"A-Za-zÀ-ÖØ-öø-ÿĀ-ſА-Яа-яЁё"
_LATIN_NAME = re.compile(rf"[{_LATIN}][{_LATIN}'.-]*(?:,? [{_LATIN}][{_LATIN}'.-]*){{0,4}}")
_PART = re.compile(r"[^、,/;\n\t()\[\]<>「」:|&→⇒]+")
_LETTER = rf"[{NAME_KANJI}{KATAKANA}{HIRAGANA}'・={_LATIN}]"
_SHAPE = re.compile(rf"{_LETTER}+(?: {{1,2}}{_LETTER}+){{0,3}}")
_KANJI_RUN = re.compile(rf"[{NAME_KANJI}]+")
_KANA = re.compile(rf"(?:[{KATAKANA}]+(?:[ ・=][{KATAKANA}]+){{0,3}}|[{HIRAGANA}]+(?: [{HIRAGANA}]+){{0,2}})")
_SPACED_LETTERS = re.compile(rf"(?:[{NAME_KANJI}{HIRAGANA}{KATAKANA}] ){{2,7}}[{NAME_KANJI}{HIRAGANA}{KATAKANA}]")
_MIDDLE_DOT = re.compile(rf"(?<=\))・|(?<=[{NAME_KANJI}{HIRAGANA})])・(?=[{NAME_KANJI}{HIRAGANA}])|・(?=[{NAME_KANJI}]{{2}})")
_TAIL = re.compile(r"(?:\s|印|\(印\)|本人|㊞|ほか\S*|他\s?[0-9]*名?|外[0-9]+名|[-:・.])+$")
_NUMBERING = re.compile(r"^(?:[\s・※*●○■□◎☆★.-]|[0-9]{1,3}[.):]|\([0-9]{1,3}\)|故 |亡 |Mr\.? |Ms\.? |Mrs\.? |Dr\.? )+")
_NOTHING = re.compile(
    r"(?:[-~*/\"'〃・.\s]|なし|無し|無|不明|未定|未記入|空欄|同上|同左|該当なし|非公開|非表示|本人|同人|自分|省略|略|以上|"
    r"null|none|n/?a|nil|unknown|undefined|true|false|test|admin|root)*",
    re.I,
)
_WIDE = re.compile(
    rf"[{NAME_KANJI}{HIRAGANA}]{{1,5}}(?: +[{NAME_KANJI}{HIRAGANA}]{{1,5}}){{1,5}}|"
    rf"[{KATAKANA}]{{1,6}}(?: +[{KATAKANA}]{{1,6}}){{1,5}}"
)
_CORPORATE = re.compile(r"会社|法人|組合|御中|\((?:株|有|合|社|財|医)\)|[カユ]\)|Inc|Ltd|Corp|Co\.")
_ERA = re.compile("令和|平成|昭和|大正|明治|[0-9一二三四五六七八九十]+[号条項月日年名人回]$")
_BEFORE = "|".join(sorted(BEFORE, key=len, reverse=True))
_PRE = re.compile(
    "(?:.*(?:部|課|係|室|科|局|院|店|所|会|社|校|園|組|年|団|班|協|区|センター|クリニック|ステーション|グループ|チーム)|"
    f"{TITLE.pattern}|代理人|署名人|{_BEFORE})"
)


class ValueReader:
    """Finds names in the values of fields and columns. ``tagger``: None in the profile that does without."""

    def __init__(self, names: Names, tagger: Tagger | None) -> None:
        self.names = names
        self.tagger = tagger

    def read(self, value: str, *, hint: str = "", strong: bool = True) -> list[Found]:
        """The names in a value. ``strong``: the label names a person's name as such, so an unknown word may be one."""
        if not value or len(value) > 200 or _NOTHING.fullmatch(value):
            return []
        if hint == "header":
            return list(self._addressees(value))
        whole = value.strip()
        if _LATIN_NAME.fullmatch(whole) and (found := self._latin(whole, strong)):
            at = value.index(whole)
            return [found._replace(start=found.start + at, end=found.end + at)]
        if _SPACED_LETTERS.fullmatch(whole) or (strong and self._wide(whole)):
            at = value.index(whole)
            return [Found(at, at + len(whole), 0.85)]
        out = self._parts(value, hint, strong)
        if not strong and len(out) > 1 and max(f.score for f in out) >= 0.8:
            return self._parts(value, hint, True)
        return out or ([] if strong else self._beside(value, hint))

    def _beside(self, value: str, hint: str) -> list[Found]:
        """An unknown name beside a surer sign: 「行橋(PT)・香春(MSW)」 under 担当, judged again as if the label were strict."""
        found = self._parts(value, hint, True)
        return found if len(found) > 1 and max(f.score for f in found) >= 0.8 else []

    def _parts(self, value: str, hint: str, strong: bool) -> list[Found]:
        out: list[Found] = []
        for part in _PART.finditer(value):
            for start, end in self._undotted(value, part.start(), part.end()):
                inside = value[start - 1 : start] == "("
                found = self._part(value, start, end, hint, strong and not inside)
                if found is not None and (
                    not inside or self._sure(value[found.start : found.end]) or self._written(value, found, out)
                ):
                    out.append(found)
        return out

    @staticmethod
    def _wide(text: str) -> bool:
        """A name set wide on a form: 「椿 原  理 央」."""
        pieces = text.split()
        loose = "  " in text and any(len(p) == 1 for p in pieces)
        return (
            len(pieces) > 2
            and loose
            and bool(_WIDE.fullmatch(text))
            and len("".join(pieces)) <= (16 if re.fullmatch(rf"[{HIRAGANA}{KATAKANA} ]+", text) else 8)
        )

    def _addressees(self, value: str) -> Iterator[Found]:
        """Display names of a mail header."""
        at = 0
        pieces = [(m.start(), m.end()) for m in _ADDRESSEE.finditer(value)] or [(len(value), len(value))]
        for start, end in pieces:
            text = value[at:start]
            clean = text.strip(" \t\n,;\"'<(")
            if clean:
                offset = at + text.index(clean)
                for f in self.read(clean, strong=not ORGANISATION.search(clean)):
                    yield f._replace(start=f.start + offset, end=f.end + offset)
            at = end

    @staticmethod
    def _undotted(value: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The part cut at middle dots that stand between names in kanji; those inside katakana stay."""
        at = start
        for dot in _MIDDLE_DOT.finditer(value, start, end):
            if dot.start() > at:
                yield at, dot.start()
            at = dot.end()
        if at < end:
            yield at, end

    def _written(self, value: str, found: Found, out: list[Found]) -> bool:
        """A name in kanji in brackets behind its reading."""
        text = value[found.start : found.end]
        behind = bool(out) and out[-1].end == found.start - 1 and bool(_KANA.fullmatch(value[out[-1].start : out[-1].end]))
        return behind and " " in text and text.split()[-1] in self.names.given

    def _part(self, value: str, start: int, end: int, hint: str, strong: bool) -> Found | None:
        role = PersonRole.UNKNOWN
        lead = _NUMBERING.match(value[start:end])
        if lead:
            start += lead.end()
        while True:
            text = value[start:end]
            cut = len(text) - len(text.rstrip())
            tail = _TAIL.search(text)
            if tail and tail.start() > 0:
                cut = len(text) - tail.start()
            title = _ending_title(text[: len(text) - cut])
            if title and self._keeps(text[: len(text) - cut], title):
                title = ""
            if title:
                role = role or TITLES[title]
                cut += len(title)
            if not cut:
                break
            end -= cut
            if end <= start:
                return None
        start += len(value[start:end]) - len(value[start:end].lstrip())
        text = value[start:end]
        if not text or ORGANISATION.search(text) or not _SHAPE.fullmatch(text):
            return self._last_word(text, start, end, role) if text and not _CORPORATE.search(text) else None
        pieces = text.split(" ")
        while len(pieces) > 1 and _PRE.fullmatch(pieces[0]) and (pieces[0] in KINSHIP or not self._known(" ".join(pieces[:2]))):
            start += len(pieces[0]) + 1
            pieces = pieces[1:]
        text = value[start:end]
        score = self.score(text, hint=hint, strong=strong)
        if score:
            return Found(start, end, score, role)
        if len(pieces) > 1:
            return self._last_word(text, start, end, role)
        shift = self.suffix(text) if _KANJI_RUN.fullmatch(text) and len(text) > 3 else 0
        return Found(start + shift, end, 0.7, role) if shift else None

    def _last_word(self, text: str, start: int, end: int, role: PersonRole) -> Found | None:
        """A known name at the end of a value that holds more: 「3年2組 山田太郎」."""
        last = text.rstrip().split(" ")
        for count in (2, 1):
            piece = " ".join(last[-count:])
            if (
                len(last) > count - 1
                and not ORGANISATION.search(piece)
                and self._sure(piece)
                and len(piece) >= 2
                and piece not in self.names.ordinary
            ):
                return Found(end - len(piece), end, 0.7, role)
        return None

    def _keeps(self, text: str, title: str) -> bool:
        """Whether what looks like a title is a part of the name: 「佐藤 翁」, 「大殿」."""
        if len(title) > 1 and title in TITLES and not text.endswith(" " + title):
            return text in self.names.surnames
        rest = text[: -len(title)]
        return (
            text in self.names.surnames
            or (rest.endswith(" ") and rest.strip() in self.names.surnames and title in self.names.given)
            or not rest.strip()
        )

    def _sure(self, text: str) -> bool:
        """Known by itself, without a label: a surname, both parts, or a reading in kana."""
        if _KANA.fullmatch(text):
            kana = [katakana(p) for p in re.split("[ ・=]", text)]
            return all(p in self.names.surname_kana or p in self.names.given_kana for p in kana) or bool(
                self.names.split_kana(text)
            )
        return self._known(text)

    def _known(self, text: str) -> bool:
        names = self.names
        if " " in text:
            first, _, rest = text.partition(" ")
            return first in names.surnames and (rest in names.given or bool(re.fullmatch(f"[{HIRAGANA}{KATAKANA}]{{2,5}}", rest)))
        return text in names.surnames or bool(names.split(text))

    def score(self, text: str, *, hint: str = "", strong: bool = True) -> float:
        """How sure a cleaned text is a name: 0 not, up to 0.95."""
        if _ERA.search(text) or text in KINSHIP:
            return 0.0
        if "kana" in hint or _KANA.fullmatch(text):
            return self._kana_score(text, hint, strong)
        if re.fullmatch(f"[{_LATIN}'. -]+", text):
            found = self._latin(text, strong)
            return found.score if found else 0.0
        if hint in ("surname", "given"):
            return (
                0.9
                if len(text) <= 8
                and not _NOTHING.fullmatch(text)
                and not (len(text) > 3 and NOT_NAME_ENDINGS.search(text) and text not in self.names.surnames)
                else 0.0
            )
        if " " in text:
            return self._spaced_score(text, strong)
        return self._joined_score(text, strong)

    def _spaced_score(self, text: str, strong: bool) -> float:
        names = self.names
        pieces = text.split()
        if len(pieces) > 3 or any(len(p) > 8 for p in pieces):
            return 0.0
        first, last = pieces[0], pieces[-1]
        surname, given = first in names.surnames, last in names.given
        if surname and given:
            return 0.95
        kana = bool(re.fullmatch(f"[{HIRAGANA}{KATAKANA}]+", last))
        if surname and kana and (katakana(last) in names.given_kana or strong):
            return 0.9
        if NOT_NAME_ENDINGS.search(last) and not given and not strong:
            return 0.0
        if surname and len(last) <= 3 and self._rare(last, strong):
            return 0.85 if strong else 0.65
        if (
            given
            and len(first) <= 4
            and (self._rare(first, strong) or (len(first) <= 3 and last not in names.common and not NOT_NAME_ENDINGS.search(first)))
        ):
            return 0.85 if strong else 0.6
        if (
            strong
            and re.search(f"[{_LATIN}{KATAKANA}]", text)
            and all(re.fullmatch(rf"[{_LATIN}'.-]{{2,}}|[{KATAKANA}・]{{2,}}|[{NAME_KANJI}{HIRAGANA}]{{1,4}}", p) for p in pieces)
        ):
            return 0.75
        if (
            len(pieces) == 2
            and len(first) <= 3
            and self.names.looks_given(last)
            and not NOT_NAME_ENDINGS.search(first)
            and first not in BEFORE
        ):
            return 0.75 if strong else 0.6 if given else 0.0
        if strong and len(first) <= 5 and len(last) <= 4 and not self._ordinary(first + last):
            return 0.6 if not (self._ordinary(first) and self._ordinary(last)) else 0.5
        return 0.0

    def _joined_score(self, text: str, strong: bool) -> float:
        names = self.names
        if names.split(text):
            return 0.92 if strong or text not in names.doubtful else 0.8
        if text in names.surnames:
            if text in NOT_BEFORE_HONORIFIC and (len(text) > 1 or text in "同両無有各本"):
                return 0.0
            if strong:
                return 0.85
            return (
                0.8
                if text not in names.doubtful or names.surnames[text] >= 4
                else 0.55
                if names.surnames[text] >= 2 or len(text) > 1
                else 0.0
            )
        if text in NOT_BEFORE_HONORIFIC or NOT_NAME_ENDINGS.search(text) or len(text) > 8:
            return 0.0
        if text in names.given:
            return 0.75 if strong or text not in names.common else 0.0
        if self._surname_and_more(text):
            return 0.8 if strong else 0.55
        if not strong:
            return 0.6 if self.tagger and self.tagger.kinds(text) & {Tag.SURNAME, Tag.GIVEN} else 0.0
        return 0.6 if 2 <= len(text) <= 6 and not self._ordinary(text) and self._rare(text, strong) else 0.0

    def _surname_and_more(self, text: str) -> bool:
        """A known surname and one to three further letters that no word of the language is."""
        if not 3 <= len(text) <= 7 or self._ordinary(text):
            return False
        return any(
            text[:n] in self.names.surnames and 1 <= len(text) - n <= 3 and not self._ordinary(text[n:]) for n in (2, 3, 1, 4)
        )

    def _kana_score(self, text: str, hint: str, strong: bool) -> float:
        if not re.fullmatch(rf"[{KATAKANA}{HIRAGANA} ・='.A-Za-z]+", text) or len(text) > 24 or _NOTHING.fullmatch(text):
            return 0.0
        kana = [katakana(p) for p in re.split("[ ・=]+", text) if p]
        known = sum(p in self.names.surname_kana or p in self.names.given_kana for p in kana)
        if known == len(kana) and len(kana) > 1:
            return 0.95
        if self.names.split_kana(text):
            return 0.85
        if known:
            return 0.8 if strong or (len(kana) > 1) else 0.55 if text in self.names.surname_kana else 0.0
        if not strong or (re.fullmatch(rf"[{HIRAGANA}]+", text) and len(text) > 6):
            return 0.0
        return 0.65 if "kana" in hint or not (len(kana) == 1 and self._ordinary(text)) else 0.0

    def _latin(self, text: str, strong: bool) -> Found | None:
        words = [w for w in re.split(r"[ ,.]+", text) if w]
        if not 1 <= len(words) <= 5 or ORGANISATION.search(text) or len(text) < 2:
            return None
        kinds = [self.names.romaji_kind(w) for w in words]
        full = len(words) >= 2 and any(k & 1 for k in kinds) and any(k & 2 for k in kinds) and all(kinds)
        if full:
            return Found(0, len(text), 0.9)
        if not strong or (text.islower() and not any(kinds)) or (not any(c.isupper() for c in text) and len(words) == 1):
            return None
        if len(words) == 1 and not kinds[0] and len(text) < 3:
            return None
        return Found(0, len(text), 0.75 if any(kinds) or len(words) > 1 else 0.55)

    def common_noun(self, text: str) -> bool:
        """Whether a rare surname is also an ordinary word, so that meeting it again says nothing."""
        return self.names.surnames.get(text, 0) < 4 and self.tagger is not None and Tag.NOUN in self.tagger.kinds(text)

    def _ordinary(self, text: str) -> bool:
        """Whether the dictionary knows it as an ordinary word and not as a name."""
        if self.tagger is None:
            return False
        kinds = self.tagger.kinds(text)
        return bool(kinds) and not kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON}

    def _rare(self, text: str, strong: bool) -> bool:
        if self._ordinary(text):
            return strong and len(text) <= 2
        if self.tagger is None or not strong:
            return True
        words = self.tagger.words(text)
        return not (
            len(text) > 3
            and all(w.tag in (Tag.NOUN, Tag.SUFFIX, Tag.VERB, Tag.PARTICLE, Tag.NUMBER, Tag.OTHER, Tag.SYMBOL) for w in words)
            and any(w.end - w.start > 1 for w in words)
        )

    def suffix(self, run: str) -> int:
        """Where in a run of kanji the longest known name begins that ends with the run; 0 when none or all of it."""
        for start in range(1, len(run)):
            piece = run[start:]
            if self.names.split(piece) or (piece in self.names.surnames and piece not in self.names.doubtful and len(piece) > 1):
                return start
        return 0


def _ending_title(text: str) -> str:
    """The longest honorific or title that ends the text, or ""."""
    for size in range(min(9, len(text)), 0, -1):
        if text[-size:] in TITLES:
            return text[-size:]
    return ""
