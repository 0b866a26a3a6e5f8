"""How sure a cleaned text is a person's name: by gazetteer, way of writing and dictionary."""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    FUNCTIONS,
    HIRAGANA,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
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


LATIN = r"A-Za-zÀ-ÖØ-öø-ÿĀ-ſА-Яа-яЁё"
KANA = re.compile(rf"(?:[{KATAKANA}]+(?:[ ・=][{KATAKANA}]+){{0,3}}|[{HIRAGANA}]+(?: [{HIRAGANA}]+){{0,2}})")
NOTHING = re.compile(
    r"(?:[-~*/\"'〃・.\s]|なし|無し|無|不明|未定|未記入|空欄|同上|同左|該当なし|非公開|非表示|本人|同人|自分|省略|略|以上|"
    r"name|full name|print name|print|signature|sign|署名|null|none|n/?a|nil|unknown|undefined|true|false|test|admin|root|"
    r"テスト|てすと|サンプル|ダミー|見本)*",
    re.I,
)
TOTAL = re.compile(r"(?:.{0,12}(?:小 ?計|合 ?計|総 ?計|累 ?計)|計)|[0-9,]+ ?(?:名|人|件|円)|計? ?[0-9]+")
_PHRASE = re.compile(rf"[をにはがでとへもの][{HIRAGANA}]*[{NAME_KANJI}{KATAKANA}]")
_ERA = re.compile("令和|平成|昭和|大正|明治|[0-9一二三四五六七八九十]+[号条項月日年名人回]$")

STATES = frozenset("旧新済未要否可不有無男女休早遅夜明前後他同計正副主")  # marks that are rare surnames too
_SURNAME_FIRST = re.compile(r"[A-Z][a-z'-]+, [A-Z][a-z'-]+(?: [A-Z]\.?)?")
_PARTICLES = frozenset(
    ("de", "da", "di", "del", "dos", "van", "von", "der", "den", "bin", "binti", "ibn", "al", "el", "la", "le", "y", "e")
)


class NameScorer:
    """Judges texts. ``tagger``: None in the profile that does without."""

    def __init__(self, names: Names, tagger: Tagger | None) -> None:
        self.names = names
        self.tagger = tagger

    def _known(self, text: str) -> bool:
        names = self.names
        if " " in text:
            first, _, rest = text.partition(" ")
            return first in names.surnames and (rest in names.given or bool(re.fullmatch(f"[{HIRAGANA}{KATAKANA}]{{2,5}}", rest)))
        return text in names.surnames or bool(names.split(text))

    def score(self, text: str, *, hint: str = "", strong: bool = True) -> float:
        """How sure a cleaned text is a name: 0 not, up to 0.95."""
        if _ERA.search(text) or text in KINSHIP or _PHRASE.match(text):
            return 0.0
        if (
            "kana" in hint and not text.isascii() and not re.search(f"[{NAME_KANJI}]", text.replace("ノ", "").replace("ヶ", ""))
        ) or KANA.fullmatch(text):
            return self._kana_score(text, hint, strong)
        if re.fullmatch(f"[{LATIN}'. -]+", text):
            found = self._latin(text, strong)
            return found.score if found else 0.0
        if hint in ("surname", "given"):
            return (
                0.9
                if len(text) <= 8
                and not NOTHING.fullmatch(text)
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
            and re.search(f"[{LATIN}{KATAKANA}]", text)
            and all(re.fullmatch(rf"[{LATIN}'.-]{{2,}}|[{KATAKANA}・]{{2,}}|[{NAME_KANJI}{HIRAGANA}]{{1,4}}", p) for p in pieces)
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
        if text in CITIES and names.surnames.get(text, 0) < 4:
            return 0.0
        if names.split(text) and (strong or text in names.surnames or not (len(text) == 2 and self._noun(text))):
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
        if not re.fullmatch(rf"[{KATAKANA}{HIRAGANA} ・='.A-Za-z]+", text) or len(text) > 24 or NOTHING.fullmatch(text):
            return 0.0
        kana = [katakana(p) for p in re.split("[ ・=]+", text) if p]
        known = sum(p in self.names.surname_kana or p in self.names.given_kana for p in kana)
        if known == len(kana) and len(kana) > 1:
            return 0.95
        if self.names.split_kana(text):
            return 0.85
        if known:
            return 0.8 if strong or (len(kana) > 1) else 0.55 if text in self.names.surname_kana else 0.0
        ends = len(kana) == 1 and any(
            kana[0][n:] in self.names.given_kana or (n > 2 and kana[0][:n] in self.names.surname_kana)
            for n in range(2, len(kana[0]) - 1)
        )
        if not strong:
            return 0.65 if self._foreign(text, kana) or (ends and len(text) > 3 and not self._phrase(text)) else 0.0
        if re.fullmatch(rf"[{HIRAGANA}]+", text) and len(text) > 6:
            return 0.65 if ("kana" in hint or ends) and len(text) <= 16 else 0.0
        return 0.65 if "kana" in hint or not (len(kana) == 1 and self._ordinary(text)) else 0.0

    def _foreign(self, text: str, kana: list[str]) -> bool:
        """Katakana in parts as foreign names are written, none of them an ordinary word: 「エレーナ・ヴォルコワ」."""
        return (
            2 <= len(kana) <= 4
            and len("".join(kana)) >= 5
            and bool(re.fullmatch(rf"[{KATAKANA} ・=]+", text))
            and not (any if self.tagger else all)(self._ordinary(p) for p in re.split("[ ・=]+", text))
            and not ORGANISATION.search(text)
        )

    def _phrase(self, text: str) -> bool:
        """Whether it falls into ordinary words of the dictionary."""
        if self.tagger is None:
            return False
        words = [text[w.start : w.end] for w in self.tagger.words(text)]
        return all(map(self._ordinary, words)) and any(len(w) > 1 for w in words)

    def _latin(self, text: str, strong: bool) -> Found | None:
        words = [w for w in re.split(r"[ ,.]+", text) if w]
        if not 1 <= len(words) <= 5 or ORGANISATION.search(text) or len(text) < 2 or re.search(r"[^ .]{3,}\. ", text):
            return None
        kinds = [self.names.romaji_kind(w) for w in words]
        if len(words) >= 2 and any(k & 1 for k in kinds) and any(k & 2 for k in kinds) and all(kinds):
            return Found(0, len(text), 0.9)
        if not strong and _SURNAME_FIRST.fullmatch(text):
            return Found(0, len(text), 0.7)
        proper = all(w[0].isupper() or w.lower() in _PARTICLES for w in words)
        if not strong or not proper or (len(words) == 1 and (len(text) < 3 and not kinds[0])):
            return None
        return Found(0, len(text), 0.75 if any(kinds) or len(words) > 1 else 0.55)

    def likely(self, text: str) -> bool:
        """Whether a text beside an open label (担当, 受付, 出席) is a name rather than a unit, a state or a place."""
        names = self.names
        if text in CITIES or text in FUNCTIONS or text in NOT_BEFORE_HONORIFIC or text in BEFORE or ORGANISATION.search(text):
            return False
        pieces = re.split("[ ・=]+", text)
        if len(pieces) > 1:
            if pieces[-1] in names.given or katakana(pieces[-1]) in names.given_kana:
                return pieces[0] not in FUNCTIONS and pieces[0] not in TITLES
            return not any(p in FUNCTIONS or p in TITLES or (len(p) > 1 and (names.word(p) or names.compound(p))) for p in pieces)
        if _PHRASE.search(text) or text in STATES:
            return False
        if text in names.surnames:
            return text not in names.vocabulary or names.surnames[text] >= 4
        plain = names.word(text) or (text in names.foreign and text in names.vocabulary)
        return not plain and not names.compound(text) and not NOT_NAME_ENDINGS.search(text)

    def common_noun(self, text: str) -> bool:
        """Whether a rare surname is also an ordinary word, so that meeting it again says nothing."""
        return self.names.surnames.get(text, 0) < 4 and self._noun(text)

    def _noun(self, text: str) -> bool:
        """Whether the dictionary has it as a noun: 開始 is one, although 開 is a surname and 始 a given name."""
        return text in self.names.vocabulary if self.tagger is None else Tag.NOUN in self.tagger.kinds(text)

    def _ordinary(self, text: str) -> bool:
        """Whether the dictionary knows it as an ordinary word and not as a name."""
        if self.tagger is None:
            return text in self.names.vocabulary and self.names.word(text)
        kinds = self.tagger.kinds(text)
        return bool(kinds) and not kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON} and kinds != {Tag.PLACE}

    def _rare(self, text: str, strong: bool) -> bool:
        if self._ordinary(text) or (self.tagger is None and len(text) > 2 and self.names.compound(text)):
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

    def _sure(self, text: str) -> bool:
        """Known by itself, without a label: a surname, both parts, or a reading in kana."""
        if KANA.fullmatch(text):
            kana = [katakana(p) for p in re.split("[ ・=]", text)]
            return all(p in self.names.surname_kana or p in self.names.given_kana for p in kana) or bool(
                self.names.split_kana(text)
            )
        return self._known(text)
