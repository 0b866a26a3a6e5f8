"""Where the shipped folders patterns/ and models/ are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """The folder ``patterns`` or ``models``. Raises FileNotFoundError when the installation lacks it."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "data" / name, here.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation has no folder {name!r}")
