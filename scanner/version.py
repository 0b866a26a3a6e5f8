"""The program's version, from the installation or the checkout."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """The version of the installed distribution; of the checkout's pyproject.toml when nothing is installed."""
    try:
        return metadata.version("tanaoroshi")
    except metadata.PackageNotFoundError:
        file = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]) if file.is_file() else "0"
