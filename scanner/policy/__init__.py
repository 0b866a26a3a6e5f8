"""Approved places: turns facts into a verdict."""
