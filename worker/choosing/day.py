"""A day's free times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from shared.contracts.booking import LeaveSummary, ShowDay, ShowSummary
from shared.contracts.waitlist import JoinWaitlist
from worker.catalogue.replies import not_offered
from worker.choosing.chosen import chosen_of, instant_of, load, wish_of
from worker.choosing.weeks import soonest_of, weeks_of_day, weeks_page
from worker.combining.replies import with_more
from worker.keeping.repository import is_held
from worker.runtime.context import RequestContext
from worker.scheduling import refusals, views
from worker.scheduling.engine import starts, why_closed
from worker.scheduling.parts import DayPart, fold, part_of
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason
from worker.ui.reply import Reply
from worker.ui.view import Button, View

TAKEN: Final = frozenset({Reason.DAY_FULL, Reason.BOOKED, Reason.FULL, Reason.BUFFER})
"""Why a day has no time that may yet have one: somebody cancels."""

type Starting = ShowSummary | LeaveSummary


async def day_page(context: RequestContext, command: ShowDay) -> Reply:
    """Show a day's free times; a day without any says why, and what is shown stays.

    Where all of it is taken, whoever chooses may wish for a time of it. Whoever came by a link has nothing
    that could stay: they are shown other days. Nor have they been asked what else they would like.
    """
    schedule = await load(context, command, command.day, command.day)
    if schedule is None:
        return not_offered(context)
    found = _starts(context, schedule, command.day)
    reason = None if found else why_closed(schedule.queries(context.now), command.day)
    if reason is not None:
        inquiry = refusals.Inquiry(schedule, command.specialist_id, command.day, context.now)
        why = refusals.explain_day(context.texts, inquiry, reason)
        if context.tapped_message_id is not None:
            wish = wish_of(command, command.day, command.day) if reason in TAKEN else None
            full = None if wish is None else _full_day(context, command, schedule, wish)
            return Reply(full, toast=why)
        last = refusals.last_day(schedule, context.now)
        return replace(await weeks_page(context, weeks_of_day(context, command, last)), toast=why, alert=True)
    page = _day_reply(context, command, schedule, found)
    by_link = context.tapped_message_id is None and command.moving is None
    return await with_more(context, soonest_of(command), page) if by_link else page


async def times_around(context: RequestContext, asked: Starting) -> Reply:
    """Show those of a day's times among which a start is, or would be."""
    day = day_of(context, asked)
    schedule = await load(context, day, day.day, day.day)
    found = [] if schedule is None else _starts(context, schedule, day.day)
    if schedule is None or not found:
        return await day_page(context, day)
    return _day_reply(context, _near(context, day, found, asked.start), schedule, found)


async def offer_others(context: RequestContext, asked: Starting, reason: Reason) -> Reply:
    """Say why the time cannot be had and show others: the day's, or other days where it has none."""
    return await other_times(context, day_of(context, asked), asked.start, reason)


def day_of(context: RequestContext, asked: Starting) -> ShowDay:
    """Make the command that shows the times of the day that a start is in."""
    return ShowDay(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        day=asked.start.astimezone(context.zone).date(),
        moving=asked.moving,
        location_id=asked.location_id,
        added=asked.added,
    )


async def other_times(context: RequestContext, asked: ShowDay, start: datetime, reason: Reason) -> Reply:
    """Say why a time cannot be had, and show the day's others; other days where this one has none."""
    schedule = await load(context, asked, asked.day, asked.day)
    if schedule is None:
        return not_offered(context)
    found = _starts(context, schedule, asked.day)
    others = (
        _day_reply(context, _near(context, asked, found, start), schedule, found)
        if found
        else await weeks_page(context, weeks_of_day(context, asked, refusals.last_day(schedule, context.now)))
    )
    inquiry = refusals.Inquiry(schedule, asked.specialist_id, asked.day, context.now)
    toast = refusals.explain(context.texts, inquiry, start, reason)
    if reason in TAKEN and await is_held(context.session, schedule.names, start, context.now):
        toast = context.texts.text(
            "Somebody is just booking that time. Please choose another one, or try again in a few minutes."
        )
    return replace(others, toast=toast, alert=True)


def _near(context: RequestContext, asked: ShowDay, found: Sequence[datetime], start: datetime) -> ShowDay:
    held, part = fold(found, context.zone), part_of(start, context.zone)
    shown = held.get(part, found if not held else [])
    return asked.model_copy(
        update={"part": int(part) if part in held else 0, "page": views.page_of(shown, start)}
    )


def _day_reply(
    context: RequestContext, command: ShowDay, schedule: Schedule, found: Sequence[datetime]
) -> Reply:
    """Show the times, folded where they are many; a part that has none any more shows the whole day."""
    texts, chosen = context.texts, chosen_of(context, command, schedule)
    back = Button(texts.text("« Back"), weeks_of_day(context, command))
    held = fold(found, context.zone)
    part = held.get(DayPart(command.part)) if command.part in DayPart else None
    if part:
        whole = command.model_copy(update={"part": 0, "page": 0})
        return Reply(views.day(texts, chosen, command, part, Button(texts.text("« Back"), whole)))
    if held:
        return Reply(views.parts(texts, chosen, command, held, back))
    return Reply(views.day(texts, chosen, command.model_copy(update={"part": 0}), found, back))


def _full_day(context: RequestContext, command: ShowDay, schedule: Schedule, wish: JoinWaitlist) -> View:
    texts, chosen = context.texts, chosen_of(context, command, schedule)
    back = Button(texts.text("« Back"), weeks_of_day(context, command))
    return views.full_day(texts, chosen, command.day, wish, back)


def _starts(context: RequestContext, schedule: Schedule, day: date) -> list[datetime]:
    return [instant_of(start) for start in starts(schedule.queries(context.now), day, day)]
