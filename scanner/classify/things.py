"""Whether a sensitive word names a thing rather than what somebody has: a product, a course, a stock, a work's title, a rule."""

from __future__ import annotations

import re

from scanner.classify import records
from scanner.model import Kind
from scanner.text.view import Reading

SUPPOSED = "a case supposed"
OFFERED = "an offer or a rule"  # which somebody's own case may stand beside

# Columns and labels whose values are things: what is sold, taught, held in stock, offered, visited, discussed.
_THINGS = (
    r"(?:研修|講座|講義|科目|授業|教材|テーマ|演題|題名|題目|タイトル|書名|作品|番組|行事|イベント|催し|商品|製品|品名|品目|品番|型番|銘柄|メニュー|献立"
    r"|特約|プラン|希望コース|コース|オプション|希望検査|検査希望|希望項目|保障|補償|支払事由|給付の?種類|見学先|視察先|訪問先|取引先|納品先|業務内容|担当業務|担当分野|専門分野|専攻|専門|議題|議案|案件名|資料名?|書類名"
    r"|添付|ファイル名|出典|参考文献|分類|カテゴリー?|種目|競技|部門|設備|機器|器具|物品)"
)
_COLUMN = re.compile(rf"{_THINGS}(?:名|等|\(.*\))?")
_FIELD = re.compile(rf"(?:^|[\n\t])[・\s■●○◆*-]*{_THINGS}(?:名|等)?\s?[::]\s?[^\n\t]*\Z")
# Headers that only a table of goods has.
_GOODS = re.compile(r"在庫|規格|発注|仕入|棚番?|JAN|ロット|単価|入荷|納期|薬価|包装|定価|販売(?:数|価格)")
# What stands behind a word that names a field of business, of study or of rules.
_FIELD_OF_WORK = re.compile(
    r"(?:など|等)?(?:の|に関する|についての|に関わる|向けの?|用の?|をめぐる)?"
    r"(?:営業(?!所)|販売|開発|製造|設計|商談|市場|業界|メーカー|展示|学会|論文|研究|勉強会|講座|講義|授業|教材|部門|仕入|在庫|発注|単価|入札|導入|最新|新型|モデル|カタログ|査定実務|実務|診断基準|認定基準|査定基準|判定基準"
    r"|定義|分類|統計|件数|割合|特集|記事|番組|書籍|動画|ポスター|パンフ|マニュアル|様式|相場|制度|政策|商品|製品|権利|歴史|文化|国際デー|月間|保険|共済|給付金|見舞金)"
)
_WORK_BEFORE = re.compile(
    r"(?:小説|映画|ドラマ|番組|書籍|著書|新刊|演題|講演|題|特集|テーマ|標語|絵本|漫画|アニメ|曲|記事|冊子|ポスター|セミナー|講座|研修|シンポジウム|フォーラム|授業|作文|DVD|ビデオ|本|展)\s?[::は]?\s?\Z"
)
_WORK_BEHIND = re.compile(
    r"(?:の著者|という(?:本|映画|小説|ドラマ|番組|題|タイトル|冊子|講演|研修)|(?:の|を|が|と題)?(?:上映|サイン会|感想|あらすじ|放送|第[0-9]+巻|読書会|講演|展示|特集|ポスター|冊子|研修|講座|チラシ|パンフ|記事|セミナー|シンポジウム|フォーラム|描|読了|出版|連載|主演))"
)
_AUTHORED = re.compile(r"著者|著書|作者|監督|脚本|主演|演題|題名|書評|商標|曲名|作詞|論題|編著")
# Offers and rules: what is paid when somebody falls ill, what a law forbids to do to someone.
_OFFER = re.compile(
    r"(?:1日|最高|一律|日額|一時金|限度額?|最大)[^。\n]{0,8}?[0-9,]+万?円|を?お支払い(?:します|いたします|する|。|$)|(?:を|も)(?:保障|補償)(?:し|いたし|する)|が受け取れ|をお受け取り"
)
_SUPPOSED = re.compile(
    r"(?:を)?(?:した|する|された|になった|に遭った|受けた)(?:とき|時|際|場合)(?:の(?:手続|費用|お金|保障|補償|備え|お?見舞|対応|制度|窓口|連絡先|流れ|必要)|に備|は|も|に(?:は|支払|受け取|お支払))"
    r"|っ?た?(?:とき|時|際|場合)の(?:手続|費用|お金|保障|補償|備え|お?見舞|対応|制度|窓口|連絡先|流れ)"
    r"|(?:った|たり?|る|ている|れた|れる)?(?:とき|時|際|場合)(?:に)?(?:は|も|、)[^。\n]{0,60}?(?:ください|下さい|ましょう|こと(?:。|$|とする)|ものとする|します|できます|れます|連絡(?:する|先)|報告する|届け出る|相談する)"
)
# What a machine, a building, a firm has or undergoes.
_OF_MACHINES = re.compile(
    r"(?:サーバー?|システム|ネットワーク|機械|機器|装置|設備|車両|エンジン|ポンプ|ロボット|配管|建物|橋梁?|トンネル|道路|会社|企業|経営|組織|財政|経済|業績|社会|農業|地域|日本)(?:の|に対する)\s?\Z"
)
_PLAYED = re.compile(r"役(?:を|で|の|に|、|。|\s|$)")
_RULE = re.compile(
    r"(?:を)?(?:行った|行う|した|する|受けた|受ける|ある|持つ)(?:人|者|方|社員|職員|従業員|学生|組合員)(?:への|に対する|を対象|には?|は|が|も|の)[^。\n]{0,40}?(?:禁|できる|できます|なければ|ものとする|対象|義務|保護|差別|不利益|支給|加入|応募|資格)"
)


def named_thing(reading: Reading, start: int, end: int, first: int, last: int) -> str:
    """Why the word at a view range names a thing, or an empty string. ``first``, ``last``: its sentence, line or cell."""
    text = reading.text
    if _FIELD_OF_WORK.match(text, end, last):
        return "a field of work or of study"
    if _OF_MACHINES.search(text, max(first, start - 16), start) or _PLAYED.match(text, end, last):
        return "a machine's, a firm's or a part in a play"
    if _titled(text, start, end, first, last):
        return "the title of a work"
    if _SUPPOSED.match(text, end, last):
        return SUPPOSED
    if _OFFER.search(text, records.line(text, start), records.line_end(text, end)) or _RULE.match(text, end, last):
        return OFFERED
    if reading.block.kind is Kind.TABLE:
        return "a column of things" if _in_column(reading, start) else ""
    line = max(text.rfind("\n", 0, start), text.rfind("\t", 0, start), 0)
    return "a field of things" if start - line < 60 and _FIELD.search(text, line, start) else ""


def _titled(text: str, start: int, end: int, first: int, last: int) -> bool:
    for opening, closing in ("「」", "『』"):
        a = text.rfind(opening, first, start)
        b = text.find(closing, end, last)
        if a >= 0 and b >= 0 and closing not in text[a:start]:
            return (
                _WORK_BEHIND.match(text, b + 1) is not None
                or _WORK_BEFORE.search(text, max(0, a - 10), a) is not None
                or _AUTHORED.search(text, first, a) is not None
            )
    return False


def _in_column(reading: Reading, start: int) -> bool:
    """Whether the cell lies under a header of things, or beside headers that only goods have."""
    block, columns = reading.block, reading.layout.columns
    if block.columns is None or not columns:
        return False
    number = int(block.columns[reading.cell_at(start)])
    headers = {c.number: c.header for c in columns}
    if sum(1 for h in headers.values() if _GOODS.search(h)) >= 2:
        return True
    return _COLUMN.fullmatch(headers.get(number, "")) is not None
