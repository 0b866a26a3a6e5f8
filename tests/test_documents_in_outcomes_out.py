"""The count law: every document gets exactly one outcome, whatever it holds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import scanner
from scanner.extract.budget import Limits
from scanner.model import Status
from tests.command import Home, named
from tests.hostile import hostile
from tests.tree import regular


def test_a_hostile_tree_gets_one_row_for_each_file(tmp_path: Path, home: Home) -> None:
    root = hostile(tmp_path / "root")
    done = home.scan(root, "--jobs", "2")
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == 3, "something in it can't be examined, and nothing in it is personal"
    table = home.table("files.csv")
    status = named(table)
    count = Counter(row["path"] for row in table)
    assert max(count.values()) == 1
    assert {Path(p).name for p in count} >= {
        p.name.replace("\n", "\n") for p in regular(root) if "\n" not in p.name and p.name.isprintable()
    }
    files = [row for row in table if Path(row["path"]).name not in {"loop", "nowhere.txt", "pipe.txt"}]
    assert len(files) == len(regular(root))
    for name in ("truncated.docx", "locked.xlsx", "locked.pdf", "binary.txt", "bomb.xlsx", "cut.pdf", "picture.png"):
        assert status[name]["status"] == "unreadable" or status[name]["status"] == "partial", name
        assert status[name]["verdict"] in {"undetermined", "not_judged"}, name
        assert status[name]["not_examined"] and status[name]["remedy"], name
    for name in ("plain.txt", "cp932.txt", "utf16.txt", "long-line.txt", "empty.txt"):
        assert status[name]["status"] == "read", name


def test_run_json_reconciles_with_the_table(tmp_path: Path, home: Home) -> None:
    root = hostile(tmp_path / "root")
    home.scan(root, "--jobs", "2")
    run = json.loads((home.out / "run.json").read_text(encoding="utf-8"))
    counted = Counter(row["status"] for row in home.table("files.csv"))
    said = next(value for key, value in run.items() if isinstance(value, dict) and "read" in value and "unreadable" in value)
    assert {k: v for k, v in said.items() if k in set(Status) and v} == dict(counted)


def test_the_api_yields_each_document_once(tmp_path: Path) -> None:
    root = hostile(tmp_path / "root")
    settings = scanner.Settings(jobs=2, limits=Limits(seconds=10))
    uris = [judged.outcome.document.uri for judged in scanner.scan([root], settings=settings)]
    assert len(uris) == len(set(uris))
    assert len(uris) >= len(regular(root))


@pytest.mark.slow
def test_real_and_damaged_documents_all_get_an_outcome(shared: Path) -> None:
    folder = shared / "data" / "documents"
    settings = scanner.Settings(profile="fast", jobs=2, limits=Limits(seconds=6))
    outcomes = [judged.outcome for judged in scanner.scan([folder], settings=settings)]
    assert sorted(o.document.uri for o in outcomes) == sorted(map(str, regular(folder)))
    for outcome in outcomes:
        if outcome.status is not Status.READ:
            assert outcome.problems, outcome.document.uri
