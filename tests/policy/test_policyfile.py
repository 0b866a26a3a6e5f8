"""Mistakes in a policy are refused with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scanner import policy as policies
from scanner.policy.check import describe, explain, warnings
from scanner.settings import load_policy, load_taxonomy
from scanner.tomlfile import FileRefused
from tests.command import ROOT

EXAMPLE = ROOT / "examples" / "policy.toml"
HEAD = 'organization = "〇〇"\nversion = 2026-11-01\n[purposes]\nP1 = "x"\n'

BAD = [
    ('colour = "blue"\n' + HEAD, 1, "colour"),
    (HEAD + '[[locations]]\nid = "a"\npath = "a/**"\n\n[[locations]]\nid = "b"\npath = "b/**"\nclases = []\n', 12, "clases"),
    (HEAD + '[[locations]]\nid = "a"\n', 5, "path"),
    (HEAD + '[[locations]]\nid = "a"\npath = 7\n', 7, "path"),
    (HEAD + '[[locations]]\nid = "a"\npath = "a"\nclasses = [\n  "medical_historie",\n]\n', 8, "medical_historie"),
    (HEAD + '[[locations]]\nid = "a"\npath = "a"\nclasses = ["disability"]\n', 8, "disability"),
    (HEAD + '[[locations]]\nid = "a"\npath = "a"\npurposes = ["P9"]\n', 8, "P9"),
    (HEAD + '[[locations]]\nid = "a"\npath = "a"\n[[locations]]\nid = "a"\npath = "b"\n', 9, "a"),
    (
        HEAD
        + '[[locations]]\nid = "a"\npath = "a"\n[[locations.exceptions]]\n'
        + 'until = 2026-01-01\nreason = "r"\napprover = "x"\nby = 1\n',
        12,
        "by",
    ),
    (
        HEAD + '[[locations]]\nid = "a"\npath = "a"\n[[locations.exceptions]]\nuntil = "soon"\nreason = "r"\napprover = "x"\n',
        9,
        "until",
    ),
    (HEAD + '[classes]\n"layer:special_care" = {}\n', 6, "layer:special_care"),
    (HEAD + '[classes]\nmedical_history = { allow_purpose = ["P1"] }\n', 6, "allow_purpose"),
    (HEAD + "[thresholds]\nconfidence_action = 0.4\nconfidence_review = 0.5\n", 7, "confidence_review"),
    (HEAD + "[thresholds]\ntable_persons = 0\n", 6, "table_persons"),
    (HEAD + '[deadlines]\nS9 = "24時間"\n', 6, "S9"),
    (HEAD + "[custom_identifiers.a]\nlabel = 'x'\nregex = '['\n", 7, ""),
    ("organization = \n", 1, "TOML"),
    ('version = "1"\n', 0, "organization"),
]


@pytest.mark.parametrize(("text", "line", "word"), BAD, ids=range(len(BAD)))
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        load_policy(file)
    assert caught.value.line == line
    for sentence in (caught.value.say("ja"), caught.value.say("en")):
        assert sentence.startswith(f"{file}:{line}:" if line else f"{file}:")
        assert word in sentence


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_what_is_no_file_of_text(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "policy.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(FileRefused, match=r"policy\.toml"):
        load_policy(file)


def test_bare_ids_are_taken_where_unambiguous(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(
        HEAD + '[[locations]]\nid = "a"\npath = "a/**"\nclasses = ["medical_history", "my_number", "personal_information"]\n'
    )
    place = load_policy(file).place(str(tmp_path / "a" / "x"))
    assert place.allowed == {"category:medical_history", "entity:my_number", "layer:personal_information"}


def test_the_example_s_places() -> None:
    policy = load_policy(EXAMPLE)
    share = EXAMPLE.parent / "share"
    places = {
        "支払審査部/請求書/a.pdf": "claims",
        "経理部/法定調書/b.xlsx": "tax_reports",
        "経理部/b.xlsx": "accounting",
        "営業推進部/c.docx": "sales",
        "公開/d.pdf": "public",
    }
    for name, location in places.items():
        found = policy.place(str(share / name)).location
        assert found is not None
        assert found.id == location
    assert policy.place(str(share / "個人デスクトップ" / "x.csv")).location is None
    assert len([d for d in share.iterdir() if policy.place(str(d)).location is None]) == 1, "the share's folders are the policy's"


def test_check_says_what_to_look_at(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(
        HEAD
        + '[classes]\n"category:creed" = { allow_purposes = [] }\n'
        + '[[locations]]\nid = "a"\npath = "a/**"\nclasses = ["category:creed"]\n'
        + '[[locations.exceptions]]\nuntil = 2026-01-01\nreason = "移行"\napprover = "x"\n'
        + '[[locations]]\nid = "b"\npath = "a/b/**"\n',
        encoding="utf-8",
    )
    policy = policies.load(file, load_taxonomy(), today=date(2026, 11, 1))
    said = list(warnings(policy))
    assert any("例外の期限切れ" in line and "a" in line for line in said)
    assert any("creed" in line and "目的" in line for line in said)
    assert any("重なります" in line and "b" in line for line in said)
    assert any("承認された場所のない分類" in line and "medical_history" in line for line in said)
    assert not any("場所のない分類" in line and "creed" in line for line in said)
    assert any("a/b/**" in line for line in describe(policy, "en"))


def test_explain_names_the_winner_and_the_others() -> None:
    lines = list(explain(load_policy(EXAMPLE), str(EXAMPLE.parent / "share/経理部/法定調書/a.csv"), "en"))
    assert "tax_reports" in lines[1]
    assert any("accounting" in line for line in lines[2:])
