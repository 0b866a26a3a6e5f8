from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks import goldset, skeleton

DOCS = goldset.GOLD.parent / "rare" / "docs"
SOURCES = goldset.sources(DOCS)
NAME = re.compile(r"rare-(not-)?([a-z_]+)-(\d\d)")


@cache
def verifier() -> ModuleType:
    """The gold set's own verify.py: marks, labels, check digits, categories, encodings."""
    goldset.renderer()
    sys.path.insert(0, str(goldset.GOLD))  # it imports render.py as its neighbour
    try:
        spec = importlib.util.spec_from_file_location("gold_verify", goldset.GOLD / "verify.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(goldset.GOLD))
    return module


def named(document_id: str) -> tuple[bool, str]:
    """Whether a document is a look-alike, and of which category."""
    match = NAME.fullmatch(document_id)
    assert match, document_id
    return bool(match[1]), match[2]


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: goldset.half(s.id)[:3] + "-" + s.id)
def test_a_document_parses_and_every_span_lies_on_its_own_text(source: Any) -> None:
    assert verifier().check_source(source) == []
    document = goldset.read(source)
    for span in document.spans:
        assert document.text[span.start : span.end] == skeleton.skeleton(span.text), span.label


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: goldset.half(s.id)[:3] + "-" + s.id)
def test_only_the_positives_are_of_their_category(source: Any) -> None:
    lookalike, category = named(source.id)
    document = goldset.read(source)
    assert (category in document.special_care | document.sensitive_only) is not lookalike


def test_every_category_has_fifteen_documents_and_fifteen_lookalikes() -> None:
    counts = Counter(named(source.id) for source in SOURCES)
    categories = {category for _, category in counts}
    assert counts == {(lookalike, category): 15 for lookalike in (True, False) for category in categories}


def test_rendered_files_hold_every_span(tmp_path: Path) -> None:
    goldset.render(SOURCES, tmp_path)
    missed = [error for source in SOURCES for error in verifier().check_rendered(source, tmp_path)]
    assert missed == []
