"""Reads the value beside a label of a name: one or several names, their readings, without honorifics, titles and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.detect.gazetteer import katakana
from scanner.detect.namescore import KANA, LATIN, NOTHING, TOTAL, Found, NameScorer
from scanner.detect.namewords import (
    BEFORE,
    HIRAGANA,
    HONORIFICS,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    ORGANISATION,
    TITLE,
    TITLES,
)
from scanner.model import PersonRole

_STATES = re.compile(r"[済未要否可不有無印男女正副\s]+\s[済未要否可不有無印男女正副\s]+")  # 「済　未　済」 beside a row of labels
_ADDRESSEE = re.compile(r"[<(]?[\w.+'-]+@[\w.-]+[>)]?")
_LATIN_NAME = re.compile(rf"[{LATIN}][{LATIN}'.-]*(?:,? [{LATIN}][{LATIN}'.-]*){{0,4}}")
_PART = re.compile(r"[^、,/;\n\t()\[\]<>「」:|&→⇒]+")
_LETTER = rf"[{NAME_KANJI}{KATAKANA}{HIRAGANA}'・={LATIN}]"
_SHAPE = re.compile(rf"{_LETTER}+(?: {{1,2}}{_LETTER}+){{0,3}}|[{NAME_KANJI}]{{1,3}} {{3,9}}[{NAME_KANJI}{HIRAGANA}]{{1,3}}")
_KANJI_RUN = re.compile(rf"[{NAME_KANJI}]+")
_SPACED_LETTERS = re.compile(rf"(?:[{NAME_KANJI}{HIRAGANA}{KATAKANA}] ){{2,7}}[{NAME_KANJI}{HIRAGANA}{KATAKANA}]")
_LOOSE_WORD = re.compile(rf"[{NAME_KANJI}](?: +[{NAME_KANJI}]){{1,5}}")
_MIDDLE_DOT = re.compile(
    rf"(?<=\))・|(?<=[{NAME_KANJI}{HIRAGANA})])・(?=[{NAME_KANJI}{HIRAGANA}])|・(?=[{NAME_KANJI}]{{2}}|[A-Z]{{2,4}} )"
)
_TAIL = re.compile(
    r"(?:\s|ご?(?:一家|夫妻|夫婦|家族|一同|一行|遺族)様?|印|\(印\)|本人|㊞|ほか\S*|他\s?[0-9]*名?|外[0-9]+名|[-:・.])+$"
)
_NUMBERING = re.compile(
    r"^(?:[0-9]{1,2}-[0-9]{1,2}(?:-[0-9]{1,2})? (?=[^0-9])|[0-9]{3,8} {1,3}(?=[^0-9 ])|"
    r"[0-9]{1,2}年[0-9A-D]{1,2}組(?:[0-9]{1,2}番)? ?|"
    r"[\s・※*●○■□◎☆★.-]|[0-9]{1,3}[.):]|\([0-9]{1,3}\)|[〃同々] |故 |亡 |Mr\.? |Ms\.? |Mrs\.? |Dr\.? )+"
)
_FIGURES = re.compile(r" [^ ]{0,3}[0-9]")
_WIDE = re.compile(
    rf"[{NAME_KANJI}{HIRAGANA}]{{1,5}}(?: +[{NAME_KANJI}{HIRAGANA}]{{1,5}}){{1,5}}|"
    rf"[{KATAKANA}]{{1,6}}(?: +[{KATAKANA}]{{1,6}}){{1,5}}"
)
_OPENED = re.compile(r" ?(?:様|殿|氏|さん|さま)? ?\(")
_CORPORATE_KANA = re.compile(r"^(?:カ|ユ|ド|シヤ|シャ|ザイ|フク|イ|ガク|シユウ)\)|\((?:カ|ユ|ド)\)?$")
_CORPORATE = re.compile(r"会社|法人|組合|御中|\((?:株|有|合|社|財|医)\)|[カユ]\)|Inc|Ltd|Corp|Co\.")
_BEFORE = "|".join(sorted(BEFORE, key=len, reverse=True))
_PRE = re.compile(
    "(?:.*(?:部|課|係|室|科|局|院|店|所|会|社|校|園|組|年|団|班|協|区|センター|クリニック|ステーション|グループ|チーム)|"
    f"[{NAME_KANJI}]{{0,6}}(?:{TITLE.pattern}|代理人|署名人|{_BEFORE}))"
)


class ValueReader(NameScorer):
    """Finds names in the values of fields and columns."""

    def read(self, value: str, *, hint: str = "", strong: bool = True) -> list[Found]:
        """The names in a value. ``strong``: the label names a person's name as such, so an unknown word may be one."""
        if not value or len(value) > 200 or NOTHING.fullmatch(value) or TOTAL.fullmatch(value.strip()):
            return []
        if _CORPORATE_KANA.search(value) or _STATES.fullmatch(value):
            return []
        if hint == "header":
            return list(self._addressees(value))
        whole = value.strip()
        if _LATIN_NAME.fullmatch(whole) and (found := self._latin(whole, strong)):
            at = value.index(whole)
            return [found._replace(start=found.start + at, end=found.end + at)]
        if _LOOSE_WORD.fullmatch(whole) and self.names.word(re.sub(" ", "", whole)):
            return []  # 「運転者  台 帳」
        if _SPACED_LETTERS.fullmatch(whole) or (strong and self._wide(whole)):
            at = value.index(whole)
            return [Found(at, at + len(whole), 0.85)]
        out = self._parts(value, hint, strong)
        if not out and hint == "group" and not strong:
            out = [f for f in self._parts(value, hint, True) if self.likely(value[f.start : f.end])]
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
                if found is not None and inside and self._written(value, found, out):
                    out.append(found._replace(score=max(found.score, out[-1].score - 0.05)))
                elif found is not None and (not inside or self._sure(value[found.start : found.end])):
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
                strong = not ORGANISATION.search(clean)
                for f in self.read(clean, strong=strong):
                    if "@" not in value and not self.likely(clean[f.start : f.end]) and f.score < 0.7:
                        continue  # a consignee without an address is as often a company
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
        """A name in brackets behind the same name in other letters: kanji behind a reading, a reading in two words."""
        if not out or not _OPENED.fullmatch(value, out[-1].end, found.start):
            return False
        text, before = value[found.start : found.end], value[out[-1].start : out[-1].end]
        pieces = text.split()
        if KANA.fullmatch(before):
            return len(pieces) > 1 and pieces[-1] in self.names.given
        return len(pieces) > 1 and bool(KANA.fullmatch(text)) and not any(map(self._ordinary, pieces))

    def _part(self, value: str, start: int, end: int, hint: str, strong: bool) -> Found | None:
        role = PersonRole.UNKNOWN
        lead = _NUMBERING.match(value[start:end])
        if lead:
            start += lead.end()
        figures = _FIGURES.search(value, start, end)
        if figures is not None:  # 「新開地 ツヤ S12.1.3生」
            end = figures.start()
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
                strong = strong or len(title) > 1 or title in HONORIFICS
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
        if len(text) == 1 and text in "全各両同新前元現":
            return None  # 全社員
        pieces = text.split(" ")
        while len(pieces) > 1 and _PRE.fullmatch(pieces[0]) and self._leads(pieces):
            start += len(pieces[0]) + 1
            pieces = pieces[1:]
        behind = re.match(r"(\S+ \S+|\S{3,}) +\S", value[start:end])
        if (
            len(pieces) > 2 and behind and self._sure(behind[1]) and pieces[-1] not in self.names.given
        ):  # a word behind a whole name is a note: 「十七 歩  生年月日」
            end = start + behind.end(1)
        text = value[start:end]
        score = self.score(text, hint=hint, strong=strong)
        if score:
            return Found(start, end, score, role)
        if len(pieces) > 1:
            return self._last_word(text, start, end, role)
        shift = self.suffix(text) if _KANJI_RUN.fullmatch(text) and len(text) > 3 else 0
        return Found(start + shift, end, 0.7, role) if shift else None

    def _leads(self, pieces: list[str]) -> bool:
        """Whether the first word is a unit or role before the name and not a surname that ends like one: 伊集院."""
        first = pieces[0]
        if len(first) <= 3 and first[-1] not in "部課係室科局班組" and pieces[1] in self.names.given and first not in BEFORE:
            return first in TITLES
        if first in BEFORE or first in TITLES:
            return first in KINSHIP or not self._known(" ".join(pieces[:2]))
        return first not in self.names.surnames

    def _last_word(self, text: str, start: int, end: int, role: PersonRole) -> Found | None:
        """A known name at the end of a longer value (「3年2組 山田太郎」), else at its beginning (「向井 節子 様 女性」)."""
        words = text.rstrip().split(" ")
        for count in (2, 1):
            piece = " ".join(words[-count:])
            if len(words) >= count and self._certain(piece):
                if count == 1 and len(words) > 1 and self._half(words[-2], piece):
                    piece = f"{words[-2]} {piece}"
                return Found(end - len(piece), end, 0.7, role)
        for count in (2, 1):
            piece = " ".join(words[:count])
            if len(words) > count and self._certain(piece) and (count == 2 or words[1] in TITLES):
                return Found(start, start + len(piece), 0.7, role)
        return None

    def _half(self, before: str, given: str) -> bool:
        """Whether a given name at the end has its surname before it, although nobody knows that: 「新開地 ツヤ」."""
        alone = given not in self.names.surnames and (given in self.names.given or katakana(given) in self.names.given_kana)
        surname = bool(re.fullmatch(rf"[{NAME_KANJI}]{{1,4}}|[{KATAKANA}]{{2,8}}", before))
        return alone and surname and before not in BEFORE and before not in TITLES and not _PRE.fullmatch(before)

    def _keeps(self, text: str, title: str) -> bool:
        """Whether what looks like a title is a part of the name: 「佐藤 翁」, 「大殿」."""
        if len(title) > 1 and not text.endswith(" " + title):
            return text in self.names.surnames
        rest = text[: -len(title)]
        spaced = rest.endswith(" ") and rest.strip() in self.names.surnames and title in self.names.given
        return text in self.names.surnames or spaced or not rest.strip()

    def _certain(self, piece: str) -> bool:
        return len(piece) >= 2 and not ORGANISATION.search(piece) and self._sure(piece) and piece not in self.names.ordinary


def _ending_title(text: str) -> str:
    """The longest honorific or title that ends the text, or ""."""
    for size in range(min(9, len(text)), 0, -1):
        if text[-size:] in TITLES:
            return text[-size:]
    return ""
