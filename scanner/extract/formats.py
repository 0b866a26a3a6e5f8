"""The formats that can be read or only recognised: one row each, the only list of formats."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.problems import Code, Problem, Stage, Unreadable


@dataclass(frozen=True, slots=True)
class Format:
    """A row of FORMATS. ``module``: its reader, a module of this package with ``extract``; "" when it is only recognised.

    ``reads``, ``lacks``: what its reader sees and does not, for the table in the docs. ``place``: where a finding points.
    ``refusal``: why a file without reader can't be read.
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
    refusal: Code = Code.UNSUPPORTED


_SEEN = "画像内の文字（追加部品 ocr があれば読む）"
_OFFICE = "本文・表・ヘッダーとフッター・テキストボックス・脚注・コメント・変更履歴・プロパティ・埋め込みファイル"
_BOOK = "全シート（非表示を含む）・書式どおりの値・コメント・図形・入力規則・ふりがな・プロパティ・埋め込みファイル"
_SLIDES = "スライド・表・グループ・ノート・コメント・SmartArt・グラフ・プロパティ・埋め込みファイル"
_ODT = "本文・表・ヘッダーとフッター・テキストボックス・脚注・コメント・変更履歴・ふりがな・プロパティ・埋め込み"
_ODS = "全シート（非表示を含む）・表示どおりの値・コメント・図形・入力規則・名前の定義・ヘッダー・プロパティ・埋め込み"
_ODP = "ページ・表・グループ・ノート・コメント・代替テキスト・グラフ・プロパティ"
_RTF = "本文・表・ヘッダーとフッター・テキストボックス・脚注・コメント・削除された文字・プロパティ・埋め込みファイル"
_ARCHIVE = "中の全ファイル（入れ子も）"
_RAR = "中の全ファイル（圧縮されたものはbsdtarがある場合）"
_PACKED = "中のファイル・tarの全ファイル"
_PPT = "スライド（非表示を含む）・表・グループ・ノート・コメント・代替テキスト・リンク・プロパティ・埋め込みファイル"
_JTD = "本文・罫線表・ふりがな・全シート・プロパティ・埋め込みファイル（ヘッダー・脚注・枠は判る範囲）"
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif", ".avif", ".jp2", ".ico")
_PROGRAMS = (".exe", ".dll", ".sys", ".so", ".dylib", ".class", ".pyc", ".o", ".lib", ".obj", ".msi", ".lnk")
_MEDIA = (".mp3", ".mp4", ".m4a", ".wav", ".avi", ".mov", ".wmv", ".wma", ".mkv", ".ogg", ".flac", ".aac", ".mpg", ".mpeg")
_TEXTS = (".txt", ".text", ".log", ".sql", ".ini", ".cfg", ".conf", ".yaml", ".yml", ".toml", ".py", ".js", ".java", ".c", ".h")
_JSONS = (".json", ".jsonl", ".ndjson", ".geojson")
_XMLS = (".xml", ".svg", ".xsl", ".xsd", ".rdf", ".plist", ".fodt", ".fods", ".fodp")
_ICHITARO = (".jtd", ".jtt", ".jttc", ".jtdc")
_SHOWS = (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm")

FORMATS: tuple[Format, ...] = (
    Format("text", "テキスト", _TEXTS, "plain", library="-", reads="全文", place="行・桁"),
    Format("csv", "CSV", (".csv",), "tabular", library="csv", reads="全セル", place="行・列"),
    Format("tsv", "TSV", (".tsv", ".tab"), "tabular", library="csv", reads="全セル", place="行・列"),
    Format("json", "JSON", _JSONS, "structured", library="json", reads="全キーと値", place="キー"),
    Format("markdown", "Markdown", (".md", ".markdown"), "markup", library="-", reads="全文", place="行"),
    Format("html", "HTML", (".html", ".htm", ".xhtml"), "markup", library="lxml", reads="本文・表・属性", place="行"),
    Format("eml", "メール", (".eml",), "mail", library="email", reads="ヘッダー・全パート・添付", place="パート"),
    Format("docx", "Word", (".docx", ".docm", ".dotx", ".dotm"), "docx", "", "lxml", _OFFICE, _SEEN, "段落・表のセル"),
    Format("xlsx", "Excel", (".xlsx", ".xlsm", ".xltx", ".xltm"), "xlsx", "", "lxml", _BOOK, _SEEN, "シート・セル"),
    Format("pptx", "PowerPoint", _SHOWS, "pptx", "", "lxml", _SLIDES, _SEEN, "スライド"),
    Format("pdf", "PDF", (".pdf",), "pdf", library="pypdfium2, pdfplumber", reads="文字情報", lacks=_SEEN, place="ページ・行"),
    Format("xml", "XML", _XMLS, "xml", library="lxml", reads="全要素・属性・コメント", place="キー"),
    Format("vcf", "名刺データ", (".vcf", ".vcard"), "cards", library="-", reads="全項目", place="項目"),
    Format("ics", "予定表", (".ics", ".ical", ".ifb"), "cards", library="-", reads="予定の全項目", place="項目"),
    Format("odt", "OpenDocument文書", (".odt", ".ott"), "odf", "", "lxml", _ODT, _SEEN, "段落・表のセル"),
    Format("ods", "OpenDocument表計算", (".ods", ".ots"), "odf", "", "lxml", _ODS, _SEEN, "シート・セル"),
    Format("odp", "OpenDocumentプレゼンテーション", (".odp", ".otp"), "odf", "", "lxml", _ODP, _SEEN, "スライド"),
    Format("odg", "OpenDocument図形描画", (".odg", ".otg"), "odf", "", "lxml", _ODP, _SEEN, "ページ"),
    Format("doc", "Word 6.0-2003", (".doc", ".dot"), "doc", "", "olefile", _RTF, _SEEN, "段落・表のセル"),
    Format("xls", "Excel 5.0-2003", (".xls", ".xlt"), "xls", "", "olefile", _BOOK, _SEEN, "シート・セル"),
    Format("xlsb", "Excelバイナリブック", (".xlsb",), "xlsb", "", "lxml", _BOOK, f"{_SEEN}・入力規則", "シート・セル"),
    Format("ppt", "PowerPoint 97-2003", (".ppt", ".pps", ".pot"), "ppt", "", "olefile", _PPT, _SEEN, "スライド"),
    Format("jtd", "一太郎", _ICHITARO, "jtd", "", "olefile", _JTD, "圧縮形式・図形", "段落・表のセル"),
    Format(
        "sqlite",
        "SQLite",
        (".sqlite", ".sqlite3", ".db"),
        "sqlitedb",
        "",
        "sqlite3",
        "全表・中の文書",
        "別ファイルのログ・画像",
        "表・行・列",
    ),
    Format("dbf", "dBASE・FoxPro", (".dbf",), "dbf", "", "-", "全レコード（削除済みも）", "メモ欄（別ファイル）・時刻", "行・列"),
    Format("rtf", "リッチテキスト", (".rtf",), "rtf", "", "-", _RTF, "画像内の文字", "段落・表のセル"),
    Format("msg", "Outlookメール", (".msg",), "msg", "", "olefile", "差出人・宛先・件名・本文・連絡先・添付", "", "パート"),
    Format("mbox", "メールボックス", (".mbox",), "mbox", "", "-", "各メール（ヘッダー・全パート・添付）", "", "メール・パート"),
    Format(
        "pst",
        "Outlookデータ",
        (".pst", ".ost"),
        "psts",
        "pst",
        "libpff",
        "各項目（メール・予定・連絡先）・添付",
        "",
        "フォルダー・項目",
    ),
    # recognised, not read by this version
    Format("odf", "OpenDocument（その他）", (".odf", ".odb")),
    Format("docuworks", "DocuWorks", (".xdw", ".xbd")),
    Format("oldjtd", "一太郎（7以前）", (".jsw", ".jaw", ".jbw", ".juw", ".jfw", ".jvw", ".jxw")),
    Format("hanako", "花子", (".jhd", ".jht", ".jhc")),
    Format("oasys", "OASYS", (".oas", ".oa2", ".oa3")),
    Format("lotus", "Lotus 1-2-3", (".wj1", ".wj2", ".wj3", ".wk1", ".wk3", ".wk4", ".123")),
    Format("filemaker", "FileMaker", (".fp5", ".fp7", ".fmp12")),
    Format("visio", "Visio", (".vsd", ".vss", ".vst", ".vsdx", ".vsdm", ".vssx", ".vstx")),
    Format("publisher", "Publisher", (".pub",)),
    Format("onenote", "OneNote", (".one", ".onetoc2")),
    Format("iwork", "iWork", (".pages", ".numbers", ".key")),
    Format("xps", "XPS", (".xps", ".oxps")),
    Format("epub", "EPUB", (".epub",)),
    Format("mht", "Webアーカイブ", (".mht", ".mhtml")),
    Format("chm", "HTMLヘルプ", (".chm",)),
    Format("postscript", "PostScript", (".ps", ".eps", ".ai")),
    Format("office", "Office文書（種類不明）", ()),
    # archives
    Format("oleobject", "OLEオブジェクト", (), "oleobject", "", "olefile", "埋め込まれたファイル", "–", "格納経路"),
    Format(
        "zip", "ZIP", (".zip", ".jar", ".apk"), "zips", "", "zipfile", f"{_ARCHIVE}・コメント", "パスワード不明のもの", "格納経路"
    ),
    Format("tar", "tar", (".tar",), "tars", "", "tarfile", _ARCHIVE, "リンク先", "格納経路"),
    Format("gzip", "gzip", (".gz", ".tgz"), "packed", "", "gzip", _PACKED, "–", "格納経路"),
    Format("bzip2", "bzip2", (".bz2", ".tbz", ".tbz2"), "packed", "", "bz2", _PACKED, "–", "格納経路"),
    Format("xz", "xz", (".xz", ".txz"), "packed", "", "lzma", _PACKED, "–", "格納経路"),
    Format("zstd", "Zstandard", (".zst", ".tzst"), "zstds", "archives", "backports.zstd", _PACKED, "–", "格納経路"),
    Format("compress", "compress", (".z",)),
    Format("7z", "7-Zip", (".7z",), "sevenzips", "archives", "py7zr", _ARCHIVE, "パスワード不明のもの", "格納経路"),
    Format("rar", "RAR", (".rar",), "rars", "", "bsdtar", _RAR, "暗号化・分割されたもの・コメント", "格納経路"),
    Format("lzh", "LZH", (".lzh", ".lha"), "lzhs", "", "-", _ARCHIVE, "lh4より前の圧縮方式・コメント", "格納経路"),
    Format("cab", "CAB", (".cab",), "foreign", "", "bsdtar", "中の全ファイル（bsdtarがある場合）", "分割されたもの", "格納経路"),
    Format("parquet", "Parquet", (".parquet",), "parquets", "parquet", "pyarrow", "全列・中の文書", "画像", "行・列"),
    # recognised, not read by this version
    Format("access", "Access", (".mdb", ".accdb")),
    Format("pgp", "PGP", (".gpg", ".pgp", ".asc"), refusal=Code.ENCRYPTED),
    Format(
        "image",
        "画像",
        _IMAGES,
        "image",
        "ocr",
        "rapidocr",
        "写っている文字・全ページ（追加部品がある場合）",
        "手書き",
        "ページ・行",
    ),
    Format("media", "音声・動画", _MEDIA, refusal=Code.BINARY),
    Format("program", "プログラム", _PROGRAMS, refusal=Code.BINARY),
    Format("binary", "バイナリ", (), refusal=Code.BINARY),
)

BY_NAME: dict[str, Format] = {row.name: row for row in FORMATS}


class Refused(Unreadable):
    """Raised for a file whose format is known but that can't be read; carries the format and what else was noticed."""

    def __init__(self, row: Format, code: Code, detail: str = "", noticed: tuple[Problem, ...] = ()) -> None:
        super().__init__(code, detail, stage=Stage.SNIFF)
        self.format = row
        self.noticed = noticed
