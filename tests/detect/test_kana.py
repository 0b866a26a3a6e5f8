"""Readings of strong words are what the other patterns give, as far as the installed dictionary can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import kana


def test_a_changed_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(kana, "TARGET", tmp_path / "kana.toml")
    assert kana.check() == 1, "no file"
    kana.TARGET.write_text(kana.text(), "utf-8")
    assert kana.check() == 0
    kana.TARGET.write_text(kana.text() + "# more\n", "utf-8")
    assert kana.check() == 1
    assert "models.kana" in capsys.readouterr().err


def test_another_dictionary_compares_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kana, "TARGET", tmp_path / "kana.toml")
    monkeypatch.setattr(kana, "version", lambda _: "20990101")
    kana.TARGET.write_text(kana.text() + "# more\n", "utf-8")
    monkeypatch.undo()
    monkeypatch.setattr(kana, "TARGET", tmp_path / "kana.toml")
    assert kana.check() == 0
