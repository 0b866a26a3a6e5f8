"""Numbers, contacts and accounts in text, forms, tables and pairs: each with its exact value, and the look-alikes that are none."""

from __future__ import annotations

import time

import pytest

from scanner.model import Line, Match
from scanner.text.blocks import BlockWriter

from .finding import arranged, book, detectors, in_pairs, in_table, in_text, matches

SENTENCES = [
    ("マイナンバーは123456789018です", "my_number", "123456789018"),
    ("個人番号１２３４５６７８９０１８", "my_number", "１２３４５６７８９０１８"),
    ("カード番号は4111111111111111です", "credit_card", "4111111111111111"),
    ("メールはtaro@example.co.jpです", "email_address", "taro@example.co.jp"),
    ("旅券番号TR1234567を確認", "passport_number", "TR1234567"),
    ("住所は150-0041東京都", "postal_code", "150-0041"),
]


@pytest.mark.parametrize(("text", "entity", "value"), SENTENCES)
def test_the_six_sentences(text: str, entity: str, value: str) -> None:
    assert (entity, value) in in_text(text)


TEXT = [
    ("電話 03-1234-5678", "phone_number", "03-1234-5678"),
    ("TEL：０３－１２３４－５６７８", "phone_number", "０３－１２３４－５６７８"),
    ("(03)1234-5678 まで折り返しください", "phone_number", "(03)1234-5678"),
    ("ご自宅は03(1234)5678です", "phone_number", "03(1234)5678"),
    ("携帯:090 1234 5678", "phone_number", "090 1234 5678"),
    ("本人携帯０９０１２３４５６７８", "phone_number", "０９０１２３４５６７８"),
    ("連絡先は+81-90-1234-5678", "phone_number", "+81-90-1234-5678"),
    ("電話番号 0742-52-1183(内線 4021)", "phone_number", "0742-52-1183"),
    ("TEL 0312345678", "phone_number", "0312345678"),
    ("FAX: 0742‐52‐1183", "phone_number", "0742‐52‐1183"),
    ("電話：０４ー７１２３ー４５６７", "phone_number", "０４ー７１２３ー４５６７"),
    ("お問い合わせはお客様センター 03-1234-5678", "business_phone", "03-1234-5678"),
    ("代表電話：03-1234-5678", "business_phone", "03-1234-5678"),
    ("株式会社やまと 本社 TEL 06-6552-9038", "business_phone", "06-6552-9038"),
    ("フリーダイヤル0120-310-558", "business_phone", "0120-310-558"),
    ("〒060-0042 札幌市中央区大通西", "postal_code", "060-0042"),
    ("〒０６００８０８", "postal_code", "０６００８０８"),
    ("郵便番号：6191106", "postal_code", "6191106"),
    ("連絡先：hana.yamada+koop@mail.example.jp", "email_address", "hana.yamada+koop@mail.example.jp"),
    ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐへ", "email_address", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ"),
    ("<a href='mailto:x_1@kumo.example.ne.jp'>", "email_address", "x_1@kumo.example.ne.jp"),
    ("個人番号（マイナンバー）: 1234-5678-9018", "my_number", "1234-5678-9018"),
    ("マイナンバー\n1234 5678 9018", "my_number", "1234 5678 9018"),
    ("個人番号 1 2 3 4 5 6 7 8 9 0 1 8", "my_number", "1 2 3 4 5 6 7 8 9 0 1 8"),
    ("法人番号：1180301018771", "corporate_number", "1180301018771"),
    ("登録番号 T7000012050002", "corporate_number", "7000012050002"),
    ("運転免許証（第301912345680号）", "drivers_license", "301912345680"),
    ("免許証番号 4509-0012-3410", "drivers_license", "4509-0012-3410"),
    ("パスポート番号：TK8830417", "passport_number", "TK8830417"),
    ("在留カード番号 AB12345678CD", "residence_card", "AB12345678CD"),
    ("特別永住者証明書：ＡＢ１２３４５６７８ＣＤ", "residence_card", "ＡＢ１２３４５６７８ＣＤ"),
    ("基礎年金番号　1234-567890", "basic_pension_number", "1234-567890"),
    ("基礎年金番号は1234567890", "basic_pension_number", "1234567890"),
    ("住民票コード：12345678901", "resident_record_code", "12345678901"),
    ("雇用保険被保険者番号 1234-567890-1", "employment_insurance_id", "1234-567890-1"),
    ("介護保険被保険者番号 0049591100", "care_insurance_id", "0049591100"),
    ("保険者番号 33120015", "insurer_number", "33120015"),
    ("後期高齢者医療被保険者番号：12975025", "health_insurance_id", "12975025"),
    ("口座番号　普通　0284713", "bank_account", "0284713"),
    ("さくら信用金庫 本町支店 普通預金 1234567", "bank_account", "1234567"),
    ("クレジットカード 5555 5555 5555 4444 期限 11/27", "credit_card", "5555 5555 5555 4444"),
    ("組合員番号：2200817435", "member_number", "2200817435"),
    ("共済契約番号 0381-22-419076", "policy_number", "0381-22-419076"),
    ("性別：女", "gender", "女"),
    ("性別　□男　■女", "gender", "女"),
    ("年齢：52歳", "age", "52歳"),
]


@pytest.mark.parametrize(("text", "entity", "value"), TEXT)
def test_in_running_text_and_forms(text: str, entity: str, value: str) -> None:
    assert in_text(text) == [(entity, value)]


def test_symbol_and_number_each_by_itself() -> None:
    assert in_text("健康保険証 記号 25110073 番号 208 枝番 00") == [
        ("health_insurance_id", "25110073"),
        ("health_insurance_id", "208"),
    ]
    assert in_text("ゆうちょ銀行 記号 11940 番号 12345671") == [("bank_account", "11940"), ("bank_account", "12345671")]
    assert in_pairs(("保険.保険者番号", "130716"), ("保険.記号", "豊島52"), ("保険.番号", "041-882"), ("保険.枝番", "02")) == [
        ("insurer_number", "130716"),
        ("health_insurance_id", "豊島52"),
        ("health_insurance_id", "041-882"),
    ]


def test_insured_number_by_what_stands_around_and_its_shape() -> None:
    assert in_text("被保険者番号：0049591100") == [("care_insurance_id", "0049591100")]
    assert in_text("被保険者番号：1234-567890-1") == [("employment_insurance_id", "1234-567890-1")]
    assert in_text("被保険者番号：12975025") == [("health_insurance_id", "12975025")]


NOTHING = [
    "見積番号 024-0315-0001",
    "品番 0120-333-9999",
    "型番: 03-1234-5678",
    "伝票番号 4107-2286-9935",
    "送り状番号 123456789018",
    "お問い合わせ番号 1234-5678-9018",
    "受付番号 24-0917-00382",
    "受付番号 301912345680",
    "管理番号 602411220007",
    "注文番号 4980-2217-3305-1186",
    "JAN 4901234567894",
    "ISBN 978-4-00-310101-8",
    "ISBN4-00-310101-4",
    "2024-11-18T07:58:03.114+09:00 pid 20741",
    "timestamp=20241125183000 elapsed=090-1203-4471",
    "ip=203.0.113.48 port 50412 trace=4c3a9b1e7d20f6a8",
    "spool id 30120-44-9173",
    "version 3.11.7-150",
    "AKI2024-090-3000",
    "V-101-0023 V-204-1180",
    "d2633d6d-f835-44a2-a08f-62c858347f96",
    "6b86b273ff34fce19d6b804eff5a3f57",
    "bytes=8029471166 files 412087",
    "合計 1,234,567円 税込 0,312,345,678",
    "令和6年11月18日 15:30〜16:00",
    "ロット 20241103881 数量 480",
    "追跡番号 EE123456789JP",
    "国道237号 3丁目4-5",
    "第1234567890号議案",
    "123456789018",
    "301912345680",
    "0312345678",
    "1180301018771 の商品コード",
    "個人番号カードの交付は202411251830に予約",
    "マイナンバー制度のコールセンターは平日9時から",
    "運転免許証 3年 更新",
    "旅券は10年",
    "口座振替 2024年",
    "普通郵便 300円 普通車 50台",
    "カード会社 2024",
    "性別：男・女",
    "男女を問わず 40代女性",
    "満15歳以上の方",
    "backup@sakura icon@2x.png",
    "電話でのお申し込みはできません",
    "保険者番号、記号・番号をご記入ください",
    "年齢：成人",
    "契約番号を確認のうえ",
]


@pytest.mark.parametrize("text", NOTHING)
def test_look_alikes_give_nothing(text: str) -> None:
    assert in_text(text) == []


def test_wrong_check_digit_stays_under_its_label_and_says_so() -> None:
    (match,) = matches(arranged(list(BlockWriter().text("個人番号：123456789012", Line(1)))))
    assert (match.entity, match.score, match.checked) == ("my_number", 0.5, False)
    assert "check digit" in match.cue
    assert in_text("123456789012") == []


def test_no_cue_holds_a_value() -> None:
    for text, _, value in TEXT:
        for match in matches(arranged(list(BlockWriter().text(text, Line(1))))):
            assert value not in match.cue


# ---------------------------------------------------------------- tables


def test_columns_decide_ambiguous_numbers() -> None:
    rows = [("氏名", "個人番号", "免許証番号", "送り状番号", "電話番号")]
    rows += [("甲", "123456789018", "301912345680", "983205673214", "312345678")] * 2
    assert (
        in_table(*rows)
        == [
            ("my_number", "123456789018"),
            ("drivers_license", "301912345680"),
            ("phone_number", "312345678"),
        ]
        * 2
    )


def test_a_labelled_column_takes_any_separator() -> None:
    found = in_table(("氏名", "マイナンバー"), ("甲", "1234 5678 9018"), ("乙", "９８３２－０５６７－３２１４"), ("丙", "未提出"))
    assert found == [("my_number", "1234 5678 9018"), ("my_number", "９８３２－０５６７－３２１４")]


def test_column_without_header_by_its_pass_rate() -> None:
    right = ["123456789018", "983205673214", "111111111118", "107195149932", "364145740152", "360381307057"]
    assert in_table(*[(f"甲{n}", v) for n, v in enumerate(right)]) == [("my_number", v) for v in right]
    mixed = [*right[:3], "426018337181", "358750248161", "873498019561", "799435190781"]
    assert in_table(*[(f"甲{n}", v) for n, v in enumerate(mixed)]) == []


def test_a_row_of_documents_seen() -> None:
    found = in_table(
        ("受付", "お客さま", "確認書類", "番号"),
        ("9:21", "甲", "運転免許証", "第 301912345680 号"),
        ("9:40", "乙", "旅券", "AA7043318"),
        ("9:55", "丙", "年金手帳", "2640-918827"),
        ("9:58", "丁", "定款の写し", "管理番号 450900123410"),
    )
    assert found == [("drivers_license", "301912345680"), ("passport_number", "AA7043318"), ("basic_pension_number", "2640-918827")]


def test_symbol_and_number_columns() -> None:
    found = in_table(
        ("氏名", "保険者番号", "記号", "番号", "枝番"),
        ("甲", "01130012", "21820017", "3094", "00"),
        ("乙", "138016", "豊島52", "041", "01"),
    )
    assert [v for e, v in found if e == "health_insurance_id"] == ["21820017", "3094", "豊島52", "041"]
    persons = in_table(("氏名", "記号", "番号"), ("甲", "21820017", "3094"), ("乙", "豊島52", "041"))
    assert [v for _, v in persons] == ["21820017", "3094", "豊島52", "041"]
    assert in_table(("部品名", "記号", "番号"), ("ねじ", "21820017", "3094"), ("ボルト", "A52", "041")) == []


def test_remark_in_a_column_of_other_things() -> None:
    assert in_table(("日付", "担当"), ("2024/11/5", "堺"), ("※不在時は通訳(080-4402-6619)へ", "堺")) == [
        ("phone_number", "080-4402-6619")
    ]


def test_table_of_firms_holds_business_contacts() -> None:
    found = in_table(
        ("名称", "法人番号", "郵便番号", "所在地", "電話"),
        ("やまと商店", "1180301018771", "990-0831", "山形市西田2-14-8", "023-645-7712"),
    )
    assert found == [("corporate_number", "1180301018771"), ("business_address", "990-0831"), ("business_phone", "023-645-7712")]
    persons = in_table(("氏名", "勤務先", "電話"), ("山田花子", "やまと商店", "023-645-7712"))
    assert persons == [("phone_number", "023-645-7712")]


def test_no_match_crosses_a_cell() -> None:
    assert in_table(("a", "03-1234"), ("5678", "b")) == []
    assert in_table(("x", "マイナンバー", "1234", "5678", "9018")) == []


def test_pairs() -> None:
    found = in_pairs(
        ("sex", "F"),
        ("contact.mobile", "07033918820"),
        ("address.zip", "3290111"),
        ("payment.cardNo", "4111111111111111"),
        ("serverTime", "1731888000"),
    )
    assert found == [
        ("gender", "F"),
        ("phone_number", "07033918820"),
        ("postal_code", "3290111"),
        ("credit_card", "4111111111111111"),
    ]
    insurance = in_pairs(("name", "x"), ("insurance.symbol", "21820017"), ("insurance.number", "3094"))
    assert insurance == [("health_insurance_id", "21820017"), ("health_insurance_id", "3094")]
    account = in_pairs(("payment.bankCode", "0129"), ("payment.branch", "064"), ("payment.account", "0582119"))
    assert account == [("bank_account", "0582119")]


# ---------------------------------------------------------------- mail


def test_role_mailbox_and_sample() -> None:
    def only(text: str) -> Match:
        (match,) = matches(arranged(list(BlockWriter().text(text, Line(1)))))
        return match

    assert only("support@sato-yama.example.jp").score == pytest.approx(0.6)
    assert only("noreply@sato-yama.example.jp").sample
    assert only("user@example.com").sample
    assert not only("taro@example.co.jp").sample
    assert not only("user844@aozora-bb.example.ne.jp").sample
    assert not only("test@kumo.example.com").sample


def test_ids_of_messages_are_no_mail_addresses() -> None:
    assert in_text("Message-ID: <5271A14B.6070701@example.jp>\nFrom: <hana@example.jp>") == [("email_address", "hana@example.jp")]
    assert in_text("References: <a.1@example.jp> <b.2@example.jp>") == []
    assert in_text("$ ssh deploy@build.example.jp") == []


def test_letterhead_and_form() -> None:
    letter = "さくら県農業協同組合 事務局\n〒150-0041 東京都渋谷区神南1-2-3\n電話：03-5357-1666"
    assert ("business_phone", "03-5357-1666") in in_text(letter)
    form = "さくら病院 問診票\n氏名 山田\n電話：03-5357-1666"
    assert ("phone_number", "03-5357-1666") in in_text(form)
    assert ("phone_number", "090-5357-1666") in in_text(letter.replace("03-", "090-"))
    assert in_text("勤務先 株式会社やまと 03-1234-5678") == [("phone_number", "03-1234-5678")]


# ---------------------------------------------------------------- speed


def test_many_rules_do_not_slow_the_scan() -> None:
    line = "2024-12-05 00:17:09 sakura backupd[2417]: scanned 412087 files, changed 3106, bytes=8029471166 from 10.9.0.33\n"
    readings = arranged(list(BlockWriter().text(line * 1_000, Line(1))))
    begun = time.perf_counter()
    assert list(detectors()[0].detect(readings)) == []
    assert time.perf_counter() - begun < 2.0


def test_labels_of_this_project_reach_the_detector() -> None:
    assert book().look("個人番号") is not None
