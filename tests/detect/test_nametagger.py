"""The trained tagger in free prose, where no honorific, title or label tells a name."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.detect.nametagger import NameTagger, name_tagger
from tests.detect.reading import MODELS


@pytest.fixture(scope="module")
def trained() -> NameTagger:
    found = name_tagger(MODELS)
    assert found is not None, "the weights are part of the project"
    return found


def told(trained: NameTagger, *lines: str) -> list[str]:
    answers = zip(lines, trained.read(lines), strict=True)
    return [line[hit.start : hit.end] for line, answer in answers if answer is not None for hit in answer.hits]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("その後、作曲家の栗林誠一と組んで三枚のアルバムを出した。", "栗林誠一"),
        ("監督はアンドレア・モレッティが務めた。", "アンドレア・モレッティ"),
        ("本社から倉持が応援に来たので助かった。", "倉持"),
        ("脚本は宇佐見かおりが書き下ろした。", "宇佐見かおり"),
    ],
)
def test_names_in_prose(trained: NameTagger, line: str, name: str) -> None:
    assert told(trained, line) == [name]


@pytest.mark.parametrize(
    "line",
    [
        "本田技研工業は熊本県に工場を建てた。",
        "千葉駅から松本行きの列車に乗り換える。",
        "高橋電機の石川支店で福島の桃を販売する。",
        "第三条の規定は、前項の場合について準用する。",
        "ファイルサーバーのパスワードを変更してください。",
        "後任につきましては渡辺パイプよりあらためてご案内します。",
        "トヨタ・カローラとホンダ・シビックを比べた。",
    ],
)
def test_look_alikes_in_prose(trained: NameTagger, line: str) -> None:
    assert told(trained, line) == []


def test_lines_without_a_possible_name_are_not_read_by_the_network(trained: NameTagger, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(
        trained._net, "_run", lambda lines: read.append(len(lines)) or np.zeros((sum(map(len, lines)), 2), np.float32)
    )
    told(trained, "前項の場合について準用する。", "ABC-123", "")
    assert read == []
    told(trained, "倉持に頼んだ。")
    assert read == [1]


def test_names_in_a_row_are_several_and_a_foreign_one_is_one(trained: NameTagger) -> None:
    assert told(trained, "監督は佐伯・倉持の二人が務めた。") == ["佐伯", "倉持"]
    assert told(trained, "作曲家のジョン・スミスが来日した。") == ["ジョン・スミス"]


def test_a_foreign_name_may_have_initials(trained: NameTagger) -> None:
    assert told(trained, "彼はジョン・F・ケネディ大統領とは友人であった。") == ["ジョン・F・ケネディ"]


def test_those_who_ruled_in_the_past_have_a_rule_of_their_own(trained: NameTagger) -> None:
    (answer,) = trained.read(["小田原征伐は、江戸時代の前に関白太政大臣豊臣秀吉が北条氏を降した戦役である。"])
    assert answer is not None and {hit.rule for hit in answer.hits} == {"history"}


def test_kings_have_numbers(trained: NameTagger) -> None:
    assert told(trained, "その年にエリザベス2世が即位し、父の政策を改めた。") == ["エリザベス2世"]


def test_answers_do_not_depend_on_the_lines_beside(trained: NameTagger) -> None:
    line = "その後、作曲家の栗林誠一と組んで三枚のアルバムを出した。"
    (alone,) = trained.read([line])
    assert alone is not None and alone.hits
    many = trained.read(["会議は昨日だった。", line, "担当は倉持。"] * 40)[1::3]
    assert [answer.hits for answer in many if answer is not None] == [alone.hits] * 40


def test_without_weights_there_is_no_tagger(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert name_tagger(tmp_path) is None


def test_a_cell_that_says_nothing_is_not_asked() -> None:
    from tests.detect.reading import matches, names, table_blocks

    said = "本社から倉持が応援に来たので助かった。"
    rows = [["No", "品目", "備考"], ["1", "泡盛", "比嘉の古酒"], ["2", "棚卸し", said], ["3", "味噌", "伊勢の赤"]]
    assert [(raw, m.rule) for raw, m in matches(names(), table_blocks(rows))] == [("倉持", "name.tagger")]
