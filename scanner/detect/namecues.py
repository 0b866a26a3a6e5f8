"""The table of cues: wordings that leave a place for a person's name, how much each says, and an example on either side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanner.detect.namewords import (
    BEFORE,
    HIRAGANA,
    HONORIFICS,
    KATAKANA,
    KINSHIP,
    NAME_KANJI,
    TITLES,
    longest_first,
)
from scanner.model import PersonRole

_K, _KANA, _H = NAME_KANJI, KATAKANA, HIRAGANA


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording. ``pattern`` names the place of the name ``name`` and, where the wording says whose it is, ``role`` or ``word``.

    Under ``label`` it names a word that must be one of ``LABELS`` or end with one.
    ``weight``: log odds that a person stands there, added to those of
    the word (``nameodds``). ``places``: whether a place or
    an organisation fits as well. ``more``: whether further names may follow, parted by 、 or an arrow.
    ``yes``, ``no``: lines in which it finds a name and in which it finds none.
    """

    rule: str
    weight: float
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...] = ()
    role: PersonRole = PersonRole.UNKNOWN
    places: bool = False
    more: bool = False


_KANJI_NAME = rf"[{_K}]{{1,4}}(?: [{_K}]{{1,3}}| [{_H}]{{2,4}}| [{_KANA}]{{2,5}})?"
_KANA_NAME = rf"[{_KANA}]{{2,8}}(?![{_KANA}])(?:[ ・][{_KANA}]{{2,8}}(?![{_KANA}]))?"
NAME = rf"(?P<name>{_KANJI_NAME}|{_KANA_NAME})"
GIVEN = rf"(?P<name>[{_K}]{{1,4}}|[{_KANA}]{{2,6}}(?![{_KANA}])|[{_H}]{{2,4}}?)"
_LEFT = rf"(?:(?<![{_K}{_KANA}{_H}A-Za-z0-9・ー])|(?<=[はがもをにでとの]))"
_PART = rf"(?<![{_K}{_KANA}{_H}A-Za-z])"  # where a word may begin
_END = r"(?=[、,。・/()→⇒=>\s\]」<]|$|さん|様|氏|くん|が|は|も|に|より|から|です)"
_NEAR = "[^。、\\n]{0,8}?"
_KIN = (
    "奥さん|奥様|旦那|主人|妻|夫|母|父|娘|息子|長男|長女|次男|次女|兄|弟|姉|妹|祖母|祖父|お母さん|お父さん|お子さん|お孫さん|両親|"
    "家族|ご家族|おば|おじ|家内|ばあ|じい"
)
_THINGS = "席|机|携帯|端末|代わり|後任|前任|お?見舞い|送別会|歓迎会|迎え|当番|番|誕生日|担任|連絡先|実家|お宅|家に|家へ|家の"
_GIVES = (
    "送[っりる付信]|渡[しすせっ]|返[しすせ却]|届け|預け|預か|伝え|聞[いかきく]|頼[みむんま]|相談|連絡|依頼|任せ|引き?継|お願い|"
    "確認し|借り|もら[いうっ]|見せ|話[しす]|電話|報告|メール|尋ね|教え|譲|託|返答|打診|説明|指示|催促|謝|会[いう]"
)
_DOES = (
    "休[みむんま]|対応|持参|担当|代わ|代行|調整|手配|押さえ|伺[いう]|迎え|行[いきくっ]|書[いきく]|立ち?会|代講|指摘|同行|運転|司会|"
    "異動|辞め|退職|入院|退院|欠席|遅刻|結婚|出産|亡く|喜|泣|笑|怒|引き?継|預か|受け[たて取]|数え|言[いうっ]|話し|作[っりる]|出張|"
    "手伝|支援|説明|報告|来[たてるま]|来られ|入院|転[んぶ倒]|倒れ|待っ|加わ|入っ"
)
_IS = (
    "休み|お?休[みむん]|早退|直行|直帰|欠席|出席|出張|外出|遅刻|不在|半休|有休|年休|在宅|帰宅|退勤|公休|夜勤|日勤|育休|産休|朝が|"
    "先に|遅れ|出勤|離席|自転車|電車|徒歩|車で|水曜|木曜|金曜|月曜|火曜|同期|元気|留守|独り暮らし|一人暮らし"
)
_GREETS = (
    "お疲れ(?:様|さま)です|お世話(?:様|さま)です|お世話になっ[^。]{0,10}|"
    "おはようございます|こん(?:にち|ばん)[はわ]|はじめまして|ご無沙汰[^。]{0,10}"
)
_STAFF_POSTS = (
    "立会|立ち会い|応対|受け|受|記|指導|同行|監督|大工|幹事|面談者|面談|点検|検収|作業|承認|更新|出荷|検品|起案|校正|職長|代講|代理|運転|"
    "副直|巡視|送迎|日直|当番|司会|唱和|連絡|依頼|引受|預かり人|預かり|棟梁|現場|配達|集金|調理|配膳|訪問|面接官|診察|検査|撮影|執筆|編集|"
    "監修|CL|SL|班長|取扱|査収|窓口|主催|世話人|運搬|清掃|施錠|巡回|検針員|検針|採点|講評|伴奏|指揮|振付|照明|音響"
)
_STATES = (
    "休み|お休み|本日休み|早退|遅刻|直行|直帰|欠席|出席|出席者|欠席者|不在|外出|出張|有休|半休|公休|"
    "転入|転出|入社|退職|参加|不参加|来場|当選|合格|入居|退居|入院|退院"
)
_OTHERS = (
    "対象|宛先|宛|あて先|差出人|差出|紹介者|紹介|通報者?|申出人|申込|手伝い|候補|男子|女子|本人|付添|来庁者|来庁|面会者|面会|相談者|相談|"
    "依頼人|施主|飼い主|"
    "家主|大家|借主|貸主|譲渡人|譲受人|送り主|受取人|届け先|お届け先|依頼元|発注|契約|名義|保証人|証人|目撃者|訪問先|CC|Cc|To|From|"
    "キャプテン|主将|副将|マネージャー|書記|会計|代表|社長|専務|部員|新人|後任|前任|引継ぎ|引継|バディ|相方|ペア"
)
LABELS: dict[str, PersonRole] = {
    **dict.fromkeys(f"{_STATES}|{_OTHERS}".split("|"), PersonRole.UNKNOWN),
    **dict.fromkeys(_STAFF_POSTS.split("|"), PersonRole.STAFF),
    **{w: r for w, r in {**TITLES, **BEFORE}.items() if w not in HONORIFICS and w not in KINSHIP and len(w) > 1},
}
_WORD = rf"(?P<label>[{_K}{_KANA}{_H}A-Za-z]{{1,10}})"

CUES: tuple[Cue, ...] = (
    Cue(
        "label",
        2.3,
        re.compile(rf"{_PART}{_WORD}(?:\([^()\n]{{1,6}}\))?: ?{NAME}{_END}"),
        ("点検者:久米田/立会:豆塚", "本日休み:上垣内 早退:粟飯原", "応対:漆畑"),
        ("対象:全社員", "連絡:清掃、施錠", "受付:本館", "出席:全員"),
        more=True,
    ),
    Cue(
        "label",
        1.3,
        re.compile(rf"(?:^|(?<=[ 、,(・])){_WORD} {{1,2}}{NAME}{_END}"),
        ("立会 日根野谷", "作成 刑部", "施主 留辺様邸 監督 訓子府"),
        ("受付 本館", "出荷 港", "承認 部長", "当番 なし"),
        more=True,
    ),
    Cue(
        "addressee",
        3.2,
        re.compile(rf"^ *(?P<name>[{_K}]{{2,4}}) ?(?:様|さま|殿)[、へ]? *$"),
        ("砥草 様", "白樺様"),
        ("企業様", "関係者様", "保護者様", "施設様"),
    ),
    Cue(
        "honorific",
        2.3,
        re.compile(rf"{_PART}(?P<name>[{_K}]{{2,4}}|[{_KANA}]{{2,7}}(?=サマ| )) ?(?:サマ|サン|クン|チャン|ドノ)(?![{_KANA}])"),
        ("梁瀬サマ ヨリ TEL アリ.", "オオクマ サン"),
        ("オク サマ", "タク サン"),
    ),
    Cue(
        "older",
        1.8,
        re.compile(rf"{_LEFT}{NAME}(?=先輩|親方|師匠|師範|大将|棟梁|おば(?:さん|様|さま)|おじ(?:さん|様|さま)|のおば|夫妻)"),
        ("皆実先輩が来る", "佳寿子おばさんの家"),
        ("大学の先輩", "先生夫妻"),
    ),
    Cue(
        "speaker",
        1.5,
        re.compile(rf"(?<![A-Za-z])<{NAME}>(?= )"),
        ("[12:04:11] <桑折> 始めます",),
        ("<見出し> ", "<東京> "),
    ),
    Cue(
        "child",
        1.2,
        re.compile(
            rf"{_LEFT}{GIVEN}(?=(?:と[^、。]{{1,6}})?を(?:連れ|迎え|抱|寝かせ|叱|褒|送っ|起こ)|[がは](?:泣|熱|登園|降園|離れない|寝|昼寝|ピアノ|宿題|幼稚園|保育園|お?弁当))"
        ),
        ("朝から紬葵と楓真を連れて動物園。", "夕方、陽菜乃がピアノ"),
        ("犬を連れて", "荷物を送って", "子が泣く"),
        role=PersonRole.FAMILY,
        more=True,
    ),
    Cue(
        "kinship",
        2.0,
        re.compile(rf"{_PART}(?P<word>{longest_first(KINSHIP)}){GIVEN}(?=[、,。・()\s]|$|さん|ちゃん|くん|様)"),
        ("家族構成 夫忠司、妻栄子、長女真希(高2)",),
        ("父親", "母校、", "夫婦", "長男 同居"),
        role=PersonRole.FAMILY,
    ),
    Cue(
        "self",
        2.2,
        re.compile(rf"(?:{_GREETS})[。、,!.\s]*{NAME}(?=です(?:[。、]|$|が))"),
        ("お疲れさまです。茅淵です。",),
        ("お疲れさまです。以上です。", "こんにちは。晴天です。"),
        role=PersonRole.SENDER,
    ),
    Cue(
        "self",
        1.4,
        re.compile(rf"^ *{NAME}(?=です[。、]?$)"),
        ("茅淵です。", "浮田です"),
        ("以上です。", "休みです。", "欠席です"),
        role=PersonRole.SENDER,
    ),
    Cue(
        "self",
        0.8,
        re.compile(rf"(?:^|(?<=[。、「 ])){NAME}(?=です(?:[。、」]|が、|けど)|だよ|だけど|でした[。」])"),
        ("「ヤマネですけど、いますか」",),
        ("雨です。", "東京です。", "明日です。"),
    ),
    Cue(
        "self",
        2.4,
        re.compile(rf"{_PART}(?:私|わたし|わたくし|僕)(?:は、?|\(|、){NAME}(?=[)、]|と申し|と言い|といい|です)"),
        ("私(備瀬)は水曜まで出張です。", "私は、古庄 光を代理人と", "私、戸叶と申します"),
        ("私(担当)から", "私は、明日です"),
        role=PersonRole.SENDER,
    ),
    Cue(
        "self",
        2.4,
        re.compile(rf"{_LEFT}{NAME}(?=と(?:申し|いい|言い)ます|と名乗)"),
        ("見積担当の鉾立と申します。", "(ナガヌマと名乗る)"),
        ("何と申しますか", "無料といいます"),
    ),
    Cue(
        "kin of",
        1.5,
        re.compile(rf"{_LEFT}{NAME}の(?:{_KIN}|{_THINGS})"),
        ("川南の次男が来た。", "羽黒沢の席替え"),
        ("会社の席", "先生の机", "学校の当番"),
        places=True,
    ),
    Cue(
        "asked",
        0.5,
        re.compile(rf"{_LEFT}{NAME}(?:に|へ|から|より){_NEAR}(?:{_GIVES})"),
        ("鍵は生方から借りてあります。", "梅津へ返す"),
        ("本社から届く", "東京に送る", "窓口に返す", "全員に伝える"),
        places=True,
    ),
    Cue(
        "acts",
        0.5,
        re.compile(rf"{_LEFT}{NAME}が(?:{_NEAR})(?:{_DOES})"),
        ("会議室は梅津が押さえました。",),
        ("電車が来た", "業者が対応", "雨が降って"),
        places=True,
    ),
    Cue(
        "is away",
        1.2,
        re.compile(rf"{_LEFT}{NAME}(?:は|も|、){_NEAR}(?:{_IS})"),
        ("中神田は半休。",),
        ("本日は休み", "午後は外出", "全員は出席"),
        places=True,
    ),
    Cue(
        "with",
        0.8,
        re.compile(
            rf"{_LEFT}{NAME}と(?:二人|ふたり|昼|話|相談|調整|検討|協議|連携|共有|打ち?合わせ|同行|一緒|食事|待ち合わせ|飲み|会[いうっ]|組[みむん])"
        ),
        ("梅津と昼",),
        ("会社と相談", "医師と話す"),
        places=True,
    ),
    Cue(
        "change",
        2.0,
        re.compile(
            rf"(?:担当|後任|当番|委員|役員|講師|幹事|リーダー|責任者|世話役|窓口)"
            rf"[^。\n]{{0,6}}?[はがを:] ?{NAME}(?=(?:さん|氏)?から)"
        ),
        ("今月の担当は鵜養から小鹿野に替わりました。",),
        ("担当は総務から経理に替わる", "窓口は本店から支店に"),
    ),
    Cue(
        "change",
        2.0,
        re.compile(
            rf"(?:担当|後任|当番|委員|役員|講師|幹事|リーダー|責任者|世話役|窓口)[^。\n]{{2,16}}から{NAME}"
            r"(?=(?:さん|氏)?[にへ](?:替|変|代|交|引|移|バトン|$|、|。))"
        ),
        ("今月の担当は鵜養から小鹿野に替わりました。", "担当は鵜養から小鹿野に"),
        ("担当は総務から経理に替わる",),
    ),
    Cue(
        "change",
        0.8,
        re.compile(rf"{_PART}(?:旧|新|前|現|元)(?: |:){NAME}(?= |→|⇒|=>|$|\()"),
        ("旧 小谷野 → 新 布施川",),
        ("旧 木造 → 新 鉄骨", "新 大阪"),
        places=True,
    ),
    Cue(
        "home",
        1.8,
        re.compile(rf"{_PART}{NAME}(?=(?:様)?(?:邸|宅)(?:[^{_K}]|$|訪問|到着|新築))"),
        ("①古閑邸 4t ②与世田邸",),
        ("自宅", "社宅", "官邸", "住宅 在宅"),
    ),
    Cue(
        "told",
        2.2,
        re.compile(
            rf"(?:委員長?|議長|司会|書記|会計|喪主|講師|幹事|主将|副将|監督|社長|専務|常務|経理|受付|出迎え)は(?:、|弟の|妻の|娘の)?{NAME}(?=[、。とがでに]|$|です|が)"
        ),
        ("司会は能勢、唱和は物部。", "受付はまどかと宇品くんで。"),
        ("司会は未定、", "受付は本館で", "会計は別途、"),
        more=True,
    ),
)
_LAST, _GAP, _ANY = "".join(sorted({word[-1] for word in LABELS})) + ")", " :=", _K + _KANA
_LABEL_SHAPE = ((_LAST, _GAP, _ANY), (_LAST, _GAP, _GAP, _ANY))
SHAPES = {"weighed 0": _LABEL_SHAPE, "weighed 1": _LABEL_SHAPE}  # no string announces them: see ``Gates``
PATTERNS = {f"weighed {n}": (cue.pattern,) for n, cue in enumerate(CUES)}


def label_role(label: str) -> PersonRole | None:
    """Whose name a label or the end of one announces, None where it is no label of people."""
    for size in range(min(len(label), 8), 0, -1):
        role = LABELS.get(label[-size:])
        if role is not None and (size > 1 or size == len(label)):
            return role
    return None
