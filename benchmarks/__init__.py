"""Measurements of accuracy and speed; no part of the installed package."""
