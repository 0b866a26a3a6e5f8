"""Binary workbooks (xls, xlsb): cells as they are shown, all that hangs on them, and damaged, locked and hostile ones."""

from __future__ import annotations

import io
import re
import struct
import time
from collections import Counter
from pathlib import Path

import pytest

from scanner.extract import Refused, sniff
from scanner.extract.biff import Segments, rich_string, rk
from scanner.extract.budget import Limits
from scanner.extract.olewrite import ole
from scanner.model import Cell, Section
from scanner.problems import Code, Unreadable
from tests.extract.ooxml import rels, zipped
from tests.extract.readkit import Read, read


def rec(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def uni(text: str, size: int = 2) -> bytes:
    return len(text).to_bytes(size, "little") + b"\1" + text.encode("utf-16-le")


BOF8, EOF = rec(0x809, struct.pack("<HH", 0x600, 5) + bytes(12)), rec(0x0A)
SHEET8 = rec(0x809, struct.pack("<HH", 0x600, 0x10) + bytes(12))


def workbook(
    sheets: dict[str, bytes], before: bytes = b"", hidden: tuple[str, ...] = (), cut: int = 0, charts: tuple[str, ...] = ()
) -> bytes:
    """A workbook of Excel 97: each sheet's records by its name, and records of the whole book."""
    names = list(sheets)
    size = len(BOF8) + len(before) + sum(4 + 6 + len(uni(name, 1)) for name in names) + len(EOF)
    bounds, bodies = b"", b""
    for name in names:
        flags = struct.pack("<IBB", size + len(bodies), 1 if name in hidden else 0, 2 if name in charts else 0)
        bounds += rec(0x85, flags + uni(name, 1))
        bodies += SHEET8 + sheets[name] + EOF
    data = BOF8 + before + bounds + EOF + bodies
    return ole({"Workbook": data[: len(data) - cut]})


def sst(*strings: bytes) -> bytes:
    return rec(0xFC, struct.pack("<II", len(strings), len(strings)) + b"".join(strings))


def shared(row: int, column: int, index: int) -> bytes:
    return rec(0xFD, struct.pack("<HHHI", row, column, 0, index))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return rec(0x203, struct.pack("<HHHd", row, column, style, value))


def sections(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


def test_cells_as_they_are_shown() -> None:
    formats = rec(0x41E, struct.pack("<H", 164) + uni("000-0000-0000")) + rec(0xE0, struct.pack("<HH", 0, 0) + bytes(16))
    formats += rec(0xE0, struct.pack("<HH", 0, 164) + bytes(16)) + rec(0xE0, struct.pack("<HH", 0, 28) + bytes(16))
    cells = (
        shared(0, 0, 0) + shared(0, 1, 1)
        + rec(0xBD, struct.pack("<HH", 1, 0) + struct.pack("<HI", 0, (7 << 2) | 2) + struct.pack("<HI", 1, 0) + b"\1\0")
        + number(1, 3, 9012345678, 1) + number(1, 4, 24929, 2) + number(1, 5, 0.5)
        + rec(0x6, struct.pack("<HHH", 2, 0, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)) + rec(0x207, uni("式の結果"))
        + rec(0x205, struct.pack("<HHHBB", 2, 1, 0, 1, 0)) + rec(0x204, struct.pack("<HHH", 3, 255, 0) + uni("端"))
    )  # fmt: skip
    out = read("xls", workbook({"名簿": cells}, formats + sst(uni("氏名"), uni("電話"))))
    assert out.tables() == [
        [["氏名", "電話"], ["7", "000-0000-0000", "090-1234-5678", "昭和43年4月1日", "0.5"], ["式の結果", "TRUE"], ["端"]]
    ]
    block = out.blocks[0]
    assert block.anchor(block.text.index("端")) == Cell("名簿", 4, 256)
    assert not out.problems


def test_what_hangs_on_cells() -> None:
    reading = b"\1\0" + struct.pack("<HIHHH", 14, 0, 1, 3, 3) + "サトウ".encode("utf-16-le")
    furigana = struct.pack("<HBI", 2, 5, len(reading)) + "佐藤".encode("utf-16-le") + reading
    text = "本人に確認"
    wide = b"\1" + text.encode("utf-16-le")
    note = rec(0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, 3) + bytes(14)) + rec(0x1B6, bytes(10) + struct.pack("<HHI", 5, 8, 0))
    note += rec(0x3C, wide) + rec(0x3C, bytes(16)) + rec(0x1C, struct.pack("<HHHH", 0, 0, 0, 3) + uni("高橋") + b"\0")
    box = rec(0x5D, struct.pack("<HHHH", 0x15, 0x12, 6, 4) + bytes(14)) + rec(0x1B6, bytes(10) + struct.pack("<HHI", 3, 8, 0))
    box += rec(0x3C, b"\1" + "箱の中".encode("utf-16-le")) + rec(0x3C, bytes(16))
    choice = uni("男\0女", 1)
    valid = rec(0x1BE, bytes(4) + uni("") * 4 + struct.pack("<HH", 1 + len(choice), 0) + b"\x17" + choice + bytes(10))
    url = "mailto:a@example.jp\0".encode("utf-16-le")
    moniker = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b") + struct.pack("<I", len(url)) + url
    link = rec(0x1B8, struct.pack("<HHHH", 0, 0, 0, 0) + bytes(24) + moniker)
    sheet = rec(0x14, uni("&C人事部")) + shared(0, 0, 0) + note + box + valid + link
    named = struct.pack("<HBBHHH4x", 0, 0, 1, 1 + len(uni("東京", 1)), 0, 0) + b"\0n\x17" + uni("東京", 1)
    out = read("xls", workbook({"表": sheet, "裏": shared(0, 0, 0)}, sst(furigana) + rec(0x18, named), hidden=("裏",)))
    found = sections(out)
    assert found[Section.BODY] == "佐藤\n箱の中"
    assert found[Section.COMMENT] == "本人に確認"
    assert next(b.place for b in out.blocks if b.section is Section.COMMENT) == Cell("表", 1, 1)
    assert found[Section.NOTE] == "サトウ\nサトウ"
    assert found[Section.HEADER] == "人事部"
    assert set(found[Section.HIDDEN].split("\n")) == {"男", "女", "a@example.jp", "佐藤", "東京"}
    assert ("コメント作成者", "高橋") in out.pairs()


def text_box(ident: int, said: str) -> bytes:
    box = rec(0x5D, struct.pack("<HHHH", 0x15, 0x12, 6, ident) + bytes(14)) + rec(
        0x1B6, bytes(10) + struct.pack("<HHI", len(said), 8, 0)
    )
    return box + rec(0x3C, b"\1" + said.encode("utf-16-le")) + rec(0x3C, bytes(16))


def test_what_stands_in_charts() -> None:
    inside = rec(0x100D, b"\0\0" + uni("系列の名", 1)) + number(0, 0, 7) + text_box(1, "図の箱")
    chart = rec(0x809, struct.pack("<HH", 0x600, 0x20) + bytes(12)) + inside + EOF
    both = {"表": text_box(1, "表の箱") + chart + shared(0, 0, 0), "図": inside}
    out = read("xls", workbook(both, sst(uni("氏名")), charts=("図",)))
    assert out.tables() == [[["氏名"]]]
    assert Counter(line for b in out.blocks for line in b.text.split("\n") if line[-1] in "名箱") == {
        "氏名": 1, "系列の名": 2, "図の箱": 2, "表の箱": 1,
    }  # fmt: skip


def test_strings_cut_by_a_record_s_end() -> None:
    text = "あいうえおkakikukeko"
    wide = text.encode("utf-16-le")
    parts = [struct.pack("<HB", len(text), 1) + wide[:10], b"\0" + b"kakikukeko"]
    assert rich_string(Segments(parts)) == (text, "")
    assert [rk(v) for v in (0x3FF00000, 0x3FF00001, (5 << 2) | 2, 0xFFFFFFFE, (1234 << 2) | 3)] == [1.0, 0.01, 5.0, -1.0, 12.34]


def test_excel_95_in_its_code_page() -> None:
    def text(value: str, size: int) -> bytes:
        raw = value.encode("cp932")
        return len(raw).to_bytes(size, "little") + raw

    begin = rec(0x809, struct.pack("<HH", 0x500, 5) + bytes(4))
    book = begin + rec(0x42, struct.pack("<H", 932))
    bound = 4 + 6 + len(text("名簿", 1))
    book += rec(0x85, struct.pack("<IH", len(book) + bound + 4, 0) + text("名簿", 1)) + EOF
    book += begin + rec(0x204, struct.pack("<HHH", 0, 0, 0) + text("氏名 能登", 2)) + EOF
    data = ole({"Book": book})
    assert sniff(io.BytesIO(data), "a.xls").format.name == "xls"
    out = read("xls", data)
    assert (out.blocks[0].text, out.blocks[0].place) == ("氏名 能登", Cell("名簿", 1, 1))


def test_embedded_documents_are_members() -> None:
    inner = b"PK\3\4 inner"
    with_objects = {"MBD1/Package": inner, "MBD2/Workbook": BOF8 + EOF, "MBD2/\x05SummaryInformation": b"x" * 100}
    book = BOF8 + rec(0x85, struct.pack("<IBB", 40, 0, 0) + uni("s", 1)) + EOF
    out = read("xls", ole({"Workbook": book.ljust(40, b"\0") + SHEET8 + EOF, **with_objects}))
    assert [name for name, _ in out.members] == ["object1", "object2.xls"]
    assert out.members[0][1] == inner
    assert sniff(io.BytesIO(out.members[1][1]), "object2.xls").format.name == "xls"


def test_locked_damaged_and_hostile_ones() -> None:
    locked = ole({"Workbook": BOF8 + rec(0x2F, bytes(6)) + EOF})
    with pytest.raises(Refused) as refused:
        sniff(io.BytesIO(locked), "a.xls")
    assert refused.value.problem.code is Code.ENCRYPTED
    out = read("xls", workbook({"一": shared(0, 0, 0) * 3, "二": shared(0, 0, 0)}, sst(uni("先に読めた")), cut=12))
    assert "先に読めた" in out.text
    assert out.codes == ["corrupt"]
    began = time.monotonic()
    sparse = number(0, 0, 1) + number(65535, 255, 2)
    assert len(read("xls", workbook({"疎": sparse})).blocks[0].text) < 20
    with pytest.raises(Unreadable):
        read("xls", ole({"Workbook": b"\0" * 5000}))
    huge = rec(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"\xff\xff\xff\xff\xff" * 100)
    read("xls", workbook({"嘘": b""}, huge))
    with pytest.raises(Unreadable) as error:
        read("xls", workbook({"長": shared(0, 0, 0)}, sst(uni("長い文" * 100))), limits=Limits(characters=100))
    assert error.value.problem.code is Code.TOO_LARGE
    assert time.monotonic() - began < 10


def test_markers(shared: Path) -> None:
    out = read("xls", (shared / "data/documents/markers/markers.xls").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    assert len(found) >= 14
    assert max(found.values()) == 1


# ---------------------------------------------------------------- xlsb


def brt(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, out = len(data), b""
    while True:
        out += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + out + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(sheet: bytes, comments: bytes = b"") -> bytes:
    bundle = brt(156, struct.pack("<II", 0, 1) + wide("r1") + wide("名簿"))
    parts: dict[str, str | bytes] = {
        "_rels/.rels": rels(("r1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": brt(153, bytes(8)) + bundle,
        "xl/_rels/workbook.bin.rels": rels(
            ("r1", "worksheet", "worksheets/sheet1.bin"), ("r2", "sharedStrings", "s.bin"), ("r3", "styles", "t.bin")
        ),
        "xl/s.bin": brt(19, b"\0" + wide("氏名")) + brt(19, b"\2" + wide("佐藤") + wide("サトウ")),
        "xl/t.bin": brt(44, struct.pack("<H", 164) + wide("000-0000-0000"))
        + brt(617)
        + brt(47, bytes(16))
        + brt(47, struct.pack("<HH", 0, 164) + bytes(12))
        + brt(618),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/worksheets/_rels/sheet1.bin.rels": rels(("c", "comments", "../comments1.bin")),
        "xl/comments1.bin": comments,
    }
    return zipped(parts)


def test_binary_workbook() -> None:
    def at(column: int, style: int = 0) -> bytes:
        return struct.pack("<II", column, style)

    rows = brt(0, struct.pack("<I", 0) + bytes(12)) + brt(7, at(0) + struct.pack("<I", 0)) + brt(6, at(2) + wide("電話"))
    rows += brt(0, struct.pack("<I", 4) + bytes(12)) + brt(7, at(0) + struct.pack("<I", 1)) + brt(1, at(1))
    rows += brt(5, at(2, 1) + struct.pack("<d", 9012345678)) + brt(479, b"\0\0" + wide("&L部外秘") + b"\xff\xff\xff\xff" * 5)
    comments = brt(632, wide("高橋")) + brt(635, struct.pack("<IIIII", 0, 4, 4, 0, 0) + bytes(16)) + brt(637, b"\0" + wide("確認"))
    data = xlsb(rows, comments)
    assert sniff(io.BytesIO(data), "a.xlsb").format.name == "xlsb"
    out = read("xlsb", data)
    assert out.tables() == [[["氏名", "電話"], ["佐藤", "090-1234-5678"]], [["サトウ"]]]
    assert out.blocks[0].anchor(out.blocks[0].text.index("090")) == Cell("名簿", 5, 3)
    found = sections(out)
    assert found[Section.HEADER] == "部外秘"
    assert found[Section.COMMENT] == "確認"
    assert ("コメント作成者", "高橋") in out.pairs()
    assert not out.problems


def test_damaged_binary_workbook_ends_in_order() -> None:
    rows = brt(0, bytes(16)) + brt(7, bytes(12)) + b"\xff\xff\xff\xff\xff\xff" + b"\x07\x0c"
    out = read("xlsb", xlsb(rows))
    assert "氏名" in out.text
