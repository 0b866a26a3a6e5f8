"""Reasons in the reader's language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scanner.report.reasons import JAPANESE, ROLES, say

CLASSIFY = Path(__file__).parents[2] / "scanner" / "classify"


def phrases() -> set[str]:
    """Reasons that classification gives: ``because="…"``, ``reasons.append("…")``, a tie's last string, the third of a Link."""
    found: set[str] = set()
    for path in CLASSIFY.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values: list[ast.expr | None] = []
            if isinstance(node, ast.keyword) and node.arg == "because":
                values = [node.value]
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Link":
                values = list(node.args[2:3])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "reasons.append":
                values = list(node.args)
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
                values = [node.value.elts[2]]
            elif path.name == "things.py" and isinstance(node, ast.Return):
                values = [v for v in ast.walk(node) if isinstance(v, ast.expr)]
            found |= {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str) and " " in v.value}
    return found


def test_every_reason_of_classification_is_in_the_catalogue() -> None:
    assert len(phrases()) > 10
    assert sorted(phrases() - JAPANESE.keys()) == []


def cues() -> set[str]:
    """What decides roles, as the code says it: the third value of a Told, ``cue="…"`` and words in its choices."""
    found: set[str] = set()
    for path in CLASSIFY.glob("role*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Told":
                found |= {v.value for v in ast.walk(node) if isinstance(v, ast.Constant) and isinstance(v.value, str)}
            if isinstance(node, ast.keyword) and node.arg == "cue" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return {c for c in found if " " in c.strip() and not c.endswith(" ")}


def test_everything_that_decides_a_role_is_in_the_catalogue() -> None:
    assert len(cues()) > 10
    assert sorted(cues() - ROLES.keys()) == []


@pytest.mark.parametrize(
    ("reason", "ja"),
    [
        ("same row; role: label 被共済者", "同じ行に氏名がある、役割：項目名「被共済者」"),
        ("role: word 主治医", "役割：氏名の前の語「主治医」"),
        ("role: relation 妻", "役割：続柄・関係「妻」"),
        ("role: named so elsewhere", "役割：同じ氏名の別の箇所"),
    ],
)
def test_reasons_name_what_decided_the_role(reason: str, ja: str) -> None:
    assert say(reason, "ja") == ja
    assert say(reason, "en") == reason


@pytest.mark.parametrize(
    ("reason", "ja"),
    [("label 傷病名; same row", "項目名「傷病名」、同じ行に氏名がある"), ("", ""), ("unheard of", "unheard of")],
)
def test_reasons_are_said_in_japanese(reason: str, ja: str) -> None:
    assert say(reason, "ja") == ja
    assert say(reason, "en") == reason
