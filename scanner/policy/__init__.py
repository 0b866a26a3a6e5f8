"""Approved places: turns facts into a verdict."""

from scanner.policy.locations import Approved, Detail, Place, Unjudged, load

NO_POLICY = Unjudged()

__all__ = ["NO_POLICY", "Approved", "Detail", "Place", "Unjudged", "load"]
