"""Whose statement it is: forms of one person, rows, catalogues about nobody; and dates that are nobody's birth date."""

from __future__ import annotations

import pytest

from scanner.model import Section
from tests.classify.samples import Bench, Drawn, evidence_of, kept


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


FORM = [
    ["氏名", "⟦person_name/subject|江頭 彩香⟧", "フリガナ", "⟦person_name/subject|エガシラ アヤカ⟧"],
    ["生年月日", "⟦birth_date|昭和61年4月12日⟧", "性別", "女"],
    ["傷病名", "S状結腸癌", "手術名", "腹腔鏡下S状結腸切除術"],
]


def test_labelled_value_in_a_persons_form_is_sure(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("共済金請求書(入院・手術)").table(FORM))
    assert [c.confidence >= 0.85 for c in kept(facts, "health_condition")] == [True]
    assert [c.confidence >= 0.85 for c in kept(facts, "medication_or_treatment")] == [True]


def test_labelled_value_in_another_paragraph_of_the_form_is_sure(bench: Bench) -> None:
    drawn = Drawn().text("傷病名：右橈骨遠位端骨折\n手術名：観血的骨接合術").text("氏名：⟦person_name/subject|江頭 彩香⟧\n性別：女")
    facts = bench.facts(drawn)
    assert [c.confidence >= 0.85 for c in kept(facts, "health_condition")] == [True]


def test_strong_term_in_a_row_with_a_name_is_sure(bench: Bench) -> None:
    rows = [
        ["氏名", "部署", "備考"],
        ["⟦person_name/subject|神田 亮⟧", "総務", "適応障害で休職"],
        ["⟦person_name/subject|梶 浩二⟧", "物流", ""],
    ]
    facts = bench.facts(Drawn().table(rows))
    assert [c.confidence >= 0.85 for c in kept(facts, "health_condition")] == [True]


@pytest.mark.parametrize(
    "drawn",
    [
        Drawn().text("担当の⟦person_name|梶⟧さんと話した。\n\nその後、持病の糖尿病が悪化した。"),
        Drawn().text("傷病の経過\n50代男性。糖尿病で入院した。"),
    ],
)
def test_weak_ties_stay_below(bench: Bench, drawn: Drawn) -> None:
    facts = bench.facts(drawn, name="/a/佐藤みなみ_診断書.txt")
    assert [c.confidence < 0.85 for c in kept(facts, "health_condition")] == [True]


def test_somebody_introduced_in_the_line_is_meant(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("・事例1 50代の加入者。乳がんで入院し、術後に抗がん剤治療を継続している。\n・事例2 省略"))
    assert evidence_of(facts, "medical_history") == "asserted_unlinked"
    assert facts.special_care == ()


def catalogue(header: list[str], rows: int) -> list[list[str]]:
    drugs = [
        "アムロジピン錠5mg",
        "ロキソプロフェン錠60mg",
        "フロセミド錠20mg",
        "糖尿病用薬",
        "胃潰瘍治療薬",
        "インスリン グラルギン注",
    ]
    return [header, *([str(n), drugs[n % 6], "錠", f"{n * 7 % 90 + 5}.{n % 10}"] for n in range(1, rows + 1))]


@pytest.mark.parametrize(
    "header", [["番号", "医薬品名", "単位", "薬価"], ["code", "drug", "unit", "price"], ["甲", "乙", "丙", "丁"]]
)
def test_catalogue_is_about_nobody(bench: Bench, header: list[str]) -> None:
    drawn = Drawn().table(FORM[:2], sheet="表紙", scope=1).table(catalogue(header, 80), sheet="マスタ", scope=2)
    facts = bench.facts(drawn, name="/a/master.xlsx")
    assert facts.special_care == ()


def test_catalogue_on_the_persons_own_sheet_is_about_nobody(bench: Bench) -> None:
    facts = bench.facts(
        Drawn().table(FORM[:2], scope=1).table(catalogue(["番号", "医薬品名", "単位", "薬価"], 80), scope=1), name="/a/x.xlsx"
    )
    assert facts.special_care == ()


def test_short_list_under_a_patients_name_is_the_patients(bench: Bench) -> None:
    rows = [["調剤日", "薬剤名", "数量"], ["2024/5/1", "アムロジピン錠5mg", "28"], ["2024/5/1", "ロキソプロフェン錠60mg", "14"]]
    facts = bench.facts(Drawn().text("お薬手帳 氏名：⟦person_name/subject|江頭 彩香⟧").table(rows))
    assert facts.special_care == ("medical_care",)


def test_makers_in_a_large_table_are_no_people(bench: Bench) -> None:
    rows = catalogue(["番号", "医薬品名", "単位", "薬価"], 60)
    rows[7][1] = "クロチアゼパム「⟦person_name|ヨシダ⟧」"
    facts = bench.facts(Drawn().table(rows), name="/a/x.xlsx")
    assert (facts.persons_upper, facts.special_care) == (0, ())


@pytest.mark.parametrize("said", ["共済金請求書(入院・手術)", "がん入院証明書", "うつ病の職場復帰支援"])
def test_title_of_the_file_states_nothing(bench: Bench, said: str) -> None:
    facts = bench.facts(Drawn().text(said, section=Section.PROPERTY).text("氏名：⟦person_name/subject|江頭 彩香⟧"))
    assert facts.special_care == ()


DATES = [
    ("作成 2019年5月20日\n生年月日 2021年3月4日", "2019-05-20"),
    ("作成 2019/05/20\n三戸部 七斗(2021/03/04生)", "2019-05-20"),
    ("2021-03-04 男 東京", ""),
    ('{"created": "2019-05-20", "birthDate": "2021-03-04"}', "2019-05-20"),
    ("birth_date: 20210304\n2021-03-04\n2019-05-20", "2019-05-20"),
    ("被共済者 2021年3月4日生まれ 事故日 令和元年5月20日", "2019-05-20"),
    ("⟦birth_date|2021.3.4⟧ 令和元年5月20日", "2019-05-20"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_birth_date_is_never_the_newest_date(bench: Bench, text: str, expected: str) -> None:
    assert bench.facts(Drawn().text(text)).text_date == expected


@pytest.mark.parametrize(
    ("header", "expected"), [("生年月日", ""), ("お誕生", ""), ("年月日", ""), ("契約日", "2021-03-04"), ("健診日", "2021-03-04")]
)
def test_in_a_table_of_people_only_events_count(bench: Bench, header: str, expected: str) -> None:
    rows = [
        ["氏名", header, "電話"],
        ["⟦person_name/subject|神田 亮⟧", "2021/03/04", "03-0000-0000"],
        ["⟦person_name/subject|梶 浩二⟧", "2001/07/04", "03-0000-0001"],
    ]
    assert bench.facts(Drawn().table(rows)).text_date == expected


def test_rows_that_name_staff_alone_belong_to_the_forms_subject() -> None:
    rows = [
        ["質問", "回答", "記入"],
        ["今までの病気", "川崎病で入院、免疫グロブリン療法", ""],
        ["接種", "可", "さくら小児科 医師 ⟦person_name/professional|古川 千尋⟧"],
    ]
    facts = Bench().facts(Drawn().text("氏名：⟦person_name/subject|弓削 ナナ⟧\n性別：女").table(rows))
    assert evidence_of(facts, "medical_history") == "linked_direct"


def test_a_statement_is_the_subjects_rather_than_a_relatives_named_later() -> None:
    text = "利用者 ⟦person_name|高畑 キヨ⟧さん。長女の⟦person_name|藤堂 智子⟧さんが来所した。夜間せん妄がひどく、入院となった。"
    assert {str(c.role) for c in kept(Bench().facts(Drawn().text(text)), "health_condition")} == {"subject"}


def test_reasons_name_whose_the_statement_is_and_what_told_it() -> None:
    text = "主治医の⟦person_name|土井⟧医師によれば、患者 ⟦person_name|高畑 キヨ⟧さんは糖尿病で入院した。"
    facts = Bench().facts(Drawn().text(text))
    assert {c.because[-1] for c in kept(facts, "health_condition")} == {"role: word 患者"}
    told = {f.because for f in facts.findings if f.entity == "person_name"}
    assert told == {"role: word 主治医", "role: word 患者"}


@pytest.mark.parametrize(
    ("name", "conflicts"),
    [
        ("/share/佐藤みなみ_診断書.txt", True),
        ("/share/渋沢圭_診断書.txt", False),
        ("/share/渋沢_診断書.txt", False),
        ("/share/診断書_最終.txt", False),
    ],
)
def test_a_file_name_that_names_somebody_else_is_flagged(bench: Bench, name: str, conflicts: bool) -> None:
    facts = bench.facts(Drawn().text("診断書\n氏名:⟦person_name/subject|渋沢 圭⟧ 様\n傷病名:急性虫垂炎"), name=name)
    assert ("name in the file name; conflicts with the text" in facts.because) is conflicts
