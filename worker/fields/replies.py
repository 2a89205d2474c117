"""Pages about one field: what it is to be, the members that it holds, one of them."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.editing import AnswerField, AskField
from worker.business.edits import read_value
from worker.business.fields import FieldType, MembersType, ValueKind
from worker.fields import rules, views
from worker.fields.rules import FieldPlace
from worker.payments.replies import warning_of
from worker.proposals import offer_views
from worker.proposals.answers import Speaker, in_file_words
from worker.proposals.told import IN, NOTHING, field_shown, member_name, member_shown, preset_shown, shown
from worker.proposals.words import field_name
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


def gone(context: RequestContext) -> Reply:
    """Say that what is meant is not there."""
    return Reply(offer_views.gone(context.texts))


def question(
    context: RequestContext,
    place: FieldPlace,
    command: AskField,
    kind: FieldType[Any],
    refused: views.AnswerRefusal | None,
) -> Reply:
    """Ask what a field, a member of it or a part of that is to be."""
    texts, members = context.texts, place.members
    one_of_several = members is not None and command.member not in {"", rules.WHOLE, rules.NEXT}
    title = [field_name(texts, command.field, command.section)]
    if one_of_several and members is not None:
        title.append(member_name(texts, members, place.key_of(command.member)))
    asked = views.Asked(
        command=command,
        title=": ".join([*place.title, ", ".join(title)]),
        kind=kind.kind,
        now=_now(context, place, command),
        choices=_choices(context, place, command, kind),
        currency=context.business.currency,
        warning=warning_of(context, command.field),
        removable=one_of_several and members is not None and _removable(place, members, command.member),
        placeholders=[(name, texts.marked(each)) for name, each in kind.placeholders.items()],
    )
    answer_ = AnswerField(**command.model_dump(exclude={"kind", "page"}))
    return Reply(views.question(texts, asked, refused), changed=True, asks=answer_)


def _removable(place: FieldPlace, members: MembersType[Any], member: str) -> bool:
    """Tell whether a member of which there is but one thing to say is there and can be taken out."""
    there = place.key_of(member) in members.split(place.value or {})
    return there and not members.keys and len(members.parts) == 1


def _now(context: RequestContext, place: FieldPlace, command: AskField) -> str:
    """Say what is so until now."""
    if place.entry is None or command.member == rules.NEXT:
        return ""
    members = place.members
    if members is None or command.member == rules.WHOLE:
        return field_shown(context.texts, place.entry, place.spec.name, context.business.currency)
    row = members.split(place.value).get(place.key_of(command.member))
    if row is None or command.detail not in row:
        return ""
    type_ = members.parts[command.detail]
    return shown(context.texts, type_, type_.load(row[command.detail]), context.business.currency)


def _choices(
    context: RequestContext, place: FieldPlace, command: AskField, kind: FieldType[Any]
) -> list[tuple[str, str]]:
    """Return what is offered, each by its words: usual values, and what the field is if nothing is said."""
    texts, currency = context.texts, context.business.currency
    presets = context.translators.languages if kind.kind is ValueKind.LANGUAGE else kind.presets
    found = [(_preset(context, place, kind, each), each) for each in presets]
    if command.member == rules.NEXT:
        return found
    if command.detail:
        members = place.members
        if members is not None and members.in_order:
            return (
                found if command.detail == next(iter(members.parts)) else [*found, (texts.text("None"), "")]
            )
        usual = members is not None and members.blank.get(command.detail, place) is None
        return [*found, (texts.text("As usual"), "")] if usual else found
    if place.spec.required:
        return found
    default = shown(texts, kind, place.spec.default, currency)
    nothing = texts.text("Closed") if kind.kind is ValueKind.WEEK else texts.text("None")
    label = nothing if default == NOTHING else texts.text("Usual: {value}", value=default)
    return [*(each for each in found if each[0] != texts.title(default)), (label, "")]


def _preset(context: RequestContext, place: FieldPlace, kind: FieldType[Any], words: str) -> str:
    by = Speaker(context.texts, context.business.currency, context.today)
    said = rules.said(kind, in_file_words(by, kind.kind, words), place.document)
    value = read_value(kind, said, place.document)
    return preset_shown(context.texts, kind, value, context.business.currency)


def members(
    context: RequestContext, place: FieldPlace, command: AskField, kind: MembersType[Any], *, changed: bool
) -> Reply:
    """Show the members that a field holds."""
    rows = kind.split(place.value or {})
    one_part = next(iter(kind.parts)) if len(kind.parts) == 1 else ""
    lines = [
        views.MemberLine(
            member=member,
            name=member_name(context.texts, kind, key),
            value="" if kind.bounds and not rows else _said_of(context, kind, rows.get(key)),
            is_in=key in rows,
            part=one_part if key in rows or kind.keys or kind.offered else "",
        )
        for member, key in place.keys
    ]
    page = views.MembersPage(
        command=command.model_copy(update={"member": "", "detail": ""}),
        title=": ".join([*place.title, field_name(context.texts, command.field)]),
        members=lines,
        choices=[(_preset(context, place, kind, each), each) for each in kind.presets],
        can_name=(kind.key is not None and kind.offered is None) or kind.in_order,
        new_detail=next(iter(kind.parts)) if kind.in_order else "",
        can_say_all=kind.kind is ValueKind.WEEK,
        changed=changed,
        beside=rules.BESIDE.get(command.field, ""),
    )
    return Reply(views.members(context.texts, page), changed=True)


def _said_of(context: RequestContext, kind: MembersType[Any], row: Mapping[str, Any] | None) -> str:
    if not kind.parts or (row is None and not kind.keys):
        return ""
    said = member_shown(context.texts, kind, row, context.business.currency)
    return "" if said == IN else said


def member(
    context: RequestContext, place: FieldPlace, command: AskField, kind: MembersType[Any], *, changed: bool
) -> Reply:
    """Show one member; one of which there is nothing to say is taken out by the same tap."""
    texts, key = context.texts, place.key_of(command.member)
    row = kind.split(place.value or {}).get(key)
    if row is None:
        return gone(context)
    currency = context.business.currency
    parts = [
        views.FieldLine(part, shown(texts, type_, type_.load(row[part]), currency))
        for part, type_ in kind.parts.items()
    ]
    name = member_name(texts, kind, key)
    if kind.in_order:
        name = f"{field_name(texts, command.field)}, {name}"
    title = ": ".join([*place.title, name])
    ends = None
    if kind.in_order:
        ends = (key == 1, key == len(kind.split(place.value)))
    return Reply(views.member(texts, command, title, parts, ends, changed=changed), changed=True)
