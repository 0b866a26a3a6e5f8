"""A small tree of everything that a file server may hold against a scanner."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from examples.writers import workbook
from tests.command import ROOT
from tests.tree import grow

SHARE = ROOT / "examples" / "share"


def locked_pdf() -> bytes:
    """A pdf that opens with a password only."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, encrypt=StandardEncryption("a-password", canPrint=0))
    page.drawString(72, 720, "locked")
    page.save()
    return out.getvalue()


def bomb() -> bytes:
    """An xlsx whose only sheet unpacks to a thousand times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"表": [["a"]]}))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"<sheetData>", b"<sheetData>" + b" " * (80 << 20)) if "sheet1" in name else data)
    return out.getvalue()


def hostile(root: Path) -> Path:
    """Write the tree. Every regular file in it must get exactly one outcome."""
    word = next(SHARE.rglob("*破損.docx")).read_bytes()
    grow(
        root,
        {
            "plain.txt": "特になし\n",
            "empty.txt": b"",
            "only-spaces.csv": b" \r\n \r\n",
            "binary.txt": bytes(range(256)) * 64,
            "zeros.log": bytes(70_000),
            "cp932.txt": "打合せは三時から\r\n".encode("cp932"),
            "utf16.txt": "打合せは三時から\r\n".encode("utf-16"),
            "broken-utf8.txt": "打合せ".encode()[:-1] + b"\xff\xfe\xfd" * 9,
            "long-line.txt": "あ" * 300_000,
            "truncated.docx": word,
            "locked.xlsx": next(SHARE.rglob("*保護.xlsx")).read_bytes(),
            "locked.pdf": locked_pdf(),
            "cut.pdf": next(SHARE.rglob("*パンフレット.pdf")).read_bytes()[:700],
            "not-a.pdf": "これはPDFではありません\n",
            "not-a.xlsx": "a,b\n1,2\n",
            "bomb.xlsx": bomb(),
            "unclosed.html": "<table><tr><td>" * 5_000,
            "deep.json": "[" * 50_000,
            "cut.json": '{"a": [1, 2',
            "ragged.csv": 'a,"b\n1,2,3,4,5\n"""\n',
            "headers-only.eml": "Subject: =?iso-2022-jp?B?GyRC?=\n\n",
            "unknown.xyz": "何かの記録\n",
            "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
            "深い": {"階層" * 8: {"階層" * 8: {"か\u3099く.txt": "濁点が分かれた名前\n"}}},
            "改行\n入り.txt": "名前に改行\n",
            "=1+1.csv": "数式のような名前\n",
        },
    )
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "nowhere.txt").symlink_to(root / "gone.txt")
    os.mkfifo(root / "pipe.txt")
    (root / os.fsdecode(b"bad-\xff-name.txt")).write_text("名前がUTF-8ではない\n", encoding="utf-8")
    return root
