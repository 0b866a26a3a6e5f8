"""Ties a statement to a person: same row, same sentence, the person last named, the form, the document (taxonomy 3.2, 3.3)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from scanner.classify import records
from scanner.classify.people import READING, Person, honoured
from scanner.model import Evidence, PersonRole

ROSTER = "roster."  # rules of titles that tell a fact of everybody in the list below
SMALL = 60  # rows up to which a table without a column of people may belong to the person its sheet or page is about
_CARRIED = 900  # characters over which the person last named is still meant
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z]\s?(?:さん|氏|様|殿|\.\s?[A-Z]|・[A-Z](?![A-Za-z]))")
_BORN = re.compile(r"[0-9]{1,2}[月/][0-9]{1,2}日?\s?生|生年月日|[SHR][0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}")


@dataclass(slots=True)
class Bin:
    """What stands in one record. ``keys``: view positions of member, contract and staff numbers; ``codes``: of 個人識別符号."""

    persons: list[Person] = field(default_factory=list)
    keys: list[tuple[int, int]] = field(default_factory=list)
    codes: list[tuple[int, int]] = field(default_factory=list)
    births: list[tuple[int, int]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)  # of keys and codes that are not secret, for counting only
    unread: bool = False  # its cell of the column of names holds something that no detector read

    @property
    def subjects(self) -> list[Person]:
        """Those a statement can be about, relatives and others behind those whom the document is about."""
        return sorted((p for p in self.persons if p.subject), key=_remote)


@dataclass(slots=True)
class Scope:
    """What a page, slide, sheet or message knows of people. ``general``: its heading announces general information."""

    subjects: set[str] = field(default_factory=set)
    firm: bool = False
    keys: int = 0
    births: int = 0
    senders: bool = False
    staff: bool = False
    named_rows: bool = False
    fields: int = 0
    rows: int = 0  # of tables with a header
    general: bool = False
    seen: bool = False
    named: set[str] = field(default_factory=set)  # surely people: labelled, with an honorific or a birth date

    @property
    def lone(self) -> bool:
        """Whether it is surely about one person: one labelled name, or a name and its reading."""
        return 0 < len({n for n in self.named if not READING.fullmatch(n)} or self.named) <= 1


@dataclass(frozen=True, slots=True)
class Link:
    """The tie: None as ``level`` means that no person has been found near by. ``firm``: the person is surely one."""

    level: Evidence | None
    confidence: float
    because: str
    role: PersonRole = PersonRole.UNKNOWN
    firm: bool = False
    loose: bool = False  # the person is named elsewhere than in the statement's sentence
    final: bool = False  # no wider scope may supply a person
    labelled: bool = False  # a label announces the person
    told: str = ""  # what decided the person's role


def in_record(found: Bin | None, scope: Scope, initials: Callable[[], bool] = lambda: False) -> Link:
    """Within a row, a log line, an element of a list. ``initials``: whether somebody's stand in it."""
    if found is not None:
        for p in found.subjects:
            return Link(Evidence.LINKED_DIRECT, 0.9, "same row", p.shown, firm=True, told=p.cue)
        if found.codes:
            return Link(Evidence.LINKED_DIRECT, 0.9, "same row, identification code")
        if found.keys:
            return Link(Evidence.LINKED_INDIRECT, 0.85, "same row, internal number")
        if found.births and (found.persons or initials()):
            return Link(Evidence.LINKED_INDIRECT, 0.6, "same row, birth date")
        if found.unread:
            return Link(Evidence.LINKED_DIRECT, 0.6, "same row, name not read")
    return Link(None, 0.5, "row without a person", final=scope.named_rows)


def in_text(text: str, start: int, end: int, found: Bin) -> Link:
    """Within running text or a form: sentence, then paragraph, then the person last named."""
    first, last = records.sentence(text, start, end)
    told = _in_bracket_of(found.persons, text, start)
    if told is not None:
        return Link(Evidence.LINKED_DIRECT, 0.85, "in brackets behind the name", told.shown, firm=True, told=told.cue)
    described = _described(found.persons, text, end)
    if described is not None:
        return Link(Evidence.LINKED_DIRECT, 0.85, "said of the name behind it", described.shown, firm=True, told=described.cue)
    here = _within(found.persons, first, last)
    for p in here:
        return Link(Evidence.LINKED_DIRECT, 0.85, "same sentence", p.shown, p.firm, told=p.cue)
    spoken = _topic(found.persons, text, first, start, last)
    if spoken is not None:
        return Link(Evidence.LINKED_DIRECT, 0.75, "the sentence is about them", spoken.shown, firm=True, told=spoken.cue)
    if _spans_within(found.codes, first, last):
        return Link(Evidence.LINKED_DIRECT, 0.85, "same sentence, identification code", firm=True)
    if _spans_within(found.keys, first, last):
        return Link(Evidence.LINKED_INDIRECT, 0.8, "same sentence, internal number", firm=True)
    if _INITIAL.search(text, first, last) and (_spans_within(found.births, first, last) or _BORN.search(text, first, last)):
        return Link(Evidence.LINKED_INDIRECT, 0.7, "initials and birth date", firm=True)
    if _ADDRESSED.search(text, first, last):
        for p in reversed(found.persons[: bisect_left([q.start for q in found.persons], first)]):
            if honoured(text, p.end) and not p.sample:
                return Link(Evidence.LINKED_DIRECT, 0.75, "the addressee", p.shown, firm=True, told=p.cue)
    before = _before(found.persons, start, text)
    if before is not None:
        return Link(
            Evidence.LINKED_DIRECT,
            0.75,
            "person last named",
            before.shown,
            before.firm,
            loose=True,
            labelled=before.labelled,
            told=before.cue,
        )
    low, high = records.paragraph(text, start, end)
    for p in _within(found.persons, low, high):
        if not records.parted(text, min(p.start, start), max(p.end, end)):
            return Link(Evidence.LINKED_DIRECT, 0.7, "same paragraph", p.shown, p.firm, loose=True, told=p.cue)
    holder = _post_holder(found.persons, text, first, start, last)
    if holder is not None:
        return Link(Evidence.LINKED_DIRECT, 0.6, "said of the holder of a post", holder.shown, loose=True, told=holder.cue)
    alone = _employee(found.persons, text, first, start, last)
    if alone is not None:
        return Link(Evidence.LINKED_DIRECT, 0.6, ONLY, alone.shown, loose=True, told=alone.cue)
    return Link(None, 0.5, "no person near by")


def _in_bracket_of(persons: list[Person], text: str, start: int) -> Person | None:
    """The person behind whose name the bracket opens that holds the statement; a teacher or an officer can be meant by it too."""
    opening = text.rfind("(", max(0, start - 40), start)
    if opening < 0 or ")" in text[opening:start] or "\n" in text[opening:start]:
        return None
    i = bisect_left([p.start for p in persons], opening)
    if i and not persons[i - 1].sample and _TITLE.fullmatch(text, persons[i - 1].end, opening):
        return persons[i - 1]
    return None


# What joins a statement with the name that it describes: 分会長をしている加地先生, 拘置所にいる息子の大輔さん.
_DESCRIBES = re.compile(
    r"(?!.*(?:知|聞|担当|支|扱|調|学|教|診))(?:を|に|で|が|だ|と|の)?[一-鿿]{0,2}[ぁ-ん]{0,3}"
    r"(?:[てで](?:いる|いた|おられる|いらっしゃる|きた)|[ただ]|である|な|がある|のある|中の|後の|)(?:[一-鿿]{2}の)?"
)
# Someone with a post is spoken of where the sentence has them as its topic and does not tell what they do by their post.
_TOPIC = re.compile(
    r"\s?(?:さん|様|氏|くん|君|先生|[一-鿿]{1,4}長|主任|係長)?(?:\([^()\n]{1,16}\))?"
    r"(?:は|が|も|に(?:は|ついて)|の(?:件|こと|自宅|家|実家|奥|妻|夫|息子|娘|父|母|両親|家族|場合|お子)|です(?:が|。|、|$)|でございます|[::、])"
)
_BY_POST = re.compile(
    r"講演|講義|講師|説明|紹介|報告|話し(?:た|ま)|解説|案内|開催|発表|指導|研修|対応|配布|確認|作成|受け?付|連絡|支援し|審査|査定|手配|答え|回答|まとめ|検討|担当|対象外|募集|募り|販売|商談|営業|提案|企画"
    r"|運営|取材|執筆|撮影|聞き取|聴取|面談し|面接し|訪問し|記録|通知|送付|依頼|照会|調べた|調査し|発言|議題|述べ|提出し|持参|立ち会|司会|挨拶|監修|翻訳|公開|掲載|更新|修正|復旧|交換|購入|注文|納品|入力|登録し"
)


def _described(persons: list[Person], text: str, end: int) -> Person | None:
    """The person whose name follows right behind a clause that describes them, whatever their post."""
    i = bisect_left([p.start for p in persons], end)
    if i < len(persons) and persons[i].start - end <= 14 and not persons[i].sample:
        between = text[end : persons[i].start]
        if _DESCRIBES.fullmatch(between) and (between or text[end - 1] in "るたなのい"):
            return persons[i]
    return None


def _topic(persons: list[Person], text: str, first: int, start: int, last: int) -> Person | None:
    """Someone with a post whom the sentence is about."""
    if _BY_POST.search(text, start, last):
        return None
    i = bisect_left([p.start for p in persons], start)
    for p in reversed(persons[:i]):
        if p.start < first:
            return None
        if p.role in (PersonRole.STAFF, PersonRole.PROFESSIONAL) and not p.sample and _TOPIC.match(text, p.end):
            return p
    return None


def _employee(persons: list[Person], text: str, first: int, start: int, last: int) -> Person | None:
    """The only one named in a text, known by a department or by introducing themselves, where nobody else can be meant."""
    if len(persons) != 1 or _BY_POST.search(text, start, last):
        return None
    p = persons[0]
    if p.sample or p.role is not PersonRole.STAFF or not 0 <= start - p.end <= _CARRIED:
        return None
    return p if p.cue in _BY_DEPARTMENT or _INTRODUCED.match(text, p.end) else None


def _post_holder(persons: list[Person], text: str, first: int, start: int, last: int) -> Person | None:
    """The holder of a post whom a line without verbs names before what befell them: 店長 甲 強盗に遭い."""
    if any(p.role is PersonRole.SUBJECT for p in persons) or _BY_POST.search(text, first, last):
        return None
    i = bisect_left([p.start for p in persons], start)
    p = persons[i - 1] if i else None
    if p is None or p.start < first or p.sample or p.role is not PersonRole.STAFF:
        return None
    return p if _POST.search(p.cue) and text[p.end : p.end + 1].isspace() else None


ONLY = "the only one named"
# Cues that name a post somebody has, rather than what they did for the document.
_POST = re.compile(r"post before the name|(?:word|title) \S*(?:長|員|官|事|査|諭|任|手|生|役|頭|監督|コーチ|スタッフ|ドライバー)$")
_BY_DEPARTMENT = ("department before the name", "wording")
_INTRODUCED = re.compile(r"(?:です[。、,\n]|と申します|でございます)")
_ADDRESSED = re.compile(r"貴殿|貴方|あなた(?:様|は|が|の)")
_TITLE = re.compile(r"\s?(?:さん|様|氏|殿|くん|君|ちゃん|先生)?\s?")


def _within(persons: list[Person], first: int, last: int) -> list[Person]:
    i = bisect_left([p.start for p in persons], first)
    out = []
    for p in persons[i:]:
        if p.start >= last:
            break
        if p.subject:
            out.append(p)
    return sorted(out, key=_remote)


def _remote(p: Person) -> bool:
    """Whether somebody named beside the subject of a document is less likely to be meant than the subject."""
    return p.role in (PersonRole.FAMILY, PersonRole.OTHER)


def _spans_within(spans: list[tuple[int, int]], first: int, last: int) -> bool:
    return any(first <= a < last for a, _ in spans)


def _before(persons: list[Person], start: int, text: str) -> Person | None:
    i = bisect_left([p.start for p in persons], start)
    relative = None
    for p in reversed(persons[:i]):
        if start - p.end > _CARRIED or records.parted(text, p.end, start):
            break
        if p.subject and not _remote(p):
            return p
        relative = relative or (p if p.subject else None)
    return relative
