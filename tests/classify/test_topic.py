"""Whom a sentence speaks of: someone with a post is meant where the sentence is about them, not where they do their work in it."""

from __future__ import annotations

import pytest

from tests.classify.samples import Bench, Drawn


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    "text",
    [
        "新任の⟦person_name/staff|小早川⟧課長は、以前うつ病で半年ほど仕事を離れていた。",
        "経理の⟦person_name/staff|乾⟧さんの自宅に家宅捜索が入った。",
        "うつ病で休んでいる⟦person_name/staff|加地⟧主任から電話があった。",
    ],
)
def test_statement_about_someone_with_a_post(bench: Bench, text: str) -> None:
    assert bench.facts(Drawn().text(text)).special_care


@pytest.mark.parametrize(
    "text",
    [
        "保健師の⟦person_name/professional|小早川⟧さんが、うつ病について講演した。",
        "広報の⟦person_name/staff|乾⟧さんは、がんの記事を作成している。",
    ],
)
def test_statement_made_in_the_course_of_work(bench: Bench, text: str) -> None:
    assert bench.facts(Drawn().text(text)).special_care == ()
