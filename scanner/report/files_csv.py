"""files.csv: a row for each document that the walk met."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scanner.model import Judged, Outcome, Status, family
from scanner.problems import Code, Problem
from scanner.report import About, words
from scanner.report.csv_file import Table
from scanner.report.findings_csv import chain, path

COLUMNS: tuple[tuple[str, str], ...] = (
    ("verdict", "判定"),
    ("status", "検査状態"),
    ("not_examined", "未検査理由"),
    ("remedy", "対処"),
    ("severity", "重要度"),
    ("categories", "分類"),
    ("evidence_max", "最高根拠水準"),
    ("persons_lower", "本人数下限"),
    ("persons_upper", "本人数上限"),
    ("data_nature", "データ性質"),
    ("path", "パス"),
    ("unit", "管理単位"),
    ("department", "管理部署"),
    ("owner_role", "管理責任者"),
    ("owner", "所有者"),
    ("exposure", "公開範囲"),
    ("bytes", "サイズ"),
    ("modified", "更新日時"),
    ("text_date", "文中最新日"),
    ("duplicate_group", "複製群"),
    ("type", "形式"),
    ("encoding", "文字コード"),
    ("clause", "適用条項"),
    ("profile", "プロファイル"),
    ("policy_version", "方針版"),
    ("rules_version", "規則版"),
    ("examined_at", "検査日時"),
    ("document_id", "文書ID"),
    ("run_id", "実行ID"),
)
_NATURES = ("none", "scattered", "extract_like", "database_like")


def lost(outcome: Outcome) -> list[Problem]:
    """Why text went unread, here or inside; for an excluded document why it was."""
    return [found[0][0] for found in _lost(outcome).values()]


def lost_bytes(outcome: Outcome) -> dict[Code, int]:
    """Bytes of what each code kept from being examined: of the member inside where it is one, of the whole document else."""
    return {code: sum(max(0, inner.document.size) for _, inner in found) for code, found in _lost(outcome).items()}


def _lost(outcome: Outcome) -> dict[Code, list[tuple[Problem, Outcome]]]:
    """What text was lost to, by code, with whom it happened to; links and devices inside an archive are no loss."""
    out: dict[Code, list[tuple[Problem, Outcome]]] = {}
    for inner in family(outcome):
        excluded = inner.status is Status.EXCLUDED
        for p in inner.problems:
            if (p.loses and not excluded) or (excluded and inner is outcome):
                out.setdefault(p.code, []).append((p, inner))
    if len(out) > 1:
        out.pop(Code.MEMBER_UNREAD, None)
    return out


def persons(outcome: Outcome) -> tuple[int, int]:
    """At least and at most how many persons: members may repeat the same ones."""
    every = list(family(outcome))
    return max(o.facts.persons_lower for o in every), sum(o.facts.persons_upper for o in every)


def row(judged: Judged, about: About) -> dict[str, Any]:
    """A document's row, values as printed, keys as in COLUMNS."""
    outcome, verdict, lang = judged.outcome, judged.verdict, about.lang
    every = list(family(outcome))
    categories: dict[str, str] = {}
    for inner in every:
        for name, evidence in inner.facts.categories.items():
            if _rank(evidence) >= _rank(categories.get(name, "")):
                categories[name] = evidence
    problems = lost(outcome)
    lower, upper = persons(outcome)
    nature = max((inner.facts.nature.value for inner in every), key=_NATURES.index)
    strongest = max([*categories.values(), *(f.evidence for o in every for f in o.facts.findings)], key=_rank, default="")
    modified = outcome.document.modified
    return {
        "verdict": words.word(words.VERDICTS, verdict.decision.value, lang),
        "status": words.word(words.STATUSES, outcome.status.value, lang),
        "not_examined": " ".join(_reason(each, about) for each in _lost(outcome).values())
        if lang == "ja"
        else ";".join(_code(each, about) for each in _lost(outcome).values()),
        "remedy": " ".join([*_acceptance(judged, lang), *dict.fromkeys(p.remedy(lang) for p in problems)]),
        "severity": verdict.severity,
        "categories": (
            "・".join(about.taxonomy.category(c) for c in sorted(categories)) if lang == "ja" else ";".join(sorted(categories))
        ),
        "evidence_max": words.word(words.EVIDENCE, strongest, lang),
        "persons_lower": lower,
        "persons_upper": upper,
        "data_nature": words.word(words.NATURES, nature, lang),
        "path": path(outcome, about),
        "unit": verdict.unit,
        "department": verdict.department,
        "owner_role": verdict.owner_role,
        "owner": outcome.document.owner,
        "exposure": "不明" if lang == "ja" else "unknown",
        "bytes": outcome.document.size if outcome.document.size >= 0 else "",
        "modified": "" if modified is None else _time(modified),
        "text_date": max((inner.facts.text_date for inner in every), default=""),
        "duplicate_group": verdict.extra.get("duplicate", ""),
        "type": outcome.format,
        "encoding": outcome.encoding,
        "clause": verdict.clause,
        "profile": words.profile(outcome.profile or about.profile, lang),
        "policy_version": about.policy_version,
        "rules_version": outcome.recipe or about.rules_version,
        "examined_at": verdict.extra.get("examined", ""),
        "document_id": outcome.content_id,
        "run_id": about.run_id,
    }


def _acceptance(judged: Judged, lang: str) -> list[str]:
    """Who has accepted that a document is not examined, until when and why; or that this is over."""
    entry = judged.verdict.extra.get("acceptance")
    if not entry:
        return []
    owner, until, reason = entry
    held = judged.verdict.extra.get("accepted_unexamined", False)
    if lang == "ja":
        head = "未検査を承知済み" if held else "未検査の承知は期限切れ"
        return [f"{head}（{owner}、{until}まで{f'：{reason}' if reason else ''}）。"]
    head = "Accepted as unexamined" if held else "Acceptance as unexamined has expired"
    return [f"{head} ({owner}, until {until}{f': {reason}' if reason else ''})."]


def _reason(found: list[tuple[Problem, Outcome]], about: About) -> str:
    """The sentence with its detail (a type name, a limit, an install line), where, and how many more there are of it."""
    problem, inner = found[0]
    more = [part for part in (problem.detail, chain(inner, about), problem.where) if part]
    if len(found) > 1:
        more.append(f"ほか{len(found) - 1}件")
    return problem.sentence() + (f"（{'、'.join(more)}）" if more else "")


def _code(found: list[tuple[Problem, Outcome]], about: About) -> str:
    """The code, for what lies inside with its chain and the number of others."""
    problem, inner = found[0]
    place = chain(inner, about)
    return problem.code + (f" ({place}{f' +{len(found) - 1}' if len(found) > 1 else ''})" if place else "")


def _time(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return ""  # a stamp from outside the calendar


def _rank(evidence: str) -> int:
    return words.EVIDENCE_RANK.index(evidence) if evidence in words.EVIDENCE_RANK else -1


class FilesCsv:
    """Writes files.csv."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.table = Table(about.folder, "files", [c[1] if about.lang == "ja" else c[0] for c in COLUMNS])

    def add(self, judged: Judged) -> None:
        """The row of one document."""
        self.table.row(list(row(judged, self.about).values()))

    def close(self) -> list[Path]:
        """Finish."""
        return self.table.close()


def open_writer(about: About) -> FilesCsv:
    """See SINKS."""
    return FilesCsv(about)
