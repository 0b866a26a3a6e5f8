"""Finds postal addresses: in columns and fields that announce them, and in running text from prefecture, city or town on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scanner.detect.addressgrammar import parse
from scanner.detect.addresstail import next_line
from scanner.detect.gazetteer import town_key
from scanner.detect.namewords import ORGANISATION, SAMPLE_CUE
from scanner.detect.places import Places
from scanner.model import Kind, Match, PersonRole
from scanner.problems import Problem
from scanner.text.labels import LabelBook
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

_ADDRESS, _BUSINESS = "address", "business_address"
_PARTS = ("prefecture", "city", "town", "street", "building", "second")
_OF_PERSONS = ("person_name", "birth_date", "gender", "age", "my_number", "health_insurance_id", "member_number", "drivers_license")
_SCENE = re.compile(r"[ の]{0,2}(?:交差点|付近|先路上|路上|地先|先の|周辺|近く|沖|で(?:追突|衝突|発生|転倒|事故))")
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
    r"様|さん|氏名|本人|患者|お客|ship_?to|配達先|お届け|居住|暮ら|被相続人|所有者|自宅|住まい|在住|現住所|住所|送り先|届け先|引っ越|転居|実家|宅|殿|生年月日|生まれ|携帯|090-|080-|070-"
)

_LETTERS = "\u4e00-\u9fff々ヶァ-ヴー"
_PARTICLE = "はがをにのへとで"
_HOUSE_NUMBER = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,4}){0,2}|[0-9]{1,2}丁目[0-9番地号-]*|[0-9]{1,4}番[0-9地号-]*")
_CUSTOMER = re.compile(r"(?i)(?:customer|client|patient|member|user|applicant|employee|person|subscriber|insured)[a-z_]*[._\[]")
_LETTERHEAD = re.compile(
    r"[ ]*\n[ ]*[^\n:]{1,24}(?:会社|病院|医院|クリニック|診療所|薬局|事務所|法人|組合|センター|協会|学校|大学)[^\n:]{0,12}(?:\n|$)"
)
_TOWN = re.compile(rf"[{_LETTERS}]{{2,8}}?(?=[0-9]|[一二三四五六七八九十]+(?:丁目|-|ノ))")
_SHORT_CHAIN = (
    r"(?:[0-9]{1,4}(?: ?- ?[0-9]{1,4}){1,3}|[一二三四五六七八九十]{1,3}(?:[ノの-][一二三四五六七八九十]{1,4}){1,3})(?![0-9-])"
)


class AddressDetector:
    """Addresses of people (``address``) and of organisations (``business_address``). The gazetteer is loaded at the first call."""

    name = "address"

    def __init__(self, models_dir: Path, book: LabelBook) -> None:
        self.places = Places(models_dir)
        self.book = book

    def detect(self, readings: Sequence[Reading]) -> Iterator[Match | Problem]:
        """Addresses in raw offsets."""
        self.places.load()
        for reading in readings:
            yield from self._reading(reading)

    def _reading(self, reading: Reading) -> Iterator[Match]:
        taken = bytearray(len(reading.text))
        for match, start, end in (*self._columns(reading), *self._fields(reading), *self._cells(reading)):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield match
        domicile = [(f.start, f.end) for f in reading.layout.fields if f.label.entity == "registered_domicile"]
        domicile += [
            reading.cell(i)
            for c in reading.layout.columns
            if c.label and c.label.entity == "registered_domicile"
            for i in c.cells.tolist()
        ]
        for start, end in domicile:
            taken[start:end] = b"\1" * (end - start)
        for match, start, end in self._running(reading):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield match
        yield from self._same_towns(reading, taken)

    def _same_towns(self, reading: Reading, taken: bytearray) -> Iterator[Match]:
        """The town of an address found on the page with another number behind it: 「桜木3-7-22」."""
        towns: dict[str, None] = {}
        if 1 not in taken:
            return
        for run in re.finditer(b"\1+", bytes(taken)):
            town = _TOWN.match(reading.text, run.start(), run.end())
            if town:
                towns[town.group()] = None
        if not towns:
            return
        names = "|".join(map(re.escape, sorted(towns, key=len, reverse=True)[:200]))
        for hit in re.finditer(rf"(?<![{_LETTERS}])(?:{names}){_SHORT_CHAIN}", reading.text):
            if not any(taken[hit.start() : hit.end()]) and not _SCENE.match(reading.text, hit.end()):
                whose = self._whose(reading, hit.start(), hit.end())
                yield self._match(reading, hit.start(), hit.end(), (whose, "same town", 0.7))[0]

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
                judged[text] = self.places.value(text, column.label)
            found = judged[text]
            if found is None:
                continue
            row = int(block.records[index] if block.records is not None else block.rows[index] if block.rows is not None else index)
            group = f"address:{block.index}:{row}" if several else None
            yield self._match(
                reading, start + found[0], start + found[1], (entity, "column", 0.92), cue=column.label.word, group=group
            )

    def _cells(self, reading: Reading) -> Iterator[tuple[Match, int, int]]:
        """Addresses over neighbouring cells that no header announces: a city alone, town and number in the next cell."""
        block = reading.block
        if block.kind is not Kind.TABLE or block.rows is None or block.columns is None:
            return
        for index in range(len(reading.starts) - 1):
            city = self.places.city_alone(reading.text[slice(*reading.cell(index))])
            pieces = self._pieces(reading, index, city) if city else []
            kind = (self._whose_row(reading) if pieces else "", "cells", 0.85)
            group = f"address:{block.index}:{int(block.rows[index])}"
            for n in pieces:
                start, end = reading.cell(n)
                yield self._match(reading, start, end, kind, group=group)

    def _pieces(self, reading: Reading, index: int, city: str) -> list[int]:
        """The cells of an address whose city stands alone in a cell: prefecture before it, town, number and building behind it."""
        rows, columns = reading.block.rows, reading.block.columns
        assert rows is not None and columns is not None

        def text(n: int) -> str:
            """The text of a cell of the row, "" where it is no neighbour of the city's."""
            there = 0 <= n < len(reading.starts) and rows[n] == rows[index] and columns[n] - columns[index] == n - index
            return reading.text[slice(*reading.cell(n))].strip() if there else ""

        last = next((n for n in range(1, 4) if self.places.behind_city("".join(text(index + k + 1) for k in range(n)), city)), 0)
        if not last or not all(text(index + k + 1) for k in range(last)):
            return []
        unnumbered = not re.search("[0-9]", "".join(text(index + k + 1) for k in range(last)))
        if unnumbered and _HOUSE_NUMBER.fullmatch(text(index + last + 1)):  # 「大門八番町 | 1-38」
            last += 1
        pieces = [index + k for k in range(last + 1)]
        if self.places.prefecture(text(index - 1)):
            pieces.insert(0, index - 1)
        if self.places.building(text(index + last + 1)):
            pieces.append(index + last + 1)
        return pieces

    @staticmethod
    def _whose_row(reading: Reading) -> str:
        """A business's address where the table has an address column of organisations."""
        labels = [c.label for c in reading.layout.columns if c.label is not None]
        if any(label.entity in _OF_PERSONS for label in labels):
            return _ADDRESS
        return _BUSINESS if any(label.entity == _ADDRESS and label.hint == "org" for label in labels) else _ADDRESS

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
                and not any(f.label.entity == _ADDRESS and f.label.hint != label.hint for f in near)
            ):
                continue
            end = item.end
            if reading.block.kind is Kind.TEXT:
                end = next_line(reading.text, end, len(reading.text))
            found = self.places.value(reading.text[item.start : end], label)
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
        if _CUSTOMER.match(reading.text, item.label_start, item.label_end):
            return False
        near = [f for f in fields[max(0, n - 5) : n + 6] if abs(f.start - item.start) < 400]
        if any(f.label.entity in _OF_PERSONS for f in near):
            return False
        if any(not f.label.entity and f.label.hint == "organisation" for f in near):
            return True
        around = reading.text[max(0, item.start - 90) : item.label_start] + reading.text[item.end : item.end + 60]
        return reading.block.kind is Kind.TEXT and bool(_OFFICE_CUE.search(around)) and not _PERSON_CUE.search(around)

    def _running(self, reading: Reading) -> Iterator[tuple[Match, int, int]]:
        text = reading.text
        table = reading.block.kind is not Kind.TEXT
        done = 0
        taken = bytearray(len(text))
        for anchor in self.places.anchors(text, reading.prints):
            if anchor.start < done:
                continue
            limit = _limit(reading, anchor.start, table=table)
            parsed = self.places.parsed(text, anchor, limit)
            if parsed is None or _SCENE.match(text, parsed.end):
                continue
            end = parsed.end if parsed.building else next_line(text, parsed.end, limit if table else len(text))
            done = end
            score = 0.9 if anchor.prefecture and anchor.city else 0.8 if parsed.known_town else 0.65
            yield self._match(reading, parsed.start, end, (self._whose(reading, parsed.start, end), "text", score))
            taken[parsed.start : end] = b"\1" * (end - parsed.start)
        yield from self._towns_alone(reading, taken, table=table)

    def _towns_alone(self, reading: Reading, taken: bytearray, *, table: bool) -> Iterator[tuple[Match, int, int]]:
        """A known town with 丁目 and a number behind it, without prefecture and city."""
        if "丁目" not in reading.text:
            return
        towns, _ = self.places.load()
        for hit in _TOWN_CHAIN.finditer(reading.text):
            limit = _limit(reading, hit.start(), table=table)
            if any(taken[hit.start() : hit.end()]):
                continue
            start = next(
                (
                    n
                    for n in range(hit.start(), hit.end() - 4)
                    if (n == hit.start() or reading.text[n - 1] in _PARTICLE) and towns.longest(town_key(reading.text[n : n + 12]))
                ),
                -1,
            )
            if start < 0:
                continue
            parsed = parse(reading.text, start, start, limit, towns, "")
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
        letterhead = _LETTERHEAD.match(text, end)
        if letterhead and not _PERSON_CUE.search(same):
            return _BUSINESS
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


def _kana_of_address(fields: tuple[Field, ...], n: int) -> bool:
    """フリガナ right above an address and not below a name."""
    above_address = n + 1 < len(fields) and fields[n + 1].label.entity == _ADDRESS
    below_name = n > 0 and fields[n - 1].label.entity == "person_name"
    return above_address and not below_name
