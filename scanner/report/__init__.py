"""Reports, read off the ledger: one row of SINKS for each."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from scanner.model import Judged
from scanner.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of its run. ``folder``: where it is written; times are UTC."""

    run_id: str
    folder: Path
    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    lang: str = "ja"
    profile: str = "standard"
    version: str = ""
    rules_version: str = ""
    policy_version: str = ""
    organization: str = ""
    started: str = ""
    roots: tuple[str, ...] = ()
    mask_paths: bool = False
    judged: bool = False


class Writer(Protocol):
    """Takes documents one by one and says at the end which files it wrote."""

    def add(self, judged: Judged) -> None:
        """One document."""
        ...

    def close(self) -> list[Path]:
        """Finish; the files written."""
        ...


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A row of SINKS. ``module`` has ``open_writer(about) -> Writer``; ``default``: written by every scan."""

    name: str
    title: str
    module: str
    default: bool = True


SINKS: tuple[SinkKind, ...] = (
    SinkKind("findings", "検出一覧（findings.csv）", "findings_csv"),
    SinkKind("files", "文書一覧（files.csv）", "files_csv"),
    SinkKind("json", "検出一覧（findings.jsonl）", "jsonl", default=False),
)


def open_writers(about: About, names: Iterable[str] | None = None) -> list[Writer]:
    """Writers of the sinks named, of the default ones without."""
    wanted = set(names) if names is not None else {kind.name for kind in SINKS if kind.default}
    out: list[Writer] = []
    for kind in SINKS:
        if kind.name in wanted:
            module = importlib.import_module(f"scanner.report.{kind.module}")
            out.append(cast(Writer, module.open_writer(about)))
    return out


def label(about: About) -> str:
    """How the run's profile is labelled."""
    from scanner.report import words

    return words.profile(about.profile, about.lang)


def write_json(path: Path, record: Mapping[str, Any]) -> Path:
    """Write a record as readable JSON. Raises Refused (status 3) when it cannot be written."""
    from scanner.report.csv_file import unwritable

    try:
        path.write_text(
            json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n", "utf-8"
        )
        path.chmod(0o600)
    except OSError as error:
        raise unwritable(path, error) from None
    return path
