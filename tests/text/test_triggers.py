"""What patterns demand of a text, and the lines that an automaton leaves to them."""

import re

import numpy as np
import pytest

from scanner.text.triggers import Triggers, demands


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("旧姓[:は ]*([一-龠]{1,4})", {"旧姓"}),
        ("(?:患者|生徒)は ?(.+)", {"患者は", "生徒は"}),
        ("^ ?[0-9]{1,2}号$", {f"{n}号" for n in range(10)}),
        ("[ァ-ヴ]{2,7}(?=によると|によれば)", {"によると", "によれば"}),
        ("(?:甲|(?:乙|丙)の)", {"甲", "乙の", "丙の"}),
        ("(?:お?客)(?:様|さま)", {"客様", "客さま"}),
        ("(?:甲乙)+丙", {"甲乙丙"}),
    ],
)
def test_a_pattern_tells_what_every_match_holds(pattern: str, wanted: set[str]) -> None:
    assert set(demands(re.compile(pattern))[0]) == wanted


@pytest.mark.parametrize("pattern", ["[一-龠]+", "(?:旧姓)?", "旧姓|.", "[^旧]", "(?i:旧)", "[はがのにをと、。]"])
def test_a_pattern_without_anything_rare_demands_nothing(pattern: str) -> None:
    assert demands(re.compile(pattern)) == ()


def test_case_is_left_open_where_the_pattern_leaves_it_open() -> None:
    assert demands(re.compile("abc旧", re.IGNORECASE)) == ({"旧"},)


def test_lines_are_left_to_the_patterns_whose_demands_they_meet() -> None:
    triggers = Triggers([(re.compile("旧姓(.)"),), (re.compile("受付:(.)"), re.compile("([0-9])号室"))])
    text = "旧姓 種村\n何もない\n受付:安芸\n3号室と旧姓\n受\n付:"
    starts = np.array([0, 6, 11, 17, 24, 26], dtype=np.int32)
    assert triggers.lines(text, starts) == {0: 1, 2: 2, 3: 3}
    assert triggers.always == 0


def test_a_pattern_that_demands_nothing_is_always_tried() -> None:
    triggers = Triggers([(re.compile("[一-龠]+"),), (re.compile("旧姓"),)])
    assert triggers.always == 1
    assert triggers.lines("旧姓\nなし", np.array([0, 3], dtype=np.int32)) == {0: 3}


def test_lone_surrogates_do_not_stop_the_automaton() -> None:
    assert Triggers([(re.compile("旧姓"),)]).lines("\ud800旧姓", np.array([0], dtype=np.int32)) == {0: 1}


def test_strings_beside_a_pattern_are_asked_for_too_also_when_it_demands_them_itself() -> None:
    patterns = [(re.compile("[^。]{0,9}(?:陽性|陰性)"),), (re.compile("旧姓"),)]
    triggers = Triggers(patterns, [("陽性", "陰性"), ("種村",)])
    assert triggers.lines("抗体陽性\n旧姓\n旧姓 種村", np.array([0, 5, 8], dtype=np.int32)) == {0: 1, 2: 2}
