"""Finds things in text."""
