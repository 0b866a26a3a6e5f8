"""Composes sentences of working life from templates of our own: names in many writings, and much that only looks like a name."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from models.names.corpora import ORGANISATION, OTHER, PERSON, PLACE, Sentence
from scanner.detect.gazetteer import Names, Towns

SLOT = re.compile(r"\{(\w+)\}")


def _words(text: str) -> list[str]:
    return text.split()


_KANJI = re.compile("[一-鿿々]+")
_ROLES = _words("""
    部長 課長 係長 主任 次長 店長 所長 室長 社長 専務 常務 理事 監事 会長 委員 教諭 教授 先生 医師 院長 看護師 師長
    薬剤師 弁護士 税理士 監督 記者 ケアマネジャー ヘルパー 相談員 主査 主事 参事 取締役 書記 班長 園長 校長 施設長
    選手 准教授 講師 議員
""")
_HONORIFICS = _words("""
    様 さん 氏 さま 殿 くん ちゃん 先生
""")
_COMPANY = _words("""
    株式会社{s} {s}株式会社 (株){s} {s}工業 {s}商店 {s}建設 {s}製作所 {s}電機 {s}食品 {s}商事 有限会社{s} {s}運輸
    {s}産業 {s}薬局 {s}医院 {s}クリニック {s}内科 {s}歯科 {s}病院 {s}酒造 {s}不動産 {s}書店 {s}法律事務所
    {s}税理士事務所 {s}組 {s}設計 {s}物産 {s}製薬 {s}印刷 {s}自動車 {s}銀行 {s}学園 {s}鉄工所 {s}ホールディングス
    {s}グループ {s}生命 {s}証券 {s}農園 {s}牧場 {s}珈琲店 ホテル{s}
""")
_SPOT = _words("""
    {t}駅 {t}市 {t}町 {t}区 {t}村 {t}支店 {t}営業所 {t}小学校 {t}中学校 {t}高校 {t}大学 {t}公民館 {t}公園 {t}川
    {t}山 {t}温泉 {t}インター {t}通り {t}団地 {t}ビル {t}港 {t}神社 {t}寺 {t}橋 {t}線 {t}工場 {t}倉庫 {t}県 {t}地区
    {t}方面 {t}店
""")
_UNITS = _words("営業 総務 人事 経理 企画 開発 医事 福祉 広報 法務")
_THING = _words("""
    カレー ラーメン そば 牛 茶 焼 漆器 まんじゅう せんべい みかん りんご 大根 ねぎ うどん 味噌 醤油 杯 賞 法 式
    モデル 型 シリーズ
""")
_LOAN = _words("""
    サーバー プリンター スケジュール メンバー プロジェクト セミナー アンケート システム データベース アカウント
    パスワード ファイル フォルダ マニュアル キャンペーン カタログ サンプル テスト オンライン ミーティング レポート
    リスク コスト サービス マイクロソフト グーグル ウィンドウズ オラクル アマゾン ヤマト トヨタ アクセス ロッテ
    ライオン サントリー ミズノ マツダ カシオ モロゾフ
""")

WITH = """
{p}{h}、いつもお世話になっております。
お世話になっております。{o}の{p}です。
{o} {x}部の{p}でございます。
本日の打合せには{p}{r}と{p}{h}が出席しました。
出席者:{p}、{p}、{p}
{p}は{d}から出張のため、代わりに{p}が対応します。
担当は{p}、確認は{p}が行う。
{p}より電話あり。折り返し希望とのこと。
{d} {p}{h}から入電。{t}の件で相談。
{p}、{p}両名に連絡済み。
{p}の長男{g}は{t}小学校に通っている。
妻の{g}と{t}に転居した。
息子の{g}({n}歳)が{l}で入院。
母{g}、認知症の診断あり。
{p}が「{l}が動かない」と言うので{p}に確認した。
司会は{p}、書記は{p}が務めた。
{p}:先日の{l}の件、どうなりましたか。
{p}「資料は{p}に渡しました」
{g}、今日は食欲あり。昼食全量摂取。
夜勤{p}より申し送り。{p}{h}、体温{n}度。
{p}宛に{l}を送付した。
{p}の印鑑証明を添付する。
{p}({n})は{t}市在住の会社員。
{t}市の会社員{p}さん({n})が死亡した。
{t}署は{p}容疑者を逮捕した。
{o}代表取締役の{p}は、{d}に就任した。
{o}は{p}を新しい社長とする人事を発表した。
{f}が来日し、{t}で講演した。
{f}は{l}の開発者である。
{f}と{f}が対戦した。
通訳は{f}、案内は{p}。
{f}さんの在留期限は{d}です。
研修生の{f}、{f}の両名が着任。
監督:{p}、脚本:{p}、音楽:{f}
出演は{p}、{p}、{f}ほか。
{p}、{d}生まれ。{t}県出身。
{p}は、日本の歌手、俳優。{o}所属。
{p}は{t}大学を卒業後、{o}に入社した。
講師に{p}氏を迎え、{l}の勉強会を開いた。
{p}著『{l}入門』({o})
{o}の{p}社長と{t}で会食。
来週{p}が{t}へ行く予定。
相手方運転者は{p}、同乗者は{p}。
{p}と{p}は{t}駅で待ち合わせた。
連絡先は{p}まで。
文責 {p}
{p} 記
以上、{p}
{t}にて {p} {d}
ログイン: {p} が {l} を開いた
更新者={p} 状態=完了
{e}が承認しました。
{e}から{l}を受領。
Dear {e}, thank you for your order.
Best regards, {e}
Contact: {e} ({o})
{k}様よりお電話。
{k}さんの{l}を確認。
氏名 {p} フリガナ {k}
{p}({k})
{p}先生に{t}病院で診てもらった。
主治医{p}の意見書を受領。
{p}に代わって{p}が署名。
{d}、{p}と面談。{l}について説明した。
{p}・{p}・{p}の三名で{t}を訪問
故{p}の相続人である{p}が来店。
{p}が辞任し、後任に{p}が就いた。
{p}投手が{t}で完投した。
{p}監督は「{l}が良かった」と話した。
原告{p}は被告{o}に対し訴えを提起した。
{p}、{n}歳。{o}に勤務。
同僚の{p}から{l}を借りた。
{p}の名で予約しています。
受取人は{p}に変更。
{p}と離婚し、旧姓の{s}に戻った。
{s}が欠席のため{s}が代理で出席。
{s}課長、{s}係長に回覧。
{s}と{s}で作業する。
これは{s}に聞いてください。
{s}の方から連絡させます。
明日は{s}が休みなので{s}にお願いします。
""".strip().split("\n")

WITHOUT = """
{o}は{t}に新工場を建設した。
{o}と{o}は業務提携を発表した。
{o}の{l}を{t}店で販売中。
{s}町から{s}川沿いに{s}山へ登る。
{t}発{t}行きの列車は{t}で乗り換え。
{t}市と{t}町は{d}に合併した。
{t}{z}と{t}{z}をセットでお届けします。
{s}{z}は当店の人気商品です。
{l}と{l}の設定を確認してください。
{l}が起動しない場合は{l}を再起動します。
会場は{s}ビル{n}階、{t}駅から徒歩{n}分。
{t}支店、{t}支店、{t}営業所の合計
取引先は{o}、{o}、{o}の三社。
お問い合わせは{o}まで。
請求先 {o} 御中
{o}行きバスは{s}橋経由。
{o}で購入した{l}が故障した。
{s}杯は{t}球場で行われた。
{s}地区と{s}地区の境に{s}川が流れる。
第{n}条 前項の規定は、{l}に準用する。
{d}に施行された。
担当者は必ず記入すること。
患者様のご家族へのご案内
お客様各位 いつも{o}をご利用いただきありがとうございます。
責任者の氏名を記載してください。
{s}流は{t}に伝わる茶道の流派である。
{s}城は{t}にある城跡。
{s}線{s}駅は{t}市にある。
{s}焼は{t}の伝統工芸品。
{s}橋を渡り{s}通りを右折。
{l}・{l}・{l}を比較した表
{l} {l} {l}
{t}、{t}、{t}で大雨のおそれ。
{t}は{n}位、{t}は{n}位だった。
{o}から{o}へ送金した。
株価は{o}が上昇、{o}が下落。
品名 {l} 数量 {n}
{s}式{l}の使い方
{t}大学と{s}学園の共同研究
""".strip().split("\n")


class Composer:
    """Fills templates from the gazetteers. ``foreign``: names in katakana that the dictionary knows."""

    def __init__(self, names: Names, towns: Towns, foreign: list[str], seed: int) -> None:
        self.rng = random.Random(seed)
        surnames = sorted(w for w in names.surnames if _KANJI.fullmatch(w) and len(w) < 5)
        weights = [10.0 ** min(names.surnames[w], 5) for w in surnames]
        self._common = self.rng.choices(surnames, weights, k=50_000)
        self._rare = surnames
        self._given = sorted(w for w in names.given if _KANJI.fullmatch(w) and len(w) < 4)
        self._popular = [w for w in self._given if names.given[w] == 2]
        self._kana_given = sorted(w for w in names.given if re.fullmatch("[ぁ-ん]{2,4}", w))
        self._kana = (sorted(names.surname_kana & names.usual_kana), sorted(names.given_kana & names.usual_kana))
        self._romaji = tuple(sorted(w for w, k in names.romaji.items() if k == bit and 3 < len(w) < 9) for bit in (1, 2))
        self._towns = sorted(t for t in names_of(towns) if 2 <= len(t) <= 4)
        self.names, self.foreign = names, foreign

    def surname(self) -> str:
        """One of many bearers, or any that the gazetteer knows."""
        return self.rng.choice(self._common if self.rng.random() < 0.7 else self._rare)

    def given(self) -> str:
        """In kanji, or in kana as one in six is."""
        draw = self.rng.random()
        return self.rng.choice(self._popular if draw < 0.5 else self._given if draw < 0.84 else self._kana_given)

    def person(self) -> str:
        """A person of Japan as people write one: whole, parted, the surname alone, a foreigner now and then."""
        draw = self.rng.random()
        if draw < 0.35:
            return self.surname() + self.given()
        if draw < 0.6:
            return f"{self.surname()} {self.given()}"
        if draw < 0.88:
            return self.surname()
        return self.foreigner() if draw < 0.95 else self.kana()

    def foreigner(self) -> str:
        """In katakana, mostly in two parts."""
        parts = [self.rng.choice(self.foreign) for _ in range(self.rng.choice((1, 2, 2, 2, 3)))]
        return self.rng.choice("・・・・・ =").join(parts)

    def kana(self) -> str:
        """The reading of a name."""
        first, last = (self.rng.choice(k) for k in self._kana)
        text = first + self.rng.choice((" ", " ", "", "・")) + last
        if self.rng.random() < 0.3:
            text = "".join(chr(ord(c) - 96) if "ァ" <= c <= "ヶ" else c for c in text)
        return text

    def romaji(self) -> str:
        """In Latin letters, either part first."""
        parts = [self.rng.choice(r) for r in self._romaji]
        self.rng.shuffle(parts)
        shown = self.rng.choice((str.title, str.title, str.upper))
        return " ".join(map(shown, parts))

    def _slot(self, name: str) -> tuple[str, str]:
        rng = self.rng
        if name in "psgfke":
            make = {"p": self.person, "s": self.surname, "g": self.given, "f": self.foreigner, "k": self.kana, "e": self.romaji}
            return make[name](), PERSON
        if name == "o":
            base = self.surname() if rng.random() < 0.6 else rng.choice(self._towns) if rng.random() < 0.6 else rng.choice(_LOAN)
            return rng.choice(_COMPANY).replace("{s}", base), ORGANISATION
        if name == "t":
            return rng.choice(self._towns), PLACE
        if name == "l":
            return rng.choice(_LOAN), ""
        if name == "h":
            return rng.choice(_HONORIFICS), ""
        if name == "r":
            return rng.choice(_ROLES), ""
        if name == "x":
            return rng.choice(_UNITS), ""
        if name == "z":
            return rng.choice(_THING), ""
        if name == "n":
            return str(rng.randint(1, 90)), ""
        return rng.choice(("4月1日", "2024年10月3日", "令和6年5月", "昨日", "来週月曜", "12/5", "平成30年")), ""

    def compose(self, count: int) -> Iterator[Sentence]:
        """So many lines, two in five of them without a person; every tenth says nothing but a place or company."""
        for _ in range(count):
            draw = self.rng.random()
            if draw < 0.6:
                yield self._fill(self.rng.choice(WITH), persons=True)
            elif draw < 0.9:
                yield self._fill(self.rng.choice(WITHOUT), persons=False)
            else:
                base = self.surname() if self.rng.random() < 0.6 else self.rng.choice(self._towns)
                company = self.rng.random() < 0.5
                text = self.rng.choice(_COMPANY).replace("{s}", base) if company else self.rng.choice(_SPOT).replace("{t}", base)
                yield Sentence(text, ((0, len(text), ORGANISATION if company else PLACE),), "composed")

    def _fill(self, template: str, *, persons: bool) -> Sentence:
        text, at, spans = "", 0, []
        for slot in SLOT.finditer(template):
            text += template[at : slot.start()]
            value, kind = self._slot(slot[1])
            if kind and (persons or kind != PERSON):
                spans.append((len(text), len(text) + len(value), kind))
            elif kind == PERSON:  # a surname within the name of a place or thing
                spans.append((len(text), len(text) + len(value), OTHER))
            text += value
            at = slot.end()
        return Sentence(text + template[at:], tuple(spans), "composed")


def names_of(towns: Towns) -> set[str]:
    """Towns and cities without 市, 区, 町, 村."""
    return {re.sub("[市区町村]$", "", t) for t in (*towns.names, *towns.cities) if _KANJI.fullmatch(t)}


def foreign_names(models: Path) -> list[str]:
    """The foreign names of the gazetteer, the longest left out."""
    return [word for word in (models / "foreign.txt").read_text("utf-8").split() if len(word) < 10]
