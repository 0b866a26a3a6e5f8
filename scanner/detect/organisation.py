"""Tells an organisation's own contact data from a person's."""

from __future__ import annotations

import re

_ORGANISATION = re.compile(
    r"窓口|お問い?合わ?せ|問い?合わ?せ先|コールセンター|フリーダイヤル|フリーコール|ナビダイヤル|代表電話|代表\)|\(代\)|大代表|代表番号|本社|支社|本店|支店|"
    r"営業所|事務局|事務所|出張所|センター|相談室|病院|医院|クリニック|診療所|薬局|株式会社|有限会社|合同会社|\(株\)|\(有\)|財団法人|社団法人|"
    r"生活協同組合|協同組合|共済会|市役所|区役所|町役場|村役場|県庁|都庁|府庁|保健所|警察署|消防署|裁判所|税務署|"
    r"学校|大学|幼稚園|保育園|連携室|管理組合|協議会|受付時間|営業時間|平日"
)
_PERSON = re.compile(
    r"自宅|携帯|本人|ご家族|家族|長男|長女|次男|次女|二男|二女|父|母|夫|妻|娘|息子|孫|姪|甥|兄|弟|姉|妹|連絡者|患者|利用者|"
    r"様[\s(:]|様$|さん[\s(:]|さん$|殿[\s(:]|緊急連絡|日中"
)
_FORM = re.compile(r"氏名|名前|住所|生年月日|契約者|ご自宅|患者|対象者")  # the lines above belong to a form about a person
_WORKPLACE = re.compile(r"勤務先|勤め先|職場")  # of a person: it leads to him
_MOBILE = re.compile(r"^\(?(?:\+81[-(\s]*0?)?\)?0?[6789]0")
_ROLES = re.compile(
    r"^(?:git|info|support|contact|sales|webmaster|admin|office|help|helpdesk|desk|inquiry|enquiry|privacy|recruit|saiyo|saiyou|shop|order|orders|"
    r"magazine|news|newsletter|subscribers|members?|soumu|jinji|kouhou|koho|pr|press|otoiawase|toiawase|customer|service|soudan|madoguchi|"
    r"uketsuke|jimu|jimukyoku|center|mail|postmaster|hostmaster|abuse|security|billing|keiri|eigyo|all|team|staff|root|www)(?:[-_.0-9].*)?@"
)
_SAMPLE = re.compile(
    r"^(?:no-?reply|do-?not-?reply|mailer-daemon)[0-9]*@|"
    r"^(?:user|users?name|test|sample|example|foo|bar|hoge|fuga|name|(?:my|your)[._-]?(?:name|mail|address)|someone|xxx+|aaa+|abc|you|me)@"
    r"(?:example|hostname|host|domain|(?:my|your)?(?:domain|company|provider|site))\.[a-z.]+$|"
    r"@(?:my|your)[._-]?(?:domain|company|provider|site|server|host)\."
)
_MACHINE = re.compile(
    r"(?:message-id|in-reply-to|references|content-id|resent-message-id)\s*[:\t]\s*(?:<[^>\n]{0,200}>\s*)*<?$|(?<![A-Za-z])cid:$|(?<![A-Za-z])(?:ssh|scp|sftp|rsync)\s[^\n]{0,40}$",
    re.IGNORECASE,
)


def owns_phone(value: str, before: str, after: str, above: str = "") -> bool:
    """Whether a telephone number in running text or a form is an organisation's, by the nearest words around it.

    ``above``: the lines over it, which count when its own line says nothing: a letterhead or a signature of an office.
    """
    if _MOBILE.match(value) or _WORKPLACE.search(before):
        return False
    organisation = [m.end() for m in _ORGANISATION.finditer(before)]
    person = [m.end() for m in _PERSON.finditer(before)]
    if organisation and (not person or organisation[-1] > person[-1]):
        return True
    if not (organisation or person) and _ORGANISATION.search(above) and not (_PERSON.search(above) or _FORM.search(above)):
        return True
    return not person and bool(
        re.search(r"^\s*[(、,]?\s*(?:代表|平日|受付|\(代)|^\s*(?:まで|へ)?\s*お(?:問い?合わ?せ|電話|申し?込み)", after)
    )


def toll_free(value: str) -> bool:
    """0120, 0800, 0570 and 0990 belong to organisations alone."""
    return value.lstrip("(").startswith(("0120", "0800", "0570", "0990"))


def machine_address(before: str) -> bool:
    """Whether what looks like a mail address is the id of a message or a login of a program."""
    return bool(_MACHINE.search(before))


def role_mailbox(address: str) -> bool:
    """info@, support@ and the like: a mailbox of an organisation, not of a person."""
    return bool(_ROLES.match(address.lower()))


def sample_mailbox(address: str) -> bool:
    """noreply@ and stand-ins such as user@example.com."""
    return bool(_SAMPLE.search(address.lower()))


# Numbers that card schemes and payment services publish for tests.
_TEST_CARDS = frozenset(
    (
        "4111111111111111",
        "4242424242424242",
        "4012888888881881",
        "4000056655665556",
        "5555555555554444",
        "5105105105105100",
        "5200828282828210",
        "2223003122003222",
        "378282246310005",
        "371449635398431",
        "30569309025904",
        "38520000023237",
        "3530111333300000",
        "3566002020360505",
    )
)
_TESTING = re.compile(r"test|テスト|dummy|ダミー|sample|サンプル|試験", re.IGNORECASE)


def published_card(value: str, line: str) -> bool:
    """Whether it is a card number published for tests, on a line that says so."""
    return re.sub(r"[^0-9]", "", value) in _TEST_CARDS and _TESTING.search(line) is not None
