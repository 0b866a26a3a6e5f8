"""One recorded outcome per document, kept across runs."""

from scanner.ledger.recipe import Recipe, compute, version
from scanner.ledger.store import Ledger, Recorded, RunRecord, Walked

__all__ = ["Ledger", "Recipe", "Recorded", "RunRecord", "Walked", "compute", "version"]
