"""Encrypted documents: the operator's passwords open them, wrong ones change nothing, and none leaves the worker."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from scanner.model import Document, Outcome, Status
from scanner.pipeline import Worker
from scanner.problems import Code
from scanner.refusal import Refused
from scanner.settings import Settings, gather, with_secrets
from scanner.sources.memory import MemorySource
from tests.command import Home
from tests.extract.archivekit import NOTE, parts, zipped
from tests.extract.readkit import DOCUMENTS
from tests.leaks import traces
from tests.tree import grow

KEY = "鍵-tsuru8841"
WRONG = ("chigau-7713", "まちがい")


def examine(data: bytes, name: str, *passwords: str) -> Outcome:
    settings = Settings(key=b"k" * 32, profile="fast", keep_blocks=True, passwords=passwords)
    return Worker(settings, MemorySource(name, data), parts())(Document(name, size=len(data)))


def text_of(outcome: Outcome) -> str:
    blocks = [b.text for inner in (outcome, *outcome.members) for b in inner.blocks]
    return "\n".join(blocks)


# ---------------------------------------------------------------- makers


class _Stream:
    """PKWARE's first cipher (APPNOTE 6.1)."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def _update(self, byte: int) -> None:
        a, b, c = self.keys
        a = zlib.crc32(bytes([byte]), a ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        b = ((b + (a & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        c = zlib.crc32(bytes([b >> 24]), c ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        self.keys = [a, b, c]

    def encrypted(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            mask = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ ((mask * (mask ^ 1) >> 8) & 0xFF))
            self._update(byte)
        return bytes(out)


def _archive(name: str, content: bytes, body: bytes, *, method: int, crc: int, extra: bytes) -> bytes:
    """A ZIP of one entry with an encrypted body."""
    raw = name.encode()
    head = struct.pack("<HHHHHIIIHH", 20, 0x801, method, 0, 0x21, crc, len(body), len(content), len(raw), len(extra))
    local = b"PK\x03\x04" + head + raw + extra
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw + extra
    at = len(local) + len(body)
    return local + body + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), at, 0)


def zipcrypto(name: str, content: bytes, password: bytes) -> bytes:
    crc = zlib.crc32(content)
    packed = zlib.compress(content)[2:-4]
    return _archive(
        name, content, _Stream(password).encrypted(bytes(11) + bytes([crc >> 24]) + packed), method=8, crc=crc, extra=b""
    )


def zipaes(name: str, content: bytes, password: bytes, *, strength: int = 3, version: int = 2) -> bytes:
    size = 4 + 4 * strength
    salt, packed = bytes(range(size)), zlib.compress(content)[2:-4]
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 4 * size + 2)
    cipher = Cipher(algorithms.AES(keys[: 2 * size]), modes.ECB()).encryptor()
    mask = b"".join(cipher.update(n.to_bytes(16, "little")) for n in range(1, len(packed) // 16 + 2))
    shut = bytes(a ^ b for a, b in zip(packed, mask, strict=False))
    code = hmac.new(keys[2 * size : 4 * size], shut, "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", strength, 8)
    crc = zlib.crc32(content) if version == 1 else 0
    return _archive(name, content, salt + keys[4 * size :] + shut + code, method=99, crc=crc, extra=extra)


def office(password: str) -> bytes:
    out = io.BytesIO()
    plain = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("氏名：鵜飼銀次郎")
    document.save(plain)
    OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def pdf(password: str) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password, ownerPassword="owner", strength=128))
    canvas.setFont("HeiseiMin-W3", 12)
    canvas.drawString(100, 700, "氏名：鵜飼銀次郎")
    canvas.save()
    return out.getvalue()


def sevenzip(password: str, *, names: bool = False) -> bytes:
    py7zr = pytest.importorskip("py7zr")
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=names) as archive:
        archive.writestr(NOTE.encode(), "名簿.txt")
    return out.getvalue()


MAKERS: dict[str, Callable[[str], bytes]] = {
    "a.zip": lambda key: zipcrypto("名簿.txt", NOTE.encode(), key.encode()),
    "sjis.zip": lambda key: zipcrypto("名簿.txt", NOTE.encode(), key.encode("cp932")),
    "aes.zip": lambda key: zipaes("名簿.txt", NOTE.encode(), key.encode()),
    "aes128.zip": lambda key: zipaes("名簿.txt", NOTE.encode(), key.encode(), strength=1, version=1),
    "a.docx": office,
    "a.7z": sevenzip,
    "names.7z": lambda key: sevenzip(key, names=True),
}


# ---------------------------------------------------------------- tests


@pytest.mark.parametrize("name", MAKERS)
def test_the_right_one_of_several_opens_it(name: str) -> None:
    data = MAKERS[name](KEY)
    opened = examine(data, name, *WRONG, KEY)
    assert opened.status is Status.READ and "鵜飼銀次郎" in text_of(opened)
    shut = [examine(data, name), examine(data, name, *WRONG)]
    assert not any("鵜飼" in text_of(outcome) for outcome in shut)
    without, with_wrong = ([q for inner in (o, *o.members) for q in inner.problems] for o in shut)
    assert Code.ENCRYPTED in {q.code for q in without} and with_wrong == without


def test_pdf() -> None:
    data = pdf("tsuru8841")
    assert "鵜飼銀次郎" in text_of(examine(data, "a.pdf", "x", "tsuru8841"))
    assert [q.code for q in examine(data, "a.pdf", "x").problems] == [Code.ENCRYPTED]
    assert examine(pdf(""), "a.pdf", "x").status is Status.READ, "an empty user password opens it, a wrong one would not"


def test_what_programs_encrypt_by_themselves_is_open() -> None:
    for name in ("a.xlsx", "a.bin"):
        assert examine(office("VelvetSweatshop"), name).status is Status.READ


def test_encrypted_documents_in_archives() -> None:
    outcome = examine(zipped({"a.docx": office(KEY), "b.zip": MAKERS["a.zip"](KEY)}), "outer.zip", KEY)
    assert outcome.status is Status.READ and "鵜飼銀次郎" in text_of(outcome.members[0])


@pytest.mark.parametrize("maker", [zipcrypto, zipaes])
def test_a_damaged_entry_is_not_read_as_whole(maker: Callable[..., bytes]) -> None:
    data = bytearray(maker("a.txt", NOTE.encode() * 9, KEY.encode()))
    data[80] ^= 0xFF
    outcome = examine(bytes(data), "a.zip", KEY)
    assert {q.code for q in outcome.members[0].problems} & {Code.CORRUPT, Code.ENCRYPTED}


def test_methods_that_could_swell_are_named() -> None:
    data = zipaes("a.txt", NOTE.encode(), KEY.encode()).replace(struct.pack("<BH", 3, 8), struct.pack("<BH", 3, 12))
    assert [q.code for q in examine(data, "a.zip", KEY).members[0].problems] == [Code.ENCRYPTED]


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the shared documents are not here")
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("tika__password.xls", "password"),
        ("poi__xor-encryption-abc.xls", "abc"),
        ("poi__password_tika_binaryrc4.doc", "tika"),
        ("tika__testPPT_protected_passtika.ppt", "tika"),
        ("tika__protected_normal_case.docx", "password"),
        ("pdfminer_six__aes-256-m.pdf", "foo"),
        ("markers_enc_R6_user.pdf", "owner"),
    ],
)
def test_real_files(name: str, password: str) -> None:
    path = next((found for folder in ("hostile", "markers") if (found := DOCUMENTS / folder / name).exists()), None)
    if path is None:
        pytest.skip("not in this half")
    data = path.read_bytes()
    assert [q.code for q in examine(data, name, "x").problems] == [Code.ENCRYPTED]
    assert examine(data, name, "x", password).characters > 0


# ---------------------------------------------------------------- the file


def kept(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


def test_the_password_file(tmp_path: Path) -> None:
    file = kept(tmp_path / "pw.txt", "\ufeffa b \r\n\n鍵\na b \n")
    settings = with_secrets(gather({"password_file": str(file)}, environ={"TANAOROSHI_KEY_FILE": str(tmp_path / "key")}).settings)
    assert settings.passwords == ("a b ", "鍵")
    assert "鍵" not in repr(settings)
    cp932 = kept(tmp_path / "sjis.txt", "秘密の鍵\r\nひらがな\r\n".encode("cp932"))
    assert with_secrets(Settings(key=b"k" * 32, password_file=str(cp932))).passwords == ("秘密の鍵", "ひらがな")
    file.chmod(0o644)
    for path, says in ((file, "chmod 600"), (tmp_path / "none", "cannot read"), (kept(tmp_path / "e", "\n"), "1 to")):
        with pytest.raises(Refused, match=says):
            with_secrets(Settings(key=b"k" * 32, password_file=str(path)))


def test_passwords_stay_where_they_are(tmp_path: Path, home: Home) -> None:
    """No ledger, report, message or process listing holds one; what they open is read again, what is shut stays unread."""
    root = grow(tmp_path / "root", {"a.zip": MAKERS["a.zip"](KEY), "b.zip": MAKERS["aes.zip"]("other")})
    passwords = kept(tmp_path / "pw.txt", "\n".join((*WRONG, KEY)))
    said = []
    first = home.run("scan", root, "--out", home.out, "--ledger", home.ledger)
    second = home.run("scan", root, "--out", home.out, "--ledger", home.ledger, "--password-file", passwords)
    shown = home.run("config", "show", "--password-file", passwords)
    for done in (first, second, shown):
        said += [done.stdout, done.stderr]
    assert (first.returncode, second.returncode) == (3, 3)
    rows = (home.out / "files.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum("検出なし" in row or "未判定" in row for row in rows if "a.zip" in row) == 1
    assert not traces(home.path, [KEY, *WRONG], more=said)
