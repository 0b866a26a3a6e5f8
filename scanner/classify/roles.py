"""Who each named person is: the one whom the document is about, family, staff, a professional, a sender, somebody else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.classify import records
from scanner.classify.rolecues import NOTHING, Cues, Told, Weight
from scanner.classify.rolerows import Rows
from scanner.model import Match, PersonRole, Section
from scanner.text.view import Reading

_PERSON = "person_name"
_MEETING = re.compile(
    r"議事録|議事要旨|会議|委員会|部会|理事会|総会|打合せ|打ち合わせ|ミーティング|カンファレンス|協議会|職員会|朝礼"
)
_LIST = re.compile(r"(?:さん|様|氏|先生|殿|君)?\s?(?:[一-鿿]{2,4})?(?:\([^()\n]{0,12}\))?\s?[、,・/と及び及\s]{1,3}\Z")
_HONOURED = re.compile(r"\s?(?:様|さま|殿)")
_SPEAKER = re.compile(r"(?:^|\n)[^\n]{0,14}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[ \t]{1,4}\Z")
_OF_ONESELF = re.compile(r"私(?![立物的])|自分|わたし|あたし|僕|俺|うちの(?:子|夫|妻|母|父|主人)|持病|病歴")
_GREETED = re.compile(r"[ ]?(?:様|さま|さん|殿)?[ ]*\n\s*(?:いつも|平素|日頃)?[^\n]{0,6}(?:お世話に|お疲れ|おつかれ)")
_SIGNED = re.compile(r"\)\s*(?:。|\n|\t|\Z)")
_MAIL = re.compile(r"\s?[\"']?\s?[<(]?\s?[\w.+-]+@([\w.-]+)")
_RECEIVED = frozenset(("to", "cc", "bcc", "宛先", "reply-to", "recipient", "recipientname", "toname", "受信者", "受信者名"))
_READING = re.compile(r"カナ|かな|ガナ|がな|ヨミ|よみ|読み|kana|yomi|セイ|メイ|せい|めい", re.IGNORECASE)
_OF_READING = re.compile(
    r"[\s(:・/]*(?:[^\s]{0,8}(?:氏\s?名|名\s?前|お名前|名|漢字|フリガナ|ふりがな|カナ|かな))?[\s():・/]*(?:[^\s]{1,6}[\s])?"
)
_OWN = frozenset(
    ("birth_date", "age", "gender", "member_number", "policy_number", "my_number", "care_insurance_id", "health_insurance_id")
)
_CONTACT = frozenset(("address", "phone_number", "bank_account", "credit_card", "postal_code"))
_NEAR = 60  # characters behind a name in which data speaks of its bearer
_WHOLE = 3  # characters from which a name is one person's rather than a family's
_MOST = 5_000  # names remembered
Key = tuple[int, int]


@dataclass(slots=True)
class Mention:
    """A name at one place. ``name``: without spaces; ``own``: data of its bearer stand near by; ``signs``: it closes an entry."""

    key: Key
    name: str
    start: int
    end: int
    told: Told
    group: str = ""
    record: bool = False  # it stands in a table whose rows are records
    honoured: bool = False
    own: bool = False
    reading: bool = False
    speaker: bool = False
    signs: bool = False
    greeted: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A block as far as roles need it. ``nearest``: see ``_nearest``; ``labels``: of fields, by their start, and those above."""

    reading: Reading
    rows: Rows | None
    nearest: set[int]
    labels: Mapping[int, tuple[str, str]]
    meeting: bool

    def begins(self, start: int, cell: int) -> bool:
        """Whether a name opens the value of its label; words inside the value speak for what follows them."""
        return start in self.labels or (self.rows is not None and self.rows.opens(cell, start))

    def announced(self, start: int, cell: int) -> tuple[str, str]:
        """The label of the field or column that a name stands in, as written, and what stands over it."""
        written, over = self.labels.get(start, ("", ""))
        if not written and self.rows is not None:
            written, over = self.rows.heads.get(self.rows.place(cell)[1], ("", ""))
        return written, over or self.reading.block.heading


class Roles:
    """Tells who people are, a window at a time."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], sensitive: frozenset[str] = frozenset()) -> None:
        self._cues = Cues(words)
        self._sensitive = sensitive

    def tell(
        self,
        readings: Sequence[Reading],
        matches: Mapping[int, Sequence[Match]],
        known: dict[str, Told],
        splits: Mapping[int, records.Splitter],
    ) -> dict[Key, Told]:
        """The role of each name by block and raw start.

        ``known``: names told in earlier windows; added to. ``splits``: how each block falls into records.
        """
        mentions: list[Mention] = []
        meeting = any(_MEETING.search(r.text[:400]) or _MEETING.search(r.block.heading) for r in readings)
        for reading in readings:
            here = matches.get(reading.block.index, ())
            if any(m.entity == _PERSON for m in here):
                mentions += self._block(reading, here, splits[reading.block.index], meeting=meeting)
        self._split(mentions)
        self._readings(mentions, {r.block.index: r.text for r in readings})
        self._split(mentions)
        self._propagate(mentions, known)
        self._couples(mentions)
        self._rest(mentions)
        return {m.key: m.told for m in mentions}

    # ------------------------------------------------------------ one block

    def _block(self, reading: Reading, matches: Sequence[Match], split: records.Splitter, *, meeting: bool) -> list[Mention]:
        names = [(m, reading.view(m.start), reading.view(m.end)) for m in matches if m.entity == _PERSON]
        data = [m for m in matches if m.entity in _CONTACT or self._personal(m.entity)]
        sensitive = any(m.entity in self._sensitive for m in matches)
        rows = Rows(reading, self._cues, sensitive) if reading.block.rows is not None else None
        labels = {
            f.start: (reading.text[f.label_start : f.label_end], f.above.word if f.above else "") for f in reading.layout.fields
        }
        place = _Place(reading, rows, _nearest(rows, names) if rows else set(), labels, meeting)
        held = {split.record(m.start) for m in data}
        loose = [(reading.view(m.start), m.entity in _CONTACT) for m in data] if None in held else []
        own, contact = [at for at, c in loose if not c], [at for at, c in loose if c]
        out: list[Mention] = []
        for n, (m, start, end) in enumerate(names):
            previous = out[-1] if out else None
            cell = rows.cell(start) if rows is not None else -1
            alone = rows is not None and rows.fills(cell, start, end)
            gap = "" if alone else _gap(reading.text, previous, start)
            following = names[n + 1][1] if n + 1 < len(names) else -1
            told = self._one(place, m, start, end, following, cell, again=gap if names[n - 1][0].cue == m.cue else "")
            if (
                told.weight <= Weight.GUESSED
                and previous is not None
                and previous.told.weight >= Weight.FAIR
                and _LIST.fullmatch(gap)
            ):
                told = Told(previous.told.role, Weight.FAIR, "in one list with such")
            name = self._name(m.normalized or reading.text[start:end])
            mention = Mention((m.block, m.start), name, start, end, told, group=m.group or "", record=split.rows)
            mention.reading = _READING.search(m.cue) is not None
            if not alone:
                mention.honoured = _HONOURED.match(reading.text, end) is not None
                mention.speaker = m.rule == "name.speaker" or _SPEAKER.search(reading.text[max(0, start - 24) : start]) is not None
                mention.greeted = _GREETED.match(reading.text, end) is not None
                mention.signs = _signs(reading.text, start, end)
            if mention.speaker:
                mention.own = _OF_ONESELF.search(reading.text[end : end + 90].lstrip("\n").split("\n")[0]) is not None
            elif told.weight < Weight.FAIR:
                record = split.record(m.start)
                mention.own = record in held if record is not None else _spoken_of(reading.text, start, end, own, contact)
            out.append(mention)
        return out

    def _personal(self, entity: str) -> bool:
        return entity in _OWN or entity in self._sensitive

    def _name(self, text: str) -> str:
        """A name without spaces, and without the relation that a label's value may begin with: 姪の京 友香."""
        name = "".join(text.split()).replace("・", "")
        head, _, rest = name.partition("の")
        return rest if rest and head in self._cues.whole else name

    def _one(self, place: _Place, m: Match, start: int, end: int, following: int, cell: int, *, again: str) -> Told:
        """``again``: what parts the name from one before it that the same label announces, so that words between count more."""
        text, rows = place.reading.text, place.rows
        label = self._cues.label(m, *place.announced(start, cell))
        if m.cue in _RECEIVED:
            label = _recipient(text, end)
        elif place.meeting and m.cue in self._cues.attendee:
            label = Told(PersonRole.STAFF, Weight.FAIR, label.cue)
        if again:
            label = label._replace(weight=min(label.weight, Weight.FAIR if _LIST.fullmatch(again) else Weight.GUESSED))
        elif label.weight > Weight.FAIR and m.cue and not place.begins(start, cell):
            label = label._replace(weight=Weight.FAIR)
        if label.weight is Weight.SURE:
            return label
        row = NOTHING
        if rows is not None:
            row = rows.told(cell, start in place.nearest) if rows.opens(cell, start) else NOTHING
            if not (row.weight or label.weight):
                row = rows.header(cell)
            if rows.fills(cell, start, end) and (row.weight or label.weight):
                return row if row.weight >= label.weight else label
        beside = self._cues.beside(text, start, end, following)
        if beside.weight is Weight.FIRM and beside.role is PersonRole.SUBJECT and label.weight is Weight.FIRM:
            beside = NOTHING
        best = max(beside, row, label, key=lambda t: t.weight)
        if not best.weight and place.reading.block.section in (Section.HEADER, Section.PROPERTY):
            return Told(PersonRole.SENDER, Weight.FAIR, "head of the message")
        return best

    # ------------------------------------------------------------ the window

    @staticmethod
    def _split(mentions: list[Mention]) -> None:
        """The parts of a name that is split over cells are one person's."""
        best: dict[str, Told] = {}
        for m in mentions:
            if m.group and m.told.weight > best.get(m.group, NOTHING).weight:
                best[m.group] = m.told
        for m in mentions:
            if m.group in best:
                m.told = best[m.group]

    @staticmethod
    def _readings(mentions: list[Mention], texts: Mapping[int, str]) -> None:
        """A reading is the bearer's whose name stands next to it; readings stand over their names more often than below."""
        for n, m in enumerate(mentions):
            if not m.reading or m.told.weight is Weight.SURE:
                continue
            after, before = mentions[n + 1 : n + 2], mentions[max(0, n - 1) : n]
            for o in (*after, *before):
                gap = texts[m.key[0]][min(m.end, o.end) : max(m.start, o.start)] if o.key[0] == m.key[0] else "-"
                if not o.reading and _OF_READING.fullmatch(gap) and (o.start > m.start or "\n" not in gap):
                    if o.told.weight >= Weight.FIRM:
                        m.told = o.told._replace(cue="reading of such a name")
                    break

    def _propagate(self, mentions: list[Mention], known: dict[str, Told]) -> None:
        """A mention without evidence of its own takes the role that its name has elsewhere: whole, as surname, as given name."""
        sure: dict[str, Told] = dict(known)
        where: dict[str, list[int]] = {}
        for n, m in enumerate(mentions):
            if m.told.weight >= Weight.FAIR:
                old = sure.get(m.name)
                if old is None or old.weight < m.told.weight:
                    sure[m.name] = m.told
                where.setdefault(m.name, []).append(n)
        first: dict[str, int] = {}  # where a name without evidence of its own stands first
        unsure = any(m.told.weight < Weight.FAIR for m in mentions)
        parts = _by_parts([*sure, *(m.name for m in mentions if m.name not in sure)]) if unsure else {}
        for n, m in enumerate(mentions):
            whole = sure.get(m.name)
            if m.told.weight is Weight.FAIR and not m.record and len(m.name) >= _WHOLE and whole and whole.weight > Weight.FAIR:
                m.told = Told(whole.role, Weight.FAIR, "named so elsewhere")
            if m.told.weight >= Weight.FAIR:
                continue
            told = whole or self._of_part(m, first.setdefault(m.name, n), parts, sure, where) or _of_surname(m, sure)
            if told is not None and not (m.honoured and told.role in (PersonRole.STAFF, PersonRole.SENDER)):
                m.told = Told(told.role, Weight.FAIR, "named so elsewhere")
        for name, told in sure.items():
            if len(known) < _MOST:
                known[name] = told

    @staticmethod
    def _of_part(
        m: Mention, first: int, parts: Mapping[str, list[str]], sure: Mapping[str, Told], where: Mapping[str, list[int]]
    ) -> Told | None:
        wholes = parts.get(m.name, ())
        if not wholes:
            return None
        for whole in wholes:
            told = sure.get(whole)
            if told is None or told.role is PersonRole.SUBJECT:
                return told
        before = [w for w in wholes if where.get(w) and where[w][0] < first]
        if not before and all(sure[w].role is PersonRole.FAMILY and w.startswith(m.name) for w in wholes):
            return None  # a relative who is introduced later has the surname of the one already spoken of
        return sure[max(before, key=lambda w: where[w][0]) if before else wholes[0]]

    def _rest(self, mentions: list[Mention]) -> None:
        """Those about whom nothing is told: a speaker, somebody who signs, else one whom the document is about."""
        own = {m.name for m in mentions if m.speaker and m.own and m.told.weight < Weight.FAIR}
        honoured = any(m.honoured for m in mentions)
        for m in mentions:
            if m.told.weight >= Weight.FAIR:
                continue
            if m.speaker and m.name not in own:
                m.told = Told(PersonRole.SENDER, Weight.GUESSED, "speaks in a chat")
            elif m.greeted and m.told.role is not PersonRole.STAFF:
                m.told = Told(PersonRole.STAFF, Weight.GUESSED, "greeted as a business partner")
            elif m.signs and honoured:
                m.told = Told(PersonRole.STAFF, Weight.GUESSED, "signs without an honorific")
            elif m.told.weight is Weight.NONE or (m.honoured and m.told.role is not PersonRole.SUBJECT):
                cue = "data of the person near by" if m.own else "honorific" if m.honoured else "nothing tells otherwise"
                m.told = Told(PersonRole.SUBJECT, Weight.GUESSED, cue)

    @staticmethod
    def _couples(mentions: list[Mention]) -> None:
        """Husband and wife of whom a record speaks without naming anybody else as its subject are both its subjects."""
        if any(m.told.role is PersonRole.SUBJECT and m.told.weight >= Weight.FAIR for m in mentions):
            return
        spouses = [m for m in mentions if m.told.cue.endswith((" 妻", " 夫"))]
        if {m.told.cue[-1] for m in spouses} == {"妻", "夫"}:
            for m in spouses:
                m.told = Told(PersonRole.SUBJECT, Weight.FAIR, "a couple")


def _gap(text: str, previous: Mention | None, start: int) -> str:
    """What stands between two names on one line or in one cell; empty where a line or a cell ends between them."""
    gap = text[previous.end : start] if previous is not None and start - previous.end <= _NEAR else ""
    return "" if "\t" in gap or "\n" in gap or gap.isspace() else gap


def _signs(text: str, start: int, end: int) -> bool:
    """Whether a bare surname closes an entry: 「来週また電話。(安芸)」, 「昼食 全量 安芸」."""
    if end - start > 4 or start < 6:
        return False
    if text[start - 1] == "(":
        return _SIGNED.match(text, end) is not None
    first = max(text.rfind("\n", 0, start), text.rfind("\t", 0, start)) + 1
    return text[start - 1] in " 。" and start - first >= 6 and text[end : end + 1] in ("", "\n", "\t")


def _nearest(rows: Rows, names: list[tuple[Match, int, int]]) -> set[int]:
    """View starts of the names nearest to the column that names relations or posts, with those that touch them."""
    by_row: dict[int, list[tuple[int, int]]] = {}
    columns: dict[int, int] = {}
    for _, start, _ in names:
        index = rows.cell(start)
        column = rows.relation_column(index)
        if column is None:
            continue
        row, own = rows.place(index)
        by_row.setdefault(row, []).append((own, start))
        columns[row] = column
    out: set[int] = set()
    for row, held in by_row.items():
        left = [(c, s) for c, s in held if c < columns[row]] or [(-c, s) for c, s in held]
        left.sort(reverse=True)
        last = left[0][0]
        for column, start in left:
            if last - column > 1:
                break
            out.add(start)
            last = column
    return out


def _recipient(text: str, end: int) -> Told:
    """Who gets a message within one organisation works there; anybody else may be whom it is about."""
    line = text[end : end + 80]
    to = _MAIL.match(line)
    sender = re.search(r"(?:^|\n)(?:From|差出人|送信者)\s?[\t:][^\n]*?@([\w.-]+)", text[:2000])
    if to and sender and to[1].lower() == sender[1].lower():
        return Told(PersonRole.STAFF, Weight.FAIR, "recipient in the sender's organisation")
    return Told(PersonRole.SUBJECT, Weight.GUESSED, "recipient")


def _by_parts(names: Iterable[str]) -> dict[str, list[str]]:
    """Beginnings and ends of whole names → the names."""
    parts: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        if 3 <= len(name) <= 12:
            for size in range(1, len(name)):
                parts.setdefault(name[:size], []).append(name)
                if len(name) - size >= 1:
                    parts.setdefault(name[size:], []).append(name)
    return parts


def _of_surname(m: Mention, sure: Mapping[str, Told]) -> Told | None:
    """The role that a bare surname has, for a whole name without an honorific: 「会計の森さん … 森 さくら」."""
    for size in range(min(3, len(m.name) - 1), 0, -1):
        told = sure.get(m.name[:size])
        if told is not None and len(m.name) - size <= 3 and not m.own:
            return told
    return None


def _spoken_of(text: str, start: int, end: int, own: Sequence[int], contact: Sequence[int]) -> bool:
    """Whether data of a person stand in the sentence of a name or soon after it."""
    first, last = records.sentence(text, start, end)
    return _any_in(own, first, max(last, end + _NEAR)) or _any_in(contact, end, end + 4)


def _any_in(places: Sequence[int], first: int, last: int) -> bool:
    i = bisect_left(places, first)
    return i < len(places) and places[i] < last
