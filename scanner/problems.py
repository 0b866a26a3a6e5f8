"""The catalogue of everything that can go wrong with a document: one code, one sentence, one remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Stage(StrEnum):
    """Where in a document's path a problem was met."""

    WALK = "walk"
    OPEN = "open"
    SNIFF = "sniff"
    EXTRACT = "extract"
    DETECT = "detect"
    CLASSIFY = "classify"
    ENGINE = "engine"


class Code(StrEnum):
    """Stable id of a problem; reports and exit codes rest on it."""

    PERMISSION = "permission"
    VANISHED = "vanished"
    NOT_A_FILE = "not-a-file"
    IO_ERROR = "io-error"
    CHANGED = "changed"
    EXCLUDED = "excluded"
    LINK = "link"
    ONLINE_ONLY = "online-only"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"
    BINARY = "binary"
    MISSING_EXTRA = "missing-extra"
    NO_TEXT = "no-text"
    IMAGE_ONLY = "image-only"
    RECOGNISED = "recognised"
    ENCODING_DOUBT = "encoding-doubt"
    MISMATCH = "type-mismatch"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    TOO_MANY = "too-many"
    BOMB = "bomb"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    MEMBER_UNREAD = "member-unread"
    RULE_TIMEOUT = "rule-timeout"
    DETECTOR_FAILED = "detector-failed"
    INTERNAL = "internal"


class Entry(NamedTuple):
    """One row of the catalogue. ``loses`` says whether text of the document went unread."""

    loses: bool
    lasting: bool
    ja: str
    en: str
    remedy_ja: str
    remedy_en: str


_E = Entry

# loses: text was lost, so the document is not READ.  lasting: trying again without a change is pointless.
CATALOGUE: dict[Code, Entry] = {
    Code.PERMISSION: _E(
        True,
        False,
        "読み取り権限がありません。",
        "No permission to read it.",
        "検査用アカウントに読み取り権限を付けて再実行してください。",
        "Give the scanning account read access and run again.",
    ),
    Code.VANISHED: _E(
        True,
        False,
        "検査中に見つからなくなりました。",
        "It disappeared during the scan.",
        "移動または削除された可能性があります。再実行してください。",
        "It may have been moved or deleted; run again.",
    ),
    Code.NOT_A_FILE: _E(
        True,
        True,
        "通常のファイルではありません（デバイス、パイプ等）。",
        "Not a regular file (device, pipe, socket).",
        "対応は不要です。一覧で確認してください。",
        "Nothing to do; it is listed for the record.",
    ),
    Code.IO_ERROR: _E(
        True,
        False,
        "読み取り中に入出力エラーが起きました。",
        "An input/output error occurred while reading.",
        "媒体・ネットワークを確認して再実行してください。",
        "Check the medium or network and run again.",
    ),
    Code.CHANGED: _E(
        True,
        False,
        "読み取り中に内容が変わりました。",
        "The content changed while it was read.",
        "更新が落ち着いてから再実行してください。",
        "Run again when it is no longer being written.",
    ),
    Code.EXCLUDED: _E(
        False,
        True,
        "設定により検査対象から除外しました。",
        "Excluded by configuration.",
        "除外設定を見直してください。",
        "Review the exclusion if it should be scanned.",
    ),
    Code.LINK: _E(
        False,
        True,
        "リンクのため、たどりません。",
        "A link; it is not followed.",
        "リンク先を検査対象に加えてください。",
        "Add the link's target to the roots.",
    ),
    Code.ONLINE_ONLY: _E(
        True,
        True,
        "オンライン専用（未取得）のファイルです。",
        "An online-only placeholder.",
        "取得してから検査するか、--recall を指定してください。",
        "Fetch it first, or scan with --recall.",
    ),
    Code.EMPTY: _E(False, True, "内容が空です（0バイト）。", "The file is empty (0 bytes).", "対応は不要です。", "Nothing to do."),
    Code.ENCRYPTED: _E(
        True,
        True,
        "パスワードで保護されているため、内容を検査していません。",
        "Protected by a password; its content was not examined.",
        "所管部署で内容をご確認いただくか、権限者の承認を得たうえで再検査してください。",
        "Have its owner confirm the content, or scan again with approval and the password.",
    ),
    Code.CORRUPT: _E(
        True,
        True,
        "ファイルが壊れているか、途中で切れています。",
        "The file is damaged or truncated.",
        "正本から復元するか、作成元のソフトで開けるか確認してください。",
        "Restore it from the original, or check that its own program opens it.",
    ),
    Code.UNSUPPORTED: _E(
        True,
        True,
        "この形式にはまだ対応していません。",
        "This format is not supported yet.",
        "対応形式（docx・xlsx・pdf・csv等）に変換して再検査してください。",
        "Convert it to a supported format (docx, xlsx, pdf, csv …) and scan again.",
    ),
    Code.BINARY: _E(
        True,
        True,
        "文字情報のないバイナリのため、内容を検査していません。",
        "Binary data without text; its content was not examined.",
        "内容を知る担当者が確認してください。",
        "Have somebody who knows the file confirm what it is.",
    ),
    Code.MISSING_EXTRA: _E(
        True,
        True,
        "この形式を読む追加部品が入っていません。",
        "The optional component for this format is not installed.",
        "追加部品を導入して再実行してください。",
        "Install the extra named in the detail and run again.",
    ),
    Code.NO_TEXT: _E(
        False, True, "文字が一つも含まれていません。", "It holds no text at all.", "対応は不要です。", "Nothing to do."
    ),
    Code.IMAGE_ONLY: _E(
        True,
        True,
        "文字情報のない画像のため、内容を検査していません（OCR未使用）。",
        "An image without text; not examined (no OCR).",
        "OCR（tanaoroshi[ocr]）を導入・有効にするか、目視で確認してください。",
        "Install and enable OCR (tanaoroshi[ocr]), or look at it by eye.",
    ),
    Code.RECOGNISED: _E(
        False,
        True,
        "画像の文字をOCRで読み取りました。誤読や読み落としがありえます。",
        "Text on pictures was recognised (OCR); some may be misread or missed.",
        "重要な判断の前に原本を目視で確認してください。",
        "Look at the original before an important decision.",
    ),
    Code.ENCODING_DOUBT: _E(
        False,
        True,
        "文字コードの判定に確信が持てません。",
        "The character encoding is in doubt.",
        "文字化けがないか確認してください。",
        "Check the text for garbled characters.",
    ),
    Code.MISMATCH: _E(
        False,
        True,
        "拡張子と内容の形式が一致しません。",
        "The extension does not match the content.",
        "拡張子を確認してください。内容の形式で検査しました。",
        "Check the name; it was read by its content.",
    ),
    Code.TOO_LARGE: _E(
        True,
        True,
        "大きさの上限に達したため、途中までを検査しました。",
        "A size limit was reached; only a part was examined.",
        "上限（limits）を上げて再検査してください。",
        "Raise the limit and scan again.",
    ),
    Code.TOO_DEEP: _E(
        True,
        True,
        "入れ子の深さの上限に達しました。",
        "The nesting limit was reached.",
        "中身を取り出して再検査してください。",
        "Unpack it and scan again.",
    ),
    Code.TOO_MANY: _E(
        True,
        True,
        "要素数の上限に達したため、途中までを検査しました。",
        "A limit on the number of parts was reached; only some were examined.",
        "上限（limits）を上げて再検査してください。",
        "Raise the limit and scan again.",
    ),
    Code.BOMB: _E(
        True,
        True,
        "圧縮率が異常に高いため、展開を中止しました。",
        "Its compression ratio is abnormal; unpacking was stopped.",
        "安全なファイルか確認してください。",
        "Confirm that the file is safe.",
    ),
    Code.TIMEOUT: _E(
        True,
        False,
        "制限時間内に読み終わりませんでした。",
        "It could not be read within the time limit.",
        "制限時間を延ばして再検査してください。",
        "Raise the time limit and scan again.",
    ),
    Code.MEMORY: _E(
        True,
        False,
        "メモリの上限に達したため、読み取りを中止しました。",
        "The memory limit was reached.",
        "上限を上げるか、ファイルを分割して再検査してください。",
        "Raise the limit, or split the file, and scan again.",
    ),
    Code.CRASHED: _E(
        True,
        False,
        "読み取り処理が異常終了しました（隔離済み）。",
        "Its reader crashed (quarantined).",
        "ファイルが壊れていないか確認してください。",
        "Check whether the file is damaged.",
    ),
    Code.MEMBER_UNREAD: _E(
        True,
        True,
        "含まれるファイルの一部を検査できませんでした。",
        "Something inside it could not be examined.",
        "内訳を確認してください。",
        "See the member's own reason.",
    ),
    Code.RULE_TIMEOUT: _E(
        True,
        True,
        "検出規則が制限時間を超えました。",
        "A rule exceeded its time limit.",
        "規則を見直してください。",
        "Review the rule named in the detail.",
    ),
    Code.DETECTOR_FAILED: _E(
        True,
        False,
        "検出処理の一部が失敗しました。",
        "A detector failed on a part of it.",
        "この文書は未検査の部分があります。再検査してください。",
        "A part went unexamined; scan again.",
    ),
    Code.INTERNAL: _E(
        True,
        False,
        "内部エラーのため検査できませんでした。",
        "An internal error prevented the examination.",
        "詳細の型名を添えて開発者に連絡してください。",
        "Report the type named in the detail to the developers.",
    ),
}


# What a document may cost was spent: the rest of it is unread, whatever it is.
LIMITS = frozenset((Code.TOO_LARGE, Code.TOO_DEEP, Code.TOO_MANY, Code.BOMB, Code.TIMEOUT, Code.MEMORY))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong: never holds a value from the document.

    ``detail`` is a type name, a limit or an install line; ``where`` a place such as ``p.7``.
    """

    stage: Stage
    code: Code
    detail: str = ""
    where: str = ""

    @property
    def loses(self) -> bool:
        """Whether text of the document went unread because of it."""
        return CATALOGUE[self.code].loses

    def sentence(self, lang: str = "ja") -> str:
        """What happened, in Japanese or English."""
        entry = CATALOGUE[self.code]
        return entry.ja if lang == "ja" else entry.en

    def remedy(self, lang: str = "ja") -> str:
        """What to do about it, in Japanese or English."""
        entry = CATALOGUE[self.code]
        remedy = entry.remedy_ja if lang == "ja" else entry.remedy_en
        return f"{remedy}（{self.detail}）" if self.code is Code.MISSING_EXTRA and self.detail else remedy


class Unreadable(Exception):
    """Raised by a reader that gives a document up; carries the problem, never the document's text."""

    def __init__(self, code: Code, detail: str = "", *, stage: Stage = Stage.EXTRACT, where: str = "") -> None:
        super().__init__(code.value)
        self.problem = Problem(stage, code, detail, where)
