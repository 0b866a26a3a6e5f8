"""Words found by prints are those that an automaton finds."""

import ahocorasick_rs
from hypothesis import given
from hypothesis import strategies as st

from scanner.text.finder import Finder, Pool, Prints

LETTERS = st.text(alphabet="あい漢字Aa𠮷\ud800 \n", max_size=40)
WORDS = st.lists(st.text(alphabet="あい漢字Aa𠮷 ", min_size=1, max_size=5), min_size=1, max_size=12, unique=True)


def automaton(words: list[str], text: str, *, overlapping: bool) -> list[tuple[int, int, int]]:
    kind = ahocorasick_rs.MatchKind.Standard if overlapping else ahocorasick_rs.MatchKind.LeftmostLongest
    machine = ahocorasick_rs.AhoCorasick(words, matchkind=kind)
    found: list[tuple[int, int, int]] = machine.find_matches_as_indexes(text.replace("\ud800", "\ufffd"), overlapping=overlapping)
    return found


@given(WORDS, LETTERS)
def test_every_word_is_found_wherever_it_stands(words: list[str], text: str) -> None:
    assert sorted(Finder(words).every(text)) == sorted(automaton(words, text, overlapping=True))


@given(WORDS, LETTERS)
def test_the_longest_word_from_left_to_right(words: list[str], text: str) -> None:
    assert Finder(words).longest(text) == automaton(words, text, overlapping=False)


@given(WORDS, WORDS, LETTERS)
def test_lists_that_look_in_one_text_find_their_own_words(some: list[str], others: list[str], text: str) -> None:
    prints = Prints(text, Pool())
    for words in (some, others, some):
        assert sorted(Finder(words).every(text, prints)) == sorted(automaton(words, text, overlapping=True))


def test_a_text_shorter_than_the_words_holds_none() -> None:
    assert Finder(["生年月日"]).every("生") == []
    assert Finder(["生年月日"]).longest("") == []
