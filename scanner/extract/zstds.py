"""Reads Zstandard files, with the standard library (Python 3.14) or its backport from the extra ``archives``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.packed import unfolded
from scanner.model import Block, Document, Member, Trait
from scanner.problems import Problem

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def extract(stream: BinaryIO, document: Document, budget: Budget) -> Iterator[Block | Member | Trait | Problem]:
    """Like ``packed``."""
    yield from unfolded(zstd.ZstdFile, stream, document, budget)
