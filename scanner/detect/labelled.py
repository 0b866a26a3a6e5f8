"""What labels announce: cells of a 傷病名 column, values of a form's fields, results of check-up tables, ○ under a disease."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from scanner.detect import morphology
from scanner.detect.checkups import RESULT, Checkups, trimmed
from scanner.detect.lexicon import Lexicon
from scanner.detect.sensitive import Candidate
from scanner.model import Kind, Strength
from scanner.text.layout import Column
from scanner.text.view import Reading

_CATEGORIES = {
    "health_condition": ("medical_history",),
    "medication_or_treatment": ("medical_care",),
    "exam_result": ("health_checkup_result", "medical_care"),
    "disability": ("disability",),
    "criminal_record": ("criminal_record", "criminal_procedure"),
    "crime_victim": ("crime_victim",),
    "creed": ("creed",),
    "race_ethnicity": ("race_ethnicity",),
    "social_status": ("social_status",),
    "labour_union": ("labor_union_membership",),
    "registered_domicile": ("registered_domicile",),
    "family_origin": ("family_origin",),
    "sexual_life": ("sexual_life",),
    "child_welfare": ("child_welfare",),
    "public_assistance": ("public_assistance",),
}
_LISTED = ("health_condition", "medication_or_treatment")
# Answers that deny, or say nothing.
NONE = re.compile(
    r"(?:特に)?(?:特記(?:事項|すべきこと)?)?(?:該当)?(?:既往歴?|症状|所見|異常)?(?:は)?(?:なし|無し?|ナシ|ありません|ございません|せず|否|いいえ|非該当|未加入|非加入|未記入|不明|不詳|同上|別紙(?:参照)?|記載(?:なし)?|未提出|未確認|未届|省略|確認中|写し(?:あり)?|提出済み?|対象外|一般)(?:\([^()]{0,12}\))?"
    r"|[-ー－×✕/.・0]+|N/?A|no|none|No|None|false|null|nil|回答しない|無回答|回答なし|未回答|希望し(?:ない|ません)|わからない|嫡出|その他|□.*|(?:有|あり)・(?:無|なし)|(?:はい|有|あり)\s?[/・]\s?(?:いいえ|無|なし)"
)
_YES = re.compile(
    r"(?:はい|有り?|あり|○|〇|◯|●|レ|✓|✔|☑|1|yes|Yes|YES|true|TRUE|該当|加入|加入済み?|陽性|\(\+\)|\+|既往あり|治療中|罹患|組合員)"
)
_MARK = re.compile(r"(?:○|〇|◯|●|レ|✓|✔|☑|有り?|あり|はい|1|yes|Yes|Y|true|TRUE|\(\+\)|\+|陽性)")
_ITEM = re.compile(r"(?:[^、,\n;。/]|(?<=[A-Za-z0-9])/(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]),(?= [A-Za-z]))+")
_PARENS = re.compile(r"\([^()\n]*\)")
_TRIM = re.compile(
    r"^(?:[\s・\-*●#]|\([アイウエオ0-9]{1,2}\)|[0-9]{1,2}[.)]|[①-⑳]|(?:昭和|平成|令和|[SHR])?[0-9元]{1,4}年(?:[0-9]{1,2}月)?(?:頃|ごろ)?[にの]?)+\s?"
)
_TAIL = re.compile(r"(?:\([^()]*\)?|(?:等|など|の疑い|疑い|あり|有り?|予定|を?治療中|[0-9]{4}[/.-][0-9/.-]*|\s)+)\Z")
_SENTENCE = re.compile(
    r"(?:です|ます|した|いる|ある|ない|ください|こと|ため|から|ので|する|される|れる|以上|以下|御中|様|殿)$|[をがはに][^、]{3,}"
)
_DATE = re.compile(r"[0-9年月日./\-~\s:()頃か ら ま で回泊間]+$")
_SHORT_RESULT = re.compile(
    r"[<>≦≧]?\s?[0-9][0-9,.]*(?:\s?/\s?[0-9.]+)?\s?(?:%|[a-zA-Zμ℃]+(?:/[a-zA-Z0-9]+)?|万|点|回)?(?![0-9年月日])|\(?(?:[+±-]|[1-4]\+)+\)?|陽性|陰性|異常なし|異常あり|[A-E][12]?(?![A-Za-z0-9])|要[一-鿿]{2,4}|正常"
)
_CHECKUP = re.compile(r"健診|健康診断|検診結果|ドック|検査結果|検査値|検査データ|検査所見|血液検査|健康管理|ストレスチェック")
_ORDINAL = re.compile(r"[0-9]+[ \u3000]{2,}|[0-9]+\s?[番位人件]")  # the next row of a printed table, no verdict
_FEE = re.compile(r"[¥\\]?[1-9][0-9,]{2,6}円?")  # dues kept back from wages: who pays them is a member
_DUES = re.compile(r"組合費?(?:等|\(.*\))?|組合会費")
_WAGES = re.compile(r"基本給|本給|支給|差引|控除|健康保険|厚生年金|雇用保険|所得税|住民税|手取|賃金")
_UNIONS = frozenset(("組合", "組合加入", "組合員区分", "組合区分", "組合加入区分"))
_MEMBER = re.compile(r"(?:未|非)?(?:加入|組合員)(?:済み?|者)?|脱退|○|〇|×|✕|-|有|無|あり|なし|対象外|管理職")
_STAFFED = re.compile(r"所属|部署|社員|職員|従業員|役職|入社|職種|雇用|等級|シフト|配属")
_SHARES = re.compile(r"出資|口数|総代|正組合員|持分|管理費|修繕|部会")
_RITES = frozenset({"受洗日", "洗礼日", "受洗"})  # their very date says it
_DENIAL = 24  # characters of a value that can be a mere denial: 前科なし, 障害は特にありません
_DENIED_FIRST = re.compile(r"(?:なし|無し|ナシ|ありません|該当(?:なし|せず|しない))[。.、(]")  # 「なし。罰金もないと本人が回答」
_DENIED = re.compile(r"(?:なし|無し|ナシ|ありません|ございません|該当せず|していない|(?<=[歴科罰])無)\s*[。.]?\s*$")
_ANSWERED_NO = re.compile(r"(?:特に)?(?:なし|無し|ありません|ございません|ない)[。、]")
_MINOR = re.compile(r"反則|処分なし|免許停止|免停|行政処分|注意|指導のみ|見込")
_PLACE = re.compile(r"[都道府県市区町村郡番国島]|[ァ-ヴー]{3,}|[A-Z][a-z]{3,}|韓国|中国|朝鮮|台湾|米国|(?:東京|大阪|京都|北海道)")
# What a name of a drug or a treatment has in it; asked for where only a space parts it from its label: 「薬剤 師太郎」.
_REMEDY = re.compile(r"[ァ-ヴA-Za-z]{2}|[湯散丸錠術薬剤液膏油素膜鏡固接置切縫抜除摘植注射治療法酸]")
_MUCH = 4_000  # cells of a table up to which examination names are looked for row by row


class Labelled:
    """Candidates from labels, columns and answer cells."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._diseases = {
            w
            for w, terms in lexicon.terms.items()
            for t in terms
            if t.entity in ("health_condition", "disability") and t.strength == Strength.STRONG
        } | {"がん", "ガン", "癌", "アレルギー"}
        self._analytes = {re.sub(r"\s+", "", w.lower()): soft for w, soft in lexicon.analytes.items()}
        self._checkups = Checkups(self._analytes)

    def cells(self, reading: Reading, lexical: list[Candidate]) -> list[Candidate]:
        """Everything that labels and columns of the reading announce."""
        out: list[Candidate] = []
        known = sorted((c.start, c.end, c.entity) for c in lexical)
        for field in reading.layout.fields:
            label = field.label
            out += self._value(reading.text, field.start, field.end, label.entity, label.word, label.hint, known, field.label_start)
        checkup = self._is_checkup(reading)
        for column in reading.layout.columns:
            out += self._column(reading, column, checkup, known)
        if reading.block.kind is not Kind.TEXT and len(reading.starts) <= _MUCH:
            taken = {(c.start, c.end) for c in out}
            out += [c for c in self._checkups.listed(reading) if (c.start, c.end) not in taken]
            taken = {(c.start, c.end) for c in out}
            out += [c for c in (*self._checkups.rows(reading), *self._checkups.vitals(reading)) if (c.start, c.end) not in taken]
            out += self._checkups.grouped(reading, {(c.start, c.end) for c in out})
        return out

    # ------------------------------------------------------------ fields and columns

    def _value(
        self,
        text: str,
        start: int,
        end: int,
        entity: str,
        word: str,
        hint: str,
        known: list[tuple[int, int, str]],
        label_start: int = -1,
    ) -> Iterator[Candidate]:
        if entity not in _CATEGORIES or hint == "care_date":
            return
        value = text[start:end]
        if not value or len(value) > 300 or NONE.fullmatch(value.strip()):
            return
        denied = _DENIED_FIRST.match(value) or (len(value) <= _DENIAL and _DENIED.search(value))
        if entity not in (*_LISTED, "exam_result") and denied:
            return
        if entity not in _LISTED and _ANSWERED_NO.match(value):
            return
        categories = _CATEGORIES[entity]
        rule = f"label.{entity}"
        if entity == "exam_result":
            yield from self._result(text, start, end, label_start, word)
        elif entity in _LISTED:
            spaced = label_start >= 0 and text[label_start + len(word) : start].strip(" ") == ""
            if hint != "free" and not (spaced and entity == "medication_or_treatment" and not _REMEDY.search(value)):
                yield from self._items(text, start, end, entity, word, known)
        elif _YES.fullmatch(value.strip()):
            yield Candidate(start, end, entity, categories[:1], Strength.LABEL, rule, word, said=word)
        elif entity == "criminal_record":
            inside = any(a >= start and b <= end and e == entity for a, b, e in known)
            if (len(value) <= 24 or (len(value) <= 60 and not inside)) and not _SENTENCE.search(value) and not _DATE.match(value):
                if inside:
                    yield Candidate(start, end, entity, (), Strength.LABEL, rule, word)  # what stands in it says of what kind it is
                elif not word.startswith("処分") and not _MINOR.search(value):
                    yield Candidate(start, end, entity, categories[:1], Strength.LABEL, rule, word)
        elif entity == "crime_victim":
            for hit in re.finditer(r"[☑■☒✓✔レ]\s?([^□☑■☒✓✔\s\t\n、]{1,16})", value):
                yield Candidate(start + hit.start(1), start + hit.end(1), entity, categories, Strength.LABEL, rule, word)
            if not re.search(r"[□☑■☒✓✔]", value) and len(value) <= 24 and not _DATE.match(value):
                yield Candidate(start, end, entity, categories, Strength.LABEL, rule, word)
        elif entity == "disability":
            if len(value) <= 40 and not _SENTENCE.search(value) and not _DATE.match(value):
                yield Candidate(start, end, entity, categories, Strength.LABEL, rule, word)
        elif entity == "labour_union" and _FEE.fullmatch(value.strip()):
            yield Candidate(start, end, entity, categories, Strength.LABEL, rule, word, said=word)
        elif entity == "registered_domicile" and not _PLACE.search(value):
            return
        elif len(value) <= 40 and not _SENTENCE.search(value) and (not _DATE.match(value) or word in _RITES):
            yield Candidate(start, end, entity, categories, Strength.LABEL, rule, word)

    @staticmethod
    def _result(text: str, start: int, end: int, label_start: int, word: str) -> Iterator[Candidate]:
        """The value cell of a form; in running text item and value together, and only as far as the result goes."""
        if "\t" in text[label_start:start] or "\n" in text[label_start:start] or label_start < 0:
            if (
                end - start <= 40
                and RESULT.match(text[start:end])
                and not (word.endswith("判定") and _ORDINAL.match(text[start:end]))
            ):
                yield Candidate(start, end, "exam_result", _CATEGORIES["exam_result"], Strength.LABEL, "label.exam_result", word)
            return
        short = _SHORT_RESULT.match(text, start, end)
        if short and word not in ("判定", "所見", "データ"):
            yield Candidate(
                label_start, short.end(), "exam_result", _CATEGORIES["exam_result"], Strength.STRONG, "label.exam_result", word
            )

    def _items(
        self, text: str, start: int, end: int, entity: str, word: str, known: list[tuple[int, int, str]]
    ) -> Iterator[Candidate]:
        """The items of a value that lists diseases or drugs: 子宮筋腫、鉄欠乏性貧血."""
        masked = _PARENS.sub(lambda m: "(" + "_" * (len(m.group()) - 2) + ")", text[start:end])
        for hit in _ITEM.finditer(masked):
            first, last = _item(text, start + hit.start(), start + hit.end())
            if (
                _noun(text[first:last], entity)
                and not morphology.PRODUCT.match(text, last)
                and _unspoken(text, first, last, entity, known)
            ):
                yield Candidate(first, last, entity, _CATEGORIES[entity], Strength.LABEL, f"label.{entity}", word)

    def _column(self, reading: Reading, column: Column, checkup: bool, known: list[tuple[int, int, str]]) -> Iterator[Candidate]:
        text = reading.text
        key = re.sub(r"\s+", "", column.header)
        entity = column.label.entity if column.label else ""
        named = next((name for name in (key, re.sub(r"\([^()]*\)$", "", key)) if name in self._analytes), "")
        if named or entity == "exam_result":
            if checkup or _CHECKUP.search(column.header):
                yield from self._results(reading, column, named or (column.label.word if column.label else ""))
            return
        if column.header and self._is_disease(column.header):
            answers = list(self._answers(reading, column))
            yield from answers
            if answers or entity not in _CATEGORIES:
                return
        if column.label is None and _DUES.fullmatch(key) and _is_payroll(reading):
            for cell in column.cells.tolist():
                start, end = trimmed(text, *reading.cell(cell))
                if _FEE.fullmatch(text[start:end]):
                    yield Candidate(
                        start, end, "labour_union", _CATEGORIES["labour_union"], Strength.LABEL, "column.dues", key, said=key
                    )
        if key in _UNIONS and column.label is None and _is_staff(reading):
            values = [(a, b) for a, b in (trimmed(text, *reading.cell(c)) for c in column.cells.tolist()) if a < b]
            if all(_MEMBER.fullmatch(text[a:b]) for a, b in values):
                for a, b in values:
                    if _YES.fullmatch(text[a:b]):
                        yield Candidate(
                            a, b, "labour_union", _CATEGORIES["labour_union"], Strength.LABEL, "column.union", key, said=key
                        )
            return
        if column.label is None or entity not in _CATEGORIES:
            return
        for cell in column.cells.tolist():
            start, end = trimmed(text, *reading.cell(cell))
            if start < end:
                near = [k for k in known if k[0] < end and k[1] > start] if len(known) < 200 else _near(known, start, end)
                yield from self._value(text, start, end, entity, column.label.word, column.label.hint, near)

    @staticmethod
    def _results(reading: Reading, column: Column, word: str) -> Iterator[Candidate]:
        """``word``: what announces them, as the lists know it; the header may hold a name besides: 血糖(佐藤)."""
        for cell in column.cells.tolist():
            start, end = trimmed(reading.text, *reading.cell(cell))
            if start < end and end - start <= 20 and RESULT.match(reading.text[start:end]):
                yield Candidate(start, end, "exam_result", ("health_checkup_result",), Strength.LABEL, "column.exam_result", word)

    def _answers(self, reading: Reading, column: Column) -> Iterator[Candidate]:
        """○ and 有 in a column that is named after a disease. Figures other than 0 and 1 mean statistics: nothing.

        The header is the value here, so that the cue does not quote it.
        """
        marks: list[tuple[int, int]] = []
        filled = 0
        for cell in column.cells.tolist():
            start, end = trimmed(reading.text, *reading.cell(cell))
            value = reading.text[start:end]
            if not value:
                continue
            filled += 1
            if _MARK.fullmatch(value):
                marks.append((start, end))
            elif not NONE.fullmatch(value):
                filled += 3
        if not marks or len(marks) * 5 < filled:
            return
        entity, category, cue = "health_condition", "medical_history", "病名"
        if "障" in column.header:
            entity, category, cue = "disability", "disability", "障害名"
        for start, end in marks:
            yield Candidate(start, end, entity, (category,), Strength.LABEL, "column.answer", cue, said=column.header)

    def _is_disease(self, header: str) -> bool:
        return header in self._diseases or re.sub(r"(?:の既往|既往|の有無|\(.*\)|歴)$", "", header) in self._diseases

    def _is_checkup(self, reading: Reading) -> bool:
        """Whether its columns are examinations of people: a firm examination among them, or check-up words about it."""
        firm = sum(1 for c in reading.layout.columns if self._analytes.get(re.sub(r"\([^()]*\)$|\s+", "", c.header)) is False)
        soft = sum(1 for c in reading.layout.columns if self._analytes.get(re.sub(r"\([^()]*\)$|\s+", "", c.header)) is True)
        return (
            firm >= 1 or soft >= 3 or bool(_CHECKUP.search(reading.block.heading) or (soft and _CHECKUP.search(reading.text[:400])))
        )


def _is_staff(reading: Reading) -> bool:
    """Whether a table lists the staff of an employer: the association that some of them belong to is their union."""
    headers = "\t".join(c.header for c in reading.layout.columns)
    return _STAFFED.search(headers) is not None and _SHARES.search(headers) is None


def _is_payroll(reading: Reading) -> bool:
    """Whether a table keeps back contributions from wages: what it calls the association's dues are a union's."""
    headers = "\t".join(c.header for c in reading.layout.columns)
    return _WAGES.search(headers) is not None and _SHARES.search(headers) is None


def _item(text: str, first: int, last: int) -> tuple[int, int]:
    """An item without its numbering, dates, brackets and 疑い, 等, 治療中."""
    lead = _TRIM.match(text[first:last])
    if lead:
        first += lead.end()
    while first < last and text[first] in " \t":
        first += 1
    while True:
        trail = _TAIL.search(text, first, last)
        if trail is None or trail.start() <= first:
            return first, last
        last = trail.start()


def _noun(item: str, entity: str) -> bool:
    """Whether an item is the name of something rather than a denial, a date, a sentence or a hospital."""
    if len(item) == 1:
        return item in "卵乳蕎麦"
    if not 1 < len(item) <= 24 or NONE.fullmatch(item) or _SENTENCE.search(item) or _DATE.match(item):
        return False
    if re.search(r"なし$|無し?$|ません$", item):
        return False
    return entity != "health_condition" or not re.search(r"病院|クリニック|医院|内科$|外科$|科$|センター$", item)


def _unspoken(text: str, first: int, last: int, entity: str, known: list[tuple[int, int, str]]) -> bool:
    """Whether the words in an item don't speak for themselves: nothing known lies in it, or the whole of it is one word."""
    inside = [(a, b, e) for a, b, e in known if a < last and first < b]
    if not inside:
        return True
    if any(e not in _LISTED for _, _, e in inside) or re.search(r"[ \tぁ-ん(]", text[first:last]):
        return False
    return not any(a <= first and last <= b and e != entity for a, b, e in inside)


def _near(known: list[tuple[int, int, str]], start: int, end: int) -> list[tuple[int, int, str]]:
    i = bisect_left(known, (start - 64, 0, ""))
    j = bisect_left(known, (end, 0, ""))
    return [k for k in known[i:j] if k[1] > start]
