"""tanaoroshi: finds and classifies personal information in Japanese documents, offline.

``scan(paths)``, ``scan_file(path)`` and ``scan_bytes(data, name)`` give verdicts; ``inspect(path)`` and ``extract_text(path)``
are the doors through which raw text leaves. Names are loaded on first use, so that ``import scanner`` stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scanner.api import Inspection, extract_text, inspect, scan, scan_bytes, scan_file
    from scanner.model import Classified, Document, Facts, Finding, Judged, Match, Outcome, Status, Verdict
    from scanner.problems import Code, Problem
    from scanner.refusal import Refused
    from scanner.settings import Settings

_HOMES = {
    "scanner.api": ("Inspection", "extract_text", "inspect", "scan", "scan_bytes", "scan_file"),
    "scanner.model": ("Classified", "Document", "Facts", "Finding", "Judged", "Match", "Outcome", "Status", "Verdict"),
    "scanner.problems": ("Code", "Problem"),
    "scanner.refusal": ("Refused",),
    "scanner.settings": ("Settings",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Classified",
    "Code",
    "Document",
    "Facts",
    "Finding",
    "Inspection",
    "Judged",
    "Match",
    "Outcome",
    "Problem",
    "Refused",
    "Settings",
    "Status",
    "Verdict",
    "extract_text",
    "inspect",
    "scan",
    "scan_bytes",
    "scan_file",
]


def __getattr__(name: str) -> Any:
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'scanner' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(module), name)
