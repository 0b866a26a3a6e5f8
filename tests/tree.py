"""Folders as literals: ``grow(root, {"a": {"b.txt": "text", "c.bin": b"\\0"}})``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Tree = Mapping[str, Any]  # name → text, bytes, or another tree


def grow(root: Path, tree: Tree) -> Path:
    """Write a tree of files below ``root``; text is written as UTF-8. Returns the root."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in tree.items():
        path = root / name
        if isinstance(content, Mapping):
            grow(path, content)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def regular(root: Path) -> list[Path]:
    """Every regular file below ``root``, sorted; links are not followed."""
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())
