"""Composes lines of working life from templates of our own: names in many writings, and much that only looks like a name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from models.build import folded
from models.names.corpora import NOBODY, ORGANISATION, PARTS, PERSON, PLACE, Sentence, number, parted
from models.names.people import People
from scanner.detect.gazetteer import Names, Towns

SLOT = re.compile(r"\{(\w)\}")
LINES = Path(__file__).resolve().parent / "lines"
_KANJI = re.compile("[一-鿿々]+")
_HOUSE = re.compile(
    "(?:株式会社|クリニック|医院|病院|歯科|内科|薬局|商店|工業|建設|製作所|ビル|支店|営業所|駅|町|市(?!長)|区|村|川|橋|銀行|証券|流|式|杯)"
)


def _words(text: str) -> list[str]:
    return text.split()


_ROLES = _words("""
    部長 課長 係長 主任 次長 店長 所長 室長 社長 専務 常務 理事 監事 会長 委員 教諭 教授 先生 医師 院長 看護師 師長
    薬剤師 弁護士 税理士 監督 記者 ケアマネジャー ヘルパー 相談員 主査 主事 参事 取締役 書記 班長 園長 校長 施設長
    選手 准教授 講師 議員 リーダー マネージャー 主幹 副部長 部長代理 支店長 工場長 職長 巡査 組合長 総代 保健師 保育士 ドクター
""")
_HONORIFICS = _words("様 様 様 さん さん さん 氏 さま 殿 くん 君 ちゃん 先生 サマ")
_COMPANY = _words("""
    株式会社{s} {s}株式会社 (株){s} {s}工業 {s}商店 {s}建設 {s}製作所 {s}電機 {s}食品 {s}商事 有限会社{s} {s}運輸
    {s}産業 {s}薬局 {s}医院 {s}クリニック {s}内科 {s}歯科 {s}病院 {s}酒造 {s}不動産 {s}書店 {s}法律事務所
    {s}税理士事務所 {s}組 {s}設計 {s}物産 {s}製薬 {s}印刷 {s}自動車 {s}銀行 {s}学園 {s}鉄工所 {s}ホールディングス
    {s}グループ {s}生命 {s}証券 {s}農園 {s}牧場 {s}珈琲店 ホテル{s} 合同会社{s} 医療法人{s}会 社会福祉法人{s}会 {s}システム
    {s}サービス {s}テック {s}ケアセンター {s}保育園 {s}組合 {s}信用金庫 {s}屋 {s}堂 {s}本店 {s}フーズ
""")
_SPOT = _words("""
    {t}駅 {t}市 {t}町 {t}区 {t}村 {t}支店 {t}営業所 {t}小学校 {t}中学校 {t}高校 {t}大学 {t}公民館 {t}公園 {t}川
    {t}山 {t}温泉 {t}インター {t}通り {t}団地 {t}ビル {t}港 {t}神社 {t}寺 {t}橋 {t}線 {t}工場 {t}倉庫 {t}県 {t}地区
    {t}方面 {t}店
""")
_UNITS = _words(
    "営業 総務 人事 経理 企画 開発 医事 福祉 広報 法務 業務 品質管理 購買 情報システム 製造 営業第二 技術 看護 庶務 物流"
)
_THING = _words("""
    カレー ラーメン そば 牛 茶 焼 漆器 まんじゅう せんべい みかん りんご 大根 ねぎ うどん 味噌 醤油 杯 賞 法 式
    モデル 型 シリーズ
""")
_LOAN = _words("""
    サーバー プリンター スケジュール メンバー プロジェクト セミナー アンケート システム データベース アカウント
    パスワード ファイル フォルダ マニュアル キャンペーン カタログ サンプル テスト オンライン ミーティング レポート
    リスク コスト サービス マイクロソフト グーグル ウィンドウズ オラクル アマゾン ヤマト トヨタ アクセス ロッテ
    ライオン サントリー ミズノ マツダ カシオ モロゾフ 見積書 契約書 申込書 議事録 報告書 名簿 在庫 納期 車両 空調 検査 予算
""")
_DAYS = _words("昨日 本日 今朝 先週 来週月曜 翌日 午後 夕方 月末 明後日 前回")
# What stands before a line of a list, a chat, minutes or an answer; what joins two said in one line.
_BEFORE = (
    *"・・・-*■●→※>", "- ", "・ ", "{n}. ", "({n}) ", "{n})", "{d} ", "{d}: ", "{d} {n}:{n} ", "[{n}:{n}] ", "> ", "# ", "[x] "
)  # fmt: skip
_SPEAKERS = (
    "{s}: ", "{s}:", "{p}: ", "{n}:{n} {s} ", "{n}:{n} {p} ", "[{n}:{n}] {s}: ", "{d} {s} ", "({s}) ", "{g}: ", "{e}: ", "{k}: ",
    "{s}→",
)  # fmt: skip
_BETWEEN = (" ", " ", "。", "。", "、", " / ", " → ", "。 ", " | ", " ※", " (")
_QUOTES = ("「」", "「」", "「」", "『』", "()", '""', "[]")


class Composer:
    """Fills templates with people of ``People`` and much else. ``foreign``: names in katakana that the dictionary knows."""

    def __init__(self, names: Names, towns: Towns, foreign: list[str], seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.people = People(names, foreign, rng)
        self.with_people, self.without = in_parts(templates("people")), in_parts(templates("nobody"))
        self._towns = sorted(t for t in names_of(towns) if 2 <= len(t) <= 4)
        plain = sorted(w for w in names.vocabulary if names.word(w) and len(w) > 1)
        self._things = [w for w in plain if _KANJI.fullmatch(w)], [w for w in plain if re.fullmatch("[ァ-ヴー]{3,8}", w)]

    def compose(self, count: int) -> Iterator[Sentence]:
        """So many sentences, two in five of them without a person; every tenth says nothing but a place or company."""
        made = 0
        while made < count:
            for sentence in self._line() if self.rng.random() < 0.9 else [self._spot()]:
                made += 1
                yield sentence

    def _spot(self) -> Sentence:
        base = self.people.any_surname() if self.rng.random() < 0.6 else self.rng.choice(self._towns)
        company = self.rng.random() < 0.5
        text = self.rng.choice(_COMPANY).replace("{s}", base) if company else self.rng.choice(_SPOT).replace("{t}", base)
        return Sentence(text, ((0, len(text), ORGANISATION if company else PLACE),), "composed", self.rng.randrange(PARTS))

    def _line(self) -> Iterator[Sentence]:
        """A template or several of one part in a line, now and then behind a bullet, a time or a speaker, or in quotation marks."""
        rng = self.rng
        part = rng.randrange(PARTS)
        parts: list[tuple[str, bool]] = []
        draw = rng.random()
        if draw < 0.22:
            parts.append((rng.choice(_BEFORE), True))
        elif draw < 0.32:
            parts.append((rng.choice(_SPEAKERS), True))
        while True:
            persons = rng.random() < 0.6
            template = rng.choice((self.with_people if persons else self.without)[part])
            if rng.random() < 0.05:
                left, right = rng.choice(_QUOTES)
                template = left + template.rstrip("。") + right
            parts.append((template, persons))
            if rng.random() > 0.22:
                break
            parts.append((rng.choice(_BETWEEN), False))
        text, spans = "", []
        for template, persons in parts:
            filled, found = self._fill(template, persons=persons)
            spans += [(a + len(text), b + len(text), kind) for a, b, kind in found]
            text += filled
        return parted(text, spans, "composed", part)

    def _fill(self, template: str, *, persons: bool) -> tuple[str, list[tuple[int, int, str]]]:
        text, at = "", 0
        spans: list[tuple[int, int, str]] = []
        for slot in SLOT.finditer(template):
            text += template[at : slot.start()]
            value, kind = self._slot(slot[1])
            at = slot.end()
            if kind == PERSON and _HOUSE.match(template, at):
                kind = NOBODY
            if slot[1] == "g" and spans and spans[-1][2] == PERSON and text[spans[-1][1] :] in ("", " "):  # {s} {g} is one person
                spans[-1] = spans[-1][0], len(text) + len(value), PERSON
            elif kind and (persons or kind != PERSON):
                spans.append((len(text), len(text) + len(value), kind))
            text += value
        text += template[at:]
        return text, spans if persons else [(0, len(text), NOBODY), *spans]

    def _slot(self, name: str) -> tuple[str, str]:
        rng, people = self.rng, self.people
        if name in people.writings:
            return people.writings[name](), PERSON
        if name == "o":
            town = rng.choice(self._towns)
            base = people.any_surname() if rng.random() < 0.6 else town if rng.random() < 0.6 else rng.choice(_LOAN)
            return rng.choice(_COMPANY).replace("{s}", base), ORGANISATION
        if name == "t":
            return rng.choice(self._towns), PLACE
        if name == "l":
            return rng.choice(rng.choice((_LOAN, *self._things))), ""
        if name == "d":
            return self._date(), ""
        if name == "n":
            return str(rng.randint(1, 59) if rng.random() < 0.8 else rng.randint(100, 99_999)), ""
        return rng.choice({"h": _HONORIFICS, "r": _ROLES, "x": _UNITS, "z": _THING}[name]), ""

    def _date(self) -> str:
        rng = self.rng
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        return rng.choice(
            (
                f"{month}月{day}日",
                f"{month}/{day}",
                f"{month}/{day}({rng.choice('月火水木金土日')})",
                f"{rng.randint(1990, 2026)}年{month}月{day}日",
                f"{rng.randint(1990, 2026)}/{month:02}/{day:02}",
                f"令和{rng.randint(1, 8)}年{month}月{day}日",
                f"R{rng.randint(1, 8)}.{month}.{day}",
                rng.choice(_DAYS),
            )
        )


def templates(name: str) -> list[str]:
    """The lines of ``lines/NAME.txt`` in the folded form; what begins with ``# `` parts their kinds."""
    lines = (LINES / f"{name}.txt").read_text("utf-8").splitlines()
    return [folded(line.strip()) for line in lines if line.strip() and not line.startswith("# ")]


def in_parts(lines: list[str]) -> list[list[str]]:
    """The templates in as many parts as the corpora have, so that a network can be measured on some that it was not shown."""
    return [[line for line in lines if number(line) % PARTS == part] for part in range(PARTS)]


def names_of(towns: Towns) -> set[str]:
    """Towns and cities without 市, 区, 町, 村."""
    return {re.sub("[市区町村]$", "", t) for t in (*towns.names, *towns.cities) if _KANJI.fullmatch(t)}


def foreign_names(models: Path) -> list[str]:
    """The foreign names of the gazetteer, the longest left out."""
    return [word for word in (models / "foreign.txt").read_text("utf-8").split() if len(word) < 10]
