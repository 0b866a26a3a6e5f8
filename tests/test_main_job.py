"""Small whole jobs: a sentence goes in, the thing in it comes out; a page about privacy in general is clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import Home
from tests.tree import grow

SENTENCES = {
    "マイナンバーは123456789018です": ("my_number", "123456789018"),
    "個人番号１２３４５６７８９０１８": ("my_number", "１２３４５６７８９０１８"),
    "カード番号は4111111111111111です": ("credit_card", "4111111111111111"),
    "メールはtaro@example.co.jpです": ("email_address", "taro@example.co.jp"),
    "旅券番号TR1234567を確認": ("passport_number", "TR1234567"),
    "住所は150-0041東京都": ("postal_code", "150-0041"),
}


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """The lines of one ``inspect`` over a file for each sentence."""
    folder = tmp_path_factory.mktemp("sentences")
    grow(folder / "root", {f"{n}.txt": sentence + "\n" for n, sentence in enumerate(SENTENCES)})
    home = Home(folder / "home")
    home.path.mkdir()
    done = home.run("inspect", folder / "root", "--json", "--blocks")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("n", range(len(SENTENCES)), ids=list(SENTENCES))
def test_a_sentence_gives_its_item(inspected: list[dict[str, object]], n: int) -> None:
    mine = [line for line in inspected if Path(str(line["path"])).stem == str(n)]
    found = {(line["entity"], line["value"]) for line in mine if line["type"] == "match"}
    assert list(SENTENCES.values())[n] in found


def test_every_match_points_at_its_own_text(inspected: list[dict[str, object]]) -> None:
    blocks = {(line["path"], line["index"]): str(line["text"]) for line in inspected if line["type"] == "block"}
    matches = [line for line in inspected if line["type"] == "match"]
    assert matches
    for line in matches:
        assert blocks[line["path"], line["block"]][line["start"] : line["end"]] == line["value"]  # type: ignore[misc]


def test_every_input_gives_one_document_line(inspected: list[dict[str, object]]) -> None:
    documents = [line["path"] for line in inspected if line["type"] == "document"]
    assert len(documents) == len(set(documents)) == len(SENTENCES)


def test_a_privacy_policy_is_clean(shared: Path, home: Home) -> None:
    done = home.scan(shared / "domain" / "privacy-policy.txt")
    assert done.returncode == 0
    (row,) = home.table("files.csv")
    assert row["status"] == "read"
    assert row["persons_upper"] in {"", "0"}
    assert not row["categories"]
    lines = home.run("inspect", shared / "domain" / "privacy-policy.txt", "--json").stdout.splitlines()
    (document,) = (d for d in map(json.loads, lines) if d["type"] == "document")
    assert document["special_care"] == [] and document["persons"] == [0, 0]


def test_nothing_found_promises_no_more_than_it_can(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.txt": "会議室の予約を確認しました。\n"})
    done = home.run("scan", root, "--out", home.out, "--ledger", home.ledger)
    assert "保証するものではありません" in done.stdout
