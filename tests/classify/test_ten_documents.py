"""The ten documents of the taxonomy, chapter 6: what must be found in them and what must not."""

from __future__ import annotations

import pytest

from scanner import resources
from scanner.model import Section
from tests.classify.samples import Bench, Drawn, evidence_of, kept


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


CLAIM = """共済金請求書（入院・手術）            受付番号 C2024-001873
共済契約番号 ⟦policy_number|12-3456789-0⟧   組合員番号 ⟦member_number|20481159⟧   請求日 令和6年5月20日
【被共済者】氏名 ⟦person_name/subject|佐藤 みなみ⟧  フリガナ ⟦person_name|サトウ ミナミ⟧
生年月日 ⟦birth_date|昭和60年3月4日⟧  性別 女
【請求内容】☑入院 ☑手術 □通院   傷病名 S状結腸癌   入院期間 2024/04/02〜2024/04/29（28日）
手術日 2024/04/05  手術名 腹腔鏡下S状結腸切除術   医療機関 〇〇大学病院 外科 主治医 ⟦person_name|田中 誠⟧
原因 病気  初診日 2024/03/11
【振込先】〇〇銀行 新宿支店(123) 普通 ⟦bank_account|1234567⟧ ⟦person_name|サトウ ミナミ⟧
個人番号 ⟦my_number|1234 5678 9018⟧（支払調書用）
【告知】過去5年以内の病気: 有（2019年 高血圧症 内服中）  署名 ⟦person_name/subject|佐藤みなみ⟧ ㊞
"""


def test_claim_form_gives_history_and_care_of_its_member(bench: Bench) -> None:
    drawn = Drawn().text(CLAIM)
    facts = bench.facts(drawn)
    assert set(facts.special_care) == {"medical_history", "medical_care"}
    assert evidence_of(facts, "medical_history") == "linked_direct"
    found = bench.sensitive(drawn, facts)
    assert ("health_condition", "S状結腸癌") in found
    assert ("health_condition", "高血圧症") in found
    assert ("medication_or_treatment", "腹腔鏡下S状結腸切除術") in found
    assert not any("通院" in text for _, text in found)
    assert (facts.persons_lower, facts.professionals) == (1, 1)
    assert facts.severity == "S5"
    assert str(facts.nature) == "extract_like"
    numbers = [f for f in facts.findings if f.entity == "my_number"]
    assert len(numbers) == 1
    assert (numbers[0].masked, numbers[0].digest, numbers[0].finding_id) == ("", "", "")


DISCLOSURE = """健康に関する告知書  契約番号 新規  被共済者 ⟦person_name/subject|高橋 直人⟧（⟦birth_date|1991年8月2日⟧生）続柄 本人
1. 現在、病気やけがで医師の診察・検査・治療・投薬を受けていますか。 いいえ
2. 過去5年以内に下記の病気で… がん いいえ／脳卒中 いいえ／高血圧 はい（2023年〜 服薬中）／糖尿病 いいえ
3. 身体の障害がありますか。 いいえ   4. 身長172cm 体重68kg   喫煙 1日10本
"""


def test_disclosure_counts_only_what_was_answered_yes(bench: Bench) -> None:
    drawn = Drawn().text(DISCLOSURE)
    facts = bench.facts(drawn)
    found = bench.sensitive(drawn, facts)
    assert ("health_condition", "高血圧") in found
    for disease in ("がん", "脳卒中", "糖尿病"):
        assert ("health_condition", disease) not in found
    assert "medical_history" in facts.special_care
    assert "disability" not in facts.special_care
    assert "health_checkup_result" not in facts.special_care


CERTIFICATE = """診断書  氏名          年齢 60代 男性   傷病名 右大腿骨頸部骨折（S72.0）、心房細動(AF)
受傷日 2025/01/10 転倒   入院 2025/01/10〜2025/02/07   手術 人工骨頭挿入術(K081)
障害者手帳 身体2級申請予定  HbA1c 7.2%  既往歴 DM, HT  予後 リハビリ継続
〇〇市民病院  医師 ⟦person_name|中川 玲⟧
"""


def test_certificate_without_name_takes_the_person_from_the_file_name(bench: Bench) -> None:
    facts = bench.facts(Drawn().text(CERTIFICATE), name="/share/請求書類/佐藤みなみ_診断書.jpg")
    assert "medical_history" in facts.special_care
    best = max(c.confidence for c in kept(facts, "health_condition"))
    assert best <= 0.55
    assert facts.professionals == 1


def test_certificate_without_any_name_stays_unlinked(bench: Bench) -> None:
    facts = bench.facts(Drawn().text(CERTIFICATE), name="/share/scan0001.jpg")
    assert facts.special_care == ()
    assert evidence_of(facts, "medical_history") in ("asserted_unlinked", "mention")


CHECKUP = [
    ["社員番号", "氏名", "生年月日", "身長", "体重", "腹囲", "血圧", "HbA1c", "LDL", "γ-GTP", "便潜血", "総合判定", "産業医意見"],
    [
        "⟦member_number|E00121⟧",
        "⟦person_name/subject|田中一郎⟧",
        "⟦birth_date|1979-02-11⟧",
        "171",
        "78",
        "88",
        "138/92",
        "5.9",
        "155",
        "96",
        "(-)",
        "C",
        "要経過観察",
    ],
    [
        "⟦member_number|E00122⟧",
        "",
        "⟦birth_date|1988-09-03⟧",
        "160",
        "54",
        "70",
        "118/72",
        "5.1",
        "108",
        "18",
        "(-)",
        "A",
        "就業制限なし",
    ],
]


def test_checkup_table_is_results_of_every_row(bench: Bench) -> None:
    drawn = Drawn().table(CHECKUP)
    facts = bench.facts(drawn)
    assert facts.special_care == ("health_checkup_result",)
    results = kept(facts, "exam_result")
    assert len(results) == 20
    assert {str(c.evidence) for c in results} == {"linked_direct", "linked_indirect"}
    assert str(facts.nature) == "database_like"
    assert facts.persons_lower <= 2 <= facts.persons_upper


ROSTER = [
    ["組合員番号", "氏名", "フリガナ", "郵便番号", "住所", "電話", "メール", "加入商品", "DM発送可否"],
    [
        "⟦member_number|20481159⟧",
        "⟦person_name/subject|佐藤 みなみ⟧",
        "⟦person_name|サトウ ミナミ⟧",
        "160-0000",
        "東京都新宿区",
        "090-0000-0001",
        "m.sato@example.jp",
        "こども共済・火災共済",
        "可",
    ],
    [
        "⟦member_number|20481160⟧",
        "⟦person_name/subject|鈴木 健⟧",
        "⟦person_name|スズキ ケン⟧",
        "160-0000",
        "東京都新宿区",
        "090-0000-0002",
        "",
        "医療共済（がん特約付き）",
        "不可",
    ],
]


def test_roster_holds_no_illness(bench: Bench) -> None:
    drawn = Drawn().table(ROSTER)
    facts = bench.facts(drawn)
    assert facts.special_care == ()
    assert bench.sensitive(drawn, facts) == []
    assert facts.persons_lower == 2
    assert facts.severity == "S3"


def test_mail_thread_links_within_its_message_only(bench: Bench) -> None:
    drawn = (
        Drawn()
        .text("【事故受付】契約 ⟦policy_number|12-3456789-0⟧ 様 11/3 交通事故", section=Section.SUBJECT)
        .text(
            "加藤さん  契約者 ⟦person_name/subject|佐藤みなみ⟧様より入電。"
            "11/3 8:10 頃、渋谷区〇〇交差点で自転車同士の事故。右手首骨折で\n"
            "〇〇クリニック受診、加療1か月見込み。人身事故として渋谷警察署に届出済（受理番号 第2511030045号）。"
        )
        .text("ありがとうございます。がん保険の約款改定の件は別途お送りします。\n加藤 陽子", section=Section.QUOTED, scope=1)
    )
    facts = bench.facts(drawn)
    found = bench.sensitive(drawn, facts)
    assert ("health_condition", "右手首骨折") in found
    assert not any("がん" in text for _, text in found)
    assert {"medical_history", "medical_care"} <= set(facts.special_care)
    assert facts.certainty.get("crime_victim") == "review"
    assert str(facts.nature) == "scattered"


RESUME = """履歴書 2026年4月入社希望  氏名 ⟦person_name/subject|山本 彩⟧  本籍 福島県（旧様式）
生年月日 ⟦birth_date|平成15年6月1日⟧
家族: 父 ⟦person_name/family|健一⟧（自営業）母 ⟦person_name/family|恵子⟧   配偶者 無   趣味: バスケットボール  通勤 45分
健康状態: 良好  既往歴: なし  特記: 発達障害（ADHD）診断あり、合理的配慮希望
賞罰: なし   志望動機 …  国籍: 日本  身長 160cm
"""


def test_resume_gives_disability_and_domicile_but_no_crime(bench: Bench) -> None:
    drawn = Drawn().text(RESUME)
    facts = bench.facts(drawn)
    assert "disability" in facts.special_care
    assert "registered_domicile" in facts.sensitive_only
    assert "criminal_record" not in facts.special_care
    assert "race_ethnicity" not in facts.special_care
    assert facts.persons_lower == 3


MINUTES = """第3号議案 共済金支払審査（案件番号 7〜11）
・案件7（50代男性）: 脳出血後の後遺障害、自発的な通院あり。支払妥当。
・案件9（契約番号 ⟦policy_number|12-3456789-0⟧）: 統合失調症で免責検討、否認 1件。
・案件11（Sさん・女性・⟦birth_date|8月10日⟧生）: 交通事故の加害者として書類送検済み。免責該当なし。
なお、統計として入院共済金の38%ががんであった。
"""


def test_minutes_part_their_cases(bench: Bench) -> None:
    drawn = Drawn().text(MINUTES)
    facts = bench.facts(drawn)
    by_text = {drawn.blocks[0].text[c.match.start : c.match.end]: str(c.evidence) for c in facts.matches if c.evidence}
    assert by_text["統合失調症"] == "linked_indirect"
    assert by_text["脳出血"] == "asserted_unlinked"
    assert any(t.startswith("書類送検") and e == "linked_indirect" for t, e in by_text.items())
    assert "がん" not in by_text
    assert {"medical_history", "criminal_procedure"} <= set(facts.special_care)


LEAFLET = """令和7年度 がん検診・特定健診のお知らせ  対象: 組合員とご家族  日時: 10/19（日）9:00〜 会場 〇〇公民館
胃がん・肺がん・大腸がん検診、うつ病セルフチェック体験、HbA1c 無料測定。申込 0120-000-000
主催 〇〇共済生活協同組合　担当 組合員サービス課 ⟦person_name|山田 太郎⟧
"""


def test_leaflet_is_about_nobody(bench: Bench) -> None:
    drawn = Drawn().text(LEAFLET)
    facts = bench.facts(drawn)
    assert facts.special_care == () and facts.sensitive_only == ()
    assert bench.sensitive(drawn, facts) == []
    assert facts.persons_lower == 0


def test_privacy_policy_gives_nothing(bench: Bench) -> None:
    root = resources.folder("patterns").parent
    found = [p for p in (root, root.parent) if (p / "shared" / "domain" / "privacy-policy.txt").exists()]
    if not found:
        pytest.skip("the policy text is not here")
    path = found[0] / "shared" / "domain" / "privacy-policy.txt"
    drawn = Drawn().text(path.read_text(encoding="utf-8"))
    facts = bench.facts(drawn)
    assert facts.special_care == () and facts.sensitive_only == ()
    assert facts.matches == () and facts.findings == ()
    assert facts.severity in ("S0", "S1")
