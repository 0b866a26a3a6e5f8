"""LZH: every level of header, every method in use, damage, lies and bombs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scanner.extract.lzhuf import METHODS, Broken, unpack
from scanner.model import Status
from tests.extract.archivekit import NOTE, codes, examine
from tests.extract.lzhmake import archive, packed
from tests.extract.readkit import DOCUMENTS, read

CHANCE = random.Random(7)
CONTENTS = {
    "prose": (NOTE * 300).encode("cp932"),
    "noise": CHANCE.randbytes(9_000),
    "one letter": b"a" * 90_000,
    "few letters": bytes(CHANCE.choices(b"abcdefgh \n", k=40_000)),
    "one": b"x",
    "nothing": b"",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("content", CONTENTS)
def test_what_is_packed_comes_out_again(method: bytes, content: str) -> None:
    data = CONTENTS[content]
    assert b"".join(unpack(packed(data, method), method, len(data))) == data


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("method", [b"-lh0-", b"-lh5-"])
def test_names_and_contents_at_every_level(level: int, method: bytes) -> None:
    files = {"名簿①.txt": NOTE.encode(), "営業/表.csv" if level else "表.csv": b"a,b\n1,2\n"}
    data = archive({name.encode("cp932"): body for name, body in files.items()}, level=level, method=method)
    assert read("lzhs", data).members == list(files.items())


def test_a_whole_archive() -> None:
    outcome = examine(archive({"名簿.txt".encode("cp932"): (NOTE * 30).encode("cp932")}, level=2), "昔.lzh")
    assert outcome.status is Status.READ and outcome.format == "lzh"
    assert "person_name" in {f.entity for f in outcome.members[0].facts.findings}


def test_a_method_of_the_eighties_is_named() -> None:
    (member,) = examine(archive({b"a.txt": b"xyz"}, method=b"-lh1-"), "a.lzh").members
    assert [(p.code.value, p.detail) for p in member.problems] == [("unsupported", "LZH method -lh1-")]


@pytest.mark.parametrize("lie", [-20, 20])
def test_a_lie_about_the_size_is_told(lie: int) -> None:
    (member,) = examine(archive({b"a.txt": NOTE.encode() * 3}, lie=lie), "a.lzh").members
    assert member.status is Status.PARTIAL and codes(member)[-1] == "corrupt"


def test_what_is_cut_off_or_damaged_is_said() -> None:
    data = archive({b"a.txt": b"one", b"b.txt": bytes(CHANCE.choices(b"abcdefgh\n", k=9_000))}, level=2)
    cut = examine(data[:-2_000], "a.lzh")
    assert cut.status is Status.PARTIAL and "corrupt" in {p.code.value for o in (cut, *cut.members) for p in o.problems}
    assert cut.members[0].status is Status.READ
    damaged = bytearray(data)
    damaged[1_500:1_520] = b"\xff" * 20
    assert codes(examine(bytes(damaged), "a.lzh").members[1])[-1] == "corrupt"
    headless = examine(data[:60] + b"\xff" * 40, "a.lzh")
    assert headless.status is not Status.READ


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.extract.budget.Spending.FREE", 1 << 16)
    (member,) = examine(archive({b"a.txt": bytes(300_000)}, level=2), "a.lzh").members
    assert member.status is Status.UNREADABLE and codes(member) == ["bomb"]


def test_noise_never_hangs_the_decoder() -> None:
    for seed in range(60):
        data = random.Random(seed).randbytes(400)
        try:
            size = sum(map(len, unpack(data, b"-lh5-", 1 << 20)))
        except Broken:
            continue
        assert size == 1 << 20


def test_a_file_that_another_program_wrote() -> None:
    path = Path(DOCUMENTS / "markers" / "stored.lzh")
    if not path.exists():
        pytest.skip("the corpus is not present")
    ((name, body),) = read("lzhs", path.read_bytes()).members
    assert name == "顧客名簿.txt" and body.decode("cp932").startswith("氏名 ")
