"""Invented documents of many kinds: which categories each one holds, and that those about nobody hold none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.classify.samples import Bench, Drawn

DOCUMENTS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "corpus.toml").read_text(encoding="utf-8"))["document"]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("document", DOCUMENTS, ids=[d["id"] for d in DOCUMENTS])
def test_document_holds_its_categories(bench: Bench, document: dict[str, Any]) -> None:
    drawn = Drawn().table(document["rows"]) if "rows" in document else Drawn().text(document["text"])
    facts = bench.facts(drawn)
    assert (list(facts.special_care), list(facts.sensitive_only)) == (document["special"], document["sensitive"])
    kept = bench.sensitive(drawn, facts)
    assert [found for found in document.get("finds", []) if tuple(found) not in kept] == []
    if not document["special"] and not document["sensitive"]:
        assert kept == []


def test_corpus_has_as_many_documents_about_nobody() -> None:
    nobody = [d for d in DOCUMENTS if not d["special"] and not d["sensitive"]]
    assert len(DOCUMENTS) >= 70
    assert len(nobody) >= 30
