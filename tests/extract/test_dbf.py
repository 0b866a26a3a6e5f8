"""dBASE tables: Japanese fields in the encoding that the header or the bytes say, deleted records, memo fields, damage."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import pytest

from scanner.extract import sniff
from scanner.extract.budget import Limits
from scanner.model import Cell, Section
from scanner.problems import Code, Unreadable
from tests.extract.archivekit import examine
from tests.extract.readkit import grid, read

FIELDS = (("氏名", "C", 20), ("生年月日", "D", 8), ("年齢", "N", 5), ("会員", "L", 1), ("番号", "I", 4))
ROWS = (
    ("山田①　", "19680401", "   55", "T", 7),
    ("髙橋花子", "19720815", "   51", "F", -1),
    ("佐々木健", "        ", "     ", "?", 0),
)


def made(
    *,
    driver: int = 0x13,
    code: str = "cp932",
    fields: tuple[tuple[str, str, int], ...] = FIELDS,
    deleted: int = -1,
    count: int = 3,
    rows: Sequence[Sequence[str | int]] = ROWS,
) -> bytes:
    head = b"".join(
        name.encode(code)[:10].ljust(11, b"\0") + kind.encode() + bytes(4) + bytes((size, 0)) + bytes(14)
        for name, kind, size in fields
    )
    size = 1 + sum(size for *_, size in fields)
    out = struct.pack("<4BIHH", 0x03, 26, 11, 24, count, 33 + len(head), size) + bytes(17) + bytes((driver, 0, 0)) + head + b"\r"
    for n, row in enumerate(rows[:count]):
        out += b"*" if n == deleted else b" "
        for value, (_, kind, width) in zip(row, fields, strict=False):
            out += struct.pack("<i", value) if kind == "I" else str(value).encode(code).ljust(width)
    return out + b"\x1a"


@pytest.mark.parametrize(("driver", "code"), [(0x13, "cp932"), (0x7B, "cp932"), (0, "cp932"), (0, "utf-8")])
def test_records_under_their_fields(driver: int, code: str) -> None:
    data = made(driver=driver, code=code)
    assert sniff(io.BytesIO(data), "a.dbf").format.name == "dbf"
    out = read("dbf", data)
    names = [name.encode(code)[:10].decode(code, "replace") for name, *_ in FIELDS]
    assert out.tables() == [
        [names, ["山田①", "1968-04-01", "55", "T", "7"], ["髙橋花子", "1972-08-15", "51", "F", "-1"], ["佐々木健", "?", "0"]]
    ]
    assert out.traits["encoding"] == code and not out.problems
    assert out.blocks[0].anchor(out.blocks[0].text.index("髙橋")) == Cell("dbf", 3, 1)


def test_deleted_records_are_still_there() -> None:
    out = read("dbf", made(deleted=1))
    assert [(b.section, grid(b)[-1][0]) for b in out.blocks] == [(Section.BODY, "佐々木健"), (Section.DELETED, "髙橋花子")]


def test_memo_fields_lie_in_a_file_of_their_own() -> None:
    out = read("dbf", made(fields=(("氏名", "C", 20), ("備考", "M", 10)), count=0))
    assert [(p.code, p.detail) for p in out.problems] == [(Code.MEMBER_UNREAD, "memo file")]


def test_the_whole_line() -> None:
    outcome = examine(made(), "会員.dbf")
    assert {"person_name", "birth_date"} <= {f.entity for f in outcome.facts.findings}
    assert outcome.format == "dbf"


def test_damage_and_limits() -> None:
    out = read("dbf", made()[:-30])
    assert out.codes == ["corrupt"] and "山田①" in out.text
    for data in (b"\x03\1\1\1" + bytes(28), made()[:40], made()[:-1].replace(b"\r", b" ")):
        with pytest.raises(Unreadable) as error:
            read("dbf", data)
        assert error.value.problem.code is Code.CORRUPT
    with pytest.raises(Unreadable):
        read("dbf", made(), limits=Limits(characters=10))


@pytest.mark.parametrize("data", [b"0" * 200, "Customer,表\n".encode("cp932") * 30, bytes((3, 26, 11, 24)) + bytes(range(256))])
def test_what_is_none(data: bytes) -> None:
    try:
        name = sniff(io.BytesIO(data), "a.txt").format.name
    except Unreadable:
        return
    assert name != "dbf"
