"""The house rules that a machine can watch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import ROOT

MODULES = sorted((ROOT / "scanner").rglob("*.py"))
MODULE_LINES = 405
FUNCTION_LINES = 60
CATALOGUES = {"problems.py", "model.py"}  # data in the form of code
NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "httpx", "urllib3", "aiohttp", "ftplib", "smtplib"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_layers_are_kept() -> None:
    code = "import sys; sys.argv = ['lint-imports']; from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_opens_with_one_sentence_and_stays_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module says what it is for"
    if path.name not in CATALOGUES:
        assert len(text.splitlines()) <= MODULE_LINES, "look for the second idea"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_stay_readable(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES, node.name


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_reaches_for_the_network(path: Path) -> None:
    assert not set(imports(path)) & NETWORK


@pytest.mark.parametrize("path", [p for p in MODULES if "cli" not in p.parts], ids=name)
def test_only_the_command_prints(path: Path) -> None:
    calls = [n.func.id for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    assert "print" not in calls
    assert not {"traceback", "logging.exception", "warnings"} & set(imports(path)), "their output may quote the document"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name not in {"scanner", "cli", "gate"}], ids=name)
def test_trades_never_look_for_the_shipped_folders(path: Path) -> None:
    assert "scanner.resources" not in set(imports(path))


HEAVY = {"spacy", "ginza", "sudachipy", "pdfplumber", "docx", "pptx"}


def test_the_command_starts_without_the_heavy_libraries() -> None:
    code = f"import sys, scanner.cli; print(sorted({{m.split('.')[0] for m in sys.modules}} & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
