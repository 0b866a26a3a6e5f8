"""Bitmaps in the drawings of doc, xls and ppt: members where text recognition is asked for, nothing otherwise."""

from __future__ import annotations

import struct

import pytest

from scanner.extract.blips import bitmaps
from scanner.extract.budget import Limits, Spending
from tests.extract import test_doc, test_ppt, test_xls
from tests.extract.ooxml import zipped
from tests.extract.readkit import read

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + b"p" * 40, b"\xff\xd8\xff\xe0" + b"j" * 40


def record(kind: int, picture: bytes, digests: int = 1) -> bytes:
    body = bytes(16 * digests + 1) + picture
    return struct.pack("<HHI", 0x6E00, kind, len(body)) + body


STREAM = (
    b"junk" + record(0xF01E, PNG) + record(0xF01A, b"metafile") + record(0xF01D, JPEG, digests=2) + b"\x1e\xf0\xff\xff\xff\x7fno"
)


def test_pictures_of_every_kind_and_no_others() -> None:
    found = [(m.name, m.stream.read()) for m in bitmaps(STREAM, Spending(Limits(), ocr=True))]
    assert found == [("picture1.png", PNG), ("picture2.jpg", JPEG)]
    assert list(bitmaps(STREAM, Spending(Limits()))) == []
    assert list(bitmaps(b"\x1e\xf0" * 10_000 + zipped({}), Spending(Limits(), ocr=True))) == []


@pytest.mark.parametrize(("ocr", "names"), [(True, ["picture1.png", "picture2.jpg"]), (False, [])])
def test_in_documents_workbooks_and_presentations(ocr: bool, names: list[str]) -> None:
    assert [name for name, _ in read("doc", test_doc.word(["本文\r"], Data=STREAM), ocr=ocr).members] == names
    group = test_xls.rec(0xEB, STREAM[:50]) + test_xls.rec(0x3C, STREAM[50:90]) + test_xls.rec(0xEB, STREAM[90:])
    book = test_xls.workbook({"一覧": test_xls.number(0, 0, 1.0)}, before=group)
    assert [name for name, _ in read("xls", book, ocr=ocr).members] == names
    show = test_ppt.show([test_ppt.slide(test_ppt.drawing(test_ppt.shape(test_ppt.text("表題"))))], [b""], Pictures=STREAM)
    assert [name for name, _ in read("ppt", show, ocr=ocr).members] == names


def test_a_slide_of_pictures_alone_is_no_loss_when_they_are_looked_at() -> None:
    picture = test_ppt.atom(0xF00B, struct.pack("<HI", 0x4104, 1), instance=1)
    slide = test_ppt.slide(test_ppt.drawing(test_ppt.shape(properties=picture)))
    assert read("ppt", test_ppt.show([slide], [b""], Pictures=STREAM)).codes == ["image-only"]
    assert read("ppt", test_ppt.show([slide], [b""], Pictures=STREAM), ocr=True).codes == []
