"""Sensitive facts in the wordings in which people write them, and the same words where they say nothing about anybody."""

from __future__ import annotations

import pytest

from tests.classify.samples import Bench, Drawn

_BENCH = Bench()
WHO = "⟦person_name/subject|大月 由布子⟧"

SAID = [
    ("カトリックの信者で日曜は教会に通っている", "creed"),
    ("熱心な浄土真宗の門徒である", "creed"),
    ("信仰上の理由から輸血は拒否している", "creed"),
    ("ラマダン中のため断食中", "creed"),
    ("日本共産党の党員だった", "creed"),
    ("反原発デモに参加していた", "creed"),
    ("父が在日韓国人二世である", "race_ethnicity"),
    ("クルド人の家庭に育った", "race_ethnicity"),
    ("フィリピンにルーツを持つ", "race_ethnicity"),
    ("祖母がアイヌの血を引いている", "race_ethnicity"),
    ("被差別部落の出身である", "social_status"),
    ("父から認知されていない", "social_status"),
    ("婚姻外の子として生まれた", "social_status"),
    ("旧藩士の家系である", "family_origin"),
    ("由緒ある旧家の出", "family_origin"),
    ("子爵家の末裔だという", "family_origin"),
    ("三和製作所労働組合の書記長を務める", "labor_union_membership"),
    ("先月ユニオンに加入した", "labor_union_membership"),
    ("組合専従として休職中", "labor_union_membership"),
    ("ゲイであることを上司に打ち明けた", "sexual_life"),
    ("同性のパートナーと暮らしている", "sexual_life"),
    ("戸籍は男だけど、心は女だと話した", "sexual_life"),
    ("元夫に何度も殴られた", "crime_victim"),
    ("見知らぬ男に財布を盗まれ、被害届を提出した", "crime_victim"),
    ("投資詐欺の被害に遭った", "crime_victim"),
    ("横領の疑いで3月4日に逮捕された", "criminal_procedure"),
    ("警察で事情聴取を受けた", "criminal_procedure"),
    ("府中刑務所で3年服役した", "criminal_record"),
    ("少年院を仮退院した", "juvenile_procedure"),
    ("家裁調査官の面接を受ける", "juvenile_procedure"),
    ("療育手帳はB1です", "disability"),
    ("身体2級、車椅子を使用している", "disability"),
    ("両目がほとんど見えない", "disability"),
    ("妊娠33週で切迫早産", "medical_history"),
    ("38.9度の熱が出た", "medical_history"),
    ("右膝の半月板損傷", "medical_history"),
    ("心療内科に通院している", "medical_care"),
    ("リワークプログラムに参加した", "medical_care"),
    ("スルバクタムを3日間", "medical_care"),
]


@pytest.mark.parametrize(("said", "category"), SAID)
def test_said_of_somebody(said: str, category: str) -> None:
    facts = _BENCH.facts(Drawn().text(f"相談者 氏名: {WHO}\n{said}。"))
    assert category in facts.special_care + facts.sensitive_only


@pytest.mark.parametrize(("said", "category"), SAID)
def test_said_of_nobody(said: str, category: str) -> None:
    facts = _BENCH.facts(Drawn().text(f"研修資料 よくある例\n「{said}」といった場合の窓口のご案内です。"))
    assert (facts.special_care, facts.sensitive_only) == ((), ())


NOTHING = [
    "認知症カフェの案内を渡した",
    "部落会の当番を引き受けた",
    "クリスチャンディオールの傘を忘れた",
    "ガールズハーフマラソンに申し込んだ",
    "韓国系企業に勤めている",
    "生協の組合員になった",
    "マンション管理組合の理事を務める",
    "血統書付きの犬を飼っている",
    "家系ラーメンが好きだと話した",
    "台風被害に遭った納屋の写真を受け取った",
    "公判中の事件、執行猶予期間中の事件はいずれもありません",
    "前科、逮捕歴はいずれもありません",
    "少年野球の審判をしている",
    "盗難保険の資料を送った",
    "サーバー障害で送信が遅れた",
    "視覚障害者用の音声版を希望された",
    "英検2級を持っている",
    "ヘアピンの落とし物を預かった",
]


@pytest.mark.parametrize("said", NOTHING)
def test_says_nothing(said: str) -> None:
    facts = _BENCH.facts(Drawn().text(f"相談者 氏名: {WHO}\n{said}。"))
    assert (facts.special_care, facts.sensitive_only) == ((), ())


def test_offices_count_in_a_unions_own_text_alone() -> None:
    body = f"\n委員長 ⟦person_name|江口 修⟧、書記次長 {WHO}\n以上"
    assert _BENCH.facts(Drawn().text("労働組合ニュース 新執行部" + body)).sensitive_only == ("labor_union_membership",)
    assert _BENCH.facts(Drawn().text("町内会だより 新役員" + body)).sensitive_only == ()


@pytest.mark.parametrize(("header", "expected"), [("労組費", ("labor_union_membership",)), ("親睦会費", ())])
def test_dues_kept_back_tell_of_membership(header: str, expected: tuple[str, ...]) -> None:
    rows = [["社員番号", "氏名", header], ["1001", WHO, "2,400"], ["1002", "⟦person_name/subject|江口 修⟧", "0"]]
    assert _BENCH.facts(Drawn().table(rows)).sensitive_only == expected


def test_examinations_under_two_rows_of_headers() -> None:
    rows = [
        ["氏名", "血圧", "", "視力", "", "肝機能", ""],
        ["", "最高", "最低", "右", "左", "AST", "γ-GTP"],
        [WHO, "128", "82", "1.2", "0.8", "24", "31"],
        ["⟦person_name/subject|江口 修⟧", "141", "93", "0.7", "0.7", "55", "120"],
    ]
    drawn = Drawn().table(rows)
    facts = _BENCH.facts(drawn)
    assert facts.special_care == ("health_checkup_result",)
    assert [v for e, v in _BENCH.sensitive(drawn, facts) if e == "exam_result"] == rows[2][1:] + rows[3][1:]


def test_examinations_grouped_by_merged_headers() -> None:
    rows = [
        ["氏名", "計測", "", "血圧(mmHg)", "", "聴力", "", "尿", "", "胸部", "総合判定"],
        ["", "BMI", "腹囲\ncm", "収縮", "拡張", "右1000", "左4000", "糖", "蛋白", "X線", ""],
        [WHO, "23.6", "85.0", "128", "82", "所見なし", "所見あり", "(-)", "(±)", "異常なし", "C2"],
    ]
    drawn = Drawn().table(rows)
    facts = _BENCH.facts(drawn)
    assert [v for e, v in _BENCH.sensitive(drawn, facts) if e == "exam_result"] == rows[2][1:]


def test_office_is_shown_without_the_unions_name() -> None:
    drawn = Drawn().text(f"連絡先\n三和製作所労働組合の書記長 {WHO}\n以上")
    assert _BENCH.sensitive(drawn, _BENCH.facts(drawn)) == [("labour_union", "書記長")]


def test_source_code_is_about_nobody() -> None:
    code = """import re

CODES = {"E11": "2型糖尿病"}

def check(row):
    if row.get("name"):
        return CODES[row["disease"]]
    return None

class Form:
    def save(self):
        raise ValueError(self)
"""
    facts = _BENCH.facts(Drawn().text(code + f"# {WHO}\n"))
    assert facts.special_care == ()


def test_bracket_behind_a_name_is_about_its_bearer() -> None:
    facts = _BENCH.facts(Drawn().text("講師の⟦person_name/staff|中北 孝⟧氏(被差別部落の出身であることを自ら語ってこられた方)。"))
    assert facts.special_care == ("social_status",)
