"""``tanaoroshi gate``: may this file go to that location? Fails closed: what was not examined wholly is held."""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import dataclass, replace
from typing import Any

import click

from scanner.cli.look import files, outcomes
from scanner.cli.options import need_policy, options, settings_from
from scanner.contracts import Source
from scanner.model import Decision, Outcome, Status, family
from scanner.refusal import Refused
from scanner.report import words
from scanner.settings import with_policy

PASS, REFUSE, WRONG, HOLD = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The gate's answer for one document: ``pass``, ``hold`` or ``refuse``, with stable reason codes and a sentence."""

    decision: str
    codes: tuple[str, ...]
    sentence: str
    receipt: str


@click.command(short_help="登録してよいファイルか答える / Answer whether a file may go to a location")
@click.argument("inputs", nargs=-1, required=True, metavar="FILE…|-")
@click.option(
    "--to", "target", required=True, metavar="LOCATION", help="登録先（方針の場所idかパス） / Location id of the policy, or a path."
)
@click.option("--name", default="stdin", help="標準入力のファイル名 / File name of what comes on standard input.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines で答える / Answer as JSON lines.")
@options("policy", "profile", "ocr", "password_file", "lang", "config")
@click.pass_context
def gate(ctx: click.Context, /, inputs: tuple[str, ...], target: str, name: str, as_json: bool, **flags: Any) -> None:
    """FILE…（- は標準入力）を登録先に置いてよいか答えます。終了コード：0 通過、1 拒否、3 保留、2 呼び出しの誤り。

    Answers pass (0), refuse (1) or hold (3) for FILE… (- is standard input); 2 when the call is wrong.
    """
    settings = settings_from(flags).settings
    policy = need_policy(settings)
    settings = with_policy(settings, policy)
    place = policy.place_named(target)
    if place is None:
        if "/" not in target and "\\" not in target:
            raise Refused(f"{target}: 方針にその場所はありません。", f"{target}: the policy has no such location.")
        place = policy.place(target.rstrip("/\\") + "/_")
    answers = []
    for given in inputs:
        for outcome in outcomes(_source(given, name, settings), settings, matches=False, blocks=False):
            answer = decide(outcome, policy, place, target, settings.lang)
            if settings.profile == "fast":
                answer = replace(answer, sentence=f"{answer.sentence}{words.simplified(settings.lang)}")
            answers.append(answer)
            click.echo(_line(answer, policy.version) if as_json else answer.sentence)
    ctx.exit(worst(answers))


def _source(given: str, name: str, settings: Any) -> Source:
    if given != "-":
        return files([given], settings)
    from scanner.sources.memory import MemorySource

    return MemorySource(name, sys.stdin.buffer.read())


def worst(answers: list[Answer]) -> int:
    """The exit status of several answers; nothing examined is held."""
    found = {answer.decision for answer in answers}
    return REFUSE if "refuse" in found else HOLD if "hold" in found or not answers else PASS


def decide(outcome: Outcome, policy: Any, place: Any, target: str, lang: str) -> Answer:
    """The answer for one outcome in a place."""
    receipt = f"G-{secrets.token_hex(5).upper()}"
    verdict = policy.judge(outcome, place)
    details = verdict.extra.get("details", ())
    lost = tuple(dict.fromkeys(p.code.value for inner in family(outcome) for p in inner.problems if p.loses))
    if verdict.decision is Decision.ACTION:
        names = [d.because for d in details if d.decision == "action"]
        codes = tuple(dict.fromkeys(d.violation for d in details if d.decision == "action"))
        what = _classes(outcome, details, policy, lang, "action") or "".join(names[:1])
        return Answer("refuse", codes, _refusal(target, what, receipt, policy.file.contact, lang), receipt)
    whole = outcome.status is Status.READ and not lost
    if whole and verdict.decision in (Decision.APPROVED, Decision.NONE_FOUND):
        return Answer("pass", (), _passing(receipt, policy.version, lang), receipt)
    codes = tuple(dict.fromkeys(d.violation for d in details if d.decision == "review")) or lost or (verdict.decision.value,)
    return Answer("hold", codes, _holding(receipt, _doubt(outcome, details, policy, lang, codes), lang), receipt)


def _doubt(outcome: Outcome, details: Any, policy: Any, lang: str, codes: tuple[str, ...]) -> str:
    """Why it could not be decided, in one short phrase: what went unread, or what a person has to look at."""
    unread = {p.code: p.sentence(lang) for inner in family(outcome) for p in inner.problems if p.loses}
    what = _classes(outcome, details, policy, lang, "review")
    seen = [f"要確認：{what}" if lang == "ja" else f"to be reviewed: {what}"] if what else []
    return " ".join([*dict.fromkeys(unread.values()), *seen]) or ", ".join(codes)


def _classes(outcome: Outcome, details: Any, policy: Any, lang: str, decision: str) -> str:
    findings = [f for inner in family(outcome) for f in inner.facts.findings]
    names: dict[str, None] = {}
    for finding, detail in zip(findings, details, strict=False):
        if detail.decision == decision:
            for category in finding.categories:
                names[policy.taxonomy.category(category, lang)] = None
            if not finding.categories:
                names[policy.taxonomy.entity(finding.entity, lang)] = None
    return ("・" if lang == "ja" else ", ").join(names)


def _passing(receipt: str, version: str, lang: str) -> str:
    if lang == "ja":
        return (
            "通過：登録先の取扱基準に照らし、検査した範囲では登録を妨げる事項は検出されませんでした"
            f"（受付番号 {receipt}、方針 {version}）。"
        )
    return (
        f"pass: nothing that stands against storing it there was found in what was examined (receipt {receipt}, policy {version})."
    )


def _holding(receipt: str, why: str, lang: str) -> str:
    if lang == "ja":
        return (
            f"保留：自動では判定できなかったため、登録を保留しました（受付番号 {receipt}、理由：{why}）。"
            "ファイルはまだ登録されていません。担当者が確認し、結果をお知らせします。再送信の必要はありません。"
        )
    return (
        f"hold: it could not be decided automatically (receipt {receipt}, reason: {why})."
        " The file is not stored yet; a person will look."
    )


def _refusal(target: str, what: str, receipt: str, contact: str, lang: str) -> str:
    if lang == "ja":
        return (
            f"拒否：登録先「{target}」では取り扱えない情報（{what}）が含まれている可能性があるため、"
            f"登録しませんでした（受付番号 {receipt}）。適切な登録先をご確認ください。"
            f"判定に誤りがあると思われる場合は、受付番号を添えて{contact or '管理者'}へお問い合わせください。"
        )
    asked = contact or "the administrator"
    return (
        f"refuse: it may hold information ({what}) that '{target}' must not hold, so it was not stored (receipt {receipt})."
        f" Ask {asked} with the receipt if you think this is wrong."
    )


def _line(answer: Answer, version: str) -> str:
    return json.dumps(
        {
            "schema": 1,
            "decision": answer.decision,
            "reasons": list(answer.codes),
            "message": answer.sentence,
            "receipt": answer.receipt,
            "policy_version": version,
        },
        ensure_ascii=False,
    )
