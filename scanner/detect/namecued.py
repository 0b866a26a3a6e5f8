"""Names that a sure cue announces whatever letters they are written in: known to the gazetteers or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.detect.gazetteer import Names, katakana
from scanner.detect.namecues import CUES, Cue, label_role
from scanner.detect.namecues import PATTERNS as WEIGHED
from scanner.detect.namelexis import COMPANY_BEHIND, KANJI_WORD, Hit, Lexis
from scanner.detect.nameodds import PLACE, Odds
from scanner.detect.namewords import (
    BEFORE,
    HIRAGANA,
    HONORIFICS,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    NOT_AFTER,
    NOT_BEFORE_HONORIFIC,
    NOT_NAME_ENDINGS,
    ORGANISATION,
    SUBJECT_BEFORE,
    TITLES,
    longest_first,
)
from scanner.detect.tagger import Tag, Tagger
from scanner.model import PersonRole

_K, _KANA, _H = NAME_KANJI, KATAKANA, HIRAGANA
_ENDS = rf"(?=様|氏|殿|君|嬢|夫妻|御夫妻|夫人|女史|本人|[^{_K}]|$)"  # behind kanji: no further letter of the name
_WIDE = rf"[{_K}{_H}{_KANA}](?: {{1,2}}(?![様氏殿印])[{_K}{_H}{_KANA}]){{2,8}}(?![{_KANA}]){_ENDS}"
_KATA_PAIR = rf"[{_KANA}]{{1,12}}(?:[ ・=]{{1,2}}[{_KANA}]{{1,12}}){{1,3}}(?![{_KANA}])"
_HIRA_PAIR = rf"[{_H}]{{2,8}} {{1,2}}[{_H}]{{2,7}}?"
_KANJI_PAIR = rf"[{_K}]{{1,5}}(?: {{1,2}}(?:[{_K}]{{1,4}}?{_ENDS}|[{_KANA}]{{2,6}}(?![{_KANA}])|[{_H}]{{2,5}}?))"
_LATIN = r"[A-Z][A-Za-z'-]+(?:,? [A-Z][A-Za-z'-]+){1,3}(?![A-Za-z])"
_JOINED = (
    rf"[{_K}]{{2,8}}?{_ENDS}|[{_K}]{{1,5}}(?:[{_KANA}]{{2,5}}(?![{_KANA}])|[{_H}]{{2,4}}?)|"
    rf"[{_KANA}]{{3,14}}(?![{_KANA}])|[{_H}]{{4,14}}?"
)
_APART = rf"{_WIDE}|{_KATA_PAIR}|{_HIRA_PAIR}|{_KANJI_PAIR}"
_ANY = rf"(?P<name>{_APART}|{_LATIN}|{_JOINED})"
_LEFT = rf"(?<![{_K}{_KANA}{_H}A-Za-z・])"
_UNIT = "部|課|係|室|局|店|科|班|院|会|社|グループ|チーム|センター|担当|事務局|支所"
_CASE = "が|は|を|の|に|と|も|で|へ|から|より"
_TOLD = (
    "本名|通称名?|実名|記名|署名|対象者|緊急連絡先|喪主|被相続人|相続人|名義人?|届出人|申請者|申込者|請求者|所有者|契約者|"
    "利用者|相談者|受診者|患者|被害者|生徒|児童|園児"
)
_POLITE = longest_first(tuple(h for h in HONORIFICS if h not in ("先生", "君", "翁", "さまへ")))

# Each cue names the person by "name". The first of them that fits at a place wins.
_CUES: tuple[tuple[str, float, re.Pattern[str]], ...] = (
    (
        "honorific",
        0.85,
        re.compile(rf"(?<![{_K}{_KANA}A-Za-z・])(?P<name>{_WIDE}|{_KATA_PAIR}|{_KANJI_PAIR}) ?(?:{_POLITE})(?![子式々で])"),
    ),
    ("honorific", 0.85, re.compile(rf"(?:{_LEFT}|(?<=[、。にはがでとも]))(?P<name>{_HIRA_PAIR}) ?(?:{_POLITE})(?![子式々で])")),
    ("in person", 0.8, re.compile(rf"(?:{_LEFT}|(?<=[はがをに、])){_ANY} ?(?:ご)?本人(?=[がはのもにをと、])")),
    ("told", 0.75, re.compile(rf"(?:{_TOLD})は ?{_ANY}(?=[、。(\n]|$| ?(?:さん|様|氏))")),
    ("told", 0.75, re.compile(rf"本名の ?{_ANY}(?=[、。]|で|を)")),
    ("told", 0.75, re.compile(rf"(?:生徒|児童|園児|患者|利用者|社員|職員|会員|氏)名 {_ANY}(?= |$|[、。はが(])")),
    ("as", 0.75, re.compile(rf"(?:代表|喪主|講師|司会|来賓|代理|後任|担当|証人)(?:として|に) ?{_ANY}(?=が|は|を|氏)")),
    ("of a unit", 0.75, re.compile(rf"(?:{_UNIT})の ?{_ANY}(?=です|でございます|と申し|と言い|といい)")),
    (
        "of a unit",
        0.7,
        re.compile(rf"^[^。、\n]{{2,24}}[^。、\nあ-ん]の ?(?P<name>[{_K}]{{2,4}})(?=です[。]?$|でございます|と申し)"),
    ),
    ("letter", 0.75, re.compile(rf"^ *{_ANY} {{1,2}}(?=拝$)")),
    ("bullet", 0.7, re.compile(rf"^ *[・•*●○-] ?{_ANY} ?\([^()\n]{{0,12}}(?:{_UNIT}|長|代表|委員|[年組歳])\)$")),
    (
        "speaker",
        0.75,
        re.compile(rf"^\[?(?:[0-9]{{2,4}}[/-][0-9/-]+[ T])?[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?\]? {{1,3}}{_ANY} ?(?::|$)"),
    ),
    (
        "key",
        0.75,
        re.compile(rf"\b(?:user|user_?name|operator|staff|author|patient|customer)=[\"']?{_ANY}(?=[\"']?(?: [a-z_]+=|$|[,;&]))"),
    ),
    ("seal", 0.75, re.compile(rf"(?:^| ) *(?:[^ ]{{1,12}}(?:{_UNIT}|支部|組合|長|員|者) +)?{_ANY} {{1,3}}(?:印|\(印\)|㊞)$")),
    ("record", 0.75, re.compile(rf"[0-9]{{4,}} {{1,3}}(?P<name>{_KATA_PAIR}|[{_KANA}]{{4,14}}) +[0-9]{{4,}}")),
    ("according to", 0.75, re.compile(rf"[たるの、]{_ANY}(?=によれば|によると)")),
    (
        "moves",
        0.75,
        re.compile(rf"(?:このたび|この度|今般)、? ?{_ANY}(?=[がは][^。]{{0,30}}(?:退職|就任|着任|異動|入社|退任|転勤|逝去|永眠))"),
    ),
    ("letter", 0.8, re.compile(rf"^(?:Dear|Hi|Hello) (?:Mr\. |Ms\. |Mrs\. |Dr\. )?(?P<name>{_LATIN})(?=,|$)")),
    ("letter", 0.8, re.compile(rf"^ *(?:[A-Z][a-z]+(?:-[a-z]+)?-by): *{_ANY} ?(?=<|$)")),
    ("letter", 0.8, re.compile(rf"^(?:Author|Committer|From|To|Cc): *{_ANY} ?(?=<)")),
)
PATTERNS = {
    **{f"cue {n}": (pattern,) for n, (_, _, pattern) in enumerate(_CUES)},
    **WEIGHED,
}
_HONOURED = sum(1 << n for n, (rule, _, _) in enumerate(_CUES) if rule == "honorific")  # of words apart alone
_PARTED = re.compile("[ ・=]")
_SIGN = re.compile(
    rf"本人|拝$|(?:{_POLITE})|は|の|名 |として|に|[(:=印㊞]|よ|ば|^Dear|-by:|^H[ie]|[0-9]:[0-9]{{2}}|[0-9] +[{_KANA}]"
)
_ENOUGH = 0.7  # log odds
_MORE = re.compile(
    rf"(?:様|さん|氏|先生)?(?:\([^()\n]{{1,8}}\))? ?(?:[、,・/]|→|⇒|=>|と) ?"
    rf"([{_K}]{{1,4}}(?: [{_K}]{{1,3}})?|[{_KANA}]{{2,8}})(?![{_K}{_KANA}{_H}](?<![とがはにでの]))"
)
_WORDS = frozenset((*BEFORE, *KINSHIP, *TITLES, *NOT_BEFORE_HONORIFIC))
_POLITE_FORM = re.compile("まし|ます|です|でし|でい|ござ|くださ")


class Cued(Lexis):
    """Finds names by cues that suffice without a gazetteer, and by those that count together with what the word says."""

    def __init__(self, names: Names, tagger: Tagger | None, odds: Odds) -> None:
        super().__init__(names, tagger)
        self.odds = odds

    def cued(self, line: str, cues: int = -1) -> Iterator[Hit]:
        """Names of a line, each once for every cue. ``cues``: bits of those that may stand in it; -1: all."""
        if not _SIGN.search(line):
            return
        if cues & _HONOURED and not _PARTED.search(line):
            cues &= ~_HONOURED
        for n, (rule, score, pattern) in enumerate(_CUES):
            for hit in pattern.finditer(line) if cues & 1 << n else ():
                start, end = self._trimmed(line, hit.start("name"), hit.end("name"), rule)
                name = line[start:end]
                if rule == "record" and not re.search("[ ・]", name) and not self.names.split_kana(name):
                    continue
                if self._person(name) and not COMPANY_BEHIND.match(line, end):
                    wide = rule == "honorific" and bool(re.fullmatch(_WIDE, name))  # surer than its last letter alone
                    yield Hit(start, end, 0.9 if wide else score, rule, _role(hit.group()))

    def _trimmed(self, line: str, start: int, end: int, rule: str) -> tuple[int, int]:
        """The range of a name without a word before it (市役所 樫出) or what somebody says behind it (榎並 おはよう)."""
        pieces = line[start:end].split(" ")
        if len(pieces) != 2 or not KANJI_WORD.fullmatch(pieces[0]):
            return start, end
        first, last = pieces
        known = self.names.surnames.get(first, 0) >= 4 or last in self.names.given or katakana(last) in self.names.given_kana
        if rule == "honorific" and not known and (self.names.word(first) or NOT_NAME_ENDINGS.search(first)) and len(first) > 1:
            return end - len(last), end
        if rule == "speaker" and last not in self.names.given and re.fullmatch(f"[{_H}]+", last):
            return start, end - len(last) - 1
        return start, end

    def weighed(self, line: str, cues: int = -1) -> Iterator[Hit]:
        """Names by the table of cues: what the wording says and what the word says together."""
        for n, cue in enumerate(CUES):
            for hit in cue.pattern.finditer(line) if cues & 1 << n else ():
                yield from self._in(cue, line, hit)

    def _in(self, cue: Cue, line: str, hit: re.Match[str]) -> Iterator[Hit]:
        start, end = hit.span("name")
        told = label_role(hit["label"]) if "label" in cue.pattern.groupindex else cue.role
        if told is None:
            return
        while (sure := self._sure(cue, line, start, end)) is not None:
            score, end = sure
            yield Hit(start, end, score, cue.rule, told)
            following = _MORE.match(line, end) if cue.more else None
            if following is None:
                break
            start, end = following.span(1)

    def _sure(self, cue: Cue, line: str, start: int, end: int) -> tuple[float, int] | None:
        """Certainty and end of the name at a cue, else None."""
        name = line[start:end]
        if NOT_AFTER.match(line, end) or COMPANY_BEHIND.match(line, end):
            return None
        odds = self.odds.of(name)
        if " " in name and odds < 2:
            first = name.split(" ")[0]
            return self._sure(cue, line, start, start + len(first))
        total = cue.weight + odds - (PLACE if cue.places and self.odds.place(name) else 0.0)
        return (round(min(0.85, 0.6 + 0.06 * total), 2), end) if total >= _ENOUGH else None

    def _person(self, name: str) -> bool:
        """Whether what stands at a cue is written as a name and no ordinary word, role, unit or phrase."""
        pieces = re.split("[ ・=,]+", name)
        wide = len(pieces) > 2 and all(len(p) == 1 for p in pieces)
        if (not wide and any(p in _WORDS for p in (*pieces, name))) or ORGANISATION.search(name):
            return False
        if not wide and any(len(p) > 1 and p[-1] in "様氏殿" for p in pieces):
            return False
        if name.isascii():
            return len(pieces) > 1
        if wide:
            return not self._ordinary("".join(pieces))
        known = self._known_part(name, pieces)
        if re.fullmatch(f"[{_H}ー ]+", name):
            if _POLITE_FORM.search(name) or any(self._ordinary(p) and len(p) > 2 for p in pieces):
                return False
            return known or (len(pieces) > 1 and not any(self._ordinary(p) or p[-1] in "をはがに" for p in pieces))
        if not known and NOT_NAME_ENDINGS.search(name):
            return False
        if len(pieces) > 1:
            return known or not any(self._ordinary(p) and len(p) > 1 for p in pieces)
        if self._ordinary(name):
            return name in self.names.surnames and name not in self.names.ordinary and name not in self.names.doubtful
        return known or not self._compound(name)

    def _known_part(self, name: str, pieces: list[str]) -> bool:
        names = self.names
        joined = "".join(pieces)
        if joined in names.surnames or names.split(joined) or names.split_kana(joined):
            return True
        if len(pieces) > 1:
            return any(
                p in names.surnames
                or (p in names.given and not (p in names.common and p in names.vocabulary))
                or katakana(p) in names.surname_kana
                or katakana(p) in names.given_kana
                for p in pieces
            )
        mixed = re.fullmatch(rf"[{_K}]+([{_H}]+)", name)
        if mixed and mixed[1] not in names.given and katakana(mixed[1]) not in names.given_kana:
            return False
        if any(name[:n] in names.surnames and not self._ordinary(name[n:]) for n in range(1, len(name)) if len(name) - n <= 3):
            return not self._ordinary(name) and not self._compound(name)
        kana = katakana(name)
        if re.fullmatch(f"[{_KANA}]+", kana):
            return any(kana[n:] in names.given_kana or (kana[:n] in names.surname_kana and n > 2) for n in range(2, len(kana) - 1))
        return False

    def _compound(self, name: str) -> bool:
        """Whether it falls into ordinary words of the dictionary: 営業担当, カスタマーサービス."""
        if self.tagger is None:
            return self.names.compound(name) or not 2 <= len(name) <= 6
        words = [(w.tag, name[w.start : w.end]) for w in self.tagger.words(name)]
        plain = [w for _, w in words if self._ordinary(w)]
        return (len(plain) == len(words) and any(len(w) > 1 for w in plain)) or any(t is Tag.NUMBER for t, _ in words)


def _role(text: str) -> PersonRole:
    """Whose name it is, told by the cue's own words."""
    if re.search(rf"(?:{_UNIT})の", text):
        return PersonRole.STAFF
    return PersonRole.SUBJECT if any(text.startswith(w) for w in SUBJECT_BEFORE) else PersonRole.UNKNOWN
