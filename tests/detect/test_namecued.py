"""Names no gazetteer knows, announced by a cue, an honorific or a title; and words at the same cues that are none."""

from __future__ import annotations

import pytest

from tests.detect.reading import found, names, table_blocks, text_blocks

CUED = [
    ("※この書類は神楽沢 琉愛音本人が窓口へ持参した。", ["神楽沢 琉愛音"]),
    ("面談記録 対象者はきぬがさね もえか。家族は母。", ["きぬがさね もえか"]),
    ("住民代表としてアヌシュカ・ラオがあいさつした。", ["アヌシュカ・ラオ"]),
    ("総務部のメイリン・チョウです。", ["メイリン・チョウ"]),
    ("・ミナヅキ ソラオ（事務局）", ["ミナヅキ ソラオ"]),
    ("09:15 ペドロ・アギーレ：了解です", ["ペドロ・アギーレ"]),
    ("2024-03-01 10:02:44 INFO user=ﾐﾅｾｶｵﾙ action=login", ["ﾐﾅｾｶｵﾙ"]),
    ("　　　　　　中央支部　霞ヶ瀬 みのり　印", ["霞ヶ瀬 みのり"]),
    ("このたび、ノア・ベルナールが3月末で退職いたします。", ["ノア・ベルナール"]),
    ("講師に 水 上  光 氏をお招きした。", ["水 上  光"]),
    ("Dear Renzo Kagamine,", ["Renzo Kagamine"]),
    ("11234567 0001 ﾐｻｷﾊﾗ ﾄｼｺ       00004150", ["ﾐｻｷﾊﾗ ﾄｼｺ"]),
]


@pytest.mark.parametrize(("line", "expected"), CUED)
def test_a_cue_suffices_without_a_gazetteer(line: str, expected: list[str]) -> None:
    assert found(names(), text_blocks(line)) == expected


HONOURED = [
    ("本日、アルジュン　シャルマ様より電話。", ["アルジュン　シャルマ"]),
    ("自転車に乗っていたサリナ タパさんがけがをした。", ["サリナ タパ"]),
    ("青木様　鷺沼井様　お二人とも会場へ。", ["青木", "鷺沼井"]),
    ("お疲れさまです。萩ノ井さんから電話。", ["萩ノ井"]),
    ("Cc: 鶴ノ原主任", ["鶴ノ原"]),
    ("小林監督のもと、練習した。", ["小林"]),
    ("上田議員は道路を取り上げた。", ["上田"]),
]


@pytest.mark.parametrize(("line", "expected"), HONOURED)
def test_honorifics_and_titles_take_the_whole_name(line: str, expected: list[str]) -> None:
    assert found(names(), text_blocks(line)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "最大の高さま",
        "後任につきましては改めてご案内します。",
        "対象者は従業員、パートです。",
        "営業部の担当です。",
        "総務課の業務です。",
        "・経費精算（総務部）",
        "09:15 受付：開始",
        "user=admin action=login",
        "このたび、弊社が移転いたします。",
        "カスタマーサポート 様",
        "集合は駅の前でいいですか",
        "営業部長は欠席、総合企画部長が代わる。",
        "前会長と各委員が出席した。",
        "Minami Denshi Co., Ltd. opened.",
        "11234567 0001 ﾃﾞﾝｷﾀﾞｲ       00004150",
    ],
)
def test_ordinary_words_at_a_cue_are_no_names(line: str) -> None:
    assert found(names(), text_blocks(line)) == []


def test_totals_and_departments_in_columns_of_names_are_no_names() -> None:
    rows = [["番号", "姓", "名"], ["1", "嘉納", "典子"], ["2", "髙山", "弥一"], ["", "倉庫 小計", "2名"], ["", "合　計", "2名"]]
    assert found(names(), table_blocks(rows), "person_name") == ["嘉納", "典子", "髙山", "弥一"]
    rows = [["時刻", "対応", "担当"], ["03:30", "一次切り分け", "運用"], ["05:40", "パッチを適用", "開発"]]
    assert found(names(), table_blocks(rows), "person_name") == []


def test_a_cell_that_ends_in_a_title_is_read_in_any_column() -> None:
    rows = [["会社", "窓口", "場所"], ["前田道路", "武田課長代理", "大阪"], ["丸井電機", "営業部長", "神戸"]]
    assert found(names(), table_blocks(rows), "person_name") == ["武田"]
