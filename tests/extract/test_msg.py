"""Outlook messages and mailboxes: people, bodies in every form, attachments, messages within messages, damage and harm."""

from __future__ import annotations

import io
import mailbox
import struct
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from scanner.extract import sniff
from scanner.extract.lzfu import unpacked
from scanner.extract.ole import compound
from scanner.extract.olewrite import ole
from scanner.model import Part, Section, Status
from scanner.problems import Code, Unreadable
from tests.extract.archivekit import codes, examine
from tests.extract.readkit import Read, read

_PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423232"[:-2] + "0af32068656c0900206277" + "05b06c647d0a800fa0"
)  # the example of [MS-OXRTFCP] 4.1.1


def table(head: int, *fixed: tuple[int, int, int]) -> bytes:
    """A property table: (id, type, value)."""
    return bytes(head) + b"".join(struct.pack("<HHIQ", kind, ident, 6, value) for ident, kind, value in fixed)


def stored(rich: bytes) -> bytes:
    """Rich text as Outlook keeps it, without compression."""
    return struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich


def message(prefix: str = "", head: int = 32, page: int = 65001, **values: str | bytes) -> dict[str, bytes]:
    """The streams of a message; keys ``s0037`` for strings, ``n0037`` for narrow ones, ``b1009`` for bytes."""
    out = {f"{prefix}__properties_version1.0": table(head, (0x3FDE, 3, page), (0x0039, 0x40, 133_000_000_000_000_000))}
    for key, value in values.items():
        kind = {"s": "001F", "n": "001E", "b": "0102"}[key[0]]
        data = value if isinstance(value, bytes) else value.encode("utf-16-le")
        out[f"{prefix}__substg1.0_{key[1:]}{kind}"] = data
    return out


def person(number: int, kind: int, name: str, address: str) -> dict[str, bytes]:
    at = f"__recip_version1.0_#{number:08d}/"
    return {
        f"{at}__properties_version1.0": table(8, (0x0C15, 3, kind)),
        f"{at}__substg1.0_3001001F": name.encode("utf-16-le"),
        f"{at}__substg1.0_39FE001F": address.encode("utf-16-le"),
    }


def attached(number: int, name: str, data: bytes) -> dict[str, bytes]:
    at = f"__attach_version1.0_#{number:08d}/"
    return {
        f"{at}__properties_version1.0": table(8, (0x3705, 3, 1)),
        f"{at}__substg1.0_3707001F": name.encode("utf-16-le"),
        f"{at}__substg1.0_37010102": data,
    }


def sections(out: Read) -> dict[Section, str]:
    return {s: "\n".join(b.text for b in out.blocks if b.section is s) for s in Section}


def test_people_subject_body_and_attachment() -> None:
    data = ole(
        message(
            s0037="面接の件", s0C1A="佐藤 花子", s5D01="hanako@example.jp", s0E04="鈴木 一郎; 田中 次郎",
            s1000="鈴木様\r\n氏名：髙橋①\r\n-----Original Message-----\r\nFrom: 鈴木\r\n前の用件",
        )
        | person(0, 1, "鈴木 一郎", "ichiro@example.jp")
        | person(1, 2, "山本", "yama@example.jp")
        | attached(0, "名簿.csv", "氏名,電話".encode("cp932"))
    )  # fmt: skip
    found = sniff(io.BytesIO(data), "a.msg")
    assert (found.format.name, found.problems) == ("msg", ())
    out = read("msg", data)
    assert out.pairs()[:4] == [
        ("From", "佐藤 花子 <hanako@example.jp>"),
        ("To", "鈴木 一郎 <ichiro@example.jp>"),
        ("Cc", "山本 <yama@example.jp>"),
        ("To", "田中 次郎"),
    ]
    by = sections(out)
    assert by[Section.SUBJECT] == "Subject\t面接の件"
    assert by[Section.BODY] == "鈴木様\n氏名：髙橋①"
    assert "前の用件" in by[Section.QUOTED]
    assert out.members == [("名簿.csv", "氏名,電話".encode("cp932"))]
    assert out.traits["text_date"] == "2022-06-18"


def test_pictures_that_the_body_shows_are_members_too() -> None:
    shown = attached(0, "image001.png", b"\x89PNG")
    shown["__attach_version1.0_#00000000/__properties_version1.0"] = table(8, (0x3705, 3, 1), (0x7FFE, 0x0B, 1))
    shown["__attach_version1.0_#00000000/__substg1.0_370E001F"] = "image/png".encode("utf-16-le")
    assert read("msg", ole(message(s1000="本文") | shown)).members == [("image001.png", b"\x89PNG")]


def test_an_attachment_without_content_is_accounted_for() -> None:
    at = "__attach_version1.0_#00000001/"
    linked = {f"{at}__properties_version1.0": table(8, (0x3705, 3, 2)), f"{at}__substg1.0_3707001F": "共有.csv".encode("utf-16-le")}
    outcome = examine(ole(message(s1000="本文です") | attached(0, "空.csv", b"") | linked), "a.msg")
    assert outcome.status is Status.READ
    assert [(m.document.inside[-1], codes(m)) for m in outcome.members] == [("空.csv", ["empty"]), ("共有.csv", ["link"])]


def test_narrow_strings_by_the_message_s_code_page() -> None:
    out = read("msg", ole(message(page=932, n0037="能登の件".encode("cp932"), n1000="本文①".encode("cp932"))))
    assert "能登の件" in out.text and "本文①" in out.text
    out = read("msg", ole(message(page=50221, b1013="<p>住所</p>".encode("iso-2022-jp"))))
    assert out.text.endswith("住所")


@pytest.mark.parametrize(
    "rich",
    [
        rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 A;}}\f0 \'8e\'52\'93\'63\par}",
        rb"{\rtf1\ansi\ansicpg932\fromhtml1{\fonttbl{\f0\fcharset128 A;}}{\*\htmltag64 <p>}\htmlrtf {\f0\htmlrtf0 "
        rb"\'8e\'52\'93\'63\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}\htmlrtf \par\htmlrtf0}",
    ],
)
def test_body_only_in_rich_text(rich: bytes) -> None:
    out = read("msg", ole(message(b1009=stored(rich))))
    assert sections(out)[Section.BODY].strip() == "山田"


def test_compressed_rich_text() -> None:
    assert unpacked(_PACKED, 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    with pytest.raises(ValueError, match="large"):
        unpacked(_PACKED, 10)
    out = read("msg", ole(message(b1009=b"junk" * 10, s0037="件名")))
    assert (out.codes, "件名" in out.text) == (["corrupt"], True)


def test_message_within_a_message_and_a_contact() -> None:
    at = "__attach_version1.0_#00000000/"
    inner = message(f"{at}__substg1.0_3701000D/", head=24, s0037="内側", s1000="内側の本文 田中")
    outer = message(
        s0037="外側", s1000="外側の本文", s001A="IPM.Contact", s3A1C="090-1234-5678", s3001="佐藤花子", s8005="備考の文"
    )
    out = read("msg", ole(outer | inner | {f"{at}__properties_version1.0": table(8, (0x3705, 3, 5))}))
    assert [("Subject", s) in out.pairs() for s in ("外側", "内側")] == [True, True]
    place = next(b.place for b in out.blocks if "内側の本文" in b.text)
    assert place == Part("添付メール1 body", 1)
    assert len({b.scope for b in out.blocks if b.section is Section.BODY}) == 2
    assert {("氏名", "佐藤花子"), ("携帯電話番号", "090-1234-5678"), ("項目", "備考の文")} <= set(out.pairs())


def test_messages_nested_too_deep_are_named() -> None:
    streams: dict[str, bytes] = {}
    prefix = ""
    for n in range(12):
        streams |= message(prefix, head=24 if n else 32, s0037=f"{n}段目")
        prefix += "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    out = read("msg", ole(streams))
    assert out.codes == ["too-deep"]
    assert "10段目" in out.text


def test_truncated_message_ends_in_order() -> None:
    data = ole(message(s0037="件名", s1000="本文" * 5000))
    for cut in (600, 2000, len(data) // 2, len(data) - 700):
        try:
            read("msg", data[:cut])
        except Unreadable as error:
            assert error.problem.code is Code.CORRUPT
    with pytest.raises(Unreadable), compound(io.BytesIO(data[:100])):
        pass


def test_stream_that_says_it_is_longer_than_its_file_takes_no_time() -> None:
    data = ole({"__properties_version1.0": bytes(32), "__substg1.0_1000001F": "本文".encode("utf-16-le") * 2000})
    size = struct.pack("<IQ", 1, 8000)[4:]
    lie = data.replace(size, struct.pack("<Q", 2_000_000_000))
    assert lie != data
    began = time.monotonic()
    with pytest.raises(Unreadable) as error:
        read("msg", lie)
    assert error.value.problem.code is Code.CORRUPT
    assert time.monotonic() - began < 2


def test_mailbox_gives_each_message(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    for name in ("佐藤", "鈴木"):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "a@example.jp", f"{name}の件"
        mail.set_content(f"From here on {name}\n\nFrom the start\n")
        box.add(mail)
    box.flush()
    data = (tmp_path / "a.mbox").read_bytes()
    assert sniff(io.BytesIO(data), "a.mbox").format.name == "mbox"
    out = read("mbox", data)
    assert [name for name, _ in out.members] == ["1.eml", "2.eml"]
    second = read("mail", out.members[1][1])
    assert "鈴木の件" in second.text
    assert "鈴木" in second.text and "佐藤" not in second.text
    empty = read("mbox", b"From a@example.jp Mon Jan  1 00:00:00 2024\n\nFrom b@example.jp Mon Jan  1 00:00:00 2024\n")
    assert [name for name, _ in empty.members] == ["1.eml", "2.eml"]
    cut = read("mbox", data[:-60])
    assert len(cut.members) == 2


def test_mailbox_of_too_many_messages_stops() -> None:
    out = read("mbox", b"From a@example.jp Mon Jan  1 00:00:00 2024\nSubject: x\n\ny\n\n" * 10_050)
    assert len(out.members) == 10_000
    assert out.codes == ["too-many"]
