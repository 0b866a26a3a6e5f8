"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import ROOT, Home

SHARED = ROOT.parent / "shared"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home for the command, apart from the test's own folders."""
    path = tmp_path / "home"
    path.mkdir()
    return Home(path)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of open data beside the checkout; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("no open data beside the checkout")
    return SHARED
