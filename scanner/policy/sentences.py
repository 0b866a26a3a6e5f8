"""The fixed sentences of verdicts, in Japanese and English; the program asks and never concludes."""

from __future__ import annotations

KEEP_JA = (
    "正本の所在、業務上の必要性および保存義務をご確認のうえ、{due}対応方針をご回答ください。"
    "確認が済むまで移動・消去は行わないでください（閲覧制限の設定は差し支えありません）。"
)
KEEP_EN = (
    "Confirm where the original is, whether it is needed and the duty to keep it, and answer with a plan{due}. Do not move or"
    " delete it before that (restricting access is fine)."
)

# violation type → (Japanese, English); {what} class, {lower} {upper} persons, {place} location, {due} deadline or nothing.
SENTENCES: dict[str, tuple[str, str]] = {
    "WRONG_LOCATION": (
        "{what}に該当しうる記載が、承認された保管場所以外で検出されました（推定本人数 {lower}～{upper} 名）。" + KEEP_JA,
        "What may be {what} was found outside the approved places (estimated persons {lower} to {upper}). " + KEEP_EN,
    ),
    "WRONG_PURPOSE": (
        "{what}に該当しうる記載を取り扱う目的（{purposes}）と、この場所の目的（{here}）が一致しません（生協法施行規則177条・個人情報保護法18条の観点）。"
        + KEEP_JA,
        "The purposes allowed for what may be {what} ({purposes}) do not match those of this place ({here}). " + KEEP_EN,
    ),
    "MYNUMBER_OUT_OF_SCOPE": (
        "個人番号に該当しうる番号が、個人番号関係事務の保管場所以外で検出されました（番号は本報告に記載していません）。"
        "閲覧・複製・転送を控え、個人情報保護管理者の指示を受けてください。",
        "What may be a My Number was found outside the places for My Number work (the number is not in this report). Do not view,"
        " copy or forward it, and ask the privacy officer for instructions.",
    ),
    "UNMASKED_NUMBER": (
        "{what}に該当しうる番号が、マスキングされないまま記載されています。" + KEEP_JA,
        "What may be a {what} is written without masking. " + KEEP_EN,
    ),
    "UNLINKED": (
        "健康状態等に関する記載がありますが、特定の本人に関するものか判断できませんでした（{what}）。"
        "所管部署でのご確認をお願いします。",
        "It speaks of a sensitive condition ({what}), but whether it concerns a certain person could not be determined. Please"
        " have the department in charge confirm.",
    ),
    "UNVERIFIABLE": (
        "内容の全部または一部を確認できませんでした（判定不能）。{why}",
        "All or part of the content could not be examined (undetermined). {why}",
    ),
}

APPROVED = ("承認された保管場所の範囲内です（{place}）。", "Within what the place is approved for ({place}).")
ACCEPTED = ("受容済み：{reason}（承認 {approver}、{until} まで）。", "Accepted: {reason} (by {approver}, until {until}).")
NOTHING = (
    "検査した範囲では、個人情報に該当しうる記載は検出されませんでした。"
    "個人情報が存在しないことを保証するものではありません（検査条件：{profile}、未検査：0件）。",
    "In what was examined, nothing that may be personal information was found. This is no guarantee that there is none"
    " (profile: {profile}, unexamined: 0).",
)
PROFILES = {"fast": "簡易検査", "standard": "標準検査", "thorough": "精密検査"}
SHOWN = (
    "判定を要する記載は検出されませんでした（参考表示のみ）。",
    "Nothing that needs a decision was found (shown for information only).",
)
NO_PLACE = ("記載のない場所", "a place the policy does not list")


def sentence(pair: tuple[str, str], lang: str, **words: object) -> str:
    """A sentence in the language asked for, its gaps filled."""
    return pair[0 if lang == "ja" else 1].format(**words)


def due(deadline: str, lang: str) -> str:
    """The deadline's piece of a sentence; nothing where the policy sets none."""
    if not deadline:
        return ""
    return f"{deadline}までに" if lang == "ja" else f" within {deadline}"
