"""Sessions: rows per column, bounds of people, nothing kept of secrets, polarity of statements."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify import places
from scanner.classify.findings import SHOWN
from scanner.classify.people import Distinct
from scanner.classify.records import name_in_path
from scanner.model import Anchor, Cell, Document, Facts, Key, Line, Page, Part, Slide
from tests.classify.samples import Bench, Drawn, evidence_of, kept


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def ledger(number: str) -> Drawn:
    return Drawn().table(
        [
            ["社員番号", "氏名", "個人番号"],
            ["⟦member_number|A1⟧", "⟦person_name/subject|磯谷 徹⟧", f"⟦my_number|{number}⟧"],
            ["⟦member_number|A2⟧", "⟦person_name/subject|宇陀 希美⟧", "⟦my_number|261873612299⟧"],
        ]
    )


def test_two_files_that_differ_only_in_a_my_number_give_equal_rows(bench: Bench) -> None:
    one, two = bench.facts(ledger("107195149932")), bench.facts(ledger("229382707874"))
    assert one.findings == two.findings
    assert replace(one, matches=()) == replace(two, matches=())
    assert one.severity == "S5"


def test_findings_hold_no_raw_value(bench: Bench) -> None:
    text = (
        "氏名 ⟦person_name/subject|蓮沼 直紀⟧ 契約番号 ⟦policy_number|8841-0027⟧\n"
        "昨年うつ病で入院し、エスシタロプラムを服用している。"
    )
    facts = bench.facts(Drawn().text(text))
    shown = " ".join(str(v) for f in facts.findings for v in f)
    for value in ("蓮沼", "直紀", "8841", "うつ病", "エスシタロプラム"):
        assert value not in shown
    assert {f.masked for f in facts.findings if f.entity == "person_name"} == {"蓮●"}
    assert {f.masked for f in facts.findings if f.entity == "health_condition"} == {"病歴"}


def test_a_long_table_gives_a_row_per_column(bench: Bench) -> None:
    rows = [["会員番号", "氏名", "傷病名"]]
    rows += [[f"⟦member_number|{1000 + i}⟧", f"⟦person_name/subject|姓{i} 名{i}⟧", "胃癌"] for i in range(300)]
    facts = bench.facts(Drawn().table(rows), keep=False)
    assert facts.matches == ()
    assert {(f.entity, f.hits) for f in facts.findings} == {("member_number", 300), ("person_name", 300), ("health_condition", 300)}
    condition = next(f for f in facts.findings if f.entity == "health_condition")
    assert condition.place == "シート1!C2"
    assert condition.evidence == "linked_direct"
    assert (condition.persons_lower, condition.persons_upper) == (300, 300)
    assert str(facts.nature) == "database_like"


def test_a_long_text_gives_a_bounded_number_of_rows(bench: Bench) -> None:
    lines = "\n".join(
        f"⟦person_name/subject|山下 {chr(0x4E00 + i)}郎⟧様より⟦phone_number|03-0000-{i:04d}⟧へ連絡" for i in range(200)
    )
    facts = bench.facts(Drawn().text(lines), keep=False)
    for entity in ("person_name", "phone_number"):
        groups = [f for f in facts.findings if f.entity == entity]
        assert len(groups) <= SHOWN + 1
        assert sum(f.hits for f in groups) == 200
    assert facts.persons_upper == 200


def test_people_are_merged_by_surname_and_reading(bench: Bench) -> None:
    text = (
        "患者 ⟦person_name/subject|桐谷 春香⟧(⟦person_name|キリタニ ハルカ⟧)"
        " 主治医 ⟦person_name|江口⟧先生\n⟦person_name|桐谷⟧さんは通院中。"
    )
    facts = bench.facts(Drawn().text(text))
    assert (facts.persons_lower, facts.professionals) == (1, 1)
    assert facts.persons_upper >= 1


POLARITY = [
    ("糖尿病で通院中", "linked_direct"),
    ("既往歴:糖尿病なし", "negated"),
    ("糖尿病は認めない", "negated"),
    ("糖尿病、高血圧、喘息はいずれもありません", "negated"),
    ("糖尿病・肝炎・家族の病気は質問しない", "mention"),
    ("糖尿病についてお尋ねすることは一切ありません", "mention"),
    ("欠格の事由(糖尿病など)に当たらない旨の誓約書あり", "negated"),
    ("糖尿病の疑い", "linked_direct"),
    ("□糖尿病 ☑その他", "label_only"),
    ("☑糖尿病 □その他", "linked_direct"),
    ("糖尿病 有・無", "label_only"),
    ("1. 現在、次の病気で治療を受けていますか(糖尿病、肝炎) いいえ", "label_only"),
]


@pytest.mark.parametrize(("said", "expected"), POLARITY)
def test_polarity(bench: Bench, said: str, expected: str) -> None:
    facts = bench.facts(Drawn().text(f"氏名: ⟦person_name/subject|大月 由布子⟧\n{said}"))
    assert evidence_of(facts, "medical_history") == expected


def test_a_grave_fault_of_machines_is_nobodys_disability(bench: Bench) -> None:
    told = "⟦person_name|薗部 直人⟧が報告。受注基盤で重度障害(一級)。主系がハングし待機系も起動せず、サーバを再起動して復旧。"
    assert bench.facts(Drawn().text(told)).special_care == ()
    person = bench.facts(Drawn().text("氏名: ⟦person_name/subject|薗部 直人⟧\n重度障害(一級)の認定を受けた"))
    assert person.special_care == ("disability",)


def test_result_without_findings_is_still_a_result(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("氏名: ⟦person_name/subject|大月 由布子⟧\n健康診断結果 心電図 異常なし、便潜血 (-)"))
    assert facts.special_care == ("health_checkup_result",)
    assert len(kept(facts, "exam_result")) == 2


def test_doctor_is_nobodys_patient(bench: Bench) -> None:
    facts = bench.facts(Drawn().text("糖尿病の講演 医師 ⟦person_name|江口 修⟧"))
    assert facts.special_care == ()


def test_uncertain_statements_weigh_less(bench: Bench) -> None:
    sure = kept(bench.facts(Drawn().text("⟦person_name/subject|大月 由布子⟧は胃潰瘍で受診した")), "health_condition")
    doubt = kept(bench.facts(Drawn().text("⟦person_name/subject|大月 由布子⟧は胃潰瘍の疑いで受診した")), "health_condition")
    assert doubt[0].confidence < sure[0].confidence


def test_newest_date_of_the_text(bench: Bench) -> None:
    assert bench.facts(Drawn().text("作成 令和6年5月20日 受診 2023/11/02 R5.1.3")).text_date == "2024-05-20"


def test_classifying_needs_no_kept_matches(bench: Bench) -> None:
    drawn = Drawn().text("⟦person_name/subject|大月 由布子⟧は胃潰瘍で入院した。")
    one, two = bench.facts(drawn, keep=True), bench.facts(drawn, keep=False)
    same = [f.name for f in fields(Facts) if f.name not in ("matches", "passages")]
    assert [getattr(one, n) for n in same] == [getattr(two, n) for n in same]
    assert one.matches and not two.matches
    assert one.passages and not two.passages


PLACES: list[tuple[Anchor, str, str]] = [
    (Line(12, 5), "12行 5桁", "line 12, column 5"),
    (Page(3, 12), "3ページ 12行", "page 3, line 12"),
    (Page(3), "3ページ", "page 3"),
    (Cell("シート1", 3, 28), "シート1!AB3", "シート1!AB3"),
    (Cell("", 1, 1), "A1", "A1"),
    (Slide(4), "スライド4", "slide 4"),
    (Slide(4, "notes"), "スライド4 ノート", "slide 4 notes"),
    (Part("body", 7), "本文 段落7", "body paragraph 7"),
    (Key("members[3].name", 12), "12番目の項目 [3]", "value 12 [3]"),
]


@pytest.mark.parametrize(("anchor", "ja", "en"), PLACES)
def test_places_are_printable(anchor: Anchor, ja: str, en: str) -> None:
    assert (places.printable(anchor), places.printable(anchor, "en")) == (ja, en)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a/佐藤みなみ_診断書.jpg", "佐藤みなみ"),
        ("/a/給付_田中一郎様_請求書.pdf", "田中一郎"),
        ("/a/診断書.pdf", ""),
        ("/a/2024_健診結果一覧.csv", ""),
        ("/a/会員名簿_最終.xlsx", ""),
    ],
)
def test_name_in_a_file_name(path: str, name: str) -> None:
    assert name_in_path(Document(path)) == name


@given(st.lists(st.integers(0, 200_000), max_size=400))
def test_distinct_counts_like_a_set(keys: list[int]) -> None:
    counter = Distinct()
    for k in keys:
        counter.add(k)
    assert len(counter) == len(set(keys))


def test_distinct_counts_past_its_buffer() -> None:
    counter = Distinct()
    for k in [*range(70_000), *range(1_000)]:
        counter.add(k)
    assert len(counter) == 70_000


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="糖尿病胃癌がん術錠はなし有無□☑、。\n 12.%HbA1c入院さ様()年月\ud800", min_size=1, max_size=120))
def test_any_text_is_classified(text: str) -> None:
    if not text.strip() or re.search("[⟦⟧]", text):
        return
    facts = _BENCH.facts(Drawn().text("x" + text))
    assert facts.special_care == ()


_BENCH = Bench()


def test_a_name_alone_in_prose_is_a_mention_and_one_with_more_is_not() -> None:
    from benchmarks.plain import Plain

    scanner = Plain("standard")
    prose = "その後、作曲家のクレメンス・バウムガルトが来日し、三枚のアルバムを録音した。"
    alone = [h for h in scanner.text(prose) if h.entity == "person_name"]
    told = [h for h in scanner.text(prose + "\n連絡先は090-1234-5678。") if h.entity == "person_name"]
    assert alone and not any(h.claim for h in alone if h.rule == "name.tagger")
    assert told and all(h.claim for h in told)


def test_weak_names_beside_it_do_not_make_a_mention_personal() -> None:
    from benchmarks.plain import Plain

    essay = "作曲家のクレメンス・バウムガルトが来日し、三枚のアルバムを録音した。\nこの曲は宮本武蔵とは関係がない。\n"
    names = [h for h in Plain("standard").text(essay) if h.entity == "person_name" and h.rule == "name.tagger"]
    assert names and not any(h.claim for h in names)
