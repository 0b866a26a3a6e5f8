"""What office files embed: packages by their part's name, OLE objects with the file inside, strays and damaged ones."""

from __future__ import annotations

import io
import struct

import pytest

from scanner.extract.ole import compound
from scanner.extract.olewrite import ole
from scanner.model import Status
from tests.extract.archivekit import NOTE, chains, codes, examine, zipped
from tests.extract.ooxml import p, word
from tests.extract.test_ppt import atom, show, slide, text
from tests.extract.test_xls import BOF8, EOF, SHEET8, rec, uni

TABLE = "氏名,電話番号\n鵜飼銀次郎,090-8417-2265\n".encode("cp932")


def native(name: str, content: bytes) -> bytes:
    """A stream of the Object Packager, [MS-OLEDS] 2.3.6 and what Windows writes into it."""
    raw = name.encode("cp932")
    head = b"\2\0" + raw + b"\0C:\\" + raw + b"\0\0\0\3\0"
    body = head + struct.pack("<I", 4) + b"tmp\0" + struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def holding(*kinds: str, **parts: bytes) -> bytes:
    """A document whose body refers to its embeddings in turn."""
    relations = tuple((f"e{n}", kind, name.replace("__", ".")) for n, (kind, name) in enumerate(zip(kinds, parts, strict=False)))
    return word(p("本文です。"), relations, **parts)


def test_a_file_packed_into_an_object_is_found_under_its_chain() -> None:
    data = holding("oleObject", **{"embeddings/oleObject1__bin": ole({"\x01Ole10Native": native("名簿.csv", TABLE)})})
    outcome = examine(zipped({"deck.docx": data}), "client.zip")
    found = chains(outcome)
    assert list(found)[-1] == "deck.docx!word/embeddings/oleObject1.bin!名簿.csv"
    assert outcome.status is Status.READ
    assert "person_name" in {f.entity for f in list(found.values())[-1].facts.findings}


@pytest.mark.parametrize("stream", ["Package", "CONTENTS", "EmbeddedOdf"])
def test_a_stream_that_is_a_file_by_itself(stream: str) -> None:
    inner = word(p("氏名：鵜飼銀次郎"))
    outcome = examine(holding("oleObject", **{"embeddings/oleObject1__bin": ole({stream: inner})}), "a.docx")
    assert [o.format for o in chains(outcome).values()] == ["docx", "oleobject", "docx"]
    assert outcome.status is Status.READ


def test_an_embedding_that_nothing_refers_to_is_read_too() -> None:
    outcome = examine(holding(**{"embeddings/stray__csv": TABLE}), "a.docx")
    assert list(chains(outcome))[1:] == ["word/embeddings/stray.csv"]


def test_a_picture_in_an_object_is_named_as_unread() -> None:
    picture = b"BM" + bytes(60)
    data = ole({"\x01Ole10Native": struct.pack("<I", len(picture)) + picture})
    outcome = examine(data, "oleObject1.bin")
    assert outcome.status is Status.UNREADABLE and codes(outcome.members[0]) == ["image-only"]


def test_an_object_without_a_file_and_a_broken_one() -> None:
    assert codes(examine(ole({"CONTENTS": b""}), "a.bin")) == ["unsupported"]
    whole = ole({"\x01Ole10Native": native("a.txt", NOTE.encode() * 400)})
    cut = examine(whole[: len(whole) // 2], "a.bin")
    assert cut.status is Status.UNREADABLE and "corrupt" in codes(cut)


def test_an_embedding_that_is_damaged_is_accounted_for() -> None:
    data = bytearray(holding("package", **{"embeddings/a__csv": TABLE * 50}))
    at = data.find(b"word/embeddings/a.csv") + len(b"word/embeddings/a.csv")
    data[at : at + 12] = b"\xff" * 12
    outcome = examine(bytes(data), "a.docx")
    assert outcome.status is Status.PARTIAL
    assert codes(outcome.members[0]) == ["corrupt"] and outcome.members[0].document.inside == ("word/embeddings/a.csv",)


UNKNOWN = {"\x01CompObj": b"x" * 90, "Equation Native": b"y" * 90}


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (UNKNOWN, "unsupported"),
        ({"\x01CompObj": b"x", "\x01Ole10Native": struct.pack("<I", 62) + b"BM" + bytes(60)}, "image-only"),
    ],
    ids=["unknown", "picture"],
)
def test_an_object_in_a_binary_file_is_accounted_for_whatever_it_is(inner: dict[str, bytes], code: str) -> None:
    book = BOF8 + rec(0x85, struct.pack("<IBB", 40, 0, 0) + uni("s", 1)) + EOF
    sheet = SHEET8 + rec(0x204, struct.pack("<HHH", 0, 0, 0) + uni("氏名")) + EOF
    macros = {
        "_VBA_PROJECT_CUR/VBA/dir": b"x",
        "_VBA_PROJECT_CUR/Form1/\x01CompObj": b"x",
        "_VBA_PROJECT_CUR/Form1/\x03VBFrame": b"x",
    }
    data = ole({"Workbook": book.ljust(40, b"\0") + sheet, **{f"MBD1/{name}": stream for name, stream in inner.items()}, **macros})
    outcome = examine(data, "a.xls")
    assert outcome.status is Status.PARTIAL and "氏名" in outcome.blocks[0].text
    assert [codes(member) for member in outcome.members] == [[code]]


def test_an_object_in_a_presentation_is_accounted_for_whatever_it_is() -> None:
    data = show([slide()], [text("見出し")], objects=atom(0x1011, ole(UNKNOWN)) + atom(0x1011, ole({"VBA/dir": b"x"})))
    outcome = examine(data, "a.ppt")
    assert [codes(member) for member in outcome.members] == [["unsupported"]]


@pytest.mark.parametrize(
    ("digits", "found"),
    [
        (
            b"\1\5\0\0\2\0\0\0" + struct.pack("<I", 7) + b"PBrush\0" + bytes(8) + struct.pack("<I", 62) + b"BM" + bytes(60),
            ["image-only"],
        ),
        (b"\1\5\0\0\2\0\0\0" + struct.pack("<I", 900), ["corrupt"]),
        (b"\1\5\0\0\1\0\0\0" + struct.pack("<I", 4) + b"Doc\0" + bytes(20), []),  # a link
    ],
    ids=["picture", "cut off", "link"],
)
def test_an_object_in_rich_text_is_accounted_for_whatever_it_is(digits: bytes, found: list[str]) -> None:
    outcome = examine(rb"{\rtf1 text{\object{\*\objdata " + digits.hex().encode() + b"}}}", "a.rtf")
    assert [code for member in outcome.members for code in codes(member)] == found


@pytest.mark.parametrize("megabytes", [6, 8, 20])
def test_an_embedded_document_of_any_size_is_put_together_again(megabytes: int) -> None:
    streams = {"Workbook": bytes(range(256)) * (megabytes << 12), "\x05SummaryInformation": b"x" * 100}
    with compound(io.BytesIO(ole(streams))) as written:
        assert {path[0]: written.openstream(path).read() for path in written.listdir()} == streams
        assert not written.parsing_issues
