"""What tables say of people as a whole: where birth dates may stand, what only looks like a name, names that nobody could read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from scanner.classify import people, records
from scanner.classify.linkage import Bin
from scanner.model import Kind, Match
from scanner.text.view import Reading

_TERM = 40  # characters up to which a cell is a term rather than a sentence
_MANY = 20  # rows from which on a table's columns of people are told from words that look like names
# Headers of columns whose dates are events; in a table of people any other column of dates may hold birth dates.
_EVENT = re.compile(
    r"(?:契約|加入|申込|請求|受付|登録|更新|作成|発行|支払|振込|入金|入院|退院|手術|受診|通院|診断|検査|健診|測定|事故|発生|発症|届出|提出|開始|終了|満了|解約|異動"
    r"|入社|退職|採用|入会|退会|訪問|面談|相談|対応|確認|送付|受領|納品|注文|購入|利用|認定|決定|取得|喪失|交付|有効|期限|予定|実施|変更|最終|調剤|処方|来店|来室|日時|記入|記録"
    r"|created|updated|date_of_(?!birth)|modified|timestamp|issued|paid|visit|order|start|end|expiry|joined|at$)"
)


def birth_places(reading: Reading, matches: Sequence[Match]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """View ranges of birth dates (matches, values of birth labels), and of columns of people in which birth dates may stand."""
    births = [(reading.view(m.start), reading.view(m.end)) for m in matches if m.entity == "birth_date"]
    births += [(f.start, f.end) for f in reading.layout.fields if f.label.entity == "birth_date"]
    doubtful: list[tuple[int, int]] = []
    people_in = any(m.entity in ("person_name", "birth_date", "gender") for m in matches)
    for column in reading.layout.columns:
        if column.label is not None and column.label.entity == "birth_date":
            births += [reading.cell(i) for i in column.cells.tolist()]
        elif people_in and not _EVENT.search(column.header):
            doubtful += [reading.cell(i) for i in column.cells.tolist()]
    if people_in and reading.block.kind is not Kind.TEXT and not reading.layout.columns and not reading.layout.fields:
        doubtful.append((0, len(reading.text)))
    return sorted(births), sorted(doubtful)


def strays(reading: Reading, matches: Sequence[Match]) -> set[tuple[int, int]]:
    """Places of seeming names in a large table whose column holds hardly any: makers, places and products, not people."""
    layout = reading.layout
    numbers = reading.block.columns
    if numbers is None or not (layout.columns or records.is_grid(reading)):
        return set()
    if any(c.label and c.label.entity == "person_name" for c in layout.columns):
        return set()
    sizes = {c.number: len(c.cells) for c in layout.columns} or dict(
        zip(*(a.tolist() for a in np.unique(numbers, return_counts=True)), strict=True)
    )
    held: dict[int, list[Match]] = {}
    for m in matches:
        number = int(numbers[reading.block.cell_at(m.start)])
        if m.entity == "person_name" and sizes.get(number, 0) >= _MANY and not m.cue:
            held.setdefault(number, []).append(m)
    return {
        (m.start, m.end)
        for number, names in held.items()
        for m in names
        if (len(names) * 5 < sizes[number] or _inside_a_term(reading, m)) and not people.honoured(reading.text, reading.view(m.end))
    }


def _inside_a_term(reading: Reading, m: Match) -> bool:
    """Whether a seeming name is a piece of a cell that is neither the name alone nor a sentence: クロロマイセチン「ヨシダ」."""
    start, end = reading.block.cell_span(reading.block.cell_at(m.start))
    return not m.group and m.end - m.start + 2 < end - start <= _TERM


_NO_NAME = re.compile(r"[-0-9\W〃々]*|.*[計数平均].*|なし|無|同上|空欄|\(?非表示\)?|不明|未定|欠番")


def unread_names(reading: Reading, bins: Mapping[int | None, Bin], split: records.Splitter) -> set[int]:
    """Rows whose cell in the column of names holds something that no detector read."""
    if not split.rows:
        return set()
    rows: set[int] = set()
    for column in reading.layout.columns:
        if column.label is None or column.label.entity != "person_name" or column.label.hint == "kana":
            continue
        for cell in column.cells.tolist():
            start, end = reading.cell(cell)
            record = split.record(int(reading.block.starts[cell]))
            if record is None or (record in bins and any(start <= p.start < end for p in bins[record].persons)):
                continue
            if 0 < end - start <= 20 and not _NO_NAME.fullmatch(reading.text[start:end].strip()):
                rows.add(record)
    return rows
