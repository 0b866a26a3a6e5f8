"""The demo shows what it should: each verdict once, where a person would expect it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import ROOT, rows

EXPECTED = {
    "支払審査部/請求書/共済金請求書_C2026-000412.docx": "approved",
    "支払審査部/請求書/診断書_C2026-000412.pdf": "approved",
    "支払審査部/受信メール/請求の件.eml": "approved",
    "経理部/法定調書/扶養控除等申告書.xlsx": "approved",
    "人事部/社員名簿.csv": "approved",
    "人事部/定期健康診断結果_2026.csv": "approved",
    "営業推進部/見込客リスト.xlsx": "approved",
    "営業推進部/共済金請求書_C2026-000412 - コピー.docx": "action",
    "営業推進部/給付事例_打合せメモ.txt": "review",
    "営業推進部/商品説明会.pptx": "none_found",
    "総務部/個人情報の取扱い.txt": "none_found",
    "総務部/定例会議事録_0422.md": "approved",
    "総務部/役員連絡先_保護.xlsx": "undetermined",
    "総務部/見積依頼_破損.docx": "undetermined",
    "公開/がん検診のお知らせ.html": "none_found",
    "公開/医療共済パンフレット.pdf": "none_found",
    "公開/支払統計_2025.json": "none_found",
    "個人デスクトップ/鈴木/Downloads/健診結果_提出用.csv": "action",
    "個人デスクトップ/鈴木/Downloads/申告書の控え.xlsx": "action",
    "個人デスクトップ/鈴木/Downloads/買い物メモ.txt": "none_found",
}
VERDICTS = {"検出なし": "none_found", "承認範囲内": "approved", "要確認": "review", "要対応": "action", "判定不能": "undetermined"}


pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Demo:
    """What the demo printed and the verdict of each file."""

    done: subprocess.CompletedProcess[str]
    files: list[tuple[str, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo")
    done = subprocess.run([sys.executable, "examples/demo.py", out], cwd=ROOT, capture_output=True, text=True, check=False)
    share = ROOT / "examples" / "share"
    table = rows(out / "reports" / "files.csv")
    return Demo(done, [(Path(row["パス"]).relative_to(share).as_posix(), VERDICTS[row["判定"]]) for row in table])


def test_the_demo_succeeds_and_says_where_its_reports_are(demo: Demo) -> None:
    said = demo.done.stdout
    assert demo.done.returncode == 0, said[-3000:] + demo.done.stderr[-2000:]
    assert ": 4（" in said and "findings.csv" in said and "files.csv" in said and "missing" not in said


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_gets_the_verdict_that_a_person_expects(demo: Demo, name: str) -> None:
    assert dict(demo.files)[name] == EXPECTED[name]


def test_every_file_is_listed_once(demo: Demo) -> None:
    assert sorted(name for name, _ in demo.files) == sorted(EXPECTED)
