"""What is peculiar to Japanese writing: variants of one character, dashes, numerals, eras."""

from __future__ import annotations

import re

# Variants of one character that NFKC leaves apart, as (folded away → kept). Each pair writes the same word, so that 髙橋 and 高橋
# or 國學院 and 国学院 are found alike; what is kept is what dictionaries hold and people type. One to one, so offsets stay.
# Left apart on purpose: pairs of which both are in daily use in registered names (富冨 峰峯 館舘 淵渕 船舩 竜龍 遥遙 涼凉 村邨),
# that are different words (祇祗 缶罐 弁辨 欠缺 灯燈), or that have no other half in Japanese (鄧).

# Forms before the reform of 1946-49 (当用漢字字体表, 常用漢字表 in brackets), those of JIS level 2 and of the vendors.
_OLD_FORMS = dict(
    zip(
        "亞惡壓圍爲醫壹稻隱營榮衞驛圓緣鹽奧應橫歐毆黃溫穩假價畫會囘懷繪擴殼覺學嶽樂勸卷寬歡觀關陷巖顏歸氣龜僞戲犧舊據擧峽"
        "挾狹鄕堯曉區驅勳薰徑惠溪經繼莖螢輕鷄藝劍圈檢權獻縣險顯驗嚴效廣恆鑛號國濟碎齋劑櫻册雜參慘棧蠶贊殘絲齒兒辭濕實舍寫"
        "釋壽收從澁獸縱肅處緖敍奬獎將涉燒稱乘剩壤孃條淨疊讓釀囑觸寢愼晉眞盡圖粹醉穗隨髓樞數瀨聲齊靜攝竊專戰淺潛纖踐錢禪雙"
        "壯莊搜插爭總聰裝騷臟藏屬續墮體對帶滯臺瀧擇澤單膽團彈斷癡遲晝蟲鑄廳聽鎭轉傳當黨盜德獨讀屆繩貳腦惱霸廢拜賣麥發髮拔"
        "蠻祕彥濱甁拂佛竝變步寶豐沒飜每萬滿默彌譯藥與豫餘譽搖樣謠來賴亂覽獵綠淚壘勵禮靈齡曆歷戀爐勞樓祿錄兩攜鬪點巢增郞靑"
        "淸槪旣敎硏黑戶內吳姬强徵產說閱脫稅銳昻鐵眾鍊",
        "亜悪圧囲為医壱稲隠営栄衛駅円縁塩奥応横欧殴黄温穏仮価画会回懐絵拡殻覚学岳楽勧巻寛歓観関陥巌顔帰気亀偽戯犠旧拠挙峡"
        "挟狭郷尭暁区駆勲薫径恵渓経継茎蛍軽鶏芸剣圏検権献県険顕験厳効広恒鉱号国済砕斎剤桜冊雑参惨桟蚕賛残糸歯児辞湿実舎写"
        "釈寿収従渋獣縦粛処緒叙奨奨将渉焼称乗剰壌嬢条浄畳譲醸嘱触寝慎晋真尽図粋酔穂随髄枢数瀬声斉静摂窃専戦浅潜繊践銭禅双"
        "壮荘捜挿争総聡装騒臓蔵属続堕体対帯滞台滝択沢単胆団弾断痴遅昼虫鋳庁聴鎮転伝当党盗徳独読届縄弐脳悩覇廃拝売麦発髪抜"
        "蛮秘彦浜瓶払仏並変歩宝豊没翻毎万満黙弥訳薬与予余誉揺様謡来頼乱覧猟緑涙塁励礼霊齢暦歴恋炉労楼禄録両携闘点巣増郎青"
        "清概既教研黒戸内呉姫強徴産説閲脱税鋭昂鉄衆錬",
        strict=True,
    )
)

# Printed forms that JIS X 0213:2004 has and older programs can't write (拡張新字体).
_PRINTED_FORMS = dict(
    zip(
        "俠俱剝吞啞嚙囊塡姸屛屢幷搔攢潑瀆焰瘦禱簞繡繫萊蔣蠟軀醬醱頰顚驒鶯鷗麴",
        "侠倶剥呑唖噛嚢填妍屏屡并掻攅溌涜焔痩祷箪繍繋莱蒋蝋躯醤醗頬顛騨鴬鴎麹",
        strict=True,
    )
)

# Forms that live in names only.
_NAME_FORMS = dict(
    zip(
        "髙﨑嵜嶌嶋栁桒槗𣘺𠮷曾槇邊邉濵",
        "高崎崎島島柳桑橋橋吉曽槙辺辺浜",
        strict=True,
    )
)

VARIANTS = {**_OLD_FORMS, **_PRINTED_FORMS, **_NAME_FORMS}

# Everything people type where they mean a hyphen. The long vowel mark ー is folded only between digits (see view).
DASHES = "‐‑‒–—―−﹣－─━⁃˗⸺"
TILDES = "〜～∼"

# What nobody sees and what would tear a name or number apart: variation selectors of kanji, zero width characters, soft hyphens,
# marks of direction, byte order marks. The view leaves them out.
INVISIBLE = "".join(
    chr(code)
    for start, end in (
        (0xAD, 0xAE), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2065), (0x2066, 0x206A), (0xFE00, 0xFE10), (0xFEFF, 0xFF00),
        (0xE0100, 0xE01F0),
    )
    for code in range(start, end)
)  # fmt: skip

FOLD: dict[str, str] = {
    **VARIANTS,
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(TILDES, "~"),
    **dict.fromkeys(INVISIBLE, ""),
}


def without_surrogates(text: str) -> str:
    """The text with lone surrogates replaced one by one: what is written in Rust refuses them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text


# ---------------------------------------------------------------- numerals

_DIGITS = {**{str(n): n for n in range(10)}, **dict(zip("〇一二三四五六七八九", range(10), strict=True))}
_DIGITS |= {"零": 0, "壱": 1, "弐": 2, "参": 3, "伍": 5}  # 大字, as the view writes them
_TENS = {"十": 10, "拾": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_SCORES = {"廿": "二十", "卅": "三十"}
NUMERALS = "".join(_DIGITS) + "".join(_TENS) + "".join(_MYRIADS) + "".join(_SCORES)


def numeral(text: str) -> int | None:
    """The number that a folded text writes: 二十三, 千九百八十五, 一九八五, 二〇二四, 12万, 拾弐. None when it is no number.

    Units must descend and nothing may stand twice (十十, 三五十): such runs are names or addresses.
    """
    for sign, spelt in _SCORES.items():
        text = text.replace(sign, spelt)
    if text and all(c in _DIGITS for c in text):
        return _positional(text)
    total, rest, limit = 0, text, 10**16
    while rest:
        at = next((i for i, c in enumerate(rest) if c in _MYRIADS), len(rest))
        part = _below_myriad(rest[:at])
        unit = _MYRIADS[rest[at]] if at < len(rest) else 1
        if part is None or unit >= limit:
            return None
        total, rest, limit = total + part * unit, rest[at + 1 :], unit
    return total if text else None


def _below_myriad(text: str) -> int | None:
    if text and all(c in _DIGITS for c in text):
        return _positional(text)
    total, digits, limit = 0, "", 10_000
    for c in text:
        if c in _DIGITS:
            digits += c
            continue
        unit = _TENS.get(c, limit)
        if unit >= limit or len(digits) > 1 or digits in ("〇", "零", "0"):
            return None
        total, digits, limit = total + (_DIGITS[digits] if digits else 1) * unit, "", unit
    if not digits:
        return total if total else None
    return total + _DIGITS[digits] if len(digits) == 1 and _DIGITS[digits] else None


def _positional(text: str) -> int:
    value = 0
    for c in text:
        value = value * 10 + _DIGITS[c]
    return value
