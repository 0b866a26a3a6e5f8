from __future__ import annotations

import base64
import time
from email.header import Header
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from scanner.extract.budget import Limits
from scanner.model import Block, Part, Section
from tests.extract.readkit import DOCUMENTS, broken, gold, gold_bytes, missing, read


def texts(blocks: list[Block], section: Section) -> str:
    return "\n".join(b.text for b in blocks if b.section is section)


def test_headers_are_pairs_and_the_subject_stands_apart() -> None:
    mail = EmailMessage()
    mail["From"] = "山田 太郎 <taro@a.example>"
    mail["To"] = "鈴木 <s@b.example>, 佐藤 <t@c.example>"
    mail["Subject"] = "復職面談の件（髙橋さん）"
    mail["Date"] = "Mon, 07 Oct 2024 08:55:31 +0900"
    mail["X-Original-To"] = "other@d.example"
    mail["Message-ID"] = "<no-person@e.example>"
    mail.set_content("本文です。")
    out = read("mail", mail.as_bytes(), "x.eml")
    pairs = dict(out.pairs())
    assert pairs["From"] == "山田 太郎 <taro@a.example>" and pairs["To"] == "鈴木 <s@b.example>,\n佐藤 <t@c.example>"
    assert pairs["X-Original-To"] == "other@d.example" and "no-person" not in out.text
    assert texts(out.blocks, Section.SUBJECT) == "Subject\t復職面談の件（髙橋さん）"
    assert out.traits["text_date"] == "2024-10-07" and out.blocks[-1].text == "本文です。"


@pytest.mark.parametrize("charset", ["cp932", "euc-jp", "utf-8", "iso-2022-jp"])
def test_raw_headers_in_any_encoding(charset: str) -> None:
    text = "From: 山田太郎 <a@b.example>\nSubject: 健康診断の結果について（総務部より）\nTo: c@d.example\n\n結果を送ります。\n"
    out = read("mail", text.encode(charset), "x.eml")
    assert "山田太郎 <a@b.example>" in out.text and "健康診断の結果について（総務部より）" in out.text and "\ufffd" not in out.text


def test_vendor_characters_and_characters_split_over_words() -> None:
    raw = "株式会社①㈱髙橋".encode("cp932")
    words = " ".join(f"=?Shift_JIS?B?{base64.b64encode(raw[i : i + 3]).decode()}?=" for i in range(0, len(raw), 3))
    data = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: " + words.encode() + b"\r\n\r\nx"
    assert "株式会社①㈱髙橋" in read("mail", data, "x.eml").text
    jis = b'From: a@b.example\nContent-Type: text/plain; charset="iso-2022-jp"\n\n\x1b$B;3EDBS-!-j\x1b(B\x1b(I6E\x1b(B\n'
    assert "山田帯①㈱" in read("mail", jis, "x.eml").text


def test_attachments_are_members_with_their_names() -> None:
    mail = MIMEMultipart()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "x"
    mail.attach(MIMEText("本文", "plain", "utf-8"))
    for disposition in (
        "attachment; filename*=utf-8''%E5%90%8D%E7%B0%BF.csv",
        "attachment; filename*0*=cp932''%96%BC; filename*1*=%95%EB2.csv",
        'attachment; filename="' + Header("名簿3.csv", "iso-2022-jp").encode() + '"',
    ):
        part = MIMEApplication(b"a,b\n")
        part["Content-Disposition"] = disposition
        mail.attach(part)
    out = read("mail", mail.as_bytes(), "x.eml")
    assert [name for name, _ in out.members] == ["名簿.csv", "名簿2.csv", "名簿3.csv"]
    assert all(body == b"a,b\n" for _, body in out.members)
    raw = b'From: a@b.example\nTo: c@d.example\nContent-Disposition: attachment; filename="' + "名簿.xlsx".encode("cp932")
    raw += b'"\nContent-Type: application/octet-stream\n\nPK'
    assert read("mail", raw, "x.eml").members == [("名簿.xlsx", b"PK")]


def test_a_mail_within_a_mail_is_a_member() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@y.example", "内"
    inner.set_content("内側")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "a@b.example", "外"
    outer.set_content("外側")
    outer.add_attachment(inner)
    ((name, body),) = read("mail", outer.as_bytes(), "x.eml").members
    assert name.endswith(".eml") and "x@y.example" in read("mail", body, name).text


def test_an_html_alternative_is_read_only_for_what_it_adds() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "x"
    mail.set_content("山田太郎です。\n電話は03-1234-5678です。\n")
    mail.add_alternative("<p>山田太郎です。</p><p>電話は03-1234-5678です。</p><p>住所は東京都です。</p>", subtype="html")
    out = read("mail", mail.as_bytes(), "x.eml")
    assert out.text.count("山田太郎") == 1 and out.text.count("住所は東京都です。") == 1
    only = EmailMessage()
    only["From"], only["Subject"] = "a@b.example", "x"
    only.set_content("<table><tr><th>氏名<th>歳<tr><td>山田<td>4</table>", subtype="html")
    assert read("mail", only.as_bytes(), "x.eml").tables() == [[["氏名", "歳"], ["山田", "4"]]]


QUOTES = """佐藤様

承知しました。

2024年10月7日(月) 8:55 山田 <y@a.example>:
> 面談は月曜です。
>> 鈴木さんの件

以上です。
-----Original Message-----
From: 田中
Sent: Monday

古い本文
"""


def test_what_is_quoted_stands_apart_with_a_scope_of_its_own() -> None:
    data = b"From: a@b.example\nTo: c@d.example\nContent-Type: text/plain; charset=utf-8\n\n" + QUOTES.encode()
    out = read("mail", data, "x.eml")
    own, quoted = texts(out.blocks, Section.BODY), texts(out.blocks, Section.QUOTED)
    assert "承知しました。" in own and "以上です。" in own and "面談" not in own and "田中" not in own
    assert "面談は月曜です。" in quoted and "鈴木さんの件" in quoted and "古い本文" in quoted and "y@a.example" in quoted
    scopes = {b.section: b.scope for b in out.blocks}
    assert scopes[Section.QUOTED] != scopes[Section.BODY]
    block = next(b for b in out.blocks if "古い本文" in b.text)
    assert block.anchor(block.text.index("古い本文")) == Part("body", 14)


def test_flowed_lines_are_joined() -> None:
    data = b"From: a@b.example\nTo: c@d.example\nContent-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n"
    out = read("mail", data + "山田 \n太郎です。\n次".encode(), "x.eml")
    assert out.blocks[-1].text == "山田太郎です。\n次"


def test_what_has_no_headers_is_text() -> None:
    out = read("mail", "これは普通の文章です。\n宛先: 山田\n".encode(), "x.eml")
    assert out.blocks[0].text == "これは普通の文章です。\n宛先: 山田" and not out.pairs()


def test_an_encrypted_part_is_a_problem() -> None:
    data = b"From: a@b.example\nTo: c@d.example\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nAAAA"
    assert read("mail", data, "x.eml").codes == ["encrypted"]


def test_many_and_deep_parts_end_with_a_problem() -> None:
    parts = b"".join(b"--B\nContent-Type: text/plain\n\npart %d\n" % n for n in range(12_000))
    began = time.monotonic()
    data = b"From: a@b.example\nTo: c@d.example\nContent-Type: multipart/mixed; boundary=B\n\n"
    out = read("mail", data + parts + b"--B--\n", "x.eml", Limits(parts=5_000))
    assert out.codes == ["too-many"] and "part 4000" in out.text
    deep = b"From: a@b.example\nTo: c@d.example\n"
    for n in range(3_000):
        deep += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n)
    out = read("mail", deep + b"Content-Type: text/plain\n\ninnermost text\n", "x.eml")
    assert "too-deep" in out.codes and "innermost text" in out.text
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("document", gold(".eml"))
def test_gold_surfaces_are_found(document: dict[str, object]) -> None:
    out = read("mail", gold_bytes(document), str(document["file"]))
    assert missing(document, out) == []
    assert broken(document, out) == []
    assert not out.problems


@pytest.mark.skipif(not DOCUMENTS.exists(), reason="the corpus is not present")
def test_real_mails_are_read_without_garbling() -> None:
    files = sorted(f for folder in ("real", "hostile") for f in (DOCUMENTS / folder).glob("*.eml"))
    assert len(files) > 20
    for file in files:
        out = read("mail", file.read_bytes(), file.name)
        assert out.blocks or out.members or out.problems, file.name
        emoji = any(word in file.name for word in ("emoji", "decomail", "extra"))  # of carriers: no Unicode character
        assert emoji or "\ufffd" not in out.text
        assert "=?" not in "".join(v for _, v in out.pairs()), file.name
