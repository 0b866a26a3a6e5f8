"""The pages say what is true: commands exist, help texts and trees are the real ones, links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from docs import pages
from tests.command import ROOT, Home

PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
README = PAGES[0].read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def code_blocks(page: str) -> str:
    return "\n".join(re.findall(r"```[a-z]*\n(.*?)```", page, re.S))


def commands() -> list[list[str]]:
    """Every ``tanaoroshi …`` line of the README's code, as words; comments and made-up paths stay."""
    lines = [line.strip().removeprefix("$ ") for line in code_blocks(README).splitlines()]
    return [shlex.split(line.split("#")[0]) for line in lines if re.match(r"tanaoroshi [a-z]", line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_make_targets_exist(page: Path) -> None:
    for target in re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8")) + re.findall(r"^make ([a-z-]+)", README, re.M):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), target


def test_commands_and_their_options_exist(home: Home) -> None:
    seen: dict[str, str] = {}
    assert commands(), "the README shows the command"
    for words in commands():
        name = [w for w in words[1:3] if re.fullmatch(r"[a-z]+", w)]
        path = name if name[0] in {"rules", "policy", "config"} else name[:1]
        key = " ".join(path)
        if key not in seen:
            done = home.run(*path, "--help")
            assert done.returncode == 0, key
            seen[key] = done.stdout
        for option in (w.split("=")[0] for w in words if w.startswith("--")):
            assert option in seen[key], f"{key} {option}"


def test_generated_parts_are_up_to_date() -> None:
    """Tables from the kept results, help text, formats, tree: ``make pages`` writes them."""
    for path, parts in pages.pages().items():
        text = path.read_text(encoding="utf-8")
        assert set(parts) <= set(re.findall(r"<!-- (\w+):begin -->", text)), path.name
        assert pages.filled(text, parts) == text, path.name


def test_a_page_is_filled_between_its_markers() -> None:
    page = "a\n<!-- speed:begin -->\nold\n<!-- speed:end -->\nz\n"
    assert pages.filled(page, {"speed": "new", "other": "unused"}) == "a\n<!-- speed:begin -->\nnew\n<!-- speed:end -->\nz\n"


def test_the_picture_exists_and_holds_no_foreign_code() -> None:
    picture = (ROOT / "docs" / "demo.svg").read_text(encoding="utf-8")
    assert "docs/demo.svg" in README
    assert "要対応" in picture
    assert "<script" not in picture and "http://www.w3.org/2000/svg" in picture


def test_kept_results_name_their_circumstances() -> None:
    for path in (ROOT / "benchmarks" / "results").glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        assert record["commit"] and record["machine"]["cores"] and record["date"], path.name
