"""A work that believes what a document says of itself, for tests of ledger, run and reports: JSON with findings and problems."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from scanner.contracts import Source, Work
from scanner.model import Document, Facts, Finding, Nature, Outcome, Status
from scanner.problems import Code, Problem, Stage, Unreadable
from scanner.settings import Settings

PLAIN: dict[str, Any] = {
    "finding_id": "f" * 16,
    "entity": "person_name",
    "categories": (),
    "evidence": "",
    "certainty": "clear",
    "confidence": 0.95,
    "hits": 1,
    "persons_lower": 1,
    "persons_upper": 1,
    "role": "subject",
    "masked": "佐●",
    "digest": "d1",
    "place": "1行 1桁",
    "inside": "",
    "rule": "names.label",
    "because": "項目名「氏名」",
    "checked": None,
    "sample": False,
}
CARE = {"entity": "health_condition", "categories": ("medical_history",), "evidence": "linked_direct", "masked": "病歴"}


def finding(**changes: Any) -> Finding:
    """A finding: a subject's name, changed as told."""
    values = {**PLAIN, **changes}
    values["categories"] = tuple(values["categories"])
    return Finding(**values)


def outcome(
    *findings: Finding,
    uri: str = "/share/a.txt",
    status: Status = Status.READ,
    codes: tuple[Code, ...] = (),
    members: tuple[Outcome, ...] = (),
    **facts: Any,
) -> Outcome:
    """An outcome with these findings."""
    filled: dict[str, Any] = {"persons_lower": 1, "persons_upper": 1, "nature": Nature.SCATTERED} if findings else {}
    problems = tuple(Problem(Stage.EXTRACT, code) for code in codes)
    return Outcome(
        Document(uri, b"stamp", 10, 0.0, "owner", "/share"),
        status,
        Facts(findings=findings, **{**filled, **facts}),
        problems,
        members,
        content_id="c" * 16,
        format="text",
        encoding="utf-8",
        profile="standard",
    )


def make(settings: Settings, source: Source) -> Work:
    """The work; ``{"sleep": seconds}`` in a document takes that long."""

    def work(document: Document) -> Outcome:
        try:
            with source.open(document) as stream:
                data = stream.read()
        except Unreadable as error:
            return Outcome(document, Status.UNREADABLE, problems=(error.problem,), profile=settings.profile)
        told = json.loads(data) if data.startswith(b"{") else {}
        time.sleep(told.get("sleep", 0))
        return _told(document, told, data, settings)

    return work


def _told(document: Document, told: dict[str, Any], data: bytes, settings: Settings) -> Outcome:
    content = hashlib.sha256(settings.key + data).hexdigest()[:16]
    findings = tuple(
        finding(**{"finding_id": hashlib.sha256(f"{content}{n}".encode()).hexdigest()[:24], **values})
        for n, values in enumerate(told.get("findings", ()))
    )
    members = tuple(
        _told(replace(document, inside=(*document.inside, name)), inner, data, settings)
        for name, inner in told.get("members", {}).items()
    )
    problems = tuple(Problem(Stage.EXTRACT, Code(code)) for code in told.get("problems", ()))
    lost = any(p.loses for p in problems)
    facts = told.get("facts", {})
    if findings:
        facts = {"persons_lower": 1, "persons_upper": 1, **facts}
    facts = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    if "nature" in facts:
        facts["nature"] = Nature(facts["nature"])
    return Outcome(
        document,
        Status.READ if not lost else Status.PARTIAL if findings or members else Status.UNREADABLE,
        Facts(findings=findings, **facts),
        problems,
        members,
        content_id=content,
        format="text",
        encoding="utf-8",
        characters=len(data),
        seconds=0.01,
        profile=settings.profile,
    )


def main() -> None:
    """Scan ROOT into HOME with this work, as a process that can be killed."""
    from scanner.run import Run
    from tests import fakes  # not __main__, which workers do not have

    root, home, engine = sys.argv[1:4]
    settings = Settings(
        engine=engine, jobs=0 if engine == "serial" else 2, out=f"{home}/out", ledger=f"{home}/ledger.sqlite", state_dir=home
    )
    ended = Run(settings, [Path(root)], make=fakes.make).scan()
    sys.exit(ended.status)


if __name__ == "__main__":
    main()
