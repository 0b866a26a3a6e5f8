"""Results in tables of check-ups: examinations in rows (検査項目 | 結果 | 基準値), and under headers of one row or two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.detect.sensitive import Candidate
from scanner.model import Kind, Strength
from scanner.text.view import Reading

# What a result looks like.
RESULT = re.compile(
    r"[<>≦≧]?\s?[0-9]|情報提供|動機付|積極的|\([0-9]?\+{1,3}\)|陽性|陰性|\(?[+±-]|異常|正常|所見|要|高ストレス|該当|[A-EＡ-Ｅ][12]?(?:判定)?$|就業|経過観察|良好|制限|高い|低い|中$|普通|Ⅰ|Ⅱ|Ⅲ|軽度|高度"
)
_HEADED = 3  # examinations that a header names at least
_PART = re.compile(
    r"(?:右|左)?(?:右|左|上|下|最高|最低|収縮期?|拡張期?|裸眼|矯正|右眼|左眼|[14]000(?:Hz)?|[14]k(?:Hz)?|低音|高音|1回目|2回目|値|判定|結果|所見|平均|糖|蛋白|潜血)"
)
_GROUP = re.compile(
    r"計測|血圧|視力|聴力|尿|血液|肝|脂質|腎|糖代謝|血糖|貧血|心電図|胸部|胃部|眼底|眼圧|便|検査|腹部|骨密度|呼吸|診察|問診|判定"
)
_ASIDE = re.compile(r"日$|医師|機関|備考|番号|氏名|年齢|性別|所属|有無|コード|費用|金額|予約|申込")
_REFERENCE = re.compile(r"未満|以上|以下|基準|mg/|g/d|U/L|cm$|kg$|mmHg$|点$|^%$")
# Tables that list examinations: the header of their names, of their results and of the verdicts on them.
_ITEM = re.compile(
    r"検査(?:項目|名|法|方法|種別|種類|内容)?|健診項目|項目|検体(?:名|種別)?|測定項目|test|item|name|analyte", re.IGNORECASE
)
_OUTCOME = re.compile(
    r"(?:今回|当日)?(?:検査)?(?:結果|値|成績|所見)|測定値|測定結果|数値|今回(?:値|の結果)?|result|value|結果値|Ct値?|定量値",
    re.IGNORECASE,
)
_VERDICT = re.compile(r"判定|区分|評価|判定区分|今回判定|grade|flag|judg(?:e|ement|ment)|H/L", re.IGNORECASE)
_BODY = re.compile(
    r"内視鏡|胃カメラ|超音波|エコー|X線|エックス線|レントゲン|マンモ|細胞診|抗体|抗原|PCR|心電図|眼底|眼圧|聴力|視力|血圧|尿(?!素樹)|便潜血|骨密度|腫瘍マーカー|肺機能|肺活量|血糖|血球|血色素|コレステロール|脂肪|肝機能|腎機能"
    r"|ピロリ|ヘリコバクター|HbA1c|GTP|CT検査|MRI|MRA|頸動脈|体脂肪|握力|胸部|腹部|乳房|子宮|前立腺|甲状腺|歯科|口腔"
)
_UNDONE = re.compile(r"未(?:実施|受診|検|回答|提出|測定)|欠席|欠|省略|中止|辞退|[-ー－―—*/]+|同上|希望せず|対象外|なし\(未\)")
# Vital signs in a column of their own, whatever the table is about.
_VITAL = (
    (
        re.compile(r"(?:朝|夕|夜|来室時|診察前の?)?(?:体温|検温|KT|BT)"),
        re.compile(r"3[4-9]\.[0-9]\s?(?:度|℃)?|4[0-2]\.[0-9]\s?(?:度|℃)?"),
    ),
    (re.compile(r"血圧|BP"), re.compile(r"[0-9]{2,3}\s?[/／-]\s?[0-9]{2,3}")),
    (re.compile(r"SpO2|SPO2|酸素飽和度", re.IGNORECASE), re.compile(r"(?:[89][0-9]|100)\s?%?")),
    (re.compile(r"脈拍?|心拍数?|HR|PR"), re.compile(r"(?:[4-9][0-9]|1[0-9]{2})")),
)
_UNITS = re.compile(r"[\[(]?(?:mg/dl|g/dl|u/l|iu/l|mmhg|cm|kg|kg/m2|%|万/μl|/μl|ng/ml|ml/min.*|点)[\])]?$")


class Checkups:
    """Finds results by the names of examinations. ``analytes``: lower case and without spaces → whether it is a soft one."""

    def __init__(self, analytes: Mapping[str, bool]) -> None:
        self._analytes = analytes
        self._asked: dict[str, bool | None] = {}  # what ``examination`` said

    # ------------------------------------------------------------ headers of several rows: 血圧 over 最高 and 最低

    def grouped(self, reading: Reading, taken: set[tuple[int, int]]) -> Iterator[Candidate]:
        """Results under a header that names examinations in one row or two, where its groups or units hide that it is one."""
        block = reading.block
        if block.rows is None or block.columns is None or block.kind is not Kind.TABLE:
            return
        rows, columns = block.rows.tolist(), block.columns.tolist()
        cells = [trimmed(reading.text, *reading.cell(i)) for i in range(len(rows))]
        named: dict[int, dict[int, bool]] = {}  # row → column → soft
        for i, (start, end) in enumerate(cells):
            if 0 < end - start <= 24:
                soft = self.examination(reading.text[start:end])
                if soft is not None:
                    named.setdefault(rows[i], {})[columns[i]] = soft
        top = next((r for r in sorted(named) if len({**named[r], **named.get(r + 1, {})}) >= _HEADED), None)
        if top is None:
            return
        wanted = {*named[top], *named.get(top + 1, ())}
        head = top + 1 if top + 1 in named else top
        over = sorted(
            (columns[i], reading.text[start:end]) for i, (start, end) in enumerate(cells) if rows[i] == top and start < end
        )
        for i, (start, end) in enumerate(cells):
            if rows[i] != top + 1 or columns[i] in named.get(top + 1, {}) or not 0 < end - start <= 12:
                continue
            part, group = reading.text[start:end], [text for c, text in over if c <= columns[i]]
            grouped = bool(group) and (self.examination(group[-1]) is not None or _GROUP.search(group[-1]) is not None)
            if grouped and (_PART.fullmatch(part) or (head == top + 1 and not RESULT.match(part) and not _ASIDE.search(part))):
                wanted.add(columns[i])
                head = top + 1
        for i, (start, end) in enumerate(cells):
            if rows[i] <= head or columns[i] not in wanted or not 0 < end - start <= 20 or (start, end) in taken:
                continue
            value = reading.text[start:end]
            if RESULT.match(value) and "~" not in value and not _REFERENCE.search(value) and self.examination(value) is None:
                yield Candidate(
                    start, end, "exam_result", ("health_checkup_result",), Strength.LABEL, "column.exam_result", "検査項目"
                )

    def examination(self, text: str) -> bool | None:
        """Whether a header cell names an examination: True for a soft one, None when it names none. Its unit does not matter."""
        if text not in self._asked:
            if len(self._asked) > 50_000:
                self._asked.clear()
            self._asked[text] = self._named(text)
        return self._asked[text]

    def _named(self, text: str) -> bool | None:
        plain = re.sub(r"\s+", "", text).lower()
        for name in (plain, re.sub(r"[\[(][^()\[\]]*[\])]$", "", plain), re.sub(_UNITS, "", plain)):
            if name in self._analytes:
                return self._analytes[name]
        return None

    # ------------------------------------------------------------ lists: 検査 | 結果 | 区分, and columns of vital signs

    def listed(self, reading: Reading) -> Iterator[Candidate]:
        """Results of a table that lists examinations under headers of its own, as far as one of them is known to be of a body."""
        columns = reading.layout.columns
        named = [c for c in columns if _ITEM.fullmatch(c.header)]
        wanted = [c for c in columns if _OUTCOME.fullmatch(c.header) or _VERDICT.fullmatch(c.header)]
        if not named or not any(_OUTCOME.fullmatch(c.header) for c in wanted) or reading.block.rows is None:
            return
        rows = reading.block.rows
        items: dict[int, str] = {}
        for column in named:
            for cell in column.cells.tolist():
                start, end = trimmed(reading.text, *reading.cell(cell))
                items.setdefault(int(rows[cell]), reading.text[start:end])
        bodily = {row for row, item in items.items() if self.examination(item) is not None or _BODY.search(item)}
        if len(bodily) * 2 < sum(1 for item in items.values() if item):
            return
        for column in wanted:
            for cell in column.cells.tolist():
                start, end = trimmed(reading.text, *reading.cell(cell))
                value = reading.text[start:end]
                if int(rows[cell]) in bodily and 0 < end - start <= 40 and not _UNDONE.fullmatch(value):
                    yield Candidate(
                        start,
                        end,
                        "exam_result",
                        ("health_checkup_result", "medical_care"),
                        Strength.LABEL,
                        "row.exam_result",
                        "検査項目",
                    )

    @staticmethod
    def vitals(reading: Reading) -> Iterator[Candidate]:
        """Body temperatures, pressures and pulses in columns whose values can be nothing else."""
        for column in reading.layout.columns:
            for header, value in _VITAL:
                if not header.fullmatch(column.header):
                    continue
                cells = [trimmed(reading.text, *reading.cell(i)) for i in column.cells.tolist()]
                filled = [(a, b) for a, b in cells if a < b]
                right = [(a, b) for a, b in filled if value.fullmatch(reading.text[a:b])]
                if len(right) * 2 > len(filled):
                    for a, b in right:
                        yield Candidate(
                            a,
                            b,
                            "exam_result",
                            ("health_checkup_result", "medical_care"),
                            Strength.LABEL,
                            "column.vital",
                            column.header,
                        )

    # ------------------------------------------------------------ rows: 検査項目 | 結果 | 基準値

    def rows(self, reading: Reading) -> Iterator[Candidate]:
        """Results that stand in a row behind the name of their examination."""
        rows, columns = reading.block.rows, reading.block.columns
        if rows is None or columns is None:
            return
        text = reading.text
        reference = {c.number for c in reading.layout.columns if re.search(r"基準|正常|単位|参考|目標", c.header)}
        headers = set(reading.layout.labels) if reading.layout.columns else set()
        hits = 0
        found: list[Candidate] = []
        for i in range(len(reading.starts) - 1):
            start, end = trimmed(text, *reading.cell(i))
            if not 0 < end - start <= 20 or reading.cell(i) in headers:
                continue
            soft = self.examination(text[start:end])
            if soft is None:
                continue
            j = i + 1
            row = [k for k in range(j, min(j + 6, len(reading.starts))) if rows[k] == rows[i] and int(columns[k]) not in reference]
            if not row:
                continue
            first, last = trimmed(text, *reading.cell(row[0]))
            if first < last and last - first <= 24 and RESULT.match(text[first:last]) and "~" not in text[first:last]:
                hits += 1 if not soft else 0
                found.append(
                    Candidate(
                        first,
                        last,
                        "exam_result",
                        ("health_checkup_result", "medical_care"),
                        Strength.LABEL,
                        "row.exam_result",
                        "検査項目",
                    )
                )
        if hits:
            yield from found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    while start < end and text[start] in " \t\n":
        start += 1
    while end > start and text[end - 1] in " \t\n":
        end -= 1
    return start, end
