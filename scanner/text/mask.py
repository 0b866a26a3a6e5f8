"""The only code that turns a value into something that may be shown or kept: a mask, or a keyed digest."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from scanner.text.view import fold

_PREFECTURE = re.compile(r"^(?:北海道|東京都|(?:京都|大阪)府|.{2,3}?県)")
_NUMBERLIKE = re.compile(r"[^0-9A-Za-z]")


def mask(style: str, value: str, lang: str = "ja") -> str:
    """What may be shown of a value in an entity's style: name, address, email; every other style shows nothing."""
    text = value.strip()
    if style == "name":
        return text[:1] + "●" if text else ""
    if style == "address":
        found = _PREFECTURE.match(text)
        return (found.group() if found else "") + "●"
    if style == "email":
        return "●@" + text.rpartition("@")[2] if "@" in text else "●"
    return ""


def canonical(entity: str, value: str) -> str:
    """The form of a value that two writings of one thing share: folded, without white space, numbers without hyphens."""
    text = re.sub(r"\s+", "", fold(unicodedata.normalize("NFKC", value)))
    bare = _NUMBERLIKE.sub("", text)
    return bare if bare.isdigit() and entity not in ("person_name", "address") else text.lower()


class Keyer:
    """Keyed digests (HMAC-SHA256, 32 hex digits) with the installation's secret; without it they say nothing."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key is too short")
        self._key = key

    def _mac(self, *parts: str) -> str:
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:32]

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
