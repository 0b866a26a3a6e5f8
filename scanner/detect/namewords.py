"""What stands around names and what is never one: honorifics, titles, kinship, organisations, places, specimens."""

from __future__ import annotations

import re

from scanner.model import PersonRole

KANJI = r"\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff々〆"
NAME_KANJI = KANJI + "ヶノツ"
KATAKANA = r"ァ-ヴーヽヾ"
HIRAGANA = r"ぁ-ゖーゝゞ"


def _words(text: str) -> tuple[str, ...]:
    """Words parted by white space."""
    return tuple(text.split())


def _any(words: str) -> str:
    """A group that matches any of the words, which are parted by white space; the first that fits wins."""
    return "(?:" + "|".join(words.split()) + ")"


HONORIFICS = _words(
    """
    さまへ 様方 先生 さま さん くん ちゃん 御夫妻 夫妻 夫人 様 殿 氏 君 嬢 翁 女史
    """
)

STAFF_TITLES = _words(
    """
    代表取締役 代表理事 取締役 執行役員 事務局長 副理事長 理事長 副社長 社長 副会長 会長 専務 常務 監査役 理事 監事
    本部長 支店長 支社長 支所長 営業所長 工場長 センター長 施設長 事務長 部長代理 副部長 部長 次長 課長補佐 課長代理
    副課長 課長 係長 主任 主査 主事 主幹 参事 室長 局長 所長 店長 副店長 館長 班長 組長 区長 町長 村長 市長 知事 議長
    副議長 書記長 書記 委員長 副委員長 委員 議員 組合長 支部長 教頭 副校長 校長 園長 学年主任 教諭 教授 准教授 助教
    講師 学長 担任 リーダー マネージャー マネジャー 主務 幹事 署長 巡査部長 巡査長 巡査 警部補 警部 記者 職員 社員
    スタッフ 店員 監督 コーチ 主将 選手 名誉教授 特任教授 客員教授 博士 船長 機長 頭取 研究員 指導員 支援員 調査員 推進員 専門官
    代議員 評議員 統括 顧問 相談役
    """
)

PROFESSIONAL_TITLES = _words(
    """
    副院長 院長 医長 医師 歯科医師 ドクター Dr 看護師長 師長 看護師 看護主任 准看護師 保健師 助産師 薬剤師 管理栄養士
    栄養士 理学療法士 作業療法士 言語聴覚士 臨床検査技師 放射線技師 技師 心理士 心理師 ケアマネージャー ケアマネジャー
    ケアマネ 介護支援専門員 サ責 相談員 生活相談員 ヘルパー 介護士 介護福祉士 社会福祉士 精神保健福祉士 ケースワーカー
    ソーシャルワーカー 保育士 弁護士 司法書士 行政書士 税理士 社労士 社会保険労務士 会計士 弁理士 公証人 保護司
    保護観察官 観察官 調査官 検察官 検事 裁判官 判事 書記官 児童福祉司 福祉司 民生委員 カウンセラー Ns PT OT ST MSW CW
    CM
    """
)

KINSHIP = _words(
    """
    妻 夫 父 母 長男 長女 次男 次女 二男 二女 三男 三女 息子 娘 子 兄 弟 姉 妹 祖父 祖母 孫 義父 義母 叔父 叔母 伯父
    伯母 甥 姪 婚約者 配偶者 養子 嫁 婿 友人 知人 同級生 同僚 隣人 お子さん お孫さん 息子さん 娘さん
    """
)

# Before a name, with or without の, は, :, a space or a bracket between.
_STAFF_BEFORE = _words(
    """
    弊社 当社 当院 当園 当課 当部 当店 当校 夜勤 日勤 早番 遅番 当直 宿直 準夜 深夜 早出 遅出
    担当者 担当 受付者 受付 記録者 記録 作成者 作成 文責 報告者 報告 確認者 承認者 起案者 司会 議長 書記 会長 副会長
    会計 監事 委員長 委員 幹事 班長 部長 課長 係長 主任 主事 所長 店長 社長 校長 教頭 園長 担任 副担任 教諭 講師
    相談員 責任者 管理者 対応者 対応 上司 前任 後任 人事 総務 経理 営業 事務 同僚 先輩 後輩 部下 運転手 施設長
    センター長 生徒指導主事 学年主任 養護教諭 代表 立会人 署名人 添乗 支部長 問
    """
)

_PROFESSIONAL_BEFORE = _words(
    """
    主治医 担当医 執刀医 産業医 校医 嘱託医 医師 医長 院長 看護師 師長 看護 保健師 薬剤師 理学療法士 作業療法士
    言語聴覚士 栄養士 心理士 技師 ケアマネジャー ケアマネージャー ケアマネ 介護支援専門員 サービス提供責任者 サ責
    ヘルパー ソーシャルワーカー ケースワーカー 医療相談室 弁護士 司法書士 税理士 保護司 保護観察官 主任官 調査官
    裁判官 検察官 民生委員 カウンセラー 診察 麻酔 執刀 術者 助手
    """
)

SUBJECT_BEFORE = _words(
    """
    患者 利用者 入居者 組合員 会員 契約者 被共済者 被保険者 請求者 申請者 相談者 本人 対象者 対象少年 少年 生徒 児童
    園児 社員 職員 従業員 被害者 加害者 相手方 運転者 同乗者 被疑者 被告人 被告 原告 故人 亡 故 旧姓 氏名 名前 名義
    パート 新人 新入社員 答
    """
)


TITLES: dict[str, PersonRole] = {
    **dict.fromkeys(HONORIFICS, PersonRole.UNKNOWN),
    **dict.fromkeys(STAFF_TITLES, PersonRole.STAFF),
    **dict.fromkeys(PROFESSIONAL_TITLES, PersonRole.PROFESSIONAL),
}
BEFORE: dict[str, PersonRole] = {
    **dict.fromkeys(SUBJECT_BEFORE, PersonRole.SUBJECT),
    **dict.fromkeys(KINSHIP, PersonRole.FAMILY),
    **dict.fromkeys(_STAFF_BEFORE, PersonRole.STAFF),
    **dict.fromkeys(_PROFESSIONAL_BEFORE, PersonRole.PROFESSIONAL),
}
# Titles before which a word in Latin letters is hardly a unit or a thing: no Sales部長.
TITLES_OF_FOREIGNERS = frozenset(
    _words("先生 氏 君 Dr ドクター 医師 教授 准教授 助教 講師 博士 選手 監督 コーチ 委員 議員 弁護士 看護師")
)
LONGEST_BEFORE = max(map(len, BEFORE))


def longest_first(words: tuple[str, ...] | dict[str, PersonRole]) -> str:
    """The words as alternatives of a pattern, a longer one before a shorter one."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


TITLE = re.compile(f"(?:{longest_first(TITLES)})")

# What somebody is head or member of: a surname that is such a word is none before a title (総務部長, 会計主任).
FUNCTIONS = frozenset(
    _words(
        """
    営業 販売 企画 経営 総務 庶務 人事 労務 経理 会計 財務 資材 購買 調達 製造 生産 技術 開発 研究 設計 品質 検査 管理
    保守 工務 工事 施工 建築 建設 土木 設備 電気 機械 安全 環境 情報 広報 宣伝 広告 法務 知財 監査 審査 査定 契約 保険
    共済 給付 支払 収納 債権 融資 渉外 国際 海外 国内 地域 地区 本部 本社 本店 支店 支社 中央 東部 西部 南部 北部 首都圏
    医療 医事 医局 病棟 外来 看護 診療 薬剤 栄養 給食 調理 介護 福祉 相談 生活 保健 健康 体育 文化 教育 教務 学年 学級 学科
    学部 学術 進路 生徒 指導 研修 訓練 運営 運行 運輸 輸送 配送 物流 倉庫 車両 整備 防災 防犯 警備 交通 消防 救急 刑事
    婦人 青年 女性 組織 書記 執行 専門 常任 特別 臨時 実行 準備 選挙 評議 編集 取材 報道 主任 上級 上席 首席 筆頭 一般
    担当 代理 補佐 次期 初代 歴代 名誉 終身 常勤 専任 専属 兼任 招聘 派遣 出向 駐在 現地 現場 当直 日直 夜勤 日勤 早番
    遅番 統括 統轄 総括 業務 事務 事業 政策 秘書 法制 衛生 労働 住民 市民 町民 区民 国民 農政 農業 水産 林業 商工 観光
    児童 民生 社会 司法 行政 議会 会員 組合 労組 支部 分会 班 書道 音楽 英語 国語 数学 理科 美術 家庭 塾 学習 入試 就職
    顧客 店舗 売場 窓口 受付 予約 配膳 清掃 洗濯 送迎 運転 操縦 航海 機関 甲板 通信 無線 応援 後援 育成 普及 推進 促進
    改善 改革 対策 調査 調整 統計 分析 解析 試験 実験 実習 鑑定 評価 認定 認証 登録 記録 集計 印刷 製本 出版 放送 番組
    演出 撮影 照明 音響 舞台 衣装 美容 理容 接客 案内 誘導 避難 救護 応急 復旧 連絡 協議 検討 実施 作業 工程 組立 溶接
    塗装 鋳造 加工 包装 梱包 出荷 入荷 検品 在庫 発注 受注 見積 請求 決済 資金 税務 会社 法人 団体 集団 全体 全国 全社
    各部 各課 各班 医師 歯科 内科 外科 眼科 小児科 第一 第二 第三 第四 第五 第六 本局 支局 分局 分室 別館 新館 母子 父子
    保護 更生 矯正 家裁 地裁 高裁 検察 警察 公安 入管 税関 労基 職安 年金 国保 健保 戸籍 市長 町長 村長 知事 大臣 政務
    取締 社外 社内 院内 院外 校内 校外 園内 地元 現職 元職 新人 先任 後任 前任 同行 同席 立会 主席 主管 所管 所属 直属
    担任 副担任 教科 部活 顧問 主治 執刀 麻酔 放射線 臨床 病理 救命 産科 透析 訪問 在宅 居宅 施設 入所 通所 短期 夜間
    """
    )
)

# Heads of what is named after its place: 千葉支店長 heads the branch in Chiba.
HEADS_OF_PLACES = frozenset(
    _words("支店長 支社長 支部長 支所長 支局長 営業所長 出張所長 工場長 署長 区長 町長 村長 市長 知事 市議 市議会議員 組長")
)

# Prefectures and big cities as offices are called after them; those that are common surnames first of all (福岡, 広島) left out.
CITIES = frozenset(
    _words(
        """
    北海道 東京 京都 大阪 札幌 仙台 横浜 川崎 名古屋 神戸 堺 新潟 静岡 浜松 熊本 鹿児島 那覇 沖縄 長崎 大分 佐賀 愛媛 高知
    香川 徳島 岡山 鳥取 島根 兵庫 奈良 和歌山 滋賀 岐阜 愛知 三重 福井 富山 山梨 長野 埼玉 千葉 神奈川 栃木 群馬 茨城 福島
    山形 秋田 岩手 宮城 青森 石川 広島 山口 福岡 宮崎 関東 関西 東北 九州 四国 中国 北陸 中部 東海 近畿 首都圏 全国
    """
    )
)

# A word followed by 様 or さん that is nobody's name.
NOT_BEFORE_HONORIFIC = frozenset(
    _words(
        """
    一 上 下 両 仏 仕 何 兄 先 前 右 各 同 坊 外 多 奥 妹 姉 姫 娘 嬢 子 孫 客 左 弟 後 御 有 模 殿 母 沢 無 父 王 異
    皆 神 若 誰 貴 赤 隣 お兄 お坊 お姉 お姫 お嬢 お子 お孫 お客 お日 お星 お月 お母 お父 お隣 くま たく みな パパ
    ママ 主人 会員 会社 会長 先方 児童 医者 友人 同様 名前 団体 園児 坊っ 大家 女王 学校 学生 家族 店員 弊社 役所 御中
    御社 息子 患者 担当 新人 旦那 本人 業者 氏名 生徒 病院 相手 社員 社長 職人 職員 読者 課長 貴社 近所 遺族 部長 銀行
    おかげ お医者 お天道 お巡り お得意 お疲れ お相手 ご主人 ご友人 ご家族 ご本人 ご苦労 ご遺族 どちら どなた ゲスト
    サンタ ナース バイト パート ホスト モデル 世帯主 事業所 保護者 入居者 入所者 出席者 利用者 加入者 参加者 取引先
    受取人 契約者 宿泊者 対象者 従業員 得意先 御本人 担当者 来場者 来館者 注文者 理事長 申請者 申込人 申込者 相手方
    看護婦 看護師 組合員 視聴者 請求者 責任者 購入者 運転手 郵便局 配偶者 関係者 お取引先 お得意先 ごちそう ご利用者
    ご契約者 ご担当者 オーナー スタッフ ドクター フロント ヘルパー メンバー メーカー ユーザー リーダー 新入社員
    被保険者 被共済者 赤ちゃん アルバイト ドライバー
    """
    )
)

NOT_NAME_ENDINGS = re.compile(
    _any(
        """
        者 員 御中 会社 法人 組合 連合会 協会 学会 委員会 事務局 事務所 センター 病院 医院 診療所 クリニック 薬局 歯科
        内科 外科 眼科 皮膚科 婦人科 整形外科 小児科 学校 小学校 中学校 高校 大学 学園 幼稚園 保育園 銀行 信用金庫
        支店 営業所 支社 本社 本店 支所 出張所 工場 倉庫 商店 商会 商事 工務店 工業 産業 建設 運輸 運送 電気 電機 電器
        製作所 製薬 食品 水産 農園 牧場 酒造 酒店 書店 旅館 ホテル 食堂 市場 会館 公園 球場 神社 寺院 教会 空港 港 駅
        線 通り 街道 都 府 県 市 区 町 村 郡 丁目 番地 課 部 係 室 科 班 局 庁 省 署 隊 団 組 年 月 日 時 分 号 番 円
        件 名 個 点 回 本 台 式 型 用 費 料 金 税 書 票 表 証 届 願 簿 状 済 中 後 前 内 外 等 類 品 剤 錠 薬 症 病 炎
        痛 食 水 油 不明 未定 未記入 未入力 空欄 別紙 参照 同上 同左 同右 該当 記載 あり なし 無し 有り 希望 可 不可
        要 否 完了 対応 確認 処理 連絡 不在 退職 休職 休み 出席 欠席 遅刻 早退 男 女 男性 女性 株 有 社 店 屋号 様式
        欄 印
        """
    )
    + "$"
)

ORGANISATION = re.compile(
    _any(
        r"""
        株式会社 有限会社 合同会社 合資会社 一般社団 公益社団 一般財団 公益財団 社会福祉法人 医療法人 学校法人
        宗教法人 NPO \((?:株|有|合|社|財|医|福|資|名|同|学)\) (?:^|\s)(?:カ|ユ|ド|シヤ|ザイ|フク|イ|ガク)\)
        \((?:カ|ユ|ド)\)? 法人 御中 協同組合 生協 農協 連合会 振興会 センター クリニック ホスピタル 事務所 事業所
        ステーション Inc\b Ltd\b Corp\b LLC Co\. Company Hospital Clinic University Bank Office Support Team Service
        Center Project Software Systems? Solutions Studio Labs? Corporation Foundation Group Department Division Institute
        Association Committee Microsoft Adobe Google Apache Windows Admin Administrator Resources Marketing Accounting
        編集部 事務局 サポート 窓口 グループ チーム 委員会 コールセンター ヘルプデスク 部会 自治会 町内会
        """
    )
)

# Follows a surname that belongs to a company, place, building, product or family of things.
NOT_AFTER = re.compile(
    _any(
        """
        株式会社 有限会社 合同会社 商店 商会 商事 工務店 工業 産業 建設 建材 建具 木材 運輸 運送 製作所 製薬 薬品 薬局
        医院 病院 内科 外科 眼科 歯科 皮膚科 小児科 整形 クリニック 診療所 法律事務所 事務所 会計 税理士事務所 駅 市
        区 町 村 郡 県 府 都 道 川 河 山 岳 峠 谷 沢 橋 坂 池 湖 島 岬 浜 港 湾 城 宮 寺 院 神社 公園 通り 通 街道 線
        支店 支所 支部 営業所 店 屋 荘 館 園 ビル マンション ハイツ 団地 台 丘 小学校 中学校 高校 高等学校 小 中 高
        大学 大 女子大 幼稚園 保育園 学園 銀行 信金 信用金庫 証券 損保 生命 電機 電気 電器 自動車 精機 製鉄 製紙 食品
        酒造 醤油 味噌 牧場 農園 農場 農協 漁協 新聞 放送 書店 旅館 ホテル 食堂 牛 米 茶 焼 漆 塗 織 紬 うどん そば
        ラーメン カレー そうめん りんご みかん 大根 ねぎ なす かぶ 菜 豆 鶏 豚 の戦い の乱 の変 家臣 氏族 幕府 藩 流
        派 賞 杯 式 法 症 病 事件 判決 ダム トンネル インター IC SA PA JCT 地区 地域 地方 方面 周辺 付近 交差点 ヶ ケ
        ガラス 清掃 デザイン
        """
    )
)

PLACE_BEFORE = re.compile(
    _any(r"会議室 株式会社 有限会社 合同会社 \(株\) \(有\) 店舗 支店 品種 商品名 銘柄 ホール ルーム 号室 号館") + '[「『"]?$'
)

HISTORY = re.compile(
    _any(
        """
        幕府 藩主 藩士 藩校 家老 大名 武将 城主 将軍 天皇 戦国 江戸時代 室町 鎌倉時代 平安 奈良時代 弥生 縄文 開山
        創建 建立 中興 史料 史跡 伝承 [0-9一二三四五六七八九十]世紀 享年 門下 門弟 俳人 歌人 絵師 文豪 ゆかりの 偉人 歌碑 句碑
        藩祖 開祖 史上
        慶長 元和 寛永 正保
        慶安 承応 明暦 万治 寛文 延宝 天和 貞享 元禄 宝永 正徳 享保 元文 寛保 延享 寛延 宝暦 明和 安永 天明 寛政 享和
        文化[元二三四五六七八九十] 文政 天保 弘化 嘉永 安政 万延 文久 元治 慶応 永禄 天正 文禄 応仁 建武 承久
        """
    )
)

_SAMPLE_FIRST = _any(
    """
    共済 生協 コープ こーぷ テスト てすと 見本 サンプル 日本 厚労 国税 年金 健保 組合 保険 県民
    試験 ダミー 例示 個人 医療 介護 東京 大阪 青空 全労済 こくみん
    """
)
_CIRCLES = "[〇○◯●△□×]{1,4}"

SAMPLE = re.compile(
    rf"{_SAMPLE_FIRST} ?(?:太郎|花子|一郎|次郎|二郎|三郎|たろう|はなこ|タロウ|ハナコ)|{_CIRCLES} ?(?:{_CIRCLES}|太郎|花子)|"
    r"(?:キョウサイ|コープ|テスト|ミホン) ?(?:タロウ|ハナコ)|John Doe|Jane Doe"
)
# Names that specimens like and that people bear too: specimens only where the page says that it is one.
SAMPLE_OR_PERSON = re.compile(
    r"(?:山田|鈴木|佐藤|田中|ヤマダ|スズキ|サトウ|タナカ) ?(?:[太一二三次]郎|花子|たろう|はなこ|タロウ|ハナコ)|"
    r"(?:Taro|Hanako) Yamada|Yamada,? (?:Taro|Hanako)",
    re.IGNORECASE,
)
SAMPLE_CUE = re.compile(r"記入例|記載例|入力例|書き方|見本|サンプル|sample|\(例\)|(?<![症事実判条])例[):]|ダミー")
