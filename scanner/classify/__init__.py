"""Evidence, persons and legal categories: turns matches into facts about a document."""

from __future__ import annotations

from pathlib import Path

from scanner.classify import categories, evidence
from scanner.classify.categories import Taxonomy
from scanner.classify.findings import Keyer
from scanner.classify.people import Roles
from scanner.classify.session import DocumentSession
from scanner.model import Document


class DocumentClassifier:
    """See contracts.Classifier. Built once in a worker; each document gets a session of its own."""

    def __init__(self, taxonomy: Taxonomy, keyer: Keyer, lang: str) -> None:
        self.taxonomy = taxonomy
        self._keyer = keyer
        self._lang = lang
        self._words = evidence.words(taxonomy.cues)
        self._roles = Roles(taxonomy.cues)

    def begin(self, document: Document, *, keep: bool = False) -> DocumentSession:
        """A session for one document; ``keep`` asks for the classified matches too."""
        return DocumentSession(self.taxonomy, self._words, self._roles, self._keyer, self._lang, document, keep)


def build(patterns: Path, keyer: Keyer, *, lang: str = "ja") -> DocumentClassifier:
    """The classifier with the categories, cues and entities of a folder of patterns. Raises ValueError, OSError."""
    return DocumentClassifier(categories.load(patterns), keyer, lang)


def secret_entities(patterns: Path) -> frozenset[str]:
    """Entities of which no trace may be kept (interfaces 5)."""
    return categories.load(patterns).secret()
