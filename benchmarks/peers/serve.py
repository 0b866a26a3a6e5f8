"""One tool in a process of its own: reads lists of texts, a JSON line each, answers with the persons found and the seconds.

    python serve.py TOOL [--core N]      TOOL: ginza sudachi presidio tanaoroshi-fast tanaoroshi-standard tanaoroshi-thorough

Runs in the peers' environment for the peers, in the project's own for the profiles. Needs nothing of the project for the peers.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

PIECE = 12_000  # characters that Sudachi is given at once
Find = Callable[[list[str]], list[list[tuple[int, int]]]]


def ginza() -> Find:
    """GiNZA's whole pipeline through ``nlp.pipe``; its entity label for a person is ``Person``."""
    import spacy

    nlp = spacy.load("ja_ginza")

    def find(texts: list[str]) -> list[list[tuple[int, int]]]:
        cut = [(n, start, piece) for n, text in enumerate(texts) for start, piece in pieces(text)]
        out: list[list[tuple[int, int]]] = [[] for _ in texts]
        for (n, start, _), doc in zip(cut, nlp.pipe([piece for _, _, piece in cut]), strict=True):
            out[n] += [(start + e.start_char, start + e.end_char) for e in doc.ents if e.label_ == "Person"]
        return out

    return find


def pieces(text: str) -> list[tuple[int, str]]:
    """A text in pieces of whole lines that Sudachi takes (it refuses more than 49,149 bytes), each with its start."""
    out, start = [], 0
    while start < len(text):
        end = len(text) if len(text) - start <= PIECE else text.rfind("\n", start, start + PIECE) + 1 or start + PIECE
        out.append((start, text[start:end]))
        start = end
    return out


def sudachi() -> Find:
    """Sudachi's own tags: neighbouring words tagged 人名 (and the dot or space between two of them) are one person."""
    from sudachipy import Dictionary, SplitMode

    tokenizer = Dictionary().create(mode=SplitMode.C)

    def one(text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        gap = 0
        for m in tokenizer.tokenize(text):
            if m.part_of_speech()[2] == "人名":
                if found and gap == m.begin() and (found[-1][1] == m.begin() or text[found[-1][1] : m.begin()] in "・＝ 　"):
                    found[-1] = (found[-1][0], m.end())
                else:
                    found.append((m.begin(), m.end()))
                gap = m.end()
            elif gap == m.begin() and m.surface() in "・＝ 　":
                gap = m.end()
        return found

    return lambda texts: [in_pieces(one, text) for text in texts]


def in_pieces(one: Callable[[str], list[tuple[int, int]]], text: str) -> list[tuple[int, int]]:
    """What a tool finds in a text, asked about its pieces."""
    return [(start + a, start + b) for start, piece in pieces(text) for a, b in one(piece)]


def presidio() -> Find:
    """presidio-analyzer with ja_ginza: PERSON only, its ``Person`` label mapped."""
    analyzer = import_module("presidio_analyzer")
    recognizers = import_module("presidio_analyzer.predefined_recognizers")
    provider = import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "ja", "model_name": "ja_ginza"}],
            "ner_model_configuration": {
                "model_to_presidio_entity_mapping": {"Person": "PERSON"},
                "labels_to_ignore": ["O"],
                "low_confidence_score_multiplier": 1.0,
            },
        }
    )
    registry = analyzer.RecognizerRegistry(supported_languages=["ja"])
    registry.add_recognizer(recognizers.SpacyRecognizer(supported_language="ja", supported_entities=["PERSON"]))
    engine = analyzer.AnalyzerEngine(registry=registry, nlp_engine=provider.create_engine(), supported_languages=["ja"])

    def one(text: str) -> list[tuple[int, int]]:
        return [(r.start, r.end) for r in engine.analyze(text, language="ja", entities=["PERSON"])]

    return lambda texts: [in_pieces(one, text) for text in texts]


def tanaoroshi(profile: str) -> Find:
    """One of this project's profiles, all detectors and the classifier at work."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from benchmarks.plain import Plain, spans

    scanner = Plain(profile)
    return lambda texts: [spans(scanner.text(text), "person_name") for text in texts]


def tool(name: str) -> Find:
    """The finder of a name. Raises KeyError for another."""
    if name.startswith("tanaoroshi-"):
        return tanaoroshi(name.removeprefix("tanaoroshi-"))
    return {"ginza": ginza, "sudachi": sudachi, "presidio": presidio}[name]()


def serve(find: Find, lines: Iterable[str], answer: Callable[[dict[str, Any]], None]) -> None:
    """Answer each line. Loading and the first text are outside the clock; so is the garbage collector.

    The clock is this process's processor time, so that what else the machine does counts for nobody; ``wall`` is that of the room.
    """
    find(["準備のための文。鈴木さんが来た。"])
    answer({"ready": True, "memory_mib": _memory()})
    for line in lines:
        texts = json.loads(line)
        gc.collect()
        gc.disable()
        began, entered = time.process_time(), time.perf_counter()
        found = find(texts)
        seconds, wall = time.process_time() - began, time.perf_counter() - entered
        gc.enable()
        answer({"seconds": seconds, "wall": wall, "spans": found, "memory_mib": _memory()})


def _memory() -> float:
    """The most memory this process has held, MiB."""
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def main() -> int:
    """Serve one tool on standard input and output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("tool")
    parser.add_argument("--core", type=int, default=-1, help="run on this core alone")
    chosen = parser.parse_args()
    if chosen.core >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {chosen.core})
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not break the lines

    def answer(record: dict[str, Any]) -> None:
        out.write(json.dumps(record) + "\n")
        out.flush()

    serve(tool(chosen.tool), sys.stdin, answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
