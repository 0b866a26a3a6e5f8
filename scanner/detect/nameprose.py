"""Names in running text: before honorifics and titles, behind roles, and pairs of surname and given name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namewords import (
    BEFORE,
    HIRAGANA,
    HISTORY,
    HONORIFICS,
    KATAKANA,
    KINSHIP,
    LONGEST_BEFORE,
    NAME_KANJI,
    NOT_AFTER,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    PLACE_BEFORE,
    TITLE,
    TITLES,
)
from scanner.detect.tagger import Tag, Tagger, Word
from scanner.model import PersonRole


class Hit(NamedTuple):
    """A name in running text, in positions of the line. ``alone``: a surname without honorific, title, role or given name."""

    start: int
    end: int
    score: float
    rule: str
    role: PersonRole = PersonRole.UNKNOWN
    alone: bool = False


_RUN = rf"[{NAME_KANJI}]"
_KANA_WORD = rf"[{KATAKANA}]{{2,10}}(?:[・ ][{KATAKANA}]{{2,10}}){{0,2}}"
_HONOURED = re.compile(
    rf"(?P<name>(?:{_RUN}{{1,6}}(?: [{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,5}}|[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,5}})?|{_KANA_WORD}|[{HIRAGANA}]{{2,6}}|[A-Z][a-z]+(?: [A-Z][A-Za-z]+)?))"
    rf"(?: ?)(?P<title>{TITLE.pattern})(?![々])"
)
_KANJI_WORD = re.compile(rf"{_RUN}+")
_LETTERS = re.compile(rf"{_RUN}|[{KATAKANA}{HIRAGANA}]")
_ROMAJI = re.compile(r"(?<![A-Za-z0-9@._-])([A-Z][a-z]{1,11}|[A-Z]{2,12}),? ([A-Z][a-z]{1,11}(?:-[a-z]+)?|[A-Z]{2,12})(?![A-Za-z0-9@_-])")
_MAIDEN = re.compile(rf"旧姓[:は ]*({_RUN}{{1,4}})")
_READING = re.compile(rf"[(](?:読み:?|よみ:?)?([{KATAKANA}]{{2,10}}(?:[ ・][{KATAKANA}]{{2,10}})?|[{HIRAGANA}]{{2,10}}(?: [{HIRAGANA}]{{2,10}})?)[)]")
_ERA = re.compile("令和|平成|昭和|大正|明治|前?[一二三四五六七八九十百]+[号条項月日年名人]")
_CALLED = re.compile(rf"[「(]?([{KATAKANA}]{{2,10}})[」)]?と(?:読|お読み|よみ|よむ)")
_UNIT_BEFORE = re.compile(rf"[{NAME_KANJI}{KATAKANA}](?:部|課|係|室|科|局|院|会|店|所|班|病棟|センター|チーム|グループ|組|係長|主任|担当|事務)[ ]$")
_roles = "|".join(sorted(map(re.escape, BEFORE), key=len, reverse=True))
_ROLE_NAME = re.compile(rf"(?P<role>{_roles})(?P<joint>の|:|は|、|\(| |)(?P<run>{_RUN}{{1,5}}|[{HIRAGANA}]{{2,4}}(?=[がはもをとに]))(?=[はがもをにとへのや、。,)(:;/・\s\]→]|です|でし|さん|$)")
_NAMED = re.compile(rf"(?:名字|苗字|姓|お?名前|氏名|読み|本名|旧姓|名)(?:が|は|を|も)「([{NAME_KANJI}{HIRAGANA}{KATAKANA} ]{{1,10}})」")
_SELF = re.compile(rf"(?:^|[。、「'\s\x22]|の)({_RUN}{{1,3}}|[{KATAKANA}]{{2,6}})(と申します|といいます|と言います|でございます|です[。。、])")
_KANA_PAIR = re.compile(rf"(?<![{KATAKANA}・])([{KATAKANA}]{{2,7}}) ([{KATAKANA}]{{2,7}})(?![{KATAKANA}・ァ-ヴ])")
_NOT_ROMAJI = frozenset("YOU TUBE DATE TIME MAKE TAKE SAME NOTE HERE HERO MAN SEE TO NO ONE SITE MODE NAME TONE ARE SHE HE ME WE IN ON OK ID TOTAL MINE TOKYO OSAKA KYOTO NARA KOBE MITSUI SUMITOMO JAPAN ASAHI TOYOTA HONDA SUZUKI-".split())
_SPACED = re.compile(rf"(?<![{NAME_KANJI}])(?:{_RUN} ){{2,5}}{_RUN}(?![{NAME_KANJI}])")
_AFTER_ALONE = frozenset("はがもをにとへのや、。)」』:/ \n")
_BETWEEN = re.compile(r"(?:は|の|が|に|:|・|、| |\(|「|で|が、|は、)?$")
_NEED = re.compile(rf"{_RUN}|[{KATAKANA}]{{3}}|さん|ちゃん|くん|さま")


class ProseReader:
    """Finds names in a line. ``tagger``: None in the profile that does without."""

    def __init__(self, names: Names, tagger: Tagger | None) -> None:
        self.names = names
        self.tagger = tagger

    def read(self, line: str) -> list[Hit]:
        """Names of a line, without overlaps, in order."""
        hits: list[Hit] = []
        if _NEED.search(line):
            historic = bool(HISTORY.search(line))
            hits += self._honoured(line, historic)
            hits += self._roles(line, historic)
            hits += self._told(line)
            hits += self._maiden(line)
            hits += self._letters(line)
            if self.tagger is not None:
                hits += self._tagged(line, self.tagger.words(line), historic)
            else:
                hits += self._pairs(line, historic)
            hits += self._readings(line, hits)
        hits += self._latin(line)
        return [h for h in _disjoint(hits) if not _product(line, h.start, h.end) and not _ERA.match(line, h.start)]

    # ------------------------------------------------------------ honorifics

    def _honoured(self, line: str, historic: bool) -> Iterator[Hit]:
        for hit in _HONOURED.finditer(line):
            name, title, start = hit["name"], hit["title"], hit.start("name")
            after = line[hit.end() : hit.end() + 1]
            if not _titled(line, name, title, hit.end()) or (historic and title in ("氏", "殿", "公", "君")):
                continue
            if title in ("殿", "氏", "君", "先生", "翁") and self._ordinary(name + title):
                continue
            if title in ("君", "殿", "氏", "翁", "嬢") and after and _KANJI_WORD.match(after):
                continue
            found = self._before_title(line, name, start, title)
            if found is not None:
                first, last, score = found
                yield Hit(first, last, score, "honorific" if title in HONORIFICS else "title", TITLES[title])

    def _before_title(self, line: str, name: str, start: int, title: str) -> tuple[int, int, float] | None:
        end = start + len(name)
        if name in NOT_BEFORE_HONORIFIC or ORGANISATION.search(name):
            return None
        polite = title in HONORIFICS and title not in ("先生", "君", "翁")
        if " " in name:
            first, _, rest = name.partition(" ")
            known = self._surname_at_end(first)
            if known is not None and rest not in NOT_BEFORE_HONORIFIC and not ORGANISATION.search(rest):
                return start + known, end, 0.95 if rest in self.names.given else 0.85
            if known is None and rest in self.names.given and 2 <= len(first) <= 4 and not NOT_NAME_ENDINGS.search(first) and first not in BEFORE:
                return start, end, 0.8
            start, name = start + len(first) + 1, rest
            if name in NOT_BEFORE_HONORIFIC:
                return None
        if re.fullmatch(rf"[{KATAKANA}]+(?:[・ ][{KATAKANA}]+)*", name):
            return (start, end, 0.8) if self._kana(name, line, start, polite=polite) else None
        if re.fullmatch(rf"[{HIRAGANA}]+", name):
            return self._hiragana(line, name, start, end) if polite else None
        if name.isascii():
            return (start, end, 0.75) if polite or all(map(self.names.romaji_kind, name.split())) else None
        return self._kanji_before(line, name, start, end, title, polite=polite)

    def _kanji_before(self, line: str, name: str, start: int, end: int, title: str, *, polite: bool) -> tuple[int, int, float] | None:
        mixed = re.fullmatch(rf"({_RUN}+)([{HIRAGANA}{KATAKANA}]+)", name)
        if mixed:
            known = self._surname_at_end(mixed[1])
            if known is not None and katakana(mixed[2]) in self.names.given_kana:
                return start + known, end, 0.9
            tail = mixed[2]
            kana = katakana(tail)
            if polite and (tail in self.names.given or kana in self.names.given_kana) and len(tail) >= 2 and re.fullmatch(rf"[{KATAKANA}]+", tail):
                return start + len(mixed[1]), end, 0.6
            return None
        if len(name) > 2 and NOT_NAME_ENDINGS.search(name) and name not in self.names.surnames:
            return None
        place = title in ("市長", "町長", "村長", "区長", "知事", "市議", "議員")
        for shift in range(len(name)):
            piece = name[shift:]
            if not polite and (piece in self.names.ordinary or (place and piece in self.names.doubtful) or (len(piece) == 1 and self.names.surnames.get(piece, 0) < 4)):
                continue
            if self.names.split(piece) or piece in self.names.surnames:
                if piece in NOT_BEFORE_HONORIFIC or (len(piece) == 1 and shift and not self._word_border(line, start + shift)):
                    continue
                if shift and not self._word_border(line, start + shift) and len(piece) < 3:
                    continue
                return start + shift, end, 0.92
            if polite and piece in self.names.given and (not shift or self._word_border(line, start + shift)) and piece not in self.names.common:
                return start + shift, end, 0.8
        if not polite or len(name) > 5 or name[-1] in "者員様方長":
            return None
        if self.tagger is None:
            return (start, end, 0.6) if 2 <= len(name) <= 4 else None
        kinds = self.tagger.kinds(name)
        if kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON} or (not kinds and len(name) >= 2 and self._word_border(line, start)):
            return start, end, 0.75
        if kinds == {Tag.PLACE}:
            return start, end, 0.7
        return None

    def _word_border(self, line: str, at: int) -> bool:
        """Whether a word of the line begins there."""
        if at == 0 or not _LETTERS.match(line[at - 1]):
            return True
        if any(line[max(0, at - n) : at] in BEFORE for n in range(1, LONGEST_BEFORE + 1)):
            return True
        return self.tagger is not None and any(w.start == at for w in self.tagger.words(line))

    def _kana(self, name: str, line: str, start: int, *, polite: bool) -> bool:
        pieces = [katakana(p) for p in re.split("[・ ]", name)]
        if all(p in self.names.surname_kana or p in self.names.given_kana for p in pieces):
            return not self._ordinary(name) or len(pieces) > 1
        if self.names.split_kana(name):
            return True
        if not polite:
            return False
        return len(pieces) > 1 or (self.tagger is not None and not self._ordinary(name) and name not in NOT_BEFORE_HONORIFIC)

    def _hiragana(self, line: str, name: str, start: int, end: int) -> tuple[int, int, float] | None:
        """A given name in hiragana: 「さくらさん」, not the end of an ordinary word."""
        for shift in range(len(name) - 1):
            at = start + shift
            if at and re.match(rf"[{HIRAGANA}]", line[at - 1]) and line[at - 1] not in "のはがとやもにを":
                continue
            if at and not self._word_border(line, at):
                continue
            piece = name[shift:]
            known = piece in self.names.given or (len(piece) >= 3 and katakana(piece) in self.names.surname_kana)
            if known and piece not in NOT_BEFORE_HONORIFIC and not self._ordinary(piece):
                return at, end, 0.75
        return None

    def _surname_at_end(self, run: str) -> int | None:
        for shift in range(len(run)):
            piece = run[shift:]
            if piece in self.names.surnames and not (shift and len(piece) == 1):
                return shift
        return None

    def _noun(self, text: str) -> bool:
        return self.tagger is not None and Tag.NOUN in self.tagger.kinds(text)

    def _ordinary(self, text: str) -> bool:
        if self.tagger is None:
            return text in self.names.common
        kinds = self.tagger.kinds(text)
        return bool(kinds) and not kinds & {Tag.SURNAME, Tag.GIVEN, Tag.PERSON}

    # ------------------------------------------------------------ forms of writing

    def _maiden(self, line: str) -> Iterator[Hit]:
        for hit in _MAIDEN.finditer(line):
            if hit[1] in self.names.surnames:
                yield Hit(hit.start(1), hit.end(1), 0.9, "maiden", PersonRole.SUBJECT)

    def _letters(self, line: str) -> Iterator[Hit]:
        """「山 田 太 郎」."""
        for hit in _SPACED.finditer(line):
            if self.names.split(hit.group().replace(" ", "")):
                yield Hit(hit.start(), hit.end(), 0.85, "letters")

    def _latin(self, line: str) -> Iterator[Hit]:
        """``Taro Yamada``, ``YAMADA Taro``: both words must be readings of Japanese names."""
        for hit in _ROMAJI.finditer(line):
            if hit[1].upper() in _NOT_ROMAJI or hit[2].upper() in _NOT_ROMAJI:
                continue
            a, b = self.names.romaji_kind(hit[1]), self.names.romaji_kind(hit[2].replace("-", ""))
            if (a & 1 and b & 2) or (a & 2 and b & 1):
                if min(len(hit[1]), len(hit[2])) < 3 and not (hit[1].isupper() ^ hit[2].isupper()):
                    continue
                yield Hit(hit.start(), hit.end(), 0.75, "romaji")

    def _readings(self, line: str, hits: list[Hit]) -> Iterator[Hit]:
        """A reading in brackets right behind a name."""
        ends = {h.end for h in hits}
        for hit in _READING.finditer(line):
            before = line[: hit.start()].rstrip()
            trimmed = re.sub(r"(?:様|さん|殿|氏|先生)$", "", before)
            if len(trimmed) in ends or len(before) in ends:
                yield Hit(hit.start(1), hit.end(1), 0.8, "reading")
        for hit in _CALLED.finditer(line):
            yield Hit(hit.start(1), hit.end(1), 0.7, "reading")

    def _roles(self, line: str, historic: bool) -> Iterator[Hit]:
        """A surname as a whole run of kanji behind a role: 「相談員の三島が」, 「受付:安芸」; a child's name behind kinship."""
        for hit in _ROLE_NAME.finditer(line):
            word, joint, run = hit["role"], hit["joint"], hit["run"]
            role, start, end = BEFORE[word], hit.start("run"), hit.end("run")
            if historic or NOT_AFTER.match(line, end) or run in BEFORE or run in NOT_BEFORE_HONORIFIC or ORGANISATION.search(run):
                continue
            if word in KINSHIP:
                popular = self.names.given.get(run, 0)
                if (popular == 2 or (popular and run not in self.names.common)) and joint in ("の", "、", "は", "(") and line[end : end + 1] not in "":
                    yield Hit(start, end, 0.7, "kinship", PersonRole.FAMILY)
                continue
            weight = self.names.surnames.get(run, 0)
            tidy = joint in (":", "の", "(", " ")
            if weight and tidy and run not in self.names.ordinary and (weight >= 4 or not self._noun(run)) and (len(run) > 1 or (weight >= 4 and joint == ":")):
                if joint == "の" and run in self.names.doubtful and weight < 4:
                    continue
                yield Hit(start, end, 0.75, "role", role)
            elif joint == ":" and len(run) in (2, 3) and self.tagger is not None and self.tagger.kinds(run) == {Tag.PLACE}:
                yield Hit(start, end, 0.6, "role", role)
            elif len(run) >= 3 and self.names.split(run) and joint != " " and not self._ordinary(run) and run[self.names.split(run) :] not in self.names.common:
                yield Hit(start, end, 0.8, "role", role)

    def _told(self, line: str) -> Iterator[Hit]:
        """Where somebody says what a name is, or who is speaking."""
        for hit in _NAMED.finditer(line):
            yield Hit(hit.start(1), hit.end(1), 0.8, "named", PersonRole.SUBJECT)
        for hit in _SELF.finditer(line):
            run = hit[1]
            weight = self.names.surnames.get(run, 0)
            kana = katakana(run) in self.names.surname_kana and len(run) > 1 and run not in self.names.common
            polite = hit[2].startswith(("と", "でご"))
            if (weight >= 4 or (weight and len(run) > 1 and run not in self.names.ordinary)) or (kana and polite):
                if run in self.names.doubtful and not polite and hit.start(1) > 0 and weight < 4:
                    continue
                yield Hit(hit.start(1), hit.end(1), 0.7, "self")
        for hit in _KANA_PAIR.finditer(line):
            if katakana(hit[1]) in self.names.surname_kana and katakana(hit[2]) in self.names.given_kana and not (self._ordinary(hit[1]) or self._ordinary(hit[2])):
                yield Hit(hit.start(), hit.end(), 0.65, "kana pair")

    # ------------------------------------------------------------ without a tagger

    def _pairs(self, line: str, historic: bool) -> Iterator[Hit]:
        """Surname and given name, joined or parted by one space, as a whole run of kanji."""
        if historic:
            return
        for hit in _KANJI_WORD.finditer(line):
            run, start, end = hit.group(), hit.start(), hit.end()
            if line[end : end + 1] == " " and run in self.names.surnames:
                following = _KANJI_WORD.match(line, end + 1)
                if following and following.group() in self.names.given and not NOT_AFTER.match(line, following.end()):
                    yield Hit(start, following.end(), 0.8, "pair")
            elif 3 <= len(run) <= 6:
                size = self.names.split(run)
                if size and run[size:] not in self.names.common and not NOT_AFTER.match(line, end):
                    yield Hit(start, end, 0.7, "pair")

    # ------------------------------------------------------------ with a tagger

    def _tagged(self, line: str, words: tuple[Word, ...], historic: bool) -> Iterator[Hit]:
        n = 0
        while n < len(words):
            word = words[n]
            text = line[word.start : word.end]
            if word.tag is Tag.PERSON:
                n, hit = self._person(line, words, n, historic)
            elif word.tag is Tag.SURNAME or (text in self.names.surnames and word.tag in (Tag.PLACE, Tag.PROPER, Tag.NOUN, Tag.GIVEN)):
                n, hit = self._surname(line, words, n, historic)
            elif word.tag is Tag.GIVEN and text not in self.names.surnames:
                hit = self._given(line, words, n)
                n += 1
            else:
                hit = None
                n += 1
            if hit is not None:
                yield hit

    def _person(self, line: str, words: tuple[Word, ...], n: int, historic: bool) -> tuple[int, Hit | None]:
        """A name the dictionary knows as a whole, or foreign names joined by dots."""
        first = n
        while n + 2 < len(words) and line[words[n].end : words[n + 1].end] in "・=" and words[n + 2].tag in (Tag.PERSON, Tag.GIVEN, Tag.SURNAME):
            n += 2
        start, end = words[first].start, words[n].end
        text = line[start:end]
        if historic or self._blocked(line, start, end, words, n):
            return n + 1, None
        if n > first:
            return n + 1, Hit(start, end, 0.7, "foreign")
        if self.names.split(text) and len(text) >= 3:
            return n + 1, Hit(start, end, 0.7, "known person")
        return n + 1, None

    def _surname(self, line: str, words: tuple[Word, ...], n: int, historic: bool) -> tuple[int, Hit | None]:
        word = words[n]
        start, end = word.start, word.end
        after, last = self._given_after(line, words, n)
        if after:
            strong = word.tag is Tag.SURNAME or line[start:end] not in self.names.doubtful
            if historic or self._blocked(line, start, after, words, last):
                return last + 1, None
            spaced = line[end : end + 1] == " "
            if spaced and not strong and words[last].tag is not Tag.GIVEN:
                return n + 1, None
            role = self._role_before(line, start)
            return last + 1, Hit(start, after, 0.85 if strong else 0.7, "tagged", role or PersonRole.UNKNOWN)
        if historic or self._blocked(line, start, end, words, n):
            return n + 1, None
        role = self._role_before(line, start)
        text = line[start:end]
        if role is not None and self._after_role(line, word, text):
            return n + 1, Hit(start, end, 0.75, "role", role)
        if word.tag is Tag.GIVEN:
            return n + 1, self._given(line, words, n)
        if word.tag in (Tag.SURNAME, Tag.PLACE) and len(text) > 1 and _UNIT_BEFORE.search(line, max(0, start - 8), start) and not line[end:].strip(" 。)(印拝記"):
            return n + 1, Hit(start, end, 0.7, "signature", PersonRole.STAFF)
        if line[end : end + 1] == "家" and word.tag is Tag.SURNAME and len(text) > 1:
            return n + 1, Hit(start, end, 0.6, "family")
        if word.tag is Tag.SURNAME and len(text) > 1 and text[-1] not in "又一二三四五六七八九十" and (end >= len(line) or line[end] in _AFTER_ALONE):
            return n + 1, Hit(start, end, 0.5, "alone", alone=True)
        return n + 1, None

    def _after_role(self, line: str, word: Word, text: str) -> bool:
        """Whether a word behind a role is a surname and not a place or an ordinary word there."""
        if line[word.end : word.end + 1] == "の" and word.tag is not Tag.SURNAME:
            return False
        if word.tag is Tag.SURNAME:
            return text not in self.names.ordinary or len(text) > 1
        return len(text) > 1 and word.tag in (Tag.PLACE, Tag.GIVEN, Tag.PROPER) and text not in self.names.ordinary

    def _given_after(self, line: str, words: tuple[Word, ...], n: int) -> tuple[int, int]:
        """(end of a given name behind word n, number of its last word), or (0, n)."""
        k = n + 1
        if k < len(words) and words[k].tag is Tag.SPACE and words[k].end - words[k].start == 1:
            k += 1
        if k >= len(words) or words[k].start > words[n].end + 1:
            return 0, n
        spaced = k > n + 1
        text = line[words[k].start : words[k].end]
        if words[k].tag is Tag.GIVEN and _LETTERS.match(text):
            return words[k].end, k
        for j in range(min(k + 3, len(words)) - 1, k - 1, -1):
            piece = line[words[k].start : words[j].end]
            if len(piece) > 4 or piece not in self.names.given:
                continue
            if len(piece) == 1 and not spaced and words[k].tag is not Tag.GIVEN:
                continue
            if piece in self.names.common and not (spaced and words[n].tag is Tag.SURNAME):
                continue
            if all(w.tag in (Tag.PARTICLE, Tag.SYMBOL, Tag.NUMBER, Tag.VERB) for w in words[k : j + 1]):
                continue
            if j + 1 < len(words) and words[j].end < len(line) and _KANJI_WORD.match(line[words[j].end]) and not TITLE.match(line, words[j].end):
                continue
            return words[j].end, j
        if spaced and words[n].tag is Tag.SURNAME and line[words[n].start : words[n].end] not in self.names.ordinary:
            rare = re.compile(rf"(?:{_RUN}{{1,3}}|[{HIRAGANA}]{{2,4}})(?=[はがもをにと、。,()/・:\]]| |$)").match(line, words[k].start)
            if rare and not NOT_NAME_ENDINGS.search(rare.group()) and (not self._ordinary(rare.group()) or self.names.looks_given(rare.group())) and rare.group() not in BEFORE:
                last = max(j for j in range(k, len(words)) if words[j].start < rare.end())
                return rare.end(), last
        return 0, n

    def _given(self, line: str, words: tuple[Word, ...], n: int) -> Hit | None:
        """A given name behind a word of kinship: 「息子の翔太が」."""
        word = words[n]
        text = line[word.start : word.end]
        if len(text) < 2 and not re.fullmatch(_RUN, text):
            return None
        before = line[max(0, word.start - 8) : word.start]
        if re.search(rf"(?:{'|'.join(KINSHIP)})(?:の|、|は|\(|「| )?$", before) and not self._blocked(line, word.start, word.end, words, n):
            return Hit(word.start, word.end, 0.75, "kinship", PersonRole.FAMILY)
        return None

    def _role_before(self, line: str, start: int) -> PersonRole | None:
        """The role that the word before announces, across one particle, colon, space or bracket."""
        head = line[max(0, start - LONGEST_BEFORE - 2) : start]
        joint = _BETWEEN.search(head)
        head = head[: joint.start()] if joint else head
        for size in range(min(LONGEST_BEFORE, len(head)), 0, -1):
            role = BEFORE.get(head[-size:])
            if role is not None and (size > 1 or (joint and joint.group() in ("の", ":", "は", "(") and not _KANJI_WORD.match(head[-2:-1] or " "))):
                return role
        return None

    def _blocked(self, line: str, start: int, end: int, words: tuple[Word, ...], last: int) -> bool:
        """Whether what stands beside makes it a company, place, building, product …"""
        if ORGANISATION.search(line, max(0, start - 6), start) or PLACE_BEFORE.search(line, max(0, start - 8), start):
            return True
        if NOT_AFTER.match(line, end) and not TITLE.match(line, end):
            return True
        if start and _KANJI_WORD.match(line[start - 1]) and self._role_before(line, start) is None:
            return True
        if last + 1 < len(words) and words[last + 1].start == end:
            following = words[last + 1]
            if following.tag in (Tag.NOUN, Tag.SUFFIX, Tag.PROPER, Tag.PLACE, Tag.NUMBER) and not TITLE.match(line, end) and line[end] not in "家宅側方":
                return True
        return False


_NOT_TITLED = re.compile("様(?:式|子|相|態|な[ 、もの]|に(?:なる|な|して))|さま(?:で|ざま)|さん(?=[ぁ-ん])(?![はがもをにとへのやでかだなよねっら、])|さん(?:ちの|ぽ|か月|ヶ月)|殿(?:堂|下)|氏(?:名|族|神)|君(?:主|臨)")


def _titled(line: str, name: str, title: str, end: int) -> bool:
    """Whether the title is one: not the beginning of another word, nor the end of a longer title."""
    if _NOT_TITLED.match(line, end - len(title)) or name[-1] in "多同異仕模有" and title == "様":
        return False
    if title in HONORIFICS and title != "先生":
        return True
    if name + title in TITLES or name in "本副総支前元現新旧各同正次主中":
        return False
    after = line[end : end + 1]
    return not (after and _KANJI_WORD.match(after)) or bool(TITLE.match(line, end)) or after in "宅宛席談"


def _product(line: str, start: int, end: int) -> bool:
    """A name inside the quoted name of something for sale."""
    opening = max(line.rfind("「", 0, start), line.rfind("『", 0, start))
    if opening < 0 or re.search("[」』]", line[opening:start]):
        return False
    closing = re.compile("[」』]").search(line, end)
    return bool(closing and re.match(r".{0,25}?[0-9][0-9,]*(?:円|g\b|kg|ml|L\b|個|本|種|袋|枚|%)", line[closing.end() :]))


def _disjoint(hits: list[Hit]) -> list[Hit]:
    """The surest of overlapping hits, a longer one before a shorter one of like certainty."""
    chosen: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-round(h.score, 1), h.start - h.end, h.start)):
        if all(hit.end <= c.start or c.end <= hit.start for c in chosen):
            chosen.append(hit)
    return sorted(chosen)
