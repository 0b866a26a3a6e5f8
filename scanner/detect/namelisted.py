"""Names that stand in a row with others or right behind a title: minutes, lists of those present, boxes for seals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from scanner.detect.namelexis import COMPANY_BEHIND, KANJI_WORD, RUN, Hit, Lexis
from scanner.detect.nameodds import Odds
from scanner.detect.namescore import NameScorer
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
    SUBJECT_BEFORE,
    TITLES,
    longest_first,
)
from scanner.model import PersonRole

_ANNOUNCING: dict[str, PersonRole] = {
    w: r for w, r in {**TITLES, **BEFORE}.items() if len(w) > 1 and w not in KINSHIP and r is not PersonRole.UNKNOWN
}
_BEHIND = re.compile(
    rf"(?P<title>{longest_first(_ANNOUNCING)})(?: ?:|=)? {{0,2}}(?<=[ :=])"
    rf"(?P<name>{RUN}{{1,4}}(?: {{1,2}}(?:{RUN}{{1,3}}|[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,5}}))?|[{KATAKANA}]{{3,9}})"
    rf"(?=[、,()・/;\]」→]| |$|より|から|です|でし)(?!\))"
)
_TITLED_LINE = re.compile(r" *[^\s\d:。、]{1,10}(?: +[^\s\d:。、]{1,10})+ *")
_OVER_LINE = re.compile(r"[^\n。、:\d]{0,80}[長役員当査任印][^\n。、:\d]{0,80}")
_UNDER = 120  # characters of the line below that are read
_ENGLISH = re.compile(
    r"(?<![A-Za-z])(?:(?:Mr|Ms|Mrs|Miss|Dr|Prof)\.? ?(?P<titled>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)|"
    r"(?:Dear|Hi|Hello) (?P<greeted>[A-Z][a-z']+(?:-[A-Z][a-z']+)?)(?=(?:-(?:san|sama|sensei))?(?:,|!|$))|"
    r"(?P<honoured>[A-Z][a-z']{2,}(?: [A-Z][a-z']+)?)(?=-(?:san|sama|sensei)(?![A-Za-z])))"
)
_SPEAKS = rf"[{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,8}}(?: [{NAME_KANJI}{HIRAGANA}{KATAKANA}]{{1,5}})?"
_SPEAKS_LATIN = "[A-Z][a-z'-]+(?: [A-Z][A-Za-z'.-]+)?"
_CLOCK = r"(?:[0-9]{2,4}[/-][0-9/-]+(?:\([日月火水木金土]\))?[ T])?(?:午[前後] ?)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AP]M)?"
_SPOKEN = re.compile(
    rf"^\[?{_CLOCK}\]?[ \t]{{1,3}}(?:(?:{longest_first(_ANNOUNCING)}) )?"
    rf"((?:{_SPEAKS}|{_SPEAKS_LATIN})(?=\t| {{2,}}| ?:|\]|さん ?:| *$)|{_SPEAKS.split('(?: ')[0]}(?= )|{_SPEAKS_LATIN}(?= ))|"
    rf"^((?:{_SPEAKS}|{_SPEAKS_LATIN}))[ \t]{{1,4}}[(\[]?{_CLOCK}[)\]]?$",
    re.MULTILINE,
)
_SIGNED = re.compile(
    r"(?:[Rr]egards|[Ss]incerely|[Tt]hanks|[Cc]heers|[Bb]est(?: wishes)?|[Yy]ours truly|[Tt]hank you),?\n+ *"
    r"(?P<name>[A-Z][a-z'-]+(?: [A-Z][a-z'.-]+){0,2}) *(?=\n|$)"
)
# The line that closes a message: a name alone, or with what reaches its bearer, behind a sentence and before a gap.
_CLOSING = re.compile(
    rf"(?:。|ます|です|せ|い)[ )]*\n+ *(?P<name>{RUN}{{2,4}}(?: ?(?:{RUN}{{1,3}}|[{HIRAGANA}]{{2,4}}))?)"
    r"(?:\((?:内線|直通|電話|[^()\n]{0,8}[課係部室])[^()\n]{0,12}\))? *(?=\n *(?:\n|[-=_━─>*]|\Z)|\Z)"
)
_GREETINGS = ("egards", "incerely", "hanks", "heers", "ours truly", "hank you", "est,", "est wishes")  # of which _SIGNED needs one
_NOBODY = frozenset(
    {"Customer", "Customers", "Team", "All", "Sir", "Madam", "Everyone", "Everybody", "Colleagues", "Colleague", "Member", "There"}
    | {"Members", "Friends", "Friend", "Support", "Manager", "Staff", "User", "Users", "World", "Guest", "Applicant", "Client"}
    | {"Folks", "The"}
)
_PLACE_OF_NAME = (
    rf"(?P<name>{RUN}{{1,4}} {{1,2}}(?:{RUN}{{1,3}}|[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,6}})|{RUN}{{2,4}}|"
    rf"[{KATAKANA}]{{2,9}}(?:[・=][{KATAKANA}]{{2,9}})?)"
)
_LABELLED = re.compile(
    rf"(?<![{NAME_KANJI}])(?P<label>{RUN}{{1,6}}[者員医師士長係役番主]|(?:担当|主治|受持|責任){RUN}{{0,4}}(?:[A-Z]{{1,4}}|[{KATAKANA}]{{2,6}})?)"
    r"(?:\([^()\n]{1,6}\))?: ?"
)
_ONE = re.compile(_PLACE_OF_NAME + r"(?:様|さん|氏|先生)?(?:\([^()\n]{1,8}\))?(?:(?P<more>[、,・/] ?)|(?=[ 。)\]\n]|$))")
_OF_UNIT = re.compile(
    rf"(?:[課係室局科班]|[^本外]部|支店|支所|営業所|事務所|センター|事務局)(?P<gap> {{1,4}})"
    rf"(?P<name>{RUN}{{2,4}}(?: {{1,2}}(?:{RUN}{{1,3}}|[{HIRAGANA}]{{2,4}}|[{KATAKANA}]{{2,5}}))?)(?= {{0,2}}(?:$|\(|印)| {{2}})"
)
_WIDE_ON = re.compile(rf" {{1,3}}[{NAME_KANJI}{HIRAGANA}{KATAKANA}](?=[ 、,(]|$)")  # 「月 見 里  陽 菜」 goes on
_JOINT = re.compile(r"(?:様|さん|氏|先生|君)?(?:\([^()\n]{1,6}\))?(?: ?(?:[、,・/]|→|⇒|=>) ?|と)")
_LATIN_NEXT = re.compile(r"([A-Z][a-z'-]+ [A-Z][a-z'-]+)(?=[、,・。)\n]|$)")
_NEXT = re.compile(rf"({RUN}{{2,4}})(?=[、,・/()。\n]|$| |様|さん|氏|先生|君|が|は|も|と|で|を|の|に|へ)")
_BEFORE_IT = re.compile(rf"(?<![{NAME_KANJI}{KATAKANA}{HIRAGANA}])({RUN}{{2,4}})[、,・/] ?$")
PATTERNS = {"behind": (_BEHIND,), "of a unit": (_OF_UNIT,), "labelled": (_LABELLED,), "english": (_ENGLISH,)}
_TITLE_ENDS, _GAP, _ANY = "".join(sorted({w[-1] for w in _ANNOUNCING})), " :=", NAME_KANJI + KATAKANA
SHAPES = {  # of which every match of a pattern that no string announces holds one: see ``Gates``
    "behind": tuple((_TITLE_ENDS, *[_GAP] * n, _ANY) for n in range(1, 5)),
    "of a unit": tuple(("課係室局科班部店所ー", *[" "] * n, NAME_KANJI) for n in range(1, 5)),
}


class Listed(Lexis):
    """Finds names behind titles and names set in a row. ``scorer`` says what beside an open label is a name."""

    def __init__(self, scorer: NameScorer, odds: Odds) -> None:
        super().__init__(scorer.names, scorer.tagger)
        self.odds = odds
        self.scorer = scorer

    def behind(self, line: str) -> Iterator[Hit]:
        """「理事長 常盤(301)、監事 アブドゥル」: what stands behind a title and is no word."""
        for hit in _BEHIND.finditer(line):
            title, name, start, end = hit["title"], hit["name"], hit.start("name"), hit.end("name")
            if title in SUBJECT_BEFORE and not re.search("[:=]", hit.group()) and " " not in name:
                continue
            first = re.split(" +", name)[0]
            if " " in name and not (first in self.names.surnames or name.split(" ")[-1] in self.names.given):
                end = start + len(first)
                name = first
            if self.person(name) and not NOT_AFTER.match(line, end) and not _WIDE_ON.match(line, end):
                yield Hit(start, end, 0.7, "behind a title", _ANNOUNCING[title])

    def of_unit(self, line: str) -> Iterator[Hit]:
        """「審査課  菅沼」: who signs for a part of an organisation, at the end of a line or of its column."""
        for hit in _OF_UNIT.finditer(line):
            name, start, end = hit["name"], hit.start("name"), hit.end("name")
            pieces = name.split()
            sure = pieces[0] in self.names.surnames
            if len(pieces) > 1 and not (sure or pieces[-1] in self.names.given):
                name, end = pieces[0], start + len(pieces[0])
            if self.person(name) and (sure or len(hit["gap"]) > 1) and not NOT_NAME_ENDINGS.search(name):
                yield Hit(start, end, 0.7 if sure else 0.6, "of a unit", PersonRole.STAFF)

    def labelled(self, line: str) -> Iterator[Hit]:
        """「宿直者：及部・樋熊」: names behind whatever word ends like one for people, and a colon."""
        for hit in _LABELLED.finditer(line):
            role = next((_ANNOUNCING[w] for w in (hit["label"], hit["label"][-2:]) if w in _ANNOUNCING), PersonRole.UNKNOWN)
            at = hit.end()
            while (name := _ONE.match(line, at)) is not None:
                first = name["name"].split(" ")[0]
                full = " " in name["name"] and (first in self.names.surnames or name["name"].split()[-1] in self.names.given)
                ends = name.end("name")
                if not (full or self.person(name["name"])) or NOT_AFTER.match(line, ends) or _WIDE_ON.match(line, ends):
                    break
                yield Hit(name.start("name"), name.end("name"), 0.75 if first in self.names.surnames else 0.7, "label", role)
                at = name.end()
                if not name["more"]:
                    break

    def person(self, name: str) -> bool:
        """Whether a text where names stand is one: a known surname that is no function, or no word at all."""
        if name in CITIES or name in FUNCTIONS or name in BEFORE or name in TITLES or name in NOT_BEFORE_HONORIFIC:
            return False
        if len(name) == 1:
            return self.names.surnames.get(name, 0) >= 4
        return self.scorer.likely(name)

    def boxes(self, text: str) -> Iterator[Hit]:
        """The same for every two lines of a text."""
        at = 0
        for above, line in pairwise(text.split("\n")):
            at += len(above) + 1
            if " " in above and line and _OVER_LINE.fullmatch(above):
                for found in self.seals(above, line[:_UNDER]):
                    yield found._replace(start=found.start + at, end=found.end + at)

    def seals(self, above: str, line: str) -> Iterator[Hit]:
        """Names in a line under a line of titles, as in a box for seals: 「部長  課長  係長 / 近江  鹿毛  日向野」."""
        if not _TITLED_LINE.fullmatch(above) or not line.strip():
            return
        over = above.split()
        under = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+(?: \S+)?", line)]
        if all(word in self.names.surnames for word in line.split()):
            under = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", line)]
        if len(over) < 2 or len(under) > len(over) or sum(1 for w in over if w in _ANNOUNCING) * 2 < len(over):
            return
        people = [u for u in under if self.person(u[0]) or (KANJI_WORD.fullmatch(u[0]) and u[0] in self.names.surnames)]
        if len(people) == len(under):
            for _, start, end in people:
                yield Hit(start, end, 0.7, "under a title", PersonRole.STAFF)

    def english(self, line: str) -> Iterator[Hit]:
        """``Ms. Ito``, ``Hi Tom,``."""
        for hit in _ENGLISH.finditer(line):
            group = hit.lastgroup or "titled"
            if hit[group].split()[0] not in _NOBODY and not COMPANY_BEHIND.match(line, hit.end()):
                yield Hit(hit.start(group), hit.end(group), 0.75, "english", PersonRole.UNKNOWN)

    def speakers(self, text: str) -> Iterator[Hit]:
        """Who speaks in a chat: what stands again and again between the time of a line and what is said."""
        lines = [(*hit.span(hit.lastindex or 1), hit[hit.lastindex or 1]) for hit in _SPOKEN.finditer(text)]
        if len(lines) < 4:
            return
        turns = Counter(name for _, _, name in lines)
        speakers = {name for name, n in turns.items() if n > 1 and self._speaker(name)}
        spoken = sum(n for name, n in turns.items() if name in speakers)
        if len(speakers) < 2 or spoken * 2 < len(lines) or not any(self._known(name) for name in turns):
            return
        for start, end, name in lines:
            if name in speakers or self._known(name) or self._speaker(name):
                yield Hit(start, end, 0.75, "speaker")

    def _speaker(self, name: str) -> bool:
        if name.isascii():
            return bool(re.fullmatch("[A-Z][a-z'-]+(?: [A-Z][A-Za-z'.-]+){0,2}", name)) and name not in _NOBODY
        word = name in self.names.vocabulary and not self._known(name)
        return not (word or name in FUNCTIONS or name in TITLES or name in BEFORE or name in CITIES or self.names.compound(name))

    def _known(self, name: str) -> bool:
        names, pieces = self.names, re.split("[ ・]+", name)
        if all(p.isascii() for p in pieces):
            return all(map(names.romaji_kind, pieces))
        joined = "".join(pieces)
        known = names.split(joined) or names.split_kana(joined) or joined in names.surnames or pieces[0] in names.surnames
        return bool(known) and name not in names.ordinary and name not in FUNCTIONS

    def signed(self, text: str) -> Iterator[Hit]:
        """The line below ``Best regards,`` of a whole text, and a surname that closes a message."""
        for hit in _CLOSING.finditer(text):
            if self.person(hit["name"]) and (hit["name"] in self.names.surnames or self.names.split(hit["name"].replace(" ", ""))):
                yield Hit(hit.start("name"), hit.end("name"), 0.7, "signed", PersonRole.SENDER)
        for hit in _SIGNED.finditer(text) if any(word in text for word in _GREETINGS) else ():
            if hit["name"].split()[0] not in _NOBODY:
                yield Hit(hit.start("name"), hit.end("name"), 0.75, "signed", PersonRole.SENDER)

    def neighbour(self, text: str, at: int, *, behind: bool) -> tuple[int, int] | None:
        """The name that only 、 or ・ parts from a name ending (``behind``) or beginning at a place: 「堂園・白水で訪問」."""
        if behind:
            joint = _JOINT.match(text, at)
            if joint and (latin := _LATIN_NEXT.match(text, joint.end())):
                return latin.span(1)
            found = _NEXT.match(text, joint.end()) if joint else None
            if found is None or not self.person(found[1]) or not self._surname(found[1]):
                return None
            return found.span(1) if text[found.end(1) : found.end(1) + 1] not in ("の", "に", "へ") else None
        found = _BEFORE_IT.search(text, max(0, at - 8), at)
        if found is None or not self.person(found[1]) or not self._surname(found[1]):
            return None
        return found.span(1)

    def _surname(self, word: str) -> bool:
        return self.odds.of(word) >= 0
