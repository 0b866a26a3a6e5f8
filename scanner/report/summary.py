"""The summary a person reads in the terminal: coverage before findings, since silence must not look like cleanliness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scanner.problems import CATALOGUE, Code
from scanner.report import About, words
from scanner.report.tally import Tally

_ORDER = ("read", "partial", "unreadable", "excluded", "unchanged")


def lines(tally: Tally, about: About, paths: Sequence[Path], status: int) -> Iterator[str]:
    """The summary, line by line."""
    ja = about.lang == "ja"
    label = words.profile(about.profile, about.lang)
    yield ""
    yield f"{'検査結果' if ja else 'Result'}  {label}  {about.run_id}"
    yield from _coverage(tally, ja)
    yield ""
    yield from _verdicts(tally, about, ja)
    yield from _top(tally, about, ja)
    yield from _unexamined(tally, about.lang)
    if tally.documents and not tally.holding:
        yield ""
        yield (
            "検査した範囲では、個人情報に該当しうる記載は検出されませんでした。個人情報が存在しないことを保証するものではありません"
            f"（検査条件：{label}、未検査：{tally.unexamined}件）。"
            if ja
            else "In what was examined, nothing that may be personal information was found. This is no guarantee that there is none"
            f" (profile: {label}, unexamined: {tally.unexamined})."
        )
    yield ""
    for path in paths:
        yield f"{'報告書' if ja else 'Report'}: {words.on_one_line(str(path))}"
    yield f"{'終了コード' if ja else 'Exit status'}: {status}"


def _coverage(tally: Tally, ja: bool) -> Iterator[str]:
    counts = [(words.STATUSES[s] if ja else s, tally.statuses[s]) for s in _ORDER]
    total = "走査" if ja else "walked"
    yield f"{total} {tally.documents:,} = " + " + ".join(f"{name} {count:,}" for name, count in counts)


def _verdicts(tally: Tally, about: About, ja: bool) -> Iterator[str]:
    if not about.judged:
        yield (
            "方針（--policy）の指定がないため、保管場所の判定はしていません（未判定）。"
            if ja
            else "No policy (--policy) was given, so no place was judged (not_judged)."
        )
        graded = "  ".join(f"S{n} {tally.severities[f'S{n}']:,}" for n in range(5, 0, -1))
        yield f"{'重要度の目安' if ja else 'Severity'}: {graded}"
    else:
        names = ("action", "review", "undetermined", "approved", "none_found", "not_judged")
        yield "  ".join(f"{words.VERDICTS[n] if ja else n} {tally.verdicts[n]:,}" for n in names)
    special = "要配慮個人情報に該当しうる記載のある文書" if ja else "Documents that may hold special-care information"
    yield f"{special}: {tally.special_care:,}"


def _top(tally: Tally, about: About, ja: bool) -> Iterator[str]:
    if not tally.top:
        return
    yield ""
    yield "主な文書：" if ja else "Foremost documents:"
    for (_, severity, _), _, uri, decision, persons in sorted(tally.top, reverse=True):
        path = words.masked_path(uri, "") if about.mask_paths else uri
        count = f"推定本人数 {persons} 名" if ja else f"persons {persons.replace('～', '-')}"
        yield f"  [{severity}] {words.VERDICTS[decision] if ja else decision}  {words.on_one_line(path)}  ({count})"


def _unexamined(tally: Tally, lang: str) -> Iterator[str]:
    if not tally.codes:
        return
    yield ""
    yield "検査できなかった内容（文書数）：" if lang == "ja" else "Not examined (documents):"
    for code, count in sorted(tally.codes.items(), key=lambda item: (-item[1], item[0])):
        entry = CATALOGUE[Code(code)]
        ja, en = (entry.ja, entry.remedy_ja), (entry.en, entry.remedy_en)
        sentence, remedy = ja if lang == "ja" else en
        size, known = tally.code_bytes[code], tally.code_accepted[code]
        if lang == "ja":
            yield f"  {count:,}  {code}（{size:,}バイト{f'、承知済み{known:,}' if known else ''}）: {sentence} {remedy}"
        else:
            yield f"  {count:,}  {code} ({size:,} bytes{f', accepted {known:,}' if known else ''}): {sentence} {remedy}"
    if tally.expired:
        yield f"  {'うち承知の期限が切れたもの' if lang == 'ja' else 'Of these, acceptance has expired for'}: {tally.expired:,}"
