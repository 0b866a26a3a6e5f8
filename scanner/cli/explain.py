"""``tanaoroshi explain FILE``: why a document is judged as it is, and what would change it; prints no values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scanner.cli.look import files, outcomes, prepared
from scanner.cli.options import options, policy_of, settings_from
from scanner.model import Classified, Evidence, Outcome, Passage, Verdict, family
from scanner.report import words
from scanner.report.reasons import say
from scanner.taxonomy import Taxonomy

# What would raise or lower each level of evidence; taxonomy 3.2.
_CHANGE: dict[Evidence, tuple[str, str]] = {
    Evidence.MENTION: ("特定の人についての記述があれば変わります", "a statement about a certain person would change it"),
    Evidence.LABEL_ONLY: ("項目に値が記入されれば変わります", "a value in the field would change it"),
    Evidence.NEGATED: ("「なし」でない記載があれば変わります", "an entry other than a denial would change it"),
    Evidence.INFERENCE: ("推測でなく事実の記載があれば変わります", "a stated fact instead of a hint would change it"),
    Evidence.ASSERTED_UNLINKED: (
        "同じ記録に氏名や組合員番号などがあれば要配慮個人情報に該当しうる扱いになります",
        "a name or member number in the same record would make it special-care information",
    ),
    Evidence.LINKED_INDIRECT: ("内部番号が削除されれば本人未特定になります", "without the internal number it would be unlinked"),
    Evidence.LINKED_DIRECT: (
        "氏名等と記述が別の記録であれば変わります",
        "it would change if name and statement were in separate records",
    ),
}
_ONLY = {  # a reason → what would lift the statement out of it
    "negation": ("「なし」でない記載であれば変わります", "an entry other than a denial would change it"),
    "general statement": (
        "一般論でなく特定の人についての記述であれば変わります",
        "a statement about a certain person would change it",
    ),
    "general text": (
        "案内・規程等でない文書であれば変わります",
        "a document that is no notice, policy or brochure would change it",
    ),
    "specimen": ("記入例・見本でなければ変わります", "it would change if the document were no specimen"),
    "source code": ("プログラムでない文書であれば変わります", "it would change if the document were no program"),
    "a statute": ("条文でなく特定の人についての記述であれば変わります", "a statement about a certain person would change it"),
    "a case supposed": ("仮定でなく事実の記載であれば変わります", "a stated fact in place of a supposed case would change it"),
    "an offer or a rule": ("案内・規則でなく特定の人の事実であれば変わります", "a fact about a certain person would change it"),
    "not to be asked": (
        "尋ねないとの記述でなく答えの記載であれば変わります",
        "an answer in place of what is not asked would change it",
    ),
    "an animal's": ("人についての記述であれば変わります", "it would change if it were about a person"),
    "a machine's, a firm's or a part in a play": (
        "人についての記述であれば変わります",
        "it would change if it were about a person",
    ),
    "a check-up attended": ("健診の結果の記載があれば変わります", "a result of the check-up would change it"),
    "weak word alone": (
        "傷病名・日付・医療機関など裏付けとなる語が同じ文か項目名にあれば変わります",
        "a diagnosis, a date or a hospital in the same sentence, or a label, would change it",
    ),
    "question": ("質問でなく答え・事実の記載であれば変わります", "a stated fact in place of a question would change it"),
    "question of a form": ("「はい」等の答えがあれば変わります", "an answer of yes would change it"),
    "unchecked box": ("欄に印があれば変わります", "a mark in the box would change it"),
    "unmarked choice": ("選択肢の一方が選ばれていれば変わります", "a choice that is made would change it"),
    "title": ("様式名でなく本人の記載であれば変わります", "an entry in place of the form's title would change it"),
    "not of a person here": (
        "法人・報道でなく文書中の人の事実であれば変わります",
        "it would change if it were about a person in the document",
    ),
}
_DATES = (
    "根拠: 患者の氏名がある様式に入院・受診等の日付や診療科の項目があり、同じ文書に病歴がある",
    "because: a form that names its patient holds dates of treatment, and the document tells of an illness",
)
_SHOWN = 3  # passages of a category and a level of evidence


@click.command(short_help="一つの文書の判定理由を示す / Say why a document is judged as it is")
@click.argument("file", metavar="FILE")
@options("policy", "profile", "ocr", "password_file", "lang", "config")
@click.pass_context
def explain(ctx: click.Context, /, file: str, **flags: Any) -> None:
    """FILE を読み直し、分類ごとの根拠・理由・本人数と、何があれば判定が変わるかを示します。値は表示しません。

    Reads FILE again and says why: evidence, reasons and persons for each category, and what would change it. Prints no values.
    """
    from scanner.settings import load_taxonomy

    settings = settings_from(flags, [file]).settings
    policy, taxonomy = policy_of(settings), load_taxonomy()
    incomplete = False
    for outcome in outcomes(files([file], settings), prepared(settings, policy), blocks=False):
        incomplete = incomplete or any(p.loses for inner in family(outcome) for p in inner.problems)
        for line in lines(outcome, policy.judge(outcome), taxonomy, settings.lang):
            click.echo(words.printable(line))
    ctx.exit(3 if incomplete else 0)


def lines(outcome: Outcome, verdict: Verdict, taxonomy: Taxonomy, lang: str) -> Iterator[str]:
    """The explanation, line by line."""
    ja = lang == "ja"
    yield outcome.document.uri
    state = words.word(words.STATUSES, outcome.status.value, lang)
    decision = words.word(words.VERDICTS, verdict.decision.value, lang)
    grade = f"{verdict.severity} {words.SEVERITIES[verdict.severity]}" if ja else verdict.severity
    names = ("検査", "判定", "重要度") if ja else ("status", "verdict", "severity")
    mark = words.simplified(lang) if outcome.profile == "fast" else ""
    yield f"{names[0]}: {state}{mark}  {names[1]}: {decision}  {names[2]}: {grade}"
    if verdict.clause:
        yield f"{'適用条項' if ja else 'clause'}: {verdict.clause}"
    for reason in verdict.because:
        yield f"  {reason}"
    for inner in family(outcome):
        yield from _one(inner, taxonomy, lang)


def _one(outcome: Outcome, taxonomy: Taxonomy, lang: str) -> Iterator[str]:
    ja = lang == "ja"
    if outcome.document.inside:
        yield f"[{'!'.join(outcome.document.inside)}]"
    for problem in outcome.problems:
        yield f"  {problem.code.value}: {problem.sentence(lang)} {problem.remedy(lang)}"
    facts = outcome.facts
    nature = words.word(words.NATURES, facts.nature.value, lang)
    names = ("推定本人数", "専門職") if ja else ("persons", "professionals")
    yield f"  {names[0]}: {facts.persons_lower}～{facts.persons_upper}  {names[1]}: {facts.professionals}  {nature}"
    for reason in facts.because:
        yield f"  {say(reason, lang)}"
    for name, evidence in sorted(facts.categories.items(), key=lambda item: -Evidence(item[1]).rank):
        level = Evidence(evidence)
        given = ("該当しうる" if ja else "given") if level.linked else ("該当としない" if ja else "not given")
        sure = words.word(words.CERTAINTY, facts.certainty.get(name, ""), lang) if level.linked else ""
        mark = "■" if level.linked else "□"
        yield f"  {mark} {taxonomy.category(name, lang)}: {given} — {words.word(words.EVIDENCE, evidence, lang)} {sure}".rstrip()
        said = [p for p in facts.passages if p.category == name]
        yield from _passages([p for p in said if p.evidence == evidence], taxonomy, lang)
        others = [p for p in said if p.evidence != evidence]
        if others:
            yield "      " + ("ほかの記述:" if ja else "other passages:")
            yield from _passages(others, taxonomy, lang)
        entries = [e for e in facts.matches if name in e.categories]
        if not said and not entries and level.linked:
            yield "      " + _DATES[0 if ja else 1]
        elif not said:
            yield from _reasons(entries, lang)
        yield f"      → {_change(level, said, ja)}"
    plain = [e for e in facts.matches if not e.categories]
    counts: dict[str, list[Classified]] = {}
    for entry in plain:
        counts.setdefault(entry.match.entity, []).append(entry)
    for entity, entries in sorted(counts.items()):
        yield f"  □ {taxonomy.entity(entity, lang)}: {len(entries)}"
        yield from _reasons(entries, lang)


def _change(level: Evidence, said: list[Passage], ja: bool) -> str:
    """What would change the verdict: by the reason of the best passage, else by its level."""
    best = said[0].because if said else ()
    for reason in best:
        if reason in _ONLY and not level.linked:
            return _ONLY[reason][0 if ja else 1]
    return _CHANGE[level][0 if ja else 1]


def _passages(said: list[Passage], taxonomy: Taxonomy, lang: str) -> Iterator[str]:
    """Place, masked word, polarity, whose it is, how the person was found, and the rule."""
    ja = lang == "ja"
    for p in said[:_SHOWN]:
        shown = f"「{p.masked}」" if ja else f"'{p.masked}'"
        role = words.word(words.ROLES | {"unknown": "不明"}, p.role, lang)
        why = " / ".join(say(reason, lang) for reason in p.because)
        level = words.word(words.EVIDENCE, p.evidence, lang)
        many = f" ×{p.hits}" if p.hits > 1 else ""
        names = ("対象者", "根拠", "規則") if ja else ("whose", "because", "rule")
        entity = taxonomy.entity(p.entity, lang)
        yield f"      {p.place} {entity} {shown}{many}: {level}; {names[0]}: {role}; {names[1]}: {why}; {names[2]}: {p.rule}"
    if len(said) > _SHOWN:
        yield "      " + (f"ほか {len(said) - _SHOWN} 件" if ja else f"and {len(said) - _SHOWN} more")


def _reasons(entries: list[Classified], lang: str) -> Iterator[str]:
    """The reasons of matches, each once, the commonest first."""
    counted: dict[str, int] = {}
    for entry in entries:
        sure = words.confidence(entry.confidence, lang)
        text = f"{entry.match.rule} [{sure}] {' / '.join(say(reason, lang) for reason in entry.because)}".rstrip()
        counted[text] = counted.get(text, 0) + 1
    for text, count in sorted(counted.items(), key=lambda item: -item[1])[:5]:
        yield f"      {text}" + (f" ×{count}" if count > 1 else "")
