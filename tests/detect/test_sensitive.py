"""Words about health and other sensitive matters: what is found, with which borders, and what must stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import resources
from scanner.detect import lexicon
from scanner.detect.health import SensitiveDetector
from scanner.model import Cell, Key, Line, Match, Strength
from scanner.text.arrange import Arranger
from scanner.text.blocks import BlockWriter
from scanner.text.labels import LabelBook
from scanner.text.view import read
from tests.classify.samples import book

PATTERNS = resources.folder("patterns")


@pytest.fixture(scope="module")
def detector() -> SensitiveDetector:
    return SensitiveDetector(PATTERNS)


@pytest.fixture(scope="module")
def labels() -> LabelBook:
    return book()


def found(detector: SensitiveDetector, labels: LabelBook, text: str) -> list[tuple[str, str]]:
    (block,) = BlockWriter().text(text, Line(1))
    reading = Arranger(labels).read(read(block))
    matches = [m for m in detector.detect([reading]) if isinstance(m, Match)]
    return [(m.entity, block.text[m.start : m.end]) for m in matches]


def cells(detector: SensitiveDetector, labels: LabelBook, rows: list[list[str]]) -> list[tuple[str, str, str]]:
    table = [(r, [(c, v) for c, v in enumerate(row, 1) if v]) for r, row in enumerate(rows, 1)]
    (block,) = BlockWriter().table(table, Cell("表", 1, 1))
    reading = Arranger(labels).read(read(block))
    matches = [m for m in detector.detect([reading]) if isinstance(m, Match)]
    return [(m.entity, block.text[m.start : m.end], m.rule) for m in matches]


BORDERS = [
    ("昨年アテローム血栓性脳梗塞で倒れた", ("health_condition", "アテローム血栓性脳梗塞")),
    ("膝が悪いので玄関まで", ("health_condition", "膝が悪い")),
    ("咳が2週間続いている", ("health_condition", "咳が2週間続いている")),
    ("えび・かにアレルギーあり", ("health_condition", "えび・かにアレルギー")),
    ("令和2年に発作性上室性頻拍を指摘", ("health_condition", "発作性上室性頻拍")),
    ("心的外傷後ストレス障害(PTSD)の診断", ("health_condition", "心的外傷後ストレス障害(PTSD)")),
    ("父は２型糖尿病です", ("health_condition", "２型糖尿病")),
    ("HbA1c 7.8%でした", ("exam_result", "HbA1c 7.8%")),
    ("血圧138/72 脈拍整", ("exam_result", "血圧138/72")),
    ("γ-GTP：88 U/L", ("exam_result", "γ-GTP：88 U/L")),
    ("HCV抗体 陰性", ("exam_result", "HCV抗体 陰性")),
    ("腹腔鏡補助下幽門側胃切除術を施行", ("medication_or_treatment", "腹腔鏡補助下幽門側胃切除術")),
    ("内視鏡的止血術を行う", ("medication_or_treatment", "内視鏡的止血術")),
    ("エリキュース錠5mg 2T", ("medication_or_treatment", "エリキュース錠5mg")),
    ("ナルデメジン錠0.2mgを追加", ("medication_or_treatment", "ナルデメジン錠0.2mg")),
    ("アジルサルタンへ変更", ("medication_or_treatment", "アジルサルタン")),
    ("要介護３の認定", ("disability", "要介護３")),
    ("身体障害者手帳1級を所持", ("disability", "身体障害者手帳1級")),
    ("窃盗罪で懲役1年・執行猶予3年の判決", ("criminal_record", "窃盗罪で懲役1年・執行猶予3年")),
    ("在日コリアン三世です", ("race_ethnicity", "在日コリアン三世")),
    ("夫からの暴力で転居", ("crime_victim", "夫からの暴力")),
    ("本籍 福島県会津若松市追手町1番", ("registered_domicile", "福島県会津若松市追手町1番")),
]


@pytest.mark.parametrize(("text", "expected"), BORDERS, ids=[t for t, _ in BORDERS])
def test_finds_with_exact_borders(detector: SensitiveDetector, labels: LabelBook, text: str, expected: tuple[str, str]) -> None:
    assert expected in found(detector, labels, text)


SILENT = [
    "みんなでがんばろう。スローガンはガンダム、オルガン、がんもどき",
    "平がんな、丸がんな、刃を研ぐ。クレーンのオペは交代制",
    "DM発送可否 DM不要",
    "システム障害の復旧、通信障害、障害物",
    "がん検診のお申し込み、がん保険、大腸がん検診受診率",
    "生協の組合員番号、組合員活動",
    "美術と芸術の技術、話術",
    "重症度と発症、無症状",
    "エイプリルフール、コントロール、高戸橋ビル、ガムテープ",
    "入院日額5,000円 手術共済金 通院保障",
    "再発防止策、再発行、骨折り損",
    "身分証明書、認知度、集落、性能",
    "保護観察所、少年野球、執行役員",
    "アイヌ文化の展示、民族料理",
    "血圧は130/80mmHg未満を目標に",
    "年金手帳、母子手帳、簿記2級",
]


@pytest.mark.parametrize("text", SILENT)
def test_stays_silent(detector: SensitiveDetector, labels: LabelBook, text: str) -> None:
    assert found(detector, labels, text) == []


def test_abbreviations_need_medical_company(detector: SensitiveDetector, labels: LabelBook) -> None:
    assert found(detector, labels, "DMとHTの違いをADで管理、CDとMSも") == []
    assert ("health_condition", "DM") in found(detector, labels, "告知:HT(H28~) DM(R1~) メトホルミン内服")


def test_diagnosis_column_takes_unlisted_diseases_whole(detector: SensitiveDetector, labels: LabelBook) -> None:
    rows = [
        ["氏名", "傷病名", "入院日数", "備考"],
        ["佐藤 一", "クリッペル・ウェーバー、鉄欠乏", "12", ""],
        ["鈴木 二", "なし", "3", "受付済"],
        ["高橋 三", "(ア)胃体部腫瘍の疑い", "8", ""],
    ]
    values = [v for e, v, _ in cells(detector, labels, rows) if e == "health_condition"]
    assert values == ["クリッペル・ウェーバー", "鉄欠乏", "胃体部腫瘍"]


def test_checkup_columns_are_results_and_product_tables_are_not(detector: SensitiveDetector, labels: LabelBook) -> None:
    rows = [
        ["番号", "氏名", "身長", "HbA1c", "心電図"],
        ["1", "佐藤 一", "171", "5.9", "異常なし"],
        ["2", "鈴木 二", "160", "6.2", "要精検"],
    ]
    assert [v for e, v, _ in cells(detector, labels, rows) if e == "exam_result"] == [
        "171", "5.9", "異常なし", "160", "6.2", "要精検",
    ]  # fmt: skip
    product = [["コード", "品名", "体重", "価格"], ["1", "体重計 S-10", "1.2", "3980"], ["2", "体重計 S-20", "1.4", "4980"]]
    assert [c for c in cells(detector, labels, product) if c[0] == "exam_result"] == []


def test_results_by_row_leave_the_reference_values(detector: SensitiveDetector, labels: LabelBook) -> None:
    rows = [
        ["検査項目", "結果", "単位", "基準値"],
        ["AST", "64", "U/L", "10~40"],
        ["HbA1c", "8.9", "%", "4.6~6.2"],
        ["HCV抗体", "陽性", "", "陰性"],
    ]
    assert [v for e, v, _ in cells(detector, labels, rows) if e == "exam_result"] == ["64", "8.9", "陽性"]


def test_circle_in_a_disease_column_answers_for_its_row(detector: SensitiveDetector, labels: LabelBook) -> None:
    rows = [
        ["氏名", "糖尿病", "高血圧", "人数"],
        ["佐藤 一", "○", "", "1"],
        ["鈴木 二", "", "○", "2"],
        ["高橋 三", "○", "○", "1"],
    ]
    assert [r for *_, r in cells(detector, labels, rows)] == ["column.answer"] * 4
    figures = [["市町村", "糖尿病", "人口"], ["山形市", "61.2", "242505"], ["米沢市", "66.0", "77104"]]
    assert cells(detector, labels, figures) == []


def test_no_match_crosses_a_cell(detector: SensitiveDetector, labels: LabelBook) -> None:
    rows = [["右大腿骨", "頸部骨折", "HbA1c"], ["7.8%", "慢性", "腎不全"]]
    assert all("\t" not in v and "\n" not in v for _, v, _ in cells(detector, labels, rows))


def test_every_match_has_categories_and_strength(detector: SensitiveDetector, labels: LabelBook) -> None:
    (block,) = BlockWriter().text("うつ病で通院、前科あり、クリスチャン、要介護2、LDL 171", Line(1))
    matches = [m for m in detector.detect([Arranger(labels).read(read(block))]) if isinstance(m, Match)]
    assert len(matches) >= 6
    assert all(m.categories and isinstance(m.strength, Strength) for m in matches)


def test_lone_surrogates_do_not_stop_it(detector: SensitiveDetector, labels: LabelBook) -> None:
    (block,) = BlockWriter().text("\ud800糖尿病\udfffで通院中", Line(1))
    matches = [m for m in detector.detect([Arranger(labels).read(read(block))]) if isinstance(m, Match)]
    assert ("health_condition", 1, 4) in [(m.entity, m.start, m.end) for m in matches]


def test_loader_names_file_and_table(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[[term]]\nid = "x.y"\nentity = "creed"\ncategories = []\nwordz = ["a"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.toml: term 'x\.y'"):
        lexicon.load(tmp_path)


def test_loader_leaves_other_tables_alone(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[[rule]]\nid = "z"\nanything = 1\n[[label]]\nentity = ""\n', encoding="utf-8")
    assert lexicon.load(tmp_path).words == ()


def test_automaton_stays_within_its_budget_and_no_word_is_its_own_lookalike() -> None:
    known = lexicon.load(PATTERNS)
    assert len(known.words) <= 20_000
    assert not known.lookalikes & (set(known.terms) | set(known.tails) | set(known.analytes))


BORDERS = [
    [["症状", "鉄欠乏性貧血"], ["鉄欠乏性貧血", "症状"], ["経過", "軽快"]],
    [["傷病名", "部位", "治療"], ["骨折", "右足", "手術"], ["糖尿", "病棟", "点滴"], ["急性", "胃炎", "安静"]],
    [["罪名", "刑期"], ["窃盗罪で", "懲役1年"], ["有罪", "判決"], ["逮捕", "起訴"]],
    [["検査項目", "結果", "判定"], ["HbA1c", "7.2", "C"], ["血圧", "138/92", "要再検査"], ["LDL", "155", "C"]],
    [["障害者手帳", "2級"], ["身体障害者", "手帳"], ["要介護", "3"], ["ステージ", "IIA"]],
    [["在日", "韓国人"], ["被差別部落", "出身"], ["労働組合", "書記長"], ["本籍", "東京都千代田区"]],
]


@pytest.mark.parametrize("rows", BORDERS)
@pytest.mark.parametrize("shape", ["table", "turned", "pairs", "wide"])
def test_no_match_crosses_a_cell_border(detector: SensitiveDetector, labels: LabelBook, rows: list[list[str]], shape: str) -> None:
    if shape == "turned":
        rows = [[row[i] if i < len(row) else "" for row in rows] for i in range(max(map(len, rows)))]
    if shape == "wide":
        rows = [[cell for row in rows for cell in row]] * 2
    writer = BlockWriter()
    if shape == "pairs":
        blocks = list(writer.pairs(((row[0], row[-1], 1) for row in rows), Key("x")))
    else:
        blocks = list(writer.table(((r, list(enumerate(row, 1))) for r, row in enumerate(rows, 1)), Cell("x", 1, 1)))
    arranger = Arranger(labels)
    for m in detector.detect([arranger.read(read(b)) for b in blocks]):
        assert isinstance(m, Match)
        assert not set("\t\n") & set(blocks[m.block].text[m.start : m.end])


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("右足ねんざのため見学", "health_condition", "右足ねんざ"),
        ("跳び箱で左手小指を突き指", "health_condition", "左手小指を突き指"),
        ("転んで尾てい骨にひびが入った", "health_condition", "尾てい骨にひび"),
        ("ゴシュジンガ シンキンコウソクデ 休ミ", "health_condition", "シンキンコウソク"),
        ("ﾘｭｳﾏﾁ ｶﾞ ﾜﾙｲ", "health_condition", "ﾘｭｳﾏﾁ"),
        ("本人ハ ヨウカイゴ4 ショメイ デキナイ", "disability", "ヨウカイゴ4"),
        ("整形外科に通っています。", "medication_or_treatment", "整形外科に通ってい"),
        ("母迎え 脳神経外科受診", "medication_or_treatment", "脳神経外科受診"),
        ("0.5mL 皮下接種", "medication_or_treatment", "0.5mL 皮下接種"),
        ("三角巾固定、被覆", "medication_or_treatment", "三角巾固定"),
        ("タイミング指導6周期", "medication_or_treatment", "タイミング指導6周期"),
        ("17:10 BT37.8 P96 BP104/58", "exam_result", "P96"),
        ("意識JCS0 呼吸18 脈拍88 血圧146/84", "exam_result", "呼吸18"),
    ],
)
def test_composed_words(detector: SensitiveDetector, labels: LabelBook, text: str, entity: str, value: str) -> None:
    hits = found(detector, labels, text)
    assert any(e == entity and v.startswith(value) for e, v in hits), hits


@pytest.mark.parametrize("text", ["ヤキュウチュウケイ", "シンキンコウソクドウロ", "内科受診を勧めた。", "ひびきの丘"])
def test_composed_words_stay_silent(detector: SensitiveDetector, labels: LabelBook, text: str) -> None:
    assert found(detector, labels, text) == []


def test_lists_of_examinations_and_columns_of_vital_signs(detector: SensitiveDetector, labels: LabelBook) -> None:
    listed = cells(
        detector, labels, [["検査", "結果", "区分"], ["腹部超音波", "胆のうポリープ 4mm", "C"], ["骨密度(YAM)", "79%", "D"]]
    )
    assert {v for e, v, _ in listed if e == "exam_result"} == {"胆のうポリープ 4mm", "C", "79%", "D"}
    goods = cells(detector, labels, [["検査項目", "結果", "判定"], ["外観", "良", "合格"], ["寸法", "12.1", "A"]])
    assert not [g for g in goods if g[0] == "exam_result"]
    vital = cells(detector, labels, [["組・氏名", "体温", "連絡"], ["2-1 更科 律", "36.6", "母"], ["2-2 千曲 忠", "36.9", "父"]])
    assert [v for e, v, r in vital if r == "column.vital"] == ["36.6", "36.9"]
