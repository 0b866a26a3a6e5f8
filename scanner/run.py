"""A run: walk, engine, ledger, reports; counts everything in and out and decides the exit status."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from scanner import report
from scanner.contracts import Engine, Policy, Source, Work
from scanner.engine import EngineError
from scanner.ledger import Ledger, Reader, RunRecord, Walked
from scanner.model import Document, Judged, Outcome
from scanner.policy import NO_POLICY, Approved
from scanner.refusal import Refused
from scanner.report.tally import Tally
from scanner.settings import Settings, load_taxonomy, private_folder, recipe_of, recognises, state_folder, with_policy, with_secrets
from scanner.sources.files import FileSource
from scanner.version import version

INTERRUPTED = 130
SCHEMA = 1


class Progress:
    """Told of every step; this one keeps silent."""

    def start(self, walked: Walked, in_hand: Callable[[], list[str]]) -> None:
        """The run begins."""

    def done(self, outcome: Outcome) -> None:
        """One document is recorded."""

    def stop(self) -> None:
        """The run ended, however it did."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status, the counts and the files written. ``tally`` is None when it was interrupted."""

    status: int
    run: RunRecord
    tally: Tally | None
    about: report.About
    paths: list[Path] = field(default_factory=list)


def choose_engine(settings: Settings) -> Engine:
    """The engine that the settings name. Raises Refused for one that is not installed."""
    if settings.engine == "dask":
        raise Refused(
            "engine = dask は pip install 'tanaoroshi[cluster]' が必要です。",
            "engine = dask needs pip install 'tanaoroshi[cluster]'.",
        )
    if settings.engine == "serial" or settings.isolation == "none":
        from scanner.engine.serial import Serial

        return Serial()
    from scanner.engine.pool import Pool

    # The soft deadline is the document's; the hard one leaves it time to say how far it came.
    recognition = settings.limits.ocr_seconds if recognises(settings) else 0.0
    return Pool(settings.jobs, deadline=settings.limits.seconds * 1.5 + 5 + recognition, memory=settings.limits.memory)


def _make(settings: Settings, source: Source) -> Work:
    from scanner.pipeline import build_work

    return build_work(settings, source)


class Run:
    """One scan over roots. Everything that can be refused is refused before the first file is opened."""

    def __init__(
        self,
        settings: Settings,
        roots: Iterable[str | Path],
        *,
        policy: Policy | None = None,
        progress: Progress | None = None,
        make: Callable[[Settings, Source], Work] = _make,
    ) -> None:
        self.policy: Policy = policy or NO_POLICY
        self.roots = existing(roots)
        state = state_folder(settings)
        self.ledger_path = Path(settings.ledger) if settings.ledger else state / "ledger.sqlite"
        self.out = Path(settings.out) if settings.out else None
        for path, name in ((self.out, "--out"), (self.ledger_path, "--ledger"), (state, "state_dir")):
            if path is not None:
                outside(path, self.roots, name)
        settings = with_secrets(settings)
        self.settings = with_policy(settings, self.policy) if isinstance(self.policy, Approved) else settings
        check_rules(self.settings)
        self.state = state
        self.progress = progress or Progress()
        self.make = make
        self.engine = choose_engine(self.settings)
        self.recipe = str(recipe_of(self.settings))

    def scan(self) -> Ended:
        """Walk, read, record, report. Raises Refused and EngineError; what is recorded by then stays."""
        settings = self.settings
        private_folder(self.ledger_path.parent)
        with Ledger(self.ledger_path) as ledger:
            run, resumed = ledger.begin(self._command(), self._about())
            walked = Walked()
            source = FileSource([str(root) for root in self.roots], exclude=settings.exclude)
            pending = ledger.pending(_sample(source.walk(), settings), run, self.recipe, walked, passwords=bool(settings.passwords))
            self.progress.start(walked, getattr(self.engine, "in_hand", list))
            try:
                for outcome in self.engine.map(partial(self.make, settings, source), pending):
                    ledger.record(outcome, run, self.recipe)
                    self.progress.done(outcome)
            except KeyboardInterrupt:
                ledger.end(run, "interrupted", {"exit_code": INTERRUPTED})
                return Ended(INTERRUPTED, run, None, about_run(run, self.policy, Path(), settings.lang))
            except EngineError as error:
                raise no_worker(error) from None
            finally:
                self.progress.stop()
            counts = ledger.counts(run)
            if sum(counts.values()) != walked.documents:  # the counting law
                raise Refused(
                    f"件数が合いません（走査 {walked.documents}、記録 {sum(counts.values())}）。開発者に連絡してください。",
                    f"The counts do not agree (walked {walked.documents}, recorded {sum(counts.values())}). Report it as a bug.",
                    status=3,
                )
            ended = write_reports(
                ledger, run, self.policy, self.out or self.state / "reports" / run.name, settings=settings, resumed=resumed
            )
            ledger.end(run, "finished", {"exit_code": ended.status, **(ended.tally.summary() if ended.tally else {})})
            return ended

    def _command(self) -> str:
        """Digest of what must be equal for a broken-off run to be taken up again."""
        s = self.settings
        parts = [[str(r) for r in self.roots], self.recipe, list(s.exclude), s.limit, s.random, s.profile]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def _about(self) -> dict[str, Any]:
        s = self.settings
        return {
            "roots": [str(root) for root in self.roots],
            "version": version(),
            "recipe": self.recipe,
            "profile": s.profile,
            "detail": s.detail,
            "lang": s.lang,
            "exclude": list(s.exclude),
            "limit": s.limit,
            "random": s.random,
            "policy": s.policy,
            "out": str(self.out.absolute()) if self.out else "",
            "mask_paths": s.mask_paths,
        }


def existing(roots: Iterable[str | Path]) -> list[Path]:
    """The roots as absolute paths. Raises Refused for one that does not exist."""
    out = []
    for root in roots:
        path = Path(root).absolute()
        if not os.path.lexists(path):
            raise Refused(f"{root}: 検査対象が見つかりません。", f"{root}: no such file or folder.")
        out.append(path)
    if not out:
        raise Refused("検査対象を指定してください。", "Name what to scan.")
    return out


def no_worker(error: EngineError) -> Refused:
    """What to say when no worker can start."""
    return Refused(
        f"検査処理を起動できません（{error}）。tanaoroshi doctor と tanaoroshi rules test で確認してください。",
        f"No worker can be started ({error}). Run tanaoroshi doctor and tanaoroshi rules test.",
    )


def check_rules(settings: Settings) -> None:
    """Refuse the user's own rules here, where the reason can be told: workers tell no more than a type."""
    if not (settings.rules or settings.custom):
        return
    from scanner.detect import rules

    try:
        for path in settings.rules:
            rules.load_rules(Path(path))
        for _, label, regex, near in settings.custom:
            rules.from_custom(label, regex, near)
    except rules.RuleError as error:
        raise Refused(str(error), str(error)) from None
    except OSError as error:
        raise Refused(
            f"{path}: 規則ファイルを読み込めません。", f"{path}: cannot read the rule file ({type(error).__name__})."
        ) from None


def outside(path: Path, roots: Iterable[Path], name: str) -> None:
    """Refuse to write below a root: the program would find itself and change what it looks at. Raises Refused."""
    real = path.resolve()
    for root in roots:
        if real.is_relative_to(root.resolve()):
            raise Refused(
                f"{path}: {name} は検査対象（{root}）の外を指定してください。",
                f"{path}: {name} must lie outside what is scanned ({root}).",
            )


def _sample(items: Iterator[Document | Outcome], settings: Settings) -> Iterable[Document | Outcome]:
    """The first ``limit`` items, or as many drawn evenly; the draw repeats, so that a broken-off run can be taken up."""
    if not settings.limit:
        return items
    if not settings.random:
        return islice(items, settings.limit)
    dice = random.Random(settings.limit)
    chosen: list[tuple[int, Document | Outcome]] = []
    for number, item in enumerate(items):
        if number < settings.limit:
            chosen.append((number, item))
        else:
            at = dice.randrange(number + 1)
            if at < settings.limit:
                chosen[at] = (number, item)
    return [item for _, item in sorted(chosen, key=lambda pair: pair[0])]


# ---------------------------------------------------------------- reports


def about_run(run: RunRecord, policy: Policy, folder: Path, lang: str) -> report.About:
    """What the reports of a run say of it."""
    known = run.about
    approved = policy if isinstance(policy, Approved) else None
    return report.About(
        run.name,
        folder,
        load_taxonomy(),
        lang,
        known.get("profile", ""),
        known.get("version", ""),
        known.get("recipe", ""),
        approved.version if approved else "",
        approved.file.organization if approved else "",
        run.started,
        tuple(known.get("roots", ())),
        bool(known.get("mask_paths")),
        approved is not None,
    )


def judged(ledger: Reader, run: RunRecord, policy: Policy) -> Iterator[Judged]:
    """Every document of a run with its verdict, in the order of paths; opens none of them."""
    duplicates = ledger.duplicates(run)
    for recorded in ledger.outcomes(run):
        verdict = policy.judge(recorded.outcome)
        content = recorded.outcome.content_id
        extra = {
            **verdict.extra,
            "examined": recorded.examined,
            "deltas": recorded.deltas,
            "duplicate": content if content in duplicates else "",
        }
        yield Judged(recorded.outcome, replace(verdict, extra=extra))


def write_reports(
    ledger: Reader,
    run: RunRecord,
    policy: Policy,
    folder: Path,
    *,
    settings: Settings,
    sinks: Iterable[str] | None = None,
    resumed: bool = False,
) -> Ended:
    """Judge a recorded run and write its reports and run.json into the folder. Raises Refused when it cannot be written."""
    private_folder(folder)
    about = about_run(run, policy, folder, settings.lang)
    about = replace(about, mask_paths=about.mask_paths or settings.mask_paths)
    writers = report.open_writers(about, sinks)
    tally = Tally()
    for item in judged(ledger, run, policy):
        tally.add(item)
        for writer in writers:
            writer.add(item)
    paths = [path for writer in writers for path in writer.close()]
    status = tally.exit_status(fail_on_incomplete=settings.fail_on_incomplete)
    if run.state == "interrupted":  # what was never reached is unexamined too
        status = {0: 3, 1: 4}.get(status, status)
    record = {
        "schema": SCHEMA,
        "run_id": run.name,
        "version": about.version,
        "rules_version": about.rules_version,
        "policy": {"version": about.policy_version, "organization": about.organization} if about.judged else None,
        "profile": about.profile,
        "profile_label": report.label(about),
        "roots": list(about.roots),
        "started": run.started,
        "resumed": resumed,
        "exit_code": status,
        **tally.summary(),
        "reports": [path.name for path in paths],
    }
    record["findings"]["resolved"] = ledger.resolved(run)
    paths.append(report.write_json(folder / "run.json", record))
    return Ended(status, run, tally, about, paths)
