"""The gazetteers are what the manifest says and answer for single words."""

from __future__ import annotations

import sys
import unicodedata
from subprocess import run

import pytest

from scanner.detect import gazetteer
from scanner.text.view import fold
from tests.detect.reading import MODELS, ROOT


def test_files_match_the_manifest() -> None:
    run([sys.executable, "-m", "models.build", "--check"], check=True, cwd=ROOT)


def test_a_changed_file_is_noticed(tmp_path: pytest.TempPathFactory) -> None:
    from shutil import copytree

    copy = copytree(ROOT / "models", f"{tmp_path}/models")
    with open(f"{copy}/surnames.tsv", "a", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write("x\t1\t-\tx\n")
    done = run(
        [sys.executable, f"{copy}/build.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1 and "surnames.tsv" in done.stderr


def test_names() -> None:
    names = gazetteer.names(MODELS)
    assert names.surnames["佐藤"] == 6
    assert {"百目鬼", "月見里", "高橋", "浜田"} <= names.surnames.keys()  # folded: 髙 and 濱 are kept as 高 and 浜
    assert not {"髙橋", "濱田", "株式会社"} & names.surnames.keys()
    assert [names.split(w) for w in ("佐々木健一", "林健", "東京都庁")] == [3, 1, 0]
    assert [names.split(w) for w in ("音響", "常務", "川辺町", "山本南")] == [0, 0, 0, 2]  # words, and a town
    assert [names.split_kana(w) for w in ("ヤマダタロウ", "すずきはなこ", "メンテナンス")] == [3, 3, 0]
    assert [names.romaji_kind(w) for w in ("Hashimoto", "HASIMOTO", "Jun-ichiro", "Table")] == [1, 1, 2, 0]


def test_towns() -> None:
    towns = gazetteer.towns(MODELS)
    assert len(towns.prefectures) == 47
    assert towns.in_city("札幌市", gazetteer.town_key("旭ヶ丘3丁目")) == 3
    assert towns.in_city("野木町", "丸林381") == 2 and towns.in_city("下都賀郡野木町", "丸林381") == 2
    assert towns.in_city("新宿区", "丸林381") == 0
    assert towns.longest("六本木六丁目") == 3


def test_everything_is_kept_in_the_folded_form() -> None:
    """Whoever changes the fold builds the gazetteers anew."""
    for name in ("surnames.tsv", "given.tsv", "words.tsv", "vocabulary.txt", "foreign.txt", "towns.tsv"):
        text = (MODELS / name).read_text("utf-8")
        assert fold(unicodedata.normalize("NFKC", text)) == text, name
