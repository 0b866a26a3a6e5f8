"""Values of documents never leave the worker: not into the ledger, reports, logs, messages or temp files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks import goldset
from examples.writers import workbook
from tests.command import ROOT, Home
from tests.leaks import folded, traces
from tests.tree import grow

POLICY = ROOT / "examples" / "policy.toml"
CANARIES = [
    "鶴ヶ谷ののか",
    "090-8417-2265",
    "nonoka.t8841@example.jp",
    "123456789018",
    "4111111111111111",
    "多発性骨髄腫",
    "長野県松本市大手三丁目8番13号",
]
FORM = """氏名：鶴ヶ谷ののか
住所：長野県松本市大手三丁目8番13号
電話：０９０－８４１７－２２６５
メール：nonoka.t8841@example.jp
個人番号：1234 5678 9018
カード番号：4111-1111-1111-1111
傷病名：多発性骨髄腫
"""
OF_THE_RUN = {"run_id", "path", "first_seen"}


def spread(home: Home, root: Path, *options: str) -> list[str]:
    """Scan, judge and report in every way there is; what was printed."""
    said = []
    for arguments in (
        ("scan", root, "--out", home.out, "--ledger", home.ledger, "--policy", POLICY, *options),
        ("judge", "--ledger", home.ledger, "--policy", POLICY),
        ("report", "--ledger", home.ledger, "--out", home.path / "again"),
    ):
        done = home.run(*arguments)
        said += [done.stdout, done.stderr]
    return said


def test_canaries_stay_in_their_documents(tmp_path: Path, home: Home) -> None:
    table = "氏名,電話番号,傷病名\n鶴ヶ谷ののか,090-8417-2265,多発性骨髄腫\n"
    root = grow(tmp_path / "root", {"form.txt": FORM, "table.csv": table, "form.html": f"<p>{FORM}</p>", "cells": {"a.csv": table}})
    said = spread(home, root, "--detail", "cells")
    assert len(home_rows(home)) >= 6, "the canaries were found at all"
    assert not traces(home.path, CANARIES, more=said)


def home_rows(home: Home) -> list[str]:
    """The lines of findings.csv."""
    return (home.out / "findings.csv").read_text(encoding="utf-8-sig").splitlines()


def test_canaries_stay_even_where_readers_fail(tmp_path: Path, home: Home) -> None:
    """Parsers like to quote what they choke on."""
    root = grow(
        tmp_path / "root",
        {
            "cut.json": '{"氏名": "鶴ヶ谷ののか", "電話": "090-8417-2265',
            "bad.html": "<table><tr><td " + "鶴ヶ谷ののか='多発性骨髄腫' " * 400,
            "bad.eml": "From: =?utf-8?B?6ba044O26LC344Gu44Gu44GL?= <nonoka.t8841@example.jp\nContent-Type: multipart/x\n\n--\n",
            "bad.csv": '"鶴ヶ谷ののか\n' + "090-8417-2265," * 200_000,
            "bad.xlsx": b"PK\x03\x04" + "鶴ヶ谷ののか".encode() * 100,
            "bad.pdf": b"%PDF-1.7\n1 0 obj\n(" + "鶴ヶ谷ののか".encode("utf-16-be") + b")\nstream\n",
            "bad.sql": "INSERT INTO t VALUES ('鶴ヶ谷ののか', '090-8417-2265" + "x" * 100_000,
        },
    )
    said = spread(home, root)
    assert not any("Traceback" in text for text in said)
    assert not traces(home.path, CANARIES, more=said)


def test_what_stands_where_labels_and_posts_do_stays_too(tmp_path: Path, home: Home) -> None:
    """Reasons quote the words of the shipped lists alone, whatever else stands in a header, a heading, brackets or a key."""
    name, illness = "鶴ヶ谷ののか", "多発性骨髄腫"
    heads = ["氏名", f"血糖({name})", f"{name}の検査結果", f"HbA1c（{name}）", f"高血圧({name})", illness, f"{name}の続柄"]
    rows = [["浜野 繁", "126", "要再検査", "9.1", "○", "○", "妻"], [name, "99", "異常なし", "7.2", "有", "○", "本人"]]
    keys = {name: {"傷病名": illness}, f"{name}の主治医": "浜野 繁", "患者": {name: {"氏名": name, "既往歴": illness}}}
    prose = f"■{name}\n主治医浜野（{name}）\n浜野課長（{name}の上司） 患者の{name}さんは{illness}で入院。\n【{name}の既往歴】あり\n"
    root = grow(
        tmp_path / "root",
        {
            "a.csv": "\n".join(",".join(row) for row in (heads, *rows)),
            "b.xlsx": workbook({"名簿": [heads, *rows]}),
            "c.html": f"<h1>{name}</h1><table><tr><th>氏名</th><th>{illness}</th></tr><tr><td>浜野 繁</td><td>○</td></tr></table>",
            "d.json": json.dumps(keys, ensure_ascii=False),
            "e.txt": prose,
        },
    )
    said = spread(home, root, "--profile", "fast")
    for file in root.iterdir():
        said += [home.run("explain", file, "--profile", "fast", "--lang", lang).stdout for lang in ("ja", "en")]
    assert {"column.answer", "column.exam_result"} <= {row["検出規則"] for row in home.table("findings.csv")}
    assert not traces(home.path, CANARIES, more=said)


@pytest.mark.slow
def test_no_gold_value_is_kept(tmp_path: Path, home: Home) -> None:
    root = tmp_path / "root"
    root.mkdir()
    sources = goldset.sources()
    goldset.render(sources, root)
    values = {s.text: g.id for g in map(goldset.read, sources) for s in g.spans if len(folded(s.text)) >= 5}
    empty = Home(tmp_path / "empty")
    empty.path.mkdir()
    blank = grow(tmp_path / "blank", {"a.txt": "特になし\n"})
    known = spread(empty, blank) + [p.read_text(encoding="utf-8-sig") for p in empty.out.glob("*.csv")]
    known += [(ROOT / "patterns" / name).read_text(encoding="utf-8") for name in ("entities.toml", "categories.toml")]
    known += [POLICY.read_text(encoding="utf-8"), *(p.name for p in root.iterdir())]
    said = spread(home, root, "--profile", "fast", "--jobs", "2")
    assert len(home_rows(home)) > 200
    leaked = traces(home.path, values, more=said, known="\n".join(known))
    assert len(leaked) == 0, f"values of {sorted({values[v] for v in leaked})}"


def test_files_that_differ_in_a_my_number_alone_give_equal_rows(tmp_path: Path) -> None:
    rows = []
    for number in ("123456789018", "111111111118"):
        home = Home(tmp_path / number)
        home.path.mkdir()
        (home.path / "key").write_bytes(b"k" * 32)
        (home.path / "key").chmod(0o600)
        root = grow(tmp_path / f"root-{number}", {"form.txt": f"氏名：沼田 修\n個人番号：{number}\n"})
        home.scan(root)
        found = home.table("findings.csv")
        assert "my_number" in {row["entity"] for row in found}
        rows.append([{k: v for k, v in row.items() if k not in OF_THE_RUN} for row in found])
        assert all(re.fullmatch(r"[^0-9]*", row["masked"]) for row in found if row["entity"] == "my_number")
    assert rows[0] == rows[1]
