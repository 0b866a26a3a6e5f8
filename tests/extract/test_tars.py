"""tar, by itself and compressed; compressed single files."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest

from scanner.extract.budget import Limits
from scanner.model import Status
from scanner.problems import Code
from tests.extract.archivekit import NOTE, chains, codes, examine, tarred, zipped
from tests.extract.readkit import read

FILES = {"名簿/一覧.txt": NOTE.encode(), "b.csv": "氏名,電話\n鵜飼銀次郎,090-8417-2265\n".encode() * 40}
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": lambda data: bz2.compress(data, 1), "xz": lzma.compress}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_every_kind_of_tar(form: int) -> None:
    long = {"長い名前" * 8 + ".txt": b"x", **FILES} if form != tarfile.USTAR_FORMAT else FILES
    outcome = examine(tarred(long, form=form), "a.tar")
    assert outcome.status is Status.READ and outcome.format == "tar"
    assert list(chains(outcome))[1:] == list(long)


def test_old_tar_without_any_magic_is_known_by_its_check_sum() -> None:
    head = bytearray(tarred({"a.txt": NOTE.encode()}))
    head[257:265] = bytes(8)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head[:512])
    assert [o.characters > 20 for o in examine(bytes(head), "backup.dat").members] == [True]


def test_names_in_cp932() -> None:
    assert [name for name, _ in read("tars", tarred({"顧客名簿①.txt": b"x"}, encoding="cp932")).members] == ["顧客名簿①.txt"]


@pytest.mark.parametrize("packer", PACKERS)
def test_a_compressed_tar_is_one_step(packer: str) -> None:
    outcome = examine(PACKERS[packer](tarred(FILES)), f"a.tar.{packer}")
    assert outcome.status is Status.READ
    assert list(chains(outcome)) == ["", *FILES]


@pytest.mark.parametrize("packer", PACKERS)
def test_a_compressed_file_is_a_member_under_its_own_name(packer: str) -> None:
    outcome = examine(PACKERS[packer](FILES["b.csv"]), f"一覧.csv.{packer}")
    assert [(c, o.format) for c, o in chains(outcome).items()] == [("", outcome.format), ("一覧.csv", "csv")]
    assert "person_name" in {f.entity for f in outcome.members[0].facts.findings}


def test_the_name_that_gzip_kept_helps_where_the_outer_one_says_nothing() -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", filename="staff.csv") as file:
        file.write(FILES["b.csv"])
    assert list(chains(examine(out.getvalue(), "20240401.gz")))[1:] == ["staff.csv"]
    assert list(chains(examine(out.getvalue(), "other.txt.gz")))[1:] == ["other.txt"]
    assert list(chains(examine(gzip.compress(b"x"), "a.tgz")))[1:] == ["a.tar"]


def test_gzip_members_one_after_the_other() -> None:
    both = gzip.compress("一".encode()) + gzip.compress("二".encode())
    assert read("packed", both, "a.txt.gz").members == [("a.txt", "一二".encode())]


@pytest.mark.parametrize("packer", PACKERS)
def test_what_is_cut_off_is_read_as_far_as_it_goes(packer: str) -> None:
    lines = "".join(f"{n} 鵜飼銀次郎 {n * 7919 % 10007}\n" for n in range(20_000)).encode()
    data = PACKERS[packer](lines)
    (member,) = examine(data[: len(data) * 3 // 4], f"a.txt.{packer}").members
    assert member.status is Status.PARTIAL and "corrupt" in codes(member) and member.characters > 1000
    cut = PACKERS[packer](tarred({"a.txt": lines, "b.txt": b"x"}))
    outcome = examine(cut[: len(cut) // 2], f"a.tar.{packer}")
    assert outcome.status is Status.PARTIAL and codes(outcome.members[0]) == ["corrupt"] and outcome.members[0].characters > 1000


def test_damage_in_the_middle_does_not_pass_for_the_end() -> None:
    data = bytearray(tarred({"a.txt": b"x", "b.txt": NOTE.encode(), "c.txt": b"x"}))
    data[1024:1124] = b"\xff" * 100
    outcome = examine(bytes(data), "a.tar")
    assert outcome.status is Status.PARTIAL and "corrupt" in codes(outcome)


def test_archives_one_after_the_other_are_all_read() -> None:
    assert [name for name, _ in read("tars", tarred({"a": b"1"}) + tarred({"b": b"2"})).members] == ["a", "b"]


def test_links_and_devices_are_listed_and_no_loss() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("link", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("dev", tarfile.CHRTYPE),
            ("fifo", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("../up.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO("あ".encode()))
    outcome = examine(out.getvalue(), "a.tar")
    assert outcome.status is Status.READ
    assert [(o.document.inside[-1], o.status.value) for o in outcome.members] == [
        ("link", "excluded"),
        ("hard", "excluded"),
        ("dev", "excluded"),
        ("fifo", "excluded"),
        ("../up.txt", "read"),
    ]


def test_a_file_of_a_type_that_nobody_knows_is_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.type, info.size = b"M", len(NOTE.encode())
        archive.addfile(info, io.BytesIO(NOTE.encode()))
    assert read("tars", out.getvalue()).members == [("a.txt", NOTE.encode())]


@pytest.mark.parametrize("packer", PACKERS)
def test_bombs_are_stopped(packer: str) -> None:
    (member,) = examine(PACKERS[packer](bytes(50 << 20)), f"a.{packer}").members
    assert member.status is Status.UNREADABLE and codes(member) == ["binary", "bomb"]
    outcome = examine(PACKERS[packer](tarred({"a.txt": bytes(50 << 20), "b.txt": b"x"})), f"a.tar.{packer}")
    assert outcome.status is not Status.READ and "bomb" in {p.code for o in (outcome, *outcome.members) for p in o.problems}


def test_a_name_as_long_as_memory_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 32
    outcome = examine(info.tobuf(tarfile.GNU_FORMAT) + b"n" * 4096, "a.tar")
    assert outcome.status is Status.UNREADABLE and [p.code for p in outcome.problems] == [Code.TOO_LARGE]


def test_limits() -> None:
    outcome = examine(tarred({f"{n}.txt": b"x" for n in range(20)}), "a.tar", Limits(parts=5))
    assert outcome.status is Status.PARTIAL and codes(outcome) == ["too-many"] and len(outcome.members) == 5


def test_every_container_in_every_other() -> None:
    data = NOTE.encode()
    data = zipped({"b.tar.gz": gzip.compress(tarred({"c.zip": zipped({"d.txt.xz": lzma.compress(data)})}))})
    outcome = examine(data, "a.zip")
    assert list(chains(outcome))[-1] == "b.tar.gz!c.zip!d.txt.xz!d.txt"
    assert outcome.status is Status.READ
