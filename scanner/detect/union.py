"""Tells a labour union's own text, and the offices and members in it (taxonomy 2.12)."""

from __future__ import annotations

import re
from dataclasses import replace

from scanner.detect.sensitive import Candidate
from scanner.model import Cell, Kind
from scanner.text.view import Reading

# What says that a text is a union's own: there an office is the membership of its holder (taxonomy 2.12).
_UNION = re.compile(
    r"労働組合(?!法)|労働協約|協約により|組合と(?:の)?協議|労使協議|労組|職員組合|従業員組合|社員組合|ユニオン(?!ジャック|バンク)|単組|労連|[市県都道府区町]職労|自治労|国労|日教組|教組|ゼンセン|春闘|団体交渉|執行委員会"
)
_HEAD, HEADS = 600, 6
_OFFICES = re.compile(r"書記長|書記次長|分会長|職場委員|執行委員|中央委員|青年部長|支部委員|専従役員|単組")
_OFFICE = re.compile(
    r"(?:中央|支部|分会|本部|青年部|女性部|特別|常任|副|地区)*(?:執行委員長?|委員長|書記長|書記次長|専従役員|専従|支部長|分会長|代議員|職場委員|青年部長|女性部長|会計監査|役員)\Z"
)


def of_union(reading: Reading) -> bool:
    """Whether a text says that it is a union's own, by its name or by two kinds of offices that only unions have."""
    place = reading.block.place
    about = reading.block.heading + " " + (place.sheet if isinstance(place, Cell) else "") + " " + reading.text[:_HEAD]
    return _UNION.search(about) is not None or len(set(_OFFICES.findall(reading.text[:4_000]))) >= 2


def only_office(text: str, c: Candidate) -> Candidate:
    """The office itself where a union's name stands before it: 三和製作所労働組合 書記長."""
    office = _OFFICE.search(text, c.start, c.end)
    if office is None or office.start() == c.start or not _UNION.search(text, c.start, office.start()):
        return c
    return replace(c, start=office.start())


_MEMBER = re.compile(r"準?組合員|新規加入|加入済|脱退|休会|再加入|専従|顧問|支部委員|評議員")


def office(reading: Reading, c: Candidate) -> bool:
    """Whether a word for an office or a member is a person's: the whole of a cell, or in a text no part of a body's name."""
    start, end = reading.cell(reading.cell_at(c.start))
    cell = reading.text[start:end].strip()
    if cell == reading.text[c.start : c.end] and reading.block.kind is not Kind.TEXT:
        return True
    if c.rule == "union.office" and _MEMBER.fullmatch(reading.text[c.start : c.end]):
        return False
    return reading.text[c.end : c.end + 1] not in ("会", "選", "制", "職", "候", "室", "公", "定")
