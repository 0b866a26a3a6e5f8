"""Ichitaro: text out of its store of blocks, ruled tables, readings, and damaged ones."""

from __future__ import annotations

import io
import struct
import time
from pathlib import Path

import pytest

from scanner.extract import sniff
from scanner.extract.olewrite import ole
from scanner.model import Section
from scanner.problems import Code, Unreadable
from tests.extract.readkit import read


def record(kind: int, *payload: int) -> list[int]:
    length = 7 + len(payload)
    return [0x1C, kind, length, *payload, length, 0, kind, 0x1F]


def inline(a: int, b: int, text: str) -> list[int]:
    return [0x1C, 1, 7, 0, a, b, 0x1D, *units(text), 0x1E, 5, 0, 1, 0x1F]


def units(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return list(struct.unpack(f">{len(raw) // 2}H", raw))


def packed(values: list[int]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


def store(*streams: bytes, size: int = 256, shuffle: bool = False) -> bytes:
    """A store of blocks; ``shuffle``: blocks do not lie in order."""
    blocks: list[bytes] = []
    directory = b""
    for number, data in enumerate(streams):
        mine = [data[n : n + size].ljust(size, b"\0") for n in range(0, len(data), size)]
        ids = list(range(len(blocks), len(blocks) + len(mine)))
        if shuffle:
            ids.reverse()
        blocks += mine if not shuffle else mine[::-1]
        directory += struct.pack(f">IIIII{len(ids)}I", number, 0, len(data), len(ids), len(ids), *ids)
    return b"SsmgV.01" + struct.pack(">III", len(streams), size, len(blocks)) + b"".join(blocks) + directory + b"\0\0\0\0"


def text(values: list[int]) -> bytes:
    return b"TextV.01" + struct.pack(">I", len(values)) + packed(values) + b"\0" + struct.pack(">I", len(values)) + b"\xff"


CELL = record(0x30, 0, 0, 10, 0, 0)


def test_text_tables_and_readings() -> None:
    values = (
        units("申請書\n") + record(0x10, 0, 0x24, 1, 1, 0xFFFF, 0) + units("氏名：山") + record(0x00, 1, 2) + units("田𠮷子\n")
        + inline(0, 3, "髙橋") + inline(1, 0x82, "たかはし") + units("様") + inline(1, 0, "ここに書く") + [0x0A]
        + record(0x10, 0, 0xFFFF, 0) + CELL + units("電話") + CELL + units("090-1234-5678") + [0x0E]
        + CELL + units("住所") + CELL + units("東京都") + [0x0E]
        + CELL + units("枠の中の文") + [0x0E] + units("以上\n") + [0x0C] + units("二頁\n") + [0]
    )  # fmt: skip
    data = ole({"DocumentText": store(text(values) + b"x" * 600, shuffle=True)})
    found = sniff(io.BytesIO(data), "a.jtd")
    assert (found.format.name, found.problems) == ("jtd", ())
    out = read("jtd", data)
    assert [b.text for b in out.blocks if b.section is Section.BODY] == [
        "申請書\n氏名：山田𠮷子\n髙橋様",
        "電話\t090-1234-5678\n住所\t東京都",
        "枠の中の文\n以上",
        "二頁",
    ]
    assert [(b.section, b.text) for b in out.blocks if b.section in (Section.NOTE, Section.HIDDEN)] == [
        (Section.NOTE, "たかはし"),
        (Section.HIDDEN, "ここに書く"),
    ]
    assert not out.problems


def test_long_documents_in_pieces_and_sheets() -> None:
    pieces = [units("前半の山"), units("田さん\n")]
    listed = b"QLSTV.01" + struct.pack(">IIIII", 2, len(pieces[0]), 2, len(pieces[1]), 1)
    styled = b"\0" + bytes(10)
    whole = store(listed, packed(pieces[1]) + styled, packed(pieces[0]) + styled)
    sheet = store(text(units("二枚目\n")))
    out = read("jtd", ole({"DocumentText": whole, "ObjectSheets/DocSheet/DOCS_0001/DocumentText": sheet}))
    assert [b.text for b in out.blocks] == ["前半の山田さん", "二枚目"]
    assert out.blocks[0].scope != out.blocks[1].scope


def test_headers_and_boxes_behind_the_signs_of_a_text() -> None:
    header = packed([0x4E00, 3, 0x1F, *units("人事部\n"), 0, 0x5000, 1])
    out = read("jtd", ole({"DocumentText": store(text(units("本文\n"))), "Header": header}))
    assert [(b.section, b.text) for b in out.blocks] == [(Section.BODY, "本文"), (Section.HEADER, "人事部")]


def test_compressed_and_damaged_ones_are_named() -> None:
    with pytest.raises(Unreadable) as error:
        read("jtd", ole({"JSCompDocument": b"\x26\0JustCompressedDocument" + bytes(100)}))
    assert error.value.problem.code is Code.UNSUPPORTED
    assert read("jtd", ole({"DocumentText": b"junk" * 50})).codes == ["corrupt"]
    cut = store(text(units("先に読めた行\n" * 300)))[:2000]
    assert "先に読めた行" in read("jtd", ole({"DocumentText": cut})).text


def test_hostile_ones_end_in_time() -> None:
    began = time.monotonic()
    read("jtd", ole({"DocumentText": b"SsmgV.01" + struct.pack(">III", 1, 256, 0xFFFFFFFF) + b"x" * 5000}))
    read("jtd", ole({"DocumentText": store(text([0x1C] * 300_000))}))
    read("jtd", ole({"DocumentText": store(text([0x1C, 1, 7, 0, 0, 3, 0x1D] * 40_000))}))
    many = struct.pack(">IIIII", 0, 0, 1 << 30, 2, 2) + struct.pack(">II", 0, 0)
    read("jtd", ole({"DocumentText": b"SsmgV.01" + struct.pack(">III", 1, 256, 1) + bytes(256) + many * 5000}))
    assert time.monotonic() - began < 15


def test_made_up_sample(shared: Path) -> None:
    out = read("jtd", (shared / "data/documents/markers/synthetic.jtd").read_bytes())
    assert "氏名　山田花子" in out.text
    assert "電話 090-1234-5678" in out.text
