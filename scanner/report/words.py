"""What ids are called in Japanese reports, and how values are made safe to print."""

from __future__ import annotations

from pathlib import PurePath

VERDICTS = {
    "none_found": "検出なし",
    "approved": "承認範囲内",
    "review": "要確認",
    "action": "要対応",
    "undetermined": "判定不能",
    "not_judged": "未判定",
}
STATUSES = {"read": "検査済", "partial": "一部", "unreadable": "未検査", "excluded": "対象外", "unchanged": "変更なし"}
EVIDENCE = {
    "mention": "一般的言及",
    "label_only": "項目名のみ",
    "negated": "否定記載",
    "inference": "推知情報",
    "asserted_unlinked": "本人未特定の記述",
    "linked_indirect": "間接識別",
    "linked_direct": "直接識別",
}
EVIDENCE_RANK = tuple(EVIDENCE)
CERTAINTY = {"clear": "明確", "likely": "おおむね明確", "review": "要確認"}
ROLES = {"subject": "本人", "family": "家族", "staff": "職員", "professional": "専門職", "sender": "差出人", "other": "その他の人"}
NATURES = {"database_like": "データベース相当", "extract_like": "抽出物相当", "scattered": "散在情報", "none": ""}
DELTAS = {"new": "新規", "known": "継続"}
SEVERITIES = {"S0": "対象外", "S1": "情報", "S2": "注意", "S3": "要是正", "S4": "重大", "S5": "緊急"}
VIOLATIONS = {
    "WRONG_LOCATION": "承認外の場所",
    "WRONG_PURPOSE": "目的の不一致",
    "MYNUMBER_OUT_OF_SCOPE": "個人番号の保管場所外",
    "UNMASKED_NUMBER": "番号のマスキングなし",
    "UNLINKED": "本人未特定の記述",
    "UNVERIFIABLE": "確認不能",
}
PROFILES = {"fast": "簡易検査", "standard": "標準検査", "thorough": "精密検査"}
PROFILES_EN = {"fast": "fast (simplified check, 簡易検査)", "standard": "standard", "thorough": "thorough"}


def word(table: dict[str, str], key: str, lang: str) -> str:
    """The Japanese word of an id, the id itself in English."""
    return table.get(key, key) if lang == "ja" else key


def profile(name: str, lang: str) -> str:
    """How a profile is labelled; ``fast`` says 簡易検査 in either language."""
    return (PROFILES if lang == "ja" else PROFILES_EN).get(name, name)


def confidence(value: float, lang: str) -> str:
    """高, 中 or 低: a decimal would read as a legal probability."""
    step = 0 if value >= 0.85 else 1 if value >= 0.5 else 2
    return ("高", "中", "低")[step] if lang == "ja" else ("high", "medium", "low")[step]


def printable(text: str) -> str:
    """Text that any UTF-8 file takes: lone surrogates of odd file names become escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def on_one_line(text: str) -> str:
    """For terminals: control characters of file names cannot move the cursor or forge a line."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in printable(text))


def masked_path(path: str, root: str) -> str:
    """A path whose names below the root are cut to their first character; the extension stays."""
    if not root or not path.startswith(root):
        head, rest = "", path
    else:
        head, rest = root, path[len(root) :]
    parts = [f"{p[:1]}●{PurePath(p).suffix}" if p else p for p in rest.replace("\\", "/").split("/")]
    return head + "/".join(parts)


def masked_place(place: str) -> str:
    """A place whose sheet is cut to its first character: 佐●!B3; other places name nobody."""
    sheet, mark, cell = place.rpartition("!")
    return f"{sheet[:1]}●!{cell}" if mark else place


def simplified(lang: str) -> str:
    """The mark of what the profile ``fast`` found or did not find."""
    return "（簡易検査）" if lang == "ja" else " (simplified check, 簡易検査)"
