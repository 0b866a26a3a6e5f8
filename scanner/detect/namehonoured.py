"""Names before honorifics and titles: 「佐藤様」, 「さくらさん」, 「山田 太郎 課長」."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ahocorasick_rs

from scanner.detect.gazetteer import katakana
from scanner.detect.namelexis import KANJI_WORD, LETTERS, RUN, Hit, Lexis
from scanner.detect.namewords import (
    BEFORE,
    FUNCTIONS,
    HEADS_OF_PLACES,
    HIRAGANA,
    HONORIFICS,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    TITLE,
    TITLES,
    TITLES_OF_FOREIGNERS,
)
from scanner.detect.tagger import Tag
from scanner.model import PersonRole
from scanner.text.japanese import without_surrogates

_KANA_WORD = rf"[{KATAKANA}]{{2,10}}(?:[・ ][{KATAKANA}]{{2,10}}){{0,2}}"
_HONOURED = re.compile(
    rf"(?P<name>(?:{RUN}{{1,6}}(?: [{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,5}}|[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,5}})?|"
    rf"{_KANA_WORD}|[{HIRAGANA}]{{2,6}}|[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){{0,2}}))"
    rf"(?: ?)(?=[{''.join(sorted({t[0] for t in TITLES}))}])(?P<title>{TITLE.pattern})(?![々])"  # the class spares most questions
)
_NOT_TITLED = re.compile(
    "様(?:式|子|相|態|な[ 、もの]|に(?:なる|な|して))|さま(?:で|ざま)|さん(?:みゃく|か[いくん]|ぽ|すう|ぎょう|せい|そう)|"
    "さん(?:ちの|ぽ|か月|ヶ月)|殿(?:堂|下)|氏(?:名|族|神)|君(?:主|臨)"
)

_FIRST_OF_TWO = re.compile(rf"(?P<name>{RUN}{{1,5}})(?P<title>様|氏|殿) ")
_MEASURES = frozenset("高長深重広強大厚太速早遠近")  # 「最大の高さま(で)」
_COMPANY_BEFORE = re.compile(r"(?:\((?:株|有|合|同)\)|株式会社|有限会社|合同会社)$")
_NO_LONE = frozenset("市県国都区町村党社局館園店校院所課部係班組室科会労使専常一二三四五六七八九十毎数役医看介教事技研")
_LONE_PREFIX = frozenset("各同両全元前現新旧副正総本支次主中女男老若名当弊貴御他某現兼准")


def _titled(line: str, name: str, title: str, end: int) -> bool:
    """Whether the title is one: not the beginning of another word, nor the end of a longer title."""
    if _NOT_TITLED.match(line, end - len(title)) or (name[-1] in "多同異仕模有文紋" and title == "様"):
        return False
    if title == "さま" and name[-1] in _MEASURES:
        return False
    if title in HONORIFICS and title != "先生":
        return True
    name = name.split(" ")[-1]
    if name + title in TITLES or name in "本副総支前元現新旧各同正次主中":
        return False
    after = line[end : end + 1]
    return (
        not (after and KANJI_WORD.match(after))
        or bool(TITLE.match(line, end))
        or after in "宅宛席談以達等側同出欠不発挨報説承立退着就登より"
    )


PATTERNS = {"honoured": (_HONOURED,)}
_REACH, _LONG = 16, 40  # characters: a name before its title is no longer, one in kana either
_FOREIGN = re.compile(rf"[{KATAKANA}]")
_TITLES = ahocorasick_rs.AhoCorasick(list(TITLES), matchkind=ahocorasick_rs.MatchKind.Standard)


def _honoured(line: str) -> Iterator[re.Match[str]]:
    """The same as ``_HONOURED.finditer(line)``, tried around titles alone."""
    spans: list[tuple[int, int]] = []
    for _, start, end in _TITLES.find_matches_as_indexes(without_surrogates(line), overlapping=True):
        last = line[start - 2] if line[start - 1 : start] == " " and start > 1 else line[start - 1 : start]
        begin = max(0, start - (_LONG if _FOREIGN.match(last) else _REACH))
        if last.isascii() or (begin and line[begin].isascii()):
            begin = 0  # words in Latin letters may be of any length
        while spans and begin <= spans[-1][1] + _REACH:
            first, until = spans.pop()
            begin, end = min(begin, first), max(end, until)
        spans.append((begin, end))
    for begin, end in spans:
        yield from _HONOURED.finditer(line, begin, min(len(line), end + _REACH))


def _longest_title(name: str, title: str) -> tuple[str, str]:
    """The name without the beginning of its title: 岡崎 before 名誉教授, not 岡崎名誉 before 教授."""
    for size in range(min(6, len(name)), 0, -1):
        if name[-size:] + title in TITLES:
            return name[:-size].rstrip(), name[-size:] + title
    return name, title


class Honoured(Lexis):
    """Finds names that an honorific or title follows."""

    def honoured(self, line: str, historic: bool) -> Iterator[Hit]:
        """Names of a line. ``historic``: it speaks of a past in which 氏 follows clans."""
        for hit in _honoured(line):
            name, title, start = hit["name"], hit["title"], hit.start("name")
            name, title = _longest_title(name, title)
            after = line[hit.end() : hit.end() + 1]
            if not name or not _titled(line, name, title, hit.end()) or (historic and title in ("氏", "殿", "公", "君")):
                continue
            if title in ("殿", "氏", "君", "先生", "翁") and self._ordinary(name + title):
                continue
            if title in ("君", "殿", "氏", "翁", "嬢") and after and KANJI_WORD.match(after):
                continue
            two = _FIRST_OF_TWO.match(name)
            if two is not None:  # 「渋谷様 匂坂井様」
                other = self._before_title(line, two["name"], start, two["title"])
                if other is not None:
                    yield Hit(other[0], other[1], other[2], "honorific", TITLES[two["title"]])
                start, name = start + two.end(), name[two.end() :]
            found = self._before_title(line, name, start, title)
            if found is not None:
                first, last, score = found
                yield Hit(first, last, score, "honorific" if title in HONORIFICS else "title", TITLES[title])

    def _before_title(self, line: str, name: str, start: int, title: str) -> tuple[int, int, float] | None:
        end = start + len(name)
        if name in NOT_BEFORE_HONORIFIC or name in KINSHIP or ORGANISATION.search(name) or name[0] == "第":
            return None
        if title in HONORIFICS and (name in TITLES or (name[-2:] in TITLES and name not in self.names.surnames)):
            return None  # 班長さん, 町内会長さん
        polite = title in HONORIFICS and title not in ("先生", "君", "翁")
        if _COMPANY_BEFORE.search(line, max(0, start - 5), start):
            return None
        if name.isascii():
            told = polite or all(map(self.names.romaji_kind, name.split())) or (title in TITLES_OF_FOREIGNERS and len(name) > 3)
            return (start, end, 0.75) if told else None
        if " " in name:
            first, _, rest = name.partition(" ")
            known = self._surname_at_end(first)
            if known is not None and rest not in NOT_BEFORE_HONORIFIC and not ORGANISATION.search(rest):
                return start + known, end, 0.95 if rest in self.names.given else 0.85
            if (
                known is None
                and rest in self.names.given
                and 2 <= len(first) <= 4
                and not NOT_NAME_ENDINGS.search(first)
                and first not in BEFORE
            ):
                return start, end, 0.8
            start, name = start + len(first) + 1, rest
            if name in NOT_BEFORE_HONORIFIC:
                return None
        if re.fullmatch(rf"[{KATAKANA}]+(?:[・ ][{KATAKANA}]+)*", name):
            return (start, end, 0.8) if self._kana(name, line, start, polite=polite) else None
        if re.fullmatch(rf"[{HIRAGANA}]+", name):
            return self._hiragana(line, name, start, end) if polite else None
        return self._kanji_before(line, name, start, end, title, polite=polite)

    def _kanji_before(
        self, line: str, name: str, start: int, end: int, title: str, *, polite: bool
    ) -> tuple[int, int, float] | None:
        mixed = re.fullmatch(rf"({RUN}+)([{HIRAGANA}{KATAKANA}]+)", name)
        if mixed:
            known = self._surname_at_end(mixed[1])
            if known is not None and katakana(mixed[2]) in self.names.given_kana:
                return start + known, end, 0.9
            tail = mixed[2]
            kana = katakana(tail)
            if (
                polite
                and (tail in self.names.given or kana in self.names.given_kana)
                and len(tail) >= 2
                and re.fullmatch(rf"[{KATAKANA}]+", tail)
            ):
                return start + len(mixed[1]), end, 0.6
            return None
        if len(name) > 2 and NOT_NAME_ENDINGS.search(name) and name not in self.names.surnames:
            return None
        for shift in range(len(name)):
            piece = name[shift:]
            if not polite and not self._possible(line, piece, start + shift, title):
                continue
            if self.names.split(piece) or piece in self.names.surnames:
                if piece in NOT_BEFORE_HONORIFIC or (len(piece) == 1 and shift and not self._word_border(line, start + shift)):
                    continue
                if shift and not self._word_border(line, start + shift) and len(piece) < 3:
                    continue
                if shift and self._longer(line, name, start):
                    return start, end, 0.85
                return start + shift, end, 0.92
            if (
                polite
                and piece in self.names.given
                and (not shift or self._word_border(line, start + shift))
                and piece not in self.names.common
            ):
                return start if self._rare_surname(line, name[:shift], start) else start + shift, end, 0.8
        return self._unknown(line, name, start, end, title) if polite or title not in HEADS_OF_PLACES else None

    def _rare_surname(self, line: str, lead: str, start: int) -> bool:
        """Whether kanji before a given name can be a surname that the gazetteer does not have: 「ご契約者の久慈川真由美様」."""
        if not 2 <= len(lead) <= 3 or not self._word_border(line, start) or NOT_NAME_ENDINGS.search(lead):
            return False
        known = lead in BEFORE or lead in TITLES or lead in FUNCTIONS or lead in KINSHIP or lead in NOT_BEFORE_HONORIFIC
        return not (known or self._ordinary(lead) or self.names.word(lead))

    def _possible(self, line: str, piece: str, start: int, title: str) -> bool:
        """Whether a surname can be meant before a title rather than what somebody is head of: no 総務部長, no 千葉支店長."""
        names = self.names
        if piece in FUNCTIONS or (title in HEADS_OF_PLACES and piece in names.doubtful):
            return False
        if len(piece) == 1:
            return names.surnames.get(piece, 0) >= 3 or self._lone(line, piece, start)
        return True

    def _unknown(self, line: str, name: str, start: int, end: int, title: str) -> tuple[int, int, float] | None:
        """A surname that the gazetteer does not have: a whole run of kanji that is no word and not made of words."""
        polite = title in HONORIFICS and title not in ("先生", "君", "翁")
        spoken_of = title == "先生" or TITLES[title] is PersonRole.PROFESSIONAL
        if spoken_of and self.tagger is not None and 2 <= len(name) <= 4 and self.tagger.kinds(name) == {Tag.PLACE}:
            return (start, end, 0.65) if self._word_border(line, start) and name[-1] not in "市区町村県都府" else None
        for shift in (0, *range(len(name) - 2, 0, -1)):
            before = name[:shift]
            border = not shift or before in BEFORE or before in TITLES or self.names.word(before)
            if border and self._longer(line, name[shift:], start + shift):  # 代理人黄瀬戸弁護士
                return start + shift, end, 0.65
        if not polite:
            lone = len(name) == 1 and name not in _NO_LONE and TITLES[title] is not PersonRole.UNKNOWN
            return (start, end, 0.6) if lone and self._lone(line, name, start) and line[end : end + 1] != " " else None
        if len(name) > 5 or name[-1] in "者員様方長":
            return None
        if self.tagger is None:
            strange = 2 <= len(name) <= 4 and not self._ordinary(name) and not self.names.compound(name)
            return (start, end, 0.7) if strange and self._word_border(line, start) else None
        kinds = self.tagger.kinds(name)
        if kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON} or (not kinds and len(name) >= 2 and self._word_border(line, start)):
            return start, end, 0.75
        return (start, end, 0.7) if kinds == {Tag.PLACE} else None

    @staticmethod
    def _lone(line: str, piece: str, start: int) -> bool:
        """A rare surname of one kanji that begins the words before its title: 「(菊委員)」."""
        return piece not in _LONE_PREFIX and (start == 0 or not LETTERS.match(line[start - 1]))

    def _longer(self, line: str, name: str, start: int) -> bool:
        """Whether the whole run of kanji is one unknown name, of which a known surname is but the end: 「笹ノ井」, 「綺羅木」."""
        if not 2 <= len(name) <= 4 or not re.fullmatch(f"{RUN}+", name) or not self._word_border(line, start):
            return False
        if NOT_NAME_ENDINGS.search(name) or name in BEFORE or name in TITLES or name in FUNCTIONS or name[0] in _LONE_PREFIX:
            return False
        if self._ordinary(name) or self._noun(name):
            return False
        return not self.names.compound(name)

    def _kana(self, name: str, line: str, start: int, *, polite: bool) -> bool:
        pieces = [katakana(p) for p in re.split("[・ ]", name)]
        if any(p in self.names.foreign and p not in self.names.vocabulary for p in pieces):
            return True
        if all(p in self.names.surname_kana or p in self.names.given_kana for p in pieces):
            return len(pieces) > 1 or not (self._ordinary(name) or (not polite and name in self.names.vocabulary))
        if self.names.split_kana(name):
            return True
        if not polite:
            return False
        return len(pieces) > 1 or not (self._ordinary(name) or name in NOT_BEFORE_HONORIFIC or self.names.compound(name))

    def _hiragana(self, line: str, name: str, start: int, end: int) -> tuple[int, int, float] | None:
        """A given name in hiragana: 「さくらさん」, not the end of an ordinary word."""
        for shift in range(len(name) - 1):
            at = start + shift
            if at and re.match(rf"[{HIRAGANA}]", line[at - 1]) and line[at - 1] not in "のはがとやもにを":
                continue
            if at and not self._word_border(line, at):
                continue
            piece = name[shift:]
            after = line[end + 2 : end + 3]
            if re.match(rf"[{HIRAGANA}]", after) and after not in "はがもをにとへのやでかだなよねっまた":
                return None
            known = piece in self.names.given or (len(piece) >= 3 and katakana(piece) in self.names.surname_kana)
            if known and piece not in NOT_BEFORE_HONORIFIC and not self._ordinary(piece):
                return at, end, 0.75
        return None
