"""Names from the hand-written lists, and how each hard group writes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).resolve().parent / "lists"


@dataclass(frozen=True)
class Name:
    """A surname and a given name with their readings in hiragana. A foreign name is whole in ``surname``, Latin in ``reading``."""

    surname: str
    reading: str
    given: str = ""
    given_reading: str = ""

    def whole(self, gap: str = "") -> str:
        """Surname, gap, given name."""
        return f"{self.surname}{gap}{self.given}"


class Names:
    """Draws names; three in ten of each group come from lists of names that gazetteers do not have."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.surnames = _pairs("surnames.txt")
        self.givens = _pairs("given.txt")
        self.variants = _pairs("variants.txt")
        lines = (LISTS / "foreign.txt").read_text(encoding="utf-8").splitlines()
        self.foreign = [Name(*line.split("\t")) for line in lines if "\t" in line and not line.startswith("#")]
        self._bags: dict[str, list[tuple[str, str]]] = {}

    def plain(self) -> Name:
        """An everyday name."""
        return Name(*self._draw("common", self.surnames["common"]), *self._draw("given", self.givens["common"]))

    def of(self, group: str) -> Name:
        """A name as the group asks."""
        outside = self.rng.random() < (0.47 if group == "variant" else 0.36)
        given = self._draw("given", self.givens["common"])
        if group == "foreign":
            return self.rng.choice(self.foreign)
        if group == "variant":
            if self.rng.random() < 0.25:
                return Name(*self._draw("common", self.surnames["common"]), *self._draw("variant given", self.variants["given"]))
            surname = self._draw("variant", self.variants["surname"])
            return Name(*surname, *(self._draw("new given", self.givens["outside"]) if outside else given))
        if group == "lookalike":
            key = self.rng.choice(("place", "word"))
            surname = self._draw(key, self.surnames[key])
            return Name(*surname, *(self._draw("new given", self.givens["outside"]) if outside else given))
        if outside:
            surname = self._draw("outside", self.surnames["outside"])
            half = self.rng.random() < 0.5 and group != "titled"
            return Name(*surname, *(self._draw("new given", self.givens["outside"]) if half else given))
        key = "rare" if group == "rare" else self.rng.choice(("common", "common", "rare", "place", "word"))
        return Name(*self._draw(key, self.surnames[key]), *given)

    def _draw(self, bag: str, entries: list[tuple[str, str]]) -> tuple[str, str]:
        """Like a bag of slips: each comes once before any comes again."""
        left = self._bags.setdefault(bag, [])
        if not left:
            left.extend(self.rng.sample(entries, len(entries)))
        return left.pop()


def _pairs(name: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    section = ""
    for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            word, reading = line.split()[:2]
            found.setdefault(section, []).append((word, reading))
    return found


# ---------------------------------------------------------------- writing

_SOUNDS = {"ん": "n"}
for _row, _onset in zip(
    [
        "あいうえお",
        "かきくけこ",
        "さしすせそ",
        "たちつてと",
        "なにぬねの",
        "はひふへほ",
        "まみむめも",
        "や＿ゆ＿よ",
        "らりるれろ",
        "わ＿＿＿を",
        "がぎぐげご",
        "ざじずぜぞ",
        "だぢづでど",
        "ばびぶべぼ",
        "ぱぴぷぺぽ",
    ],
    ("", "k", "s", "t", "n", "h", "m", "y", "r", "w", "g", "z", "d", "b", "p"),
    strict=True,
):
    _SOUNDS |= {kana: _onset + vowel for kana, vowel in zip(_row, "aiueo", strict=True) if kana != "＿"}
_SOUNDS |= {"し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu", "を": "o"}
_HALF = (
    dict(zip("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー・",
             "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ･", strict=True))
    | {a: b + "ﾞ" for a, b in zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", strict=True)}
    | {a: b + "ﾟ" for a, b in zip("パピプペポ", "ﾊﾋﾌﾍﾎ", strict=True)}
)  # fmt: skip


def romaji(reading: str) -> str:
    """Hepburn without marks for long vowels, capitalised."""
    out = ""
    for n, kana in enumerate(reading):
        if kana in "ゃゅょ" and out:
            vowel = {"ゃ": "a", "ゅ": "u", "ょ": "o"}[kana]
            stem = out[:-1]
            out = stem + vowel if stem.endswith(("sh", "ch", "j")) else f"{stem}y{vowel}"
        elif kana == "っ":
            follows = _SOUNDS[reading[n + 1]]
            out += "t" if follows.startswith("ch") else follows[0]
        else:
            out += _SOUNDS[kana]
    for long, short in (("ou", "o"), ("oo", "o"), ("uu", "u")):
        out = out.replace(long, short)
    return out.capitalize()


def katakana(reading: str) -> str:
    """Hiragana as katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in reading)


def half_width(text: str) -> str:
    """Katakana as half-width kana with their marks apart."""
    return "".join(_HALF.get(c, c) for c in text)


def _plain(name: Name, part: str, rng: random.Random) -> str:
    if part == "whole":
        return name.whole(rng.choice(("", "", " ", "　")))
    return name.surname if part == "surname" else name.given


def _kana(name: Name, part: str, rng: random.Random) -> str:
    text = name.reading + rng.choice(("", " ", "　")) + name.given_reading
    return text if rng.random() < 0.5 else katakana(text)


def _half(name: Name, part: str, rng: random.Random) -> str:
    return half_width(katakana(name.reading + rng.choice((" ", " ", "")) + name.given_reading))


def _spaced(name: Name, part: str, rng: random.Random) -> str:
    gap = rng.choice((" ", "　"))
    middle = rng.choice((gap, gap * 2, "　"))
    return gap.join(name.surname) + middle + gap.join(name.given)


def _romaji(name: Name, part: str, rng: random.Random) -> str:
    last, first = romaji(name.reading), romaji(name.given_reading)
    return rng.choice((f"{first} {last}", f"{last} {first}", f"{last.upper()} {first}", f"{first} {last.upper()}",
                       f"{last.upper()} {first.upper()}", f"{last}, {first}"))  # fmt: skip


def _foreign(name: Name, part: str, rng: random.Random) -> str:
    return rng.choice((name.surname, name.surname, name.surname.replace("・", " "), name.surname.replace("・", "　")))


def _split(name: Name, part: str, rng: random.Random) -> str:
    return name.surname if part == "surname" else name.given


Writer = Callable[[Name, str, random.Random], str]
WRITERS: dict[str, Writer] = {
    "kana": _kana,
    "half": _half,
    "spaced": _spaced,
    "split": _split,
    "romaji": _romaji,
    "foreign": _foreign,
    "variant": _plain,
    "rare": _plain,
    "lookalike": _plain,
    "titled": _split,
}
