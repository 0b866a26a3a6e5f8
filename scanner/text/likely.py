"""How likely a text is to be Japanese: log probability by classes of characters, for choosing between encodings."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

# Classes of characters. BAD is what a decoder could not read; LEVEL1 and LEVEL2 are the kanji of JIS X 0208, FREQUENT the thousand
# commonest ones, RARE those of JIS X 0212 and the vendors; HALF is half-width kana, VOICE their sound marks, MARK punctuation.
CLASSES = (
    *("OTHER", "BAD", "CONTROL", "SPACE", "DIGIT", "ALPHA", "MARK", "HIRAGANA", "KATAKANA", "PUNCT", "WIDE"),
    *("FREQUENT", "LEVEL1", "LEVEL2", "RARE", "HALF", "VOICE", "HALFPUNCT", "SYMBOL", "LATIN", "HANGUL", "HANZI"),
)
_OF = {name: number for number, name in enumerate(CLASSES)}

# Counted over an even mixture of encyclopedia, law, medicine, software manuals, addresses, posts and lists of customers.
_FREQUENT = (
    "市県町第大年日一田区山定十条二中行法川番地東月島三本上目号用性部会岡下京都北合郡野後社字長規項症丁前事発業内府施国高男出女福関小成者四務令西道新子南神療人作藤原生平場手同認知当崎的血間阪五例佐木経和分"
    "宮入期八海方時術城治式化所動院名千及奈太六金愛松井等全葉学加政以機開体設改石肝水静結見対通理広立七浜省戸村兵則庫九店抗検正要保管能炎多受玉代橋報腹口美度回気株良現賀公今害表団使台律副谷次薬外特変診自総"
    "置病埼指係津又査過剤有脈郎重工営取不屋造選与安別腸基直附員断力状森昭古明障書皮数馬痛主物産医記他実児横再富告戦鹿最利相連起腫江該沢形付吉林青移制初在除商必歳電続科百伊画軍桜根岩組由権文胃常始影考投得丘"
    "潟胆様適花熊陽清共央食額低際可準来線進転家限消茨品健向球豊若癌久細製白切渡域約路験運点課計止各活位飲支感終急併群増門少効職民心掲節質意処世吐調資寺側車空住議岐任州量近持尾備瘍私交伴土斗型面宇衣退硬示構"
    "提悠好存果歴更港阜嚢樹給恵察疹売善患決反両解誠信情沖局週里池器軽応倉園末確視参船米頭瀬色並泉判防教減身録甲農含圧足建問整先熱栃算輔河咲労境翔浦歌注天縄左楽布辺元秋申無校送環胞香予登勝着命語難官異織措栓"
    "服引士鉄朝値瘤働塚媛館塞言王板収類留強昇価須阿界郷航接著音万光悪統幌流緑失赤種真役財放党達鏡周試優集厚映委越挙容証滋復仙札之志坂紅済了護請臣肺隊介協供武鶴属為料技筋企残液御鳥非継章徳酒波落膜摘催単死乳"
    "困導配呼演風態早領思研潰春射沼壁半打求腔従抑巣件尿模旭読植択黒斑塩脾警深災監補税輸審臓速究宅我師便既臨因費般評膚債房追込育離幡策格比完破融抄援話張庁衆訴右題個廃駅担険義室鈴替図助囲満疑損衛象展丸契染蔵"
    "競層響割邉髙飯稲級閉案床穿膵称那籍庄標載紹築荒観梨測敷免識網就栄率湾酷草閣針羽族居維岸去陸撃独雲吸禁傷脱洋練姫旧承円浸司版督矢齋換芸齢降乗腺争販膀胱堺像浮脳座翌興彼潤骨膿聞緊勢説錠壊宿狭味濃伝核紙滴編"
    "尻曲堀縮毛素首眠納拠救幸討竹守徴茂亢返陰拡疾星摩宝散火論銀角未聴系痢望丹帰肢柳伯述往積違超精夜裁養端推源昨博孔倍曽頃候糖杉母績延遠負渋枝況弁磨父肉燃寝採黄勤永怠依照亀腎斎許邦程念償締修畑眼券疫寄脂喜覧"
    "快息習友牧派沈親振帯被欲然柏奏筑範創賞亡背洲益祭垣幹庭託専史雄排湯吻将酸片充払慢穂敗何講段激装貨髄嘔徐震恩堂盤栗貯危較街喘遺客顔癒突温停卵獲伏荘肥階舞粘奥紀萩干扱痒梢促走桐印油略故複短均添購飛浅葛巨倦"
)
_PUNCTUATION = "\u3000、。，．・：；？！「」『』（）［］【】〔〕〈〉《》…‥～〜－―／〒〆※○●◎△▲□■◆◇★☆→←↑↓＝＋＜＞×÷％＆＊＠￥＃"
# -log P(character | class of the one before it) in tenths of a nat; rows: the class before, columns: that of the character.
_TABLE = """
114 180 120 35 53 69 95 81 84 72 70 86 143 176 194 99 89 128 147 155 205 150
172 180 120 44 49 73 69 62 69 71 70 80 117 150 167 73 63 101 121 129 178 150
172 180 120 44 49 73 69 62 69 71 70 80 117 150 167 73 63 101 121 129 178 150
174 180 120 37 46 64 71 74 72 70 83 81 129 158 190 56 134 172 100 100 160 110
202 180 120 50 27 99 50 104 108 108 134 98 141 226 243 148 139 177 197 205 254 150
188 180 120 35 72 42 60 86 97 91 138 118 167 174 235 140 131 169 189 100 246 150
197 180 120 41 31 66 70 93 81 97 125 83 140 217 148 67 130 168 100 100 160 110
195 180 120 65 73 100 84 51 80 64 90 81 114 153 178 157 148 186 158 213 263 150
193 180 120 52 88 106 80 70 48 72 102 99 132 173 245 150 140 178 168 206 256 150
190 180 120 32 65 83 92 70 67 71 56 81 117 151 191 144 135 173 117 201 160 110
177 180 120 34 121 130 71 84 99 57 48 91 145 223 240 145 136 174 129 202 251 150
186 180 120 53 76 117 78 61 92 77 74 73 112 148 183 163 154 192 155 220 269 110
201 180 120 69 82 116 95 59 87 81 76 74 102 132 164 133 124 162 181 189 239 110
203 180 120 72 80 104 100 61 86 77 72 75 100 108 198 104 94 132 152 160 209 110
186 180 120 58 63 87 83 74 84 80 78 71 113 164 182 87 77 116 135 143 193 150
241 180 120 30 117 142 63 131 138 140 139 148 186 219 236 45 31 170 190 198 247 150
216 180 120 22 93 118 113 106 114 116 114 124 161 194 212 47 108 146 166 174 223 150
172 180 120 44 49 73 69 62 69 71 70 80 117 150 167 73 63 101 121 129 178 150
207 180 120 79 42 108 80 97 90 73 68 73 128 185 203 108 98 136 70 164 214 150
175 180 120 47 52 68 72 65 73 74 73 83 120 153 171 76 66 105 124 74 182 150
186 180 120 30 62 87 83 76 83 85 84 93 131 164 181 86 77 115 135 143 80 150
186 180 120 53 76 117 78 61 92 77 74 73 112 148 183 163 154 192 155 220 269 80
"""


@lru_cache(maxsize=1)
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    """(class of each code point of the basic plane, log probabilities in nats)."""
    of = np.zeros(0x10000, dtype=np.uint8)
    for start, end, name in (
        (0x00, 0x20, "CONTROL"), (0x7F, 0xA0, "CONTROL"), (0x21, 0x7F, "MARK"), (0x30, 0x3A, "DIGIT"), (0x41, 0x5B, "ALPHA"),
        (0x61, 0x7B, "ALPHA"), (0xA2, 0xB7, "SYMBOL"), (0xC0, 0x250, "LATIN"), (0x3041, 0x3097, "HIRAGANA"),
        (0x309D, 0x309F, "HIRAGANA"), (0x30A1, 0x30FF, "KATAKANA"),
        (0xAC00, 0xD7A4, "HANGUL"), (0xD800, 0xE000, "BAD"), (0xF900, 0xFB00, "RARE"),
        (0xFF10, 0xFF1A, "WIDE"), (0xFF21, 0xFF3B, "WIDE"), (0xFF41, 0xFF5B, "WIDE"), (0xFF61, 0xFF66, "HALFPUNCT"),
        (0xFF66, 0xFF9E, "HALF"), (0xFF9E, 0xFFA0, "VOICE"), (0xFFFD, 0xFFFE, "BAD"),
    ):  # fmt: skip
        of[start:end] = _OF[name]
    of[[0x20, 9, 10, 12, 13]] = _OF["SPACE"]
    for code in range(0x80, 0x10000):
        if of[code] in (_OF["OTHER"], _OF["RARE"]):
            of[code] = _OF[_place(chr(code), int(of[code]))]
    for text, name in ((_PUNCTUATION, "PUNCT"), ("々", "HIRAGANA"), (_FREQUENT, "FREQUENT")):
        of[[ord(c) for c in text]] = _OF[name]
    return of, np.array(_TABLE.split(), dtype=np.float64).reshape(len(CLASSES), -1) / -10


def _place(c: str, otherwise: int) -> str:
    """The class of a character by its place in the Japanese character sets."""
    kanji = "\u3400" <= c < "\ua000"
    if kanji and _simplified(c):
        return "HANZI"
    for codec in ("euc_jp", "cp932"):
        try:
            code = c.encode(codec)
        except UnicodeEncodeError:
            continue
        if not kanji:
            return "SYMBOL" if len(code) == 2 and c < "\ue000" else CLASSES[otherwise]
        if codec == "euc_jp" and len(code) == 2:
            return "LEVEL1" if code[0] < 0xD0 else "LEVEL2"
        return "RARE"
    return CLASSES[otherwise]


def _simplified(c: str) -> bool:
    """Whether it is one of the common Chinese characters (first level of GB 2312) that JIS X 0208 doesn't have."""
    try:
        return c.encode("gb2312")[0] < 0xD8 and len(c.encode("euc_jp", "replace")) != 2
    except UnicodeEncodeError:
        return False


def likelihood(text: str) -> float:
    """Log probability (nats) of the text as Japanese mixed with ASCII goes; comparable between decodings of equal bytes."""
    codes = np.frombuffer(("\n" + text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    of, table = _tables()
    kinds = of[np.minimum(codes, 0xFFFF)]  # U+FFFF, beyond the basic plane: OTHER
    return float(table[kinds[:-1], kinds[1:]].sum())
