"""Scans examples/share under examples/policy.toml and says what came of it; see ``make demo``.

Ends with 0 exactly when the scan ended with the code it should and both tables exist.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "demo"
EXPECTED = 4  # 1 (something to act on) and 3 (something could not be examined) at once
TABLES = ("findings.csv", "files.csv")


def main(argv: Sequence[str]) -> int:
    """Run the demo into a fresh folder outside the scanned one: ``out/demo``, or the one that is named."""
    out = Path(argv[0]).resolve() if argv else OUT
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    share, policy = ROOT / "examples" / "share", ROOT / "examples" / "policy.toml"
    options = ["--policy", str(policy), "--out", str(out / "reports"), "--ledger", str(out / "ledger.sqlite")]
    environment = os.environ | {"TANAOROSHI_KEY_FILE": str(out / "key"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "scanner", "scan", str(share), *options]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    missing = [name for name in TABLES if not (out / "reports" / name).is_file()]
    print()
    print(
        f"検査の終了コード / exit code of the scan: {code}（{EXPECTED} = 要対応と未検査の両方あり / both to act on and unexamined）"
    )
    for name in TABLES:
        state = "なし / missing" if name in missing else str(out / "reports" / name)
        print(f"  {name}: {state}")
    return int(code != EXPECTED or bool(missing))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
