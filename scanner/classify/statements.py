"""Judges one sensitive match where it stands: what is said, of whom, how sure, and under which legal category."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from scanner.classify import evidence, linkage, records, things
from scanner.classify.categories import Taxonomy
from scanner.classify.linkage import SMALL, Bin, Link, Scope
from scanner.classify.tone import GENERAL, Tone
from scanner.model import Certainty, Evidence, Kind, Match, PersonRole, Section, Strength
from scanner.text.view import Reading

_OF_BEASTS = frozenset(
    {"health_condition", "medication_or_treatment", "exam_result", "disability", "social_status", "family_origin"}
)
_OF_MIND = frozenset({"race_ethnicity", "creed", "social_status", "family_origin", "sexual_life", "labour_union"})
# Who suffered, or was tried, is a body and nobody in particular; news of others; a lineage of shops.
_BODY = re.compile(
    r"(?:会社|店舗?|当社|弊社|当店|当行|法人|組合)として[^。\n]{0,30}被害|被害者\s{0,4}(?:株式会社|有限会社|[(]株[)])|(?:弊社|当社|当店)(?:が|は)[^。\n]{0,20}被害"
)
_NEWS = re.compile(
    r"と報じ|報じられ|報道(?:で|に|され|によ)|各紙|ニュース(?:で|によ)|記事によ|同業(?:大手|他社|の会社|者)|他社の|他行の|競合"
)
_WITNESS = re.compile(r"目撃者?(?:として|し)|参考人|被害者として|通報者として|関係者として")
_MACHINE = re.compile(
    r"主系|待機系|サーバ|基盤|システム|回線|ハング|再起動|復旧|死活|DB|ノード|切り?替え?後|フェイルオーバー|キュー|通信"
)
_SHOPS = re.compile(r"ラーメン|競走馬|種牡馬|血統書|銘柄|酒米|品種|ワイン|ブランド牛")
_DIAGNOSED = re.compile(r"診断|医師|主治医|病院|クリニック|受診|通院|服薬|発症|既往|病名|治療|入院|精神科|心療内科|処方|カルテ")
_SPOKEN = 220  # characters before a result in which a talk may have come to the check-up
_OTHER_VERDICT = re.compile(
    r"模試|偏差値|志望(?:校|大)|入試|合格|検定|耐震|品質|製品|ロット|査定|評価|人事考課|試験|工事|設備|車検|格付|信用|リスク判定"
)
_BODILY = re.compile(
    r"健診|検診|健康|ドック|スクリーニング|精密検査|二次検査|聴力|視力|心電図|X線|検便|歯科|ストレスチェック|じん肺|血中|尿中|骨密度|受診|血圧|血液|尿|医師|産業医|保健|肝機能|コレステロール|BMI|腹囲|胃|肺|再検|精検|要医療|メタボ"
)
_VERDICTS = ("exam.verdict", "exam.told", "exam.normal")
_OFFENCE = ("罪名", "被疑罪名", "容疑", "事件名")
_TRIED = re.compile(r"被告人|被疑者|公判|起訴|勾留|期日|送検|捜査|弁護人|検察")
_SENTENCED = re.compile(r"刑期|懲役|拘禁刑|禁錮|確定|服役|執行猶予|前科|出所|満期|仮釈放|罰金")
_JUVENILE = re.compile(r"少年|家庭裁判所|家裁|審判|非行|生徒|中学|高校")
# A check-up and what came out of it: an illness named there is its result too.
_FOUND = re.compile(
    r"(?:健康診断|健診|検診|ドック(?!ヤード)|健康診査|スクリーニング)(?!の?(?:お知らせ|ご?案内|予約|申込|日程|受診(?:票|券|率|勧)))[^。\n\t]{0,60}?"
    r"(?:結果|所見|判定|指摘|見つか|発見|疑い|引っかか|ひっかか|再検|要精|異常|診断(?:され|名)|(?:内科|眼科|歯科|耳鼻科|皮膚科)\s?[:：])"
)
_RESULTS = re.compile(
    r"(?:健康診断|健診|検診|ドック|健康診査)(?:等)?の?(?:総合|個人|受診|検査|精密検査)?(?:結果|所見|個人票|成績|結果通知|記録)(?!.{0,6}(?:件数|統計|集計|の見方|について))|健康診断個人票|園児健康診断|児童健康診断|生徒健康診断"
)
_OF_CHECKUP = ("exam.verdict", "checkup.gene", "checkup.outcome", "checkup.medical_opinion", "roster.checkup")
HINTS = ("care.document", "care.hint", "symptom.hint")  # rules whose words support a category but are no statement to show
_CHECKUP = re.compile(
    r"健診|健康診断|ドック(?!ヤード)|ストレスチェック|検診|定期健康|健康管理|健康診査|メタボ|保健指導|スクリーニング|雇入時|就業判定|就業区分|産業医"
)
_ATTENDED = re.compile(
    r"健診|健康診断|検診|ドック(?!ヤード)|ストレスチェック|予防接種|ワクチン"
)  # to have been there is no treatment
_NATURE = re.compile(
    r"イノシシ|シカ|鹿|クマ|熊|サル|猿|カラス|鳥獣|害獣|害虫|シロアリ|ネズミ|農作物|台風|豪雨|地震|津波|落雷|風水害|雪害|水害|浸水|霜|雹|停電"
)
_CLINICAL = re.compile(r"入院|退院|患者|カルテ|検査結果報告|検査成績|診療|サマリ|病棟|主治医|検査報告|診断書|要約")
_ABOUT = re.compile(
    r"[0-9]{1,3}(?:歳|才)|[0-9]{2}代|本人|患者|被共済者|対象者|私|わが家|主人|家内|息子|娘|長男|長女|次男|次女"
    r"|(?:母|父|夫|妻)(?:が|は|の)"
)
_INTRODUCED = 120  # characters over which somebody without a name is still meant
_SOMEBODY = re.compile(
    r"(?<![0-9])[0-9]{2}代(?:前半|後半)?(?:、|の)?(?:男|女|加入者|契約者|組合員|会員|職員|社員|患者|利用者|方[。、で])"
    r"|[0-9]{1,3}(?:歳|才)(?:、|の)?(?:男|女|児|患者|加入者|方)|(?:症例|事例|ケース)\s?[0-9①-⑳][:：\s]"
)
_COMPANY = re.compile(
    r"[0-9](?:日|週|か月|ヶ月|カ月|回|年|月|/)|病院|クリニック|医院|近医|主訴|前医|当院|他院|[一-鿿]科(?:$|[^目学])|診断|中$|済"
)
_TITLE = re.compile(r"(?:書|票|届|表|一覧|簿|控え?|欄|用紙|カード|シート)(?:兼[^(]{1,12})?\s?\([^)]*\Z")
_BRACKETED = 300  # characters of a title's bracket
_TITLE_LINE = re.compile(
    r"^[^0-9。、:：]{2,}(?:証明書|請求書|申込書|告知書|申請書|届出書|届|一覧表?|報告書|台帳|明細書|同意書|依頼書|記録票?)(?:\s?[(（][^()（）]*[)）])?$"
)
_BASE = {Strength.LABEL: 0.9, Strength.STRONG: 0.85, Strength.WEAK: 0.6, Strength.ABBREVIATION: 0.5}


@dataclass(frozen=True, slots=True)
class Statement:
    """The verdict on a match. ``pending``: its person is still to be found in the scope, the document or the file name."""

    level: Evidence | None
    categories: tuple[str, ...]
    role: PersonRole = PersonRole.UNKNOWN
    certainty: Certainty = Certainty.CLEAR
    confidence: float = 0.5
    pending: bool = False
    personal: bool = False
    labelled: bool = False
    general: bool = False
    hint: bool = False
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the matches of one block. ``firm``: the document has a labelled subject."""

    reading: Reading
    split: records.Splitter
    bins: Mapping[int | None, Bin]
    scope: Scope
    tone: Tone
    firm: bool


class Judge:
    """Judges matches with the cue words and the taxonomy."""

    def __init__(self, taxonomy: Taxonomy, words: evidence.Words) -> None:
        self._taxonomy = taxonomy
        self._words = words

    def judge(self, m: Match, at: Setting) -> Statement:
        """The statement that a match makes."""
        text = at.reading.text
        start, end = at.reading.view(m.start), at.reading.view(m.end)
        record = at.split.record(m.start)
        link = self._link(m, at, text, start, end, record)
        said = self._said(m, at, text, start, end, record, link)
        level = self._level(said, link, at, record)
        pending = level is None and not link.final
        about = said.personal and _about(text, start, end)
        if level is None and link.final:
            level = Evidence.ASSERTED_UNLINKED if about else Evidence.MENTION
        categories = self._categories(m, at, text, start, end)
        return Statement(
            level,
            categories,
            PersonRole.FAMILY if said.relative else link.role,
            self._taxonomy.certainty(categories, text[start : end + 8]),
            _confidence(m, said, link),
            pending,
            about,
            record is None and self._announced(m, at.reading, start, end),
            said.general and pending,
            m.rule in HINTS,
            tuple(b for b in (m.cue and f"label {m.cue}", said.because, link.because, _role(said, link)) if b),
        )

    def _link(self, m: Match, at: Setting, text: str, start: int, end: int, record: int | None) -> Link:
        own = at.bins.get(record)
        if record is None:
            link = linkage.in_text(text, start, end, own or Bin())
            if link.labelled and self._announced(m, at.reading, start, end):
                return replace(link, confidence=0.9, because="same form")
            return link
        link = linkage.in_record(own, at.scope, initials=lambda: _initials(at, record))
        if link.level is None and not link.final and None in at.bins and at.scope.rows <= SMALL:
            outside = linkage.in_text(text, start, end, at.bins[None])
            if outside.level is not None and (outside.firm or not at.reading.layout.columns):
                return outside
        return link

    def _announced(self, m: Match, reading: Reading, start: int, end: int) -> bool:
        """Whether a label beside or above says what the value is."""
        return m.strength is Strength.LABEL or any(
            f.start <= start and end <= f.end and f.label.hint != "free" and self._taxonomy.sensitive(f.label.entity)
            for f in reading.layout.fields
        )

    def _said(self, m: Match, at: Setting, text: str, start: int, end: int, record: int | None, link: Link) -> evidence.Said:
        in_row = record is not None and link.level is not None
        labelled = m.strength is Strength.LABEL
        if m.rule == "column.answer":
            return evidence.Said(None, personal=True)
        _, ends = at.reading.cell(at.reading.cell_at(start))
        said = evidence.said(
            self._words,
            evidence.Place(text, start, end, ends),
            result=m.entity == "exam_result",
            in_row=in_row,
            labelled=labelled,
        )
        if said.level is not None:
            return said
        if m.entity == "medication_or_treatment" and "受診" in text[start:end] and _attends(at, text, start, end):
            return replace(said, level=Evidence.MENTION, because="a check-up attended")
        if at.reading.block.section is Section.PROPERTY and link.level is None:
            return replace(said, level=Evidence.MENTION, because="title of the document")
        if m.rule.startswith(linkage.ROSTER) and not at.tone.specimen():
            return replace(said, personal=True, because="title of a list of people")
        if not labelled and _titled(text, start):
            return replace(said, level=Evidence.MENTION, because="title")
        if at.tone.code():
            return replace(said, level=Evidence.MENTION, because="source code")
        if at.tone.statute() and not labelled:
            return replace(said, level=Evidence.MENTION, because="a statute")
        if at.tone.specimen():
            return replace(said, level=Evidence.MENTION, because="specimen")
        if m.entity in _OF_BEASTS and at.tone.animals():
            return replace(said, level=Evidence.MENTION, because="an animal's")
        if _elsewhere(m, at, text, start, end):
            return replace(said, level=Evidence.MENTION, because="not of a person here")
        thing = (
            ""
            if labelled and at.reading.block.kind is not Kind.TABLE
            else things.named_thing(at.reading, start, end, *records.sentence(text, start, end))
        )
        if thing and not (said.personal and thing == things.OFFERED):
            return replace(said, level=Evidence.MENTION, because=thing)
        if m.rule in _VERDICTS and not _healthy(m, at, text, start, end):
            return replace(said, level=Evidence.MENTION, because="a verdict of something else")
        if m.strength is not Strength.WEAK:
            return said
        company = in_row and m.entity in ("health_condition", "medication_or_treatment")
        if said.personal or company or self._supported(m.entity, at.reading, start, end):
            return said
        level = Evidence.INFERENCE if link.level is not None else Evidence.MENTION
        return replace(said, level=level, because="weak word alone")

    def _level(self, said: evidence.Said, link: Link, at: Setting, record: int | None) -> Evidence | None:
        if said.level is not None or link.level is None:
            return said.level
        if record is None and not at.scope.firm:
            general = at.scope.general or (at.tone.general(self._words) >= GENERAL and not at.firm)
            if general and not (link.firm and said.personal):
                return Evidence.MENTION
        firm = link.firm or at.scope.firm
        impersonal = at.tone.general(self._words) >= 1 or at.tone.hits.get("product", 0) >= 2
        if said.general and not firm and (impersonal or record is not None or link.because == linkage.ONLY):
            return Evidence.MENTION
        if record is None and link.loose and impersonal and not (firm or said.personal):
            return Evidence.INFERENCE
        return link.level

    def _supported(self, entity: str, reading: Reading, start: int, end: int) -> bool:
        """Whether a weak word has company: a label over it, or a date, a duration or a hospital in its sentence."""
        if any(f.start <= start and end <= f.end and self._taxonomy.sensitive(f.label.entity) for f in reading.layout.fields):
            return True
        if entity in _OF_MIND:
            return False  # a date or a hospital says nothing of a faith or of an origin
        first, last = records.sentence(reading.text, start, end)
        return _COMPANY.search(reading.text[first:last]) is not None

    def _categories(self, m: Match, at: Setting, text: str, start: int, end: int) -> tuple[str, ...]:
        """An examination's result belongs to a check-up or to a patient's care, by what is written about it."""
        first, last = records.sentence(text, start, end)
        if m.rule == "disability.developmental":  # a disability; an illness too where a diagnosis is told
            told = _DIAGNOSED.search(text, max(0, first), min(len(text), last)) or m.cue
            return m.categories if told else ("disability",)
        if m.categories == ("juvenile_procedure",) and text.startswith("保護観察", start):
            around = text[max(0, start - 400) : end + 400]  # an adult's is no juvenile matter
            if _SENTENCED.search(around) and not _JUVENILE.search(around):
                return ("criminal_procedure",)
        if m.rule == "label.criminal_record" and m.categories and m.cue in _OFFENCE:
            around = at.reading.text[:300] + text[max(0, start - 120) : end + 120]
            if _TRIED.search(around) and not _SENTENCED.search(text[max(0, start - 60) : end + 60]):
                return ("criminal_procedure",)
        if m.entity == "health_condition" and (
            _FOUND.search(text, first, last) or _RESULTS.search(at.reading.block.heading + "\n" + at.tone.title[:80])
        ):
            return (*m.categories, "health_checkup_result")
        if m.entity != "exam_result":
            return m.categories
        if m.rule == "column.vital":
            return ("medical_care",) if _CLINICAL.search(at.tone.title) else ("health_and_medical_other",)
        near = max(0, first - (_SPOKEN if at.reading.block.kind is Kind.TEXT else 40))
        if _CHECKUP.search(text, near, last) or m.rule.startswith(_OF_CHECKUP):
            return ("health_checkup_result",)
        about = at.reading.block.heading + at.tone.title
        checkup = _CHECKUP.search(about) is not None
        if checkup or (m.rule in ("column.exam_result", "row.exam_result") and not _CLINICAL.search(about)):
            return ("health_checkup_result",)
        return ("medical_care",)


def _initials(at: Setting, record: int) -> bool:
    """Whether initials stand in a record: with a birth date they mean somebody."""
    cells = at.split.cells(record)
    return any(_INITIALS.fullmatch(at.reading.text[slice(*at.reading.cell(c))].strip(" \"',")) for c in cells)


_INITIALS = re.compile(r"[A-Z]\.?\s?[・.]?\s?[A-Z]\.?(?:さん|様|氏)?")


def _role(said: evidence.Said, link: Link) -> str:
    """What decided whose the statement is, for the reasons."""
    if said.relative:
        return "role: a relative is spoken of"
    return f"role: {link.told}" if link.told and link.level is not None else ""


def _about(text: str, start: int, end: int) -> bool:
    """Whether its sentence is about some person; one whom the line's sentence before introduced is still meant."""
    first, last = records.sentence(text, start, end)
    if _ABOUT.search(text[first:last]):
        return True
    line = max(records.line(text, start), first - _INTRODUCED + 1)
    return _SOMEBODY.search(text, line, first) is not None


def _attends(at: Setting, text: str, start: int, end: int) -> bool:
    """Whether 受診 is of a check-up, which is no treatment."""
    first, last = records.sentence(text, start, end)
    around = text[first:last]
    return _ATTENDED.search(around) is not None and re.search(r"精密|再検|要医療|病院|クリニック|医院|外来|紹介状", around) is None


def _elsewhere(m: Match, at: Setting, text: str, start: int, end: int) -> bool:
    """Whether a matter of crime or lineage is a company's, a news item's or a shop's."""
    if m.entity == "crime_victim":
        if _NATURE.search(text, *records.sentence(text, start, end)):
            return True
        low, high = records.paragraph(text, start, end)
        return _BODY.search(text, max(low, start - 160), min(high, end + 160)) is not None
    if m.entity == "criminal_record" and m.strength is not Strength.LABEL:
        low, high = records.paragraph(text, start, end)
        told = _NEWS.search(text, max(low, start - 120), min(high, end + 100))
        if _WITNESS.search(text, max(low, start - 40), min(high, end + 20)):
            return True
        return told is not None and "本人" not in text[max(low, start - 60) : end + 60]
    if m.entity == "disability" and "障害" in text[start:end] and m.strength is not Strength.LABEL:
        return _MACHINE.search(text, records.line(text, start), records.line_end(text, end)) is not None
    return m.entity == "family_origin" and _SHOPS.search(at.tone.title) is not None


def _healthy(m: Match, at: Setting, text: str, start: int, end: int) -> bool:
    """Whether a verdict (C判定, 異常ありません) is one on somebody's health."""
    if m.rule != "exam.verdict":
        first, last = records.sentence(text, start, end)
        return _CHECKUP.search(text, max(0, first - _SPOKEN), last) is not None
    about = at.tone.title + at.reading.block.heading + text[max(0, start - 300) : end + 120]
    return _BODILY.search(about) is not None and not (_OTHER_VERDICT.search(about) and not _CHECKUP.search(about))


def _titled(text: str, start: int) -> bool:
    """Whether the word stands in a title that names a form: 共済金請求書(入院・手術)."""
    first = records.line(text, start)
    low = max(first, start - _BRACKETED)
    if text.find("(", low, start) >= 0 and _TITLE.search(text[low:start]):
        return True
    line = text[first : records.line_end(text, start)].strip()
    return len(line) <= 30 and _TITLE_LINE.search(line) is not None


def _confidence(m: Match, said: evidence.Said, link: Link) -> float:
    """The building blocks of taxonomy 3.4."""
    base = _BASE.get(m.strength or Strength.STRONG, 0.8)
    value = min(base, link.confidence) if link.level is not None else base  # a pending one's tie is weighed later
    if link.level is not None and base >= 0.85 and link.confidence >= 0.85:
        value = max(value, 0.88)
    if said.uncertain:
        value -= 0.15
    if m.sample:
        value -= 0.5
    return max(0.05, round(value, 2))
