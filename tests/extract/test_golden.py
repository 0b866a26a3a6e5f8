"""Golden files: a real file with Japanese text of every format that is read, and exactly the blocks that were recorded of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.extract import FORMATS
from tests.extract.make_golden import ROWS, files, recorded, seen

# read in the tests of their readers: odg as odp is, an object within office files, pictures and stores by optional parts
ELSEWHERE = frozenset(("odg", "oleobject", "image", "pst"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in files()])
def test_the_recorded_blocks_come_back(path: Path) -> None:
    wanted = [json.loads(line) for line in recorded(path).read_text(encoding="utf-8").splitlines()]
    found = seen(path)
    if found[0]["codes"] == ["missing-extra"]:
        pytest.skip("an optional part is not installed")
    assert found == wanted


def test_every_format_that_is_read_has_one_and_says_the_names() -> None:
    formats = set()
    for path in files():
        lines = [json.loads(line) for line in recorded(path).read_text(encoding="utf-8").splitlines()]
        formats |= {line["format"] for line in lines if "format" in line}
        texts = "".join("".join(line.get("text", "") for line in lines).split())
        assert "鵜飼" in texts, path.name
        if path.suffix != ".ics":
            assert "".join(ROWS[0][0].split()) in texts, path.name
    missing = {row.name for row in FORMATS if row.module} - formats - ELSEWHERE
    assert not missing
