"""What stands behind the house number of an address: building, floor, room, a remark in brackets, a post office box."""

from __future__ import annotations

import re

_K = r"\u4e00-\u9fff\u3400-\u4dbf々〆ヶ"
_KANA = r"ぁ-ゖァ-ヴー"

BUILDING_WORD = (
    "ビルディング|ビル|マンション|ハイツ|コーポ|アパート|メゾン|ハイム|レジデンス|コート|パレス|プラザ|タワー|団地|"
    "住宅|社宅|寮|ハウス|ガーデン|ヴィラ|パーク|ステージ|シャトー|グラン|エステート|テラス|ヒルズ|フラット|ルーム|"
    "ホームズ|カーサ|ドミール|サンライズ|サンハイツ|リバーサイド|ロイヤル|ライオンズ|レオパレス|クレスト|ファミール|"
    "ヴィル|ビュー|フォレスト|キャッスル|ドエル|コンフォート|セントラル|スカイ|グリーン|エル|ベル|会館|荘|館|棟|号室|"
    "号館|号棟|苑|庵|施設|ホーム|学生会館|本館|別館|新館|庁舎|センター|モール"
)
POSTAL = r"(?:〒|郵便番号:?)? ?[0-9]{3}-?[0-9]{4}(?![0-9-])[ \n、,]*"  # before an address
_UNIT = r"(?:号室|号棟|号館|番館|階建|階|F(?![A-Za-z])|室|号|棟)"
_PHONE = r"(?!\(?0[0-9]{1,4}[-(][0-9]{1,4}[-)][0-9]{3,4})(?!\(?0[789]0[0-9]{8})"
# 203, A-203, 11階, B1F, 5・6F, 14F~18F, 4-8-502, A棟, 西棟
_PIECE = (
    r"(?:(?:(?:地下|地上|B|第)?[A-Z]?-?[0-9]{1,4}"
    rf"(?:{_UNIT}?(?:[-~・&と]|[,、](?=[0-9]{{1,3}}(?:階|F))) ?[A-Z]?[0-9]{{1,4}}){{0,3}}{_UNIT}?)|"
    r"[A-Z東西南北甲乙丙本新]{1,2}棟)"
)
_AFTER = r"(?![0-9]|-[0-9]|[年月日円件歳個][^本]|[年月日円件歳個]$|[:/.][0-9])"
ROOM = rf"(?: ?[-#]? ?{_PHONE}{_PIECE}(?: ?(?=[0-9A-Z東西南北]){_PHONE}{_PIECE}){{0,3}}(?:[東西南北]側)?{_AFTER})"
_FLOOR = re.compile(
    rf" ?{_PHONE}(?:(?:地下|B)?[0-9]{{1,3}}(?:[~・&,-][0-9]{{1,3}})*(?:F(?![A-Za-z])|階)|"
    rf"[A-Z]?-?[0-9]{{1,4}}号室|[A-Z]?-[0-9]{{2,4}}(?:号室?)?|-[A-Z][0-9]{{2,4}}|#[0-9]{{2,4}})(?:{ROOM})?"
)
_NAME = rf"[{_K}{_KANA}A-Za-z・&'\".「」_-]"
_BUILDING_NAME = (
    rf"(?:{_NAME}{{0,20}}?(?:{BUILDING_WORD})|[ァ-ヴー・]{{3,16}}|"
    rf"(?!E?MAIL|PHONE|MOBILE|NAME|ATTN)[A-Z]{{4,16}}|[A-Z]{{1,2}}(?:館|棟))"
)
# First with a room, then a name alone that ends at a border.
_BUILDINGS = (
    re.compile(rf" {{0,2}}(?P<name>{_BUILDING_NAME}(?:[{_K}{_KANA}A-ZIVX・]|第(?=[0-9])){{0,8}}?){ROOM}"),
    re.compile(rf" {{1,2}}(?P<name>[{_K}]{{1,6}}[ァ-ヴー・]{{3,16}}[{_K}]{{0,4}}){ROOM}"),
    re.compile(
        rf" {{0,2}}(?P<name>{_BUILDING_NAME}[{_K}ァ-ヴーA-ZIVX・]{{0,8}})"
        r"(?=[\s、。,()「」』/\"]|$|[にへのをがはでと]|です|から|まで)"
    ),
)
# Written on to the number without a space, a name of any kind, as far as a border.
_WRITTEN_ON = re.compile(
    rf"(?P<name>(?:[{_K}{_KANA}A-Za-z0-9・&'._~-]|\(株\)|[,、&](?=[0-9]{{1,2}}(?:F|階))){{3,36}})(?=[\s、。,()「」』/\"]|$)"
)
_FLOORED = re.compile(rf"{ROOM}$")
_WITHIN = re.compile(r"(?<=..)(?:[構敷]?地?内|内)$")
_CAPITAL = re.compile(r"[ァ-ヴー]{2}|[A-Z]{2}|[A-Za-z]{4}|[ァ-ヴー].*[A-Za-z]")
_NUMBERED_HALL = re.compile(r"(?:庁舎|会館|センター|号館|ビル|別館|棟)$")
_OFFICE = re.compile(
    r"会社|\((?:株|有)\)|法人|組合|病院|医院|クリニック|歯科|薬局|診療所|学校|大学|学園|保育園|幼稚園|銀行|金庫|支店|本店|本社|支社|営業所|出張所|"
    r"事務所|商店|工場|製作所|研究所|協会|連合会|役所|役場|店|局|署|課|部|係|社$|担当|電話|TEL|FAX|Tel|Fax|メール|@"
)
_NO_NAME = re.compile(
    r"[のにはをがへとでや、もま]|か(?!ん)|[ ]?(?:当|弊|本)社|から|まで|です|だ|付近|周辺|先[のでに]|"
    r"地先|ほか|外[0-9]|出身|在住|番組"
)
_IN_BRACKETS = r"[^()\n\t電話駅分〒歳]"
_BRACKETED = re.compile(
    r" ?\((?![^()]{0,24}(?:携帯|TEL|Tel|FAX|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|[0-9]{3}-[0-9]{4}))"
    r"(?:[^()\n\t]{0,24}私書箱[^()\n\t]{0,16}|地番|住居表示|"
    rf"{_IN_BRACKETS}{{1,24}}(?:{BUILDING_WORD}|{_UNIT}|庁舎前|[庁舎館棟ビル校署局場所社]内|番地|画地)|"
    rf"{_IN_BRACKETS}{{1,20}}{ROOM})\)"
)
BOX = (
    rf"(?:日本郵便(?:株式会社|\(株\))? ?)?[{_K}ァ-ヴーぁ-ん]{{1,10}}郵便局(?:内)? ?"
    r"(?:郵便)?私書箱 ?(?:第 ?)?[0-9]{1,4}(?:[-・,][0-9]{1,4})*(?: ?[号番])?"
)
_BOX = re.compile(rf"[ ,、]{{0,2}}{BOX}")
_OPEN = re.compile(r"[ (]{0,2}以下 ?(?:未定|非公開|省略|不明)\)?")
_SENTENCE = re.compile(
    r"では|には|から|まで|より|です|ます|した|する|して|における|として|にある|にあっ|に在|にて|について|による|の[^ノの]{2,}の|、(?![0-9]+(?:F|階))|。|を|は[^ま-ん]|が[^丘崎]{3,}|で[^ん]|[でをは]$"
)
NEXT_LINE = re.compile(
    rf"\n[ \t]*(?P<building>[{_K}{_KANA}A-Za-z0-9・& 「」#-]{{2,30}}?)[ \t]*"
    r"(?=\n|$|である|です|に(?:住|居|転|引)|へ(?:転|引)|[。、(])"
)
_BUILDING_LINE = re.compile(rf"(?:{BUILDING_WORD})|[0-9]{{3,4}}(?:号室?|室)?$|[0-9]{{1,2}}(?:F|階)|^[ァ-ヴー・ ]{{3,}}[ 0-9]*$")
_NO_BUILDING_LINE = re.compile(
    r"電話|TEL|FAX|携帯|様$|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|"
    r"^[^ ]{0,6}(?:住所|氏名|所在地|本籍|送付先|届け?先|転居先|実家|生年月日|番号|連絡先|下宿先|勤務先)|"
    r"^[^ ]{0,8}(?:先|所|地|名|号|者)[ :]|"
    rf"[都道府県][{_K}]{{1,6}}[市区町村郡]|^[{_K}]{{1,6}}[市区][{_K}].{{0,12}}[0-9]"
)


# A number torn at its hyphen: 「1-4-1-」, 「1205」.
_BROKEN = re.compile(
    r"(?:-[ \t]*\n[ \t]*|[ \t]*\n[ \t]*-)[0-9]{1,4}(?:-[0-9]{1,4}){0,2}(?:号室?)?(?=[ \t]*(?:\n|$)|[ \t]+[^0-9 \t])"
)


def sentence(letters: str) -> bool:
    """Whether particles show that the letters are a sentence and no name of a place."""
    return bool(_SENTENCE.search(letters)) or len(letters) > 26


def tail(text: str, end: int, limit: int) -> int:
    """End of what belongs to an address behind its numbers, which end at ``end``; 0 when nothing does."""
    found = _building(text, end, limit)
    for pattern in (_BRACKETED, _BOX, _OPEN):
        more = pattern.match(text, found or end, limit)
        if more:
            found = more.end()
    return found


def ends_in_brackets(text: str, start: int, end: int) -> int:
    """Where brackets that belong to an address open, when the text up to ``end`` closes with them; else 0."""
    at = text.rfind("(", start, end)
    hit = (_BRACKETED.match(text, at, end) or _OPEN.match(text, at, end)) if at > start else None
    return at if hit is not None and hit.end() == end else 0


def _building(text: str, end: int, limit: int) -> int:
    written = _WRITTEN_ON.match(text, end, limit)
    if written and _belongs(written["name"]):
        return written.end()
    for pattern in _BUILDINGS:
        hit = pattern.match(text, end, limit)
        if hit is not None and not _NO_NAME.match(hit["name"]) and not sentence(hit["name"]):
            floor = _FLOOR.match(text, hit.end(), limit)
            return floor.end() if floor else hit.end()
    floor = _FLOOR.match(text, end, limit)
    return floor.end() if floor else 0


def _belongs(name: str) -> bool:
    """Whether a name written on to the house number is a building: a floor, 内, a word for buildings, foreign letters; no firm."""
    if _NO_NAME.match(name) or sentence(name):
        return False
    if _WITHIN.search(name):
        return True
    floored = _FLOORED.search(name)
    bare = name[: floored.start()] if floored else name
    if not bare:
        return False
    if floored and re.search(r"階|F|号館|番館|棟|号室", name[floored.start() :]):
        return True
    if _OFFICE.search(bare):
        return False
    return bool(_CAPITAL.search(bare) or re.search(f"(?:{BUILDING_WORD})$", bare) or _NUMBERED_HALL.search(bare))


def next_line(text: str, end: int, limit: int) -> int:
    """End of a building that stands alone on the next line, or ``end``."""
    broken = _BROKEN.match(text, end, limit)
    if broken:
        return broken.end()
    hit = NEXT_LINE.match(text, end, limit)
    if hit and _BUILDING_LINE.search(hit["building"]) and not _NO_BUILDING_LINE.search(hit["building"]):
        return hit.end("building")
    return end
