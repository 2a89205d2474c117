"""The weeks that a day is chosen in."""

from datetime import date

from shared.contracts.booking import LeaveSummary, ShowDay, ShowMonth, ShowSoonest, ShowSummary
from worker.catalogue.replies import not_offered
from worker.choosing.chosen import chosen_of, load, wish_of
from worker.choosing.reopening import find_reopening
from worker.choosing.rules import has_passed, weeks_of
from worker.runtime.context import RequestContext
from worker.scheduling import refusals, views
from worker.scheduling.engine import days_with_slots
from worker.scheduling.repository import Schedule
from worker.scheduling.views import WeeksPage
from worker.scheduling.weeks import Weeks, nearest_free
from worker.ui.reply import Reply
from worker.ui.view import Button, View


async def weeks_reply(context: RequestContext, command: ShowMonth) -> Reply:
    """Show weeks to choose a day in; those that have passed or are too far ahead say so, and no more."""
    if has_passed(command, context.today):
        return Reply(toast=context.texts.text("Those days have passed"))
    return await weeks_page(context, command)


async def weeks_page(context: RequestContext, command: ShowMonth) -> Reply:
    """Show the weeks asked for, or the next that have a free day; where none has, say until when.

    The weeks asked for are loaded alone; all that can be booked is loaded only where they have nothing.
    """
    today = context.today
    wanted = weeks_of(command, today)
    schedule = await load(context, command, max(wanted.first, today), wanted.last)
    if schedule is None:
        return not_offered(context)
    last = refusals.last_day(schedule, context.now)
    if wanted.first > last:
        return Reply(toast=refusals.bookable_until(context.texts, schedule, context.now))
    free = _free_days(context, schedule, wanted)
    if free:
        return Reply(_weeks_view(context, command, schedule, WeeksPage(command, wanted, free, last)))
    everything = await load(context, command, today, last)
    return await _other_weeks(context, command, everything or schedule, wanted)


def _weeks_view(context: RequestContext, command: ShowMonth, schedule: Schedule, page: WeeksPage) -> View:
    chosen, back = chosen_of(context, command, schedule), _back_from_weeks(context, command)
    return views.weeks(context.texts, chosen, page, back)


async def _other_weeks(
    context: RequestContext, command: ShowMonth, schedule: Schedule, wanted: Weeks
) -> Reply:
    """Show the weeks with the free day that is next to those without any, and say where it had to turn."""
    last = refusals.last_day(schedule, context.now)
    queries, today = schedule.queries(context.now), context.today
    day = nearest_free(queries, wanted, today, last, earlier=command.before is not None)
    if day is None:
        chosen, back = chosen_of(context, command, schedule), _back_from_weeks(context, command)
        wish = wish_of(command, today, last)
        opens = await find_reopening(context, command, schedule, last)
        return Reply(views.nothing_free(context.texts, chosen, last, back, wish, opens))
    shown = Weeks.of(day, today)
    page = WeeksPage(command, shown, _free_days(context, schedule, shown), last)
    toast = _turned_back(context, command, shown, wanted)
    return Reply(_weeks_view(context, command, schedule, page), toast=toast)


def _turned_back(context: RequestContext, command: ShowMonth, shown: Weeks, wanted: Weeks) -> str | None:
    """Say that there was nothing where the person turned to."""
    if command.before is not None and shown.first > wanted.first:
        return context.texts.text("No earlier day has a free time")
    if command.month is not None and shown.first < wanted.first:
        return context.texts.text("No later day has a free time")
    return None


def _free_days(context: RequestContext, schedule: Schedule, weeks: Weeks) -> set[date]:
    """Return the free days of some weeks, as far as they can be booked at all."""
    last = min(weeks.last, refusals.last_day(schedule, context.now))
    return days_with_slots(schedule.queries(context.now), max(weeks.first, context.today), last)


def _back_from_weeks(context: RequestContext, command: ShowMonth) -> Button:
    return Button(context.texts.text("« Back"), soonest_of(command))


def soonest_of(command: ShowMonth | ShowDay | ShowSummary | LeaveSummary) -> ShowSoonest:
    """Make the command that shows the soonest times of what has been chosen."""
    return ShowSoonest(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        moving=command.moving,
        location_id=command.location_id,
        added=command.added,
    )


def weeks_of_day(context: RequestContext, command: ShowDay, last: date | None = None) -> ShowMonth:
    """Make the command that shows the weeks of a day, or of the day next to it that can be booked."""
    day = max(command.day, context.today)
    return ShowMonth(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        month=day if last is None else min(day, last),
        moving=command.moving,
        location_id=command.location_id,
        added=command.added,
    )
