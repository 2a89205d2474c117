"""Answers that show days and times to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.contracts.booking import Moving, ShowDay, ShowMonth, ShowServices, ShowSpecialists, ShowSummary
from shared.i18n.translator import Html
from worker.runtime.context import RequestContext
from worker.scheduling import refusals, views
from worker.scheduling.engine import days_with_slots, find_slots, merge, why_closed
from worker.scheduling.repository import Schedule, load_schedule
from worker.scheduling.rules import Reason
from worker.ui.buttons import menu
from worker.ui.phrases import visit_line
from worker.ui.reply import Reply
from worker.ui.view import Button, View

AHEAD = timedelta(days=62)
"""How far the first free day is looked for."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month to choose a day in, and what it was made from."""

    schedule: Schedule
    page: views.MonthPage


async def month_reply(context: RequestContext, command: ShowMonth) -> Reply:
    """Show a month's free days; one that has passed or is too far ahead says so, and changes nothing."""
    found = await _find_month(context, command)
    if found is None:
        return not_offered(context)
    if command.month is not None and command.month.replace(day=1) < found.page.first:
        return Reply(toast=context.texts.text("That month has passed"))
    if refusals.last_day(found.schedule, context.now) < found.page.first:
        return Reply(toast=refusals.bookable_until(context.texts, found.schedule, context.now))
    return _month_reply(context, command, found)


async def month_page(context: RequestContext, command: ShowMonth) -> Reply:
    """Show a month's free days: the month asked for, or the one with the first free day."""
    found = await _find_month(context, command)
    return not_offered(context) if found is None else _month_reply(context, command, found)


async def _find_month(context: RequestContext, command: ShowMonth) -> Month | None:
    today = context.now.astimezone(context.zone).date()
    first = max((command.month or today).replace(day=1), today.replace(day=1))
    end = _last_of_month(first if command.month else today + AHEAD)
    schedule = await _load(context, command, first, end)
    if schedule is None:
        return None
    last = refusals.last_day(schedule, context.now)
    free = _free_days(context, schedule, max(first, today), min(end, last))
    if command.month is None:
        first = min(free, default=today).replace(day=1)
    shown = {day for day in free if (day.year, day.month) == (first.year, first.month)}
    asked = command.model_copy(update={"month": first})
    return Month(schedule, views.MonthPage(asked, first, shown))


def _month_reply(context: RequestContext, command: ShowMonth, month: Month) -> Reply:
    title = _title(context, command, month.schedule)
    return Reply(views.month(context.texts, title, month.page, _back(context, command)))


async def day_page(context: RequestContext, command: ShowDay) -> Reply:
    """Show a day's free times; a day without any says why, and what is shown stays."""
    schedule = await _load(context, command, command.day, command.day)
    if schedule is None:
        return not_offered(context)
    starts = _starts(context, schedule, command.day)
    reason = None if starts else why_closed(schedule.queries(context.now), command.day)
    if reason is not None:
        inquiry = refusals.Inquiry(schedule, command.specialist_id, command.day, context.now)
        return Reply(toast=refusals.explain_day(context.texts, inquiry, reason))
    return _day_reply(context, command, schedule, starts)


async def offer_others(context: RequestContext, asked: ShowSummary, reason: Reason) -> Reply:
    """Say why the time cannot be had and show others: the day's, or other days where it has none."""
    return await other_times(context, day_of(context, asked), asked.start, reason)


def day_of(context: RequestContext, asked: ShowSummary) -> ShowDay:
    """Make the command that shows the times of the day that a start is in."""
    return ShowDay(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        day=asked.start.astimezone(context.zone).date(),
        moving=asked.moving,
    )


async def other_times(context: RequestContext, asked: ShowDay, start: datetime, reason: Reason) -> Reply:
    """Say why a time cannot be had, and show the day's others; other days where this one has none."""
    schedule = await _load(context, asked, asked.day, asked.day)
    if schedule is None:
        return not_offered(context)
    starts = _starts(context, schedule, asked.day)
    if starts:
        near = asked.model_copy(update={"page": views.page_of(starts, start)})
        others = _day_reply(context, near, schedule, starts)
    else:
        others = await _other_days(context, _month_of(asked))
    inquiry = refusals.Inquiry(schedule, asked.specialist_id, asked.day, context.now)
    return Reply(others.view, toast=refusals.explain(context.texts, inquiry, start, reason), alert=True)


async def _other_days(context: RequestContext, asked: ShowMonth) -> Reply:
    """Show the month's free days, or those of the first month that has any."""
    found = await _find_month(context, asked)
    if found is None or not found.page.free:
        return await month_page(context, asked.model_copy(update={"month": None}))
    return _month_reply(context, asked, found)


def page_of(context: RequestContext, schedule: Schedule, day: date, start: datetime) -> int:
    """Return which page of a day's times a start is on."""
    return views.page_of(_starts(context, schedule, day), start)


def _day_reply(
    context: RequestContext, command: ShowDay, schedule: Schedule, starts: Sequence[datetime]
) -> Reply:
    back = Button(context.texts.text("« Back"), _month_of(command))
    title = _title(context, command, schedule)
    return Reply(views.day(context.texts, title, command, starts, context.zone, back))


def not_offered(context: RequestContext) -> Reply:
    """Explain a button whose service or specialist is gone, and lead back to what there is."""
    texts = context.texts
    again = Button(texts.text("Book a visit"), ShowServices())
    view = View(texts.html("This is not offered any more. Please choose again."), [[again], [menu(texts)]])
    return Reply(view, toast=texts.text("Not offered any more."))


async def _load(
    context: RequestContext, command: ShowMonth | ShowDay, first: date, last: date
) -> Schedule | None:
    schedule = await load_schedule(
        context.session,
        command.service_id,
        first,
        last,
        specialist_id=command.specialist_id,
        ignoring=command.moving.booking_id if command.moving else None,
    )
    return schedule if schedule is not None and schedule.calendars else None


def _free_days(context: RequestContext, schedule: Schedule, first: date, last: date) -> set[date]:
    return days_with_slots(schedule.queries(context.now), first, last)


def _starts(context: RequestContext, schedule: Schedule, day: date) -> Sequence[datetime]:
    searches = [find_slots(query, day, day) for query in schedule.queries(context.now)]
    return [datetime.fromtimestamp(offer.start, UTC) for offer in merge(searches)]


def _title(context: RequestContext, command: ShowMonth | ShowDay, schedule: Schedule) -> Html:
    texts = context.texts
    anyone = texts.text("anyone who is free")
    who = anyone if command.specialist_id is None else schedule.names[command.specialist_id]
    if command.moving is not None:
        return texts.html("<b>Move: {service}</b>, {specialist}", service=schedule.service, specialist=who)
    return visit_line(texts, schedule.service, who)


def _back(context: RequestContext, command: ShowMonth) -> Button:
    if command.moving is not None:
        return views.back_to_card(context.texts, command.moving)
    return Button(context.texts.text("« Back"), ShowSpecialists(service_id=command.service_id))


def _month_of(command: ShowDay) -> ShowMonth:
    return month_around(command.service_id, command.specialist_id, command.day, command.moving)


def month_around(service_id: int, specialist_id: int | None, day: date, moving: Moving | None) -> ShowMonth:
    """Make the command that shows the month a day is in."""
    return ShowMonth(
        service_id=service_id, specialist_id=specialist_id, month=day.replace(day=1), moving=moving
    )


def _last_of_month(first: date) -> date:
    return (first.replace(day=1) + views.LONGEST_MONTH).replace(day=1) - timedelta(days=1)
