"""Word documents of 97 to 2003: every story, tables, fields, deletions, pieces in either width, and damage and harm."""

from __future__ import annotations

import io
import re
import struct
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.extract import Refused, sniff
from scanner.extract.docparts import properties
from scanner.extract.olewrite import ole
from scanner.model import Cell, Part, Section
from scanner.problems import Code, Unreadable
from tests.extract.readkit import Read, read

START = 2048  # where the text lies in the file
TTP = struct.pack("<HB", 0x2417, 1) + struct.pack("<HB", 0x2416, 1)
IN_TABLE = struct.pack("<HB", 0x2416, 1)
DELETED = struct.pack("<HB", 0x0800, 1)


def plc(cuts: list[int], size: int = 0) -> bytes:
    return struct.pack(f"<{len(cuts)}I", *cuts) + bytes(size * (len(cuts) - 1))


def page(runs: list[tuple[int, int, bytes]], paragraphs: bool) -> bytes:
    """A page of properties for runs (first byte, byte behind, list of properties)."""
    width = 13 if paragraphs else 1
    out = bytearray(512)
    places = [runs[0][0]] + [end for _, end, _ in runs]
    struct.pack_into(f"<{len(places)}I", out, 0, *places)
    at = 510
    for n, (_, _, values) in enumerate(runs):
        if values:
            body = bytes([len(values)]) + values
            if paragraphs:
                values = b"\0\0" + values
                body = b"\0" + bytes([(len(values) + 1) // 2]) + values.ljust((len(values) + 1) // 2 * 2, b"\0")
            at = (at - len(body)) & ~1
            out[at : at + len(body)] = body
            out[len(places) * 4 + n * width] = at // 2
    out[511] = len(runs)
    return bytes(out)


def word(
    stories: list[str],
    cuts: dict[int, bytes] | None = None,
    marks: dict[int, bytes] | None = None,
    gone: tuple[int, int] | None = None,
    flags: int = 0x0200,
    narrow: bool = False,
    **more: bytes,
) -> bytes:
    """A document: its stories in the file's order, lists by number, properties of the paragraphs that end at a character."""
    text = "".join(stories)
    raw = text.encode("cp1252") if narrow else text.encode("utf-16-le")
    size = 1 if narrow else 2
    fib = bytearray(START)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", fib, 10, flags)
    struct.pack_into("<II", fib, 24, START, START + len(raw))
    for at, story in zip((76, 80, 84, 88, 92, 96, 100, 104), stories, strict=False):
        struct.pack_into("<I", fib, at, len(story))
    place = START * 2 | 0x40000000 if narrow else START
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    parts = {33: b"\2" + struct.pack("<I", len(pieces)) + pieces, **(cuts or {})}
    body = raw.ljust(-(-len(raw) // 512) * 512, b"\0")
    first = (START + len(body)) // 512
    begins = [START + m.end() * size for m in re.finditer("[\r\x07\x0c]", text)]
    borders = [START, *begins]
    runs = [(a, b, (marks or {}).get((b - START) // size - 1, b"")) for a, b in pairwise(borders)][:30]
    parts[13] = struct.pack("<III", START, START + len(raw), first)
    body += page(runs or [(START, START + 2, b"")], True)
    if gone:
        a, b = START + gone[0] * size, START + gone[1] * size
        parts[12] = struct.pack("<III", START, START + len(raw), first + 1)
        body += page([(START, a, b""), (a, b, DELETED), (b, START + len(raw), b"")], False)
    table = b""
    for index, part in parts.items():
        struct.pack_into("<II", fib, 154 + 8 * index, len(table), len(part))
        table += part
    return ole({"WordDocument": bytes(fib) + body, "1Table": table.ljust(4096, b"\0"), **more})


def sections(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


def test_body_with_table_fields_and_deletion() -> None:
    body = "表題\r氏名\x07佐藤\r花子\x07\x07電話\x07\x07\x07"
    marks = {m.start(): IN_TABLE for m in re.finditer("[\r\x07]", body[3:])}
    marks = {at + 3: value for at, value in marks.items()}
    marks[body.index("\x07\x07") + 1] = TTP
    marks[len(body) - 1] = TTP
    rest = '連絡\x13 HYPERLINK "mailto:a@example.jp" \x14係まで\x15消した次\x0b行\r\x0c二頁\r'
    at = (body + rest).index("消した")
    data = word([body + rest], marks=marks, gone=(at, at + 3))
    found = sniff(io.BytesIO(data), "a.doc")
    assert (found.format.name, found.problems) == ("doc", ())
    out = read("doc", data)
    by = sections(out)
    assert out.blocks[0].text == "表題"
    assert out.tables() == [[["氏名", "佐藤\n花子"], ["電話"]]]
    assert out.blocks[1].anchor(out.blocks[1].text.index("電話")) == Cell("表1", 2, 1)
    assert out.blocks[2].text == "連絡係まで次\n行"
    assert out.blocks[3].scope == out.blocks[2].scope + 1
    assert by[Section.DELETED] == "消した"
    assert by[Section.HIDDEN] == "a@example.jp"
    assert not out.problems


def test_alternative_text_of_pictures_in_the_text() -> None:
    said = "鶴ヶ谷の顔写真\0".encode("utf-16-le")
    properties = struct.pack("<HHI", 1 << 4 | 3, 0xF00B, 6 + len(said)) + struct.pack("<HI", 0xC381, len(said)) + said
    drawn = struct.pack("<HHI", 15, 0xF004, len(properties)) + properties
    plain = struct.pack("<iHH", 68 + len(drawn), 68, 0x64) + bytes(60) + drawn
    linked = (
        struct.pack("<iHH", 68 + 4 + len(drawn), 68, 0x66)
        + bytes(60)
        + b"\3a.b"
        + drawn.replace(said[:2], "亀".encode("utf-16-le"))
    )
    out = read("doc", word(["本文\r"], Data=plain + linked + b"junk"))
    assert sections(out)[Section.HIDDEN] == "鶴ヶ谷の顔写真\n亀ヶ谷の顔写真" and not out.problems


def test_stories_behind_the_body() -> None:
    headers = "甲\r" + "人事部\r" + "部外秘\r"
    notes = "\x02 注一\r\x02 注二\r"
    cuts = {
        3: plc([0, 5, 10, 11]),
        11: plc([0, 2, 2, 2, 2, 2, 2, 2, 6, 6, 10, 10, 10, 11]),
        5: plc([0, 3, 4]),
        36: struct.pack("<H", 2) + "高橋".encode("utf-16-le"),
        51: struct.pack("<HHH", 0xFFFF, 2, 0)
        + b"".join(struct.pack("<H", len(n)) + n.encode("utf-16-le") for n in ("Unknown", "乙")),
        56: plc([0, 4, 8], 22),
    }
    out = read("doc", word(["本文\x02\r", notes + "\r", headers + "\r", "", "確認\r\r", "末尾\r", "箱一号\r箱二号\r"], cuts))
    by = sections(out)
    assert by[Section.BODY] == "本文\n箱一号\n箱二号"
    assert by[Section.NOTE] == " 注一\n 注二\n末尾"
    assert (by[Section.HEADER], by[Section.FOOTER]) == ("人事部", "部外秘")
    assert by[Section.COMMENT] == "確認"
    assert out.pairs() == [("コメント作成者", "高橋"), ("変更者", "乙")]
    assert [b.place for b in out.blocks if "注" in b.text] == [Part("脚注", 1), Part("脚注", 2)]


def test_pieces_of_one_byte_and_pairs() -> None:
    assert read("doc", word(["Caf\xe9 \x93a\x94\r".encode("latin-1").decode("cp1252")], narrow=True)).text == "Café “a”"
    pair = "\ud842\udfb7野家".encode("utf-16-le", "surrogatepass")
    data = word(["XX野家\r"]).replace("XX野家".encode("utf-16-le"), pair)
    assert read("doc", data).text == "𠮷野家"


def test_nested_table_and_ruby() -> None:
    body = "外\r内\r側\r\r\x07\x07" + "\x13EQ \\* jc2 \\o\\ad(\\s\\up 9(さとう),佐藤)\x15様\r"
    level = struct.pack("<HI", 0x6649, 2)
    cell, row = level + struct.pack("<HB", 0x244B, 1), level + struct.pack("<HB", 0x244C, 1)
    out = read("doc", word([body], marks={1: IN_TABLE, 3: cell, 5: cell, 6: row, 7: IN_TABLE, 8: TTP}))
    assert [b.text for b in out.blocks] == ["外", "内\t側", "佐藤様", "さとう"]
    assert out.blocks[3].section is Section.NOTE


def test_word_95_in_its_code_page() -> None:
    text = "氏名：能登 佐藤\r住所\x07東京\x07\x07".encode("cp932")
    fib = bytearray(START)
    struct.pack_into("<HHHH", fib, 0, 0xA5DC, 0x68, 0, 0x0411)
    struct.pack_into("<II", fib, 24, START, START + len(text))
    out = read("doc", ole({"WordDocument": bytes(fib) + text}))
    assert [b.text for b in out.blocks] == ["氏名：能登 佐藤", "住所\t東京"]


def test_embedded_documents_are_members() -> None:
    out = read("doc", word(["本文\r"], **{"ObjectPool/_1/Workbook": b"x" * 5000, "ObjectPool/_2/Package": b"PK\3\4.."}))
    assert [name for name, _ in out.members] == ["object1.xls", "object2"]


def test_locked_and_damaged_ones() -> None:
    with pytest.raises(Refused) as refused:
        sniff(io.BytesIO(word(["秘密\r"], flags=0x0300)), "a.doc")
    assert refused.value.problem.code is Code.ENCRYPTED
    out = read("doc", word(["先に読めた行\r"], {33: b"\2\xff\xff\xff\xff"}))
    assert out.codes == ["corrupt"]
    assert "先に読めた行" in out.text
    with pytest.raises(Unreadable):
        read("doc", ole({"WordDocument": b"\0" * 5000}))
    data = word(["先に読めた行\r" * 500])
    cut = data[: len(data) // 3]
    try:
        read("doc", cut)
    except Unreadable as error:
        assert error.problem.code is Code.CORRUPT


def test_hostile_ones_end_in_time() -> None:
    began = time.monotonic()
    body = struct.pack("<II", 0, 0xFFFFFFF0) + struct.pack("<HIH", 0, START, 0)
    read("doc", word(["x\r"], {33: b"\2" + struct.pack("<I", len(body)) + body}))
    read("doc", word(["\x13" * 100_000 + "\x14" * 1000 + "\x07" * 50_000 + "\r"]))
    assert list(properties(b"\x08\xd6" * 3)) is not None
    assert len(list(properties(bytes(range(256)) * 4))) < 1024
    assert time.monotonic() - began < 15


def test_markers(shared: Path) -> None:
    out = read("doc", (shared / "data/documents/markers/markers.doc").read_bytes())
    found = Counter(re.findall(r"MK[A-Z]+", out.text))
    twice = {name for name, count in found.items() if count > 1}
    assert len(found) >= 29
    assert twice <= {"MKSDTBLOCK", "MKSDTCELL"}  # these the file itself holds several times over
    assert not out.problems
