"""What the program says when it cannot do what it was asked: one sentence in each language, never a traceback."""

from __future__ import annotations


class Refused(Exception):
    """A run or call that must not go on. ``status``: the exit status it calls for (2: could not start, 3: incomplete)."""

    def __init__(self, ja: str, en: str, *, status: int = 2) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en
        self.status = status

    def say(self, lang: str = "ja") -> str:
        """The sentence in the language asked for."""
        return self.ja if lang == "ja" else self.en
