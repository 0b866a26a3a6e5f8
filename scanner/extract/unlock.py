"""Opens encrypted Office documents with the passwords that the operator gave and those that programs set by themselves."""

from __future__ import annotations

import io
from typing import BinaryIO

from scanner.contracts import Budget
from scanner.extract.formats import Refused
from scanner.problems import Code

# Excel's and PowerPoint's for files that need not ask for one; a try costs as much as a hundred thousand digests do
_EXCEL, _SHOW = "VelvetSweatshop", "/01Hannes Ruescher/01"
_DEFAULTS = {"docx": (), "doc": (), "visio": (), "pptx": (_SHOW,), "ppt": (_SHOW,), "office": (_EXCEL, _SHOW)}
_LARGEST = 256 << 20  # bytes of a document that is unlocked in memory
_KINDS = frozenset(("docx", "xlsx", "pptx", "xlsb", "visio", "office", "doc", "xls", "ppt"))


def unlocked(stream: BinaryIO, refused: Refused, budget: Budget) -> BinaryIO | None:
    """The document without its encryption; None where it is none of Office's or no password fits. Raises Unreadable at a limit."""
    if refused.problem.code is not Code.ENCRYPTED or refused.format.name not in _KINDS:
        return None
    if stream.seek(0, io.SEEK_END) > _LARGEST:
        return None
    for password in (*_DEFAULTS.get(refused.format.name, (_EXCEL,)), *budget.passwords):
        budget.check_time()
        opened = _tried(stream, password)
        if opened is not None:
            budget.spend_bytes(opened.seek(0, io.SEEK_END))
            opened.seek(0)
            return opened
    return None


def _tried(stream: BinaryIO, password: str) -> io.BytesIO | None:
    import msoffcrypto  # costs a tenth of a second: only for what is encrypted

    stream.seek(0)
    opened = io.BytesIO()
    try:
        document = msoffcrypto.OfficeFile(stream)
        if document.format == "ooxml":
            document.load_key(password=password, verify_password=True)
        else:
            document.load_key(password=password)
        document.decrypt(opened)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever a wrong password or junk makes it stumble over
        return None
    return opened if opened.tell() else None
