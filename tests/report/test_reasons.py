"""Reasons in the reader's language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scanner.report.reasons import JAPANESE, say

CLASSIFY = Path(__file__).parents[2] / "scanner" / "classify"


def phrases() -> set[str]:
    """Reasons that the code of classification gives: ``because="…"``, the last string of a tie, the third of a Link."""
    found: set[str] = set()
    for path in CLASSIFY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values: list[ast.expr | None] = []
            if isinstance(node, ast.keyword) and node.arg == "because":
                values = [node.value]
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Link":
                values = list(node.args[2:3])
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
                values = [node.value.elts[2]]
            found |= {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str) and " " in v.value}
    return found


def test_every_reason_of_classification_is_in_the_catalogue() -> None:
    assert len(phrases()) > 10
    assert sorted(phrases() - JAPANESE.keys()) == []


@pytest.mark.parametrize(
    ("reason", "ja"),
    [("label 傷病名; same row", "項目名「傷病名」、同じ行に氏名がある"), ("", ""), ("unheard of", "unheard of")],
)
def test_reasons_are_said_in_japanese(reason: str, ja: str) -> None:
    assert say(reason, "ja") == ja
    assert say(reason, "en") == reason
