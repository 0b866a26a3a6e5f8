"""``tanaoroshi inspect``: matches with raw values as JSON lines, for measuring and for people who embed the scanner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from scanner.cli.look import anchor, files, firm, outcomes, prepared, value
from scanner.cli.options import options, policy_of, settings_from
from scanner.model import Classified, Evidence, Judged, Outcome, family
from scanner.taxonomy import Taxonomy

SCHEMA = 1


@click.command(short_help="検出値をJSON Linesで出す（個人情報） / Print matches with raw values as JSON lines")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--json", "as_json", is_flag=True, default=True, help="JSON Lines（既定） / JSON lines, the only form.")
@click.option("--blocks", is_flag=True, help="本文も出す / Print the text blocks too.")
@click.option("--all", "everything", is_flag=True, help="言及・否定・見本なども出す / Print mentions, negations, specimens too.")
@options("policy", "profile", "ocr", "password_file", "jobs", "engine", "lang", "config")
@click.pass_context
def inspect(ctx: click.Context, /, paths: tuple[str, ...], as_json: bool, blocks: bool, everything: bool, **flags: Any) -> None:
    """PATH… の検出値を標準出力に一行一件で出します。出力は個人情報です。

    Prints every match with its raw value, then one line for each document. The output is personal information.
    """
    from scanner.settings import load_taxonomy

    settings = settings_from(flags, paths).settings
    policy, taxonomy = policy_of(settings), load_taxonomy()
    source = files(paths, settings)
    ja = "注意：この出力には個人情報そのものが含まれます。取り扱いに注意してください。"
    en = "Note: this output holds personal information itself. Handle it accordingly."
    click.echo(ja if settings.lang == "ja" else en, err=True)
    incomplete = False
    for outcome in outcomes(source, prepared(settings, policy)):
        incomplete = incomplete or any(p.loses for inner in family(outcome) for p in inner.problems)
        for record in records(Judged(outcome, policy.judge(outcome)), taxonomy, blocks=blocks, everything=everything):
            line = json.dumps(record, ensure_ascii=False)
            click.echo(line.encode("utf-8", "backslashreplace"))  # a lone surrogate becomes the JSON escape of itself
    ctx.exit(3 if incomplete else 0)


def records(judged: Judged, taxonomy: Taxonomy, *, blocks: bool, everything: bool) -> Iterator[dict[str, Any]]:
    """The lines of one document: matches of it and of what lies inside, blocks where asked, the document itself."""
    for inner in family(judged.outcome):
        place = {"path": inner.document.uri, "inside": "!".join(inner.document.inside) or None}
        texts = {block.index: block for block in inner.blocks}
        for entry in inner.facts.matches:
            if everything or firm(entry, taxonomy):
                yield {"schema": SCHEMA, "type": "match", **place, **_match(entry, texts)}
        if blocks:
            for block in inner.blocks:
                start = anchor(block, 0)
                yield {"schema": SCHEMA, "type": "block", **place, "index": block.index, "text": block.text, "anchor": start}
    yield _document(judged)


def _match(entry: Classified, texts: dict[int, Any]) -> dict[str, Any]:
    match = entry.match
    text = value(entry, texts)
    return {
        "entity": match.entity,
        "value": text,
        "normalized": match.normalized or text,
        "block": match.block,
        "start": match.start,
        "end": match.end,
        "anchor": anchor(texts.get(match.block), match.start),
        "group": match.group,
        "role": entry.role.value,
        "categories": list(entry.categories),
        "evidence": entry.evidence.value if entry.evidence else None,
        "confidence": round(entry.confidence, 4),
        "rule": match.rule,
        "sample": match.sample,
    }


def _document(judged: Judged) -> dict[str, Any]:
    outcome: Outcome = judged.outcome
    every = list(family(outcome))
    categories: dict[str, str] = {}
    for inner in every:
        for name, evidence in inner.facts.categories.items():
            if name not in categories or Evidence(evidence).rank > Evidence(categories[name]).rank:
                categories[name] = evidence
    return {
        "schema": SCHEMA,
        "type": "document",
        "path": outcome.document.uri,
        "status": outcome.status.value,
        "special_care": sorted({c for inner in every for c in inner.facts.special_care}),
        "sensitive_only": sorted({c for inner in every for c in inner.facts.sensitive_only}),
        "categories": dict(sorted(categories.items())),
        "persons": [max(i.facts.persons_lower for i in every), sum(i.facts.persons_upper for i in every)],
        "professionals": sum(inner.facts.professionals for inner in every),
        "severity": judged.verdict.severity,
        "verdict": judged.verdict.decision.value,
        "profile": outcome.profile,
        "format": outcome.format,
        "encoding": outcome.encoding,
        "problems": [
            {
                "code": p.code.value,
                "stage": p.stage.value,
                "detail": p.detail,
                "where": p.where,
                "inside": "!".join(i.document.inside),
            }
            for i in every
            for p in i.problems
        ],
    }
