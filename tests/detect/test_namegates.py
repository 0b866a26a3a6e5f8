"""A gate only saves work: what the readers of names find in a line, they find behind the gates too."""

import numpy as np
import pytest

from benchmarks.hard_items import load
from scanner import resources
from scanner.detect import gazetteer
from scanner.detect.nameprose import ProseReader

PLAIN = """\
担当は佐藤様と山 田 太 郎さん、旧姓 種村。
「花子(はなこ)」と読む鈴木花子。
[10:05] 渡辺 : 了解です。
普通 1234567 スズキ ハナコ
ヤマダ タロウ（Taro Yamada）
患者の高橋は、母の幸子と来た。名前は「さくら」。
本日は晴天なり。雨は降らない。
- 加藤誠（営業部）
田中方
Dear Mr. John Smith,
"""


@pytest.fixture(scope="module")
def reader() -> ProseReader:
    return ProseReader(gazetteer.names(resources.folder("models")), None)


def test_no_name_is_lost_at_a_gate(reader: ProseReader) -> None:
    texts = [PLAIN, *(item.text for item in load()[::7] if item.entity == "person_name")]
    lines = [line for text in texts for line in text.split("\n")]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1].astype(np.int32)
    gates = reader.lines("\n".join(lines), starts)
    found = 0
    for n, line in enumerate(lines):
        every = reader.read(line)
        assert (reader.read(line, gates[n]) if n in gates else []) == every, line
        found += len(every)
    assert found > 100


def test_a_line_that_can_hold_no_name_is_not_read(reader: ProseReader) -> None:
    text = "雨は降らない。\n担当の佐藤様\n雪も降らない。"
    assert list(reader.lines(text, np.array([0, 8, 15], dtype=np.int32))) == [1]
