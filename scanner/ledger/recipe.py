"""What shaped an outcome: digests of code, rules, models and options, for extraction and for detection apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

_EXTRACTION = ("text", "extract", "model.py", "pipeline.py")
_DETECTION = ("text", "detect", "classify", "model.py", "pipeline.py", "assemble.py")
_LIBRARIES = ("spacy", "ginza", "ja-ginza", "sudachipy", "sudachidict-core")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Equal recipes give equal outcomes for equal content."""

    extraction: str
    detection: str

    def __str__(self) -> str:
        return f"{self.extraction}-{self.detection}"


def compute(
    *,
    patterns: Path,
    models: Path | None,
    extraction_options: Mapping[str, Any],
    detection_options: Mapping[str, Any],
    rule_files: Iterable[Path] = (),
) -> Recipe:
    """The recipe of this installation with these options. Options must be plain JSON values."""
    code = Path(__file__).parents[1]
    libraries = {name: _library(name) for name in _LIBRARIES}
    extraction = _digest([code / name for name in _EXTRACTION], [dict(extraction_options)])
    folders = [code / name for name in _DETECTION] + [patterns] + ([models] if models else []) + sorted(rule_files)
    return Recipe(extraction, _digest(folders, [dict(detection_options), libraries]))


def _digest(places: Iterable[Path], options: list[Any]) -> str:
    hasher = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    for place in places:
        files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        for file in files:
            hasher.update(f"\n{file.name}\n".encode())
            hasher.update(hashlib.sha256(file.read_bytes()).digest())
    return hasher.hexdigest()[:16]


def _library(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
