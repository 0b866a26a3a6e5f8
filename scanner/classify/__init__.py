"""Turns matches into facts about a document."""
