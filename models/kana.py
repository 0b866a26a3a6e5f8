"""Writes patterns/kana.toml: how the main words about health are written where a terminal knows katakana only (ニュウイン).

    python -m models.kana [--check]

Readings come from Sudachi's dictionary. A word counts when its reading is long enough to be no other word: three kanji or more, or
one of the short ones chosen by hand below, whose readings mean nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scanner.detect import lexicon
from scanner.model import Strength

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "patterns" / "kana.toml"
LEAST = 5  # kana; what is shorter has other meanings
ENTITIES = ("health_condition", "medication_or_treatment", "disability", "criminal_record", "public_assistance")
# Short or of two kanji, and yet nothing else is read so: (entity, category, strength, words).
CHOSEN = (
    (
        "health_condition",
        "medical_history",
        "strong",
        "コッセツ ネンザ ヤケド ゼンソク リュウマチ リウマチ ウツビョウ イカイヨウ ハイガン ジンフゼン シンフゼン カンコウヘン"
        " コウケツアツ テイケツアツ トウニョウ ノウソッチュウ ヘルニア アルツハイマー パーキンソン メマイ ジンマシン アトピー"
        " ネッチュウショウ インフルエンザ タイジョウホウシン フミンショウ ムチウチ ギックリゴシ ツキユビ ヒンケツ",
    ),
    (
        "medication_or_treatment",
        "medical_care",
        "strong",
        "ニュウイン ニユウイン ツウイン シュジュツ シユジユツ トウセキ ジンコウトウセキ リハビリ",
    ),
    ("disability", "disability", "strong", "シンタイショウガイシャテチョウ リョウイクテチョウ ショウガイシャテチョウ ネタキリ"),
)
# Readings that are more often something else: 野球中, 作家賞, 銀杏園 …
OTHERWISE = {"ヤキュウチュウ", "サッカショウ", "イチョウエン", "コウトウエン", "コウナイエン", "セットウショウ", "キタクガンボウ"}
_KANJI = re.compile(r"[一-鿿々]")
_KATAKANA = re.compile(r"[ァ-ヴー]+")
_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_NUMERALS = "イチ|ニ|サン|ヨン|ゴ"


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """Sudachi in long units, loaded once."""
    from sudachipy import Dictionary, SplitMode

    return Dictionary().create(mode=SplitMode.C)


def readings(words: Iterable[str]) -> Iterator[str]:
    """The readings of the words that have enough kanji, in katakana; unknown words have none."""
    for word in words:
        if len(_KANJI.findall(word)) < 3 and not re.search(r"[一-鿿]{2}[がんァ-ヴー]{2,}", word):
            continue
        morphemes = tokenizer().tokenize(word)
        reading = "".join(m.reading_form() for m in morphemes)
        if (
            len(reading) > LEAST
            and reading not in OTHERWISE
            and _KATAKANA.fullmatch(reading)
            and not any(m.is_oov() for m in morphemes)
        ):
            yield reading


def variants(reading: str) -> set[str]:
    """A reading, and how a terminal without small kana writes it (ニユウイン)."""
    return {reading, reading.translate(_LARGE)}


def dictionary() -> str:
    """The installed dictionary and its version: another one may read words otherwise."""
    return f"SudachiDict-core {version('sudachidict-core')}"


def text() -> str:
    """The whole file."""
    known = lexicon.load(ROOT / "patterns")
    out = [
        f"# Written by models/kana.py with {dictionary()}: readings of the strong words of the other files,\n"
        "# for terminals that know katakana only.",
    ]
    for entity in ENTITIES:
        words: dict[tuple[str, ...], set[str]] = {}
        for word, terms in known.terms.items():
            for term in terms:
                if term.entity == entity and term.strength is Strength.STRONG and not term.id.startswith(("drug", "kana")):
                    words.setdefault(term.categories, set()).update(w for r in readings([word]) for w in variants(r))
        for categories, found in sorted(words.items()):
            found -= {w for w in found if w in known.terms and not all(t.id.startswith("kana") for t in known.terms[w])}
            if found:
                out.append(_table(f"kana.{categories[0]}.{entity}", entity, categories, "strong", sorted(found)))
    for entity, category, strength, listed in CHOSEN:
        chosen = [w for w in listed.split() if w not in known.terms or all(t.id.startswith("kana") for t in known.terms[w])]
        out.append(_table(f"kana.short.{entity}", entity, (category,), strength, chosen))
    out.append(
        '[[value]]\nid = "kana.level"\nentity = "disability"\ncategories = ["disability"]\nstrength = "strong"\n'
        'anchors = ["ヨウカイゴ", "ヨウシエン"]\n'
        f"pattern = '(?:ヨウカイゴ|ヨウシエン)(?:ド)?\\s?(?:[1-5]|{_NUMERALS})'"
    )
    return "\n\n".join(out) + "\n"


def _table(name: str, entity: str, categories: Iterable[str], strength: str, words: Iterable[str]) -> str:
    lines, line = [], "   "
    for word in words:
        piece = f' "{word}",'
        if len(line) + len(piece) > 130:
            lines.append(line)
            line = "   "
        line += piece
    lines.append(line)
    named = ", ".join(f'"{c}"' for c in categories)
    head = f'[[term]]\nid = "{name}"\nentity = "{entity}"\ncategories = [{named}]\nstrength = "{strength}"\nwords = [\n'
    return head + "\n".join(lines) + "\n]"


def check() -> int:
    """1 when the file is not what the other patterns give; only the dictionary it was made with can tell."""
    there = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if there and f"with {dictionary()}:" not in there:
        print(f"patterns/kana.toml was made with another dictionary than {dictionary()}: not compared", file=sys.stderr)
        return 0
    if there != text():
        print("patterns/kana.toml is not what the other patterns give; run python -m models.kana", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Write the file, or with --check compare it."""
    if "--check" in sys.argv[1:]:
        return check()
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
