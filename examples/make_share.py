"""Writes examples/share: a small file server of an invented mutual-aid co-op, for the demo and its test.

    python examples/make_share.py [FOLDER]

Everybody and everything in it is invented; the My Number is the published specimen. The files are checked in; a test compares them
with what this script writes (the encrypted workbook apart, whose salt differs each time).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __package__ in (None, ""):
    sys.path.insert(0, str(HERE.parent))

from examples.writers import Rows, document, locked, mail, pdf, slides, table, workbook  # noqa: E402

SPECIMEN = "123456789018"  # the My Number that forms and manuals print as an example
LOCKED = "総務部/役員連絡先_保護.xlsx"

SURNAMES = (
    "有村 ありむら,磯部 いそべ,浦野 うらの,江頭 えがしら,岡安 おかやす,梶原 かじわら,桐生 きりゅう,倉持 くらもち,見城 けんじょう,"
    "小暮 こぐれ,佐伯 さえき,設楽 したら,須永 すなが,瀬尾 せお,染谷 そめや,高梨 たかなし,千野 ちの,露木 つゆき,手塚 てづか,"
    "都築 つづき,永井 ながい,新堀 にいぼり,沼田 ぬまた,根岸 ねぎし,野口 のぐち"
)
GIVEN = (
    "和夫 かずお 男,美咲 みさき 女,健一 けんいち 男,由美子 ゆみこ 女,大輔 だいすけ 男,恵 めぐみ 女,直樹 なおき 男,千尋 ちひろ 女,"
    "修 おさむ 男,彩香 あやか 女,拓也 たくや 男,明美 あけみ 女"
)
TOWNS = (
    "330-0854 埼玉県さいたま市大宮区桜木町,231-0023 神奈川県横浜市中区山下町,260-0013 千葉県千葉市中央区中央,"
    "320-0026 栃木県宇都宮市馬場通り,371-0023 群馬県前橋市本町,310-0015 茨城県水戸市宮町,390-0811 長野県松本市中央"
)


class Person:
    """The n-th invented person; every field follows from the number."""

    def __init__(self, n: int) -> None:
        surname, reading = SURNAMES.split(",")[n % 25].split()
        given, given_reading, self.gender = GIVEN.split(",")[(n * 7 + n // 25) % 12].split()
        self.name = f"{surname}　{given}"
        self.kana = f"{_katakana(reading)}　{_katakana(given_reading)}"
        self.born = (1958 + (n * 11) % 43, 1 + (n * 5) % 12, 1 + (n * 13) % 28)
        self.postal, town = TOWNS.split(",")[n % 7].split()
        self.address = f"{town}{1 + n % 4}丁目{1 + (n * 3) % 20}番{1 + (n * 7) % 15}号"
        self.mobile = f"0{(70, 80, 90)[n % 3]}-{(2100 + n * 173) % 9000:04d}-{4306 + (n * 389) % 5000:04d}"
        self.mail = f"{('aoba', 'kaze', 'mori')[n % 3]}{31 + n * 3}@example.jp"

    @property
    def birth(self) -> str:
        """As 1974/05/12."""
        return "{}/{:02d}/{:02d}".format(*self.born)


def _katakana(text: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


# ---------------------------------------------------------------- contents

CLAIMANT, SUZUKI = Person(3), Person(13)
HUSBAND = "江頭　俊介"


def claim() -> bytes:
    """A claim form: everything that a co-op's claims department holds on one person."""
    p = CLAIMANT
    rows = [
        ["受付番号", "C2026-000412", "請求日", "2026年4月13日"],
        ["氏名", p.name, "フリガナ", p.kana],
        ["生年月日", "昭和{}年{}月{}日".format(p.born[0] - 1925, *p.born[1:]), "性別", p.gender],
        ["住所", f"〒{p.postal} {p.address}"],
        ["電話番号", p.mobile, "組合員番号", "20418837"],
        ["傷病名", "S状結腸癌", "初診日", "2026年2月3日"],
        ["入院期間", "2026年2月16日から2026年3月9日まで", "手術名", "腹腔鏡下S状結腸切除術"],
        ["振込先", "みなと信用金庫 本店 普通 4417205", "口座名義", p.kana],
    ]
    return document(["# 共済金請求書（入院・手術）", "下記のとおり共済金を請求します。", rows, "添付書類：診断書、領収書の写し"])


def certificate() -> bytes:
    """A doctor's certificate on the same person."""
    p = CLAIMANT
    rows = [
        ["患者氏名", p.name],
        ["生年月日", "{}年{}月{}日生".format(*p.born)],
        ["傷病名", "S状結腸癌（ステージII）"],
        ["治療の経過", "2026年2月18日に腹腔鏡下手術を施行。術後経過良好。"],
    ]
    return pdf("診断書", ["上記のとおり診断します。　2026年3月12日", "さくら通り総合病院　外科　医師　堀越　剛"], rows)


def checkup(start: int, count: int) -> Rows:
    """Results of a yearly check-up."""
    rows = [["社員番号", "氏名", "生年月日", "受診日", "BMI", "血圧", "HbA1c", "LDL", "総合判定", "所見"]]
    for n in range(start, start + count):
        p = Person(n)
        finding = ("異常なし", "血糖 要精密検査", "血圧 要再検査", "脂質 要経過観察", "異常なし")[n % 5]
        values = [
            f"{19 + n % 9}.{n % 10}",
            f"{112 + n * 3 % 48}/{68 + n * 5 % 28}",
            f"{5 + n % 3}.{(n * 3) % 10}",
            str(88 + n * 7 % 90),
        ]
        rows.append([f"E{1200 + n}", p.name, p.birth, f"2026/05/{11 + n % 9}", *values, "ACDBA"[n % 5], finding])
    return rows


def roster(start: int, count: int) -> Rows:
    """People with their addresses."""
    rows = [["氏名", "フリガナ", "生年月日", "性別", "郵便番号", "住所", "携帯電話", "メールアドレス"]]
    for n in range(start, start + count):
        p = Person(n)
        rows.append([p.name, p.kana, p.birth, p.gender, p.postal, p.address, p.mobile, p.mail])
    return rows


def number_sheet(p: Person) -> dict[str, Rows]:
    """A notice of My Number."""
    head = [["給与所得者の扶養控除等（異動）申告書　個人番号記入欄"], [], ["氏名", p.name], ["生年月日", p.birth]]
    return {"申告書": [*head, ["個人番号", SPECIMEN], ["住所", p.address], ["提出先", "経理部 法定調書担当"]]}


CLAIM_MAIL = f"""支払審査部 御中

お世話になっております。組合員の{CLAIMANT.name.replace("　", " ")}です。
先日お送りした請求書の件ですが、{HUSBAND.replace("　", "")}（夫）の分も請求できますでしょうか。
夫は4月2日に右足関節骨折で救急搬送され、4月10日まで入院しました。

連絡先：{CLAIMANT.mobile}
"""
CASES = """給付事例の勉強会　打合せメモ（2026年4月20日）

・事例1　50代の加入者。乳がんで入院し、術後に抗がん剤治療を継続している。
　　　　お名前や支部は資料から外してあります。
・事例2　乗用車との接触で頸椎捻挫。通院18日。
・次回までに、支払審査部へ事例の使用可否を確認すること。
"""
MINUTES = f"""# 総務部定例会議 議事録

- 日時：2026年4月22日 10:00〜11:00
- 場所：本館3階 会議室
- 出席：{Person(17).name.replace("　", " ")}、{Person(20).name.replace("　", " ")}、{Person(22).name.replace("　", " ")}

## 議題
1. 防災備蓄品の入れ替え（担当：{Person(20).name.split("　")[0]}さん）
2. 複合機の契約更新。見積は3社から取る。
"""
PROTECTION = """個人情報の取扱いについて

みずほ野共済生活協同組合は、組合員の皆様からお預かりした個人情報を、共済契約の引受け、維持管理および共済金の支払いのために利用します。
法令に定める場合を除き、ご本人の同意なく第三者へ提供しません。病歴や健康診断の結果などの要配慮個人情報は、あらかじめ同意をいただいたうえで取得します。
開示、訂正、利用停止のご請求は、下記の窓口で承ります。

お問い合わせ窓口：0120-417-365（平日9時から17時）
"""
LEAFLET = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>がん検診のお知らせ</title></head>
<body><h1>がん検診を受けましょう</h1>
<p>胃がん・大腸がん・乳がんは、早期に見つけて治療すれば治る可能性が高い病気です。</p>
<ul><li>対象：40歳以上の組合員とご家族</li><li>自己負担：500円</li></ul>
<p>高血圧や糖尿病で治療中の方も受診できます。お申し込みは共済センター（0120-417-365）へ。</p>
</body></html>
"""
STATISTICS = {
    "年度": 2025,
    "支払件数": [{"共済種類": "医療", "件数": 18204, "金額": 1923440000}, {"共済種類": "生命", "件数": 1187, "金額": 4410250000}],
    "主な傷病": {"骨折": 2214, "白内障": 1873, "胃がん": 402},
}


def files() -> dict[str, Callable[[], bytes]]:
    """Every file of the share by its path, with what writes it."""
    desk = "個人デスクトップ/鈴木/Downloads"
    return {
        "支払審査部/請求書/共済金請求書_C2026-000412.docx": claim,
        "支払審査部/請求書/診断書_C2026-000412.pdf": certificate,
        "支払審査部/受信メール/請求の件.eml": lambda: mail(
            "共済金の請求について", (CLAIMANT.name, CLAIMANT.mail), ("支払審査部", "claims@example.jp"), CLAIM_MAIL
        ),
        "経理部/法定調書/扶養控除等申告書.xlsx": lambda: workbook(number_sheet(Person(6))),
        "人事部/社員名簿.csv": lambda: table(roster(0, 25)).encode("cp932"),
        "人事部/定期健康診断結果_2026.csv": lambda: table(checkup(0, 25)).encode("cp932"),
        "営業推進部/見込客リスト.xlsx": lambda: workbook({"見込客": roster(5, 8)}),
        "営業推進部/共済金請求書_C2026-000412 - コピー.docx": claim,
        "営業推進部/給付事例_打合せメモ.txt": lambda: CASES.encode("euc_jp"),
        "営業推進部/商品説明会.pptx": lambda: slides(
            [
                ("医療共済のご案内", ["入院1日目から保障", "日帰り手術も対象"]),
                ("よくあるご質問", ["持病があっても加入できますか", "掛金は変わりますか"]),
            ]
        ),
        "総務部/個人情報の取扱い.txt": lambda: PROTECTION.encode(),
        "総務部/定例会議事録_0422.md": lambda: MINUTES.encode(),
        LOCKED: lambda: locked(workbook({"役員": roster(20, 3)})),
        "総務部/見積依頼_破損.docx": lambda: document(["# 見積依頼書", "複合機3台の見積をお願いします。" * 40])[:9000],
        "公開/がん検診のお知らせ.html": lambda: LEAFLET.encode(),
        "公開/医療共済パンフレット.pdf": lambda: pdf(
            "医療共済のご案内",
            [
                "病気やけがによる入院を1日目から保障します。",
                "対象となる手術：白内障、虫垂炎、がんの手術など",
                "資料請求：0120-417-365",
            ],
        ),
        "公開/支払統計_2025.json": lambda: json.dumps(STATISTICS, ensure_ascii=False, indent=2).encode(),
        f"{desk}/健診結果_提出用.csv": lambda: table(checkup(10, 22)).encode("cp932"),
        f"{desk}/申告書の控え.xlsx": lambda: workbook(number_sheet(SUZUKI)),
        f"{desk}/買い物メモ.txt": lambda: "牛乳、卵、食パン\nプリンタのインク（黒）\n".encode("utf-8-sig"),
    }


def main(argv: Sequence[str]) -> int:
    """Write all files below a folder."""
    root = Path(argv[0]) if argv else HERE / "share"
    for name, write in files().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name != LOCKED or not path.exists():  # its salt differs each time
            path.write_bytes(write())
    print(f"{len(files())} files -> {root}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
