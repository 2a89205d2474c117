"""What a change of the business does, in lines that people read: field by field, visit by visit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from html import escape
from itertools import groupby
from typing import Any, Final

from babel import Locale

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.business.changes import Change, EntryChange, OrderChange, Verb
from worker.business.document import Document, ServiceEntry
from worker.business.fields import FieldType, FileEntry, MembersType, ValueKind
from worker.business.hits import Hit
from worker.business.identity import Rename
from worker.business.opening import format_windows
from worker.business.plan import CancelVisits, ChangePlan
from worker.proposals.opening import days_text, hours_text
from worker.proposals.views import stay_booked, visit_lines
from worker.proposals.words import QUESTION_TYPES, field_name
from worker.scheduling.validity_views import validity_text
from worker.ui.phrases import deposit, duration, price, shortened

NOTHING: Final = "—"
IN: Final = "✓"
LINE_WIDTH: Final = 160
"""UTF-16 units of a value in a line."""
MOST_CHANGES: Final = 25
"""So many lines are told of what becomes different; of more than that only the number."""
VERBS: Final[Mapping[Verb, Marked]] = {
    Verb.ADDED: text_noop("<b>{name}</b> is new"),
    Verb.RETURNED: text_noop("<b>{name}</b> is back again"),
    Verb.CHANGED: text_noop("<b>{name}</b> changes"),
    Verb.REMOVED: text_noop("<b>{name}</b> is no longer offered"),
}
NEW: Final = frozenset({Verb.ADDED, Verb.RETURNED})
CHOICES: Final[Mapping[str, Marked]] = {
    "specialist": text_noop("the specialist"),
    "owner": text_noop("owners and admins"),
    "nobody": text_noop("nobody: customers are not asked"),
    "all": text_noop("everybody"),
    "new": text_noop("new customers"),
}
"""What a value that is one of a few words is called."""
SEVERAL: Final = frozenset({"roles", "limits", "texts"})
"""What there is one of, and is called as if it were several."""
OF_HOURS: Final = frozenset({ValueKind.WEEK, ValueKind.TIMES})
"""Values of which nothing says that it is closed."""
SINGLE: Final[Mapping[str, Marked]] = {
    "business": text_noop("The business"),
    "roles": text_noop("Roles"),
    "limits": text_noop("Limits"),
    "texts": text_noop("Texts"),
}


def shown(texts: Translator, kind: FieldType[Any], value: Any, currency: str) -> str:  # noqa: ANN401 - any field's
    """Say what a field holds."""
    if isinstance(kind, MembersType) and kind.bounds and not value:
        return texts.text("at any time")
    says_closed = kind.kind in OF_HOURS and not isinstance(kind, MembersType)
    if value is None or (value in ("", (), {}) and not says_closed):
        return NOTHING
    if isinstance(kind, MembersType) and kind.key is not None:
        return ", ".join(member_name(texts, kind, key) for key in kind.split(value))
    say = SAYING.get(kind.kind)
    return say(texts, value, currency) if say else kind.shown(value)


def _language(_: Translator, code: str, __: str) -> str:
    locale = Locale.parse(code, sep="-")
    return str(locale.get_display_name(locale) or code).capitalize()


def _minutes(texts: Translator, minutes: int, _: str = "") -> str:
    return duration(texts, timedelta(minutes=minutes))


SAYING: Final[Mapping[ValueKind, Callable[[Translator, Any, str], str]]] = {
    ValueKind.DURATION: _minutes,
    ValueKind.DURATIONS: lambda texts, value, _: ", ".join(_minutes(texts, each) for each in value),
    ValueKind.SWITCH: lambda texts, value, _: texts.text("yes") if value else texts.text("no"),
    ValueKind.PRICE: price,
    ValueKind.DEPOSIT: deposit,
    ValueKind.CHOICE: lambda texts, value, _: texts.marked(CHOICES[value]) if value in CHOICES else value,
    ValueKind.ZONE: lambda texts, value, _: texts.place_of(value),
    ValueKind.LANGUAGE: _language,
    ValueKind.TIMES: lambda texts, value, _: ", ".join(format_windows(value)) or texts.text("closed"),
    ValueKind.WEEK: lambda texts, value, _: hours_text(texts, value) or texts.text("closed"),
    ValueKind.VALIDITY: lambda texts, value, _: validity_text(texts, value),
    ValueKind.WEEKDAYS: lambda texts, value, _: days_text(texts, value),
    ValueKind.DATE: lambda texts, value, _: texts.short_day(value),
    ValueKind.QUESTION_TYPE: lambda texts, value, _: texts.marked(QUESTION_TYPES[value]),
    ValueKind.CHOICES: lambda _, value, __: ", ".join(value),
}


def member_name(texts: Translator, kind: MembersType[Any], key: Any) -> str:  # noqa: ANN401 - any member's
    """Say which member of a field it is."""
    if kind.keys:
        return texts.title(texts.weekdays()[key])
    said: str = shown(texts, kind.key, key, "") if kind.key else str(key)
    return said


def member_shown(
    texts: Translator, kind: MembersType[Any], row: Mapping[str, Any] | None, currency: str
) -> str:
    """Say what is said of one member, or that nothing is."""
    if row is None:
        return unsaid(texts, kind)
    if kind.in_order:
        return _unusual(texts, kind, row, currency)
    values = [shown(texts, type_, type_.load(row[part]), currency) for part, type_ in kind.parts.items()]
    return ", ".join(each for each in values if each != NOTHING) or (unsaid(texts, kind) if kind.keys else IN)


def unsaid(texts: Translator, kind: MembersType[Any]) -> str:
    """Say that nothing is said of a member: a weekday without hours is closed."""
    return texts.text("closed") if kind.keys and not kind.bounds else NOTHING


def _unusual(texts: Translator, kind: MembersType[Any], row: Mapping[str, Any], currency: str) -> str:
    """Say of one of a list in order what is not as usual, and no more."""
    given = [
        (part, type_)
        for part, type_ in kind.parts.items()
        if row[part] != kind.blank[part] or type_.kind is ValueKind.WEEK
    ]
    return ", ".join(
        field_name(texts, part)
        if type_.kind is ValueKind.SWITCH
        else shown(texts, type_, type_.load(row[part]), currency)
        for part, type_ in given
    )


def field_shown(texts: Translator, entry: FileEntry, name: str, currency: str) -> str:
    """Say what a field of an entry holds; of fields that are said together, what all of them hold."""
    kind = type(entry)
    names = kind.together if name in kind.together else (name,)
    values = [shown(texts, kind.specs[each].type, getattr(entry, each), currency) for each in names]
    return NOTHING if set(values) == {NOTHING} else ", ".join(values)


def preset_shown(texts: Translator, kind: FieldType[Any], value: Any, currency: str) -> str:  # noqa: ANN401 - as above
    """Say a usual value on a button."""
    said = shown(texts, kind, value, currency)
    return texts.text("None") if said == NOTHING else texts.title(said)


def plan_lines(texts: Translator, plan: ChangePlan, currency: str, *, offered: bool = False) -> list[Html]:
    """Say what a plan does: what becomes different, and which visits it hits.

    `offered` tells whether customers of visits for which nobody is there have been offered other times.
    """
    lines = [line for change in plan.told for line in _change(texts, change, currency)]
    if more := len(lines) - MOST_CHANGES:
        lines = lines[:MOST_CHANGES]
    if more > 0:
        lines.append(Html(escape(texts.plural("and {number} more", "and {number} more", more))))
    lines += [_rename(texts, each) for each in plan.renames]
    lines += [Html(escape(each.phrase.said(texts))) for each in plan.problems]
    lines += _hits(texts, plan, offered=offered)
    lines += _fate(texts, plan)
    return lines


def done_by_nobody(plan: ChangePlan, document: Document) -> list[str]:
    """Return the new services that nobody does."""
    done = {name for each in document.specialists for name in each.services}
    new = [each for each in plan.changes if isinstance(each, EntryChange) and each.entry is ServiceEntry]
    return [each.name for each in new if each.verb in NEW and each.name not in done]


def _change(texts: Translator, change: Change, currency: str) -> Iterator[Html]:
    if isinstance(change, OrderChange):
        yield texts.html("The order changes: {names}", names=shortened(", ".join(change.names), LINE_WIDTH))
        return
    if change.name or change.entry.label not in SEVERAL:
        name = change.name or _single(texts, change)
        yield Html(texts.marked(VERBS[change.verb]).format(name=escape(name)))
    else:
        yield texts.html("<b>{name}</b> change", name=_single(texts, change))
    if change.before and change.after and change.verb is Verb.CHANGED:
        yield from _differences(texts, change.before, change.after, currency)


def _single(texts: Translator, change: EntryChange) -> str:
    return texts.marked(SINGLE[change.entry.label]) if change.entry.label in SINGLE else change.entry.label


def _differences(texts: Translator, before: FileEntry, after: FileEntry, currency: str) -> Iterator[Html]:
    together = type(after).together
    if any(after.specs[name].differs(before, after) for name in together):
        pair = [field_shown(texts, each, together[0], currency) for each in (before, after)]
        yield _line(texts, field_name(texts, together[0]), *pair)
    for name, spec in after.specs.items():
        if name in together or not spec.differs(before, after):
            continue
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(spec.type, MembersType) and (spec.type.parts or spec.type.key):
            yield from _members(texts, spec.type, field_name(texts, name, after.label), (old, new), currency)
        else:
            pair = [shown(texts, spec.type, each, currency) for each in (old, new)]
            yield _line(texts, field_name(texts, name, after.label), *pair)


def _members(
    texts: Translator, kind: MembersType[Any], label: str, values: tuple[Any, Any], currency: str
) -> Iterator[Html]:
    before, after = (kind.split(each) for each in values)
    if kind.bounds and not (before and after):  # then each day changes that is named, and each that is not
        yield _line(texts, label, *(shown(texts, kind, each, currency) for each in values))
        return
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            pair = [_member_of(texts, kind, rows, key, currency) for rows in (before, after)]
            yield _line(texts, f"{label}, {member_name(texts, kind, key)}", *pair)


def _member_of(
    texts: Translator,
    kind: MembersType[Any],
    rows: Mapping[Any, Mapping[str, Any]],
    key: Any,  # noqa: ANN401 - any member's
    currency: str,
) -> str:
    """Say what is said of a member: where there are none at all, what only bounds others bounds nothing."""
    if kind.bounds and kind.keys and not (rows.get(key) and any(rows[key].values())):
        return texts.text("closed") if rows else texts.text("at any time")
    return member_shown(texts, kind, rows.get(key), currency)


def _line(texts: Translator, label: str, old: str, new: str) -> Html:
    return texts.html(
        "{field}: {old} → {new}",
        field=label,
        old=shortened(old, LINE_WIDTH),
        new=shortened(new, LINE_WIDTH),
    )


def _rename(texts: Translator, rename: Rename) -> Html:
    return texts.html(
        "“{before}” and “{after}” are taken to be the same under a new name.",
        before=rename.before,
        after=rename.after,
    )


def _hits(texts: Translator, plan: ChangePlan, *, offered: bool) -> Iterator[Html]:
    in_order = sorted(plan.hits, key=lambda hit: hit.why)
    for _, group in groupby(in_order, key=lambda hit: hit.why):
        hits = list(group)
        yield Html()
        yield texts.html("⚠️ {count} coming: {why}", count=_count(texts, hits), why=_why(texts, hits[0]))
        yield from visit_lines(texts, [hit.visit for hit in hits], plan.zone)
        if hits[0].uncovers and not offered:
            yield stay_booked(texts, len(hits))


def _fate(texts: Translator, plan: ChangePlan) -> Iterator[Html]:
    """Say what was chosen for the visits that nobody offers any more."""
    count = len({hit.visit.number for hit in plan.hits if hit.strands})
    if not count or plan.stranded is None:
        return
    yield Html()
    if isinstance(plan.stranded, CancelVisits):
        said = texts.plural(
            "{number} visit is cancelled, and its customer reads:",
            "{number} visits are cancelled, and each customer reads:",
            count,
        )
        yield Html(f"❌ {escape(said)}")
        yield texts.html("💬 {words}", words=plan.stranded.words)
    else:
        yield Html(
            escape(texts.plural("{number} visit stays booked.", "{number} visits stay booked.", count))
        )


def _count(texts: Translator, hits: Sequence[Hit]) -> str:
    return texts.plural("{number} visit", "{number} visits", len(hits))


def _why(texts: Translator, hit: Hit) -> str:
    names = ", ".join(field_name(texts, name) for name in hit.reason.fields)
    return texts.marked(hit.reason.text).format(**dict(hit.reason.values), fields=names)
