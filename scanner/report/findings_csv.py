"""findings.csv: a row for each document, entity and record group or column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from scanner.model import Finding, Judged, Outcome, family
from scanner.report import About, words
from scanner.report.csv_file import Table
from scanner.report.reasons import say

COLUMNS: tuple[tuple[str, str], ...] = (
    ("verdict", "判定"),
    ("severity", "重要度"),
    ("violation_type", "指摘種別"),
    ("category", "分類"),
    ("entity", "検出項目"),
    ("evidence", "根拠水準"),
    ("legal_certainty", "法的確度"),
    ("confidence", "確信度"),
    ("count", "件数"),
    ("persons_lower", "本人数下限"),
    ("persons_upper", "本人数上限"),
    ("role", "対象者区分"),
    ("masked", "伏字表示"),
    ("place", "位置"),
    ("path", "パス"),
    ("container", "格納経路"),
    ("unit", "管理単位"),
    ("department", "管理部署"),
    ("because", "判定理由"),
    ("clause", "適用条項"),
    ("rule", "検出規則"),
    ("delta", "差分"),
    ("first_seen", "初回検出日"),
    ("review", "確認結果"),
    ("review_reason", "確認理由"),
    ("assignee", "担当"),
    ("due", "期限"),
    ("finding_id", "指摘ID"),
    ("document_id", "文書ID"),
    ("run_id", "実行ID"),
)


def rows(judged: Judged, about: About) -> Iterator[dict[str, Any]]:
    """The rows of a document, values as printed, keys as in COLUMNS."""
    details = judged.verdict.extra.get("details", ())
    deltas = judged.verdict.extra.get("deltas", ())
    number = 0
    for inner in family(judged.outcome):
        for finding in inner.facts.findings:
            detail = details[number] if number < len(details) else None
            delta = deltas[number] if number < len(deltas) else ("", "")
            number += 1
            yield _row(judged, inner, finding, detail, delta, about)


def _row(judged: Judged, inner: Outcome, f: Finding, detail: Any, delta: tuple[str, str], about: About) -> dict[str, Any]:
    lang, verdict = about.lang, judged.verdict
    decision = detail.decision if detail else "not_judged"
    decision = "none_found" if decision == "none" else decision
    shown = words.word(words.VERDICTS, decision, lang)
    severity = detail.severity if detail else verdict.severity
    reasons = [detail.because if detail else "", say(f.because, lang)]
    return {
        "verdict": shown,
        "severity": severity,
        "violation_type": words.word(words.VIOLATIONS, detail.violation if detail else "", lang),
        "category": category(f, about),
        "entity": about.taxonomy.entity(f.entity) if lang == "ja" else f.entity,
        "evidence": words.word(words.EVIDENCE, f.evidence, lang),
        "legal_certainty": words.word(words.CERTAINTY, f.certainty, lang),
        "confidence": words.confidence(f.confidence, lang),
        "count": f.hits,
        "persons_lower": f.persons_lower,
        "persons_upper": f.persons_upper,
        "role": words.word(words.ROLES, f.role, lang),
        "masked": f.masked,
        "place": words.masked_place(f.place) if about.mask_paths else f.place,
        "path": path(judged.outcome, about),
        "container": chain(inner, about),
        "unit": verdict.unit,
        "department": verdict.department,
        "because": " ".join(reason for reason in reasons if reason) + (words.simplified(lang) if inner.profile == "fast" else ""),
        "clause": detail.clause if detail else "",
        "rule": f.rule,
        "delta": words.word(words.DELTAS, delta[0], lang),
        "first_seen": delta[1],
        "review": "",
        "review_reason": "",
        "assignee": "",
        "due": verdict.extra.get("due", "") if decision in ("action", "review") else "",
        "finding_id": f.finding_id,
        "document_id": inner.content_id,
        "run_id": about.run_id,
    }


def category(finding: Finding, about: About) -> str:
    """The sensitive categories, or the layer of the entity."""
    if finding.categories:
        joint = "・" if about.lang == "ja" else ";"
        return joint.join(about.taxonomy.category(c) if about.lang == "ja" else c for c in finding.categories)
    term = about.taxonomy.entities.get(finding.entity)
    layer = term.layers[0] if term else ""
    return about.taxonomy.category(layer) if about.lang == "ja" else layer


def chain(inner: Outcome, about: About) -> str:
    """``a.eml!b.docx`` for what lies inside another document, masked where asked; "" for what lies in a folder."""
    document = inner.document
    if not document.inside:
        return ""
    steps = [PurePath(document.uri).name, *document.inside]
    return "!".join(words.masked_path(step, "") if about.mask_paths else step for step in steps)


def path(outcome: Outcome, about: About) -> str:
    """The document's path, masked where asked."""
    document = outcome.document
    return words.masked_path(document.uri, document.root) if about.mask_paths else document.uri


class FindingsCsv:
    """Writes findings.csv."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.table = Table(about.folder, "findings", [c[1] if about.lang == "ja" else c[0] for c in COLUMNS])

    def add(self, judged: Judged) -> None:
        """The rows of one document."""
        for row in rows(judged, self.about):
            self.table.row(list(row.values()))

    def close(self) -> list[Path]:
        """Finish."""
        return self.table.close()


def open_writer(about: About) -> FindingsCsv:
    """See SINKS."""
    return FindingsCsv(about)
