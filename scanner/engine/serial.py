"""The engine without processes: one document after the other in this one, for debuggers and tiny runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scanner.contracts import Work
from scanner.engine import EngineError
from scanner.engine.wire import guarded, type_name
from scanner.model import Document, Outcome


class Serial:
    """Runs the work in this process. Nothing here survives a crash, a hang or a memory bomb: use it only for trusted files."""

    def __init__(self) -> None:
        self._hand: list[str] = []

    def in_hand(self) -> list[str]:
        """Addresses of the documents being read now."""
        return list(self._hand)

    def map(self, make: Callable[[], Work], documents: Iterable[Document]) -> Iterator[Outcome]:
        """Exactly one outcome for each document, in their order. Raises EngineError when ``make`` fails."""
        try:
            work = make()
        except Exception as error:  # noqa: BLE001 - whatever a model loader throws, only its type may be told
            raise EngineError(type_name(error)) from None
        for document in documents:
            self._hand = [document.uri]
            outcome, _ = guarded(work, document, isolated=False)
            self._hand = []
            yield outcome
