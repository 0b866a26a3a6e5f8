"""Measures names, addresses, birth dates, diseases and false alarms on the open sets, on the fifth that no model trains on.

    python -m benchmarks.open_sets --data ../shared/data [--profile standard] [--only persons …] [--hits FILE] [--write]

Figures only are kept. ``--hits`` writes a seeded sample of hits in clean text for a person to judge; the file must lie outside.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import open_data, tables
from benchmarks.circumstances import circumstances
from benchmarks.hard_items import compare
from benchmarks.open_data import Range, Text, covered, touches
from benchmarks.plain import Hit, Plain, spans
from benchmarks.score import Tally

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
CLEAN = ("fp_law", "fp_libreoffice_help", "fp_debian_docs")
ADDRESSES = frozenset({"address", "business_address"})
ENOUGH = 0.95  # of an address string's characters
ADJUDICATED = 100


class Overlap:
    """Counts of ranges that touch: precision of what was found, recall of what is marked; exact and half-overlap pairs beside."""

    def __init__(self) -> None:
        self.found = self.right = self.marked = self.met = self.exact = 0
        self.half = Tally()

    def add(self, found: Sequence[Range], wanted: Sequence[Range], free: Sequence[Range] = ()) -> None:
        """One text. Ranges that touch only ``free`` count neither way."""
        asked = [f for f in found if any(touches(f, w) for w in wanted) or not any(touches(f, x) for x in free)]
        self.found += len(asked)
        self.right += sum(any(touches(f, w) for w in wanted) for f in asked)
        self.marked += len(wanted)
        self.met += sum(any(touches(f, w) for f in asked) for w in wanted)
        self.exact += len(set(asked) & set(wanted))
        self.half.add(compare(asked, wanted, ())[0])

    def figures(self) -> dict[str, Any]:
        """Rounded figures; None where nothing can be said."""
        precision, recall = ratio(self.right, self.found), ratio(self.met, self.marked)
        both = precision and recall and 2 * precision * recall / (precision + recall)
        return {
            "precision": precision,
            "recall": recall,
            "f1": None if both is None else round(both, 4),
            "exact_f1": ratio(2 * self.exact, self.found + self.marked),
            "half_overlap_f1": self.half.figures()["f1"],
            "found": self.found,
            "marked": self.marked,
        }


def ratio(part: float, whole: float) -> float | None:
    """Rounded, or None of nothing."""
    return round(part / whole, 4) if whole else None


def persons(scanner: Plain, folder: Path, sample: int) -> dict[str, Any]:
    """Person names on each set's kept fifth."""
    out = {}
    for name in open_data.PERSONS:
        count, began, characters = Overlap(), time.perf_counter(), 0
        for text, wanted, free in open_data.persons(folder, name):
            count.add(spans(scanner.text(text), "person_name"), wanted, free)
            characters += len(text)
        rate = characters / (time.perf_counter() - began)
        out[name] = count.figures() | {"characters": characters, "characters_per_second": round(rate)}
    return out


def lookalikes(scanner: Plain, folder: Path, sample: int) -> dict[str, Any]:
    """Share of look-alike spans touched by a person that is none of ``person_spans``; on all texts and on the kept fifth."""
    counts = {"all": [0, 0], "kept": [0, 0]}
    for text in open_data.read(folder, "ner/lookalike_in_text"):
        real = [tuple(s[:2]) for s in text.more.get("person_spans", ())]
        found = [f for f in spans(scanner.text(text.text), "person_name") if not any(touches(f, r) for r in real)]
        for a, b, _ in text.spans:
            for key in ("all", "kept") if open_data.kept_aside(text.id) else ("all",):
                counts[key][0] += any(touches(f, (a, b)) for f in found)
                counts[key][1] += 1
    return {key: {"touched": hit, "spans": n, "share": ratio(hit, n)} for key, (hit, n) in counts.items()}


def dates(scanner: Plain, folder: Path, sample: int) -> dict[str, Any]:
    """Birth dates reported in texts whose dates are nobody's."""
    texts = drawn(open_data.read(folder, "ner/non_dob_dates"), sample)
    hits = sum(len(spans(scanner.text(t.text), "birth_date")) for t in texts)
    dated = sum(len(t.more.get("date_spans", ())) for t in texts)
    return {"texts": len(texts), "dates": dated, "reported": hits, "share": ratio(hits, dated)}


def addresses(scanner: Plain, folder: Path, sample: int) -> dict[str, Any]:
    """Address strings, organisations with addresses, addresses in running text."""
    out: dict[str, Any] = {}
    for name in ("address_geolonia", "address_mext"):
        texts = drawn(open_data.read(folder, f"address/{name}"), sample)
        good = sum(covered((a, b), places(scanner.text(t.text))) >= ENOUGH for t in texts for a, b, _ in t.spans)
        out[name] = {"strings": len(texts), "covered": good, "share": ratio(good, sum(len(t.spans) for t in texts))}
    out["address_office"] = _office(scanner, drawn(open_data.read(folder, "address/address_office"), sample))
    count = Overlap()
    for t in open_data.read(folder, "address/address_in_text"):
        wanted = t.of({"ADDRESS_TOWN", "ADDRESS_NUM"})
        count.add(places(scanner.text(t.text)), wanted, t.of({"ADDRESS_CITY"}))
    out["address_in_text"] = count.figures()
    return out


def _office(scanner: Plain, texts: Sequence[Text]) -> dict[str, Any]:
    good = swallowed = into = 0
    for t in texts:
        (organisation,), (address,) = t.of({"ORG"}), t.of({"ADDRESS"})
        found = places(scanner.text(t.text))
        good += covered(address, found) >= ENOUGH
        into += any(touches(f, organisation) for f in found)
        swallowed += any(touches(f, organisation) and touches(f, address) for f in found)
    return {
        "lines": len(texts),
        "covered": good,
        "share": ratio(good, len(texts)),
        "organisation_swallowed": ratio(swallowed, len(texts)),
        "address_inside_organisation": ratio(into, len(texts)),
    }


def health(scanner: Plain, folder: Path, sample: int) -> dict[str, Any]:
    """Diseases and drugs, detected at all; precision only on the texts that somebody labelled.

    58 of the 160 tweets hold no mark at all, though they name illnesses: nobody labelled them. The precision that counts what is
    found in them as false is kept beside the other.
    """
    out: dict[str, Any] = {}
    for file, label, entities, whole in (
        ("medical_case_reports", "d", {"health_condition", "disability"}, False),
        ("medical_keepha_tweets", "DISORDER", {"health_condition", "disability"}, True),
        ("medical_keepha_tweets", "DRUG", {"medication_or_treatment"}, True),
    ):
        count, every = Overlap(), Overlap()
        for t in open_data.read(folder, f"health/{file}"):
            hits = [(h.start, h.end) for h in scanner.text(t.text) if h.entity in entities]
            every.add(hits, t.of({label}))
            if t.spans or not whole:
                count.add(hits, t.of({label}))
        figures = count.figures() | {"precision_of_all_texts": every.figures()["precision"]}
        out[f"{file}/{label}"] = figures if whole else {k: figures[k] for k in ("recall", "marked")}
    return out


def clean(scanner: Plain, folder: Path, sample: int, hits: list[str]) -> dict[str, Any]:
    """Persons and addresses per 10,000 characters of text without personal data; ``hits`` takes their surroundings."""
    out = {}
    for name in CLEAN:
        texts = drawn(open_data.read(folder, f"clean/{name}"), 0)
        budget, read, counts = sample * 400, 0, {"person_name": 0, "address": 0}
        for t in texts:
            if budget and read >= budget:
                break
            read += len(t.text)
            for h in scanner.text(t.text):
                if h.entity in counts:
                    counts[h.entity] += 1
                    around = f"{t.text[max(0, h.start - 40) : h.start]}⟦{t.text[h.start : h.end]}⟧{t.text[h.end : h.end + 40]}"
                    hits.append(f"{name}\t{h.entity}\t{h.rule}\t{h.confidence:.2f}\t{around!r}")
        rates = {f"{entity}_per_10000": round(n * 10_000 / max(read, 1), 3) for entity, n in counts.items()}
        out[name] = {"characters": read, **counts, **rates}
    return out


def places(hits: Iterable[Hit]) -> list[Range]:
    """The ranges of addresses of anyone."""
    return [(h.start, h.end) for h in hits if h.entity in ADDRESSES]


def drawn(texts: Iterable[Text], sample: int) -> list[Text]:
    """A seeded sample in a seeded order; 0 takes all."""
    listed = list(texts)
    random.Random(3).shuffle(listed)
    return listed[:sample] if sample else listed


PARTS: dict[str, Callable[[Plain, Path, int], dict[str, Any]]] = {
    "persons": persons,
    "lookalikes": lookalikes,
    "non_dob_dates": dates,
    "addresses": addresses,
    "health": health,
}


def table(record: dict[str, Any]) -> str:
    """Markdown: one row for each figure."""
    lines = [["公開データ", "値", "件数"]]
    parts = record["parts"]
    for name, f in parts.get("persons", {}).items():
        lines.append([f"人名 {name}（重なり 適合率/再現率/F1）", _three(f), str(f["marked"])])
    for key, f in parts.get("lookalikes", {}).items():
        lines.append([f"人名と紛らわしい語に触れた割合（{key}）", _share(f["share"]), str(f["spans"])])
    if f := parts.get("non_dob_dates"):
        lines.append(["生年月日でない日付の誤検出", _share(f["share"]), str(f["dates"])])
    for name, f in parts.get("addresses", {}).items():
        if "share" in f:
            lines.append([f"住所 {name}（95 %以上を覆った割合）", _share(f["share"]), str(f.get("strings", f.get("lines")))])
        else:
            lines.append([f"住所 {name}（重なり 適合率/再現率/F1）", _three(f), str(f["marked"])])
        if "organisation_swallowed" in f:
            lines.append(["　組織名を住所に含めた割合", _share(f["organisation_swallowed"]), str(f["lines"])])
    for name, f in parts.get("health", {}).items():
        lines.append([f"健康 {name}", _three(f) if "f1" in f else f"再現率 {f['recall']:.3f}", str(f["marked"])])
        if (every := f.get("precision_of_all_texts")) is not None:
            lines.append(["　適合率（誰も印を付けなかった文でのものも誤りと数えたとき）", f"{every:.3f}", str(f["marked"])])
    for name, f in parts.get("clean", {}).items():
        rates = f"人名 {f['person_name_per_10000']:.2f} · 住所 {f['address_per_10000']:.2f}"
        lines.append([f"個人情報のない文 {name}（1万字あたり）", rates, f"{f['characters']} 字"])
    return f"profile {record['profile']} · commit {record['commit']} · {record['date']}\n\n" + tables.grid(lines)


def _three(f: dict[str, Any]) -> str:
    return " / ".join("–" if f[k] is None else f"{f[k]:.3f}" for k in ("precision", "recall", "f1"))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %"


def outside(path: Path) -> Path:
    """The path, which must not lie in this repository: it will hold other people's text."""
    if path.resolve().is_relative_to(ROOT):
        raise argparse.ArgumentTypeError("hits quote the sets, which may not enter the repository")
    return path


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the figures. 2 when the sets are not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--profile", default="standard", choices=("fast", "standard", "thorough"))
    parser.add_argument("--only", nargs="+", choices=(*PARTS, "clean"), default=[*PARTS, "clean"])
    parser.add_argument(
        "--sample", type=int, default=1500, help="texts of a large set (400 times as many clean characters); 0: all"
    )
    parser.add_argument("--hits", type=lambda p: outside(Path(p)), help=f"write {ADJUDICATED} hits in clean text to this file")
    parser.add_argument("--write", action="store_true", help="keep the figures under benchmarks/results/")
    chosen = parser.parse_args(argv)
    if chosen.write and len(chosen.only) <= len(PARTS):
        parser.error("--write keeps all figures; leave --only out")
    if not (chosen.data / "ner").is_dir():
        sys.stderr.write("no open sets there\n")
        return 2
    scanner, hits = Plain(chosen.profile), list[str]()
    parts = {name: PARTS[name](scanner, chosen.data, chosen.sample) for name in chosen.only if name in PARTS}
    if "clean" in chosen.only:
        parts["clean"] = clean(scanner, chosen.data, chosen.sample, hits)
    record = {"kind": "open sets", "profile": chosen.profile, **circumstances(), "sample": chosen.sample, "parts": parts}
    print(table(record))
    if chosen.hits:
        some = random.Random(3).sample(hits, min(ADJUDICATED, len(hits)))
        chosen.hits.write_text("\n".join(some) + "\n", encoding="utf-8")
    if chosen.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"open-sets-{chosen.profile}.json"
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"kept: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
