"""Japanese names in Latin letters: Hepburn from kana, and one spelling for the ways in which a sound is written."""

from __future__ import annotations

_LONG_O = (("OU", "O"), ("OO", "O"), ("UU", "U"), ("OH", "O"))
_ROWS = {
    "アイウエオ": ("A", "I", "U", "E", "O"),
    "カキクケコ": ("KA", "KI", "KU", "KE", "KO"),
    "ガギグゲゴ": ("GA", "GI", "GU", "GE", "GO"),
    "サシスセソ": ("SA", "SHI", "SU", "SE", "SO"),
    "ザジズゼゾ": ("ZA", "JI", "ZU", "ZE", "ZO"),
    "タチツテト": ("TA", "CHI", "TSU", "TE", "TO"),
    "ダ": ("DA",),
    "デド": ("DE", "DO"),
    "ナニヌネノ": ("NA", "NI", "NU", "NE", "NO"),
    "ハヒフヘホ": ("HA", "HI", "FU", "HE", "HO"),
    "バビブベボ": ("BA", "BI", "BU", "BE", "BO"),
    "パピプペポ": ("PA", "PI", "PU", "PE", "PO"),
    "マミムメモ": ("MA", "MI", "MU", "ME", "MO"),
    "ヤユヨ": ("YA", "YU", "YO"),
    "ラリルレロ": ("RA", "RI", "RU", "RE", "RO"),
    "ワ": ("WA",),
    "ン": ("N",),
    "ヴ": ("VU",),
}
_LATIN = {kana: latin for row, values in _ROWS.items() for kana, latin in zip(row, values, strict=True)}
_SMALL_Y = {"ャ": "A", "ュ": "U", "ョ": "O", "ェ": "E"}


def latin(kana: str) -> str:
    """Hepburn romaji in capitals."""
    out: list[str] = []
    double = False
    for c in kana:
        if c == "ッ":
            double = True
            continue
        if c in _SMALL_Y and out and out[-1].endswith("I"):
            stem = out[-1][:-1]
            out[-1] = stem + ("" if stem in ("SH", "CH", "J") else "Y") + _SMALL_Y[c]
            continue
        letters = _LATIN.get(c, "")
        out.append(letters[:1] + letters if double and letters else letters)
        double = False
    return "".join(out)


def plain_romaji(word: str) -> str:
    """Capitals with the spellings of one sound unified: long vowels short, kunrei as Hepburn."""
    text = word.upper().replace("-", "").replace("'", "").replace("’", "")
    for a, b in (
        ("SYA", "SHA"),
        ("SYU", "SHU"),
        ("SYO", "SHO"),
        ("TYA", "CHA"),
        ("TYU", "CHU"),
        ("TYO", "CHO"),
        ("ZY", "J"),
        ("JY", "J"),
    ):
        text = text.replace(a, b)
    for a, b in (
        ("TSU", "TU"),
        ("SHI", "SI"),
        ("CHI", "TI"),
        ("JI", "ZI"),
        ("FU", "HU"),
        ("MB", "NB"),
        ("MP", "NP"),
        ("MM", "NM"),
        ("TCH", "CCH"),
    ):
        text = text.replace(a, b)
    for a, b in _LONG_O:
        text = text.replace(a, b)
    return text
