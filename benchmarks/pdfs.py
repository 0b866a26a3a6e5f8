"""The PDF reader beside pdfplumber on the same files: label beside value on forms, pages per second on plain text pages.

    python -m benchmarks.pdfs [--data ../shared/data] [--rounds 3] [--write]

Forms: every document of the development halves of ``benchmarks/gold`` and ``benchmarks/fresh`` that has rows of cells, printed as
PDF; two neighbouring cells of a row count as kept together when one follows the other in what was read, white space and colons left
out. pdfplumber gets a pair when its text or one of its tables has it. On real forms of the corpus there is no truth: there, the
pairs of pdfplumber's own tables are asked for. Speed: pages without ruling lines and with text, of the corpus and of the prose of
the development halves, as seconds of processor time in turns; a ratio is of one round, published are median, least and most.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2

from benchmarks import goldset, isolated, tables
from benchmarks.circumstances import circumstances
from scanner.extract import pdf
from scanner.extract.budget import Limits, Spending
from scanner.extract.pdfglyphs import edges
from scanner.model import Block, Document

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGES = 40  # of one file
_LEFT_OUT = re.compile(r"[\s:：|｜]+")


def squeezed(text: str) -> str:
    """NFKC without white space and colons."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text))


def ours(data: bytes) -> list[str]:
    """The text of each block."""
    found = pdf.extract(io.BytesIO(data), Document("x.pdf", size=len(data)), Spending(Limits(seconds=600)))
    return [item.text for item in found if isinstance(item, Block)]


def theirs(data: bytes) -> list[str]:
    """pdfplumber's text of each page."""
    out = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            out.append(page.extract_text())
            page.close()
    return out


def bare(data: bytes) -> list[str]:
    """What pdfium says of each page without any layout: nobody who builds on it can be quicker."""
    out = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            textpage = page.get_textpage()
            out.append(textpage.get_text_range())
            textpage.close()
            page.close()
    return out


READERS = {"ours": ours, "pdfplumber": theirs, "pdfium": bare}


def grids(data: bytes) -> Iterator[list[list[str]]]:
    """pdfplumber's tables."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            for table in page.extract_tables():
                yield [[cell or "" for cell in row] for row in table]
            page.close()


# ---------------------------------------------------------------- forms


def pairs(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Neighbouring cells that both say something."""
    out = []
    for row in rows:
        cells = [squeezed(cell) for cell in row]
        out += [(a, b) for a, b in pairwise(cells) if a and b]
    return out


def printed() -> Iterator[tuple[str, bytes, list[tuple[str, str]]]]:
    """(id, PDF, neighbouring cells) of the development halves."""
    with tempfile.TemporaryDirectory() as folder:
        for source in sources():
            lines = [line.strip() for line in source.plain.split("\n")]
            rows = [line.strip("|").split("|") for line in lines if line.startswith("|") and not set(line) <= set("|-: ")]
            wanted = pairs(rows)
            if wanted and source.render in ("pdf", "docx"):
                yield source.id, as_pdf(source, Path(folder)), wanted


def sources() -> Iterator[Any]:
    """The sources of the development halves of both sets."""
    for docs in (None, ROOT / "benchmarks" / "fresh" / "docs"):
        yield from (source for source in goldset.sources(docs) if goldset.half(source.id) == "development")


def as_pdf(source: Any, folder: Path) -> bytes:
    """A document printed as PDF whatever it is elsewhere."""
    path = folder / f"{source.id}.pdf"
    goldset.renderer().write_pdf(source, path)
    return path.read_bytes()


def kept(wanted: Sequence[tuple[str, str]], texts: Sequence[str]) -> int:
    """How many pairs stand together in one of the texts."""
    flat = "\x00".join(map(squeezed, texts))
    return sum(a + b in flat for a, b in wanted)


def forms() -> dict[str, Any]:
    """Pairs kept together by us and by pdfplumber."""
    count = {"documents": 0, "pairs": 0, "ours": 0, "pdfplumber": 0}
    for _, data, wanted in printed():
        tabled = ["".join(row) for grid in grids(data) for row in grid]
        count["documents"] += 1
        count["pairs"] += len(wanted)
        count["ours"] += kept(wanted, ours(data))
        count["pdfplumber"] += kept(wanted, [*theirs(data), *tabled])
    return count


def real_forms(files: Sequence[Path]) -> dict[str, Any]:
    """Pairs of pdfplumber's own tables in real files, and how many of them we keep together."""
    count = {"documents": 0, "pairs": 0, "ours": 0}
    for path in files:
        data = shortened(path)
        if data is None:
            continue
        wanted = pairs([row for grid in grids(data) for row in grid])
        if wanted:
            count["documents"] += 1
            count["pairs"] += len(wanted)
            count["ours"] += kept(wanted, ours(data))
    return count


def shortened(path: Path, fits: Callable[[Any], bool] = lambda _: True) -> bytes | None:
    """The first pages of a file that fit, as a file of their own; None when there is none."""
    with suppress(pypdfium2.PdfiumError), pypdfium2.PdfDocument(path) as document:
        pages = [n for n in range(min(len(document), 4 * PAGES)) if fits(document[n])][:PAGES]
        if pages:
            new = pypdfium2.PdfDocument.new()
            new.import_pages(document, pages)
            out = io.BytesIO()
            new.save(out)
            return out.getvalue()
    return None


# ---------------------------------------------------------------- speed


def plain(page: Any) -> bool:
    """A page of text without ruling lines."""
    textpage = page.get_textpage()
    letters = sum(c.isalnum() for c in textpage.get_text_range())
    ruled = len(edges(page.raw))
    textpage.close()
    return letters >= 200 and ruled < 2


def prose(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The development halves' documents without rows of cells, printed and bound together: letters, minutes, memos."""
    bound, count = pypdfium2.PdfDocument.new(), 0
    for source in sources():
        if source.render in ("txt", "md", "docx") and "\n|" not in source.body:
            with suppress(Exception):  # the printer of forms does not know every sign
                bound.import_pages(pypdfium2.PdfDocument(as_pdf(source, folder)))
                count += 1
    if count:
        out = io.BytesIO()
        bound.save(out)
        yield f"{count} printed documents", out.getvalue()


def speed(files: Sequence[Path], rounds: int) -> dict[str, Any]:
    """Pages per second of processor time of both on each file's plain text pages, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        named = [(p.name, data) for p in files if (data := shortened(p, plain)) is not None]
        named += list(prose(Path(folder)))
    out: dict[str, Any] = {}
    for name, data in named:
        count = len(pypdfium2.PdfDocument(data))
        taken: dict[str, list[float]] = {who: [] for who in READERS}
        for read in READERS.values():
            read(data)  # fonts and character maps are loaded outside the clock
        for turn in range(rounds):
            for who, read in list(READERS.items())[:: 1 if turn % 2 else -1]:
                began = time.process_time()
                read(data)
                taken[who].append(time.process_time() - began)
        ratios = [b / a for a, b in zip(taken["ours"], taken["pdfplumber"], strict=True)]
        out[name] = {"pages": count, **taken, "ratio": round(statistics.median(ratios), 2)}
    pages = sum(f["pages"] for f in out.values())
    totals = [
        {who: sum(f[who][turn] for f in out.values()) for who in READERS} for turn in range(rounds)
    ]  # all files, a round at a time
    ratios = [t["pdfplumber"] / t["ours"] for t in totals]
    return {
        "files": out,
        "pages": pages,
        "pages_per_second": {who: round(pages / statistics.median(t[who] for t in totals), 1) for who in READERS},
        "ratio": {"median": round(statistics.median(ratios), 2), "least": round(min(ratios), 2), "most": round(max(ratios), 2)},
    }


def table(record: dict[str, Any]) -> str:
    """Markdown: what was kept together, and how quickly pages are read."""
    f, r, s = record["forms"], record.get("real"), record["speed"]
    lines = [["様式", "文書", "隣り合う欄", "ours", "pdfplumber"]]
    shown = [f"{f[who]:,}" for who in ("pairs", "ours", "pdfplumber")]
    lines.append(["印刷した様式（開発用の半分）", str(f["documents"]), *shown])
    if r:
        shown = [f"{r[who]:,}" for who in ("pairs", "ours", "pairs")]
        lines.append(["実物（pdfplumber の表の隣り合う欄）", str(r["documents"]), *shown])
    speeds = [["罫線のない文章のページ", "ページ", *(f"ページ/秒 {who}" for who in READERS), "pdfplumber との比"]]
    for name, each in sorted(s["files"].items(), key=lambda item: -item[1]["pages"]):
        rates = [each["pages"] / statistics.median(each[who]) for who in READERS]
        speeds.append([name, str(each["pages"]), *(f"{rate:.1f}" for rate in rates), f"{each['ratio']:.1f}"])
    ratio = s["ratio"]
    whole = f"{ratio['median']:.1f}（{ratio['least']:.1f}–{ratio['most']:.1f}）"
    speeds.append(["全体", str(s["pages"]), *(f"{s['pages_per_second'][who]:.1f}" for who in READERS), whole])
    return f"{tables.grid(lines)}\n\n{tables.grid(speeds)}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="folder with documents/; without it: printed documents only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    files: list[Path] = []
    if chosen.data is not None:
        files = [p for p in isolated.under(chosen.data.absolute() / "documents", ("real", "real2")) if p.suffix == ".pdf"]
    record: dict[str, Any] = {"kind": "formats-pdf", **circumstances(), "rounds": chosen.rounds, "forms": forms()}
    if files:
        record["real"] = real_forms(files)
    record["speed"] = speed(files, chosen.rounds)
    print(table(record))
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "formats-pdf.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
