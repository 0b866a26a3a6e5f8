"""Evidence, persons and legal categories: turns matches into facts about a document."""

from __future__ import annotations

from pathlib import Path

from scanner.classify import categories, evidence
from scanner.classify.categories import Taxonomy
from scanner.classify.findings import Keyer
from scanner.classify.roles import Roles
from scanner.classify.session import DocumentSession, Kit
from scanner.classify.statements import Judge
from scanner.model import Document


class DocumentClassifier:
    """See contracts.Classifier. Built once in a worker; each document gets a session of its own."""

    def __init__(self, taxonomy: Taxonomy, keyer: Keyer, lang: str) -> None:
        self.taxonomy = taxonomy
        words = evidence.words(taxonomy.cues)
        sensitive = frozenset(e for e in taxonomy.entities if taxonomy.sensitive(e))
        self._kit = Kit(taxonomy, words, Roles(taxonomy.cues, sensitive), Judge(taxonomy, words), keyer, lang)

    def begin(self, document: Document, *, keep: bool = False) -> DocumentSession:
        """A session for one document; ``keep`` asks for the classified matches too."""
        return DocumentSession(self._kit, document, keep=keep)


def build(patterns: Path, keyer: Keyer, *, lang: str = "ja") -> DocumentClassifier:
    """The classifier with the categories, cues and entities of a folder of patterns. Raises ValueError, OSError."""
    return DocumentClassifier(categories.load(patterns), keyer, lang)


def secret_entities(patterns: Path) -> frozenset[str]:
    """Entities of which no trace may be kept (interfaces 5)."""
    return categories.load(patterns).secret()
