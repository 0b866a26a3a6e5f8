from __future__ import annotations

import random
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import hard_items
from benchmarks.hard import make, namewriting, placewriting
from benchmarks.plain import Hit
from scanner.text.view import fold

MODELS = hard_items.ROOT / "models"


def hit(start: int, end: int, group: str = "", entity: str = "address") -> Hit:
    return Hit(entity, start, end, 0.9, "", False, True, group, "rule")


def test_marks_are_taken_out_and_point_at_their_text() -> None:
    text, wanted, free = hard_items.unmark("氏名«森 葵»と‹林›様")
    assert text == "氏名森 葵と林様"
    assert [text[a:b] for a, b in wanted] == ["森 葵"]
    assert [text[a:b] for a, b in free] == ["林"]


@pytest.mark.parametrize("bad", ["«a", "a»", "«a«b»»", "«a›"])
def test_unbalanced_marks_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="mark"):
        hard_items.unmark(bad)


def test_matches_are_scored_one_to_one() -> None:
    tally, missed, false = hard_items.compare([(0, 2), (0, 3), (10, 12), (20, 22)], [(0, 3), (30, 33)], [(20, 21)])
    assert (tally.right, tally.false, tally.missed) == (1, 2, 1)
    assert missed == [(30, 33)]
    assert false == [(0, 2), (10, 12)]


def test_half_an_overlap_is_needed() -> None:
    assert hard_items.compare([(0, 2)], [(0, 4)], [])[0].right == 1
    assert hard_items.compare([(0, 1)], [(0, 4)], [])[0].right == 0


def test_pieces_of_one_group_on_two_lines_are_one() -> None:
    pieces = [hit(0, 8, "g"), hit(9, 20, "g"), hit(30, 35, "g"), hit(40, 44, entity="person_name")]
    assert hard_items.joined(pieces, "address", [(0, 20)]) == [(0, 20), (30, 35)]
    assert hard_items.joined(pieces[:2], "address", [(0, 8), (9, 20)]) == [(0, 8), (9, 20)]


def test_the_kept_items_are_what_the_generator_writes(tmp_path: Path) -> None:
    make.write(tmp_path, 3)
    for name in ("names.jsonl", "addresses.jsonl"):
        assert (tmp_path / name).read_bytes() == (hard_items.HARD / name).read_bytes()
    make.write(tmp_path, 4)
    assert (tmp_path / "names.jsonl").read_bytes() != (hard_items.HARD / "names.jsonl").read_bytes()


def test_every_group_has_its_hundred_and_many_kinds() -> None:
    items = hard_items.load()
    count = Counter(i.group for i in items)
    assert set(count) == {*make.NAME_GROUPS, *make.ADDRESS_GROUPS}
    assert min(count.values()) >= 100
    for group in count:
        kinds = {i.kind for i in items if i.group == group}
        assert len(kinds) >= (1 if group == "lines" else 2), group
        if group not in ("nobody", "nowhere"):
            assert all(i.wanted for i in items if i.group == group)
    assert all("{" not in i.text for i in items)
    assert sum((hard_items.HARD / f"{n}.jsonl").stat().st_size for n in hard_items.FILES) < 1_000_000


def test_three_names_in_ten_are_outside_the_gazetteers() -> None:
    """By what stands in the item: kanji names whose surname or given name no gazetteer has."""
    surnames = {line.split("\t")[0] for line in (MODELS / "surnames.tsv").read_text(encoding="utf-8").splitlines()}
    given = set()
    for line in (MODELS / "given.tsv").read_text(encoding="utf-8").splitlines():
        given.update(form.rstrip("+!") for form in line.partition("\t")[2].split())

    def known(surname: str, name: str) -> bool:
        a, b = (fold(unicodedata.normalize("NFKC", x)) for x in (surname, name))
        return a in surnames and (not b or b in given)

    for group in ("split", "spaced", "variant", "rare", "lookalike", "kana", "half", "romaji", "titled"):
        names = namewriting.Names(random.Random(f"3/{group}"))
        drawn = [names.of(group) for _ in range(600)]
        share = sum(not known(n.surname, n.given) for n in drawn) / len(drawn)
        assert share >= 0.3, (group, share)


@pytest.mark.parametrize(
    ("reading", "latin"),
    [("しょうじ", "Shoji"), ("はっとり", "Hattori"), ("おおいた", "Oita"), ("じゅんいち", "Junichi"), ("きょうごく", "Kyogoku")],
)
def test_romaji(reading: str, latin: str) -> None:
    assert namewriting.romaji(reading) == latin


def test_half_width_kana_fold_back() -> None:
    for section in namewriting._pairs("surnames.txt").values():
        for _, reading in section:
            wide = namewriting.katakana(reading)
            assert unicodedata.normalize("NFKC", namewriting.half_width(wide)) == wide


def test_numbers_in_kanji() -> None:
    assert [placewriting.kanji(n) for n in (3, 10, 19, 20, 68)] == ["三", "十", "十九", "二十", "六十八"]
