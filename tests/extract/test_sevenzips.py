"""7z and zstd with the extra ``archives``: solid and encrypted archives, damage, bombs; without it the line that installs it."""

from __future__ import annotations

import io
import random
import sys
from typing import Any

import pytest

from scanner.extract.budget import Limits
from scanner.model import Status
from scanner.problems import Code
from tests.extract.archivekit import NOTE, chains, codes, examine, zipped

MAGIC = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24)


def made(files: dict[str, bytes], **options: Any) -> bytes:
    py7zr = pytest.importorskip("py7zr")
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


def test_without_the_library_it_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("py7zr", "scanner.extract.sevenzips", "backports.zstd", "backports", "scanner.extract.zstds"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "py7zr", None)
    monkeypatch.setitem(sys.modules, "backports", None)
    outcome = examine(zipped({"a.7z": MAGIC, "b.txt": NOTE.encode()}), "a.zip")
    assert outcome.status is Status.PARTIAL
    (problem,) = outcome.members[0].problems
    assert (problem.code, problem.detail) == (Code.MISSING_EXTRA, "pip install 'tanaoroshi[archives]'")
    assert "tanaoroshi[archives]" in problem.remedy("ja") and "tanaoroshi[archives]" in problem.remedy("en")
    if sys.version_info < (3, 14):
        assert codes(examine(b"\x28\xb5\x2f\xfd" + bytes(9), "a.txt.zst")) == ["missing-extra"]


def test_members_of_a_solid_archive() -> None:
    files = {"名簿/一覧.txt": NOTE.encode(), "空.txt": b"", "inner.zip": zipped({"b.txt": NOTE.encode()})}
    outcome = examine(made(files), "a.7z")
    assert outcome.status is Status.READ
    assert list(chains(outcome))[1:] == ["名簿/一覧.txt", "空.txt", "inner.zip", "inner.zip!b.txt"]
    assert "person_name" in {f.entity for f in outcome.members[0].facts.findings}


@pytest.mark.parametrize("names_too", [False, True])
def test_encrypted(names_too: bool) -> None:
    outcome = examine(made({"給与.csv": NOTE.encode()}, password="x", header_encryption=names_too), "a.7z")
    assert outcome.status is Status.UNREADABLE
    shut = outcome if names_too else outcome.members[0]
    assert [p.code for p in shut.problems] == [Code.ENCRYPTED]
    assert len(outcome.members) == (0 if names_too else 1)


def test_a_damaged_archive_accounts_for_every_member() -> None:
    chance = random.Random(5)
    data = bytearray(made({f"{n}.txt": chance.randbytes(20_000).hex().encode() for n in range(8)}))
    data[60_000:60_040] = b"\xff" * 40
    outcome = examine(bytes(data), "a.7z")
    assert outcome.status is Status.PARTIAL and len(outcome.members) == 8
    assert outcome.members[0].status is Status.READ and codes(outcome.members[-1]) == ["corrupt"]
    assert codes(examine(bytes(data[:5_000]), "a.7z")) == ["corrupt"]


def test_limits() -> None:
    bomb = examine(made({"a.txt": NOTE.encode(), "b.bin": bytes(60 << 20), "c.txt": b"x"}), "a.7z")
    assert bomb.status is Status.PARTIAL
    assert [codes(o) for o in bomb.members] == [[], ["bomb"], ["bomb"]]
    many = examine(made({f"{n}.txt": b"x" for n in range(20)}), "a.7z", Limits(parts=5))
    assert codes(many) == ["too-many"] and len(many.members) == 5


def test_zstd() -> None:
    zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    outcome = examine(zstd.compress(NOTE.encode()), "名簿.txt.zst")
    assert outcome.status is Status.READ and list(chains(outcome))[1:] == ["名簿.txt"]
    (member,) = examine(zstd.compress(bytes(50 << 20)), "a.zst").members
    assert codes(member) == ["binary", "bomb"]
