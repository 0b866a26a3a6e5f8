"""Which pattern covers which path, and which is the more specific."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from scanner.policy.paths import Pattern, normal

HERE = Path("/srv/policy")


@pytest.mark.parametrize(
    ("pattern", "path", "covers"),
    [
        ("share/**", "/srv/policy/share/a/b.txt", True),
        ("share/**", "/srv/policy/share", True),
        ("share/**", "/srv/policy/shared/b.txt", False),
        ("share", "/srv/policy/share/a/b.txt", True),
        ("share", "/srv/policy/share2", False),
        ("/data/*/x.csv", "/data/a/x.csv", True),
        ("/data/*/x.csv", "/data/a/b/x.csv", False),
        ("/data/**/x.csv", "/data/x.csv", True),
        ("/data/**/x.csv", "/data/a/b/x.csv", True),
        ("/data/?.csv", "/data/a.csv", True),
        ("/data/?.csv", "/data/ab.csv", False),
        (r"\\fs01\営業\**", "//FS01/営業/A.xlsx", True),
        (r"C:\Users\**", "c:/users/x", True),
        ("https://**", "https://example.jp/a", True),
        ("../other/**", "/srv/other/a", True),
        ("/data/[a].txt", "/data/[a].txt", True),
        ("/data/[a].txt", "/data/a.txt", False),
    ],
)
def test_covers(pattern: str, path: str, covers: bool) -> None:
    assert Pattern(pattern, HERE).covers(normal(path)) is covers


def test_decomposed_names_equal_composed_ones() -> None:
    assert Pattern("/share/ガス/**", HERE).covers(normal(unicodedata.normalize("NFD", "/share/ガス/a.txt")))


@pytest.mark.parametrize(
    ("more", "less"),
    [("/a/b/**", "/a/**"), ("/a/b/c.txt", "/a/b/**"), ("/a/b*/**", "/a/**"), ("/a/**/x.txt", "/a/**")],
)
def test_the_more_specific(more: str, less: str) -> None:
    assert Pattern(more, HERE).specific > Pattern(less, HERE).specific


def test_overlaps() -> None:
    assert Pattern("/a/b/**", HERE).overlaps(Pattern("/a/**", HERE))
    assert not Pattern("/a/b/**", HERE).overlaps(Pattern("/a/bc/**", HERE))
