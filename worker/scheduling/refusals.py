"""Why a time cannot be had, in words: each rule has its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from shared.i18n.translator import Translator
from worker.scheduling import closures, lacking
from worker.scheduling.allotting import missing
from worker.scheduling.engine import check, nearest, steps_around
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import Reason, ServicePolicy, SlotQuery
from worker.scheduling.wallclock import local
from worker.ui.phrases import duration


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A day on which somebody wants a visit with those who do the service, or with one of them."""

    schedule: Schedule
    specialist_id: int | None
    day: date
    """By the business's clock."""
    now: datetime

    @property
    def queries(self) -> list[SlotQuery]:
        """What is asked of each who does the service."""
        return self.schedule.queries(self.now)

    @property
    def specialist(self) -> str | None:
        """The name of who is wanted; None is whoever does the service."""
        return None if self.specialist_id is None else self.schedule.names[self.specialist_id]


def reason_of(schedule: Schedule, start: datetime, now: datetime) -> Reason | None:
    """Return why nobody can take the start by the rules; None where somebody can."""
    reasons = [check(query, int(start.timestamp())) for query in schedule.queries(now)]
    found = [reason for reason in reasons if reason is not None]
    return nearest(found) if len(found) == len(reasons) else None


def explain(texts: Translator, inquiry: Inquiry, start: datetime, reason: Reason) -> str:
    """Say why a start of that day cannot be had, and what to do instead."""
    match reason:
        case Reason.CLOSED:
            said = closures.closed(texts, inquiry.schedule.calendars, inquiry.day, inquiry.specialist)
        case Reason.GRID:
            said = texts.text("Visits do not begin at that time any more. Please choose another one.")
        case Reason.OFFERED:
            said = texts.text("It is not offered at that time. Please choose another one.")
        case Reason.DAY_FULL:
            said = texts.text("That day is full. Please choose another one.")
        case Reason.WEEK_FULL:
            said = texts.text("That week is full. Please choose a later one.")
        case Reason.NOTICE:
            said = _notice(texts, inquiry, start)
        case Reason.HORIZON:
            said = texts.text(
                "That is too far ahead: visits can be booked until {day}. Please choose an earlier time.",
                day=texts.short_day(last_day(inquiry.schedule, inquiry.now)),
            )
        case Reason.BOOKED | Reason.FULL | Reason.BUFFER:
            said = texts.text("Sorry, that time has just been taken. Please choose another one.")
        case Reason.RESOURCE:
            said = lacking.at_that_time(texts, lacking.lack_at(inquiry.queries, int(start.timestamp())))
        case _:
            assert_never(reason)
    return said


def explain_day(texts: Translator, inquiry: Inquiry, reason: Reason) -> str:
    """Say in a few words why that day has no free time."""
    schedule, now = inquiry.schedule, inquiry.now
    if inquiry.day < now.astimezone(schedule.zone).date():
        return texts.text("That day has passed")
    match reason:
        case Reason.CLOSED | Reason.GRID:
            said = closures.closed_day(texts, inquiry.schedule.calendars, inquiry.day, inquiry.specialist)
        case Reason.OFFERED:
            said = texts.text("Not offered on that day")
        case Reason.WEEK_FULL:
            said = texts.text("That week is fully booked")
        case Reason.NOTICE:
            said = _too_soon(texts, schedule)
        case Reason.HORIZON:
            said = bookable_until(texts, schedule, now)
        case Reason.DAY_FULL | Reason.BOOKED | Reason.FULL | Reason.BUFFER:
            said = texts.text("Fully booked")
        case Reason.RESOURCE:
            said = lacking.on_that_day(texts, lacking.lack_on(inquiry.queries, inquiry.day))
        case _:
            assert_never(reason)
    return said


def explain_rule(texts: Translator, query: SlotQuery, start: int, reason: Reason) -> str:
    """Tell who knows the calendar what exactly refuses a start; where visits do, their list follows."""
    match reason:
        case Reason.CLOSED:
            said = closures.hours_of_the_day(texts, query, start)
        case Reason.GRID:
            said = _steps(texts, query, start)
        case Reason.OFFERED:
            said = closures.offered(texts, query, start)
        case Reason.DAY_FULL | Reason.WEEK_FULL | Reason.FULL:
            said = _counted(texts, query, reason)
        case Reason.NOTICE:
            said = _earliest(texts, query, start)
        case Reason.HORIZON:
            said = _latest(texts, query)
        case Reason.BOOKED:
            said = texts.text("there is a visit already:")
        case Reason.BUFFER:
            said = _buffers(texts, query.service)
        case Reason.RESOURCE:
            said = lacking.for_staff(texts, missing(query, start))
        case _:
            assert_never(reason)
    return said


def _counted(texts: Translator, query: SlotQuery, reason: Reason) -> str:
    most_a_day, most_a_week = query.specialist.max_per_day or 0, query.specialist.max_per_week or 0
    if reason is Reason.DAY_FULL:
        return texts.plural(
            "takes at most {number} visit a day, and has it:",
            "takes at most {number} visits a day, and has them:",
            most_a_day,
        )
    if reason is Reason.WEEK_FULL:
        return texts.plural(
            "takes at most {number} visit a week, and has it:",
            "takes at most {number} visits a week, and has them:",
            most_a_week,
        )
    return texts.text("all {count} seats are taken:", count=query.service.capacity)


def rule_name(texts: Translator, name: str) -> str:
    """Say in a word which rule was overridden; one of another release keeps its name."""
    names = {
        Reason.CLOSED: texts.text("working hours"),
        Reason.GRID: texts.text("steps between starts"),
        Reason.OFFERED: texts.text("hours of the service"),
        Reason.NOTICE: texts.text("notice"),
        Reason.HORIZON: texts.text("how far ahead"),
        Reason.BUFFER: texts.text("buffers"),
    }
    return names[Reason(name)] if name in names else name


def bookable_until(texts: Translator, schedule: Schedule, now: datetime) -> str:
    """Say how far ahead the service can be booked."""
    return until(texts, last_day(schedule, now))


def until(texts: Translator, last: date) -> str:
    """Name the last day that can be booked."""
    return texts.text("Can be booked until {day}", day=texts.short_day(last))


def last_day(schedule: Schedule, now: datetime) -> date:
    """Return the last day that can be booked at all."""
    return (now + timedelta(seconds=schedule.policy.horizon)).astimezone(schedule.zone).date()


def _notice(texts: Translator, inquiry: Inquiry, start: datetime) -> str:
    if start <= inquiry.now:
        return texts.text("That time has passed. Please choose another one.")
    return texts.text(
        "That is too soon now: visits are booked at least {notice} ahead. Please choose a later time.",
        notice=_length(texts, inquiry.schedule.policy.min_notice),
    )


def _too_soon(texts: Translator, schedule: Schedule) -> str:
    notice = schedule.policy.min_notice
    if not notice:
        return texts.text("The times of that day have passed")
    return texts.text("Can be booked from {notice} ahead", notice=_length(texts, notice))


def _steps(texts: Translator, query: SlotQuery, start: int) -> str:
    before, after = (texts.time(local(each, query.zone)) for each in steps_around(query, start))
    return texts.text(
        "visits begin every {step}; the nearest starts are {before} and {after}",
        step=_length(texts, query.service.step),
        before=before,
        after=after,
    )


def _earliest(texts: Translator, query: SlotQuery, start: int) -> str:
    if start <= query.now:
        return texts.text("that time has passed")
    notice = query.service.min_notice
    first = local(query.now + notice, query.zone)
    return texts.text(
        "is booked at least {notice} ahead: now from {day}, {time} on",
        notice=_length(texts, notice),
        day=texts.short_day(first.date()),
        time=texts.time(first),
    )


def _latest(texts: Translator, query: SlotQuery) -> str:
    horizon = query.service.horizon
    return texts.text(
        "is booked at most {horizon} ahead: now until {day}",
        horizon=_length(texts, horizon),
        day=texts.short_day(local(query.now + horizon, query.zone).date()),
    )


def _buffers(texts: Translator, service: ServicePolicy) -> str:
    return texts.text(
        "there is no room for the buffers; this service keeps {before} free before and {after} after it:",
        before=_length(texts, service.buffer_before),
        after=_length(texts, service.buffer_after),
    )


def _length(texts: Translator, seconds: int) -> str:
    return duration(texts, timedelta(seconds=seconds))
