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
    r"|(?:(?:株式|有限|合同)会社|\([株有]\)|法人)[^\s、。]{1,14}[ ]{1,4}$"
)
_MEMBER = re.compile(r"(?:所属|部署|勤務先|勤め先|配属|在籍)[:\s]")  # of an employee: the unit says where the subject works
_SPACED = re.compile(r"[ ]{1,6}((?!先生、)[一-鿿ァ-ヴー]{2,10})(?=[\s(、。]|$)")
_EXTENSION = re.compile(r"\s?(?:さん|まで|宛)?\s?\(?(?:内線|ナイセン|ext\b)")
_ON_DUTY = re.compile(
    r"\s?(?:さん|氏|先生)?(?:が|は|で)?(?:担当|対応|司会|進行|書記|当番|当直|夜勤|日勤|遅番|早番|記録|受付)(?!者|さ|医|で?なく|は)"
    r"|\s?(?:さん|氏)?に(?:お願い|依頼|頼[みむん]|任せ|引き?継|交代)"
    r"|(?:が|より|から|に)?(?:架電|確認済|訪問(?:し|時|予定)|説明(?:し|済)|聴取|記入|作成|付き添)"
)
_AFTER_TOPIC = re.compile(rf"{_HONORIFIC}?(?:[、。,(\s]|です|でした|$)")
_SEAL = re.compile(r"\s?(?:印|㊞|\(印\))")
_REQUEST = re.compile(r"(?:願|届|届出書|申出書|申請書|始末書|顛末書|誓約書|同意書)\s*(?:\n|$)")
_TITLE = 200  # characters in which a document says what it is
_JOINT = r"(?:の|ノ|は|が|:|\.|・|、|,|=|\"|「|『|\(|（|)"
_REMEMBERED = 5_000  # labels
_BEFORE_ONE = re.compile(r"[一-鿿ァ-ヴー]")
# Of a longer word they name what was done, and a document: 新人紹介, 家庭訪問, 面談記録, 事故報告.
_ALONE = frozenset(
    ("紹介", "訪問", "確認", "対象", "入力", "対応", "点検", "記入", "記載", "記録", "報告", "面談", "調査", "聴取", "審査", "照合")
)
_LONGEST = 12  # characters of the longest word that tells a role
_OPENED = re.compile(r"(?<=\()[^()]{0,8}、$")  # 弟(新1年、日下 …
_TAIL = re.compile(rf"(?:[亡故]?{_JOINT}|である|という){{0,3}}$")
_FORMER = re.compile(r"(?:元|前|旧|故)[一-鿿]{0,6}$")  # 元営業部長: no longer of the staff
_OTHERS_BEFORE = re.compile(r"(?<=:)\s?(?:[一-鿿々ァ-ヴー ]{1,8}(?:\([^()]{1,8}\))?[・、/,])+$")  # 隊員:駒井・穴村
_HELD_BY = re.compile(r"(?:[0-9]{1,2}|の?(?:氏名|お?名前|署名)|者|名|員)$")
_POST = re.compile(r"(?:^|[\s、。・:(\]】])([一-鿿]{1,6}(?:長|係|員|士|官|師))[:(の ]{0,3}$")
_NO_POST = re.compile(
    r"(?:全|会|組合|社|職|従業|満|定|人|構成|世帯|増|成|生|身|延|助|最|年|家族)(?:員|長)$|(?:武|紳|力|漁|医)士$|関係$"
)
_KATAKANA_WORD = re.compile(r"[ァ-ヴー]+")
_LABEL_NUMBER = re.compile(r"^[\s■●◆○□◎【\[<《(]*(?:[0-9]{1,2}|[①-⑳]|[ア-ン])?[.)、:\s]*")
_PATH = re.compile(r"[A-Za-z_\]]\.")
_PARENS = re.compile(r"\(([^()]*)\)?")
_LABEL_END = re.compile(
    r"(?:の|ご|御|お)*(?:氏名|お?名前|名|署名|自署|記名|サイン|フリガナ|ふりがな|カナ|かな|欄|情報|について|様|さま|さん|[】\]>》:0-9])*$"
)
_KINDRED = (PersonRole.FAMILY, PersonRole.OTHER)


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
        self.whole |= {word.lower(): role for word, role in self.whole.items()}  # headers are kept in lower case
        self._labels: dict[tuple[str, PersonRole, str, str], Told] = {}
        self.kin, self.own = frozenset(kin), frozenset(own)
        self._before: dict[str, PersonRole] = {
            **dict.fromkeys(of("subject_before"), PersonRole.SUBJECT),
            **dict.fromkeys(staff, PersonRole.STAFF),
            **dict.fromkeys(professional, PersonRole.PROFESSIONAL),
            **dict.fromkeys(other, PersonRole.OTHER),
            **dict.fromkeys(kin, PersonRole.FAMILY),
        }
        titled = [w for w in professional if len(w) > 1 and w[-1] in "士師医官司長員"]
        self._title = (
            (
                re.compile(rf"\s?(?:[一-鿿]{{0,6}})?({_any((*of('professional_after'), *titled))})(?<!刑事(?=[事裁責告処手訴]))"),
                PersonRole.PROFESSIONAL,
            ),
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
        if _EXTENSION.match(after):
            return Told(PersonRole.STAFF, Weight.FIRM, "extension behind the name")
        if _ON_DUTY.match(after):
            return Told(PersonRole.STAFF, Weight.FIRM, "on duty")
        if told.weight or before.weight:
            return max(told, before, key=lambda t: t.weight)
        if _SEAL.match(after) and _REQUEST.search(text, 0, _TITLE):
            return NOTHING  # of a request for leave: the one who signs it, wherever he works
        return self._unit(text, start)

    def ending(self, word: str) -> tuple[str, PersonRole]:
        """The longest known word that ends a cell or header (新郎祖母, 担当CM) and its role; single characters only whole."""
        for size in range(min(len(word), _LONGEST), 0, -1):
            role = self.whole.get(word[-size:])
            if role is not None and (size > 1 or len(word) == 1):
                return word[-size:], role
        return "", PersonRole.UNKNOWN

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
            word = piece.rpartition("の")[2]
            role = self.whole.get(word, PersonRole.UNKNOWN)
            if role is PersonRole.UNKNOWN and word.endswith(("長", "士", "師")):
                word, role = self.ending(word)  # 隣組長; of 自営業 the end tells nothing
            if role is not PersonRole.UNKNOWN:
                return Told(role, Weight.FIRM, f"relation {word}" if word in self.kin else f"title {word}")
        if any(_PERSONAL.search(p) for p in pieces):
            return Told(PersonRole.SUBJECT, Weight.FIRM, "personal data in brackets")
        return NOTHING

    def _word_before(self, text: str, start: int, after: str) -> Told:
        line = _line(text[max(0, start - _REACH) : start], last=True)
        line = _OTHERS_BEFORE.sub("", line)
        head = "".join(line.split())
        if not head:
            return NOTHING
        stem = _OPENED.sub("", head)
        stem = stem[: _TAIL.search(stem).start()]  # type: ignore[union-attr]  # it matches the empty end too
        word = self._last_word(stem, line) or self._last_word(_HELD_BY.sub("", stem), line)
        if word:
            role, joint, left = self._before[word], head[len(stem) :], stem[: -len(word)]
            former = role is PersonRole.STAFF and _FORMER.search(left) is not None
            topic = joint in ("は", "が", "、") and not _AFTER_TOPIC.match(after)
            if not former and not topic:
                return Told(role, Weight.FIRM, f"word {word}")
        if _GROUP.search(head):
            return Told(PersonRole.SUBJECT, Weight.FAIR, "number or group before the name")
        post = _POST.search(line.rstrip())
        if post and post[1] not in self.whole and not (_NO_POST.search(post[1]) or _FORMER.match(post[1])):
            role = PersonRole.PROFESSIONAL if post[1][-1] in "士師官" else PersonRole.STAFF
            return Told(role, Weight.FAIR, "post before the name")
        return NOTHING

    def _last_word(self, stem: str, line: str) -> str:
        """The longest word that tells a role and ends the stem; a single character must stand by itself in the line."""
        for size in range(min(len(stem), _LONGEST), 0, -1):
            word = stem[-size:]
            if word not in self._before:
                continue
            if word in _ALONE and _BEFORE_ONE.match(stem[-size - 1 : -size]):
                continue
            if size == 1 and not re.search(
                rf"(?:^|[^一-鿿ァ-ヴーぁ-ん]|[のはがとやもでにを]){word}(?:[亡故]|{_JOINT}|\s){{0,4}}(?:\([^()]*)?$", line
            ):
                continue
            if _KATAKANA_WORD.fullmatch(word) and _KATAKANA_WORD.match(stem[-size - 1 : -size]):
                continue
            return word
        return ""

    def _unit(self, text: str, start: int) -> Told:
        line = _line(text[max(0, start - _REACH) : start], last=True)
        if _UNIT.search(line) and not _MEMBER.search(line):
            return Told(PersonRole.STAFF, Weight.FAIR, "department before the name")
        return NOTHING

    def label(self, match: Match, written: str, above: str) -> Told:
        """What the label that announces the name is worth.

        ``written``: the label as it stands there, of which the book may know the end alone (保護者の氏名); ``above``: the label of
        the group it stands under, or the heading.
        """
        if match.role is PersonRole.UNKNOWN:
            return NOTHING
        if not match.cue:
            return Told(match.role, Weight.FAIR, "wording")
        key = (match.cue, match.role, written, above)
        told = self._labels.get(key)
        if told is None:
            if len(self._labels) > _REMEMBERED:
                self._labels.clear()
            told = self._labels[key] = self._label(match, written, above)
        return told

    def _label(self, match: Match, written: str, above: str) -> Told:
        cue = f"label {match.cue}"
        if match.cue in self.attendee:
            return Told(match.role, Weight.GUESSED, cue)
        if match.role is not PersonRole.SUBJECT:
            return Told(match.role, Weight.SURE if match.role is PersonRole.PROFESSIONAL else Weight.FIRM, cue)
        told = self._announced(written, "label")
        if told is not None:
            return told
        if any(match.cue.startswith(w) or match.cue.endswith(w) for w in self.core):
            return Told(match.role, Weight.SURE, cue)
        return self._announced(above, "heading") or Told(match.role, Weight.FAIR, cue)

    def _announced(self, text: str, kind: str) -> Told | None:
        """The role that a label or heading gives: 「2.被共済者」, 「保護者の氏名」, 「緊急連絡先」; None where it gives none."""
        path = _PATH.search(text) is not None
        key, told = text[-40:] if path else text[:32], None
        pieces = re.split(r"[\s・/.\[\]_]+", _LABEL_NUMBER.sub("", key))
        for piece in reversed(pieces) if path else pieces:  # of a key path the last part that tells
            told = told or self._of_label(_LABEL_END.sub("", _PARENS.sub("", piece)), kind)
        if path and told is not None:
            told = told._replace(weight=Weight.FIRM)  # a key further up speaks for what lies below, unless that says more
        alternative = any(self.whole.get(p) in _KINDRED for p in _PARENS.findall(key))  # 本人(保護者)署名
        if alternative and told is not None and told.role is PersonRole.SUBJECT:
            told = told._replace(weight=Weight.FAIR)
        return told

    def _of_label(self, stem: str, kind: str) -> Told | None:
        for size in range(min(len(stem), _LONGEST), 0, -1):
            word = stem[-size:]
            role = self.whole.get(word)
            if role is None or (size == 1 and len(stem) > 1) or word in self.attendee:
                continue
            if word in self.core:
                return Told(role, Weight.SURE, f"{kind} {word}")
            if role is PersonRole.SUBJECT or (role is PersonRole.STAFF and kind == "heading"):
                return None  # 「受付」 over a list is what was done, not who the people are
            return Told(role, Weight.FIRM, f"{kind} {word}")
        return None


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or "(?!)"


def _line(text: str, *, last: bool = False) -> str:
    """The part of a stretch that lies in the line and cell of the name."""
    if last:
        return text[max(text.rfind("\n"), text.rfind("\t")) + 1 :]
    return text.partition("\n")[0].partition("\t")[0]


def _of_next(after: str, end: int, distance: int) -> bool:
    """Whether a title behind a space belongs to the name that follows: 「佐藤 主治医 山田」."""
    return after[end : end + 1] in (":", "の") or 0 <= distance - end <= 3
