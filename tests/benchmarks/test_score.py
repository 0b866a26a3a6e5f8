from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import goldset, score, skeleton
from benchmarks.goldset import Gold, Span


def gold(marked: str, *, negative: bool = False, care: tuple[str, ...] = (), persons: int = 1) -> Gold:
    """A gold document from text with ⟦label|surface⟧ marks."""
    laid, spans, done = skeleton.Laid(), [], 0
    for mark in goldset.renderer().MARK.finditer(marked):
        laid.add(marked[done : mark.start()])
        start, end = laid.add(mark[2])
        spans.append(Span(mark[1], mark[2], start, end))
        done = mark.end()
    laid.add(marked[done:])
    return Gold("x", "x.txt", "txt-utf8", "prose", frozenset(care), frozenset(), persons, negative, laid.text, tuple(spans))


def match(entity: str, text: str, value: str, n: int = 0, **more: Any) -> dict[str, Any]:
    """The match line for the n-th occurrence of a value in a one-block text."""
    start = -1
    for _ in range(n + 1):
        start = text.index(value, start + 1)
    return {"entity": entity, "value": value, "block": 0, "start": start, "end": start + len(value), **more}


def tally(document: Gold, text: str, *matches: Mapping[str, Any], label: str) -> tuple[float, float, float]:
    t = score.score(document, matches, {0: text}, {}).tallies[label]
    return t.right, t.false, t.missed


def test_equal_surfaces_are_right() -> None:
    text = "氏名 佐藤 花子 様"
    assert tally(gold("氏名 ⟦person_name|佐藤 花子⟧ 様"), text, match("person_name", text, "佐藤 花子"), label="person_name") == (
        1,
        0,
        0,
    )


def test_nothing_found_is_missed() -> None:
    assert tally(gold("氏名 ⟦person_name|佐藤 花子⟧"), "氏名 佐藤 花子", label="person_name") == (0, 0, 1)


def test_width_and_line_breaks_do_not_matter() -> None:
    document = gold("電話 ⟦phone_number|０３－１２３４－５６７８⟧")
    text = "電話\n03-1234-\n5678"
    assert tally(document, text, match("phone_number", text, "03-1234-\n5678"), label="phone_number") == (1, 0, 0)


@pytest.mark.parametrize(("value", "right"), [("港区芝1-2-3", 1), ("東京都港区芝1-2-3コーポ田中101", 1), ("港区", 0)])
def test_half_of_the_characters_must_be_shared(value: str, right: int) -> None:
    text = "住所 東京都港区芝1-2-3コーポ田中101"
    document = gold("住所 ⟦address|東京都港区芝1-2-3⟧コーポ田中101")
    assert tally(document, text, match("address", text, value), label="address") == (right, 1 - right, 1 - right)


def test_identifiers_are_exact() -> None:
    text = "口座 1234567 名義"
    document = gold("口座 ⟦bank_account|1234567⟧ 名義")
    assert tally(document, text, match("bank_account", text, "1234567"), label="bank_account") == (1, 0, 0)
    assert tally(document, text, match("bank_account", text, "123456"), label="bank_account") == (0, 1, 1)


def test_two_matches_do_not_share_one_span() -> None:
    text = "佐藤 花子"
    matches = [match("person_name", text, "佐藤 花子"), match("person_name", text, "佐藤 花")]
    assert tally(gold("⟦person_name|佐藤 花子⟧"), text, *matches, label="person_name") == (1, 1, 0)


def test_one_match_does_not_cover_two_spans() -> None:
    document = gold("⟦person_name|佐藤⟧と⟦person_name|鈴木⟧")
    text = "佐藤と鈴木"
    assert tally(document, text, match("person_name", text, "佐藤と鈴木"), label="person_name") == (0, 1, 2)


def test_a_repeated_value_is_found_where_it_stands() -> None:
    document = gold("販売店の佐藤商店は駅前にあります。担当は⟦person_name|佐藤⟧さんです。")
    text = "販売店の佐藤商店は駅前にあります。担当は佐藤さんです。"
    assert tally(document, text, match("person_name", text, "佐藤", 0), label="person_name") == (0, 1, 1)
    assert tally(document, text, match("person_name", text, "佐藤", 1), label="person_name") == (1, 0, 0)


def test_a_table_read_in_another_order_still_fits() -> None:
    document = gold("| ⟦person_name|佐藤⟧ | 事務 |\n| 佐藤 | 商店 |\n| ⟦person_name|鈴木⟧ | 会計 |\n")
    text = "鈴木\t会計\n佐藤\t商店\n佐藤\t事務"
    found = [match("person_name", text, "鈴木"), match("person_name", text, "佐藤", 1)]
    assert tally(document, text, *found, label="person_name") == (2, 0, 0)
    wrong = [match("person_name", text, "鈴木"), match("person_name", text, "佐藤", 0)]
    assert tally(document, text, *wrong, label="person_name") == (1, 1, 1)


def test_a_value_read_twice_is_false_once() -> None:
    document = gold("氏名 ⟦person_name|佐藤花子⟧")
    text = "氏名 佐藤花子 佐藤花子"
    both = [match("person_name", text, "佐藤花子", n) for n in (0, 1)]
    assert tally(document, text, *both, label="person_name") == (1, 1, 0)


def test_a_surface_torn_by_the_reader_is_compared_by_its_text() -> None:
    document = gold("住所 ⟦address|長野県松本市大手3-8-13⟧ 備考なし")
    text = "住所 長野県松本市 備考なし\n大手3-8-13"
    assert tally(document, text, match("address", text, "長野県松本市 備考なし\n大手3-8-13"), label="address")[0] == 0
    assert (
        tally(
            document,
            "長野県松本市大手3-8-13F",
            match("address", "長野県松本市大手3-8-13F", "長野県松本市大手3-8-13F"),
            label="address",
        )[0]
        == 1
    )


def test_a_shared_beginning_is_chance() -> None:
    assert skeleton.text_overlap("S52/10/27", "S52/10/20") == 0
    assert skeleton.text_overlap("松本市大手3", "長野県松本市大手") == pytest.approx(5 / 9)


def test_a_date_cell_counts_in_its_iso_form() -> None:
    document = Gold(
        "x", "x.xlsx", "xlsx", "table", frozenset(), frozenset(), 1, False, "昭和53年4月3日",
        (Span("birth_date", "昭和53年4月3日", 0, 9, "1978-04-03"),),
    )  # fmt: skip
    assert tally(document, "1978-04-03", match("birth_date", "1978-04-03", "1978-04-03"), label="birth_date") == (1, 0, 0)


def test_a_neutral_span_excuses_only_its_like() -> None:
    document = gold("窓口 ⟦business_phone|0120-444-555⟧ 法人番号 ⟦corporate_number|7000012050002⟧")
    text = "窓口 0120-444-555 法人番号 7000012050002"
    assert tally(document, text, match("phone_number", text, "0120-444-555"), label="phone_number") == (0, 0, 0)
    result = score.score(document, [match("my_number", text, "7000012050002")], {0: text}, {})
    assert result.tallies["my_number"].false == 1
    assert result.corporate_as_my_number == 1


def test_neutral_matches_are_neither_rewarded_nor_punished() -> None:
    document = gold("年齢 ⟦age|45歳⟧ 会員 12")
    text = "年齢 45歳 会員 12"
    result = score.score(document, [match("age", text, "45歳"), match("member_number", text, "12")], {0: text}, {})
    assert not score.entity_table([result])


def test_specimens_and_mentions_claim_nothing() -> None:
    document = gold("がん検診のお知らせ 記入例 共済太郎", negative=True)
    text = "がん検診のお知らせ 記入例 共済太郎"
    quiet = [match("health_condition", text, "がん", evidence="mention"), match("person_name", text, "共済太郎", sample=True)]
    assert score.negatives([score.score(document, quiet, {0: text}, {})])["false_per_document"] == 0
    loud = [match("health_condition", text, "がん", evidence="linked_direct")]
    assert score.negatives([score.score(document, loud, {0: text}, {})])["false_per_document"] == 1


def test_a_large_document_weighs_no_more_than_fifty() -> None:
    text = "\n".join(f"名前{n}" for n in range(200))
    document = gold("\n".join(f"⟦person_name|名前{n}⟧" for n in range(200)))
    matches = [match("person_name", text, line, 0) for line in text.split("\n") if not line.endswith("7")]
    result = score.score(document, matches, {0: text}, {})
    table = score.entity_table([result])
    assert table["person_name"]["right"] == pytest.approx(45)
    assert table["person_name"]["missed"] == pytest.approx(5)


def test_categories_are_counted_by_document() -> None:
    text = "x"
    right = score.score(gold(text, care=("medical_history",)), [], {}, {"special_care": ["medical_history", "disability"]})
    missed = score.score(gold(text, care=("criminal_record",)), [], {}, {"special_care": []})
    false = score.score(gold(text, negative=True), [], {}, {"special_care": ["medical_care"]})
    table = score.category_table([right, missed, false])
    assert table["any_special_care"] | {"f1": 0} == {"precision": 0.5, "recall": 0.5, "f1": 0, "right": 1, "false": 1, "missed": 1}
    assert table["disability"]["precision"] == 0
    assert score.negatives([false])["called_special_care"] == 1


def test_short_names_of_categories_are_mapped() -> None:
    ids = {c for s in goldset.sources() for c in goldset.read(s).special_care | goldset.read(s).sensitive_only}
    assert not ids & {"race", "health_exam", "labour_union", "sex_life"}
    assert {"health_checkup_result", "labor_union_membership"} <= ids


def test_persons_outside_the_interval_are_an_error() -> None:
    inside = score.score(gold("x", persons=3), [], {}, {"persons": [1, 2], "professionals": 1})
    outside = score.score(gold("x", persons=10), [], {}, {"persons": [1, 4], "professionals": 1})
    assert score.persons([inside, outside]) == {
        "documents": 2,
        "within_interval": 1,
        "mean_error": 2.5,
        "mean_relative_error": 0.25,
    }
