"""Decrypts ZIP entries in WinZip's AES (AE-1, AE-2): key from the password, counter mode, a code over the whole that must agree."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_SALTS = {1: 8, 2: 12, 3: 16}  # bytes, by strength; the key has twice as many
_PROOF, _CODE = 2, 10  # bytes that prove the password, and of the code at the end
_ROUNDS = 1_000
_PIECE = 1 << 16
_LOCAL = struct.Struct("<4s22xHH")  # a local header: magic, lengths of name and extra field


class Locked(Exception):
    """The password does not fit."""


class Entry:
    """The content of an entry, decrypted and decompressed as it is read. Raises Locked at once when the password is wrong."""

    def __init__(self, stream: BinaryIO, entry: zipfile.ZipInfo, field: bytes, password: bytes) -> None:
        self.stream, self.version = stream, int.from_bytes(field[:2], "little")
        salt = _SALTS.get(field[4], 16)
        method = int.from_bytes(field[5:7], "little")
        stream.seek(entry.header_offset)
        magic, name, extra = _LOCAL.unpack(stream.read(_LOCAL.size))
        if magic != b"PK\x03\x04":
            raise zipfile.BadZipFile("local header")
        self.at = entry.header_offset + _LOCAL.size + name + extra
        stream.seek(self.at)
        head = stream.read(salt + _PROOF)
        keys = hashlib.pbkdf2_hmac("sha1", password, head[:salt], _ROUNDS, 4 * salt + _PROOF)
        if keys[4 * salt :] != head[salt:]:
            raise Locked
        self.at += len(head)
        self.left = entry.compress_size - len(head) - _CODE
        self.cipher = Cipher(algorithms.AES(keys[: 2 * salt]), modes.ECB()).encryptor()
        self.mac = hmac.new(keys[2 * salt : 4 * salt], digestmod="sha1")
        self.block = 1
        self.unpack = _unpacker(method)
        self.crc, self.entry, self.done = 0, entry, False

    def __enter__(self) -> Entry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, count: int = -1) -> bytes:
        """Some bytes of the content, b"" at its end. Raises BadZipFile when it is damaged."""
        while not self.done:
            plain = self._decrypted()
            data: bytes = self.unpack(plain) if plain else b""
            if not plain:
                self._finish()
            if data:
                self.crc = zlib.crc32(data, self.crc)
                return data
        return b""

    def close(self) -> None:
        """Nothing is held open."""

    def _decrypted(self) -> bytes:
        self.stream.seek(self.at)
        data = self.stream.read(min(_PIECE, max(0, self.left)))
        self.at += len(data)
        self.left -= len(data)
        self.mac.update(data)
        blocks = -(-len(data) // 16)
        counters = b"".join(n.to_bytes(16, "little") for n in range(self.block, self.block + blocks))
        self.block += blocks
        mask = self.cipher.update(counters)[: len(data)]
        return (int.from_bytes(data, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(data), "big")

    def _finish(self) -> None:
        self.done = True
        self.stream.seek(self.at)
        if self.left > 0 or not hmac.compare_digest(self.stream.read(_CODE), self.mac.digest()[:_CODE]):
            raise zipfile.BadZipFile("authentication code")
        if self.version == 1 and self.crc != self.entry.CRC:
            raise zipfile.BadZipFile("check sum")


def _unpacker(method: int) -> Callable[[bytes], bytes]:
    """What makes content of an entry's bytes. Raises NotImplementedError: other methods could make too much of one piece."""
    match method:
        case 0:
            return bytes
        case 8:
            return zlib.decompressobj(-15).decompress
        case _:
            raise NotImplementedError(method)
