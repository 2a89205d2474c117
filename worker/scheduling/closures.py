"""Why a day or a time is outside of hours, in words: the week, a period, an exception."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Translator
from worker.scheduling.calendars import Calendar
from worker.scheduling.hours import Period
from worker.scheduling.query import SlotQuery
from worker.scheduling.validity import Validity
from worker.scheduling.validity_views import validity_text
from worker.scheduling.wallclock import day_of
from worker.ui.phrases import clock_span, duration

CLOSED_ON: Final[Sequence[Marked]] = (
    text_noop("Closed on Mondays"),
    text_noop("Closed on Tuesdays"),
    text_noop("Closed on Wednesdays"),
    text_noop("Closed on Thursdays"),
    text_noop("Closed on Fridays"),
    text_noop("Closed on Saturdays"),
    text_noop("Closed on Sundays"),
)


def closed(texts: Translator, calendars: Sequence[Calendar], day: date, specialist: str | None) -> str:
    """Tell a customer who chose a time that it is outside of hours, and what to do instead."""
    if _opens(calendars, day):
        return texts.text("That is outside the working hours of that day. Please choose another time.")
    if specialist is None:
        return texts.text("We are closed on that day. Please choose another one.")
    if _works_else(calendars, day):
        return texts.text(
            "{specialist} is away on that day. Please choose another one.", specialist=specialist
        )
    return texts.text(
        "{specialist} does not work on that day. Please choose another one.", specialist=specialist
    )


def closed_day(texts: Translator, calendars: Sequence[Calendar], day: date, specialist: str | None) -> str:
    """Say in a few words why a day is closed, or too short."""
    if _opens(calendars, day):
        return texts.text("Too little of that day is open for this visit")
    away = _works_else(calendars, day)
    if away and specialist is not None:
        return texts.text("{specialist} is away on that day", specialist=specialist)
    closing = None if away else _closing(calendars, day)
    if closing is not None:
        return _not_then(texts, closing, specialist)
    if specialist is not None:
        return texts.text("{specialist} does not work on that day", specialist=specialist)
    if away or _works_in_a_period(calendars, day):
        return texts.text("Closed on that day")
    return texts.marked(CLOSED_ON[day.weekday()])


def _not_then(texts: Translator, closing: Period, specialist: str | None) -> str:
    season = Validity(
        first=closing.validity.first, last=closing.validity.last, season=closing.validity.season
    )
    if season == closing.validity:
        dates = validity_text(texts, season)
        if specialist is None:
            return texts.text("Closed: {dates}", dates=dates)
        return texts.text("{specialist} does not work then: {dates}", specialist=specialist, dates=dates)
    if closing.validity.rhythm is None:
        if specialist is None:
            return texts.text("Closed on that day")
        return texts.text("{specialist} does not work on that day", specialist=specialist)
    if specialist is None:
        return texts.text("Closed on that day in that week")
    return texts.text("{specialist} does not work on that day in that week", specialist=specialist)


def _opens(calendars: Sequence[Calendar], day: date) -> bool:
    return any(calendar.hours.windows(day) for calendar in calendars)


def _works_else(calendars: Sequence[Calendar], day: date) -> bool:
    """Tell whether somebody would work on this date, but for an exception."""
    return any(calendar.hours.usual(day) for calendar in calendars)


def _closing(calendars: Sequence[Calendar], day: date) -> Period | None:
    """Return a period that closes a weekday on which somebody works in the usual week."""
    usual = [calendar.hours for calendar in calendars if calendar.hours.weekly.get(day.weekday())]
    return next((period for hours in usual if (period := hours.period_on(day)) is not None), None)


def _works_in_a_period(calendars: Sequence[Calendar], day: date) -> bool:
    periods = (period for calendar in calendars for period in calendar.hours.periods)
    return any(period.weekly.get(day.weekday()) for period in periods)


def hours_of_the_day(texts: Translator, query: SlotQuery, start: int) -> str:
    """Say which hours the day of a start has, and whence: the week, a period or an exception."""
    day, hours = day_of(start, query.zone), query.calendar.hours
    windows = hours.windows(day)
    single, period = day in hours.exceptions, hours.period_on(day)
    dates = "" if period is None else validity_text(texts, period.validity)
    if not windows:
        return _no_hours(texts, dates, single=single)
    said = {
        "hours": ", ".join(clock_span(texts, *window) for window in windows),
        "duration": duration(texts, timedelta(seconds=query.service.duration)),
    }
    if single:
        return texts.text(
            "works {hours} on this date, by an exception; a visit of {duration} has to fit into that", **said
        )
    if dates:
        return texts.text(
            "works {hours} then ({dates}); a visit of {duration} has to fit into that", dates=dates, **said
        )
    return texts.text(
        "works {hours} on this day of the week; a visit of {duration} has to fit into that", **said
    )


def _no_hours(texts: Translator, dates: str, *, single: bool) -> str:
    if single:
        return texts.text("does not work on this date, by an exception to the weekly hours")
    if dates:
        return texts.text("does not work on this date, by the hours of a period: {dates}", dates=dates)
    return texts.text("does not work on this day of the week")


def offered(texts: Translator, query: SlotQuery, start: int) -> str:
    """Say when the service is offered on the day of a start."""
    day = day_of(start, query.zone)
    opening = None if query.offered is None else query.offered.hours
    windows = () if opening is None else opening.windows(day)
    hours = ", ".join(clock_span(texts, *window) for window in windows)
    period = None if opening is None else opening.period_on(day)
    if period is not None:
        dates = validity_text(texts, period.validity)
        if not windows:
            return texts.text("this service is not offered on this date: {dates}", dates=dates)
        return texts.text("this service is offered {hours} on this date: {dates}", hours=hours, dates=dates)
    if not windows:
        return texts.text("this service is not offered on this day of the week")
    return texts.text("this service is offered {hours} on this day of the week", hours=hours)
