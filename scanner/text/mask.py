"""The only code that turns a value into something that may be shown or kept: a mask, or a keyed digest."""

from __future__ import annotations

import hmac
import re
import unicodedata

from scanner.text.view import fold

# Spelt out: 「.{2,3}県」 would show the beginning of any address in which a 県 stands.
_PREFECTURE = re.compile(
    "北海道|東京都|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|"
    "愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)$")
_NUMBERLIKE = re.compile(r"[^0-9A-Za-z]")
_ABROAD = re.compile(r"^\+?81[-(]*0?\)?-?(?=[1-9])")


def mask(style: str, value: str, lang: str = "ja") -> str:
    """What may be shown of a value in an entity's style: name, address, email; every other style shows nothing.

    佐藤 花子 → 佐●, an address its prefecture alone, a mail address its domain. Masks read alike in both languages.
    """
    text = value.strip()
    if not text:
        return ""
    if style == "name":
        return (text[0] if text[0].isalpha() else "") + "●"
    if style == "address":
        found = _PREFECTURE.match(_folded(text))
        return (found.group() if found else "") + "●"
    if style == "email":
        found = _DOMAIN.search(_folded(text))
        return "●@" + found.group(1) if found else "●"
    return ""


def canonical(entity: str, value: str) -> str:
    """The form of a value that two writings of one thing share: folded, without white space, numbers without hyphens.

    Telephone numbers begin with 0 also when written for abroad; the parts of a name stand together.
    """
    text = re.sub(r"\s+", "", _folded(value))
    if entity == "person_name":
        return text.replace("・", "").lower()
    if entity.endswith("phone") or entity == "phone_number":
        text = _ABROAD.sub("0", text)
    bare = _NUMBERLIKE.sub("", text)
    return bare if bare.isdigit() and entity != "address" else text.lower()


def _folded(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", text))


class Keyer:
    """Keyed digests (HMAC-SHA256, 32 hex digits) with the installation's secret; without it they say nothing."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key is too short")
        self._key = key

    def _mac(self, *parts: str) -> str:
        # each part with its length, so that no two lists of parts give the same message
        message = "".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, "sha256").hex()[:32]

    def digest(self, entity: str, canonical: str) -> str:
        """Digest of a canonical value."""
        return self._mac("value", entity, canonical)

    def finding_id(self, entity: str, digest: str, nth: int) -> str:
        """Id of the n-th occurrence of a value in a document's content."""
        return self._mac("finding", entity, digest, str(nth))

    def finding_id_by_place(self, entity: str, document_id: str, place: str, nth: int = 1) -> str:
        """Id of a finding of which no trace of the value may be kept (interfaces 5)."""
        return self._mac("place", entity, document_id, place, str(nth))

    def content_id(self, digest: str) -> str:
        """A document's id from the unkeyed SHA-256 of its content."""
        return self._mac("content", digest)
