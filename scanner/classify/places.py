"""Anchors as a person reads them: シート1!B3, 3ページ 12行, 12行 5桁, スライド4."""

from __future__ import annotations

import re
from typing import assert_never

from scanner.model import Anchor, Cell, Key, Line, Page, Part, Slide

_INDEX = re.compile(r"\[[0-9]{1,6}\]")
_PARTS = {
    "body": "本文",
    "header": "ヘッダー",
    "footer": "フッター",
    "comment": "コメント",
    "notes": "ノート",
    "note": "ノート",
    "footnote": "脚注",
    "textbox": "テキストボックス",
    "subject": "件名",
    "property": "文書の情報",
    "properties": "文書の情報",
}


def printable(anchor: Anchor, lang: str = "ja") -> str:
    """The place in words of the language."""
    ja = lang == "ja"
    match anchor:
        case Line(line, column):
            return f"{line}行 {column}桁" if ja else f"line {line}, column {column}"
        case Page(page, line):
            if not line:
                return f"{page}ページ" if ja else f"page {page}"
            return f"{page}ページ {line}行" if ja else f"page {page}, line {line}"
        case Cell(sheet, row, column):
            where = f"{letters(column)}{row}"
            return f"{sheet}!{where}" if sheet else where
        case Slide(number, part):
            where = f"スライド{number}" if ja else f"slide {number}"
            return f"{where} {_PARTS.get(part, part) if ja else part}".strip()
        case Part(name, number):
            named = _PARTS.get(name, name) if ja else name
            if not number:
                return named
            return f"{named} 段落{number}" if ja else f"{named} paragraph {number}"
        case Key(path, number):
            # A key can be a value itself ({"佐藤花子": …}): its indices lead there, its words stay in the document.
            indices = "".join(_INDEX.findall(path))
            counted = f"{number}番目の項目" if ja else f"value {number}"
            return f"{counted} {indices}".strip()
        case other:
            assert_never(other)


def letters(column: int) -> str:
    """A column number from 1 as spreadsheets write it: 1 → A, 27 → AA."""
    out = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out
