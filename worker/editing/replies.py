"""What who changes the business is answered, step by step: which entry, which field, what it is to be."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.editing import (
    AddEntry,
    AnswerField,
    AskField,
    ProposeEntry,
    ShowEntry,
    ShowSection,
)
from worker.business.document import LISTS
from worker.business.fields import FieldType
from worker.business.problems import RefusedFileError
from worker.business.repository import read_business
from worker.editing import repository, views
from worker.editing.access import may_change
from worker.editing.repository import Unfinished
from worker.fields import replies as pages
from worker.fields import rules
from worker.fields.rules import FieldPlace
from worker.fields.views import MEMBERS_A_PAGE, SINGLE, AnswerRefusal, FieldLine
from worker.proposals import offer_views
from worker.proposals.answers import Speaker, in_file_words
from worker.proposals.offers import offer
from worker.proposals.told import field_shown
from worker.proposals.wishes import entry_of
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


async def section(context: RequestContext, command: ShowSection) -> Reply:
    """Show a list's entries, or what there is one of."""
    if command.section == views.ALL_SINGLE:
        shown_ = [each for each in SINGLE if may_change(context, each) and each != views.TEXTS]
        return Reply(views.single(context.texts, shown_))
    if command.section not in LISTS or (
        command.field and command.field not in rules.fields_of(command.section)
    ):
        return pages.gone(context)
    rows = (await read_business(context.session)).rows.get(LISTS[command.section], ())
    entries = [(row.number, row.entry.key) for row in rows if row.active]
    return Reply(views.section(context.texts, command, entries))


async def entry(context: RequestContext, command: ShowEntry) -> Reply:
    """Show an entry, each field with what it holds."""
    stored = await read_business(context.session)
    found = entry_of(stored, command.section, command.number)
    if found is None:
        return pages.gone(context)
    kept = await repository.load_unfinished(context, command.section, command.number, lock=False)
    changed = bool(kept.values)
    texts, currency, names = context.texts, context.business.currency, rules.fields_of(command.section)
    fields = [FieldLine(name, field_shown(texts, found, name, currency)) for name in names]
    if command.section not in LISTS:
        title = context.texts.marked(views.SECTIONS[command.section])
        return Reply(views.entry(context.texts, command, title, fields, None, changed=changed))
    numbers = [row.number for row in stored.rows[LISTS[command.section]] if row.active]
    ends = (numbers[0] == command.number, numbers[-1] == command.number)
    return Reply(views.entry(context.texts, command, found.key, fields, ends, changed=changed))


async def add(context: RequestContext, command: AddEntry) -> Reply:
    """Begin a new entry with the first thing that it cannot do without."""
    name = rules.needed(command.section, {}) if command.section in LISTS else None
    if name is None:
        return pages.gone(context)
    kept = await repository.load_unfinished(context, command.section, 0)
    await repository.save_unfinished(context, kept, {})
    return await ask(context, AskField(section=command.section, field=name))


async def ask(context: RequestContext, command: AskField, refused: AnswerRefusal | None = None) -> Reply:
    """Ask what a field, a member or a part of it is to be, or show the members."""
    place = await _place(context, command)
    if isinstance(place, Reply):
        return place
    found, kind = place
    members = found.members
    if members is None or command.member == rules.WHOLE:
        return pages.question(context, found, command, found.spec.type, refused)
    if command.member == rules.NEXT:
        return pages.question(context, found, command, members.key or kind, refused)
    changed = command.field in found.unfinished
    if not command.member:
        return pages.members(context, found, command, members, changed=changed)
    if command.detail:
        return pages.question(context, found, command, members.parts[command.detail], refused)
    return pages.member(context, found, command, members, changed=changed)


async def answer(context: RequestContext, command: AnswerField) -> Reply:
    """Take an answer: show what it would change, or ask again where it does not fit."""
    asked = AskField(**command.model_dump(exclude={"kind", "value"}))
    place = await _place(context, asked)
    if isinstance(place, Reply):
        return place
    found, kind = place
    by = Speaker(context.texts, context.business.currency, context.today)
    value = in_file_words(by, kind.kind, command.value)
    try:
        return await _take(context, found, asked, value)
    except (RefusedFileError, ValueError) as error:
        why = _why(context, kind, error)
        return await ask(context, asked, AnswerRefusal(command.value or rules.GONE, why))


def _why(context: RequestContext, kind: FieldType[Any], error: Exception) -> str:
    """Say what is wrong with an own text; of other answers the question says what they are."""
    if not kind.placeholders or not isinstance(error, RefusedFileError):
        return ""
    return error.problems[0].phrase.said(context.texts)


async def propose_unfinished(context: RequestContext, command: ProposeEntry) -> Reply:
    """Show what would change by all that was said of an entry."""
    kept = await repository.load_unfinished(context, command.section, command.number)
    if not kept.values:
        return pages.gone(context)
    try:
        return await _propose(context, kept, kept.values)
    except RefusedFileError:
        await repository.end_unfinished(context, kept)
        return Reply(offer_views.does_not_fit(context.texts), changed=True)


async def _take(context: RequestContext, place: FieldPlace, asked: AskField, value: str) -> Reply:
    """Put an answer where it belongs. Raises RefusedFileError or ValueError where it does not fit there."""
    kept = await repository.load_unfinished(context, asked.section, asked.number)
    if place.members is None or asked.member == rules.WHOLE:
        return await _take_whole(context, place, kept, rules.answered(place, value))
    if not asked.member:
        values = {**kept.values, **rules.answered(place, value)}
        rules.check(place, values)
        return await _take_members(context, place, kept, asked, values)
    if place.members.in_order:
        return await _take_in_order(context, place, kept, asked, value)
    member = value if asked.member == rules.NEXT else asked.member
    said = rules.ADDED if asked.member == rules.NEXT else value
    values = {**kept.values, asked.field: rules.with_member(place, member, asked.detail, said)}
    rules.check(place, values)
    if asked.member == rules.NEXT and place.members.parts:
        await repository.save_unfinished(context, kept, values)
        key = place.key_of(member)
        return await ask(
            context, asked.model_copy(update={"member": str(key), "detail": next(iter(place.members.parts))})
        )
    if place.members.offered is not None:
        return await _propose(context, kept, values)
    return await _take_members(context, place, kept, asked, values)


async def _take_in_order(
    context: RequestContext, place: FieldPlace, kept: Unfinished, asked: AskField, value: str
) -> Reply:
    """Take what is said of one of a list in order: a new one is shown, so that more can be said of it."""
    tree = rules.with_member(place, asked.member, asked.detail, value)
    values = {**kept.values, asked.field: tree}
    rules.check(place, values)
    if not asked.detail:
        return await _take_members(context, place, kept, asked, values)
    await repository.save_unfinished(context, kept, values)
    member = str(len(tree)) if asked.member == rules.NEXT else asked.member
    return await ask(context, asked.model_copy(update={"member": member, "detail": ""}))


async def _take_members(
    context: RequestContext, place: FieldPlace, kept: Unfinished, asked: AskField, values: Mapping[str, Any]
) -> Reply:
    """Keep what was said, and show the page of the members on which it was."""
    await repository.save_unfinished(context, kept, values)
    at = next((at for at, (member, _) in enumerate(place.keys) if member == asked.member), 0)
    shown_again = {"member": "", "detail": "", "page": at // MEMBERS_A_PAGE}
    return await ask(context, asked.model_copy(update=shown_again))


async def _take_whole(
    context: RequestContext, place: FieldPlace, kept: Unfinished, values: Mapping[str, Any]
) -> Reply:
    """Propose a field's new value; of an entry still to come, ask first what else it cannot do without."""
    values = {**kept.values, **values}
    rules.check(place, values)
    missing = rules.needed(kept.section, values) if place.entry is None else None
    if missing is None:
        return await _propose(context, kept, values)
    await repository.save_unfinished(context, kept, values)
    return await ask(context, AskField(section=kept.section, field=missing))


async def _propose(context: RequestContext, kept: Unfinished, values: Mapping[str, Any]) -> Reply:
    is_new = kept.section in LISTS and not kept.number
    wish = {"do": "add" if is_new else "set", "section": kept.section, "number": kept.number}
    reply = await offer(context, {**wish, "values": dict(values)})
    if reply.changed and kept.draft is not None:
        await repository.end_unfinished(context, kept)
    return reply


async def _place(context: RequestContext, command: AskField) -> Reply | tuple[FieldPlace, FieldType[Any]]:
    """Find the field that is meant, with what is not applied yet; else say that it is not there."""
    spec = rules.fields_of(command.section).get(command.field)
    stored = await read_business(context.session)
    found = entry_of(stored, command.section, command.number)
    kept = await repository.load_unfinished(context, command.section, command.number)
    is_new = found is None and kept.draft is not None and command.section in LISTS and not command.number
    if spec is None or stored.document is None or (found is None and not is_new):
        return pages.gone(context)
    place = FieldPlace(stored, stored.document, command.section, command.number, found, kept.values, spec)
    kind = rules.kind_of(place, command.member, command.detail)
    return pages.gone(context) if kind is None else (place, kind)
