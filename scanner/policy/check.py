"""What ``policy check`` and ``policy explain`` say about a policy, as lines to print."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.policy.locations import Approved
from scanner.policy.policyfile import Location, resolve_class
from scanner.taxonomy import Taxonomy


def describe(policy: Approved, lang: str = "ja") -> Iterator[str]:
    """The policy in short, then every place, then what somebody should look at."""
    file = policy.file
    ja = lang == "ja"
    yield f"{file.organization}  {'方針' if ja else 'policy'} {policy.version}"
    yield f"{'場所' if ja else 'Locations'}: {len(file.locations)}  {'管理単位' if ja else 'Units'}: {len(file.units)}"
    for place in file.locations:
        yield f"  {place.id}: {place.path}"
        yield f"    {'分類' if ja else 'classes'}: {_classes(place.classes, policy.taxonomy, lang)}"
        owner = f"{'所管' if ja else 'owner'}: {place.owner or '-'}"
        yield f"    {'目的' if ja else 'purposes'}: {'・'.join(place.purposes) or '-'}  {owner}"
    names = _classes(file.default_location.classes, policy.taxonomy, lang)
    yield f"  {'上記以外の場所' if ja else 'anywhere else'}: {names}"
    for warning in warnings(policy, lang):
        yield f"{'注意' if ja else 'note'}: {warning}"


def _classes(names: list[str], taxonomy: Taxonomy, lang: str) -> str:
    words = []
    for name in names:
        kind, _, bare = resolve_class(name, taxonomy).partition(":")
        words.append(taxonomy.entity(bare, lang) if kind == "entity" else taxonomy.category(bare, lang))
    return "・".join(words) or ("なし" if lang == "ja" else "none")


def warnings(policy: Approved, lang: str = "ja") -> Iterator[str]:
    """Expired or empty exceptions, classes without a place, purposes that never fit, overlapping places."""
    ja = lang == "ja"
    for place in policy.file.locations:
        yield from _exceptions(policy, place, ja)
        yield from _purposes(policy, place, ja)
    yield from _homeless(policy, lang)
    for n, one in enumerate(policy.patterns):
        for m in range(n + 1, len(policy.patterns)):
            if one.overlaps(policy.patterns[m]):
                yield _overlap(policy, n, m, ja)
    for entry in policy.file.accepted:
        if entry.until < policy.today:
            yield (
                f"受容の期限切れ：{entry.finding}（{entry.until}）"
                if ja
                else f"acceptance expired: {entry.finding} ({entry.until})"
            )
    for known in policy.file.accepted_unexamined:
        if known.until < policy.today:
            yield (
                f"未検査の受容の期限切れ：{known.path}（{known.until}）"
                if ja
                else f"acceptance expired: {known.path} ({known.until})"
            )
    if policy.file.custom_identifiers:
        yield (
            "custom_identifiers は検査時に --policy を指定した場合に検出規則として使われます。"
            if ja
            else "custom_identifiers act as rules when the scan is given this policy."
        )


def _exceptions(policy: Approved, place: Location, ja: bool) -> Iterator[str]:
    for entry in place.exceptions:
        if entry.until < policy.today:
            yield (
                f"例外の期限切れ：{place.id}（{entry.until}、{entry.reason}）"
                if ja
                else f"exception expired: {place.id} ({entry.until}, {entry.reason})"
            )
        elif not entry.classes:
            yield (
                f"例外に classes がなく、許可する分類が増えません：{place.id}（{entry.reason}）"
                if ja
                else f"exception without classes allows nothing more: {place.id} ({entry.reason})"
            )


def _purposes(policy: Approved, place: Location, ja: bool) -> Iterator[str]:
    for name in place.classes:
        rule = policy.rules.get(resolve_class(name, policy.taxonomy))
        if rule is not None and rule.allow_purposes is not None and not set(rule.allow_purposes) & set(place.purposes):
            allowed = "・".join(rule.allow_purposes) or "-"
            yield (
                f"{place.id}: {name} を承認していますが、許可された目的（{allowed}）がこの場所にありません"
                if ja
                else f"{place.id}: approves {name}, but has none of its purposes ({allowed})"
            )


def _homeless(policy: Approved, lang: str) -> Iterator[str]:
    """Classes of the policy, and 要配慮 categories, that no place may hold."""
    held = {resolve_class(c, policy.taxonomy) for place in policy.file.locations for c in place.classes}
    held |= {resolve_class(c, policy.taxonomy) for c in policy.file.default_location.classes}
    for term in policy.taxonomy.categories.values():
        if not held & {f"category:{term.id}", *(f"layer:{layer}" for layer in term.layers)}:
            words = term.name(lang)
            yield (
                f"承認された場所のない分類：{words}（category:{term.id}）"
                if lang == "ja"
                else f"no place may hold: {words} (category:{term.id})"
            )
    for name in policy.rules:
        if not name.startswith("category:") and name not in held:
            yield f"承認された場所のない分類：{name}" if lang == "ja" else f"no place may hold: {name}"


def _overlap(policy: Approved, n: int, m: int, ja: bool) -> str:
    one, other = policy.file.locations[n], policy.file.locations[m]
    if policy.patterns[n].specific == policy.patterns[m].specific:
        return (
            f"{one.id} と {other.id} は同じ範囲です。先に書かれた {one.id} が優先されます"
            if ja
            else f"{one.id} and {other.id} cover the same; {one.id}, written first, counts"
        )
    wins = one if policy.patterns[n].specific > policy.patterns[m].specific else other
    return (
        f"{one.id} と {other.id} は重なります。詳しく書かれた {wins.id} が優先されます"
        if ja
        else f"{one.id} and {other.id} overlap; {wins.id}, the more specific, counts"
    )


def explain(policy: Approved, path: str, lang: str = "ja") -> Iterator[str]:
    """Which location a path belongs to and why, and what it may hold."""
    ja = lang == "ja"
    winners = policy.winners(path)
    place = policy.place(path)
    yield f"{path}"
    if place.location:
        yield f"{'場所' if ja else 'location'}: {place.location.id}（{place.location.path}）"
        for other in winners[1:]:
            yield (
                f"  {other.id}（{other.path}）にも該当しますが、より詳しい指定が優先されます"
                if ja
                else f"  also under {other.id} ({other.path}); the more specific one counts"
            )
    else:
        yield "場所: どの場所にも該当しません（default_location）" if ja else "location: none covers it (default_location)"
    yield f"{'分類' if ja else 'classes'}: {_classes(sorted(place.allowed), policy.taxonomy, lang)}"
    yield f"{'目的' if ja else 'purposes'}: {'・'.join(sorted(place.purposes)) or '-'}"
    unit = f"{place.unit.id} {place.unit.name}" if place.unit else "-"
    yield f"{'管理単位' if ja else 'unit'}: {unit}  {'部署' if ja else 'department'}: {place.department or '-'}"
