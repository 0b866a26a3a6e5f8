"""Whose an address is: an organisation's own (``business_address``) or a person's (``address``)."""

from __future__ import annotations

import re

from scanner.detect.namewords import ORGANISATION
from scanner.model import Kind, PersonRole
from scanner.text.layout import Column, Field
from scanner.text.view import Reading

ADDRESS, BUSINESS = "address", "business_address"
OF_PERSONS = ("person_name", "birth_date", "gender", "age", "my_number", "health_insurance_id", "member_number", "drivers_license")

_OFFICE_CUE = re.compile(
    r"株式会社|有限会社|合同会社|\((?:株|有)\)|本社|本店|支社|支店|営業所|事務所|事務局|窓口|お問い?合わ?せ|コールセンター|センター|病院|医院|クリニック|"
    r"診療所|薬局|会館|ホール|ホテル|旅館|店舗|学校|大学|役所|役場|市庁|県庁|公民館|協会|連合会|組合|法人|代理店|取扱店|"
    r"発行[:者所元]|編集|会場|所在地|アクセス|代表電話|0120-|0570-|0800-|営業時間|定休日|開館|駐車場|[課係部]気付|総務課|郵便局"
)
_PERSON_CUE = re.compile(
    r"様|さん|氏名|本人|患者|お客|ship_?to|Ship to|配達先|お届け|居住|暮ら|被相続人|所有者|自宅|住まい|在住|住所|送り先|届け先|"
    r"引っ越|転居|実家|宅(?![地配建急])|殿|生年月日|生まれ|携帯|090-|080-|070-|申請人|申立人|原告|被告(?!会社)|債務者|相続人|受取人|世帯主|"
    r"保証人|家主|大家|施主|勤務先|勤め先|職場|続柄|Home|Name"
)
_OWNER_BEFORE = re.compile(
    r"(?:申請人|申立人|申出人|届出人|請求人|原告|被告|債務者|債権者|被相続人|相続人|受取人|世帯主|保証人|被害者|依頼者|本人|譲渡人|"
    r"譲受人|賃借人|借主|買主|氏名|住所|自宅|実家|下宿先|転居先|ご?住まい|様|Home|Ship to)"
    r"[ :)]*(?:の|は|方)?[ :()]*(?:〒? ?[0-9]{3}-?[0-9]{4}[ ]*)?$"
)
_LATIN_OFFICE = re.compile(r"\b(?:Inc|Ltd|Corp|LLC|K\.K|Co|Office|Dept|University|Institute|Headquarters|Company)\b")
_OFFICE_BEFORE = re.compile(
    r"(?:勤務先|勤め先|職場|就職先|派遣先|通学先|工事場所|現場|会場|(?<!送達)場所|本社|本店|支店|支社|営業所|工場|事務所|窓口|所在地|受診先|紹介[先元])"
    r"[ :()]*(?:〒? ?[0-9]{3}-?[0-9]{4}[ ]*)?$"
)
_STANDS = re.compile(
    r"[ ]?に(?:ある|あった|在る|所在|立地|位置|本[社店部]|支店|店舗|開[業店設院館]|"
    r"建[つて設]|設[けら置立]|拠点)(?!.{0,8}(?:自宅|実家|家|アパート|部屋))"
)
_OFFICE_BEHIND = re.compile(
    r"[ ]+(?:(?:株式|有限|合同)会社|\((?:株|有)\)|"
    r"[^\s、。():0-9]{1,14}(?:病院|医院|クリニック|診療所|薬局|会社|支店|営業所|事務所|\(株\)))"
)
_NAME_OF_OFFICE_BEFORE = re.compile(
    r"(?:(?:(?:株式|有限|合同)会社|\((?:株|有)\))[^、。:()]{1,16}\(?|"
    r"[^、。:()]{1,14}(?:会社|病院|医院|クリニック|診療所|薬局|支店|営業所|事務所|店)\()(?:〒?[0-9]{3}-?[0-9]{4})?$"
)
_LETTERHEAD = re.compile(
    r"[ ]*\n[ ]*[^\n:]{1,24}(?:会社|病院|医院|クリニック|診療所|薬局|事務所|法人|組合|センター|協会|学校|大学)[^\n:]{0,12}(?:\n|$)"
)
_ADDRESSEE = re.compile(
    r"[ ]*\n?[ ]*(?![^\n]{0,20}(?:会社|病院|法人|組合|センター|事務|[部課係]|\(株\)))"
    r"[^\n:0-9]{2,16}?[ ]*(?:様|殿|宛|さま)[ ]*(?:\n|$)"
)
_CUSTOMER = re.compile(r"(?i)(?:customer|client|patient|member|user|applicant|employee|person|subscriber|insured)[a-z_]*[._\[]")
_SENT_TO = re.compile(r"(?i)送り先|届け?先|配[送達]先|送付先|郵送先|ship|deliver|recipient|customer|現住所|自宅|転居|旧住所|新住所")
_WORKPLACE = re.compile("勤務|勤め|職場|就業|在籍|学校|所属")  # of a person: its name does not make his address an office
_PLACES_OF_BUSINESS = re.compile(
    r"物件|店舗|店名|施設|会場|支店|支社|拠点|営業所|事業所|医療機関|病院|会社|企業|法人|校名|園名|取引先|仕入先|代理店|工場|倉庫"
)
_FIRM = re.compile(r"病院|医院|薬局|診療所|支店|支社|本社|営業所|学校|大学|会館|役場|市役所|商店|工場")
_LIVES = re.compile(r"[ ]?(?:に|で|へ|在)?(?:在住|住む|住ん|住み|住まい|居住|暮ら|転居|転入|引っ越|引越|の自宅|の実家|の家に|宅)")


def whose(reading: Reading, start: int, end: int) -> str:
    """An organisation's address shows by the words around it, unless words about a person stand nearer."""
    text = reading.text
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    same = text[line:start] + " " + text[end : after if after >= 0 else len(text)]
    if reading.block.kind is not Kind.TEXT:
        first, last = reading.cell(reading.cell_at(start))
        same = text[first:start] + " " + text[end:last]
    announced = text[max(line, start - 40) : start].replace(" ", "")
    if _OFFICE_BEFORE.search(announced):
        return BUSINESS
    if _STANDS.match(text, end):
        return BUSINESS
    if _OWNER_BEFORE.search(announced) or _LIVES.match(text, end):
        return ADDRESS
    if _OFFICE_BEHIND.match(text, end) or _NAME_OF_OFFICE_BEFORE.search(announced):
        return BUSINESS
    if _ADDRESSEE.match(text, end):
        return ADDRESS
    letterhead = _LETTERHEAD.match(text, end)
    if letterhead and not _PERSON_CUE.search(same):
        return BUSINESS
    if reading.block.kind is Kind.TABLE:
        return _whose_in_row(reading, start, same)
    before = text[max(0, start - 90) : start]
    following = text[end : end + 60]
    if _OFFICE_CUE.search(same) or ORGANISATION.search(same) or _LATIN_OFFICE.search(same + text[start:end]):
        return ADDRESS if _PERSON_CUE.search(same) else BUSINESS
    if _PERSON_CUE.search(same):
        return ADDRESS
    if _OFFICE_CUE.search(before) or _OFFICE_CUE.search(following):
        return ADDRESS if _PERSON_CUE.search(before[-45:]) else BUSINESS
    return ADDRESS


def _whose_in_row(reading: Reading, start: int, same: str) -> str:
    """In a row no cell before or behind speaks for the address but a firm's name where nothing speaks of a person."""
    if _PERSON_CUE.search(same):
        return ADDRESS
    if _OFFICE_CUE.search(same) or ORGANISATION.search(same):
        return BUSINESS
    first, last = _row_of(reading, start)
    row = reading.text[first:last]
    if any(c.label is not None and c.label.entity in OF_PERSONS for c in reading.layout.columns) or _PERSON_CUE.search(row):
        return ADDRESS
    return BUSINESS if ORGANISATION.search(row) or _FIRM.search(row) else ADDRESS


def _row_of(reading: Reading, position: int) -> tuple[int, int]:
    """Start and end of the row that holds a position."""
    index, rows = reading.cell_at(position), reading.block.rows
    if rows is None:
        return reading.cell(index)
    first = last = index
    while first > 0 and rows[first - 1] == rows[index]:
        first -= 1
    while last + 1 < len(reading.starts) and rows[last + 1] == rows[index]:
        last += 1
    return reading.cell(first)[0], reading.cell(last)[1]


def whose_place(reading: Reading, start: int, end: int) -> str:
    """Of a town without a house number: a person's only where words say that somebody lives there, or in a row about a person."""
    if _LIVES.match(reading.text, end):
        return ADDRESS
    if reading.block.kind is Kind.TABLE:
        return ADDRESS if any(c.label is not None and c.label.entity in OF_PERSONS for c in reading.layout.columns) else BUSINESS
    line = reading.text.rfind("\n", 0, start) + 1
    return ADDRESS if _OWNER_BEFORE.search(reading.text[max(line, start - 40) : start].replace(" ", "")) else BUSINESS


def whose_column(reading: Reading, column: Column) -> str:
    """A column of addresses is one of organisations by its header, or where no column names persons and one names organisations."""
    if column.label is not None and column.label.hint == "org":
        return BUSINESS
    if _SENT_TO.search(column.header):
        return ADDRESS
    columns = reading.layout.columns
    labels = [c.label for c in columns if c.label is not None]
    if any(x.entity in OF_PERSONS and x.hint != "kana" for x in labels):
        persons = [x for x in labels if x.entity == "person_name" and x.hint != "kana"]
        organised = any(not x.entity and x.hint == "organisation" for x in labels)
        subjects = any(x.role.value in ("subject", "family") for x in persons)
        others = any(x.entity in OF_PERSONS and x.entity != "person_name" for x in labels)
        return BUSINESS if organised and not subjects and not others else ADDRESS
    if any(not x.entity and x.hint == "organisation" for x in labels):
        return BUSINESS
    return BUSINESS if any(_PLACES_OF_BUSINESS.search(c.header) for c in columns) else ADDRESS


def firm_rows(reading: Reading) -> frozenset[int]:
    """The rows of a table of people in whose column of names a firm stands."""
    rows = reading.block.rows
    names = [c for c in reading.layout.columns if c.label is not None and c.label.entity == "person_name"]
    if rows is None or not names:
        return frozenset()
    cells = names[0].cells.tolist()
    return frozenset(int(rows[i]) for i in cells if ORGANISATION.search(reading.text[slice(*reading.cell(i))]))


def whose_row(reading: Reading) -> str:
    """Of cells that no header announces: a business's where the table has an address column of organisations."""
    labels = [c.label for c in reading.layout.columns if c.label is not None]
    if any(label.entity in OF_PERSONS for label in labels):
        return ADDRESS
    return BUSINESS if any(label.entity == ADDRESS and label.hint == "org" for label in labels) else ADDRESS


def office_field(reading: Reading, fields: tuple[Field, ...], n: int) -> bool:
    """An address on an organisation's own notice: words about an office around it, and no field of a person near."""
    item = fields[n]
    if item.label.hint == "org":
        return True
    key = reading.text[max(0, item.label_start - 12) : item.label_end].rsplit("\n", 1)[-1]
    if _CUSTOMER.search(key) or _SENT_TO.search(key):
        return False
    if item.above is not None and item.above.hint == "organisation":
        return True
    near = [f for f in fields[max(0, n - 5) : n + 6] if abs(f.start - item.start) < 400]
    if any(f.label.entity in OF_PERSONS and f.label.role is not PersonRole.STAFF for f in near):
        return False
    if any(not f.label.entity and f.label.hint == "organisation" and not _WORKPLACE.search(f.label.word) for f in near):
        return True
    around = reading.text[max(0, item.start - 90) : item.label_start] + reading.text[item.end : item.end + 60]
    return reading.block.kind is Kind.TEXT and bool(_OFFICE_CUE.search(around)) and not _PERSON_CUE.search(around)
