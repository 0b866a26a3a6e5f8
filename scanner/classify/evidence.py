"""What a sensitive word asserts where it stands: denied, asked, about nobody, uncertain, a relative's (taxonomy 3.2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner.classify import records
from scanner.model import Evidence
from scanner.text.finder import Finder, Prints

_AFTER = 28  # characters behind a word in which a denial may stand
_BRACKET = r"(?:\s?\([^()\n]{0,16}\))?"
_OF_IT = (
    r"\s?[:：]?\s?(?:の)?(?:既往歴?|所見|症状|疑い|診断|罹患|合併|有無|兆候|徴候|可能性|訴え|服用|使用|加入|指摘|治療歴|受診歴|歴)?"
    r"(?:など|等)?(?:は|も|を|の|に|が|で|とも|については)?\s?(?:特に|現在|今は|まだ|一切|いずれも|とも)?\s?"
)
_LISTED = (
    r"(?:[、・,/／及びとや]{1,2}\s?[一-鿿ァ-ヴーA-Za-zぁ-ん0-9]{1,12}){0,6}?\s?(?:は|も|とも)?\s?"
    r"(?:いずれも|とも|すべて|全て|何れも)?"
)
_DENIES = ("いいえ", "ありません", "いずれもなし", "該当なし", "該当しません", "否定")
_FORM_QUESTION = re.compile(
    r"^\s*(?:[(（]?[0-9]{1,2}[.)．）、]|[①-⑳]|[問Q]\s?[0-9.:])|次の|以下の|下記の|過去[0-9]|最近[0-9]|現在、|これまでに|今までに|\((?:はい|有)[・/]"
)
_ASKS = re.compile(r"(?:ですか|ますか|ましたか|でしたか|ませんか|でしょうか|ないか|るか|たか)(?=[。？?(（」\t\n]|$)|\?")
_TOLD = re.compile(
    r"(?:です|ます|ました|でした|んです|のです)(?:が|けど|けれど)|(?:い|し)て(?:いて|おり)|(?:私|母|父|主人|夫|妻|息子|娘|子ども|子供|家族|本人)(?:が|は|の|も)"
)
_EITHER = re.compile(r"\s?[:：]?\s?[(（]?\s?(?:有り?|あり|はい|○)\s?[・/／,、]\s?(?:無し?|なし|いいえ|×)")
_MARKS = re.compile(r"[□☐◻☑☒■✓✔◉●○]")
_OPEN = "□☐◻○"
_CHECKED = "☑☒✓✔◉"
_PERSONAL = re.compile(
    r"[0-9]{1,3}(?:歳|才)|[0-9]{2}代(?:の)?(?:男|女)|本人|(?:自分|両親|父親|母親|当人|同人|彼|彼女)(?:は|が|も|の|とも)|(?:さん|様|氏|くん|ちゃん)(?:は|が|も)|患者|利用者|被共済者|被保険者|対象者|申請者|相談者|当該|私(?:は|が|の|も)|わが家|我が家|うち(?:は|の)|主人|家内|息子|娘(?!婿)|長男|長女|次男|次女"
    r"|(?:母|父|夫|妻|祖母|祖父)(?:が|は|の|も|に)|子ども(?:が|は|の)|(?:いま|おり|てい|でい)(?:す|ます|ました)|(?:て|で)い(?:る|た)|ました|しています|されています|と診断|を発症|を患|に罹患|と言われ|[SHR][0-9]{1,2}[.年/]|(?:昭和|平成|令和)[0-9元]|[12][0-9]{3}[年/.]"
)


class Counted:
    """Lists of words that speak for kinds of text: how many of each list stand in a text."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        words = sorted({word for listed in lists.values() for word in listed})
        self._kinds = [[kind for kind, listed in lists.items() for w in listed if w == word] for word in words]
        self._finder = Finder(words)

    def count(self, text: str, prints: Prints | None = None) -> Counter[str]:
        """Kind → how many of its words stand in the text."""
        numbers, _ = self._finder.places(text, prints)
        return Counter(kind for number in set(numbers.tolist()) for kind in self._kinds[number])


@dataclass(frozen=True, slots=True)
class Words:
    """Cue words in the forms in which they are looked for."""

    negated: re.Pattern[str]
    listed: re.Pattern[str]
    uncertain: re.Pattern[str]
    family: re.Pattern[str]
    advice: re.Pattern[str]
    hard: re.Pattern[str]
    counted: Counted
    titles: Counted
    general: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


def words(cues: Mapping[str, tuple[str, ...]]) -> Words:
    """Compile the cue lists of cues.toml."""
    negative = _either(cues.get("negation_after", ()))
    family = _either(cues.get("family", ()))
    return Words(
        negated=re.compile(_BRACKET + _OF_IT + rf"(?:{negative})(?!い?(?:で|と)(?:い|思)|ん)"),
        listed=re.compile(_BRACKET + _LISTED + rf"\s?(?:{_either(_DENIES)}|(?<=[はも])(?:ない|なし|無い))"),
        uncertain=re.compile(_BRACKET + rf"(?:の)?(?:{_either(cues.get('uncertain', ()))})"),
        family=re.compile(rf"(?:{family})(?:親|方)?(?:\([^()\n]{{1,12}}\))?(?:[:：]|が|は|の|も|に)\s?\Z|家族歴[^\n。]{{0,60}}\Z"),
        hard=re.compile(_either(cues.get("hard_general", ()))),
        advice=re.compile(_either(cues.get("advice", ()))),
        counted=Counted({kind: cues.get(kind, ()) for kind in ("product", "statistics", "template", "it", "fiction", "animal")}),
        titles=Counted(
            {kind: cues.get(f"{kind}_title", ()) for kind in ("policy", "general")} | {"records": cues.get("record_title", ())}
        ),
        general=cues.get("general_title", ()),
        records=cues.get("record_title", ()),
    )


def _either(listed: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(listed, key=len, reverse=True)) or "(?!)"


@dataclass(frozen=True, slots=True)
class Said:
    """What the text says with the word. ``level``: NEGATED, LABEL_ONLY, MENTION or INFERENCE, or None when it asserts."""

    level: Evidence | None
    general: bool = False  # a general statement unless a person is firmly meant
    uncertain: bool = False
    relative: bool = False
    personal: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands: view positions, and where its cell or line ends."""

    text: str
    start: int
    end: int
    ends: int


def said(words: Words, at: Place, *, result: bool, in_row: bool, labelled: bool) -> Said:
    """Judge a word. ``result``: it is an examination's result, which counts however it came out.

    ``in_row``: a person stands in its record. ``labelled``: a label or column announces it.
    """
    text, start, end = at.text, at.start, at.end
    first, last = records.sentence(text, start, end)
    whole, before = text[first:last], text[first:start]
    following = text[end : min(at.ends, end + _AFTER)]
    if not result and _denied(words, at, before, following):
        return Said(Evidence.NEGATED, because="negation")
    if _LIKENED.match(text, end) or _WORDING.match(text, end) or _quoted_question(text, start, end):
        return Said(Evidence.MENTION, because="question")
    if _UNASKED.search(text, end, last):
        return Said(Evidence.MENTION, because="not to be asked")
    box = _box(text, start)
    if box == "open":
        return Said(Evidence.LABEL_ONLY, because="unchecked box")
    if _EITHER.match(text, end):
        return Said(Evidence.LABEL_ONLY, because="unmarked choice")
    if box != "checked":
        if _asked(text, start, end, at.ends):
            return Said(Evidence.LABEL_ONLY, because="question of a form")
        if (
            _may_ask(whole)
            and _ASKS.search(whole)
            and not _TOLD.search(whole)
            and (not in_row or _SUPPOSED.search(text[end : end + 24]))
        ):
            return Said(Evidence.INFERENCE if in_row else Evidence.MENTION, because="question")
    if not labelled and not result and words.hard.search(text[end : min(last, end + 24)] + "\n" + before[-16:]):
        return Said(Evidence.MENTION, because="general statement")
    personal = _PERSONAL.search(whole) is not None
    behind = text[end:last]
    supposed = ("とき" in behind or "場合" in behind) and _CONDITIONAL.search(behind) is not None
    general = (
        not in_row
        and not labelled
        and (supposed or (not personal and words.advice.search(text[end:last] + before[-12:]) is not None))
    )
    return Said(
        None,
        general=general,
        uncertain=words.uncertain.match(following) is not None,
        relative=_may_name_relative(before[-70:]) and words.family.search(before[-70:]) is not None,
        personal=personal,
    )


def _may_name_relative(before: str) -> bool:
    """Whether it ends as ``Words.family`` asks."""
    end = before[-2:-1] if before[-1:].isspace() else before[-1:]
    return end in _OF_RELATIVES or before[-1:] in _OF_RELATIVES or "家族歴" in before


def _may_ask(text: str) -> bool:
    """Whether it holds what every question of _ASKS holds."""
    return "か" in text or "?" in text


_LIKENED = re.compile(r"た?(?:みたいな|のような|といった|とかいう|なんて|って何|気分|レベル|並み|まがい|同然|と同じ)")
# A word that is spoken of as a word, or counted: 「前科」などの言葉, 嫡出でない子のある案件.
_WORDING = re.compile(
    r"」?(?:[、・]?「[^」]{1,8}」){0,3}(?:など|等)?(?:という|といった|の)(?:言葉|語句?|表現|文言|用語|文字|欄)"
    r"|の(?:ある|いる|有る)?(?:案件|件数|割合|世帯数|人数)"
)
_TOLD_ON = re.compile(r"。|(?:です|ます|ました|でした)(?:が|けど|けれど)")  # what is told before the question is asked
_UNASKED = re.compile(
    r"(?:質問|記入|収集|把握)(?:は)?し(?:ない|ません|てはいけ|てはなら)|(?:尋ね|聞い|書かせ|たずね)(?:ない|ません|て?はいけ|て?はなら)|記入を求め(?:ない|ません)"
    r"|(?:お?たずね|お?尋ね|お聞き|質問|収集|取得)(?:する|し)?(?:こと)?(?:は|を)?(?:一切|いた)?(?:し)?(?:ありません|ません|ておりません)"
)
_QUOTE = 60  # characters of a quoted question


def _quoted_question(text: str, start: int, end: int) -> bool:
    """Whether the word stands in a question that somebody is said to have asked: 「障害者手帳は出るんですか」と聞かれた."""
    opening = text.rfind("「", max(0, start - _QUOTE), start)
    closing = text.find("」", end, end + _QUOTE)
    if opening < 0 or closing < 0 or "」" in text[opening:start] or _TOLD_ON.search(text, end, closing):
        return False
    return text[opening:closing].rstrip().endswith(("か", "?"))


def _denied(words: Words, at: Place, before: str, following: str) -> bool:
    if _PLEDGED.match(at.text, at.end, max(at.end, min(at.ends, at.end + 60))):
        return True
    if words.negated.match(following) or words.listed.match(at.text[at.end : min(at.ends, at.end + 80)]):
        return True
    return before.endswith(("非", "否", "疑いなし"))


# A pledge that denies a whole list: 公判中の事件、執行猶予期間中の事件はいずれもありません。
_PLEDGED = re.compile(
    r"(?:中|期間中|歴|等|など)?(?:の(?:事件|事実|者|経験|処分|記録))?(?:[、・,及びおよまたは又]{1,4}[^。\n\t、]{1,16}){0,3}"
    r"(?:は|も)(?:いずれも|一切|全く|すべて)?(?:ありません|ございません|該当(?:し(?:ません|ない)|ありません)|ないこと)"
    r"|(?:た|る)?こと(?:は|も|が)(?:一度も|一切|全く)?(?:ありません|ございません|な(?:い|かった|く)|無い)"
    r"|(?:など|等)?\)?に(?:は)?(?:当たら|あたら|該当し)な"
)
_OF_RELATIVES = frozenset(":：がはのもに")
_SUPPOSED = re.compile(
    r"でも(?:加入|入れ|申し込|対象|大丈夫|可)|なら|の場合|になった(?:ら|とき)|にかかったら|だと|たら(?!い)|(?:であ|な|け)れば|は(?:加入|対象|入れ)"
)
_CONDITIONAL = re.compile(r"(?:したとき|された(?:とき|方)|するとき|場合は|場合に|場合、|場合も|ときは|ときに(?:は|支払)|とき、)")
_ANSWERED = re.compile(r"(?:はい|有り?|あり|☑|☒|■|レ点)(?!か)")
_YES_AFTER = re.compile(r"(?:\([^()]{0,12}\))?\s?[:：]?\s?(?:はい|有り?(?![・/])|あり(?![・/ま])|○|☑|☒|✓)")


_QUESTION = 2_000  # characters of a question before a word of its list


def _asked(text: str, start: int, end: int, ends: int) -> bool:
    """Whether the word belongs to a question of a form that lists diseases, and not to its answer."""
    first = max(records.line(text, start), start - _QUESTION)
    line = text[first : min(ends, end + 300)]
    if not _may_ask(line):
        return False
    question = _FORM_QUESTION.search(line)
    asked = list(_ASKS.finditer(line))
    if question is None or not asked:
        return False
    asks = asked[-1]
    if _YES_AFTER.match(text[end : min(ends, end + 24)]):
        return False
    here = start - first
    close = line.find(")", asks.end())
    stop = close if close >= 0 and line[asks.end() : asks.end() + 2].lstrip("。 ?").startswith("(") else asks.end()
    if here >= stop:
        answered = _ANSWERED.search(line, asks.end(), here)
        return answered is None and here - asks.end() < 60 and not line[asks.end() : here].strip(" 。:")
    return True


def _box(text: str, start: int) -> str:
    """``open`` or ``checked`` when a check box stands right before the word, else an empty string."""
    low = max(text.rfind("\n", 0, start) + 1, start - 14)
    marks = list(_MARKS.finditer(text, low, start))
    if not marks:
        return ""
    mark = marks[-1]
    between = text[mark.end() : start]
    if not re.fullmatch(r"\s{0,2}[^\s、。:：]{0,10}", between):
        return ""
    if mark.group() in _CHECKED:
        return "checked"
    line_end = text.find("\n", start)
    line = text[text.rfind("\n", 0, start) + 1 : line_end if line_end >= 0 else len(text)]
    if mark.group() in "□☐◻":
        return "open"
    if mark.group() in "■●" and re.search(r"[□☐○]", line):
        return "checked"
    return ""
