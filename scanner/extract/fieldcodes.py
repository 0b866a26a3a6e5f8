"""The fields of Word, in doc and in rich text: where links lead, readings over characters, instructions that hold a value."""

from __future__ import annotations

import re

from scanner.extract import office
from scanner.extract.rtfflow import Story
from scanner.extract.wordline import overlaid

_LINK = re.compile(r'HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]+)"', re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]@[\w-]")


class FieldCodes:
    """What the fields of a document say beside what they show."""

    def __init__(self) -> None:
        self.links: dict[str, None] = {}
        self.hidden: dict[str, None] = {}
        self.readings: list[str] = []

    def instruction(self, code: str, story: Story) -> None:
        """A field's instruction: a link, characters over one another, or what may be a value."""
        link = _LINK.search(code)
        base, readings = overlaid(code) if code.lstrip().upper().startswith("EQ") else ("", [])
        if link:
            self.links[office.addressed(link[1])] = None
        elif base:
            story.say(base)
            self.readings.extend(readings)
        elif not code.isascii() or _MAIL.search(code):
            self.hidden[code.strip()] = None

    def result(self, text: str) -> None:
        """What the last field showed: a default or target that says the same is not said twice."""
        self.hidden.pop(text, None)
        if self.links and (last := next(reversed(self.links))) and last.casefold() in text.casefold():
            del self.links[last]
