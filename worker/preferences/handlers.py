"""Choosing what one is told, and when."""

from dataclasses import replace

from shared.contracts.preferences import (
    MOST_DIGESTS,
    SendEvening,
    SetAfterVisits,
    SetDigest,
    SetEvening,
    SetQuietHours,
    ShowDigest,
    ShowEvening,
    ShowQuietHours,
    TellAtOnce,
)
from worker.notices.promises import NOTICE
from worker.preferences import promises, repository, views
from worker.preferences.replies import settings_reply
from worker.preferences.rules import Preferences
from worker.runtime.access import OWN_CALENDAR, TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.runtime.repository import load_facts
from worker.ui.reply import Reply


@writes(SetAfterVisits)
async def set_after_visits(context: RequestContext, command: SetAfterVisits) -> Reply:
    """Let the business write after visits, or not."""
    chosen = await repository.load_locked(context.session, context.user.id)
    return await _keep(context, replace(chosen, after_visits=command.on))


@reads(ShowDigest, access=OWN_CALENDAR)
async def show_digest(context: RequestContext, _: ShowDigest, __: int | None) -> Reply:
    """Show when news of visits come."""
    return Reply(views.digest(context.texts, await repository.load(context.session, context.user.id)))


@writes(SetDigest, access=OWN_CALENDAR)
async def set_digest(context: RequestContext, command: SetDigest, _: int | None) -> Reply:
    """Have news come together at one more hour, or one less."""
    chosen = await repository.load_locked(context.session, context.user.id)
    if command.minute not in views.DIGESTS:
        return Reply(views.digest(context.texts, chosen))
    others = {*chosen.digest} - {command.minute}
    hours = sorted({*others, command.minute} if command.on else others)
    if len(hours) > MOST_DIGESTS:
        told = context.texts.text("More than {count} a day are hardly fewer messages.", count=MOST_DIGESTS)
        return Reply(views.digest(context.texts, chosen), toast=told, alert=True)
    chosen = replace(chosen, digest=tuple(hours))
    await _save(context, chosen)
    return Reply(views.digest(context.texts, chosen), toast=context.texts.text("Done."), changed=True)


@writes(TellAtOnce, access=OWN_CALENDAR)
async def tell_at_once(context: RequestContext, _: TellAtOnce, __: int | None) -> Reply:
    """Have news come at once; those that were put off come now."""
    chosen = await repository.load_locked(context.session, context.user.id)
    return await _keep(context, replace(chosen, digest=()))


@reads(ShowQuietHours, access=OWN_CALENDAR)
async def show_quiet_hours(context: RequestContext, _: ShowQuietHours, __: int | None) -> Reply:
    """Show when no news come."""
    return Reply(views.quiet_hours(context.texts, await repository.load(context.session, context.user.id)))


@writes(SetQuietHours, access=OWN_CALENDAR)
async def set_quiet_hours(context: RequestContext, command: SetQuietHours, _: int | None) -> Reply:
    """Have no news come from when until when."""
    chosen = await repository.load_locked(context.session, context.user.id)
    if not {command.begin, command.end} <= {*views.HOURS}:
        return Reply(views.quiet_hours(context.texts, chosen))
    quiet = None if command.begin == command.end else (command.begin, command.end)
    chosen = replace(chosen, quiet=quiet)
    await _save(context, chosen)
    return Reply(views.quiet_hours(context.texts, chosen), toast=context.texts.text("Done."), changed=True)


@reads(ShowEvening, access=OWN_CALENDAR)
async def show_evening(context: RequestContext, _: ShowEvening, __: int | None) -> Reply:
    """Show when the next day's visits come."""
    return Reply(views.evening(context.texts, await repository.load(context.session, context.user.id)))


@writes(SetEvening, access=OWN_CALENDAR)
async def set_evening(context: RequestContext, command: SetEvening, _: int | None) -> Reply:
    """Have the next day's visits come at a time, or not."""
    chosen = await repository.load_locked(context.session, context.user.id)
    if command.minute is not None and command.minute not in views.EVENINGS:
        return Reply(views.evening(context.texts, chosen))
    promises.set_evening(context, context.user.id, command.minute)
    return await _keep(context, replace(chosen, evening=command.minute))


@writes(SendEvening, access=TIMERS_ONLY)
async def send_evening(context: RequestContext, command: SendEvening) -> Reply:
    """Promise the next day's visits to whoever still works here and wants them; then comes the next day."""
    chosen = await repository.load(context.session, command.person_id)
    facts = await load_facts(context.session, command.person_id)
    works_here = facts.specialist_id is not None or bool(
        facts.roles | context.environment.roles_by_settings(command.person_id)
    )
    if chosen.evening is None or not works_here:
        return Reply(changed=True)
    promises.of_evening(context, command.person_id)
    promises.set_evening(context, command.person_id, chosen.evening)
    return Reply(changed=True)


async def _keep(context: RequestContext, chosen: Preferences) -> Reply:
    await _save(context, chosen)
    return settings_reply(context, chosen)


async def _save(context: RequestContext, chosen: Preferences) -> None:
    """Keep what somebody chose; what was put off for them is looked at anew."""
    await repository.write(context.session, context.user.id, chosen)
    await repository.hasten(context.session, context.user.id, NOTICE, context.now)
