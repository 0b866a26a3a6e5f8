"""What classification gives as its reasons, in the reader's language: facts keep short stable phrases, reports translate them."""

from __future__ import annotations

JAPANESE = {
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
    "same row, internal number": "同じ行に組織内番号がある",
    "same sentence": "同じ文に氏名がある",
    "same sentence, identification code": "同じ文に個人識別符号がある",
    "same sentence, internal number": "同じ文に組織内番号がある",
    "source code": "プログラムの記述",
    "specimen": "記入例・見本",
    "the document's subject": "文書の本人",
    "the sender": "差出人",
    "title": "見出し",
    "title of the document": "文書の表題",
    "unchecked box": "印のない選択肢",
    "unmarked choice": "選ばれていない選択肢",
    "weak word alone": "弱い語のみ",
}
_LABEL = "label "


def say(reason: str, lang: str) -> str:
    """One reason, or several joined by ``; ``, in Japanese or English. A phrase that is not in the catalogue stays as it is."""
    if lang != "ja":
        return reason
    return "、".join(_one(part) for part in reason.split("; ") if part)


def _one(phrase: str) -> str:
    if phrase.startswith(_LABEL):
        return f"項目名「{phrase.removeprefix(_LABEL)}」"
    return JAPANESE.get(phrase, phrase)
