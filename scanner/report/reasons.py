"""What classification gives as its reasons, in the reader's language: facts keep short stable phrases, reports translate them."""

from __future__ import annotations

JAPANESE = {
    "a case supposed": "仮定の場合の記述",
    "a column of things": "物・商品・研修などの列",
    "a field of things": "物・商品・研修などの項目",
    "a field of work or of study": "事業・研究・制度の分野",
    "a statute": "法令・規程の条文",
    "an offer or a rule": "保障・給付の案内や規則",
    "not to be asked": "尋ねない・取得しないとの記述",
    "said of the name behind it": "続く氏名の人についての記述",
    "the only one named": "名前の出ているただ一人の人",
    "the sentence is about them": "その人についての文",
    "the title of a work": "本・番組・講演などの題名",
    "a verdict of something else": "人の検査ではない判定",
    "an animal's": "動物についての記述",
    "a machine's, a firm's or a part in a play": "機械・会社・配役についての記述",
    "a check-up attended": "健診を受けた事実（結果の記載なし）",
    "title of a list of people": "人の一覧の表題",
    "said of the holder of a post": "直前の役職者についての記述",
    "general statement": "一般的な記述",
    "general text": "一般的な文書（案内・規程等）",
    "in brackets behind the name": "氏名に続く括弧の中",
    "initials and birth date": "頭文字と生年月日が近くにある",
    "labelled value in the person's form": "本人の様式の項目の値",
    "labelled value": "項目の値",
    "name in the file name": "ファイル名に氏名がある",
    "name in the file name; conflicts with the text": "ファイル名の氏名と本文が一致しない",
    "negation": "否定の記述",
    "no person in the document": "文書に人が見当たらない",
    "no person near by": "近くに人が見当たらない",
    "name alone": "氏名だけで、その人について何も述べていない",
    "a person of history": "歴史上の人物",
    "nobody is meant": "特定の人を指さない",
    "person last named": "直前に名前の出た人",
    "question": "質問文",
    "question of a form": "様式の質問",
    "row without a person": "人の記載のない行",
    "same form": "同じ様式に氏名がある",
    "same form, internal number": "同じ様式に組織内番号がある",
    "same page or form": "同じページ・様式に氏名がある",
    "same paragraph": "同じ段落に氏名がある",
    "same row": "同じ行に氏名がある",
    "same row, birth date": "同じ行に生年月日がある",
    "same row, identification code": "同じ行に個人識別符号がある",
    "same row, name not read": "同じ行の氏名欄に値がある（氏名は読み取れない）",
    "same row, internal number": "同じ行に組織内番号がある",
    "same sentence": "同じ文に氏名がある",
    "same sentence, identification code": "同じ文に個人識別符号がある",
    "same sentence, internal number": "同じ文に組織内番号がある",
    "source code": "プログラムの記述",
    "specimen": "記入例・見本",
    "table of records": "名簿・一覧表",
    "the document's subject": "文書の本人",
    "the addressee": "宛先の人",
    "not of a person here": "この文書の人のことではない（法人・報道・店の系譜）",
    "the sender": "差出人",
    "title": "見出し",
    "title of the document": "文書の表題",
    "unchecked box": "印のない選択肢",
    "unmarked choice": "選ばれていない選択肢",
    "weak word alone": "弱い語のみ",
}
ROLES = {
    "a couple": "夫婦の双方",
    "a relative is spoken of": "家族についての記述",
    "data of the person near by": "本人の情報が近くにある",
    "department before the name": "氏名の前に所属がある",
    "extension behind the name": "氏名の後に内線番号がある",
    "greeted as a business partner": "取引先としての挨拶",
    "head of the message": "文書の見出し部分にある",
    "honorific": "敬称",
    "in one list with such": "同じ役割の人と並べて書かれている",
    "named so elsewhere": "同じ氏名の別の箇所",
    "nothing tells otherwise": "他の役割の手掛かりがない",
    "number or group before the name": "氏名の前に番号や組がある",
    "on duty": "担当・当番の記述",
    "personal data in brackets": "氏名に続く括弧に本人の情報がある",
    "post before the name": "氏名の前に職名がある",
    "reading of such a name": "その氏名のふりがな",
    "recipient": "宛先",
    "recipient in the sender's organisation": "差出人と同じ組織の宛先",
    "signs without an honorific": "敬称のない記名",
    "speaks in a chat": "チャットの発言者",
    "title behind the name": "氏名の後の肩書き",
    "wording": "文中の表現",
}
_LABEL, _ROLE = "label ", "role: "
_WORDS = {
    "label": "項目名",
    "word": "氏名の前の語",
    "title": "肩書き",
    "relation": "続柄・関係",
    "heading": "見出し",
    "column": "列",
}


def say(reason: str, lang: str) -> str:
    """One reason, or several joined by ``; ``, in Japanese or English. A phrase that is not in the catalogue stays as it is."""
    if lang != "ja":
        return reason
    return "、".join(_one(part) for part in reason.split("; ") if part)


def _one(phrase: str) -> str:
    if phrase.startswith(_ROLE):
        return f"役割：{_role(phrase.removeprefix(_ROLE))}"
    if phrase.startswith(_LABEL):
        return f"項目名「{phrase.removeprefix(_LABEL)}」"
    return JAPANESE.get(phrase, phrase)


def _role(cue: str) -> str:
    """What decided somebody's role: a phrase of ROLES, or a kind of word and the word."""
    if cue in ROLES:
        return ROLES[cue]
    kind, _, word = cue.partition(" ")
    return f"{_WORDS[kind]}「{word}」" if kind in _WORDS else cue
