"""ZIP: names in every encoding, what is encrypted, what lies about its size, and what bites."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from scanner.extract.budget import Limits
from scanner.extract.opc import open_zip
from scanner.model import Status
from scanner.problems import Code
from tests.extract.archivekit import NOTE, chains, codes, examine, flagged, nested, zipped, zipped_as
from tests.extract.ooxml import p, word
from tests.extract.readkit import read


@pytest.mark.parametrize("encoding", ["cp932", "euc-jp", "utf-8"])
def test_names_without_a_word_on_their_encoding(encoding: str) -> None:
    wanted = ["顧客名簿/山田太郎.txt", "表示能力ソ一覧.txt"]
    out = read("zips", zipped_as({name.encode(encoding): b"x" for name in wanted}))
    assert [name for name, _ in out.members] == wanted


def test_names_that_say_they_are_utf_8_and_names_that_are_decomposed() -> None:
    out = read("zips", zipped({"髙橋①.txt": b"1", "\u30ab\u3099\u30b9.txt": b"2"}))
    assert [name for name, _ in out.members] == ["髙橋①.txt", "ガス.txt"]


def test_the_unicode_field_of_info_zip_is_believed_when_its_check_sum_fits() -> None:
    for crc, wanted in ((zlib.crc32(b"a.txt"), "台帳.txt"), (1, "a.txt")):
        field = b"\x01" + crc.to_bytes(4, "little") + "台帳.txt".encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            info = zipfile.ZipInfo("a.txt")
            info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
            archive.writestr(info, b"x")
        assert [name for name, _ in read("zips", out.getvalue()).members] == [wanted]


def test_harmful_names_are_only_names() -> None:
    names = ["../../etc/evil.txt", "/abs.txt", "C:\\x.txt", "esc\x1b[31m.txt", "n" * 3000]
    shown = [name for name, _ in read("zips", zipped(dict.fromkeys(names, b"x"))).members]
    assert shown[:4] == ["../../etc/evil.txt", "/abs.txt", "C:/x.txt", "esc\\x1b[31m.txt"]
    assert len(shown[4]) < 600


def test_every_member_is_read_and_found_under_its_chain() -> None:
    outcome = examine(zipped({"営業/": b"", "営業/名簿.txt": NOTE.encode(), "空.txt": b""}), "a.zip")
    assert outcome.status is Status.READ
    assert [(c, o.status) for c, o in chains(outcome).items()][1:] == [("営業/名簿.txt", Status.READ), ("空.txt", Status.READ)]
    assert {f.entity for f in outcome.members[0].facts.findings} >= {"person_name", "phone_number"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods(method: int) -> None:
    assert read("zips", zipped({"a.txt": NOTE.encode()}, method)).members == [("a.txt", NOTE.encode())]


def test_comments_are_text() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"x")
        archive.comment = "担当 鵜飼銀次郎".encode("cp932")
    assert read("zips", out.getvalue()).text == "担当 鵜飼銀次郎"


@pytest.mark.parametrize(("method", "cipher"), [(8, "ZipCrypto"), (99, "AES")])
def test_what_is_encrypted_is_named_and_the_rest_is_read(method: int, cipher: str) -> None:
    shut = examine(flagged(zipped({"給与.csv": b"x"}), bits=1, method=method), "a.zip")
    assert shut.status is Status.UNREADABLE and codes(shut) == ["member-unread"]
    assert [(p.code, p.detail) for p in shut.members[0].problems] == [(Code.ENCRYPTED, cipher)]
    assert shut.members[0].document.inside == ("給与.csv",)


def test_an_encrypted_member_leaves_the_others_readable() -> None:
    data = bytearray(zipped({"a.txt": NOTE.encode(), "b.txt": b"x"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(magic) + at] |= 1
    outcome = examine(bytes(data), "a.zip")
    assert outcome.status is Status.PARTIAL
    assert [o.status for o in outcome.members] == [Status.READ, Status.UNREADABLE]


def test_a_method_that_nobody_here_reads_is_named() -> None:
    outcome = examine(flagged(zipped({"a.txt": b"x"}), method=9), "a.zip")
    assert [(p.code, p.detail) for p in outcome.members[0].problems] == [(Code.UNSUPPORTED, "ZIP method Deflate64")]


@pytest.mark.parametrize("size", [3, 10_000])
def test_a_lie_about_the_size_is_told_and_what_is_there_is_read(size: int) -> None:
    data = bytearray(zipped({"a.txt": NOTE.encode() * 20}))
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        here = data.find(magic) + at
        data[here : here + 4] = size.to_bytes(4, "little")
    (member,) = examine(bytes(data), "a.zip").members
    assert member.status is Status.PARTIAL and codes(member) == ["corrupt"]
    assert member.characters > 0


def test_a_wrong_check_sum_does_not_take_the_text_with_it() -> None:
    data = zipped({"a.txt": NOTE.encode()}, zipfile.ZIP_STORED).replace("鵜飼".encode(), "鵜養".encode())
    (member,) = examine(data, "a.zip").members
    assert codes(member) == ["corrupt"] and "鵜養銀次郎" in member.blocks[0].text


def test_of_entries_that_overlap_the_first_is_read() -> None:
    data = zipped({"a.txt": b"x" * 50})
    here = data.find(b"PK\x01\x02")
    twice = data[:here] + data[here : data.rfind(b"PK\x05\x06")] * 2 + data[data.rfind(b"PK\x05\x06") :]
    end = bytearray(twice)
    at = end.rfind(b"PK\x05\x06")
    end[at + 8 : at + 12] = b"\2\0\2\0"
    end[at + 12 : at + 16] = (at - here).to_bytes(4, "little")
    outcome = examine(bytes(end), "a.zip")
    assert outcome.status is Status.PARTIAL and [o.characters for o in outcome.members] == [50]
    assert [(p.code, p.detail) for p in outcome.problems] == [(Code.BOMB, "overlapping entries")]


def test_zip64() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w", force_zip64=True) as member:
        member.write(NOTE.encode())
    assert read("zips", out.getvalue()).members == [("a.txt", NOTE.encode())]


def test_a_link_is_not_followed_and_no_loss() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("a.txt", "あ")
    outcome = examine(out.getvalue(), "a.zip")
    assert outcome.status is Status.READ
    assert [o.status for o in outcome.members] == [Status.EXCLUDED, Status.READ]


def test_limits_end_in_a_partial_outcome_that_says_which() -> None:
    many = zipped({f"{n}.txt": b"x" for n in range(30)})
    outcome = examine(many, "a.zip", Limits(parts=10))
    assert outcome.status is Status.PARTIAL and codes(outcome) == ["too-many"] and len(outcome.members) == 10
    deep = chains(examine(nested(zipped({"a.txt": b"x"}), 6), "a.zip", Limits(depth=3)))
    assert codes(deep["n.zip!n.zip!n.zip!n.zip"]) == ["too-deep"]
    fat = examine(zipped({"a.txt": b"a" * 50_000, "b.txt": b"b" * 50_000}), "a.zip", Limits(bytes=120_000))
    assert [codes(o) for o in fat.members] == [[], ["too-large"]]
    assert codes(examine(zipped({"a.txt": b"\n" * (33 << 20), "b.txt": b"b"}), "a.zip").members[0])[-1] == "bomb"
    late = examine(zipped({"a.txt": b"a"}), "a.zip", Limits(seconds=-1))
    assert late.status is Status.UNREADABLE and codes(late) == ["timeout"]


def test_a_bomb_is_read_as_far_as_it_was_unpacked() -> None:
    data = NOTE.encode() + b"\n" * (40 << 20)
    (member,) = examine(zipped({"a.txt": data}), "a.zip").members
    assert member.status is Status.PARTIAL and codes(member) == ["bomb"] and "鵜飼銀次郎" in member.blocks[0].text


def test_containers_that_a_limit_ended_are_partial_even_when_nothing_was_in_them() -> None:
    for data, limits in (
        (zipped({"a.bin": bytes(40 << 20)}), Limits()),
        (nested(zipped({"a.txt": b"x"}), 6), Limits()),
        (zipped({f"{n}.zip": zipped({"0": bytes(10 << 20)}) for n in range(4)}), Limits(bytes=32 << 20)),
    ):
        outcome = examine(data, "a.zip", limits)
        assert outcome.status is Status.PARTIAL and not outcome.facts.findings


# ---------------------------------------------------------------- archives that lost their directory


def streamed(files: dict[str, bytes], *, sign: bool = True) -> bytes:
    """A ZIP written without going back: sizes and check sums stand behind the contents."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue() if sign else out.getvalue().replace(b"PK\x07\x08", b"")


@pytest.mark.parametrize(
    "whole",
    [
        zipped({"名簿.txt": NOTE.encode(), "b.zip": zipped({"c.txt": b"c" * 99}, zipfile.ZIP_STORED)}, zipfile.ZIP_STORED),
        streamed({"名簿.txt": NOTE.encode(), "b.zip": zipped({"c.txt": b"c" * 99}, zipfile.ZIP_STORED)}),
        streamed({"名簿.txt": NOTE.encode(), "b.zip": zipped({"c.txt": b"c" * 99}, zipfile.ZIP_STORED)}, sign=False),
    ],
    ids=["sized", "streamed", "streamed without signs"],
)
def test_members_before_a_cut_are_read(whole: bytes) -> None:
    directory = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"PK\x01\x02"))
    outcome = examine(whole[:directory], "a.zip")
    assert outcome.status is Status.PARTIAL and codes(outcome) == ["corrupt"]
    assert [(o.document.inside, o.status) for o in outcome.members] == [(("名簿.txt",), Status.READ), (("b.zip",), Status.READ)]
    assert "鵜飼銀次郎" in outcome.members[0].blocks[0].text and outcome.members[1].members[0].characters == 99


def test_a_member_that_is_cut_says_so() -> None:
    chance = "".join(f"{n * 7919 % 9973}\n" for n in range(4000)).encode()
    for whole in (zipped({"a.txt": NOTE.encode(), "b.txt": chance}), streamed({"a.txt": NOTE.encode(), "b.txt": chance})):
        outcome = examine(whole[: len(whole) * 2 // 3], "a.zip")
        first, second = outcome.members
        assert first.status is Status.READ and second.status is Status.PARTIAL and codes(second) == ["corrupt"]
        assert 1_000 < second.characters < len(chance)


def test_a_header_that_is_damaged_costs_its_own_member_only() -> None:
    whole = bytearray(zipped({"a.txt": b"a" * 50, "b.txt": b"b" * 50, "c.txt": b"c" * 50}, zipfile.ZIP_STORED))
    second = whole.index(b"PK\x03\x04", 4)
    whole[second : second + 4] = b"XXXX"
    outcome = examine(bytes(whole[: whole.index(b"PK\x01\x02")]), "a.zip")
    assert [o.document.inside[0] for o in outcome.members] == ["a.txt", "c.txt"]


def test_names_and_passwords_of_a_cut_archive() -> None:
    whole = zipped_as({"名簿.txt".encode("cp932"): NOTE.encode()})
    assert list(chains(examine(whole[: whole.index(b"PK\x01\x02") + 20], "a.zip")))[1:] == ["名簿.txt"]
    locked = flagged(zipped({"a.txt": b"x"}), bits=1)
    assert [codes(o) for o in examine(locked[:-22], "a.zip").members] == [["encrypted"]]


def test_a_cut_office_document_gives_what_comes_first() -> None:
    whole = word(p("氏名：鵜飼銀次郎"))
    outcome = examine(whole[: whole.rindex(b"PK\x01\x02")], "a.docx")
    assert outcome.status is Status.PARTIAL and outcome.format == "docx" and "鵜飼銀次郎" in outcome.blocks[0].text


def test_a_cut_archive_with_more_entries_than_two_bytes_count() -> None:
    many = zipped({str(n): b"" for n in range(70_000)})
    assert len(open_zip(io.BytesIO(many[: many.index(b"PK\x01\x02")])).infolist()) == 70_000


def test_a_member_too_long_for_memory_is_unpacked_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.extract.members.HELD", 1 << 16)
    lines = "".join(f"{n} 鵜飼銀次郎\n" for n in range(8_000))
    inner = zipped({"b.txt": lines.encode()}, zipfile.ZIP_STORED)
    outcome = examine(zipped({"a.txt": lines.encode(), "c.zip": inner}, zipfile.ZIP_STORED), "a.zip")
    assert outcome.status is Status.READ
    assert all(
        o.characters > len(lines) - 9 for o in (outcome.members[0], outcome.members[1].members[0])
    )  # line breaks between windows


def test_a_damaged_member_says_so_and_the_next_is_read() -> None:
    data = bytearray(zipped({"a.txt": b"".join(bytes([n * 7 % 251, n % 13]) for n in range(5000)), "b.txt": "あ".encode()}))
    data[60:90] = b"\xff" * 30
    outcome = examine(bytes(data), "a.zip")
    assert "corrupt" in codes(outcome.members[0]) and outcome.members[1].status is Status.READ


def test_a_program_with_an_archive_behind_it_is_read_as_one() -> None:
    stub = b"MZ" + bytes(300)
    outcome = examine(stub + zipped({"名簿.txt": NOTE.encode()}), "名簿.exe")
    assert outcome.format == "zip" and codes(outcome) == ["type-mismatch"]
    assert "person_name" in {f.entity for f in outcome.members[0].facts.findings}
    assert codes(examine(stub, "a.exe")) == ["binary"]
