"""What people see of a wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.waitlist import ChangeWish, EndWish, KeepWish
from shared.i18n.translator import Html, Translator
from worker.offers.repository import HeldOffer
from worker.scheduling.parts import DayPart
from worker.ui.buttons import menu
from worker.ui.deadlines import by_when
from worker.ui.party import size_rows
from worker.ui.view import Button, Keyboard, View
from worker.wishes.repository import Wish
from worker.wishes.rules import ANY_TIME, Passed, WhyNothing, first_days
from worker.wishes.views import SIGN, days_words, first_day_label, part_label, wish_times, wish_title

ONE_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=6)
EVERY_ORDINAL: Final = 20
"""Up to here English writes 4th, 5th and so on alike."""


@dataclass(frozen=True, slots=True)
class WishStanding:
    """How a wish stands in line, and why nothing has come of it so far."""

    place: int
    """From 1 on."""
    why: WhyNothing
    zone: ZoneInfo
    today: date
    last: date
    """The last day that can be wished for."""
    offer: HeldOffer | None = None
    """What is offered of it just now."""
    swap: Sequence[Button] = ()
    """The way to a time that somebody else has, of a visit that would rather be earlier."""


def wish_card(texts: Translator, wish: Wish, standing: WishStanding) -> View:
    """A wish as it stands: what it takes, the place in line, why nothing came, and what may be changed."""
    lines = [
        Html(f"{SIGN} {wish_title(texts, wish)}"),
        Html(escape(wish_times(texts, wish, standing.today, standing.zone))),
        *_until(texts, wish),
        Html(),
        _place(texts, standing.place),
        _why(texts, wish, standing),
    ]
    return View(Html("\n".join(lines)), _ways(texts, wish, standing))


def _until(texts: Translator, wish: Wish) -> list[Html]:
    if wish.until is None:
        return []
    return [texts.html("Wished for until {day}.", day=texts.short_day(wish.until))]


def _place(texts: Translator, place: int) -> Html:
    match place:
        case 1:
            return texts.html("You are <b>1st</b> in line.")
        case 2:
            return texts.html("You are <b>2nd</b> in line.")
        case 3:
            return texts.html("You are <b>3rd</b> in line.")
        case _ if place <= EVERY_ORDINAL:
            return texts.html("You are <b>{number}th</b> in line.", number=place)
        case _:
            return texts.html("You are number <b>{number}</b> in line.", number=place)


def _why(texts: Translator, wish: Wish, standing: WishStanding) -> Html:
    if standing.offer is not None:
        until = by_when(texts, standing.offer.deadline, standing.zone, standing.today)
        return texts.html("A time is kept for you until {time}: see the offer.", time=until)
    return _why_nothing(texts, wish, standing)


def _why_nothing(texts: Translator, wish: Wish, standing: WishStanding) -> Html:
    match standing.why:
        case WhyNothing.NOTHING_FREE:
            return _nothing_free(texts, wish)
        case WhyNothing.OTHERS_FIRST:
            return texts.html("What freed up was offered to somebody before you in line.")
        case WhyNothing.CHOSEN:
            return texts.html("What freed up was offered to somebody else, whom the business chose.")
        case WhyNothing.NOT_TAKEN:
            return texts.html("You were offered a time and did not take it. Your wish stands.")
        case WhyNothing.HAS_IT:
            return texts.html("You have booked it meanwhile, so nothing more is offered to you.")
        case WhyNothing.PASSED:
            return _passed(texts, wish, standing)
        case _:
            assert_never(standing.why)


def _nothing_free(texts: Translator, wish: Wish) -> Html:
    if wish.added:
        return texts.html("Nothing with room for all of it has freed up yet.")
    return texts.html("Nothing has freed up yet.")


def _passed(texts: Translator, wish: Wish, standing: WishStanding) -> Html:
    start = wish.passed_start or wish.made_at
    local = start.astimezone(standing.zone)
    moment = texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local))
    match wish.passed_why:
        case Passed.ELSEWHERE:
            return texts.html("{moment} freed up, but you have another visit then.", moment=moment)
        case Passed.TOO_MANY:
            return texts.html("{moment} freed up, but you have no more visits to book.", moment=moment)
        case _:
            return texts.html("{moment} freed up, but too late to ask you.", moment=moment)


def _ways(texts: Translator, wish: Wish, standing: WishStanding) -> Keyboard:
    end = Button(texts.text("End this wish"), EndWish(entry_id=wish.id), style="danger")
    keep = [Button(texts.text("Keep it all the same"), KeepWish(entry_id=wish.id))]
    bookings = Button(texts.text("My bookings"), ShowBookings())
    resting = standing.why is WhyNothing.HAS_IT
    return [
        *([keep] if resting else _choices(texts, wish, standing)),
        [end],
        *([[*standing.swap, _visit(texts, wish.booking_id)]] if wish.booking_id else []),
        [bookings, menu(texts)],
    ]


def _visit(texts: Translator, booking_id: int) -> Button:
    return Button(texts.text("Show the visit"), ShowBooking(booking_id=booking_id))


def _choices(texts: Translator, wish: Wish, standing: WishStanding) -> Keyboard:
    parts = [
        Button(part_label(texts, part), changed(wish, part=part))
        for part in (ANY_TIME, *map(int, DayPart))
        if part != wish.part
    ]
    anyone = Button(texts.text("With anyone"), changed(wish, anyone=True))
    whom = [] if wish.specialist_id is None else [anyone]
    if wish.before is not None:
        return [parts, *_first_days(texts, wish, wish.before, standing), whom]
    last = [*whom, *_end_of_wish(texts, wish, standing.today)]
    return [parts, _days(texts, wish, standing), last, *_sizes(wish)]


def _sizes(wish: Wish) -> Keyboard:
    """Offer to wish for another number of places; a visit that moves keeps its own."""
    if wish.most_places == 1 or wish.booking_id is not None:
        return []
    choices = {count: changed(wish, places=count) for count in range(1, wish.most_places + 1)}
    return size_rows(choices, wish.places)


def _first_days(texts: Translator, wish: Wish, before: datetime, standing: WishStanding) -> Keyboard:
    """Offer other days from which on a visit would rather be earlier."""
    day = before.astimezone(standing.zone).date()
    others = [
        Button(first_day_label(texts, each, day, standing.today), changed(wish, first_day=each))
        for each in first_days(standing.today, day)
        if each != max(wish.first_day, standing.today)
    ]
    return [others[index : index + 2] for index in range(0, len(others), 2)]


def _days(texts: Translator, wish: Wish, standing: WishStanding) -> list[Button]:
    """Offer the first day alone, a week from it, and all days that can be booked."""
    first, today = wish.first_day, standing.today
    stretches = [(first, first), (first, min(first + A_WEEK, standing.last)), (today, standing.last)]
    others = dict.fromkeys(
        each for each in stretches if each != (wish.first_day, wish.last_day) and each[0] <= each[1]
    )
    return [_these_days(texts, wish, standing, *each) for each in others]


def _these_days(texts: Translator, wish: Wish, standing: WishStanding, first: date, last: date) -> Button:
    if (first, last) == (standing.today, standing.last):
        label = texts.text("Any day")
    else:
        label = texts.title(days_words(texts, first, last))
    return Button(label, changed(wish, first_day=first, last_day=last))


def _end_of_wish(texts: Translator, wish: Wish, today: date) -> list[Button]:
    """Offer to wish for it only until the day before, or as long as it can come true."""
    if wish.until is not None:
        return [Button(texts.text("Wait until the last moment"), changed(wish, until=None))]
    day_before = wish.first_day - ONE_DAY
    if day_before < today:
        return []
    label = texts.text("Wait only until {day}", day=texts.short_day(day_before))
    return [Button(label, changed(wish, until=day_before))]


def changed(wish: Wish, **changes: object) -> ChangeWish:
    """Make the command that has a wish be otherwise."""
    values = {
        "entry_id": wish.id,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
        "part": wish.part,
        "until": wish.until,
        "places": wish.places,
    }
    return ChangeWish.model_validate({**values, **changes})


def ended(texts: Translator, wish: Wish) -> View:
    """That a wish has ended."""
    lines = [wish_title(texts, wish), texts.html("This wish has ended.")]
    return View(Html("\n".join(lines)), [[Button(texts.text("My bookings"), ShowBookings()), menu(texts)]])
