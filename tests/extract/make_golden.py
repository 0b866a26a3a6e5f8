"""Writes the golden files: one of every format, all made of the same invented register, and the blocks that are read from them.

    python -m tests.extract.make_golden [FOLDER]     the files anew (old office formats by LibreOffice, CAB by gcab, where found)
    python -m tests.extract.make_golden --record     only the recorded blocks of what lies in tests/extract/golden

Real files by the programs that people use wherever one can be had here: LibreOffice for doc, xls, ppt, rtf, odt, ods, odp;
python-docx, openpyxl, python-pptx, reportlab and the standard library for the others. The rest is written by the tests' own makers.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from typing import Any

from scanner.extract.olewrite import ole
from scanner.model import Outcome, family
from tests.extract import lzhmake, test_dbf, test_jtd, test_msg, test_rars, test_xls
from tests.extract.archivekit import examine, tarred, zipped, zipped_as

GOLDEN = Path(__file__).with_name("golden")
HEAD = ["氏名", "ふりがな", "生年月日", "住所", "電話番号"]
ROWS = [
    ["鵜飼　銀次郎", "うかい　ぎんじろう", "昭和50年1月2日", "北海道旭川市神楽岡八条3-2-15", "0166-37-4490"],
    ["千々和　さつき", "ちぢわ　さつき", "平成3年11月30日", "長崎県諫早市宇都町29番1号", "090-8417-2265"],
]
TITLE, NOTE = "会員名簿（見本）", "来月の健診について鵜飼さんから電話があった。"
TEXT = "\n".join((TITLE, "", *("\t".join(row) for row in (HEAD, *ROWS)), "", NOTE, ""))
OLD = {"docx": ("doc", "rtf", "odt"), "xlsx": ("xls", "ods"), "pptx": ("ppt", "odp")}


# ---------------------------------------------------------------- makers


def plain(encoding: str, separator: str = "\t", end: str = "\n") -> bytes:
    return end.join((TITLE, "", *(separator.join(row) for row in (HEAD, *ROWS)), "", NOTE, "")).encode(encoding)


def table(encoding: str, separator: str) -> bytes:
    return "\r\n".join(separator.join(row) for row in (HEAD, *ROWS, [])).encode(encoding)


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEAD, row, strict=True)) for row in ROWS]


def dbf() -> bytes:
    fields = tuple((name, "C", width) for name, width in zip(HEAD, (20, 30, 20, 40, 14), strict=True))
    return test_dbf.made(fields=fields, rows=ROWS, count=len(ROWS))


def parquet() -> bytes:
    out = io.BytesIO()
    columns = dict(zip(HEAD, map(list, zip(*ROWS, strict=True)), strict=True))
    import_module("pyarrow.parquet").write_table(import_module("pyarrow").table(columns), out)
    return out.getvalue()


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEAD, *ROWS))
    head = f'<meta charset="euc-jp"><title>{TITLE}</title>'
    return f"<html><head>{head}</head><body><h1>{TITLE}</h1><table>{rows}</table><p>{NOTE}</p></body></html>".encode("euc_jp")


def xml() -> bytes:
    people = "".join(f"<会員>{''.join(f'<{k}>{v}</{k}>' for k, v in one.items())}</会員>" for one in objects())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<名簿><!-- {NOTE} -->{people}</名簿>'.encode()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "sato@example.jp", "jimu@example.jp", TITLE
    message["Date"], message["Message-ID"] = "Mon, 2 Nov 2026 09:30:00 +0900", "<golden@example.jp>"
    message.set_content(NOTE + "\n", charset="iso-2022-jp")
    message.add_attachment(table("cp932", ","), maintype="text", subtype="csv", filename="名簿.csv")
    message.set_boundary("=-golden-=")
    return message.as_bytes()


def word() -> bytes:
    document = import_module("docx").Document()
    document.add_heading(TITLE, 1)
    grid = document.add_table(rows=0, cols=len(HEAD))
    for row in (HEAD, *ROWS):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(NOTE)
    document.sections[0].footer.paragraphs[0].text = "取扱注意"
    return saved(document.save)


def book() -> bytes:
    made = import_module("openpyxl").Workbook()
    sheet = made.active
    sheet.title = "名簿"
    for row in (HEAD, *ROWS):
        sheet.append(row)
    sheet["A2"].comment = import_module("openpyxl.comments").Comment(NOTE, "佐藤")
    return saved(made.save)


def slides() -> bytes:
    made = import_module("pptx").Presentation()
    while len(made.slide_layouts) > 7:  # of the template's layouts only what is used
        made.slide_layouts.remove(made.slide_layouts[-1])
    for layout in [one for n, one in enumerate(made.slide_layouts) if n != 5]:
        made.slide_layouts.remove(layout)
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = TITLE
    inches = import_module("pptx.util").Inches
    grid = slide.shapes.add_table(len(ROWS) + 1, len(HEAD), inches(0.5), inches(1.5), inches(9), inches(2)).table
    for n, row in enumerate((HEAD, *ROWS)):
        for m, text in enumerate(row):
            grid.cell(n, m).text = text
    slide.notes_slide.notes_text_frame.text = NOTE
    return saved(made.save)


def page() -> bytes:
    lab = {
        name: import_module(f"reportlab.{name}") for name in ("platypus", "lib.styles", "pdfbase.pdfmetrics", "pdfbase.cidfonts")
    }
    lab["pdfbase.pdfmetrics"].registerFont(lab["pdfbase.cidfonts"].UnicodeCIDFont("HeiseiMin-W3"))
    style = lab["lib.styles"].ParagraphStyle("ja", fontName="HeiseiMin-W3", wordWrap="CJK")
    paragraph = lab["platypus"].Paragraph
    cells = [[paragraph(text, style) for text in row] for row in (HEAD, *ROWS)]
    grid = lab["platypus"].Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, "#000000")])
    out = io.BytesIO()
    lab["platypus"].SimpleDocTemplate(out, title=TITLE, invariant=1).build([paragraph(TITLE, style), grid, paragraph(NOTE, style)])
    return out.getvalue()


def saved(save: Callable[[Any], Any]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def cards() -> bytes:
    one = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{0}\r\nX-PHONETIC-LAST-NAME:{1}\r\nADR:;;{3};;;;\r\nTEL;TYPE=CELL:{4}\r\nEND:VCARD\r\n"
    return "".join(one.format(*row) for row in ROWS).encode()


def calendar() -> bytes:
    event = (
        f"BEGIN:VEVENT\r\nUID:golden\r\nDTSTART:20261110T130000\r\nSUMMARY:{TITLE}の確認\r\nDESCRIPTION:{NOTE}\r\nEND:VEVENT\r\n"
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n".encode()


def base() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite"
        db = sqlite3.connect(path)
        columns = ", ".join(f"{name} TEXT" for name in HEAD)
        db.execute(f"CREATE TABLE 名簿 ({columns})")
        db.executemany("INSERT INTO 名簿 VALUES (?, ?, ?, ?, ?)", ROWS)
        db.commit()
        db.close()
        return path.read_bytes()


def dump() -> bytes:
    values = ",\n".join("(" + ", ".join(f"'{v}'" for v in row) + ")" for row in ROWS)
    return f"INSERT INTO 名簿 ({', '.join(HEAD)}) VALUES\n{values};\n".encode()


def binary_book() -> bytes:
    cells = b"".join(
        test_xls.brt(0, test_xls.struct.pack("<I", n) + bytes(21))
        + b"".join(test_xls.brt(6, test_xls.struct.pack("<II", m, 0) + test_xls.wide(text)) for m, text in enumerate(row))
        for n, row in enumerate((HEAD, *ROWS))
    )
    return test_xls.xlsb(test_xls.brt(145) + cells + test_xls.brt(146))


def outlook() -> bytes:
    return ole(
        test_msg.message(s0037=TITLE, s0C1A="佐藤", s5D01="sato@example.jp", s1000=NOTE)
        | test_msg.person(0, 1, "事務局", "jimu@example.jp")
        | test_msg.attached(0, "名簿.csv", table("cp932", ","))
    )


def ichitaro() -> bytes:
    return ole({"DocumentText": test_jtd.store(test_jtd.text(test_jtd.units(TEXT)))})


def seven() -> bytes:
    out = io.BytesIO()
    with import_module("py7zr").SevenZipFile(out, "w") as archive:
        archive.writestr(table("cp932", ","), "名簿.csv")
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "cp932.txt": lambda: plain("cp932", end="\r\n"),
    "utf16.txt": lambda: plain("utf-16"),
    "host.txt": lambda: plain("euc_jp", "　　"),
    "cp932.csv": lambda: table("cp932", ","),
    "utf8.tsv": lambda: table("utf-8-sig", "\t"),
    "dump.sql": dump,
    "list.json": lambda: json.dumps({TITLE: objects(), "備考": NOTE}, ensure_ascii=False).encode(),
    "lines.jsonl": lambda: "".join(json.dumps(one) + "\n" for one in objects()).encode(),
    "page.md": lambda: "\n".join(("# " + TITLE, "", *("|".join(r) for r in (HEAD, ["--"] * 5, *ROWS)), "", NOTE)).encode(),
    "page.html": html,
    "list.xml": xml,
    "list.yaml": lambda: "".join(f"- {HEAD[0]}: {row[0]}\n  {HEAD[4]}: {row[4]}\n" for row in ROWS).encode(),
    "mail.eml": mail,
    "box.mbox": lambda: b"".join(b"From sato@example.jp Mon Nov  2 09:30:00 2026\n" + mail() + b"\n" for _ in range(2)),
    "mail.msg": outlook,
    "word.docx": word,
    "book.xlsx": book,
    "book.xlsb": binary_book,
    "show.pptx": slides,
    "page.pdf": page,
    "cards.vcf": cards,
    "calendar.ics": calendar,
    "members.dbf": dbf,
    "members.parquet": parquet,
    "base.sqlite": base,
    "text.jtd": ichitaro,
    "names.zip": lambda: zipped_as(
        {"名簿.csv".encode("cp932"): table("cp932", ","), "奥/控え.txt".encode("cp932"): plain("cp932")}
    ),
    "deep.zip": lambda: zipped({"内.zip": zipped({"名簿.csv": table("utf-8", ",")})}),
    "names.tar": lambda: tarred({"名簿.csv": table("cp932", ",")}),
    "names.tgz": lambda: gzip.compress(tarred({"名簿.csv": table("cp932", ",")}), mtime=0),
    "names.csv.gz": lambda: gzip.compress(table("cp932", ","), mtime=0),
    "names.csv.bz2": lambda: bz2.compress(table("cp932", ",")),
    "names.csv.xz": lambda: lzma.compress(table("cp932", ",")),
    "names.csv.zst": lambda: import_module("backports.zstd").compress(table("cp932", ",")),
    "names.7z": seven,
    "names.rar": lambda: test_rars.new({"名簿.csv": table("cp932", ",")}),
    "names.lzh": lambda: lzhmake.archive({"名簿.csv".encode("cp932"): table("cp932", ",")}),
}


def write(folder: Path) -> None:
    """Every file that can be made here."""
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    if shutil.which("soffice"):
        for source, endings in OLD.items():
            (path,) = folder.glob(f"*.{source}")
            for ending in endings:
                subprocess.run(["soffice", "--headless", "--convert-to", ending, "--outdir", folder, path], check=True)
        slim(folder / "show.ppt")
    if shutil.which("gcab"):
        (folder / "名簿.csv").write_bytes(table("cp932", ","))
        subprocess.run(["gcab", "-c", "names.cab", "名簿.csv"], cwd=folder, check=True)
        (folder / "名簿.csv").unlink()


def slim(path: Path) -> None:
    """Without the picture of the first slide, half a megabyte in its properties."""
    with import_module("olefile").OleFileIO(path) as old:
        streams = {"/".join(name): old.openstream(name).read() for name in old.listdir() if "SummaryInformation" not in name[0]}
    path.write_bytes(ole(streams))


# ---------------------------------------------------------------- what is read from them


def seen(path: Path) -> list[dict[str, Any]]:
    """What the whole line makes of a file, everything inside it included: a record for each document and each block."""
    out: list[dict[str, Any]] = []
    for inner in family(examine(path.read_bytes(), path.name)):
        out.append({"inside": list(inner.document.inside), "status": inner.status.value, "format": inner.format, **reasons(inner)})
        out += [{"kind": b.kind.value, "section": b.section.value, "at": repr(b.anchor(0)), "text": b.text} for b in inner.blocks]
    return out


def reasons(outcome: Outcome) -> dict[str, Any]:
    """The codes of an outcome and its encoding."""
    return {"codes": [p.code.value for p in outcome.problems], "encoding": outcome.encoding}


def recorded(path: Path) -> Path:
    """Where what is read from a file is kept."""
    return path.with_name(path.name + ".blocks")


def files() -> list[Path]:
    """The golden files."""
    return sorted(f for f in GOLDEN.iterdir() if f.suffix != ".blocks")


def main() -> None:
    """See above."""
    if "--record" not in sys.argv:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN
        folder.mkdir(exist_ok=True)
        write(folder)
    for path in files():
        lines = [json.dumps(line, ensure_ascii=False) for line in seen(path)]
        recorded(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
