"""Names that the words before or around them announce: roles, kinship, introductions, readings, Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import ahocorasick_rs

from scanner.detect.gazetteer import katakana
from scanner.detect.namelexis import COMPANY_BEHIND, KANJI_WORD, RUN, Hit, Lexis
from scanner.detect.namewords import (
    BEFORE,
    CITIES,
    FUNCTIONS,
    HIRAGANA,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_AFTER,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    TITLES,
    longest_first,
)
from scanner.detect.tagger import Tag
from scanner.model import PersonRole
from scanner.text.japanese import without_surrogates

_ROMAJI = re.compile(
    r"([A-Z](?<![A-Za-z0-9@._-].)(?:[a-z]{1,11}|[A-Z]{1,11})),? ([A-Z][a-z]{1,11}(?:-[a-z]+)?|[A-Z]{2,12})(?![A-Za-z0-9@_-])"
)
_INITIALS = re.compile(
    r"(?<![A-Za-z0-9@._-])(?:[A-Z](?:[a-z]{1,11}|\.) (?:[A-Z]\. )?(?<=\. )(?P<last>[A-Z][a-z]{2,11}|[A-Z]{3,12})|"
    r"(?P<first>[A-Z][a-z]{2,11}),? [A-Z]\.(?: ?[A-Z]\.)?)(?![A-Za-z0-9@])"
)
_MAIDEN = re.compile(rf"旧姓[:は ]*({RUN}{{1,4}})")
_READING = re.compile(
    rf"[(](?:読み:?|よみ:?)?([{KATAKANA}]{{2,10}}(?:[ ・][{KATAKANA}]{{2,10}})?|[{HIRAGANA}]{{2,10}}(?: [{HIRAGANA}]{{2,10}})?)[)]"
)
_CALLED = re.compile(rf"[「(]?([{KATAKANA}]{{2,10}})[」)]?と(?:読|お読み|よみ|よむ)")
_roles = longest_first(BEFORE)
_ROLE_NAME = re.compile(
    rf"(?P<role>{_roles})(?P<joint>の|:|は|、|\(| |)(?P<run>{RUN}{{1,5}}|[{KATAKANA}{HIRAGANA}]{{1,3}}[子美江代枝]|"
    rf"[{HIRAGANA}]{{2,4}}(?=[がはもをとに]))"
    r"(?=[はがもをにとへのや、。,)(:;/・\s\]→]|です|でし|さん|$)"
)
_NAMED = re.compile(
    rf"(?:名字|苗字|姓|お?名前|氏名|読み|本名|旧姓|名)(?:が|は|を|も)「([{NAME_KANJI}{HIRAGANA}{KATAKANA} ]{{1,10}})」"
)
_SELF = re.compile(
    rf"(?:^|[。、「'\s\x22]|の)({RUN}{{1,3}}|[{KATAKANA}]{{2,6}})(?:\([{KATAKANA}{HIRAGANA}]+\))?(と申します|といいます|と言います|でございます|です[。。、])"
)
_SPEAKER = re.compile(rf"^\[?[0-9]{{1,4}}[0-9/:. T-]*\]? +({RUN}{{1,6}}) ?:")
_CARE_OF = re.compile(rf"(?<![{NAME_KANJI}])({RUN}{{1,4}})(?:様)?方(?=[ 、。)]|$)")
_CARE_END = re.compile(r"方(?:[ 、。)]|$)")
_HOLDER = re.compile(
    rf"(?:普通|当座|貯蓄|口座)[^ァ-ヴ]{{0,12}}[0-9]{{6,8}} {{1,3}}"
    rf"([{KATAKANA}]{{1,10}} [{KATAKANA}]{{1,10}})(?![{KATAKANA}])"
)
_KANA_PAIR = re.compile(rf"(?<![{KATAKANA}・])([{KATAKANA}]{{2,7}}) ([{KATAKANA}]{{2,7}})(?![{KATAKANA}・ァ-ヴ])")
_DOTTED = re.compile(rf"(?<![{KATAKANA}・])[{KATAKANA}]{{2,12}}(?:[・=][{KATAKANA}]{{2,12}}){{1,3}}(?![{KATAKANA}・])")
_MIXED = re.compile(rf"(?<![{KATAKANA}・])([{KATAKANA}]{{2,10}})[ ・]({RUN}{{1,3}})(?=[ (、。,)/]|さん|様|氏|$)")
_PARTIES = frozenset(("被告", "原告", "被告人", "被疑者", "被害者", "加害者"))
_NOT_ROMAJI = frozenset(
    [
        "YOU",
        "TUBE",
        "DATE",
        "TIME",
        "MAKE",
        "TAKE",
        "SAME",
        "NOTE",
        "HERE",
        "HERO",
        "MAN",
        "SEE",
        "TO",
        "NO",
        "ONE",
        "SITE",
        "MODE",
        "NAME",
        "TONE",
        "ARE",
        "SHE",
        "HE",
        "ME",
        "WE",
        "IN",
        "ON",
        "OK",
        "ID",
        "TOTAL",
        "MINE",
        "TOKYO",
        "OSAKA",
        "KYOTO",
        "NARA",
        "KOBE",
        "MITSUI",
        "SUMITOMO",
        "JAPAN",
        "ASAHI",
        "TOYOTA",
        "HONDA",
        "SUZUKI-",
    ]
)
_SPACED = re.compile(rf"(?<![{NAME_KANJI}])(?:{RUN} ){{2,5}}{RUN}(?![{NAME_KANJI}])")
PATTERNS = {
    "roles": (_ROLE_NAME,),
    **{f"told {n}": (pattern,) for n, pattern in enumerate((_NAMED, _SELF, _SPEAKER, _CARE_OF, _HOLDER, _KANA_PAIR))},
    "maiden": (_MAIDEN,),
    "letters": (_SPACED,),
    "readings": (_CALLED,),
    "latin": (_ROMAJI, _INITIALS),
    "foreign": (_DOTTED, _MIXED),
}
SHAPES = {  # of which every match of a pattern that no string announces holds one: see ``Gates``
    "told 5": ((KATAKANA, " ", KATAKANA),),
    "letters": ((NAME_KANJI, " ", NAME_KANJI, " ", NAME_KANJI),),
    "latin": (("A-Za-z.,", " ", "A-Z"),),
    "foreign": ((KATAKANA, KATAKANA, "・=", KATAKANA, KATAKANA), (KATAKANA, KATAKANA, " ・", NAME_KANJI)),
}
_ROLES = ahocorasick_rs.AhoCorasick(list(BEFORE), matchkind=ahocorasick_rs.MatchKind.Standard)


def _role_names(line: str) -> Iterator[re.Match[str]]:
    """The same as ``_ROLE_NAME.finditer(line)``, tried at roles alone."""
    done = 0
    for start in sorted({s for _, s, _ in _ROLES.find_matches_as_indexes(without_surrogates(line), overlapping=True)}):
        hit = _ROLE_NAME.match(line, start) if start >= done else None
        if hit:
            done = hit.end()
            yield hit


class Announced(Lexis):
    """Finds names by what announces them."""

    def maiden(self, line: str) -> Iterator[Hit]:
        """「旧姓 種村」."""
        for hit in _MAIDEN.finditer(line):
            if hit[1] in self.names.surnames:
                yield Hit(hit.start(1), hit.end(1), 0.9, "maiden", PersonRole.SUBJECT)

    def letters(self, line: str) -> Iterator[Hit]:
        """「山 田 太 郎」."""
        for hit in _SPACED.finditer(line):
            if self.names.split(hit.group().replace(" ", "")):
                yield Hit(hit.start(), hit.end(), 0.85, "letters")

    def latin(self, line: str) -> Iterator[Hit]:
        """``Taro Yamada``, ``YAMADA Taro``: both words must be readings of Japanese names."""
        for hit in _ROMAJI.finditer(line):
            if hit[1].upper() in _NOT_ROMAJI or hit[2].upper() in _NOT_ROMAJI or COMPANY_BEHIND.match(line, hit.end()):
                continue
            a, b = self.names.romaji_kind(hit[1]), self.names.romaji_kind(hit[2].replace("-", ""))
            if (a & 1 and b & 2) or (a & 2 and b & 1):
                if min(len(hit[1]), len(hit[2])) < 3 and not (hit[1].isupper() ^ hit[2].isupper()):
                    continue
                yield Hit(hit.start(), hit.end(), 0.75, "romaji")

    def foreign(self, line: str) -> Iterator[Hit]:
        """「ホセ・マルティネス」."""
        for hit in _DOTTED.finditer(line):
            if self._foreign(*re.split("[・=]", hit.group())):
                yield Hit(hit.start(), hit.end(), 0.7, "foreign")
        for hit in _MIXED.finditer(line):  # 「ラモス 美智子」
            names, given = self.names, hit[2]
            strange = hit[1] not in names.vocabulary and not self._ordinary(hit[1])
            if strange and names.given.get(given, 0) and given not in names.common and given not in names.surnames:
                yield Hit(hit.start(), hit.end(), 0.7, "foreign")

    def _foreign(self, *pieces: str) -> bool:
        """Whether words in katakana are the parts of a foreign name: none a word, one known as such, the others as names too."""
        names = self.names
        known = [p in names.foreign or katakana(p) in names.given_kana or katakana(p) in names.surname_kana for p in pieces]
        return any(p in names.foreign for p in pieces) and all(known) and not any(p in names.vocabulary for p in pieces)

    def initials(self, line: str) -> Iterator[Hit]:
        """``Yohei J. Utsumi``, ``Minobu K.``: the reading of a surname with initials."""
        for hit in _INITIALS.finditer(line):
            surname = hit["first"] or hit["last"]
            if self.names.romaji_kind(surname) & 1 and surname.upper() not in _NOT_ROMAJI and len(surname) > 3:
                yield Hit(hit.start(), hit.end(), 0.7, "romaji")

    def readings(self, line: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """A reading in brackets right behind a name."""
        ends = {h.end for h in hits}
        for hit in _READING.finditer(line):
            before = line[: hit.start()].rstrip()
            trimmed = re.sub(r"(?:様|さん|殿|氏|先生)$", "", before)
            word = (
                hit[1] in self.names.vocabulary and katakana(hit[1]) not in self.names.surname_kana
            )  # 「ヴェレシュ氏(ヴァイオリン)」
            if (len(trimmed) in ends or len(before) in ends) and not word:
                yield Hit(hit.start(1), hit.end(1), 0.8, "reading")
        for hit in _CALLED.finditer(line):
            yield Hit(hit.start(1), hit.end(1), 0.7, "reading")

    def roles(self, line: str, historic: bool) -> Iterator[Hit]:
        """A surname as a whole run of kanji behind a role: 「相談員の三島が」, 「受付:安芸」; a child's name behind kinship."""
        for hit in _role_names(line):
            word, joint, run = hit["role"], hit["joint"], hit["run"]
            role, start, end = BEFORE[word], hit.start("run"), hit.end("run")
            if historic or NOT_AFTER.match(line, end) or run in BEFORE or run in NOT_BEFORE_HONORIFIC or ORGANISATION.search(run):
                continue
            if len(word) == 1 and hit.start() and KANJI_WORD.match(line[hit.start() - 1]):
                continue
            if word in KINSHIP:
                popular = self.names.given.get(run, 0) or (run[-1] in "子美江代枝" and not KANJI_WORD.match(run) and len(run) > 2)
                if (popular == 2 or (popular and run not in self.names.common)) and joint in ("の", "、", "は", "(", ":", " "):
                    yield Hit(start, end, 0.7, "kinship", PersonRole.FAMILY)
                continue
            weight = self.names.surnames.get(run, 0)
            tidy = joint in (":", "の", "(", " ")
            if (
                weight
                and tidy
                and run not in self.names.ordinary
                and (weight >= 4 or not self._noun(run))
                and (len(run) > 1 or (weight >= 4 and joint == ":"))
            ):
                if joint == "の" and run in self.names.doubtful and weight < 4:
                    continue
                yield Hit(start, end, 0.75, "role", role)
            elif self._stranger(word, joint, run):
                yield Hit(start, end, 0.65, "role", role)
            elif (
                not joint
                and (word in TITLES or word in _PARTIES)
                and weight >= 3
                and len(run) > 1
                and (weight >= 4 or not self._noun(run))
            ):
                yield Hit(start, end, 0.7, "role", role)  # 看護師江原へ
            elif joint == ":" and len(run) in (2, 3) and self.tagger is not None and self.tagger.kinds(run) == {Tag.PLACE}:
                yield Hit(start, end, 0.6, "role", role)
            elif (
                len(run) >= 3
                and self.names.split(run)
                and joint != " "
                and not self._ordinary(run)
                and run[self.names.split(run) :] not in self.names.common
            ):
                yield Hit(start, end, 0.8, "role", role)

    def _place(self, word: str) -> bool:
        return self.tagger is not None and Tag.PLACE in self.tagger.kinds(word)

    def _stranger(self, word: str, joint: str, run: str) -> bool:
        """Whether an unknown word behind 「副社長の」 or 「被告」 is a surname: kanji that make no word, no unit and no city."""
        if not (joint == "の" and word in TITLES) and not (not joint and word in _PARTIES):
            return False
        names = self.names
        if not 2 <= len(run) <= 4 or not KANJI_WORD.fullmatch(run) or run in FUNCTIONS or run in CITIES:
            return False
        plain = run in names.vocabulary or run in names.words or names.compound(run) or self._ordinary(run)
        return not plain and not NOT_NAME_ENDINGS.search(run)

    def told(self, line: str, ways: int = -1) -> Iterator[Hit]:
        """Where somebody says what a name is, or who is speaking. ``ways``: bits of those worth trying; -1: all."""
        for hit in _NAMED.finditer(line) if ways & 1 else ():
            yield Hit(hit.start(1), hit.end(1), 0.8, "named", PersonRole.SUBJECT)
        for hit in _SELF.finditer(line) if ways & 2 else ():
            run = hit[1]
            weight = self.names.surnames.get(run, 0)
            kana = katakana(run) in self.names.surname_kana and len(run) > 1 and run not in self.names.common
            polite = hit[2].startswith(("と", "でご"))
            if (weight >= 4 or (weight and len(run) > 1 and run not in self.names.ordinary)) or (kana and polite):
                if run in self.names.doubtful and not polite and hit.start(1) > 0 and weight < 4:
                    continue
                yield Hit(hit.start(1), hit.end(1), 0.7, "self")
        for hit in _SPEAKER.finditer(line) if ways & 4 else ():
            if self.names.surnames.get(hit[1], 0) >= 3 or self.names.split(hit[1]):
                yield Hit(hit.start(1), hit.end(1), 0.7, "speaker")
        for hit in _CARE_OF.finditer(line) if ways & 8 and _CARE_END.search(line) else ():
            if (
                hit[1] in self.names.surnames
                and len(hit[1]) > 1
                and not self._noun(hit[1] + "方")
                and not self._place(hit[1] + "方")
            ):
                yield Hit(hit.start(1), hit.end(1), 0.75, "care of")
        for hit in _HOLDER.finditer(line) if ways & 16 else ():
            yield Hit(hit.start(1), hit.end(1), 0.75, "account holder")
        for hit in _KANA_PAIR.finditer(line) if ways & 32 else ():
            if self._foreign(hit[1], hit[2]) or (
                katakana(hit[1]) in self.names.surname_kana
                and katakana(hit[2]) in self.names.given_kana
                and not (self._ordinary(hit[1]) or self._ordinary(hit[2]))
            ):
                yield Hit(hit.start(), hit.end(), 0.65, "kana pair")
