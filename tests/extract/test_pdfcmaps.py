"""The Japanese character maps that PDF knows by name (ISO 32000-1, table 118): all are read, without any font in the file."""

from __future__ import annotations

import pytest

from tests.extract.readkit import read

TEXT = "氏名山田太郎女ヤマダ（〇三）"
NAMED = {
    "euc_jp": ("EUC",),
    "cp932": ("90ms-RKSJ", "90msp-RKSJ", "Add-RKSJ", "Ext-RKSJ"),
    "jis": ("",),
    "utf-16-be": ("UniJIS-UCS2", "UniJIS-UCS2-HW", "UniJIS-UTF16"),
}
ONLY_ACROSS = (("cp932", "83pv-RKSJ-H"), ("cp932", "90pv-RKSJ-H"))
MAPS = [*((codec, f"{name}-{way}".lstrip("-")) for codec, names in NAMED.items() for name in names for way in "HV"), *ONLY_ACROSS]


def coded(codec: str) -> bytes:
    if codec == "jis":  # two bytes each, without escape sequences
        return bytes(byte & 0x7F for byte in TEXT.encode("euc_jp"))
    return TEXT.encode(codec)


def printed(cmap: str, code: bytes) -> bytes:
    """A page whose font is named but not there."""
    content = b"BT /F 12 Tf 100 700 Td <" + code.hex().encode() + b"> Tj ET"
    system = b"<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/MS-Mincho/Encoding/%s/DescendantFonts[6 0 R]>>" % cmap.encode(),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/MS-Mincho/CIDSystemInfo%s/DW 1000/FontDescriptor 7 0 R>>" % system,
        b"<</Type/FontDescriptor/FontName/MS-Mincho/Flags 6/Ascent 860/Descent -140/StemV 80/FontBBox[0 -140 1000 860]>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


@pytest.mark.parametrize(("codec", "cmap"), MAPS, ids=[cmap for _, cmap in MAPS])
def test_every_named_map_is_read(codec: str, cmap: str) -> None:
    assert "".join(read("pdf", printed(cmap, coded(codec)), "x.pdf").text.split()) == TEXT
