"""Applies the work to many documents, safely."""
