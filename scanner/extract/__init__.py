"""The formats that can be read: one row each, the only list of formats."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A row of FORMATS. ``module``: its reader, a module of this package with ``extract``; "" when it is only recognised.

    ``reads``, ``lacks``: what its reader sees and does not, for the table in the docs. ``place``: where a finding points.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    module: str = ""
    extra: str = ""
    library: str = ""
    reads: str = ""
    lacks: str = ""
    place: str = ""


FORMATS: tuple[Format, ...] = (
    Format("text", "テキスト", (".txt", ".log", ".sql"), "plain", library="-", reads="全文", place="行・桁"),
    Format("csv", "CSV", (".csv",), "tabular", library="csv", reads="全セル", place="行・列"),
    Format("tsv", "TSV", (".tsv",), "tabular", library="csv", reads="全セル", place="行・列"),
    Format("json", "JSON", (".json",), "structured", library="json", reads="全キーと値", place="キー"),
    Format("markdown", "Markdown", (".md",), "markup", library="-", reads="全文", place="行"),
    Format("html", "HTML", (".html", ".htm"), "markup", library="lxml", reads="本文・表・属性", place="行"),
    Format("eml", "メール", (".eml",), "mail", library="email", reads="ヘッダー・全パート・添付", place="パート"),
    Format("docx", "Word", (".docx",), "docx", library="python-docx, lxml", reads="本文・表・ヘッダー等", place="段落・表のセル"),
    Format("xlsx", "Excel", (".xlsx", ".xlsm"), "xlsx", library="lxml", reads="全シート・コメント等", place="シート・セル"),
    Format("pptx", "PowerPoint", (".pptx",), "pptx", library="python-pptx, lxml", reads="スライド・ノート・表", place="スライド"),
    Format("pdf", "PDF", (".pdf",), "pdf", library="pypdfium2, pdfplumber", reads="文字情報", lacks="画像", place="ページ・行"),
)
