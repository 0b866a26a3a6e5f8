"""Approved places: turns facts into a verdict."""

from scanner.policy.locations import Approved, Detail, Place, Unjudged, load

__all__ = ["Approved", "Detail", "Place", "Unjudged", "load"]
