"""Facts whose person stands elsewhere: in the list below a title, before a table, as initials, as holder of a post."""

from __future__ import annotations

import pytest

from tests.classify.samples import Bench, Drawn, evidence_of


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("檀家台帳", "creed"),
        ("高ストレス者一覧", "health_checkup_result"),
        ("身体障害者手帳所持者名簿", "disability"),
        ("特殊詐欺被害者名簿", "crime_victim"),
        ("仮釈放者リスト", "criminal_record"),
        ("スト参加者一覧", "labor_union_membership"),
        ("透析患者一覧", "medical_care"),
    ],
)
def test_the_title_of_a_list_tells_the_fact_of_everybody_in_it(bench: Bench, title: str, category: str) -> None:
    rows = [[title], ["氏名", "電話"], ["⟦person_name/subject|椎名 彩⟧", "内線1"], ["⟦person_name/subject|江波 守⟧", "内線2"]]
    assert evidence_of(bench.facts(Drawn().table(rows)), category) == "linked_direct"


def test_the_title_of_a_list_without_people_tells_nothing(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("檀家台帳の様式を改めます。高ストレス者一覧を作成してください。"))
    assert (facts.special_care, facts.sensitive_only) == ((), ())


def test_results_in_a_table_are_of_the_one_named_before_it(bench: Bench) -> None:
    table = [["検査", "結果", "区分"], ["腹部超音波", "胆のうポリープ", "C"], ["骨密度", "79%", "D"]]
    facts = bench.facts(Drawn().text("⟦person_name|椎名 彩⟧ 様").table(table))
    assert "health_checkup_result" in facts.special_care


def test_initials_with_a_birth_date_mean_somebody(bench: Bench) -> None:
    def rows(who: str) -> list[list[str]]:
        return [["応募者", "生年月日", "犯罪歴"], [who, "⟦birth_date|1979-05-17⟧", "窃盗 懲役1年"], [who, "", "なし"]]

    assert evidence_of(bench.facts(Drawn().table(rows("K.T"))), "criminal_record") == "linked_indirect"
    assert evidence_of(bench.facts(Drawn().table(rows("男性"))), "criminal_record") != "linked_indirect"


def test_what_befell_the_holder_of_a_post(bench: Bench) -> None:
    told = bench.facts(Drawn().text("店長 ⟦person_name/staff|椎名 彩⟧ レジ強盗に遭い軽傷、警察で調書作成"))
    assert "crime_victim" in told.special_care
    by_post = bench.facts(Drawn().text("店長 ⟦person_name/staff|椎名 彩⟧ 強盗に遭ったときの対応を説明、警察の講師を紹介"))
    assert by_post.special_care == ()


@pytest.mark.parametrize(
    "text",
    [
        "健康診断 ⟦person_name/subject|椎名 彩⟧ 受診済",
        "盗難に遭ったときは警察署へ届け出てください。総務 ⟦person_name|椎名 彩⟧",
        "イノシシによる農作物の被害届 ⟦person_name/subject|椎名 彩⟧",
        "劇 ⟦person_name|椎名 彩⟧ 被告人役",
        "サーバーのリハビリ期間 ⟦person_name|椎名 彩⟧",
        "著者 ⟦person_name|椎名 彩⟧ 「認知症とともに生きる」",
        "拘禁刑以上の刑に処せられたこと: なし ⟦person_name/subject|椎名 彩⟧",
    ],
)
def test_what_is_nobodys(bench: Bench, text: str) -> None:
    assert bench.facts(Drawn().text(text)).special_care == ()


def test_an_illness_found_at_a_check_up_is_its_result_too(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("人間ドックの総合所見\n氏名 ⟦person_name/subject|椎名 彩⟧\n脂肪肝 経過観察"))
    assert {"medical_history", "health_checkup_result"} <= set(facts.special_care)
