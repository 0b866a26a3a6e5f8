"""One recorded outcome per document, kept across runs."""
