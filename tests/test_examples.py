"""The share that is checked in is the one that its script writes."""

from __future__ import annotations

import io
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from examples import make_share, writers
from tests.office import essence

SHARE = Path(make_share.__file__).parent / "share"
FILES = make_share.files()


def test_no_file_is_missing_or_left_over() -> None:
    assert sorted(p.relative_to(SHARE).as_posix() for p in SHARE.rglob("*") if p.is_file()) == sorted(FILES)


def test_the_share_is_small() -> None:
    assert sum(p.stat().st_size for p in SHARE.rglob("*") if p.is_file()) < 1_000_000


@pytest.mark.parametrize("name", [n for n in FILES if n != make_share.LOCKED])
def test_the_file_agrees_with_its_script(name: str) -> None:
    assert essence((SHARE / name).read_bytes()) == essence(FILES[name]())


def test_the_locked_workbook_agrees_with_its_script() -> None:
    def cells(data: bytes) -> list[tuple[object, ...]]:
        plain = io.BytesIO()
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=writers.PASSWORD)
        file.decrypt(plain)
        return [row for sheet in openpyxl.load_workbook(plain) for row in sheet.values]

    assert cells((SHARE / make_share.LOCKED).read_bytes()) == cells(FILES[make_share.LOCKED]())


def test_the_only_my_number_is_the_specimen() -> None:
    sheets = make_share.number_sheet(make_share.SUZUKI)
    assert [row[1] for rows in sheets.values() for row in rows if row and row[0] == "個人番号"] == [make_share.SPECIMEN]
