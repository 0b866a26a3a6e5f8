"""A whole run with a work that believes what documents say of themselves: counts, reports, exit status, refusals."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanner.contracts import Work
from scanner.model import Document, Outcome
from scanner.refusal import Refused
from scanner.report.summary import lines
from scanner.run import Ended, Progress, Run
from scanner.settings import Settings, load_policy
from tests import fakes
from tests.command import rows
from tests.tree import grow

CARE = {**fakes.CARE, "confidence": 0.95}
POLICY = """
organization = "〇〇"
version = "3"
[[locations]]
id = "ok"
path = "root/ok/**"
classes = ["layer:special_care_required", "layer:personal_information"]
[[accepted_unexamined]]
path = "root/known/**"
owner = "総務"
until = 2999-01-01
reason = "旧システムの控え"
[[accepted_unexamined]]
path = "root/past/**"
owner = "経理"
until = 2001-01-01
"""

# interfaces.md 4, as pinned
FINDINGS = (
    "判定 重要度 指摘種別 分類 検出項目 根拠水準 法的確度 確信度 件数 本人数下限 本人数上限 対象者区分 伏字表示"
    " 位置 パス 格納経路 管理単位 管理部署 判定理由 適用条項 検出規則 差分 初回検出日 確認結果 確認理由 担当 期限"
    " 指摘ID 文書ID 実行ID"
)
FILES = (
    "判定 検査状態 未検査理由 対処 重要度 分類 最高根拠水準 本人数下限 本人数上限 データ性質 パス 管理単位 管理部署"
    " 管理責任者 所有者 公開範囲 サイズ 更新日時 文中最新日 複製群 形式 文字コード 適用条項 プロファイル 方針版 規則版"
    " 検査日時 文書ID 実行ID"
)


def told(**values: Any) -> str:
    return json.dumps(values)


def scan(tmp_path: Path, *, policy: str = "", progress: Progress | None = None, **options: Any) -> Ended:
    settings = {"engine": "serial", "lang": "en", "out": str(tmp_path / "out"), "state_dir": str(tmp_path / "state"), **options}
    chosen = None
    if policy:
        (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
        chosen = load_policy(tmp_path / "policy.toml", lang="en")
    return Run(Settings(**settings), [tmp_path / "root"], policy=chosen, progress=progress, make=fakes.make).scan()


def summary(tmp_path: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    return record


@pytest.mark.parametrize(
    ("tree", "options", "status"),
    [
        ({"ok": {"a": told(findings=[CARE])}}, {}, 0),
        ({"a": told(findings=[CARE])}, {}, 1),
        ({"a": told(problems=["encrypted"])}, {}, 3),
        ({"a": told(findings=[{}], problems=["corrupt"])}, {}, 3),
        ({"a": told(problems=["encrypted"]), "b": told(findings=[CARE])}, {}, 4),
        ({"a": told(problems=["encoding-doubt"])}, {}, 0),
        ({"known": {"a": told(problems=["encrypted"])}}, {}, 0),
        ({"known": {"a": told(problems=["encrypted"])}}, {"fail_on_incomplete": True}, 3),
        ({"known": {"a": told(problems=["encrypted"])}, "b": told(problems=["encrypted"])}, {}, 3),
        ({"past": {"a": told(problems=["encrypted"])}}, {}, 3),
    ],
)
def test_the_exit_status(tmp_path: Path, tree: dict[str, Any], options: dict[str, Any], status: int) -> None:
    grow(tmp_path / "root", tree)
    assert scan(tmp_path, policy=POLICY, **options).status == status
    assert summary(tmp_path)["exit_code"] == status


def test_the_account_of_what_was_not_examined(tmp_path: Path) -> None:
    locked = told(problems=["encrypted"])
    grow(tmp_path / "root", {"known": {"a": locked}, "past": {"b": locked}, "c": locked, "d": told(problems=["corrupt"])})
    ended = scan(tmp_path, policy=POLICY)
    record = summary(tmp_path)
    assert record["coverage"]["unexamined"] == 4
    assert (record["coverage"]["newly_unexamined"], record["coverage"]["acceptance_expired"]) == (3, 1)
    account = record["unexamined"]["encrypted"]
    assert (account["count"], account["accepted"], account["bytes"]) == (3, 1, 3 * len(locked))
    assert account["remedy_ja"] and account["remedy_en"]
    told_of = {Path(row["path"]).name: row["remedy"] for row in rows(tmp_path / "out" / "files.csv")}
    assert told_of["a"].startswith("Accepted as unexamined (総務, until 2999-01-01: 旧システムの控え). ")
    assert told_of["b"].startswith("Acceptance as unexamined has expired (経理, until 2001-01-01). ")
    assert "ccept" not in told_of["c"]
    assert ended.tally is not None
    for lang, words in (("ja", "承知済み1"), ("en", "accepted 1")):
        said = "\n".join(lines(ended.tally, replace(ended.about, lang=lang), [], ended.status))
        assert words in said and f"{3 * len(locked):,}" in said


def test_counts_reconcile_everywhere(tmp_path: Path) -> None:
    root = grow(
        tmp_path / "root",
        {
            "read": told(findings=[{}]),
            "partial": told(findings=[{}], problems=["timeout"]),
            "unreadable": told(problems=["corrupt"]),
            "sub": {"read2": "", "members": told(members={"b.docx": {"findings": [CARE]}})},
        },
    )
    (root / "link").symlink_to(root / "read")
    ended = scan(tmp_path)
    record = summary(tmp_path)
    table = rows(tmp_path / "out" / "files.csv")
    assert record["documents"] == {"read": 3, "partial": 1, "unreadable": 1, "excluded": 1, "unchanged": 0}
    assert record["coverage"]["walked"] == len(table) == 6
    assert ended.status == 3
    assert record["unexamined"]["corrupt"]["count"] == 1
    by_name = {Path(row["path"]).name: row for row in table}
    assert by_name["unreadable"]["not_examined"] == "corrupt"
    assert by_name["unreadable"]["remedy"]
    assert by_name["link"]["status"] == "excluded"
    inside = [row for row in rows(tmp_path / "out" / "findings.csv") if row["container"]]
    assert [(row["container"], row["category"]) for row in inside] == [("members!b.docx", "medical_history")]


def test_two_runs_give_equal_reports_but_for_ids_and_dates(tmp_path: Path) -> None:
    tree = {f"{n}.txt": told(findings=[{}, CARE], n=n) for n in range(5)} | {"x": told(problems=["encrypted"])}
    reports = []
    for name in ("one", "two"):
        home = tmp_path / name
        grow(home / "root", tree)
        (home / "state").mkdir(mode=0o700)
        (home / "state" / "key").write_bytes(b"k" * 32)
        (home / "state" / "key").chmod(0o600)
        scan(home, policy=POLICY)
        dropped = {"run_id", "first_seen", "examined_at", "modified", "path"}
        tables = [rows(home / "out" / file) for file in ("findings.csv", "files.csv")]
        run = {k: v for k, v in summary(home).items() if k not in ("run_id", "started", "roots")}
        reports.append(([[{k: v for k, v in row.items() if k not in dropped} for row in t] for t in tables], run))
    assert reports[0] == reports[1]
    assert len(reports[0][0][0]) == 10


def test_a_second_run_reads_nothing_again_and_reports_the_same_findings(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"a": told(findings=[CARE]), "b": told(problems=["encrypted"]), "c": told(problems=["timeout"])})

    class Count(Progress):
        def __init__(self) -> None:
            self.names: list[str] = []

        def done(self, outcome: Outcome) -> None:
            self.names.append(Path(outcome.document.uri).name)

    first, second = Count(), Count()
    scan(tmp_path, progress=first)
    before = rows(tmp_path / "out" / "findings.csv")
    scan(tmp_path, progress=second)
    after = rows(tmp_path / "out" / "findings.csv")
    assert (sorted(first.names), second.names) == (["a", "b", "c"], ["c"])
    assert [row["delta"] for row in before] == ["new"]
    assert [row["delta"] for row in after] == ["known"]
    assert before[0]["finding_id"] == after[0]["finding_id"]
    files = {Path(row["path"]).name: row for row in rows(tmp_path / "out" / "files.csv")}
    assert files["b"]["status"] == "unchanged"
    assert files["b"]["not_examined"] == "encrypted"
    assert summary(tmp_path)["findings"] == {"new": 0, "known": 1, "resolved": 0}


@pytest.mark.parametrize(("name", "inner"), [("out", "reports"), ("ledger", "ledger.sqlite"), ("state_dir", "state")])
def test_nothing_is_written_into_a_scanned_place(tmp_path: Path, name: str, inner: str) -> None:
    root = grow(tmp_path / "root", {"a": ""})
    (tmp_path / "door").symlink_to(root)
    for place in (root / inner, tmp_path / "door" / inner, root):
        with pytest.raises(Refused, match="outside"):
            scan(tmp_path, **{name: str(place)})
    assert [p.name for p in root.iterdir()] == ["a"]


def test_a_missing_root_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="root"):
        scan(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_limit_and_random_draw_repeat(tmp_path: Path) -> None:
    grow(tmp_path / "root", {f"{n:03d}": told(n=n) for n in range(60)})

    def names(**options: Any) -> list[str]:
        scan(tmp_path, ledger=str(tmp_path / f"l{len(list(tmp_path.iterdir()))}"), **options)
        return [Path(row["path"]).name for row in rows(tmp_path / "out" / "files.csv")]

    assert names(limit=7) == [f"{n:03d}" for n in range(7)]
    drawn = names(limit=7, random=True)
    assert len(set(drawn)) == 7
    assert drawn != [f"{n:03d}" for n in range(7)]
    assert names(limit=7, random=True) == drawn
    assert len(names(limit=100, random=True)) == 60


def test_an_engine_that_loses_a_document_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless:
        def map(self, make: Callable[[], Work], documents: Iterable[Document]) -> Iterator[Outcome]:
            work = make()
            for document in list(documents)[1:]:
                yield work(document)

    grow(tmp_path / "root", {"a": "", "b": ""})
    monkeypatch.setattr("scanner.run.choose_engine", lambda _: Careless())
    with pytest.raises(Refused, match="do not agree"):
        scan(tmp_path)


def test_reports_are_their_owner_s_alone(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"a": told(findings=[CARE])})
    scan(tmp_path)
    for path in (tmp_path / "out").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_masked_paths_show_no_name(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"佐藤みなみ": {"診断書_佐藤みなみ.txt": told(findings=[CARE | {"place": "佐藤みなみ様!B3"}])}})
    scan(tmp_path, mask_paths=True)
    for file in (tmp_path / "out").iterdir():
        assert "佐藤" not in file.read_text(encoding="utf-8-sig")
    assert [row["place"] for row in rows(tmp_path / "out" / "findings.csv")] == ["佐●!B3"]


@pytest.mark.skipif(not hasattr(os, "fsencode") or os.name != "posix", reason="POSIX names")
def test_names_that_are_no_text_and_names_that_bite(tmp_path: Path) -> None:
    root = grow(tmp_path / "root", {"=cmd|x": "", "a\nb,\"c'": ""})
    (Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe.txt"))).write_text("")
    scan(tmp_path)
    table = rows(tmp_path / "out" / "files.csv")
    assert len(table) == 3
    assert {Path(row["path"]).name for row in table} == {"=cmd|x", "a\nb,\"c'", "\\udcff\\udcfe.txt"}


def test_the_csv_is_as_pinned(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"a": told(findings=[{"masked": "=1+1", "place": "＠x", "because": "-x", "rule": "ok"}])})
    scan(tmp_path, lang="ja")
    data = (tmp_path / "out" / "findings.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == ",".join(f'"{name}"' for name in FINDINGS.split(" "))
    assert lines[-1] == ""
    row = next(csv.DictReader([lines[0], lines[1]]))
    assert (row["伏字表示"], row["位置"], row["判定理由"], row["検出規則"]) == ("'=1+1", "'＠x", "'-x", "ok")
    assert (row["確信度"], row["分類"], row["判定"]) == ("高", "個人情報", "未判定")
    header = (tmp_path / "out" / "files.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == ",".join(f'"{name}"' for name in FILES.split(" "))


def test_fast_is_labelled_in_every_output(tmp_path: Path) -> None:

    grow(tmp_path / "root", {"a": ""})
    for lang in ("ja", "en"):
        ended = scan(tmp_path, lang=lang, profile="fast")
        assert ended.tally is not None
        said = "\n".join(lines(ended.tally, ended.about, ended.paths, ended.status))
        assert "簡易検査" in said
        assert "簡易検査" in summary(tmp_path)["profile_label"]
        assert "簡易検査" in (tmp_path / "out" / "files.csv").read_text(encoding="utf-8-sig")


def test_a_wrong_rule_file_is_named_with_its_reason(tmp_path: Path) -> None:
    grow(tmp_path / "root", {"a": ""})
    file = tmp_path / "own.toml"
    file.write_text('[[rule]]\nid = "own.x"\nentity = "policy_number"\ntitle = "x"\npattern = "["\n', encoding="utf-8")
    with pytest.raises(Refused, match=r"own\.toml.*own\.x"):
        scan(tmp_path, rules=(str(file),))
    with pytest.raises(Refused, match=r"gone\.toml"):
        scan(tmp_path, rules=(str(tmp_path / "gone.toml"),))
    assert not (tmp_path / "out").exists()
