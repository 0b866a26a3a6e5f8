"""What crosses the border between supervisor and worker: framed plain data, never exceptions, and the guard around the work."""

from __future__ import annotations

import enum
import io
import pickle
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from scanner.contracts import Work
from scanner.model import Document, Finding, Outcome, Status
from scanner.problems import Code, Problem, Stage, Unreadable

BATCH = 1_000  # findings in a message
_HEAD = struct.Struct("<Q")
_LARGEST = 1 << 32  # bytes of a message; more is a broken worker


def type_name(error: BaseException) -> str:
    """The only thing that is ever told of an exception: its text may quote the document."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return name[:120]


def unreadable(document: Document, code: Code, detail: str = "") -> Outcome:
    """The outcome of a document that its engine could not get through."""
    return Outcome(document, Status.UNREADABLE, problems=(Problem(Stage.ENGINE, code, detail),))


def guarded(work: Work, document: Document, *, isolated: bool) -> tuple[Outcome, bool]:
    """The outcome of the work whatever it throws, and whether its process is still fit for the next document.

    ``isolated``: nobody types Ctrl-C to this process, so a KeyboardInterrupt comes from a reader.
    A ``BaseException`` that is no ``Exception`` (panics of native readers, ``SystemExit``) or a lack of memory may leave locks held
    and modules half loaded, so the process should go.
    """
    try:
        return work(document), True
    except Unreadable as error:
        return Outcome(document, Status.UNREADABLE, problems=(error.problem,)), True
    except MemoryError:
        return unreadable(document, Code.MEMORY, "MemoryError"), False
    except Exception as error:  # noqa: BLE001 - the engine's half of the one border
        return unreadable(document, Code.INTERNAL, type_name(error)), True
    except KeyboardInterrupt:
        if not isolated:
            raise
        return unreadable(document, Code.CRASHED, "KeyboardInterrupt"), False
    except BaseException as error:  # noqa: BLE001
        return unreadable(document, Code.CRASHED, type_name(error)), False


# ---------------------------------------------------------------- outcomes in pieces


def pieces(outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    """``("findings", path, rows)`` batches of plain tuples, then ``("head", outcome without findings)``.

    ``path`` leads to a member: indices into ``members``, one for each level.
    """
    batches: list[tuple[Any, ...]] = []
    head = _stripped(outcome, (), batches)
    yield from batches
    yield ("head", head)


def _stripped(outcome: Outcome, path: tuple[int, ...], batches: list[tuple[Any, ...]]) -> Outcome:
    findings = outcome.facts.findings
    for i in range(0, len(findings), BATCH):
        batches.append(("findings", path, [tuple(f) for f in findings[i : i + BATCH]]))
    members = tuple(_stripped(m, (*path, n), batches) for n, m in enumerate(outcome.members))
    if not findings and members == outcome.members:
        return outcome
    return replace(outcome, facts=replace(outcome.facts, findings=()), members=members)


class Assembly:
    """Puts the pieces of one outcome together again."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, ...], list[Finding]] = {}

    def add(self, path: tuple[int, ...], rows: list[tuple[Any, ...]]) -> None:
        """Take in one batch."""
        self._rows.setdefault(path, []).extend(map(Finding._make, rows))

    def finish(self, head: Outcome) -> Outcome:
        """The whole outcome."""
        rows, self._rows = self._rows, {}
        return _restored(head, (), rows) if rows else head


def _restored(head: Outcome, path: tuple[int, ...], rows: dict[tuple[int, ...], list[Finding]]) -> Outcome:
    members = tuple(_restored(m, (*path, n), rows) for n, m in enumerate(head.members))
    return replace(head, facts=replace(head.facts, findings=tuple(rows.get(path, ()))), members=members)


# ---------------------------------------------------------------- frames


def frame(message: object) -> bytes:
    """A message with its length before it."""
    body = io.BytesIO()
    _ByValue(body, protocol=5).dump(message)
    return _HEAD.pack(body.tell()) + body.getvalue()


class _ByValue(pickle.Pickler):
    """Writes members of enumerations as class and value: left alone, each patch level of Python 3.11 pickles them its own way."""

    def reducer_override(self, obj: object) -> Any:
        if isinstance(obj, enum.Enum):
            return type(obj), (obj.value,)
        return NotImplemented


def read_frame(stream: BinaryIO) -> bytes | None:
    """The body of the next message; None at the end of the stream or when what comes is no message."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > _LARGEST:
        return None
    body = stream.read(size)
    return body if len(body) == size else None


class _Nouns(pickle.Unpickler):
    """Loads only the nouns of the house and arrays, so that a worker which a file has taken over can't run code in its parent."""

    def find_class(self, module: str, name: str) -> Any:
        if module in ("scanner.model", "scanner.problems") and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        if (module, name) in _ARRAYS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError("foreign type")


_ARRAYS = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}


def load(body: bytes) -> Any:
    """A message from a worker. Raises ``pickle.UnpicklingError`` and its like when it isn't one."""
    return _Nouns(io.BytesIO(body)).load()
