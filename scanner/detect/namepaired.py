"""Names as pairs of surname and given name: by the tags of words, or by the gazetteer alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namelexis import KANJI_WORD, LETTERS, RUN, Hit, Lexis
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    HEADS_OF_PLACES,
    HIRAGANA,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_AFTER,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    PLACE_BEFORE,
    TITLE,
    TITLES,
)
from scanner.detect.tagger import Tag, Word
from scanner.model import PersonRole

_AFTER_ALONE = frozenset("(はがもをにとへのや、。)」』:/ \n")
_UNIT_BEFORE = re.compile(
    rf"[{NAME_KANJI}{KATAKANA}](?:部|課|係|室|科|局|院|会|店|所|班|病棟|センター|チーム|グループ|組|係長|主任|担当|事務)[ ]$"
)


_KANA_GIVEN = re.compile(rf"(?:[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,5}})(?![{HIRAGANA}{KATAKANA}{NAME_KANJI}])")


@lru_cache(maxsize=50_000)
def joined(names: Names, run: str) -> int:
    """Length of the surname where a run of kanji is a known surname and a usual given name joined, else 0."""
    size = names.split(run) if 3 <= len(run) <= 6 else 0
    if not size:
        return 0
    given = run[size:]
    usual = (len(given) > 1 or names.given.get(given, 0) == 2) and given not in names.common
    return size if usual and not NOT_NAME_ENDINGS.search(run) and not names.compound(run) else 0


def before_given(names: Names, line: str, start: int, end: int) -> bool:
    """Whether a run of kanji that is no word stands a space before a usual given name: the surname may be rare, 「門伝 正志」."""
    following = KANJI_WORD.match(line, end + 1) if 2 <= end - start <= 3 else None
    given = following.group() if following else ""
    if len(given) < 2 or given not in names.given or given in names.common or given in names.surnames or names.word(given):
        return False
    run = line[start:end]
    plain = run in names.vocabulary or names.word(run) or names.compound(run) or run in BEFORE or run in TITLES
    return not plain and not NOT_NAME_ENDINGS.search(run) and not NOT_AFTER.match(line, end + 1 + len(given))


def _letters(line: str, first: re.Match[str], second: re.Match[str] | None) -> bool:
    """Whether two single kanji are letters of a heading set wide: 「身 元 保 証 書」."""
    if second is None or len(first.group()) > 1 or len(second.group()) > 1:
        return False
    before, after = line[max(0, first.start() - 3) : first.start()], line[second.end() : second.end() + 3]
    return bool(re.search(rf"(?:^| ){RUN} $", before) or re.match(rf" {RUN}(?: |$)", after))


class Paired(Lexis):
    """Finds whole names, and surnames alone, from the words of a line."""

    def pairs(self, line: str, historic: bool) -> Iterator[Hit]:
        """Surname and given name, joined or parted by one space, as a whole run of kanji."""
        if historic:
            return
        for hit in KANJI_WORD.finditer(line):
            run, start, end = hit.group(), hit.start(), hit.end()
            if line[end : end + 1] == " " and run in self.names.surnames:
                following = KANJI_WORD.match(line, end + 1)
                if _letters(line, hit, following):
                    continue
                if following and following.group() in self.names.given and not NOT_AFTER.match(line, following.end()):
                    yield Hit(start, following.end(), 0.8, "pair")
                elif following and self._rare_given(line, run, following):
                    yield Hit(start, following.end(), 0.65, "pair")
                elif following is None and (kana := _KANA_GIVEN.match(line, end + 1)) and self._given_kana(run, kana.group()):
                    yield Hit(start, kana.end(), 0.75, "pair")
            elif line[end : end + 1] == " " and before_given(self.names, line, start, end):
                yield Hit(start, end + 1 + len(KANJI_WORD.findall(line, end + 1)[0]), 0.65, "pair")
            elif joined(self.names, run) and not NOT_AFTER.match(line, end):
                yield Hit(start, end, 0.7, "pair")

    def _rare_given(self, line: str, surname: str, following: re.Match[str]) -> bool:
        """Whether an unknown word behind a surname and a space is written as given names are, and is no word."""
        names, given, end = self.names, following.group(), following.end()
        plain = given in names.vocabulary or names.word(given) or names.compound(given) or NOT_NAME_ENDINGS.search(given)
        if plain or not 2 <= len(given) <= 3 or not names.looks_given(given) or given in names.surnames:
            return False
        usual = surname not in names.vocabulary and surname not in BEFORE and surname not in CITIES
        return usual and (end == len(line) or line[end] in _AFTER_ALONE) and not NOT_AFTER.match(line, end)

    def _given_kana(self, surname: str, given: str) -> bool:
        """Whether kana behind a surname and a space are a given name and no word."""
        known = given in self.names.given or katakana(given) in self.names.given_kana
        plain = (surname in self.names.vocabulary and self.names.surnames[surname] < 3) or surname in BEFORE
        return known and not plain and (not self._ordinary(given) or self.names.surnames[surname] >= 3)

    def tagged(self, line: str, words: tuple[Word, ...], historic: bool) -> Iterator[Hit]:
        """Names among the words of a line. ``historic``: it speaks of a past whose people are no one's data."""
        n = 0
        while n < len(words):
            word = words[n]
            text = line[word.start : word.end]
            if word.tag is Tag.PERSON:
                n, hit = self._person(line, words, n, historic)
            elif word.tag is Tag.SURNAME or (
                text in self.names.surnames and word.tag in (Tag.PLACE, Tag.PROPER, Tag.NOUN, Tag.GIVEN)
            ):
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
        while (
            n + 2 < len(words)
            and line[words[n].end : words[n + 1].end] in "・="
            and words[n + 2].tag in (Tag.PERSON, Tag.GIVEN, Tag.SURNAME)
        ):
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
            if spaced and line[start:end] in KINSHIP:
                return last + 1, Hit(end + 1, after, 0.8, "kinship", PersonRole.FAMILY)
            role = self._role_before(line, start)
            return last + 1, Hit(start, after, 0.85 if strong else 0.7, "tagged", role or PersonRole.UNKNOWN)
        if historic or self._blocked(line, start, end, words, n):
            return n + 1, None
        role = self._role_before(line, start)
        text = line[start:end]
        title = TITLE.match(line, end)
        place = text in self.names.doubtful and title is not None and title.group() in HEADS_OF_PLACES  # 千葉支店長
        if role is not None and not place and self._after_role(line, word, text):
            return n + 1, Hit(start, end, 0.75, "role", role)
        if word.tag is Tag.GIVEN:
            return n + 1, self._given(line, words, n)
        if (
            word.tag in (Tag.SURNAME, Tag.PLACE)
            and len(text) > 1
            and _UNIT_BEFORE.search(line, max(0, start - 8), start)
            and not line[end:].strip(" 。)(印拝記")
        ):
            return n + 1, Hit(start, end, 0.7, "signature", PersonRole.STAFF)
        if line[end : end + 1] == "家" and word.tag is Tag.SURNAME and len(text) > 1:
            return n + 1, Hit(start, end, 0.6, "family")
        usual_place = word.tag is Tag.PLACE and self.names.surnames.get(text, 0) >= 4
        if (
            (word.tag is Tag.SURNAME or usual_place)
            and len(text) > 1
            and LETTERS.match(text[-1])
            and text[-1] not in "又一二三四五六七八九十"
            and (end >= len(line) or line[end] in _AFTER_ALONE)
        ):
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
        if words[k].tag is Tag.GIVEN and LETTERS.match(text):
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
            if (
                j + 1 < len(words)
                and words[j].end < len(line)
                and KANJI_WORD.match(line[words[j].end])
                and not TITLE.match(line, words[j].end)
            ):
                continue
            return words[j].end, j
        if spaced and words[n].tag is Tag.SURNAME and line[words[n].start : words[n].end] not in self.names.ordinary:
            rare = re.compile(
                rf"(?:{RUN}{{1,3}}|[{KATAKANA}]{{2,4}}|[{HIRAGANA}]{{2,4}})(?=[はがもをにと、。,()/・:\]]| |$)"
            ).match(line, words[k].start)
            if (
                rare
                and not NOT_NAME_ENDINGS.search(rare.group())
                and (not self._ordinary(rare.group()) or self.names.looks_given(rare.group()))
                and rare.group() not in BEFORE
            ):
                return rare.end(), bisect_left(words, rare.end(), key=lambda w: w.start) - 1
        return 0, n

    def _given(self, line: str, words: tuple[Word, ...], n: int) -> Hit | None:
        """A given name behind a word of kinship: 「息子の翔太が」."""
        word = words[n]
        text = line[word.start : word.end]
        if len(text) < 2 and not re.fullmatch(RUN, text):
            return None
        before = line[max(0, word.start - 8) : word.start]
        if re.search(rf"(?:{'|'.join(KINSHIP)})(?:の|、|は|\(|「| )?$", before) and not self._blocked(
            line, word.start, word.end, words, n
        ):
            return Hit(word.start, word.end, 0.75, "kinship", PersonRole.FAMILY)
        return None

    def _blocked(self, line: str, start: int, end: int, words: tuple[Word, ...], last: int) -> bool:
        """Whether what stands beside makes it a company, place, building, product …"""
        apart = line[start - 1 : start] == " " and " " in line[start:end]
        if (not apart and ORGANISATION.search(line, max(0, start - 6), start)) or PLACE_BEFORE.search(
            line, max(0, start - 8), start
        ):
            return True
        if NOT_AFTER.match(line, end) and not TITLE.match(line, end):
            return True
        if start and KANJI_WORD.match(line[start - 1]) and self._role_before(line, start) is None:
            return True
        if last + 1 < len(words) and words[last + 1].start == end:
            following = words[last + 1]
            if (
                following.tag in (Tag.NOUN, Tag.SUFFIX, Tag.PROPER, Tag.PLACE, Tag.NUMBER)
                and not TITLE.match(line, end)
                and line[end] not in "家宅側方"
            ):
                return True
        return False
