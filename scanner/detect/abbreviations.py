"""Abbreviations of diseases and treatments (DM, HT, PCI): kept only where the words around them are medical ones."""

from __future__ import annotations

import re
from dataclasses import replace

from scanner.detect.sensitive import Candidate
from scanner.model import Strength
from scanner.text.view import Reading

MEDICAL = frozenset({"health_condition", "medication_or_treatment", "exam_result", "disability"})
_NEAR = 60  # characters around an abbreviation in which other medical words are looked for
_MEDICAL_LINE = re.compile(r"(?:告知|既往|病名|現病|診断|合併|主訴|Dx|Hx|PMH|基礎疾患|持病)[^\n\t。]{0,24}\Z")


def kept(text: str, reading: Reading, found: list[Candidate]) -> list[Candidate]:
    """Abbreviations stay only beside other medical words, behind a medical label, or with (+) behind them."""
    medical = [c for c in found if c.entity in MEDICAL]
    fields = [(f.start, f.end) for f in reading.layout.fields if f.label.entity in MEDICAL]
    out: list[Candidate] = []
    for c in found:
        if c.strength is not Strength.ABBREVIATION:
            out.append(c)
            continue
        if c.entity == "health_condition" and _NO_DISEASE.match(text, c.end):
            continue  # BP 104/58 is a pressure, SpO2 91%(RA) room air
        if any(a <= c.start and c.end <= b for a, b in fields) or _confirmed(text, c, medical):
            out.append(replace(c, strength=Strength.STRONG))
    return out


_NO_DISEASE = re.compile(r"\s?[0-9]{2,3}(?:\s?/|\.[0-9])|(?<=%\(RA)\)")


def _confirmed(text: str, c: Candidate, medical: list[Candidate]) -> bool:
    if re.match(r"\s?\([+]\)", text[c.end : c.end + 5]):
        return True
    low = max(text.rfind("\n", 0, c.start) + 1, c.start - 200)
    if c.entity != "exam_result" and _MEDICAL_LINE.search(text[low : c.start]):
        return True
    near = [m for m in medical if m is not c and abs(m.start - c.start) <= _NEAR and (m.start, m.end) != (c.start, c.end)]
    firm = sum(1 for m in near if m.strength is Strength.STRONG)
    return firm >= 2 or (firm >= 1 and len(near) >= 2)
