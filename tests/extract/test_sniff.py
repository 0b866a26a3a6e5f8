from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import time
from pathlib import Path

import pytest

from scanner.extract import BY_NAME, FORMATS, Refused, load, sniff
from scanner.problems import Code
from tests.extract.ooxml import book, p, word, zipped

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/m" ContentType="{}"/></Types>'
)


def kind(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    found = sniff(io.BytesIO(data), name)
    return found.format.name, tuple(problem.code.value for problem in found.problems)


def refused(data: bytes, name: str) -> tuple[str, Code]:
    with pytest.raises(Refused) as error:
        sniff(io.BytesIO(data), name)
    return error.value.format.name, error.value.problem.code


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def sqlited() -> bytes:
    with sqlite3.connect(":memory:") as base:
        base.execute("create table a(b)")
        return base.serialize()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (word(p("x")), "a.docx", "docx"),
        (book("<row><c><v>1</v></c></row>"), "a.xlsx", "xlsx"),
        (
            zipped({"[Content_Types].xml": TYPES.format("application/vnd.ms-excel.sheet.binary.macroEnabled.main")}),
            "a.xlsb",
            "xlsb",
        ),
        (
            zipped({"[Content_Types].xml": TYPES.format("application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml")}),
            "a.ppsm",
            "pptx",
        ),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "a.ods", "ods"),
        (zipped({"mimetype": "application/epub+zip"}), "a.epub", "epub"),
        (zipped({"a.txt": "x"}), "a.zip", "zip"),
        (b"%PDF-1.7\n", "a.pdf", "pdf"),
        (b"\r\n%PDF-1.4\n", "a.pdf", "pdf"),
        (b"{\\rtf1\\ansi}", "a.rtf", "rtf"),
        (gzip.compress(b"x", mtime=0), "a.gz", "gzip"),
        (bz2.compress(b"x"), "a.bz2", "bzip2"),
        (lzma.compress(b"x"), "a.xz", "xz"),
        (tarred(), "a.tar", "tar"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", "7z"),
        (b"Rar!\x1a\x07\x01\x00", "a.rar", "rar"),
        (b"\x20\x00-lh5-\x00", "a.lzh", "lzh"),
        (sqlited(), "a.db", "sqlite"),
        (b"PAR1\x15\x04", "a.parquet", "parquet"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", "a.accdb", "access"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a.jpg", "image"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.exe", "program"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "a.heic", "image"),
        ("氏名,住所\n山田,東京\n".encode("cp932"), "a.csv", "csv"),
        ("氏名\t住所\t電話\n".encode() * 4, "a.txt", "tsv"),
        ("氏名,住所,電話\n".encode() * 4, "noname", "csv"),
        ("# 見出し\n- a, b, c\n".encode(), "a.md", "markdown"),
        ("本日、山田さん、佐藤さんと会った。\n".encode(), "a.txt", "text"),
        (b'{"name": "x"}', "a.json", "json"),
        (b'[{"name": "x"}]', "noname", "json"),
        (b"[2024-01-02 03:04] started\n", "a.log", "text"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "a.html", "html"),
        (b'<?xml version="1.0"?><root><name>x</name></root>', "a.xml", "xml"),
        (b"INSERT INTO t VALUES (1, 'a', 'b');\n" * 5, "a.sql", "text"),
        (b"INSERT INTO t VALUES (1, 'a', 'b');\n" * 5, "a.txt", "text"),
        (b"From: a@example.jp\r\nTo: b@example.jp\r\nSubject: x\r\n\r\nbody", "noname", "eml"),
        (b"Received: from x\r\n by y\r\nFrom: a@example.jp\r\n\r\nbody", "a.eml", "eml"),
        ("宛先: 山田\n件名: x\n\n本文".encode(), "a.txt", "text"),
        (b"From a@example.jp Mon Jan  1 00:00:00 2024\nFrom: a\nTo: b\n\nx", "a.mbox", "mbox"),
        ("名前,住所,電話\n".encode("utf-16") * 1, "a.csv", "csv"),
        (b"def f(x):\n    return {'a': x}\n", "a.py", "text"),
    ],
)
def test_format_by_content(data: bytes, name: str, expected: str) -> None:
    assert kind(data, name) == (expected, ())


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (word(p("x")), "a.pdf", "docx"),
        (b"%PDF-1.7\n", "a.docx", "pdf"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "html"),
        (b"a\tb\tc\n" * 5, "a.xls", "tsv"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "image"),
        (b" " * 100, "a.xlsx", "text"),
    ],
)
def test_wrong_extension_is_said_and_content_wins(data: bytes, name: str, expected: str) -> None:
    assert kind(data, name) == (expected, ("type-mismatch",))


def test_what_can_not_be_read_is_refused_with_its_reason() -> None:
    assert refused(b"", "a.docx") == ("docx", Code.EMPTY)
    assert refused(bytes(range(256)) * 20, "a.dat") == ("binary", Code.BINARY)
    assert refused(bytes(range(256)) * 20, "a.txt") == ("binary", Code.BINARY)
    assert refused(word(p("x" * 5000))[:40], "a.docx") == ("docx", Code.CORRUPT)
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "a.xls") == ("xls", Code.CORRUPT)
    locked = bytearray(zipped({"xl/workbook.xml": "x"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(magic) + at] |= 1
    assert refused(bytes(locked), "a.xlsx") == ("xlsx", Code.ENCRYPTED)
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    odt = zipped({"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest})
    assert refused(odt, "a.odt") == ("odt", Code.ENCRYPTED)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.xdw", "docuworks"),
        ("a.xbd", "docuworks"),
        ("a.jsw", "oldjtd"),
        ("a.JFW", "oldjtd"),
        ("a.oas", "oasys"),
        ("a.jhd", "hanako"),
        ("a.wj3", "lotus"),
        ("a.pub", "publisher"),
        ("a.one", "onenote"),
        ("a.vsd", "visio"),
    ],
)
def test_recognised_by_extension_alone(name: str, format_name: str) -> None:
    assert kind(bytes(range(256)) * 20, name) == (format_name, ())


@pytest.mark.parametrize(
    ("magic", "format_name"),
    [
        ("a12fff43d9ef764c9ee210ea5722765f", "onenote"),
        ("0000020006040600", "lotus"),
        ("00001a0000100400", "lotus"),
        ("0001000000020001000500020002c04842414d37", "filemaker"),
    ],
)
def test_recognised_under_another_name(magic: str, format_name: str) -> None:
    assert kind(bytes.fromhex(magic) + bytes(range(256)) * 20, "a.pdf") == (format_name, (Code.MISMATCH.value,))


def test_named_formats_without_reader_carry_a_remedy() -> None:
    for row in FORMATS:
        if not row.module:
            problem = Refused(row, row.refusal, row.name).problem
            assert problem.loses and problem.remedy("ja") and problem.remedy("en"), row.name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("docuworks", Code.UNSUPPORTED),
        ("compress", Code.UNSUPPORTED),
        ("pgp", Code.ENCRYPTED),
        ("program", Code.BINARY),
    ],
)
def test_load_refuses_what_has_no_reader(name: str, code: Code) -> None:
    with pytest.raises(Refused) as error:
        load(BY_NAME[name])
    assert (error.value.problem.code, error.value.problem.detail, error.value.format.name) == (code, name, name)


def test_every_reader_loads_and_rows_are_distinct() -> None:
    assert len(BY_NAME) == len(FORMATS)
    extensions = [extension for row in FORMATS for extension in row.extensions]
    assert len(extensions) == len(set(extensions))
    for row in FORMATS:
        if row.module:
            try:
                assert callable(load(row))
            except Refused as refused:
                assert row.extra and refused.problem.code is Code.MISSING_EXTRA


def test_missing_library_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def fail(name: str) -> None:
        raise ModuleNotFoundError("no", name="pyarrow")

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(Refused) as error:
        load(BY_NAME["docx"])
    assert (error.value.problem.code, error.value.problem.detail) == (Code.MISSING_EXTRA, "pip install 'tanaoroshi'")


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- x -->" * 6000 + b"<y",
        b"From " + b"x" * 65_000,
        b"<?xml " * 10_000,
        b'["' + b"\\\\" * 30_000,
        b"A:" * 30_000,
        b"<a " * 20_000,
        b" \n" * 30_000,
    ],
)
def test_no_shape_takes_long(data: bytes) -> None:
    before = time.process_time()
    sniff(io.BytesIO(data), "noname")
    assert time.process_time() - before < 1


def test_stream_is_left_at_its_beginning() -> None:
    stream = io.BytesIO(word(p("x")))
    sniff(stream, "a.docx")
    assert stream.tell() == 0


EXPECTED = {
    "hostile/local__docx_named_as.pdf": ("docx", "type-mismatch"),
    "hostile/poi__protected_passtika.xlsx": ("xlsx", "encrypted"),
    "hostile/tika__protected_normal_case.docx": ("docx", "encrypted"),
    "hostile/poi__PasswordProtected.doc": ("doc", "encrypted"),
    "hostile/poi__password.xls": ("xls", "encrypted"),
    "hostile/poi__cryptoapi-proc2356.ppt": ("ppt", "encrypted"),
    "hostile/tika__testZipEncrypted.zip": ("zip", ""),
    "hostile/tika__testODTEncrypted.odt": ("odt", "encrypted"),
    "hostile/tika__testPGPEncrypted.gpg": ("pgp", ""),
    "hostile/local__zip_overlap_500.zip": ("zip", "bomb"),
    "hostile/local__zip_60000_entries.zip": ("zip", ""),
    "hostile/local__bomb_flat_200MB.zip": ("zip", ""),
    "hostile/local__ole_difat_selfloop.doc": ("doc", "corrupt"),
    "hostile/local__polyglot_pdf_zip.pdf": ("pdf", ""),
    "hostile/local__zero.docx": ("docx", "empty"),
    "markers/markers.doc": ("doc", ""),
    "markers/markers.xls": ("xls", ""),
    "markers/markers.ppt": ("ppt", ""),
    "markers/synthetic.jtd": ("jtd", ""),
    "markers/stored.lzh": ("lzh", ""),
}


@pytest.mark.parametrize("path", EXPECTED)
def test_real_files(path: str, shared: Path) -> None:
    name, code = EXPECTED[path]
    with (shared / "data/documents" / path).open("rb") as stream:
        try:
            found = sniff(stream, path)
            said = (found.format.name, "".join(problem.code.value for problem in found.problems))
        except Refused as refusal:
            said = (refusal.format.name, refusal.problem.code.value)
    assert said == (name, code)
