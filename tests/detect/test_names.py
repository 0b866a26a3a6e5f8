"""Names in labelled places, mail headers and running text, and what only looks like one."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import PersonRole
from tests.detect.reading import ROOT, found, matches, names, table_blocks, text_blocks

FIELDS = [
    ("氏名：有馬　幸雄　殿", ["有馬　幸雄"]),
    ("患者氏名　楠瀬 晴彦　様　㊞", ["楠瀬 晴彦"]),
    ("氏名（フリガナ）：ｲﾜｻｷ ﾏｻﾄ", ["ｲﾜｻｷ ﾏｻﾄ"]),
    ("氏名：髙橋 花恵（旧姓 﨑山）", ["髙橋 花恵", "﨑山"]),
    ("担当：佐藤、鈴木、岡本", ["佐藤", "鈴木", "岡本"]),
    ("主治医：くすのき診療所 滝沢 医師", ["滝沢"]),
    ("保護者氏名：岩﨑 由美子（母）", ["岩﨑 由美子"]),
    ("申請者氏名：山 岸  美 緒", ["山 岸  美 緒"]),
    ("氏名：東海林（とうかいりん）隆", ["東海林", "とうかいりん"]),
    ("契約者名：グエン・ヴァン・フォン", ["グエン・ヴァン・フォン"]),
    ("name: Keiko Murakami", ["Keiko Murakami"]),
]


@pytest.mark.parametrize(("line", "expected"), FIELDS)
def test_value_of_a_label_has_exact_borders(line: str, expected: list[str]) -> None:
    assert found(names(), text_blocks(line))[: len(expected)] == expected


PROSE = [
    ("小林様よりお電話をいただきました。", ["小林"]),
    ("前田課長と打ち合わせ。", ["前田"]),
    ("担任の橋本先生に相談した。", ["橋本"]),
    ("次回は服部 千晶が訪問する。", ["服部 千晶"]),
    ("さくらさんと健さんが来た。", ["さくら", "健"]),
    ("息子の翔太が入院しました。", ["翔太"]),
    ("旧姓は種村です。", ["種村"]),
    ("窓口の対応は 山 田 太 一 が行う。", ["山 田 太 一"]),
    ("お名前は「しょうま」と読みます。", ["しょうま"]),
    ("（受付 安藤）", ["安藤"]),
    ("[2024/09/03 10:12] 石黒: おはようございます。", ["石黒"]),
    ("0012 モリカワ タクヤ 入室", ["モリカワ タクヤ"]),
    ("椿原方に届ける。味方に処方する。", []),
    ("弊社の西村が明日伺います。", ["西村"]),
    ("Best regards, TANAKA Ichiro", ["TANAKA Ichiro"]),
]


@pytest.mark.parametrize(("line", "expected"), PROSE)
def test_names_in_running_text(line: str, expected: list[str]) -> None:
    assert found(names(), text_blocks(line)) == expected


NOT_NAMES = [
    "株式会社佐藤工務店に発注した。",
    "松本商店、山崎製パン、高島屋、中村屋のカレー。",
    "森林公園駅から福島、山口、長崎の各支店へ。",
    "三島町の適応指導教室。石川橋店。千葉大学教授会。",
    "お客様、皆様、奥様、お母さん、業者さん、患者さん、各位。",
    "様々な様式、同様の様子、多様な方法、高さまで。",
    "本部長が決裁する。原子力安全委員会。前二号に掲げる者。",
    "担当：総務部　状態：完了　備考：なし　氏名：同上",
    "「長谷川さんちのりんごジュース」1L 540円",
    "氏名　　　　　　　印　（自署）",
    "function getName(user) { return user.name || 'unknown'; }",
    "Attendee: none. Best regards, the Support Team",
    "user.name=admin level=INFO message=started",
]


@pytest.mark.parametrize("line", NOT_NAMES)
@pytest.mark.parametrize("profile", ["standard", "fast"])
def test_what_only_looks_like_a_name(line: str, profile: str) -> None:
    assert found(names(profile), text_blocks(line)) == []


@pytest.mark.parametrize("profile", ["standard", "fast"])
def test_those_who_ruled_are_told_apart(profile: str) -> None:
    line = "徳川家康は1603年に江戸幕府を開いた。真田氏は城主として入封した。"
    assert {m.rule for _, m in matches(names(profile), text_blocks(line))} <= {"name.history"}


@pytest.mark.parametrize(
    "line",
    [
        "モンレアルは、カナダ・ケベック州の都市である。",
        "造山帯はアルプス・ヒマラヤ造山帯に属し、今も動いている。",
        "アニメでは社名が「猫の宅配便」となっている。",
        "この自治体の首班はロンドン市長である。",
    ],
)
def test_the_tagger_overrules_what_rules_find_in_prose(line: str) -> None:
    assert found(names(), text_blocks(line)) == []


def test_columns_are_judged_by_their_header_and_values() -> None:
    blocks = table_blocks(
        [
            ["No", "氏名", "フリガナ", "担当", "品名"],
            ["1", "一尺八寸 寿美子", "カマツカ スミコ", "内藤", "高橋屋の羊羹"],
            ["2", "（空欄）", "", "〃", "渡辺 りんご"],
            ["3", "堺 モレノ 百合", "サカイ モレノ ユリ", "不明", "佐藤錦"],
            ["4", "株式会社山本", "カ)ヤマモト", "総務課", "千代の富士"],
        ]
    )
    expected = ["一尺八寸 寿美子", "カマツカ スミコ", "内藤", "堺 モレノ 百合", "サカイ モレノ ユリ"]
    assert found(names(), blocks) == expected


def test_payees_headers_of_no_known_label_and_family_rows() -> None:
    rows = [["支払先", "銀行", "支店", "口座番号", "口座名義"], ["有限会社内山", "八十二", "本店", "0012345", "ユ)ウチヤマ"]]
    rows.append(["坂田 学", "八十二", "南", "0054321", "サカタ マナブ"])
    assert found(names(), table_blocks(rows)) == ["坂田 学", "サカタ マナブ"]
    family = [
        ["続柄", "氏名", "生年月日"],
        ["本人", "岸田 徹", "S50.1.1"],
        ["妻", "〃 恵", "S52.2.2"],
        ["長女", "〃 芽衣", "H15.3.3"],
    ]
    assert found(names(), table_blocks(family)) == ["岸田 徹", "恵", "芽衣"]


def test_a_column_of_people_known_from_another_table_needs_no_header() -> None:
    told = table_blocks(
        [["氏名", "担当"], ["佐々木 純", "槇原"], ["石田 朋子", "ルイス"], ["奥村 進", "羽鳥"], ["三木 涼", "羽鳥"]]
    )
    (bare,) = table_blocks([["7012", "槇原"], ["7013", "羽鳥"], ["7014", "ルイス"], ["7015", "東京"]])
    assert found(names("standard"), [*told, replace(bare, index=1)])[-3:] == ["槇原", "羽鳥", "ルイス"]


def test_split_names_have_one_match_per_cell_and_a_common_group() -> None:
    blocks = table_blocks(
        [
            ["会員番号", "姓", "名", "セイ", "メイ"],
            ["7001", "原", "奏", "ハラ", "カナデ"],
            ["7002", "國分", "留吉", "コクブン", "トメキチ"],
        ]
    )
    hits = matches(names(), blocks)
    assert [text for text, _ in hits] == ["原", "奏", "ハラ", "カナデ", "國分", "留吉", "コクブン", "トメキチ"]
    groups = [m.group for _, m in hits]
    assert groups[0] == groups[1] and groups[2] == groups[3] and len(set(groups)) == 4


def test_a_kana_column_beside_companies_is_no_person() -> None:
    blocks = table_blocks(
        [
            ["コード", "会社名", "フリガナ"],
            ["1", "田中屋", "タナカヤ"],
            ["2", "小林精機", "コバヤシセイキ"],
            ["3", "森本", "モリモト"],
        ]
    )
    assert found(names(), blocks) == []


def test_no_match_crosses_a_cell() -> None:
    blocks = table_blocks([["山田", "太一"], ["佐々木", "花"], ["メモ", "渡辺さん、\n小川さんへ連絡"]])
    for text, _ in matches(names(), blocks):
        assert "\t" not in text and "\n" not in text
    assert {"渡辺", "小川"} <= set(found(names(), blocks))


def test_roles_come_from_label_and_title() -> None:
    text = "契約者氏名：村井 修\n主治医：滝沢 洋一\n担当者：内藤\n保護者氏名：村井 里美\n佐伯看護師が説明した。\n"
    roles = {text: m.role for text, m in matches(names(), text_blocks(text))}
    assert roles == {
        "村井 修": PersonRole.SUBJECT,
        "滝沢 洋一": PersonRole.PROFESSIONAL,
        "内藤": PersonRole.STAFF,
        "村井 里美": PersonRole.FAMILY,
        "佐伯": PersonRole.PROFESSIONAL,
    }


def test_specimens_are_marked() -> None:
    for line in ("記入例　氏名：山本 美咲", "氏名：共済 太郎", "お名前：コープ花子"):
        hits = matches(names(), text_blocks(line))
        assert hits and all(m.sample for _, m in hits), line


@pytest.mark.parametrize("line", ["患者：田中一郎、入院", "氏名：山田　太郎", "契約者 佐藤花子 電話 03", "症例：氏名：鈴木花子"])
def test_a_common_name_is_somebodys_unless_the_page_is_an_example(line: str) -> None:
    hits = matches(names(), text_blocks(line))
    assert hits and not any(m.sample for _, m in hits)
    example = matches(names(), text_blocks("記入例\n" + line))
    assert example and all(m.sample for _, m in example)


def test_a_surname_found_beyond_doubt_is_found_again() -> None:
    text = "氏名：小南 竜生\n\n7月22日、小南は面談に応じた。小南町の会場。\n"
    assert found(names(), text_blocks(text)) == ["小南 竜生", "小南"]


def test_sender_and_receivers_of_a_mail() -> None:
    from scanner.model import Part
    from scanner.text.blocks import BlockWriter

    blocks = list(
        BlockWriter().pairs(
            [
                ("From", "Kirishima, Nao <nao@a.example.jp>", 1),
                ("To", "宇都宮 律子 <r@a.example.jp>, 佐賀 元春 <m@a.example.jp>", 1),
            ],
            Part("header"),
        )
    )
    assert found(names(), blocks) == ["Kirishima, Nao", "宇都宮 律子", "佐賀 元春"]


def test_fast_loads_neither_sudachi_nor_spacy() -> None:
    code = (
        "import sys; from tests.detect.reading import names, found, text_blocks\n"
        "text = text_blocks('氏名：村井 修\\n小林様、佐藤 健一が伺います。')\n"
        "assert found(names('fast'), text) == ['村井 修', '小林', '佐藤 健一']\n"
        "print(sorted(m for m in ('sudachipy', 'spacy', 'thinc') if m in sys.modules))"
    )
    done = run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("山田佐藤様さん氏名：　 \n\t、・（）ｱﾞ㍿ﾊﾟ髙\ud800a1カナ〃㊞"), max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    blocks = text_blocks(text)
    for raw, match in matches(names(), blocks):
        assert raw.strip() == raw and 0 <= match.start < match.end <= len(blocks[match.block].text)


def test_lookalikes_in_open_text_are_left_alone(shared: Path) -> None:
    path = shared / "data/ner/lookalike_in_text.jsonl"
    touched = total = 0
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        hits = [(m.start, m.end) for _, m in matches(names(), text_blocks(row["text"]))]
        for start, end, _ in row["spans"]:
            total += 1
            persons = row["person_spans"]
            touched += any(a < end and start < b and not any(p <= a < q for p, q in persons) for a, b in hits)
    assert total > 300
    assert touched / total < 0.03


def test_the_privacy_policy_names_nobody(shared: Path) -> None:
    text = (shared / "domain/privacy-policy.txt").read_text("utf-8")
    assert found(names(), text_blocks(text)) == []
