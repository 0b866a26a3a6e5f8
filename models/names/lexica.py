"""What JUMAN's dictionary has gathered from Wikipedia about words, as the package jumandic carries it (BSD licence).

Of a word it knows what its article is about (its hypernym) or which article it leads to. The kinds are told by endings:
people, places, groups of people, others. A surname that leads to 名・姓 is a person's; so are both halves.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from models.build import folded, package_file
from scanner.detect.namenet import KNOWN
from scanner.detect.tagger import Tag, Tagger

_PERSON = re.compile(
    "(?:者|家|師|優|手|監督|人|士|官|員|タレント|モデル|アイドル|姓|名跡|男性名|女性名|男性|女性|王|皇帝|皇族|貴族|公|侯|伯|人物|"
    "キャラクター?|神|妃|僧|将|将軍|大臣|大統領|首相|ドライバー|レスラー|プロデューサー?|アナウンサー|ミュージシャン|ギタリスト|"
    "イラストレータ|デザイナー|ピアニスト|アーティスト|ランナー|ライダー|ボクサー|ダンサー|ライター|ジャーナリスト|子|娘|妻|母|父|弟|兄|姉|妹|"
    "天使|ソプラノ|ドラマー|ベーシスト|ボーカル|ヴォーカリスト|名前|苗字|ファミリーネーム|ファーストネーム)$"
)
_PLACE = re.compile(
    "(?:都市|コムーネ|コミューン|町|市|村|山|川|河|湖|島|州|県|郡|区|地|地名|地方|地域|自治体|州都|県都|首都|国|城|駅|港|海|集落|半島|"
    "山脈|諸島|公園|街|通り|道|峠|谷|岬|湾|遺跡|寺院|海岸|空港|国家|帝国)$"
)
_GROUP = re.compile(
    "(?:企業|会社|メーカー?|事務所|グループ|バンド|団体|政党|大学|学校|コンビ|ブランド|ブランド名|クラブ|チーム|局|社|店|銀行|部|組織|"
    "ユニット|レーベル|トリオ|機関|協会|プロダクション|サークル|スタジオ)$"
)
_OWN = {"人名": "pp", "地名": "pl", "組織名": "po"}
_NAMES = frozenset((Tag.SURNAME, Tag.GIVEN, Tag.PERSON, Tag.PLACE, Tag.PROPER))


def known(tagger: Tagger) -> dict[str, int]:
    """Words to what is known of them, as bits in the order of ``KNOWN``; without those that ``tagger`` parts or has as no name."""
    kinds: defaultdict[str, int] = defaultdict(int)
    for word, part, told in _entries():
        kind = _kind(word, part, told)
        if kind and len(word) > 1:
            kinds[folded(word)] |= 1 << KNOWN.index(kind)
    return {word: bits for word, bits in sorted(kinds.items()) if _open(word, tagger)}


def _open(word: str, tagger: Tagger) -> bool:
    tags = tagger.kinds(word)
    return (not tags or bool(tags & _NAMES)) and len(tagger.words(word)) == 1


def _kind(word: str, part: str, told: str) -> str:
    if hypernym := re.search("上位語:([^ /]+)", told):
        return "h" + _ending(hypernym[1])
    if target := re.search("リダイレクト:([^ ]+)", told):
        title = unicodedata.normalize("NFKC", target[1])
        halves = re.split("[・=]", title)
        if word in halves:
            return "rp"
        ending = _ending(title)
        return "r" + (ending if ending in "lo" else "q" if len(halves) > 1 else "x")
    return "" if "人名:" in told else _OWN.get(part, "")


def _ending(text: str) -> str:
    return "p" if _PERSON.search(text) else "l" if _PLACE.search(text) else "o" if _GROUP.search(text) else "x"


def _entries() -> Iterator[tuple[str, str, str]]:
    """(word, kind of noun, what is told of it) of every noun.

    MeCab's file begins with ten numbers, of which the seventh to ninth are the sizes of the trie, of the words, and of what is
    said of them, which stands last, parted by zero bytes.
    """
    data = package_file("jumandic", "dicdir/sys.dic").read_bytes()
    trie, words, size = struct.unpack_from("<10I", data)[6:9]
    first = 72 + trie + words
    for row in data[first : first + size].split(b"\0"):
        cells = row.decode("utf-8", "replace").split(",")
        if len(cells) == 7 and cells[0] == "名詞":
            yield unicodedata.normalize("NFKC", cells[4]), cells[1], cells[6]
