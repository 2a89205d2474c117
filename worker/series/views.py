"""What people see of a visit that repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from shared.contracts.base import Command
from shared.contracts.booking import BookAgain
from shared.contracts.own_visits import ShowBooking
from shared.contracts.series import AskSeries, AskSeriesLength, BookSeries, CancelLater, ShowSeries
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.db.models.booking import Status
from worker.scheduling.refusals import bookable_until, until
from worker.scheduling.repository import Schedule
from worker.series.rules import (
    LENGTHS,
    WEEKS,
    DateState,
    SeriesDate,
    chosen,
    has,
    lengths_until,
    mark_of,
    mark_of_visits,
    repeat_dates,
    said_bits,
    switched,
)
from worker.summary.rules import ShownTerms
from worker.ui.buttons import menu
from worker.ui.phrases import called, price_lines, visit_line, where
from worker.ui.view import Button, Keyboard, Media, MediaType, View, rows_of
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A table that somebody is about to confirm."""

    asked: ShowSeries
    table: Sequence[SeriesDate]
    visit: Visit
    """The one that is repeated."""
    terms: ShownTerms
    """What is said of each of the visits."""
    now: datetime
    schedule: Schedule
    by_staff: bool = False
    missed: int = 0
    """Dates that were said to be booked and are not free any more, each as a bit."""


def weeks_question(texts: Translator, visit: Visit, *, by_staff: bool) -> View:
    """The question every how many weeks."""
    each = [
        Button(_every(texts, weeks), AskSeriesLength(booking_id=visit.id, weeks=weeks)) for weeks in WEEKS
    ]
    lines = [
        texts.html("<b>Repeat this visit?</b>"),
        visit_line(texts, visit.service, visit.specialist),
        texts.html("🗓 {day}, {time}", **_moment(texts, visit, visit.start)),
        texts.html("How often is it to come again, at the same time of the day?"),
    ]
    return View(
        Html("\n".join(lines)),
        [*rows_of(each, 2), [Button(texts.text("« Back"), _card(visit, by_staff=by_staff)), menu(texts)]],
    )


def length_question(texts: Translator, visit: Visit, weeks: int, last: datetime) -> View:
    """The question how often; each answer says until when that is. No visit can begin after `last`."""
    dates = repeat_dates(int(visit.start.timestamp()), weeks, max(LENGTHS), ZoneInfo(visit.timezone))
    lengths = lengths_until(int(last.timestamp()), dates)
    each = [
        Button(
            texts.text("{number}, until {day}", number=length, day=texts.short_day(dates[length - 1].day)),
            ShowSeries(booking_id=visit.id, weeks=weeks, count=length),
        )
        for length in lengths
    ]
    how_many = texts.html(
        "How many visits are to follow the one on {day}?", **_moment(texts, visit, visit.start)
    )
    lines = [
        Html(f"<b>{_every(texts, weeks)}</b>"),
        visit_line(texts, visit.service, visit.specialist),
        *([how_many] if each else []),
    ]
    if len(lengths) < len(LENGTHS):
        day = last.astimezone(ZoneInfo(visit.timezone)).date()
        lines.append(texts.html("ℹ️ {words}", words=until(texts, day)))
    back = Button(texts.text("« Back"), AskSeries(booking_id=visit.id))
    return View(Html("\n".join(lines)), [*rows_of(each, 2), [back, menu(texts)]])


def table(texts: Translator, page: SeriesPage) -> View:
    """What is free, what is taken and what there is instead; each date can be switched."""
    visit, asked = page.visit, page.asked
    lines = [
        Html(f"<b>{_every(texts, asked.weeks)}</b>"),
        visit_line(texts, visit.service, visit.specialist),
        *price_lines(texts, page.terms.price, page.terms.currency),
        *where(texts, visit.place),
        Html(),
        *(_line(texts, page, place, each) for place, each in enumerate(page.table)),
        *_notes(texts, page),
    ]
    back = Button(texts.text("« Back"), AskSeriesLength(booking_id=visit.id, weeks=asked.weeks))
    rows = [*_confirm(texts, page), *_switches(texts, page), [back, menu(texts)]]
    return View(Html("\n".join(lines)), rows)


def _line(texts: Translator, page: SeriesPage, place: int, line: SeriesDate) -> Html:
    own = _said(texts, page.visit, line.date.start)
    if line.state is DateState.FREE:
        return texts.html("▫️ {moment}: left out", moment=own) if line.is_off else Html(f"✅ {own}")
    if line.chosen is not None:
        instead = _said(texts, page.visit, line.chosen)
        return texts.html("✅ {instead} instead of <s>{moment}</s>", instead=instead, moment=own)
    return texts.html("❌ {moment}: {why}", moment=own, why=_why(texts, page, place, line))


def _why(texts: Translator, page: SeriesPage, place: int, line: SeriesDate) -> str:
    match line.state:
        case DateState.BEYOND:
            return texts.text("too far ahead")
        case DateState.LIMIT:
            return texts.text("too many visits")
        case DateState.OWN if page.by_staff:
            return texts.text("the customer has another visit then")
        case DateState.OWN:
            return texts.text("you have another visit then")
        case _ if has(page.missed, place):
            return texts.text("has just been taken")
        case _:
            return texts.text("not free")


def _notes(texts: Translator, page: SeriesPage) -> list[Html]:
    states = {line.state for line in page.table}
    lines = [Html()]
    if any(line.nearest is not None or line.state is DateState.FREE for line in page.table):
        lines.append(texts.html("Tap a date to leave it out, or to take the nearest free time of its week."))
    if DateState.BEYOND in states:
        lines.append(texts.html("ℹ️ {words}", words=bookable_until(texts, page.schedule, page.now)))
    if DateState.LIMIT in states:
        lines.append(texts.html("ℹ️ No more visits than these can be ahead of you here at a time."))
    return lines


def _confirm(texts: Translator, page: SeriesPage) -> Keyboard:
    count = len(list(chosen(page.table)))
    if not count:
        return []
    asked = page.asked
    command = BookSeries(
        **asked.model_dump(exclude={"kind"}),
        said=said_bits(page.table),
        times=mark_of(page.table),
        terms=page.terms.mark,
    )
    words = texts.plural("Confirm {number} visit", "Confirm {number} visits", count)
    return [[Button(words, command, style="success")]]


def _switches(texts: Translator, page: SeriesPage) -> Keyboard:
    rows: Keyboard = []
    for place, line in enumerate(page.table):
        command = switched(page.asked, place, line)
        if command is not None:
            rows.append([Button(_switch(texts, page, line), command)])
    return rows


def _switch(texts: Translator, page: SeriesPage, line: SeriesDate) -> str:
    if line.state is DateState.FREE:
        own = _said(texts, page.visit, line.date.start)
        return f"▫️ {own}" if line.is_off else f"✅ {own}"
    instead = _said(texts, page.visit, line.nearest or 0)
    return f"✅ {instead}" if line.chosen is not None else texts.text("Instead: {moment}", moment=instead)


def booked(texts: Translator, visits: Sequence[Visit], *, by_staff: bool = False) -> View:
    """The visits that were booked at once, each with the way to its card."""
    count = texts.plural("{number} visit is booked.", "{number} visits are booked.", len(visits))
    return _several(texts, Html(f"✅ <b>{count}</b>"), visits, by_staff=by_staff)


def moved(
    texts: Translator, visits: Sequence[Visit], *, by_staff: bool = False, by_business: bool = False
) -> View:
    """The visits that were moved at once, each with the way to its card."""
    count = texts.plural("{number} visit is moved.", "{number} visits are moved.", len(visits))
    title = Html(f"✅ <b>{count}</b>")
    if by_business:
        told = texts.html("{business} has moved your visits.", business=visits[0].business)
        title = Html(f"{title}\n{told}")
    return _several(texts, title, visits, by_staff=by_staff)


def _several(texts: Translator, title: Html, visits: Sequence[Visit], *, by_staff: bool) -> View:
    first = visits[0]
    lines = [
        title,
        visit_line(texts, first.service, first.specialist),
        *([Html(f"👤 {escape(called(texts, first.customer))}")] if by_staff else []),
        *where(texts, first.place),
        texts.html("Each can be moved and cancelled by itself."),
    ]
    rows = [[_way(texts, each, by_staff=by_staff)] for each in visits]
    return View(Html("\n".join(lines)), [*rows, [menu(texts)]])


def _way(texts: Translator, visit: Visit, *, by_staff: bool) -> Button:
    return Button(_said(texts, visit, int(visit.start.timestamp())), _card(visit, by_staff=by_staff))


def _card(visit: Visit, *, by_staff: bool) -> Command:
    return ShowStaffCard(booking_id=visit.id) if by_staff else ShowBooking(booking_id=visit.id)


def cancel_question(texts: Translator, visits: Sequence[Visit], *, by_staff: bool) -> View:
    """Which visits are to be cancelled, and the question whether they are."""
    first = visits[0]
    words = texts.plural("Yes, cancel {number} visit", "Yes, cancel {number} visits", len(visits))
    about = {"booking_id": first.id, "version": first.version}
    yes = Button(words, CancelLater(**about, times=mark_of_visits(visits)), style="danger")
    keep = Button(texts.text("No, keep them"), _card(first, by_staff=by_staff))
    told = texts.html("<b>Cancel these visits?</b>")
    if by_staff:
        told = texts.html("<b>Cancel these visits?</b> The customer will be told.")
    lines = [told, visit_line(texts, first.service, first.specialist), *_moments(texts, visits)]
    return View(Html("\n".join(lines)), [[yes], [keep]])


def cancelled(
    texts: Translator, visits: Sequence[Visit], *, by_staff: bool = False, by_business: bool = False
) -> View:
    """The visits that were cancelled at once: for their customer, or for the staff who did it."""
    first = visits[0]
    count = texts.plural("{number} visit is cancelled.", "{number} visits are cancelled.", len(visits))
    lines = [
        Html(f"❌ <b>{count}</b>"),
        visit_line(texts, first.service, first.specialist),
        *([Html(f"👤 {escape(called(texts, first.customer))}")] if by_staff else []),
        *_moments(texts, visits),
    ]
    if by_business:
        lines += [Html(), texts.html("{business} has cancelled your visits.", business=first.business)]
    again = Button(texts.text("Book again"), BookAgain(booking_id=first.id))
    return View(Html("\n".join(lines)), [[] if by_staff else [again], [menu(texts)]])


def others_now(texts: Translator) -> str:
    """Say that other visits would be cancelled than were shown."""
    return texts.text("These are not the visits that you saw: nothing is cancelled yet.")


def _moments(texts: Translator, visits: Sequence[Visit]) -> list[Html]:
    return [texts.html("🗓 {day}, {time}", **_moment(texts, each, each.start)) for each in visits]


def file(texts: Translator, visits: Sequence[Visit], written: Upload) -> View:
    """The calendar file of several visits."""
    words = texts.plural(
        "For your calendar: {number} visit.", "For your calendar: {number} visits in one file.", len(visits)
    )
    if visits[0].status is Status.CANCELLED:
        words = texts.text(
            "Are the visits in your calendar? Open this file to take them out. "
            "If your calendar does not take it, delete them there."
        )
    return View(Html(words), shows=Media(MediaType.DOCUMENT, written, reused=False))


def changed(texts: Translator) -> str:
    """Say that nothing is booked, because it is not as it was shown."""
    return texts.text("Something has changed since you looked: nothing is booked yet. Is it all right now?")


def _every(texts: Translator, weeks: int) -> str:
    if weeks == 1:
        return texts.text("Every week")
    return texts.plural("Every {number} week", "Every {number} weeks", weeks)


def _said(texts: Translator, visit: Visit, start: int) -> str:
    return texts.text("{day}, {time}", **_moment(texts, visit, datetime.fromtimestamp(start, UTC)))


def _moment(texts: Translator, visit: Visit, at: datetime) -> dict[str, str]:
    local = at.astimezone(ZoneInfo(visit.timezone))
    return {"day": texts.title(texts.short_day(local.date())), "time": texts.time(local)}
