"""Writes a synthetic file server to measure speed on: rosters, records, prose, logs, mails and office files of invented people.

    python -m benchmarks.make_corpus FOLDER [--megabytes 8] [--seed 1]

The mix follows what lies on file servers: most text is nobody's, some of it is dense with people. No third-party text is in it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from examples.make_share import Person
from examples.writers import document, mail, table, workbook

SUBJECTS = [
    "会議室の予約",
    "複合機の契約",
    "防災訓練",
    "掛金の改定",
    "資料の校正",
    "駐車場の割当",
    "新年度の予算",
    "研修の日程",
    "端末の更新",
    "倉庫の整理",
]
ACTIONS = [
    "確認しました",
    "延期になりました",
    "来週までに回答します",
    "担当課で検討中です",
    "見積を依頼しました",
    "先方の了解を得ました",
]
REASONS = ["日程が合わないため", "在庫が足りないため", "様式が変わったため", "承認が済んでいないため", "前年度と同じ扱いにするため"]


def prose(dice: random.Random, size: int) -> str:
    """Minutes and memos; a person in one sentence of twelve."""
    out, length = [], 0
    while length < size:
        subject, action, reason = dice.choice(SUBJECTS), dice.choice(ACTIONS), dice.choice(REASONS)
        who = f"{Person(dice.randrange(500)).name.split('　')[0]}さんが" if dice.random() < 1 / 12 else ""
        line = f"{who}{subject}について、{reason}、{dice.randrange(1, 13)}月{dice.randrange(1, 29)}日に{action}。"
        out.append(line + ("\n" if dice.random() < 0.3 else ""))
        length += len(line)
    return "".join(out) + "\n"


def log(dice: random.Random, size: int) -> str:
    """An application's log; hardly anybody in it."""
    out, length, n = [], 0, 0
    while length < size:
        n += dice.randrange(1, 900)
        what = dice.choice(("GET /api/v1/items", "POST /login", "batch step finished", "cache miss", "retry scheduled"))
        line = f"2026-04-{1 + n // 86400 % 28:02d}T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}+09:00 INFO {what}"
        line += f" id={dice.randrange(10**8):08d} took={dice.randrange(900)}ms"
        out.append(line)
        length += len(line)
    return "\n".join(out) + "\n"


def roster(dice: random.Random, rows: int) -> list[list[str]]:
    """A list of people."""
    out = [["会員番号", "氏名", "フリガナ", "生年月日", "性別", "郵便番号", "住所", "電話番号", "メールアドレス"]]
    for n in range(rows):
        p = Person(dice.randrange(500))
        out.append([f"{30_000_000 + n}", p.name, p.kana, p.birth, p.gender, p.postal, p.address, p.mobile, p.mail])
    return out


def statistics(dice: random.Random, rows: int) -> list[list[str]]:
    """Figures about nobody."""
    out = [["年度", "支部", "区分", "件数", "金額", "前年比"]]
    for _ in range(rows):
        row = [str(dice.randrange(2015, 2027)), f"第{dice.randrange(1, 40)}支部", dice.choice(("医療", "生命", "火災"))]
        out.append([*row, str(dice.randrange(20_000)), str(dice.randrange(10**9)), f"{dice.randrange(800, 1200) / 10}%"])
    return out


def record(dice: random.Random) -> str:
    """A form in plain text with something about a person's health."""
    p = Person(dice.randrange(500))
    illness = dice.choice(("高血圧症", "右大腿骨骨折", "腰椎椎間板ヘルニア", "２型糖尿病"))
    return (
        f"共済金請求書\n\n氏名：{p.name}\n生年月日：{p.birth}\n住所：{p.address}\n電話：{p.mobile}\n傷病名：{illness}\n入院：あり\n"
    )


def letter(dice: random.Random) -> bytes:
    """A mail between two people."""
    a, b = Person(dice.randrange(500)), Person(dice.randrange(500))
    return mail(
        dice.choice(SUBJECTS), (a.name, a.mail), (b.name, b.mail), f"{b.name} 様\n\n{prose(dice, 600)}\n{a.name}\n{a.mobile}\n"
    )


def office(dice: random.Random) -> bytes:
    """A document with paragraphs and a table."""
    return document(["# 報告書", *prose(dice, 2_000).split("\n"), roster(dice, 6)])


KINDS: Sequence[tuple[int, str, Callable[[random.Random], bytes]]] = (  # weight, file name ending, writer
    (30, ".txt", lambda d: prose(d, 6_000).encode("cp932")),
    (12, ".log", lambda d: log(d, 40_000).encode()),
    (12, ".csv", lambda d: table(statistics(d, 300)).encode("cp932")),
    (10, ".csv", lambda d: table(roster(d, 120)).encode("utf-8-sig")),
    (8, ".eml", letter),
    (8, ".txt", lambda d: record(d).encode()),
    (6, ".md", lambda d: ("# 議事録\n\n" + prose(d, 3_000)).encode()),
    (8, ".docx", office),
    (3, ".xlsx", lambda d: workbook({"名簿": roster(d, 150)})),
    (3, ".xlsx", lambda d: workbook({"統計": statistics(d, 600)})),
)


def write(folder: Path, megabytes: float, seed: int = 1) -> int:
    """Write files until their sizes add up; the number of files. The same arguments give the same corpus."""
    dice = random.Random(seed)
    weights = [weight for weight, _, _ in KINDS]
    total, count = 0, 0
    while total < megabytes * 1_000_000:
        _, ending, writer = dice.choices(KINDS, weights)[0]
        path = folder / f"部署{count % 12:02d}" / f"{count:05d}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = writer(dice)
        path.write_bytes(data)
        total += len(data)
        count += 1
    return count


def main(argv: Sequence[str] | None = None) -> int:
    """Write a corpus and say how many files it has."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(argv)
    print(f"{write(chosen.folder, chosen.megabytes, chosen.seed)} files -> {chosen.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
