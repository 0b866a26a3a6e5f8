"""Who people are, told from what stands around their names: ``⟦role|name⟧`` in invented documents of many kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from scanner.classify import records
from scanner.classify.roles import Roles
from scanner.model import Block, Cell, Line, Match, PersonRole, Section
from scanner.text.blocks import BlockWriter
from scanner.text.layout import Column, Field
from scanner.text.view import Reading
from tests.classify.samples import Bench

_MARK = re.compile(r"⟦([a-z]+)\|([^⟧]*)⟧")
_BENCH = Bench()
_ROLES = Roles(_BENCH.classifier.taxonomy.cues, frozenset(("health_condition",)))


def _plain(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    out, spans, last = "", [], 0
    for m in _MARK.finditer(marked):
        out += marked[last : m.start()]
        spans.append((m[1], len(out), len(out) + len(m[2])))
        out += m[2]
        last = m.end()
    return out + marked[last:], spans


def _match(reading: Reading, start: int, end: int) -> Match:
    """As the detector of names makes it: with the label of its field or column."""
    at: list[Field | Column] = [f for f in reading.layout.fields if f.start <= start < f.end]
    cell = reading.cell_at(start)
    at += [c for c in reading.layout.columns if cell in c.cells.tolist()]
    for place in at:
        label, above = place.label, place.above
        if label is not None and label.entity == "person_name":
            role = above.role if above is not None and above.role and label.role is PersonRole.SUBJECT else label.role
            return Match("person_name", reading.block.index, start, end, "name.field", 0.9, cue=label.word, role=role)
    return Match("person_name", reading.block.index, start, end, "name.tagged", 0.8)


def _told(blocks: Sequence[tuple[Block, list[tuple[str, int, int]]]]) -> list[tuple[str, str, str]]:
    """(name, role wanted, role said) of every marked name. Labels, rows and words alone decide: no detector takes part."""
    from scanner.text.arrange import Arranger
    from scanner.text.view import read

    arranger = Arranger(_BENCH.book)
    readings = [arranger.read(read(block)) for block, _ in blocks]
    matches = {r.block.index: [_match(r, a, b) for _, a, b in spans] for r, (_, spans) in zip(readings, blocks, strict=True)}
    told = _ROLES.tell(readings, matches, {}, {r.block.index: records.splitter(r) for r in readings})
    return [(block.text[a:b], want, told[block.index, a].role.value) for block, spans in blocks for want, a, b in spans]


def _text(marked: str) -> list[tuple[str, str, str]]:
    text, spans = _plain(marked)
    (block,) = BlockWriter().text(text, Line(1), section=Section.BODY)
    return _told([(block, spans)])


def _table(marked: str) -> list[tuple[str, str, str]]:
    """Rows of cells parted by ``|``."""
    rows = [[cell.strip() for cell in row.split("|")] for row in marked.strip().split("\n")]
    plain = [(r, [(c, _plain(cell)[0]) for c, cell in enumerate(row, 1) if cell]) for r, row in enumerate(rows, 1)]
    (block,) = BlockWriter().table(plain, Cell("表", 1, 1))
    spans, at = [], 0
    for row in rows:
        for cell in filter(None, row):
            text, found = _plain(cell)
            spans += [(role, a + at, b + at) for role, a, b in found]
            at += len(text) + 1
    return _told([(block, spans)])


TEXTS = [
    # a title behind, a word before, brackets
    "本日、⟦professional|湯原⟧医師の診断があり、⟦professional|小出⟧ケアマネが訪問した。",
    "整形外科 ⟦professional|外山 徹⟧医師より説明。",
    "担当ケアマネの⟦professional|坂入⟧さんに連絡した。",
    "病棟看護師長 ⟦professional|瓜生 さゆり⟧",
    "窓口 ⟦staff|江成⟧(受付)が対応。",
    "経理の⟦staff|笹岡⟧さんへ回付。",
    "⟦staff|米倉⟧課長と相談した。",
    "後見人の⟦other|鶴岡 実⟧氏に送付した。",
    "司法書士 ⟦professional|若狭 忍⟧",
    "児童相談所の⟦professional|堀江⟧児童福祉司から電話。",
    "集金の⟦staff|塚原⟧さんの態度が悪いとの苦情。",
    "本日は⟦staff|水上⟧さんが夜勤です。",
    # kinship, also in chains and brackets
    "患者 ⟦subject|真鍋 ミツ⟧さん。長男の⟦family|真鍋 健一⟧さんは県外。",
    "⟦subject|真鍋 ミツ⟧様の次女(⟦family|奥田 里子⟧様、080)から入電。",
    "⟦family|奥田 里子⟧(次女)が同席。",
    "緊急連絡先:⟦family|戸谷 文雄⟧(弟)",
    "妻 ⟦family|恵子⟧、長男 ⟦family|大樹⟧と同居。契約者:⟦subject|戸谷 行雄⟧",
    "生徒の母(⟦family|赤羽 麻衣⟧氏)に電話した。",
    "契約者氏名:⟦subject|伊吹 努⟧\n死亡保険金受取人:⟦family|伊吹 和歌子⟧(妻)",
    "請求者:⟦family|伊吹 和歌子⟧ 続柄:妻\n被共済者:⟦subject|伊吹 努⟧",
    "被共済者:⟦subject|伊吹 和歌子⟧(契約者の妻)",
    "氏名:⟦subject|伊吹 和歌子⟧ 世帯主との続柄:妻",
    "受ける人の氏名:⟦subject|弓削 ナナ⟧\n保護者の氏名:⟦family|弓削 丈一⟧\n本人(保護者)署名:⟦family|弓削 丈一⟧",
    "続柄  父 亡 ⟦family|長曽我部 勲⟧",
    "[06:12 班長 ⟦staff|羽根⟧] ①⟦subject|早川⟧様宅へ\n"
    "[09:48 補助] 鍵は息子さん(⟦family|早川 大地⟧さん)に渡した\n⟦subject|早川⟧様は不在",
    "ツマノ ⟦family|キヌ⟧サマヘ デンワ タントウ ⟦staff|ナカガワ⟧(ナイセン 51)",
    # neither
    "友人の⟦other|三宅⟧さん宅で転倒した。",
    "目撃者の⟦other|早見 隆⟧さんの話では、⟦subject|久世 綾⟧さん(34歳)は赤信号で渡ったとのこと。",
    "紹介者:⟦other|東雲 彩⟧様",
    "Prof. ⟦professional|Kaede Ikeda⟧",
    # posts that no list knows; former ones
    "救急隊 隊長:⟦staff|青地⟧ 隊員:駒井・⟦staff|穴吹 愛⟧",
    "評議員長:⟦staff|大河原 淳⟧",
    "元営業部長の⟦subject|久我 進⟧様が膵がんのため逝去されました",
    "供花は⟦staff|祖父江 ちか⟧まで(内線 207)",
    "相談日 6月3日 面接員 ⟦staff|稲森⟧",
    "前職の上司である⟦staff|片山⟧氏の評価は良好。",
    "株式会社トウワ ⟦staff|榊 直也⟧様が来社",
    "後任は⟦staff|来栖⟧さんにお願いします。",
    "⟦staff|滝口⟧様\n\nいつもお世話になっております。薬局の蓑田です。",
    "今月の新人紹介 ⟦subject|比嘉 凪⟧さん",
    "利用者 ⟦subject|浜名 ふさ⟧様  担当ヘルパー ⟦professional|小檜山⟧",
    "避難支援者1 ⟦other|日置 徹⟧(近所) 救急救命士 ⟦professional|柿沼 聡⟧",
    "組合員 ⟦subject|日置 徹⟧(隣組長)",
    "父 ⟦family|健一⟧(自営業)",
    "(聞き手・文 ⟦staff|柳田 淳⟧)",
    "退職願\n令和6年8月31日\n製造部第二課 ⟦subject|磯貝 茂⟧ 印",
    "⟦subject|西山 ハル⟧様の件、次男の⟦family|西山 学⟧様は怒っておられた。⟦subject|西山⟧様は陽性",
    # lists and meetings
    "看護師:⟦professional|前川⟧、⟦professional|城戸⟧、⟦professional|土橋⟧",
    "審査委員 ⟦staff|飯野⟧・⟦staff|佐渡⟧",
    "職員会議 議事録\n出席者:⟦staff|飯野⟧、⟦staff|佐渡⟧、⟦staff|古沢 愛⟧\n司会:⟦staff|佐渡⟧",
    "会 長  ⟦staff|氷室 章⟧(再任)\n副会長  ⟦staff|入江 夏美⟧",
    "執行委員長の⟦staff|赤池⟧氏があいさつ。\n⟦staff|赤池 守⟧   支部執行委員長",
    # one name keeps its role
    "主治医:⟦professional|片桐⟧\n経過 ⟦professional|片桐⟧へ照会した。",
    "対象者 ⟦subject|神尾 亮⟧\n⟦subject|神尾⟧は入院した。⟦subject|神尾⟧さんの家族に連絡。",
    "長女の⟦family|藤堂 智子⟧さんが来所。⟦family|智子⟧さんは疲れた様子。利用者:⟦subject|高畑 キヨ⟧",
    # bearer's own data
    "人事部  ⟦subject|薗田 修⟧(41歳・男) 面談記録",
    "2年3組 ⟦subject|鳥飼 蓮⟧が欠席した。",
    "302号室 ⟦subject|別府 ハツ⟧様 朝食全量",
    "証券番号 12345678 ⟦subject|相良 久美⟧ 様の件",
    # departments, signatures, chats
    "以上\n総務部 人事課 ⟦staff|由良⟧",
    "⟦subject|相良 久美⟧様 夕食8割。血圧 120/70。 ⟦staff|安西⟧\n⟦subject|別府 ハツ⟧様 入浴せず。(⟦staff|安西⟧)",
    "10:12 ⟦sender|安西⟧ お客様の⟦subject|相良⟧さんから電話です\n10:13 ⟦sender|由良⟧ 折り返します",
    "21:05 ⟦subject|須永 光⟧ 先生、私は先月うつ病と診断されました",
    "問(⟦staff|由良⟧):当日の様子は。\n答(⟦subject|神尾⟧):覚えていません。",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_roles_in_text(marked: str) -> None:
    for name, want, said in _text(marked):
        assert (name, said) == (name, want)


TABLES = [
    # a household list: relatives stand below the one whose number they share
    "記号番号|氏名|続柄|生年月日\n"
    "1001-2|⟦subject|井川 弘⟧|本人|S50.1.1\n"
    "1001-2|⟦family|井川 ゆい⟧|妻|S52.2.2\n"
    "1001-2|⟦family|井川 翔⟧|子|H20.3.3\n"
    "1003-8|⟦subject|大野 恵⟧|本人|S61.1.4",
    # a ledger in which each row has a customer of its own
    "顧客番号|氏名|続柄|住所\n"
    "C-0001|⟦subject|井川 弘⟧|世帯主|港区芝1-2\n"
    "C-0002|⟦subject|大野 恵⟧|配偶者|北区王子3-4\n"
    "C-0003|⟦subject|木村 直⟧|配偶者|中区栄5-6",
    "氏名|続柄|年齢\n⟦family|井川 ゆい⟧|妻|48\n⟦family|井川 翔⟧|長男|17",
    "社員番号|氏名|緊急連絡先氏名|続柄\nE100|⟦subject|小城 学⟧|⟦family|小城 緑⟧|母\nE101|⟦subject|大友 葵⟧|⟦family|大友 進⟧|父",
    "会員番号|会員名|担当\n100|⟦subject|小城 学⟧|⟦staff|谷⟧\n101|⟦subject|大友 葵⟧|⟦staff|谷⟧",
    # officers are staff; employees about whom the table is are not
    "役職|氏名|電話\n会長|⟦staff|小城 学⟧|090-1111-2222\n会計|⟦staff|大友 葵⟧|090-3333-4444",
    "社員番号|氏名|役職|生年月日\nE100|⟦subject|小城 学⟧|課長|S50.1.1\nE101|⟦subject|大友 葵⟧|主任|S61.1.4",
    # two rows of headers: who the people of a group of columns are
    "号室|契約者||同居人||連帯保証人\n|氏名|電話|氏名|続柄|氏名\n"
    "101|⟦subject|三好 和也⟧|0467-11-2222|⟦family|三好 忍⟧|妻|⟦other|江島 保⟧\n"
    "102|⟦subject|大場 渡⟧|0467-33-4444|⟦family|大場 結⟧|子|⟦other|腰越 進⟧\n"
    "103|⟦subject|材津 蘭⟧|0467-55-6666|⟦subject|長谷 舞⟧|入居者|⟦other|逗子 茂⟧",
    "席|氏名|間柄\nA|⟦other|仁科 浩二⟧|新郎上司\nB|⟦other|矢沢 舞⟧|新婦友人\nC|⟦family|椎葉 節⟧|新郎祖母",
    "居室|入居者氏名|介護度|担当CM\n101|⟦subject|小出 マツ⟧|3|⟦professional|新庄⟧\n102|⟦subject|蛭田 たけ⟧|5|⟦professional|鴨下⟧",
    # odd rows below a list
    "番号|氏名|電話|備考\n"
    "1|⟦subject|小城 学⟧|090-1111-2222|\n"
    "2|⟦subject|大友 葵⟧|090-3333-4444|\n"
    "添乗員|⟦staff|西 一郎⟧|090-5555-6666|\n"
    "緊急連絡先|⟦family|大友 進⟧(2番の父)|090-7777-8888|",
    # forms: label and value cells
    "生徒|⟦subject|赤羽 凜⟧|学年|2\n相談者|⟦family|赤羽 麻衣⟧|続柄|母",
    "利用者名|⟦subject|赤羽 凜⟧|主治医|⟦professional|堂本⟧\n担当ケアマネ|⟦professional|安原⟧|作成者|⟦staff|古関⟧",
    "フリガナ|⟦family|アカバネ マイ⟧\n保護者氏名|⟦family|赤羽 麻衣⟧\nフリガナ|⟦subject|アカバネ リン⟧\n児童氏名|⟦subject|赤羽 凜⟧",
    "日付|試合|主審\n6/1|準決勝|⟦staff|古関 学⟧\n6/8|決勝|⟦staff|安原 徹⟧",
]


@pytest.mark.parametrize("marked", TABLES)
def test_roles_in_tables(marked: str) -> None:
    for name, want, said in _table(marked):
        assert (name, said) == (name, want)


def test_recipients_in_the_senders_organisation_are_colleagues() -> None:
    inside = "From:⟦sender|牧 雄太⟧ <maki@a.example.jp>\nTo:⟦staff|児島 梢⟧ <kojima@a.example.jp>"
    outside = "From:⟦sender|牧 雄太⟧ <maki@a.example.jp>\nTo:⟦subject|児島 梢⟧ <kojima@b.example.jp>"
    for marked in (inside, outside):
        for name, want, said in _text(marked):
            assert (name, said) == (name, want)
