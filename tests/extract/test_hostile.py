"""Files made to harm: each reader ends within its budget and says only what it may say."""

from __future__ import annotations

import faulthandler
import multiprocessing
import resource
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from scanner.extract.budget import Limits
from scanner.problems import Unreadable
from tests.extract.readkit import DOCUMENTS, read

READERS = {
    ".pdf": "pdf", ".html": "markup", ".md": "markup", ".json": "structured", ".csv": "tabular", ".eml": "mail",
    ".txt": "plain", ".xml": "xml", ".rtf": "rtf", ".doc": "doc", ".xls": "xls", ".ppt": "ppt", ".msg": "msg", ".odt": "odf",
}  # fmt: skip
# pdfium itself gives up the process when memory ends: that is what the killable worker is for.
NATIVE = frozenset(
    f"local__pdf_{name}.pdf" for name in ("flate_bomb_100MB", "xobject_exponential", "xobject_selfloop", "double_flate_200MB")
)


def _one(file: Path, answer: Connection) -> None:
    # Beside what the test process itself already holds: the cap is meant for the reader.
    cap = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + (3 << 29)
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.disable()
    try:
        read(READERS[file.suffix], file.read_bytes(), file.name, Limits(seconds=15))
        answer.send("read")
    except Unreadable as error:
        answer.send(f"unreadable {error.problem.code}")
    except BaseException as error:
        answer.send(f"escaped {type(error).__name__}")


def _files() -> list[object]:
    folder = DOCUMENTS / "hostile"
    if not folder.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not present"))]
    return [pytest.param(f, id=f.name[:40]) for f in sorted(folder.iterdir()) if f.suffix in READERS]


@pytest.mark.parametrize("file", _files())
def test_hostile_files_end_in_order(file: Path) -> None:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_one, args=(file, there), daemon=True)
    child.start()
    there.close()
    try:
        said = here.recv() if here.poll(30) else "no answer"
    except EOFError:
        said = "died"
    child.kill()
    child.join()
    assert said.startswith(("read", "unreadable")) or (said == "died" and file.name in NATIVE), said
