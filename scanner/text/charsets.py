"""Names of charsets as files and mails declare them, and ours for them."""

from __future__ import annotations

import codecs
import re


def canonical(label: str) -> str:
    """Our name of a declared charset; "" when nobody knows it."""
    plain = re.sub(r"[\s\"'_]+", "-", label.strip().lower()).strip("-")
    if plain in _LABELS:
        return _LABELS[plain]
    if plain.startswith(("iso-2022-jp", "cp5022", "csiso2022jp")):
        return "iso-2022-jp"
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError):
        return ""
    return found.name if getattr(found, "_is_text_encoding", False) else ""


_LABELS = {
    label: name
    for name, labels in {
        "cp932": "shift-jis sjis x-sjis shiftjis windows-31j ms-kanji cp932 ms932 cp943 cp943c windows-932 shift-jis-2004 "
        "shift-jisx0213 csshiftjis mskanji x-ms-cp932",
        "euc-jp": "euc-jp eucjp x-euc-jp x-euc ujis cp51932 eucjp-ms euc-jp-ms eucjp-win euc-jis-2004 euc-jisx0213",
        "iso-2022-jp": "jis csiso2022jp x-iso-2022-jp iso2022jp iso2022-jp",
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode-2-0-utf-8 cp65001 utf-8n",
        "utf-16": "utf-16 utf16 unicode",
        "utf-16-le": "utf-16-le utf-16le",
        "utf-16-be": "utf-16-be utf-16be",
        "utf-32": "utf-32",
        "ascii": "us-ascii ascii ansi-x3.4-1968 7bit",
        "latin-1": "iso-8859-1 latin-1 latin1 windows-1252 cp1252",
        "gb18030": "gb2312 gbk gb18030 x-gbk cp936",
        "big5": "big5",
        "euc-kr": "euc-kr ks-c-5601-1987 cp949",
    }.items()
    for label in labels.split()
}
