"""Engines: apply the work to each document, in this process or in killable ones; see ``contracts.Engine``."""

from __future__ import annotations


class EngineError(Exception):
    """No worker can be started. The message is a type name or an exit status, never text of a document."""
