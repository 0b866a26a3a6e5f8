"""Words that name a thing: what is sold, taught, kept in stock, offered or told of in a work is nobody's."""

from __future__ import annotations

import pytest

from tests.classify.samples import Bench, Drawn, kept


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    "text",
    [
        "⟦person_name|椎名 彩⟧さんは人工関節の営業を5年担当した。",
        "書店の⟦person_name|江波 守⟧さんより。小説「少年院の春」の著者が来店する。",
        "⟦person_name|福田 清⟧様「入院したときの手続きが簡単だと聞きました」",
        "お申し込みは⟦person_name|井関 進⟧さんまで。入院1日5,000円、通院も1日目から。",
        "見学者 ⟦person_name|南條 美紀⟧様\n見学先: 市民病院 リハビリテーション科",
        "法務の⟦person_name|大西 学⟧さん。刑事告発を行った人への不利益な取扱いは禁止です。",
    ],
)
def test_names_of_things_are_nobodys(bench: Bench, text: str) -> None:
    facts = bench.facts(Drawn().text(text))
    assert (facts.special_care, facts.sensitive_only) == ((), ())


def test_columns_of_things_and_of_goods_are_nobodys(bench: Bench) -> None:
    taught = Drawn().table(
        [["氏名", "研修名"], ["⟦person_name|尾形 仁⟧", "がんの早期発見"], ["⟦person_name|高島 真⟧", "うつ病の理解"]]
    )
    stock = Drawn().table([["薬品名", "規格", "在庫", "担当"], ["ロキソプロフェン錠", "60mg", "400", "⟦person_name|勝又 弘⟧"]])
    assert bench.facts(taught).special_care == ()
    assert bench.facts(stock).special_care == ()


def test_what_somebody_has_is_no_thing(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("患者 ⟦person_name/subject|尾形 仁⟧ 様 人工関節の手術を受けた。「がん」と告げられた。"))
    assert "medical_care" in facts.special_care
    assert kept(facts, "medication_or_treatment")


def test_a_statute_is_nobodys(bench: Bench) -> None:
    rule = "第四条に規定する身体障害者、前項の規定により結核の治療を受けた者及び次に掲げる者は、各号に掲げる者とする。\n"
    facts = bench.facts(Drawn().text("⟦person_name/subject|江波 守⟧ ⟦birth_date|昭和40年1月2日⟧\n" + rule * 5))
    assert facts.special_care == ()
