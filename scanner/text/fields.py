"""Labels and their values in running text: ``氏名：佐藤``, ``氏名 佐藤  生年月日 …``, ``name=…``, a label above its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.text.labels import Label, LabelBook
from scanner.text.layout import Field
from scanner.text.view import Reading

_DELIMITER = re.compile(r"[:=】\]」]")
# What may stand before a label: nothing, space, punctuation or a decoration.
_BEFORE = " \t\n、,;|/({[【「<\"'・■□●○◆◇※＊*→>-.)"
_NO_TAIL = re.compile(r"[\n\t、,;|{}<>\"'。=:]")
_NEXT_KEY = re.compile(r" (?=[^\s=:]{1,30}=)")  # log lines: 承認者=漆原 伝票=D-10021
# A label set wide at the beginning of a line or behind a gap: 「氏　　名」, 「生 年 月 日」.
_WIDE = re.compile(r"(?:(?<=\n)|^|(?<= {3}))[ ・■□●○◆※*]*([一-龠ぁ-んァ-ヶ](?: {1,6}[一-龠ぁ-んァ-ヶ]){1,6})(?= |:|\n|\()")
_WIDE_BEGINS = re.compile(r" (?:(?<=[\n ・■□●○◆※*][一-龠ぁ-んァ-ヶ] )|(?<=\A[一-龠ぁ-んァ-ヶ] ))")  # found by its space
_SPACES = re.compile(r" {3,}")
_TRIM = " \t\n、,;|/_"
_LONGEST_VALUE = 160
_BEHIND = " \t\n(._・"  # what stands behind a label that nothing delimits
_LEADERS = re.compile(r"[ \t]*(?:[._]{3,}|・{3,}|-{3,})?[ \t]*")  # dots that lead the eye to the value: 「氏名 ....... 山田」
_LONG = 256  # characters from which a text is asked as a whole


class Mark(NamedTuple):
    """A label found in text: view positions of the label and of where its value may begin."""

    label: Label
    start: int
    end: int
    value: int
    tight: bool  # the delimiter is '=' or a quoted key: the value ends at , ; or a quote


def in_text(reading: Reading, book: LabelBook, start: int, end: int, *, below: bool) -> Iterator[Field]:
    """Fields within ``start..end`` of the view. ``below``: an empty value may stand on the next line."""
    yield from between(reading, marked(reading, book, start, end), end, below=below)


def between(reading: Reading, marks: list[Mark], end: int, *, below: bool) -> Iterator[Field]:
    """The fields of labels found, in order; the last value ends at ``end`` of the view."""
    text = reading.text
    for n, mark in enumerate(marks):
        stop = marks[n + 1].start if n + 1 < len(marks) else end
        line_end = text.find("\n", mark.value, stop)
        limit = min(stop, line_end if line_end >= 0 else stop, mark.value + _LONGEST_VALUE)
        first, last = _value(text, mark, limit)
        if first >= last and below and 0 <= line_end < stop and not _beside_another(text, marks, n):
            next_end = text.find("\n", line_end + 1, stop)
            limit = min(next_end if next_end >= 0 else stop, line_end + 1 + _LONGEST_VALUE)
            first, last = _value(text, mark._replace(value=line_end + 1, tight=False), limit)
        if first < last:
            yield Field(mark.label, mark.start, mark.end, first, last)


def cells_with_fields(reading: Reading, book: LabelBook) -> list[int]:
    """Numbers of the cells in which ``in_text`` may find a field: those with a delimiter or a known label, ascending."""
    text = reading.text
    places = [hit.start() for hit in _DELIMITER.finditer(text)]
    places += [first for _, first, _ in book.occurrences(text, reading.prints if len(text) >= _LONG else None)]
    places += [hit.start() for hit in _WIDE_BEGINS.finditer(text)]
    return sorted({reading.cell_at(place) for place in places})


def _beside_another(text: str, marks: list[Mark], n: int) -> bool:
    """Whether the label is one of several in its line: a row of headers over columns, not a label above its value."""
    return n > 0 and not text[marks[n - 1].value : marks[n].start].strip(" ") and marks[n - 1].value < marks[n].start


def _value(text: str, mark: Mark, limit: int) -> tuple[int, int]:
    leaders = _LEADERS.match(text, mark.value, limit)
    start = leaders.end() if leaders else mark.value
    if mark.tight and start < limit and text[start] in "\"'":
        close = text.find(text[start], start + 1, limit)
        return start + 1, close if close >= 0 else limit
    end = limit
    if mark.tight:
        for stop in ",;}&":
            at = text.find(stop, start, end)
            if at >= 0:
                end = at
        if (key := _NEXT_KEY.search(text, start, end)) is not None:
            end = key.start()
    wide = _SPACES.search(text, start, end)
    if wide:
        end = wide.start()
    end = _unopened(text, start, end)
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def _unopened(text: str, start: int, end: int) -> int:
    """Where a closing bracket stands that the value did not open: 「(受付 安芸)」."""
    depth = 0
    for i in range(start, end):
        if text[i] in "([【":
            depth += 1
        elif text[i] in ")]】":
            depth -= 1
            if depth < 0:
                return i
    return end


def marked(reading: Reading, book: LabelBook, start: int, end: int) -> list[Mark]:
    """Labels in order, overlaps removed: one with a delimiter wins over one that only stands before a space."""
    text = reading.text
    found = list(_delimited(text, book, start, end))
    taken = {(m.start, m.end) for m in found}
    spans = sorted(taken)
    for mark in (*_wide(text, book, start, end), *_spaced(reading, book, start, end)):
        if not any(a < mark.end and mark.start < b for a, b in _near(spans, mark.start)):
            found.append(mark)
            spans = sorted((*spans, (mark.start, mark.end))) if " " in text[mark.start : mark.end] else spans
    found.sort(key=lambda m: m.start)
    out: list[Mark] = []
    for mark in found:
        if out and mark.start < out[-1].end:
            continue
        out.append(mark)
    return out


def _near(spans: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    return [s for s in spans if s[0] - 48 <= at <= s[1] + 48] if len(spans) < 64 else _bisected(spans, at)


def _bisected(spans: list[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    from bisect import bisect_left

    i = bisect_left(spans, (at - 48, 0))
    j = bisect_left(spans, (at + 48, 0))
    return spans[max(0, i - 1) : j + 1]


def _delimited(text: str, book: LabelBook, start: int, end: int) -> Iterator[Mark]:
    """``label:``, ``label=``, ``【label】``, ``"label":``."""
    for hit in _DELIMITER.finditer(text, start, end):
        at = hit.start()
        sign = text[at]
        stop = at
        while stop > start and text[stop - 1] in " \"'":
            stop -= 1
        if stop == start or (text[stop - 1].isdigit() and not (stop - 2 >= start and text[stop - 2].isalpha())):  # 住所1, not 9:00
            continue
        begin, tail = _tail(text, max(start, stop - 40), stop)
        if not tail or not book.may_end(tail):
            continue
        if sign in "】]」":
            opening = max(tail.rfind("【"), tail.rfind("["), tail.rfind("「"))
            if opening < 0:
                continue
            label = book.look(tail[opening + 1 :])
            first = begin + opening + 1
        else:
            label, first = _longest(tail, begin, book)
        if label is not None:
            yield Mark(label, first, stop, at + 1, sign == "=" or text[stop : stop + 1] in ('"', "'"))


def _tail(text: str, low: int, stop: int) -> tuple[int, str]:
    """Start and text of what stands before a delimiter without anything that ends a label."""
    if text[stop - 1] == "\n":
        stop -= 1
    first = low
    for border in _NO_TAIL.finditer(text, low, stop):
        first = border.end()
    return first, text[first:stop]


def _longest(tail: str, offset: int, book: LabelBook) -> tuple[Label | None, int]:
    """The label at the end of ``tail`` that begins at a border, the longest first."""
    borders = [0] if offset == 0 or len(tail) <= LabelBook.LONGEST else []
    borders += [i + 1 for i, c in enumerate(tail) if (c in _BEFORE or c == "の") and c not in "-." and i + 1 < len(tail)]
    for first in borders:
        if tail[first] in " \t":
            continue  # the same label from where its letters begin
        piece = tail[first:]
        if not piece.strip():
            continue
        # 「小林健一 病名」 and 「小林健一の病名」 end like a label, but begin with a value: a border inside needs a whole label.
        inner = piece.strip()
        whole = " " in inner or "の" in inner or inner.rfind("(") > inner.rfind(")")
        label = book.whole(piece) or (None if whole else book.look(piece))
        if label is not None:
            return label, offset + first + (len(piece) - len(piece.lstrip()))
    return None, 0


def _wide(text: str, book: LabelBook, start: int, end: int) -> Iterator[Mark]:
    """A known label whose letters are set apart, the longest that the book has."""
    for hit in _set_wide(text, start, end):
        first, last = hit.span(1)
        while last > first + 1:
            label = book.whole(text[first:last])
            if label is not None:
                yield Mark(label, first, last, last, False)
                break
            last = text.rfind(" ", first, last)
            while last > first and text[last - 1] == " ":
                last -= 1


def _set_wide(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The same as ``_WIDE.finditer(text, start, end)``, tried in lines alone in which one may begin."""
    done = start
    for begin in _WIDE_BEGINS.finditer(text, start, end):
        if begin.start() >= done:
            first, last = text.rfind("\n", start, begin.start()) + 1, text.find("\n", begin.end(), end)
            done = last + 1 if last >= 0 else end
            yield from _WIDE.finditer(text, first or start, done)


def _spaced(reading: Reading, book: LabelBook, start: int, end: int) -> Iterator[Mark]:
    """A known label between borders that is followed by a space, a bracketed note or the end of its line."""
    text = reading.text
    whole = start == 0 and end == len(text) and end >= _LONG
    found = book.occurrences(text, reading.prints) if whole else book.occurrences(text[start:end])
    for number, first, last in found:
        first, last = first + start, last + start
        if (first > start and text[first - 1] not in _BEFORE) or (last < end and text[last] not in _BEHIND):
            continue
        value = last
        if value < end and text[value] == "(":
            close = text.find(")", value, min(end, value + 14))
            value = close + 1 if close >= 0 else value
        if value < end and text[value] not in " \t\n" and not text.startswith(("...", "___", "・・・"), value):
            continue
        yield Mark(book.numbered(number), first, last, value, False)
