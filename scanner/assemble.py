"""Builds the heavy things of a worker from plain settings: rules, gazetteers, detectors, classifier. Once per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scanner import classify, resources
from scanner.contracts import Classifier, Detector
from scanner.detect import address, dates, health, names, pattern, resolve, rules
from scanner.detect.confidence import FILE, Confidence
from scanner.model import Match
from scanner.settings import Settings, recipe_of, with_key
from scanner.text import mask
from scanner.text.labels import LabelBook
from scanner.text.view import Reading


@dataclass(slots=True)
class Parts:
    """The heavy things of a worker, built once in it."""

    book: LabelBook
    detectors: tuple[Detector, ...]
    resolve: Callable[[list[Match], list[Reading]], list[Match]]
    classifier: Classifier
    keyer: mask.Keyer
    secret: frozenset[str]  # entities of which no trace may be kept
    recipe: str


def parts(settings: Settings) -> Parts:
    """Everything a worker needs. Raises RuleError, FileNotFoundError or Refused when the installation or a rule file is damaged."""
    patterns, models = resources.folder("patterns"), resources.folder("models")
    book = rules.load_labels(patterns)
    keyer = mask.Keyer(with_key(settings).key)
    shipped = rules.load_rules(patterns)
    own = tuple(rule for path in settings.rules for rule in rules.load_rules(Path(path)))
    worth = Confidence(models / FILE)
    known = {"member_number", "policy_number"}
    custom = tuple(
        rules.from_custom(label, regex, near, entity=name if name in known else "policy_number")
        for name, label, regex, near in settings.custom
    )
    return Parts(
        book=book,
        detectors=(
            pattern.PatternDetector((*shipped, *own, *custom), book),
            dates.BirthDateDetector(),
            names.NameDetector(models, book, settings.profile),
            address.AddressDetector(models, book),
            health.SensitiveDetector(patterns),
        ),
        resolve=lambda matches, readings: worth.weigh(resolve.resolve(matches, readings)),
        classifier=classify.build(patterns, keyer, lang=settings.lang),
        keyer=keyer,
        secret=classify.secret_entities(patterns),
        recipe=str(recipe_of(settings)),
    )
