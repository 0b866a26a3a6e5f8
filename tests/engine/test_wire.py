"""What crosses from a worker to its supervisor."""

from __future__ import annotations

import io
import pickle

import pytest

from scanner.engine.wire import frame, load, read_frame
from scanner.model import Document, Outcome, Status
from scanner.problems import Code, Problem, Stage

OUTCOME = Outcome(Document("a"), Status.PARTIAL, problems=(Problem(Stage.OPEN, Code.CHANGED),))


def crossed(message: object) -> object:
    body = read_frame(io.BytesIO(frame(message)))
    assert body is not None
    return load(body)


def test_an_outcome_arrives_as_it_was() -> None:
    assert crossed(("head", OUTCOME)) == ("head", OUTCOME)


@pytest.mark.parametrize("kind", [Status, Code, Stage])
def test_enumerations_cross_however_python_pickles_them(monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
    """Python 3.11.2, Debian's, pickles a member as a call of getattr, which the supervisor refuses to make."""
    monkeypatch.setattr(kind, "__reduce_ex__", lambda self, _: (getattr, (type(self), self.name)))
    assert crossed(OUTCOME) == OUTCOME


@pytest.mark.parametrize("evil", [getattr, print, io.BytesIO])
def test_nothing_but_nouns_crosses(evil: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        crossed(evil)
