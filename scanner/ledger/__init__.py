"""One recorded outcome per document, kept across runs."""

from scanner.ledger.reading import Reader, Recorded, RunRecord
from scanner.ledger.recipe import Recipe, compute
from scanner.ledger.store import Ledger, Walked

__all__ = ["Ledger", "Reader", "Recipe", "Recorded", "RunRecord", "Walked", "compute"]
