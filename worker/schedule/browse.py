"""Choosing a day and a time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from shared import commands
from shared.commands import Moving
from shared.i18n.translator import Html
from worker.booking.details import load_own
from worker.context import Context
from worker.replies import Button, Reply, View
from worker.schedule import views
from worker.schedule.engine import days_with_slots, find_slots, merge
from worker.schedule.repository import Schedule, load_schedule
from worker.texts import visit

AHEAD = timedelta(days=62)
"""How far the first free day is looked for."""


async def show_month(context: Context, command: commands.ShowMonth) -> Reply:
    """Show a month's free days, to move a visit only to whose visit it is."""
    if not await _may_move(context, command.moving):
        return no_such_visit(context)
    return await month_page(context, command)


async def month_page(context: Context, command: commands.ShowMonth) -> Reply:
    """Show a month's free days: the month asked for, or the one with the first free day."""
    today = context.now.astimezone(context.zone).date()
    first = max((command.month or today).replace(day=1), today.replace(day=1))
    end = _last_of_month(first if command.month else today + AHEAD)
    schedule = await _load(context, command, first, end)
    if schedule is None:
        return not_offered(context)
    last = (context.now + timedelta(seconds=schedule.rule.horizon)).astimezone(context.zone).date()
    free = _free_days(context, schedule, max(first, today), min(end, last))
    if command.month is None:
        first = min(free, default=today).replace(day=1)
    page = views.MonthPage(
        command.model_copy(update={"month": first}),
        first,
        {day for day in free if (day.year, day.month) == (first.year, first.month)},
        today,
        last,
    )
    return Reply(
        views.month(context.texts, _title(context, command, schedule), page, _back(context, command))
    )


async def show_day(context: Context, command: commands.ShowDay) -> Reply:
    """Show a day's free times, to move a visit only to whose visit it is."""
    if not await _may_move(context, command.moving):
        return no_such_visit(context)
    return await day_page(context, command)


async def day_page(context: Context, command: commands.ShowDay) -> Reply:
    """Show a day's free times."""
    schedule = await _load(context, command, command.day, command.day)
    if schedule is None:
        return not_offered(context)
    starts = _starts(context, schedule, command.day)
    back = Button(context.texts.text("« Back"), _month_of(command))
    title = _title(context, command, schedule)
    return Reply(views.day(context.texts, title, command, starts, context.zone, back))


def not_offered(context: Context) -> Reply:
    """Explain a button whose service or specialist is gone, and lead back to what there is."""
    texts = context.texts
    again = Button(texts.text("Book a visit"), commands.ShowServices())
    view = View(texts.html("This is not offered any more. Please choose again."), [[again]])
    return Reply(view, toast=texts.text("Not offered any more."))


def no_such_visit(context: Context) -> Reply:
    """Answer a button about a visit that is not, or is somebody else's."""
    return Reply(toast=context.texts.text("You have no such visit."), alert=True)


async def _may_move(context: Context, moving: Moving | None) -> bool:
    """Tell whether the visit is the person's own: what it keeps from others says when it is."""
    if moving is None:
        return True
    return await load_own(context.session, moving.booking_id, context.person.id) is not None


async def _load(
    context: Context, command: commands.ShowMonth | commands.ShowDay, first: date, last: date
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


def _free_days(context: Context, schedule: Schedule, first: date, last: date) -> set[date]:
    now = int(context.now.timestamp())
    return days_with_slots(schedule.rule, schedule.calendars, first, last, context.zone, now)


def _starts(context: Context, schedule: Schedule, day: date) -> Sequence[datetime]:
    now = int(context.now.timestamp())
    searches = [
        find_slots(schedule.rule, calendar, day, day, context.zone, now) for calendar in schedule.calendars
    ]
    return [datetime.fromtimestamp(offer.start, UTC) for offer in merge(searches)]


def _title(context: Context, command: commands.ShowMonth | commands.ShowDay, schedule: Schedule) -> Html:
    texts = context.texts
    anyone = texts.text("anyone who is free")
    who = anyone if command.specialist_id is None else schedule.names[command.specialist_id]
    if command.moving is not None:
        return texts.html("<b>Move: {service}</b>, {specialist}", service=schedule.service, specialist=who)
    return visit(texts, schedule.service, who)


def _back(context: Context, command: commands.ShowMonth) -> Button:
    if command.moving is not None:
        return views.back_to_card(context.texts, command.moving)
    return Button(context.texts.text("« Back"), commands.ShowSpecialists(service_id=command.service_id))


def _month_of(command: commands.ShowDay) -> commands.ShowMonth:
    return month_around(command.service_id, command.specialist_id, command.day, command.moving)


def month_around(
    service_id: int, specialist_id: int | None, day: date, moving: Moving | None
) -> commands.ShowMonth:
    """Make the command that shows the month a day is in."""
    return commands.ShowMonth(
        service_id=service_id, specialist_id=specialist_id, month=day.replace(day=1), moving=moving
    )


def _last_of_month(first: date) -> date:
    return (first.replace(day=1) + views.LONGEST_MONTH).replace(day=1) - timedelta(days=1)
