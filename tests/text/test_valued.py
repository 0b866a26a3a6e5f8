"""Columns told by their values alone."""

from __future__ import annotations

import pytest

from scanner.text.labels import Label
from scanner.text.valued import Unnamed, judge

NAMES = ["山田 花子", "佐藤 一", "鈴木 ジロウ", "高橋 みどり"]
KANA = ["ヤマダ ハナコ", "サトウ ハジメ", "スズキ ジロウ", "タカハシ ミドリ"]
ADDRESSES = ["千葉県市原市五井1-2", "名古屋市緑区鳴海町9", "秋田市八橋3丁目", "大分市野田2-23"]
BIRTHS = ["19370107", "20020525", "19490120", "19740301"]


def judged(*columns: list[str], headers: tuple[str, ...] = (), known: dict[int, Label] | None = None) -> dict[int, str]:
    heads = dict(enumerate(headers, 1))
    unnamed = {n: Unnamed(heads.get(n, ""), values) for n, values in enumerate(columns, 1) if n not in (known or {})}
    return {n: label.entity for n, label in judge(unnamed, known or {}).items()}


@pytest.mark.parametrize(
    "births",
    [
        BIRTHS,
        ["1937-01-07", "2002/5/25", "昭和49年3月1日", "S52.5.16"],
        ["3120107", "4140525", "3240120", "3490301"],
        ["1937/1/7 0:00:00", "2002/5/25 0:00:00", "1949/1/20 0:00:00", "1974/3/1 0:00:00"],
    ],
)
def test_dates_over_decades_beside_names_are_births(births: list[str]) -> None:
    assert judged(NAMES, births)[2] == "birth_date"


def test_of_two_columns_of_dates_the_earlier_is_the_birth() -> None:
    hired = ["1960/4/1", "2021/4/1", "1972/4/1", "1999/4/1"]
    assert judged(NAMES, hired, BIRTHS) == {3: "birth_date"}


@pytest.mark.parametrize(
    "columns",
    [
        (["ねじ M3", "ねじ M4", "座金", "板"], BIRTHS),  # nobody named
        (NAMES, ["2023-01-07", "2024-05-25", "2022-01-20", "2024-03-01"]),  # business of late
        (NAMES, ["19370007", "20021325", "19490132", "19740001"]),  # no dates
        (NAMES, ["19370107", "19370107", "19370107", "19370107"]),
        (NAMES, ["1200345", "3400121", "5109933", "7750010"]),  # figures without an address beside
        (NAMES, ["100", "20000", "35", "4800"]),
    ],
)
def test_other_columns_are_left_alone(columns: tuple[list[str], ...]) -> None:
    assert judged(*columns) == {}


def test_a_header_that_speaks_of_other_dates_is_heeded() -> None:
    assert judged(NAMES, BIRTHS, headers=("", "前回訪問日")) == {}
    assert judged(NAMES, BIRTHS, headers=("", "YMD_1")) == {2: "birth_date"}


def test_children_are_born_beside_their_gender() -> None:
    children = ["2016/07/07", "2019/04/01", "2012/12/30", "2020/01/05"]
    assert judged(KANA, ["男", "女", "女", "男"], children) == {2: "gender", 3: "birth_date"}
    assert judged(KANA, children) == {}


def test_a_known_gender_column_counts() -> None:
    children = ["2016/07/07", "2019/04/01", "2012/12/30", "2020/01/05"]
    assert judged(KANA, [], children, known={2: Label("gender", "性別")}) == {3: "birth_date"}


def test_seven_figures_beside_addresses_are_postal_codes() -> None:
    postal = ["2900056", "4580801", "0100975", "8700868"]
    assert judged(NAMES, postal, ADDRESSES) == {2: "postal_code"}
    assert judged(NAMES, ["3120107", "4140525", "3240120", "3490301"], ADDRESSES) == {2: "birth_date"}


def test_phones_without_hyphens() -> None:
    assert judged(NAMES, ["09054375271", "0526503622", "0767650361", "08097288426"]) == {2: "phone_number"}


def test_accounts_stand_behind_bank_branch_and_kind() -> None:
    bank, branch, kind = ["0001", "0005", "0009", "0001"], ["123", "045", "777", "123"], ["1", "1", "2", "1"]
    account = ["0284713", "1234567", "7654321", "0173358"]
    assert judged(KANA, bank, branch, kind, account) == {5: "bank_account"}
    assert judged(KANA, account) == {}


def test_numbers_of_employment_insurance_by_their_shape() -> None:
    numbers = ["5021-774103-6", "5033-190274-8", "4702-558813-1", "5041-002718-5"]
    assert judged(NAMES, numbers, headers=("", "k_no")) == {2: "employment_insurance_id"}
