"""Finds postal addresses: in columns and fields that announce them, and in running text from prefecture, city or town on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from scanner.detect import gazetteer
from scanner.detect.addressgrammar import BUILDING_WORD, Parsed, next_line, parse
from scanner.detect.gazetteer import Towns, town_key
from scanner.detect.namewords import ORGANISATION, SAMPLE_CUE
from scanner.model import Kind, Match, PersonRole
from scanner.problems import Problem
from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

_ADDRESS, _BUSINESS = "address", "business_address"
_PARTS = ("prefecture", "city", "town", "street", "building", "second")
_OF_PERSONS = ("person_name", "birth_date", "gender", "age", "my_number", "health_insurance_id", "member_number", "drivers_license")
_POSTAL = re.compile(r"(?:〒|郵便番号:?)? ?[0-9]{3}-?[0-9]{4}(?![0-9-])[ \n、,]*")
_AFTER = re.compile(
    r"[ \n、,/(]*(?:(?:TEL|Tel|tel|電話|℡|FAX|Fax|携帯|TEL/FAX)[ :.(]*|(?=\(?0[0-9]{1,3}[-(][0-9]{1,4}[-)][0-9]{3,4})).*$", re.S
)
_NOTE = re.compile(r"[ ]*(?:\([^()]{0,40}\)|※.*|←.*|→.*)$")
_NOTHING = re.compile(
    r"(?:[-~*/〃.\s]|なし|無し|不明|未定|未記入|空欄|同上|同左|"
    r"本人に同じ|契約者に同じ|上記に同じ|現住所に同じ|.{0,8}と?同じ|.{0,4}と同居|null|none|n/?a)*",
    re.I,
)
_SCENE = re.compile(r"[ の]{0,2}(?:交差点|付近|先路上|路上|地先|先の|周辺|近く|沖|で(?:追突|衝突|発生|転倒|事故))")
_KANJI = re.compile("[\u4e00-\u9fff々]")
_FOREIGN = re.compile(r"(?=.*[0-9])[A-Za-zÀ-ſ0-9 ,.#/'()&-]{8,}")
_TOWN_CHAIN = re.compile(
    r"(?<![\u4e00-\u9fff々ヶァ-ヴー0-9])[\u4e00-\u9fff々ヶノケぁ-んァ-ヴー]{1,10}?"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})丁目 ?(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,5})(?:番地?|-)"
)
_OFFICE_CUE = re.compile(
    r"株式会社|有限会社|合同会社|\((?:株|有)\)|本社|本店|支社|支店|営業所|事務所|事務局|窓口|お問い?合わ?せ|コールセンター|センター|病院|医院|クリニック|"
    r"診療所|薬局|会館|ホール|ホテル|旅館|店舗|学校|大学|役所|役場|市庁|県庁|公民館|協会|連合会|組合|法人|"
    r"発行[:者所元]|編集|会場|所在地|アクセス|代表電話|0120-|0570-|0800-|営業時間|定休日|開館|駐車場"
)
_PERSON_CUE = re.compile(
    r"様|さん|氏名|本人|患者|お客|自宅|住まい|在住|現住所|住所|送り先|届け先|引っ越|転居|実家|宅|殿|生年月日|生まれ|携帯|090-|080-|070-"
)


class _Anchor(NamedTuple):
    """A place name that may begin an address: where the prefecture and city end, and which city it is."""

    start: int
    end: int
    prefecture: bool
    city: str


class AddressDetector:
    """Addresses of people (``address``) and of organisations (``business_address``). The gazetteer is loaded at the first call."""

    name = "address"

    def __init__(self, models_dir: Path, book: LabelBook) -> None:
        self.models_dir = models_dir
        self.book = book
        self._towns: Towns | None = None
        self._names: list[str] = []
        self._automaton: ahocorasick_rs.AhoCorasick | None = None

    def _load(self) -> tuple[Towns, ahocorasick_rs.AhoCorasick]:
        if self._towns is None or self._automaton is None:
            self._towns = gazetteer.towns(self.models_dir)
            self._names = sorted(self._towns.cities) + list(self._towns.prefectures)
            self._automaton = ahocorasick_rs.AhoCorasick(self._names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
        return self._towns, self._automaton

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Addresses in raw offsets."""
        self._load()
        for reading in readings:
            yield from self._reading(reading)

    def _reading(self, reading: Reading) -> Iterator[Match]:
        taken: list[tuple[int, int]] = []
        for match, start, end in (*self._columns(reading), *self._fields(reading)):
            if all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                yield match
        domicile = [(f.start, f.end) for f in reading.layout.fields if f.label.entity == "registered_domicile"]
        domicile += [
            reading.cell(i)
            for c in reading.layout.columns
            if c.label and c.label.entity == "registered_domicile"
            for i in c.cells.tolist()
        ]
        taken += domicile
        taken.sort()
        for match, start, end in self._running(reading):
            if not _hits(taken, start, end):
                yield match

    def _match(
        self,
        reading: Reading,
        start: int,
        end: int,
        kind: tuple[str, str, float],
        *,
        cue: str = "",
        group: str | None = None,
        role: PersonRole = PersonRole.UNKNOWN,
    ) -> tuple[Match, int, int]:
        entity, rule, score = kind
        span = reading.raw(start, end)
        text = re.sub(r"\s+", "", reading.text[start:end])
        match = Match(
            entity,
            reading.block.index,
            span.start,
            span.end,
            f"address.{rule}",
            score,
            cue=cue,
            group=group,
            role=role,
            sample=bool(SAMPLE_CUE.search(reading.text, max(0, start - 40), start)),
            normalized=text,
        )
        return match, start, end

    # ------------------------------------------------------------ columns and fields

    def _columns(self, reading: Reading) -> Iterator[tuple[Match, int, int]]:
        columns = [c for c in reading.layout.columns if c.label and c.label.entity == _ADDRESS]
        whole = [c for c in columns if c.label and c.label.hint in ("", "org", "street", "kana")]
        if not whole and sum(1 for c in columns if c.label and c.label.hint in _PARTS) < 3:
            return
        organised = any(c.label and not c.label.entity and c.label.hint == "organisation" for c in reading.layout.columns)
        named = any(
            c.label
            and c.label.entity == "person_name"
            and c.label.role in (PersonRole.SUBJECT, PersonRole.FAMILY)
            and c.label.hint != "kana"
            for c in reading.layout.columns
        )
        business = any(c.label and c.label.hint == "org" for c in columns) or (organised and not named)
        several = len(columns) > 1
        for column in columns:
            yield from self._column(reading, column, _BUSINESS if business else _ADDRESS, several=several)

    def _column(self, reading: Reading, column: Column, entity: str, *, several: bool) -> Iterator[tuple[Match, int, int]]:
        assert column.label is not None
        judged: dict[str, tuple[int, int] | None] = {}
        block = reading.block
        for index in column.cells.tolist():
            start, end = reading.cell(index)
            text = reading.text[start:end]
            if text not in judged:
                judged[text] = self.value(text, column.label)
            found = judged[text]
            if found is None:
                continue
            row = int(block.records[index] if block.records is not None else block.rows[index] if block.rows is not None else index)
            group = f"address:{block.index}:{row}" if several else None
            yield self._match(
                reading, start + found[0], start + found[1], (entity, "column", 0.92), cue=column.label.word, group=group
            )

    def _fields(self, reading: Reading) -> Iterator[tuple[Match, int, int]]:
        fields = reading.layout.fields
        for n, item in enumerate(fields):
            label = item.label
            near = fields[max(0, n - 3) : n + 4]
            kana = label.entity == "person_name" and label.hint == "kana" and _kana_of_address(fields, n)
            if label.entity != _ADDRESS and not kana:
                continue
            if (
                label.hint in _PARTS
                and label.hint not in ("street", "second")
                and not any(f.label.entity == _ADDRESS and f is not item for f in near)
            ):
                continue
            end = item.end
            if reading.block.kind is Kind.TEXT:
                end = next_line(reading.text, end, len(reading.text))
            found = self.value(reading.text[item.start : end], label)
            if found is None:
                continue
            business = label.hint == "org" or (item.above is not None and item.above.hint == "organisation")
            business = business or self._office_field(reading, fields, n)
            group = f"address:{reading.block.index}:{n // 8}" if label.hint in _PARTS else None
            role = item.above.role if item.above is not None else PersonRole.UNKNOWN
            kind = (_BUSINESS if business else _ADDRESS, "field", 0.92)
            start = item.start
            yield self._match(reading, start + found[0], start + found[1], kind, cue=label.word, group=group, role=role)

    def _office_field(self, reading: Reading, fields: tuple[Field, ...], n: int) -> bool:
        """An address on an organisation's own notice: words about an office around it, and no field of a person near."""
        item = fields[n]
        near = [f for f in fields[max(0, n - 5) : n + 6] if abs(f.start - item.start) < 400]
        if any(f.label.entity in _OF_PERSONS for f in near):
            return False
        if any(not f.label.entity and f.label.hint == "organisation" for f in near):
            return True
        around = reading.text[max(0, item.start - 90) : item.label_start] + reading.text[item.end : item.end + 60]
        return reading.block.kind is Kind.TEXT and bool(_OFFICE_CUE.search(around)) and not _PERSON_CUE.search(around)

    def value(self, text: str, label: Label) -> tuple[int, int] | None:
        """The range of the address in the value of a label, or None when the value is none."""
        start, end = 0, len(text)
        postal = _POSTAL.search(text)
        if postal and not text[: postal.start()].strip(" \n〒:"):
            start = postal.end()
        tail = _AFTER.search(text, start)
        if tail and tail.start() > start:
            end = tail.start()
        while True:
            end = start + len(text[start:end].rstrip(" \n、,。;"))
            note = _NOTE.search(text, start, end)
            if not note or note.start() <= start:
                break
            end = note.start()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        value = text[start:end]
        if len(value) < 2 or len(value) > 120 or _NOTHING.fullmatch(value):
            return self._inside(text) if len(value) > 120 else None
        return (start, end) if self._plausible(value, label) else self._inside(text)

    def _inside(self, text: str) -> tuple[int, int] | None:
        for anchor in self._anchors(text):
            parsed = self._parsed(text, anchor, len(text))
            if parsed:
                return parsed.start, parsed.end
        return None

    def _plausible(self, value: str, label: Label) -> bool:
        """Whether a value under such a label is an address and no remark."""
        towns, _ = self._load()
        if re.search(r"。|@|://|です|ます|ください", value):
            return False
        match label.hint:
            case "kana":
                return bool(re.fullmatch(r"[ぁ-ゖァ-ヴー0-9 A-Za-z・-]{4,}", value))
            case "prefecture":
                return (
                    value in towns.prefectures or f"{value}県" in towns.prefectures or value in ("東京", "大阪", "京都", "北海道")
                )
            case "city":
                return bool(re.search("[市区町村郡]$", value)) or value in towns.cities
            case "town":
                return bool(_KANJI.search(value)) and len(value) <= 24
            case "street" | "second":
                return bool(re.search("[0-9一二三四五六七八九十]", value) or re.search(BUILDING_WORD, value))
            case "building":
                return not re.fullmatch(r"[0-9]{5,}|.*(?:会社|病院|学校)", value)
        anchors = list(self._anchors(value))
        if anchors and anchors[0].start <= 2:
            return (
                label.hint != "org"
                or bool(re.search(r"[0-9一二三四五六七八九十]", value))
                or len(value) > len(value[anchors[0].start : anchors[0].end])
            )
        if _FOREIGN.fullmatch(value) and len(value.split()) >= 3:
            return True
        numbered = bool(
            re.search(
                r"[0-9]+(?:-[0-9]+)+|[0-9一二三四五六七八九十]+(?:丁目|番|号|条)|[0-9]+(?:の|ノ)[0-9]+|[一二三四五六七八九十]+[-ノの][一二三四五六七八九十]",
                value,
            )
        )
        if numbered and _KANJI.match(value) and not re.search(r"[0-9]{2,4}-[0-9]{2,4}-[0-9]{4}", value):
            return True
        if label.hint == "org":
            return False
        if re.search(r"[0-9]", value) and towns.longest(town_key(value)):
            return True
        return bool(
            re.search(r"[0-9]", value) and re.search(rf"{BUILDING_WORD}", value) and label.word.endswith(("2", "3", "2)", "3)"))
        )

    # ------------------------------------------------------------ running text

    def _anchors(self, text: str) -> Iterator[_Anchor]:
        """Places in order; a prefecture takes the city behind it along."""
        towns, automaton = self._load()
        cities = len(towns.cities)
        hits = automaton.find_matches_as_indexes(text)
        n = 0
        while n < len(hits):
            number, start, end = hits[n]
            n += 1
            if number < cities:
                if start and _KANJI.match(text[start - 1]) and text[start - 1] not in "所都道府県宅先":
                    continue
                yield _Anchor(start, end, False, self._names[number])
                continue
            gap = end + 1 if text[end : end + 1] == " " else end
            county = re.compile(r"[\u4e00-\u9fff々ヶノ]{1,5}郡 ?").match(text, gap)
            if n < len(hits) and hits[n][1] in (gap, county.end() if county else gap) and hits[n][0] < cities:
                yield _Anchor(start, hits[n][2], True, self._names[hits[n][0]])
                n += 1
            else:
                yield _Anchor(start, end, True, "")

    def _parsed(self, text: str, anchor: _Anchor, limit: int) -> Parsed | None:
        towns, _ = self._load()
        parsed = parse(text, anchor.start, anchor.end, limit, towns, anchor.city)
        if parsed is None:
            return None
        if anchor.prefecture and anchor.city:
            return parsed
        sure = parsed.known_town or (parsed.units and parsed.numbers >= 2) or parsed.numbers >= 3
        if anchor.prefecture:
            return parsed if sure and parsed.units else None
        return parsed if sure and (parsed.numbers >= 2 or parsed.units) else None

    def _running(self, reading: Reading) -> Iterator[tuple[Match, int, int]]:
        text = reading.text
        table = reading.block.kind is not Kind.TEXT
        done = 0
        taken: list[tuple[int, int]] = []
        for anchor in self._anchors(text):
            if anchor.start < done:
                continue
            limit = _limit(reading, anchor.start, table=table)
            parsed = self._parsed(text, anchor, limit)
            if parsed is None or _SCENE.match(text, parsed.end):
                continue
            end = parsed.end if parsed.building else next_line(text, parsed.end, limit if table else len(text))
            done = end
            score = 0.9 if anchor.prefecture and anchor.city else 0.8 if parsed.known_town else 0.65
            yield self._match(reading, parsed.start, end, (self._whose(reading, parsed.start, end), "text", score))
            taken.append((parsed.start, end))
        yield from self._towns_alone(reading, taken, table=table)

    def _towns_alone(self, reading: Reading, taken: list[tuple[int, int]], *, table: bool) -> Iterator[tuple[Match, int, int]]:
        """A known town with 丁目 and a number behind it, without prefecture and city."""
        towns, _ = self._load()
        for hit in _TOWN_CHAIN.finditer(reading.text):
            limit = _limit(reading, hit.start(), table=table)
            if _hits(taken, hit.start(), hit.end()):
                continue
            if not towns.longest(town_key(reading.text[hit.start() : hit.start() + 12])):
                continue
            parsed = parse(reading.text, hit.start(), hit.start(), limit, towns, "")
            if parsed is None or _SCENE.match(reading.text, parsed.end):
                continue
            whose = self._whose(reading, parsed.start, parsed.end)
            yield self._match(reading, parsed.start, parsed.end, (whose, "town", 0.6))

    def _whose(self, reading: Reading, start: int, end: int) -> str:
        """An organisation's address shows by the words around it, unless words about a person stand nearer."""
        text = reading.text
        line = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end)
        same = text[line:start] + " " + text[end : after if after >= 0 else len(text)]
        if reading.block.kind is not Kind.TEXT:
            first, last = reading.cell(reading.cell_at(start))
            same = text[first:start] + " " + text[end:last]
        before = text[max(0, start - 90) : start]
        following = text[end : end + 60]
        if _OFFICE_CUE.search(same) or ORGANISATION.search(same):
            return _ADDRESS if _PERSON_CUE.search(same) else _BUSINESS
        if _PERSON_CUE.search(same):
            return _ADDRESS
        if _OFFICE_CUE.search(before) or _OFFICE_CUE.search(following):
            return _ADDRESS if _PERSON_CUE.search(before[-45:]) else _BUSINESS
        return _ADDRESS


def _limit(reading: Reading, position: int, *, table: bool) -> int:
    """End of the line or cell that holds the position."""
    return reading.cell(reading.cell_at(position))[1] if table or reading.block.kind is Kind.TEXT else len(reading.text)


def _hits(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    from bisect import bisect_left

    i = bisect_left(taken, (start, start))
    return any(a < end and start < b for a, b in taken[max(0, i - 2) : i + 2])


def _kana_of_address(fields: Sequence[object], n: int) -> bool:
    """フリガナ right above an address."""
    following = fields[n + 1 : n + 2]
    before = fields[n - 1 : n] if n else ()
    is_address = [getattr(f, "label").entity == _ADDRESS for f in following]  # noqa: B009 - fields are plain records
    is_name = [getattr(f, "label").entity == "person_name" for f in before]  # noqa: B009
    return bool(is_address and is_address[0] and not (is_name and is_name[0]))
