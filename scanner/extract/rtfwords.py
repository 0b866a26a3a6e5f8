"""The words of rich text: their characters, the groups that hold text of one kind or none, the encodings of charsets."""

from __future__ import annotations

from scanner.model import Section

CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u3000", "enspace": " ", "qmspace": " ", "zwj": "", "zwnj": "",
}  # fmt: skip
SYMBOLS = {"~": " ", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\n": "", "\r": "", "\t": "\t", "|": "", ":": ""}

# Groups that are stories of their own: where they stand and what they are called.
STORIES = {
    "header": ("ヘッダー", Section.HEADER), "headerl": ("ヘッダー", Section.HEADER), "headerr": ("ヘッダー", Section.HEADER),
    "headerf": ("ヘッダー", Section.HEADER), "footer": ("フッター", Section.FOOTER), "footerl": ("フッター", Section.FOOTER),
    "footerr": ("フッター", Section.FOOTER), "footerf": ("フッター", Section.FOOTER), "footnote": ("脚注", Section.NOTE),
    "annotation": ("コメント", Section.COMMENT), "shptxt": ("テキストボックス", Section.BODY),
    "dptxbxtext": ("テキストボックス", Section.BODY),
}  # fmt: skip
# Groups whose text is a value of the document, by the name it is shown with.
VALUES = {
    "title": "タイトル", "subject": "件名", "author": "作成者", "operator": "最終更新者", "manager": "管理者", "company": "会社",
    "category": "分類", "keywords": "キーワード", "comment": "説明", "doccomm": "説明", "hlinkbase": "リンクの基点",
    "atnauthor": "コメント作成者",
}  # fmt: skip
# Groups whose text is kept for another use.
KEPT = frozenset((
    "propname", "staticval", "fldinst", "ffdeftext", "ffl", "ffhelptext", "ffstattext", "sn", "sv", "objdata", "xe", "tc",
))  # fmt: skip
# Groups marked "ignore me if you don't know me" whose content is text all the same.
OPENED = frozenset((
    "shpinst", "nesttableprops", "do", "userprops", "formfield", "ud", "moMath", "mmath", "atrfstart", "txfieldtext", "shppict",
    "shpgrp", "ftnbj", "listtext", "pntext", "mmathPict",
))  # fmt: skip
# Groups without text.
SKIPPED = frozenset((
    "colortbl", "stylesheet", "pict", "listtable", "listoverridetable", "rsidtbl", "themedata", "colorschememapping", "datastore",
    "latentstyles", "generator", "nonshppict", "shprslt", "nonesttables", "filetbl", "revtim", "creatim", "printim", "buptim",
    "bkmkstart", "bkmkend", "atnid", "atnref", "atntime", "atndate", "template", "passwordhash", "xmlnstbl", "blipuid", "objclass",
    "objname", "panose", "falt", "fontemb", "wgrffmtfilter", "pnseclvl", "ftnsep", "ftnsepc", "aftnsep", "datafield", "mmathPr",
    "ffname", "ffentrymcr", "ffexitmcr", "ffformat",
))  # fmt: skip

CHARSETS = {
    77: "mac-roman", 78: "cp932", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
SYMBOL = "symbol"
_TICKS = {0x6F: "□", 0xA8: "□", 0xFE: "☑", 0xFC: "✓", 0xFD: "☒", 0x71: "□", 0x72: "□", 0x6C: "●", 0xA1: "○"}


def codec_of(page: int) -> str:
    """Python's name of a Windows code page, "" for one that is not known."""
    if page in (65001,):
        return "utf-8"
    name = {936: "gbk", 950: "big5", 10001: "cp932", 10000: "mac-roman", 1361: "johab"}.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return ""
    return name


def symbol(code: int) -> str:
    """A character of a symbol font: a box or tick where it is one, else nothing that could be read wrongly."""
    return _TICKS.get(code & 0xFF, " ") if code & 0xFF > 32 else " "
