"""inspect and show with the real workers: values point into the text they were cut from."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command import ROOT, Home
from tests.tree import grow

MAIL = """From: a@example.jp
To: b@example.jp
Subject: =?utf-8?B?6YCj57Wh?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

お世話になっております。
--x
Content-Type: text/csv; charset=utf-8
Content-Disposition: attachment; filename="list.csv"

氏名,電話番号
染谷 和夫,090-2143-7765
--x--
"""
FORM = "氏名：染谷 和夫\n電話：０９０－２１４３－７７６５\n傷病名：肺炎\n既往歴：なし\n"


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    base = tmp_path_factory.mktemp("inspect")
    root = grow(base / "root", {"form.txt": FORM, "mail.eml": MAIL, "cut.docx": b"PK\x03\x04broken", "none.txt": "特になし\n"})
    home = Home(base / "home")
    home.path.mkdir()
    return root, home.run("inspect", root, "--json", "--blocks")


def test_each_document_has_one_line_and_the_status_says_incomplete(
    inspected: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, done = inspected
    documents = {Path(r["path"]).name: r for r in lines(done) if r["type"] == "document"}
    assert sorted(documents) == sorted(p.name for p in root.iterdir())
    assert done.returncode == 3, done.stderr
    assert documents["cut.docx"]["status"] == "unreadable"
    assert documents["cut.docx"]["problems"][0]["code"] == "corrupt"
    assert documents["form.txt"]["special_care"] == ["medical_history"]
    assert documents["form.txt"]["verdict"] == "not_judged"
    assert documents["form.txt"]["encoding"].replace("-", "") == "utf8"
    assert "個人情報" in done.stderr


def test_values_are_the_text_they_point_at(inspected: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = inspected
    records = lines(done)
    blocks = {(r["path"], r["inside"], r["index"]): r["text"] for r in records if r["type"] == "block"}
    matches = [r for r in records if r["type"] == "match"]
    for m in matches:
        assert blocks[m["path"], m["inside"], m["block"]][m["start"] : m["end"]] == m["value"]
        assert m["evidence"] not in ("mention", "label_only", "negated")
        assert m["anchor"]["kind"]
    found = {(Path(m["path"]).name, m["inside"], m["entity"], m["value"]) for m in matches}
    assert ("form.txt", None, "phone_number", "０９０－２１４３－７７６５") in found
    assert ("form.txt", None, "person_name", "染谷 和夫") in found
    assert ("form.txt", None, "health_condition", "肺炎") in found
    assert ("mail.eml", "list.csv", "person_name", "染谷 和夫") in found


def test_show_prints_the_passage_to_a_terminal_only(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"form.txt": FORM})
    assert home.scan(root).returncode == 0
    finding = next(r["finding_id"] for r in home.table("findings.csv") if r["entity"] == "phone_number")
    refused = home.run("show", finding, "--ledger", home.ledger)
    assert (refused.returncode, "０９０" in refused.stdout) == (2, False)
    shown = home.run("show", finding[:12], "--force", "--ledger", home.ledger)
    assert shown.returncode == 0, shown.stderr
    assert "【０９０－２１４３－７７６５】" in shown.stdout
    (root / "form.txt").write_text("特になし\n", encoding="utf-8")
    assert home.run("show", finding, "--force", "--ledger", home.ledger).returncode == 3


def test_explain_names_no_value(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"form.txt": FORM})
    done = home.run("explain", root / "form.txt", "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert "病歴" in done.stdout
    assert "直接識別" in done.stdout
    for value in ("染谷", "090", "０９０", "肺炎"):
        assert value not in done.stdout


def test_explain_says_what_was_denied_and_what_would_change_it(tmp_path: Path, home: Home) -> None:
    text = "氏名：染谷 和夫\n傷病名：肺炎\n糖尿病：なし\n賞罰：前科なし\n"
    text += "障害者手帳をお持ちの方はお申し出ください\n"
    root = grow(tmp_path / "root", {"form.txt": text})
    done = home.run("explain", root / "form.txt", "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert "■ 病歴: 該当しうる" in done.stdout
    assert "否定記載" in done.stdout
    assert "□ 心身の機能の障害: 該当としない" in done.stdout
    assert "■ 犯罪の経歴" not in done.stdout
    for words in ("2行", "対象者: 本人", "根拠:", "規則:", "変わります"):
        assert words in done.stdout
    english = home.run("explain", root / "form.txt", "--lang", "en").stdout
    assert "not given" in english
    assert "would change it" in english


def test_a_policy_s_own_identifiers_are_looked_for(tmp_path: Path, home: Home) -> None:
    root = grow(tmp_path / "root", {"a.txt": "請求受付番号：C2026-000412 を確認しました。\n"})
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'organization = "〇〇"\nversion = "1"\n[custom_identifiers.claim_number]\n'
        'label = "請求受付番号"\nregex = "C20[0-9]{2}-[0-9]{6}"\n',
        encoding="utf-8",
    )
    for arguments in (("inspect", root, "--policy", policy), ("inspect", root)):
        values = [r["value"] for r in lines(home.run(*arguments)) if r["type"] == "match"]
        assert ("C2026-000412" in values) == ("--policy" in arguments)


def test_what_the_simplified_check_says_is_marked_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "share" / "a.txt"
    file.parent.mkdir()
    file.write_text("氏名：佐々木良子\n病名：うつ病\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    home = Home(tmp_path / "home")
    policy, target = ROOT / "examples" / "policy.toml", ROOT / "examples" / "share" / "公開"
    gate = home.run("gate", file, "--to", target, "--policy", policy, "--profile", "fast", "--lang", "ja")
    said = home.run("explain", str(file), "--profile", "fast", "--lang", "ja")
    home.run("scan", str(file.parent), "--profile", "fast", "--lang", "ja", "--out", str(tmp_path / "out"))
    for text in (gate.stdout, said.stdout, (tmp_path / "out" / "findings.csv").read_text("utf-8-sig")):
        assert "簡易検査" in text


def test_the_gate_says_in_few_words_why_it_holds(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    home = Home(tmp_path / "home")
    share = ROOT / "examples" / "share"
    memo, policy = share / "営業推進部" / "給付事例_打合せメモ.txt", ROOT / "examples" / "policy.toml"
    answer = home.run("gate", memo, "--to", share / "公開", "--policy", policy, "--lang", "ja")
    assert answer.returncode == 3
    assert "要確認：" in answer.stdout and "正本の所在" not in answer.stdout and len(answer.stdout) < 300


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("scan", ".", "--bogus"), "知らないオプションです：--bogus"),
        (("scan",), "PATH… を指定してください"),
        (("scan", ".", "--profile", "zz"), "--profile の値が正しくありません（fast、standard、thorough"),
        (("gate", "x"), "--to を指定してください"),
        (("bogus",), "知らないコマンドです"),
    ],
)
def test_a_wrong_call_is_answered_in_japanese(tmp_path: Path, call: tuple[str, ...], said: str) -> None:
    answer = Home(tmp_path).run(*call)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said in answer.stderr and "Error" not in answer.stderr
