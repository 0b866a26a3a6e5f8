"""What is the address in the value of a label or in a cell under a header."""

from __future__ import annotations

import re

from scanner.detect.addresstail import BOX, BUILDING_WORD, POSTAL, ends_in_brackets
from scanner.detect.gazetteer import katakana, town_key
from scanner.detect.places import Places
from scanner.text.labels import Label

_POSTAL = re.compile(POSTAL)
_AFTER = re.compile(
    r"[ \n、,/(]*(?:(?:TEL|Tel|tel|電話|℡|FAX|Fax|携帯|TEL/FAX)[ :.(]*|(?=\(?0[0-9]{1,3}[-(][0-9]{1,4}[-)][0-9]{3,4})).*$", re.S
)
_NOTE = re.compile(r"[ ]*(?:\([^()]{0,40}\)|※.*|←.*|→.*)$")
_NOTHING = re.compile(
    r"(?:[-~*/〃.\s]|なし|無し|不明|未定|未記入|空欄|同上|同左|"
    r"本人に同じ|契約者に同じ|上記に同じ|現住所に同じ|.{0,8}と?同じ|.{0,4}と同居|null|none|n/?a)*",
    re.I,
)
_FOREIGN = re.compile(r"(?=.*[0-9])[A-Za-zÀ-ſ0-9 ,.#/'()&-]{8,}")
_BOX = re.compile(BOX)
_MUNICIPAL = re.compile(r"[市区町村郡]$|-(?i:ku|shi|gun|cho|machi|mura|son)$")
_LATIN_STREET = re.compile(
    r"[0-9]{1,4}(?:-[0-9]{1,4}){1,3},? [A-Z][A-Za-z-]{2,}(?:[ ,]+[A-Za-z0-9-]+){0,4}|"
    r"[A-Z][a-z-]{2,},? [0-9]{1,4}(?:-[0-9]{1,4}){1,3}"
)
_KANJI = re.compile("[\u4e00-\u9fff々]")

_KANA = re.compile(r"[ぁ-ゖァ-ヴー ]{4,}[0-9][ぁ-ゖァ-ヴー0-9A-Za-z ・-]*")
_NAMED = re.compile(
    r"[ 、]+(?:[^0-9\n]{1,16}(?:様方?|殿|さん|御中|宛|行)|[\u4e00-\u9fff々]{1,4} [\u4e00-\u9fff々ぁ-ゖァ-ヴー]{1,5})"
    r"(?: *(?:印|行|宛))?"
)


class Values:
    """Judges the values of labels that announce an address."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def of(self, text: str, label: Label) -> tuple[int, int] | None:
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
            if not note or note.start() <= start or ends_in_brackets(text, start, end):
                break
            end = note.start()
        start += len(text[start:end]) - len(text[start:end].lstrip(" \n\t|=→"))
        value = text[start:end]
        box = _BOX.match(value)
        if box:
            return start, start + box.end()
        if len(value) < 2 or len(value) > 120 or _NOTHING.fullmatch(value):
            return self._inside(text) if len(value) > 120 else None
        if not self._plausible(value, label):
            return self._inside(text)
        return start, start + self._without_name(value)

    def _without_name(self, value: str) -> int:
        """Length of the value without the name that stands behind the address: 「… 1-2-3 高木 信也 様」."""
        anchor = next(self.places.anchors(value), None)
        parsed = self.places.parsed(value, anchor, len(value)) if anchor is not None and anchor.start <= 1 else None
        if parsed is None or not _NAMED.fullmatch(value, parsed.end):
            return len(value)
        return parsed.end

    def _reading(self, value: str) -> bool:
        """Whether a value in kana begins with a place and holds a number."""
        if not _KANA.fullmatch(value):
            return False
        anchor = next(self.places.anchors(katakana(value)), None)
        return anchor is not None and anchor.start == 0 and anchor.script == "kana"

    def _inside(self, text: str) -> tuple[int, int] | None:
        for anchor in self.places.anchors(text):
            parsed = self.places.parsed(text, anchor, len(text))
            if parsed:
                return parsed.start, parsed.end
        return None

    def _plausible(self, value: str, label: Label) -> bool:
        """Whether a value under such a label is an address and no remark."""
        towns, _ = self.places.load()
        if re.search(r"。|@|://|です|ます|ください", value):
            return False
        match label.hint:
            case "kana":
                return bool(re.fullmatch(r"[ぁ-ゖァ-ヴー0-9 A-Za-z・-]{4,}", value))
            case "prefecture":
                return (
                    any(a.script == "latin" and a.end - a.start == len(value) for a in self.places.anchors(value))
                    or value in towns.prefectures
                    or f"{value}県" in towns.prefectures
                    or value in ("東京", "大阪", "京都", "北海道")
                )
            case "city":
                return bool(_MUNICIPAL.search(value)) or value in towns.cities
            case "town":
                return (bool(_KANJI.search(value)) and len(value) <= 24) or (_FOREIGN.fullmatch(value) is not None and "," in value)
            case "street" | "second":
                return bool(re.search("[0-9一二三四五六七八九十]", value) or re.search(BUILDING_WORD, value))
            case "building":
                return not re.fullmatch(r"[0-9]{5,}|.*(?:会社|病院|学校)", value)
        anchors = list(self.places.anchors(value))
        if anchors and anchors[0].start <= 2:
            return (
                label.hint != "org"
                or bool(re.search(r"[0-9一二三四五六七八九十]", value))
                or len(value) > len(value[anchors[0].start : anchors[0].end])
            )
        if (_FOREIGN.fullmatch(value) and len(value.split()) >= 3) or _LATIN_STREET.fullmatch(value):
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
        if self.places.building(value) or self._reading(value):
            return True
        if re.search(r"[0-9]", value) and towns.longest(town_key(value)):
            return True
        return bool(
            re.search(r"[0-9]", value) and re.search(rf"{BUILDING_WORD}", value) and label.word.endswith(("2", "3", "2)", "3)"))
        )
