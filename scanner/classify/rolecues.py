"""What stands directly beside a name tells who its bearer is: a word before, a title or brackets behind, an honorific."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NamedTuple

from scanner.model import Match, PersonRole

_REACH = 28  # characters on either side in which a role is told


class Weight(IntEnum):
    """How much a role is worth against another one. Up from FAIR it decides whose a statement can be."""

    NONE = 0
    GUESSED = 1  # by what such documents usually hold
    FAIR = 2  # a general label (氏名), a department before the name, the same name elsewhere
    FIRM = 3  # a word, a title, a relation beside the name
    SURE = 4  # a label that only one kind of person has (患者, 主治医)


class Told(NamedTuple):
    """A role, what it is worth, and a stable phrase for what told it; ``cue`` never holds a value."""

    role: PersonRole
    weight: Weight
    cue: str = ""


NOTHING = Told(PersonRole.UNKNOWN, Weight.NONE)
_HONORIFIC = r"(?:さん|様|さま|殿|氏|ちゃん|くん|君|先生|宅|方)"
_BRACKET = re.compile(rf"\s?{_HONORIFIC}?\s?\(([^()\n\t]{{1,24}})")
_PERSONAL = re.compile(
    r"[0-9]{1,3}(?:歳|才)|^(?:男|女)(?:性|児)?$|(?:昭和|平成|令和|大正|[SHRT])\s?[0-9元]{1,2}[.年/]|(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}"
)
_GROUP = re.compile(
    r"(?:[0-9一二三四五六]年[0-9A-Z一二三四五六]{1,2}組|[0-9]{1,4}号室?|(?:No\.?|番号|ID|コード|カルテ)[:.]?[A-Za-z0-9-]{3,}|事例|症例)[-:0-9]{0,3}$"
)
_UNIT = re.compile(
    r"[一-鿿ァ-ヴーA-Za-z0-9]{1,14}"
    r"(?:課|部|係|室|局|班|科|センター|チーム|グループ|事務所|支店|支所|営業所|病棟|株式会社|\(株\)|有限会社|法人)[ ]{1,4}$"
)
_MEMBER = re.compile(r"(?:所属|部署|勤務先|勤め先|配属|在籍)[:\s]")  # of an employee: the unit says where the subject works
_SPACED = re.compile(r"[ ]{1,6}((?!先生、)[一-鿿ァ-ヴー]{2,10})(?=[\s(、。]|$)")
_ON_DUTY = re.compile(
    r"\s?(?:さん|氏|先生)?(?:が|は|で)?(?:担当|対応|司会|進行|書記|当番|当直|夜勤|日勤|遅番|早番|記録|受付)(?!者|さ|医|で?なく|は)"
    r"|(?:が|より|から|に)?(?:架電|確認済|訪問(?:し|時|予定)|説明(?:し|済)|聴取|記入|作成|付き添)"
)
_JOINT = r"(?:の|は|が|:|・|、|,|=|\"|「|『|\(|（|)"
_AFTER_TOPIC = re.compile(rf"{_HONORIFIC}?(?:[、。,(\s]|です|でした|$)")
_BEFORE_ONE = re.compile(r"[一-鿿ァ-ヴーぁ-ん]")
_PARTICLES = "のはがとやもでに"


class Cues:
    """Reads roles off the words of cues.toml."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        def of(*ids: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(w.rstrip(":") for i in ids for w in words.get(i, ())))

        kin, other, own = of("kin"), of("third_party"), of("self")
        staff, professional = of("role_before", "staff_before"), of("professional_role", "professional_before")
        self.core = frozenset(of("core_label"))
        self.attendee = frozenset(of("attendee_label"))
        self.whole: dict[str, PersonRole] = {
            **dict.fromkeys(of("subject_before", "core_label"), PersonRole.SUBJECT),
            **dict.fromkeys((*of("staff_after"), *staff), PersonRole.STAFF),
            **dict.fromkeys(professional, PersonRole.PROFESSIONAL),
            **dict.fromkeys(of("professional_after"), PersonRole.PROFESSIONAL),
            **dict.fromkeys(other, PersonRole.OTHER),
            **dict.fromkeys(kin, PersonRole.FAMILY),
            **dict.fromkeys(own, PersonRole.SUBJECT),
        }
        self._headed: dict[str, Told | None] = {}
        self.kin, self.own = frozenset(kin), frozenset(own)
        tail = rf"(?:者|名|氏名|員)?{_JOINT}{{0,2}}$"
        self._before = (
            (re.compile(rf"({_any(kin)}){_JOINT}{{0,2}}(?:\([^()]{{0,8}}、)?$"), PersonRole.FAMILY),
            (re.compile(rf"({_any(other)}){_JOINT}{{0,2}}$"), PersonRole.OTHER),
            (re.compile(rf"({_any(professional)}){tail}"), PersonRole.PROFESSIONAL),
            (re.compile(rf"({_any(staff)}){tail}"), PersonRole.STAFF),
            (re.compile(rf"({_any(of('subject_before'))}){_JOINT}{{0,2}}$"), PersonRole.SUBJECT),
        )
        titled = [w for w in professional if len(w) > 1 and w[-1] in "士師医官司長員"]
        self._title = (
            (re.compile(rf"\s?(?:[一-鿿]{{0,6}})?({_any((*of('professional_after'), *titled))})"), PersonRole.PROFESSIONAL),
            (re.compile(rf"\s?(?:[一-鿿]{{0,6}})?({_any(of('staff_after'))})"), PersonRole.STAFF),
        )
        self._related = re.compile(
            rf"[\s]{{1,4}}\(?(?:(?:ご?本人|契約者|患者|利用者|被共済者|被保険者|請求者|対象者|申請者)と?の)?"
            rf"(?:続柄|続き柄|関係|間柄|relation(?:ship)?)[^\s:]{{0,6}}[\s:]{{1,3}}\(?({_any((*kin, *own, *other))})(?![一-鿿])"
        )

    def beside(self, text: str, start: int, end: int, next_name: int) -> Told:
        """What the words around view positions ``start..end`` tell. ``next_name``: where the following name begins, or -1."""
        after = _line(text[end : end + _REACH])
        told = self._in_brackets(after)
        if told.weight >= Weight.FIRM and told.role is not PersonRole.SUBJECT:
            return told
        related = self._related.match(text, end)
        if related:
            return Told(self.whole[related[1]], Weight.FIRM, f"relation {related[1]}")
        before = self._word_before(text, start, after)
        if before.weight >= Weight.FIRM and before.role not in (PersonRole.STAFF, PersonRole.SUBJECT):
            return before
        for shape, role in self._title:
            m = shape.match(after)
            if (
                m
                and not (m[1] == "先生" and after[m.end() : m.end() + 1] in ("、", ","))
                and not (after[:1].isspace() and _of_next(after, m.end(), next_name - end))
            ):
                return Told(role, Weight.FIRM, f"title {m[1]}")
        spaced = _SPACED.match(after)
        if spaced and not _of_next(after, spaced.end(1), next_name - end):
            role = self.whole.get(spaced[1], PersonRole.UNKNOWN) or self._office(spaced[1])
            if role in (PersonRole.STAFF, PersonRole.PROFESSIONAL):
                return Told(role, Weight.FIRM, "title behind the name")
        if _ON_DUTY.match(after):
            return Told(PersonRole.STAFF, Weight.FIRM, "on duty")
        if told.weight or before.weight:
            return max(told, before, key=lambda t: t.weight)
        return self._unit(text, start)

    def _office(self, word: str) -> PersonRole:
        """Of a longer title, by its end: 支部執行委員長, 病棟看護師長."""
        for size in range(min(6, len(word) - 1), 1, -1):
            role = self.whole.get(word[-size:])
            if role is not None:
                return role
        return PersonRole.UNKNOWN

    def _in_brackets(self, after: str) -> Told:
        m = _BRACKET.match(after)
        if m is None:
            return NOTHING
        pieces = [p.strip() for p in re.split(r"[、,・/ ;:]", m[1])]
        for piece in pieces:
            word = piece if piece in self.whole else piece.rpartition("の")[2]
            role = self.whole.get(word)
            if role is not None:
                return Told(role, Weight.FIRM, f"relation {word}" if word in self.kin else f"title {word}")
        if any(_PERSONAL.search(p) for p in pieces):
            return Told(PersonRole.SUBJECT, Weight.FIRM, "personal data in brackets")
        return NOTHING

    def _word_before(self, text: str, start: int, after: str) -> Told:
        line = _line(text[max(0, start - _REACH) : start], last=True)
        head = re.sub(r"\s", "", line)
        if not head:
            return NOTHING
        best: tuple[int, Told] | None = None
        for shape, role in self._before:
            m = shape.search(head)
            if m is None or (best is not None and m.start(1) >= best[0] and len(m[1]) <= 1):
                continue
            left = head[m.start(1) - 1 : m.start(1)]
            if len(m[1]) == 1 and _BEFORE_ONE.match(left) and left not in _PARTICLES:
                continue
            joint = head[m.end(1) :]
            if joint in ("は", "が", "、") and not _AFTER_TOPIC.match(after):
                continue
            if best is None or m.start(1) < best[0]:
                best = m.start(1), Told(role, Weight.FIRM, f"word {m[1]}")
        if best is not None:
            return best[1]
        if _GROUP.search(head):
            return Told(PersonRole.SUBJECT, Weight.FAIR, "number or group before the name")
        return NOTHING

    def _unit(self, text: str, start: int) -> Told:
        line = _line(text[max(0, start - _REACH) : start], last=True)
        if _UNIT.search(line) and not _MEMBER.search(line):
            return Told(PersonRole.STAFF, Weight.FAIR, "department before the name")
        return NOTHING

    def label(self, match: Match, above: str) -> Told:
        """What the label that announces the name is worth; ``above``: the heading or the label of the group it stands under."""
        if match.role is PersonRole.UNKNOWN:
            return NOTHING
        if not match.cue:
            return Told(match.role, Weight.FAIR, "wording")
        cue = f"label {match.cue}"
        if match.cue in self.attendee:
            return Told(match.role, Weight.GUESSED, cue)
        if match.role is not PersonRole.SUBJECT:
            return Told(match.role, Weight.SURE if match.role is PersonRole.PROFESSIONAL else Weight.FIRM, cue)
        if any(match.cue.startswith(w) or match.cue.endswith(w) for w in self.core):
            return Told(match.role, Weight.SURE, cue)
        return self._under(above) or Told(match.role, Weight.FAIR, cue)

    def _under(self, heading: str) -> Told | None:
        """The role that a heading gives to the names below it: 「2.被共済者」, 「緊急連絡先」, 「事業所記入欄」."""
        head = re.sub(r"[\s・]|\([^)]*\)?|^[0-9.]+|(?:欄|について|の情報|情報|の氏名)+$", "", heading)[:12]
        if head in self._headed:
            return self._headed[head]
        told = None
        if head:
            ends = max((w for w in self.whole if head.endswith(w) and (len(w) > 1 or head == w)), key=len, default="")
            role = PersonRole.SUBJECT if ends in self.core else self.whole.get(ends, PersonRole.UNKNOWN)
            if ends in self.core:
                told = Told(role, Weight.SURE, f"heading {ends}")
            elif role in (PersonRole.FAMILY, PersonRole.PROFESSIONAL, PersonRole.OTHER):
                told = Told(role, Weight.FIRM, f"heading {ends}")
        if len(self._headed) < 1_000:
            self._headed[head] = told
        return told


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or "(?!)"


def _line(text: str, *, last: bool = False) -> str:
    """The part of a stretch that lies in the line and cell of the name."""
    return re.split(r"[\n\t]", text)[-1 if last else 0]


def _of_next(after: str, end: int, distance: int) -> bool:
    """Whether a title behind a space belongs to the name that follows: 「佐藤 主治医 山田」."""
    return after[end : end + 1] in (":", "の") or 0 <= distance - end <= 3
