"""Where a medical word begins and ends: modifiers on its left, brackets on its right, and what follows a mere product word."""

from __future__ import annotations

import re

# The run of kanji, katakana and short codes (2型, C型, S状) before a head; kanji numerals and digits alone are not part of it.
_RUN = re.compile(r"(?:[0-9A-Za-zⅠ-Ⅻα-ω]{1,4}(?:型|状|度|次|期|群)|[一-鿿々ァ-ヴー])+\Z")
# After these the disease's own words begin: dates, labels, persons. Look-aheads keep 月経, 日光, 老人性, 分化 …
_CUT = re.compile(
    r"年(?!性)|(?<!生)月(?!経)|日(?!光|本脳|焼)|歳|才(?!能)|頃|(?<!睡眠)時(?!無)|(?<!部|成|水|塩|養)分(?!化|裂|泌|娩|節|葉|類|枝)|にて|回|(?<!老|成|婦|個)人(?!工|格|T)|曜"
    r"|氏|様|殿|歴|(?<!病)名|訴|(?<!切)断|因|者|等|(?<!白)例|並|伴|際|ため|現在|以前|過去|上記|下記|主病|副病|中(?!等|隔|枢|心|耳|毒|大脳|足|手|間|咽|下|分|程|葉|肺|皮)|結果|理由|目的|対象|指定"
)
_PREFIX = re.compile(
    r"^(?:本人|長男|長女|次男|次女|三男|三女|母親|父親|母方|父方|祖父|祖母|義父|義母|父|母(?!斑|指|趾)|妻|夫|兄|姉|弟|妹|娘|息子|孫|主人|家内|既往|合併症|併存症|併存|病状"
    r"|昨|翌|当(?!帰)|前回|今回|最近|家族|患者|社員|職員|児童|生徒|契約|疑|要|旧|特定|主な|一部|新たに|部位|症状|受傷|事故|転倒|転落|業務中|通勤中|告知|検査|軽快|治療|入院|通院|再発予防|万一|特約|結構|比較的|今|層|同院|当院|他院|近医|紹介|申告|自覚|訴え|発覚|判明)+"
)
_LONGEST = 16
_BRACKET = re.compile(r"(?:症候群|エピソード|発作)?(?:\([A-Z][A-Za-z0-9-]{1,7}\))?")

# What follows makes the word part of a product, an institution, a campaign or a general expression: nobody's disease.
PRODUCT = re.compile(
    r"(?:等)?(?:の)?(?:検診|健診|保険|共済|保障|特約|予防|センター|教室|講座|セミナー|講演|対策|学会|協会|学|研究|週間|月間|啓発|家族の会|友の会|患者会|サポーター|カフェ|ケア用品|フォーラム|基金|財団|募金|撲滅|白書|基本法"
    r"|ガイドライン|ワクチン|予防接種|検査キット|注意報|警報|専門外来|専門医|リスク|マップ|情報サイト|ハンドブック|冊子|パンフ|りスク|率|死亡率|有病率|罹患率|件数|患者数|支援センター|相談窓口|見舞金|給付金|共済金|診断一時金"
    r"|診断給付|経験者|当事者会|啓蒙|の(?:告知|給付|支払|お支払い|補償|改定|改訂|新設|取扱い|取り扱い|定義|範囲)|について(?:学|知|考)|とは|に負けない|にならない|を防|を予防|になりやすい|に備え|の基礎知識|の原因|のしくみ|の見分け方|のサイン|のお話|の話|の知識|のはなし|のセルフチェック|セルフチェック)"
)
CARE_PRODUCT = re.compile(
    r"(?:日額|[・、]?外来を(?:含|除)|を(?:含む|除く|含め)|共済金|給付金|保障|特約|保険|期間|年月日|費|代(?!謝)|料|証明|案内|ご案内|バス|中の方|中でも|予定の方|できる|できない|する場合|した場合|の場合|した方|された方|する方|される方|時の|時に|を保障|歴|科(?!医)|室|方法|方針|計画|番号"
    r"|名|コード|対象|給付|共済|率|件数|実日数|日数|開始日|の有無|が可能|をすすめ|を勧め|や手術|前に|前の|の流れ|の手引|を希望|のおすすめ|のすすめ|用具|用品|器具|機器|機関|施設|院|所(?!見)|体制|マニュアル|手順|日(?=[\s\t:|]|$))"
)
FACILITY = re.compile(
    r"(?:病院|クリニック|医院|センター|室|学会|学科|士|師(?!長)|施設|事業所|ステーション|病棟|専門|機器|メーカー|用(?!い))"
)
_KANJI_AFTER = {
    "病": "気院室状棟床原因名人者歴害欠理弱魔苦巣身態毒虫中的変死院没児後史院",
    "症": "状候例度",
    "炎": "上天球暑",
    "腫": "瘍瘤脹",
    "癌": "研",
    "瘤": "",
    "術": "者式後前",
    "液": "体晶状",
    "錠": "前",
}


def left(text: str, start: int) -> int:
    """The view position where the word whose head begins at ``start`` really begins."""
    low = max(0, start - _LONGEST)
    run = _RUN.search(text, low, start)
    if run is None:
        return start
    begin = run.start()
    cuts = list(_CUT.finditer(text, begin, start))
    if cuts:
        begin = cuts[-1].end()
    prefix = _PREFIX.match(text[begin:start])
    if prefix:
        begin += prefix.end()
    return min(begin, start)


def opposed(word: str) -> bool:
    """Whether the word means something against a disease: 抗炎症, 消炎, 抗結核, 鎮痛."""
    return word.startswith(("抗", "無症", "無再発", "非", "消炎", "鎮痛", "解熱", "予防", "防炎", "難燃"))


def right(text: str, end: int) -> int:
    """The view position where the word really ends: a short code in brackets belongs to it."""
    found = _BRACKET.match(text, end)
    return found.end() if found else end


def whole(text: str, start: int, end: int, joins: tuple[bool, bool] = (False, False)) -> bool:
    """Whether the word is no mere piece of another one: no letters or katakana of the same script run on beside it.

    ``joins``: another known word ends where it begins, or begins where it ends.
    """
    first, last = text[start], text[end - 1]
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if (first.isascii() and first.isalnum()) and (before.isascii() and before.isalnum()):
        return (
            before.isdigit() and first.isalpha() and end - start >= 3 and _FIGURE.search(text, max(0, start - 8), start) is not None
        )
    if (last.isascii() and last.isalnum()) and (after.isascii() and after.isalpha()):
        return False
    if _katakana(last) and (_katakana(after) or after == "ー") and not joins[1] and not _PARTICLE.match(text, end):
        return False
    return joins[0] or not (_katakana(first) and (_katakana(before) or before == "ー"))


# A particle in a text that knows katakana only: シンキンコウソクデ ニュウイン.
_PARTICLE = re.compile(r"(?:デハ|ニハ|デモ|カラ|マデ|ニテ|ナド|ノタメ|チュウ|シテ|シタ|[デガヲノニハトモヘ])(?![ァ-ヴー])")
_FIGURE = re.compile(r"[ :A-Za-z][0-9]+\.[0-9]+\Z")  # CRP 8.91WBC 13200: a value ends where the next item begins


def _katakana(c: str) -> bool:
    return "ァ" <= c <= "ヴ"


_GAN = re.compile(
    r"(?<![ァ-ヶー])ガン(?![ァ-ヶー])|(?<![ひきまねいさぎょ])がん(?!ば[らりるれろっん]|もどき|じがらめ|こ|ぜない|ば|な(?![のどらいくんし]))"
)


def cancer(text: str, start: int, end: int) -> bool:
    """The rule for がん and ガン (taxonomy 2.19): silent in がんばる, がんもどき, スローガン, オルガン."""
    found = _GAN.search(text, max(0, end - 3), min(len(text), end + 4))
    return found is not None


def after(text: str, end: int) -> bool:
    """Whether the kanji after a one-character ending make another word of it (病院, 症状, 腫瘍)."""
    refused = _KANJI_AFTER.get(text[end - 1])
    return refused is None or end >= len(text) or text[end] not in refused
