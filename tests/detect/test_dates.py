"""Dates of birth in every writing, and the dates that are none."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from scanner.detect.dateforms import in_label, written

from .finding import in_pairs, in_table, in_text

WRITTEN = [
    "昭和60年3月4日",
    "昭和 60年 3月 4日",
    "昭和元年12月26日",
    "平成元年5月23日",
    "令和元年５月１日",
    "大正15年1月2日",
    "昭和六十年三月四日",
    "令和三年十二月三十一日",
    "S60.3.4",
    "S60/3/4",
    "Ｓ６０．３．４",
    "s60-03-04",
    "H31.4.17",
    "R1.5.1",
    "T14.2.3",
    "昭60-03-04",
    "昭60.3.4",
    "平3.8.19",
    "平成3.8.19",
    "1985年3月4日",
    "西暦1985年3月4日",
    "一九八五年三月四日",
    "1985/03/04",
    "1985-3-4",
    "1985.3.4",
    "１９８５／３／４",
    "19850304",
    "1985(昭和60)年3月4日",
    "1989(平成元)年5月23日",
    "昭和60年(1985年)3月4日",
    "04-Mar-1958",
    "4 March 1958",
    "March 4, 1958",
    "Mar 4 1958",
    "S600304",
]


@pytest.mark.parametrize("date", WRITTEN)
def test_every_writing_behind_a_label(date: str) -> None:
    assert in_text(f"生年月日：{date}") == [("birth_date", date)]


@pytest.mark.parametrize("date", [d for d in WRITTEN if d != "19850304"])
def test_every_writing_in_a_sentence(date: str) -> None:
    assert in_text(f"山田花子さん（{date}生）は") == [("birth_date", date)]
    assert in_text(f"本人は{date}生まれです。") == [("birth_date", date)]


LABELLED = [
    "3600304",
    "3-60-03-04",
    "60.3.4",
    "60年3月4日",
    "1985 03 04",
    "S60 3 4",
    "04/03/1985",
    "03/14/1985",
    "3月4日",
    "1985年3月",
    "昭和60年3月",
    "1985年",
    "昭和60年",
]


@pytest.mark.parametrize("date", LABELLED)
def test_writings_that_only_a_label_makes_a_date(date: str) -> None:
    assert in_text(f"生年月日：{date}") == [("birth_date", date)]
    assert in_text(f"期日 {date} まで") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("生年月日：昭和46年11月3日（52歳）", "昭和46年11月3日"),
        ("生年月日　明・大・昭・平・令　昭和28年6月17日", "昭和28年6月17日"),
        ("生年月日　Ｔ・Ｓ・Ｈ　28年6月17日", "28年6月17日"),
        ("生年月日：1985/03/04 00:00:00", "1985/03/04"),
        ("生年月日：平成 9年 5月 20日生 (満 27歳)", "平成 9年 5月 20日"),
        ("誕生日は1990年1月9日です", "1990年1月9日"),
        ("DOB: 1971-09-18", "1971-09-18"),
        ("Date of Birth 04-Mar-1958", "04-Mar-1958"),
        ("born on March 4, 1958 in Kyoto", "March 4, 1958"),
        ("birth=19840229, tel=x", "19840229"),
        ("纐纈 修一 殿 S38.9.2生 Mタイプ", "S38.9.2"),
        ("薬袋 誠 殿 S29.1.6 満期更新", "S29.1.6"),
        ("金城カマド(昭和7年8月15日 (91歳))", "昭和7年8月15日"),
        ("生年月日\n昭和60年3月4日", "昭和60年3月4日"),
        ("1985年3月4日(月)生", "1985年3月4日"),
    ],
)
def test_where_a_date_of_birth_stands(text: str, date: str) -> None:
    assert ("birth_date", date) in in_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "契約日 昭和60年3月4日",
        "令和6年9月17日 受付",
        "2024年11月18日生産分",
        "2024年11月18日生放送",
        "昭和60年3月4日生命保険に加入",
        "平成12年4月1日生じた損害",
        "1985年3月4日開校。創立記念日",
        "賞味期限 2025.3.4 生ハム",
        "2024/11/05 生徒会",
        "様式第3号（平成30年4月1日改正）",
        "楠瀬様 R6.9.17 受付",
        "山田様へ 2024年9月19日 架電",
        "生年月日：令和60年3月4日",
        "生年月日：1985年13月4日",
        "生年月日：2月30日",
        "生年月日をご記入ください",
        "生年月日：　　年　　月　　日",
        "誕生日プレゼント 2024/12/24発送",
        "生年月日欄 記入例を参照 受付日：2024年1月5日",
        "3600304",
        "birth certificate issued 2020",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    assert in_text(text) == []


def test_columns_and_pairs() -> None:
    table = in_table(
        ("氏名", "生年月日", "契約日"), ("甲", "S60.4.4", "S61.4.4"), ("乙", "19850304", "20240101"), ("丙", "不明", "2024/1/1")
    )
    assert table == [("birth_date", "S60.4.4"), ("birth_date", "19850304")]
    assert in_table(
        ("SURNAME", "DATE OF BIRTH", "旅券期限"), ("A", "04-Mar-1958", "19-Jun-2029"), ("B", "1971-09-18", "2029-06-19")
    ) == [
        ("birth_date", "04-Mar-1958"),
        ("birth_date", "1971-09-18"),
    ]
    assert in_pairs(("members[0].birthday", "1993/02/07"), ("updated", "2024-11-01")) == [("birth_date", "1993/02/07")]


def test_implausible_years() -> None:
    assert in_label("2199/01/01") is None
    assert in_label("1801/01/01") is None
    assert in_label("昭和70年1月1日") is None
    assert in_label("平成0年1月1日") is None
    assert written("昭和64年1月7日 昭和65年1月7日")[0][:2] == (0, 9)
    assert len(written("昭和64年1月7日 昭和65年1月7日")) == 1


def test_time_on_hostile_text() -> None:
    for piece in ("昭", "昭和60年3月", "1985/", "1985年", "生", "19850304", "(昭和", "Mar ", "様S", "生年月日", "1985(昭和60"):
        begun = time.perf_counter()
        in_text(piece * (60_000 // len(piece)))
        assert time.perf_counter() - begun < 3.0, piece


OTHER_DATES = Path(__file__).parents[3] / "shared" / "data" / "ner" / "non_dob_dates.jsonl"


@pytest.mark.skipif(not OTHER_DATES.exists(), reason="open data not present")
def test_nearly_no_other_date_in_open_text() -> None:
    texts = [json.loads(line)["text"] for line in OTHER_DATES.read_text(encoding="utf-8").splitlines()]
    found = sum(1 for text in texts for entity, _ in in_text(text) if entity == "birth_date")
    assert found <= len(texts) * 0.005
