"""Every option of a run in one frozen value, gathered from flags, environment, file and defaults."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.extract.budget import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Options that shape a run. ``limits``: what one document may cost. ``key``: the installation's secret for digests.

    ``isolation``: ``pool`` (killable worker processes) or ``none`` (in this process). ``jobs``: 0 means one per core.
    ``keep_matches``, ``keep_blocks``: carry raw matches or blocks in outcomes; only ``inspect``, ``show``, ``explain`` set them.
    """

    profile: str = "standard"
    jobs: int = 0
    lang: str = "ja"
    detail: str = "groups"
    engine: str = "pool"
    isolation: str = "pool"
    limits: Limits = field(default_factory=Limits)
    key: bytes = b""
    exclude: tuple[str, ...] = ()
    keep_matches: bool = False
    keep_blocks: bool = False
    rules: tuple[str, ...] = ()  # further rule files of the user
    mask_paths: bool = False
