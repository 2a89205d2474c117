"""What people see of what they are offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBookings
from shared.contracts.waitlist import DeclineOffer, ShowWish, TakeOffer
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.confirming.rules import deadline
from worker.confirming.views import in_advance_lines
from worker.offers.by_hand import Unoffered
from worker.offers.repository import HeldOffer, OfferState
from worker.ui.buttons import menu
from worker.ui.deadlines import by_when, deadline_lines
from worker.ui.phrases import priced_line, visit_line, when, where
from worker.ui.view import Button, View
from worker.visits.part_views import part_lines, total_lines
from worker.visits.repository import Visit

REFUSALS: Final[Mapping[Unoffered, Marked]] = {
    Unoffered.PAUSED: text_noop("Bookings are paused: nothing is offered now."),
    Unoffered.NOT_WISHED: text_noop("They do not wish for that any more."),
    Unoffered.HAS_IT: text_noop("They have booked such a visit meanwhile."),
    Unoffered.HAS_OFFER: text_noop("A time is offered to them already."),
    Unoffered.OFFERED_BEFORE: text_noop("That was offered to them before."),
    Unoffered.GONE: text_noop("This time is not free any more."),
    Unoffered.ELSEWHERE: text_noop("They have another visit then."),
    Unoffered.TOO_MANY: text_noop("They have no more visits to book."),
    Unoffered.TOO_LATE: text_noop("It is too late to ask anybody about this time."),
    Unoffered.AWAY: text_noop("They cannot be written to, or have to call."),
}


def offer_view(
    texts: Translator, offer: HeldOffer, held: Visit, now: datetime, moving: datetime | None = None
) -> View:
    """A time that is kept for somebody who wished for it, and until when.

    `moving` is when the visit is that would move there; None offers one more.
    """
    zone = ZoneInfo(held.timezone)
    today = now.astimezone(zone).date()
    lines = [
        *_offered(texts, held, moving),
        *when(texts, held.start, held.until, zone),
        *part_lines(texts, held.parts, zone, held.currency),
        *where(texts, held.place),
        *total_lines(texts, held.price, held.parts, held.currency),
        *_instead(texts, moving and moving.astimezone(zone)),
        *_rules(texts, held, now),
        texts.html("It is kept for you until {time}.", time=by_when(texts, offer.deadline, zone, today)),
    ]
    take = Button(texts.text("Take it"), TakeOffer(offer_id=offer.id), style="success")
    decline = Button(texts.text("No, thanks"), DeclineOffer(offer_id=offer.id))
    return View(Html("\n".join(lines)), [[take], [decline]])


def _offered(texts: Translator, held: Visit, moving: datetime | None) -> list[Html]:
    """What is offered; whoever has agreed on a price for their visit keeps that."""
    what = visit_line(texts, held.service, held.specialist)
    if moving is not None:
        return [texts.html("🔔 <b>An earlier time has come free</b>"), what]
    title = texts.html("🔔 <b>A place has come free</b>")
    return [title, priced_line(texts, what, held.price, held.currency)]


def _instead(texts: Translator, moving: datetime | None) -> list[Html]:
    if moving is None:
        return []
    before = {"day": texts.short_day(moving.date()), "time": texts.time(moving)}
    return [texts.html("In place of your visit on {day}, {time}.", **before)]


def _rules(texts: Translator, held: Visit, now: datetime) -> list[Html]:
    """Say what holds for it once it is taken, as a summary does: one tap books it."""
    zone = ZoneInfo(held.timezone)
    confirm_by = deadline(held.start, held.reminders, held.confirm_until, now)
    return [
        *deadline_lines(texts, held.deadlines, now, zone),
        *in_advance_lines(texts, confirm_by, zone),
    ]


def settled(texts: Translator, offer: HeldOffer) -> View:
    """What has become of an offer, in the message that made it."""
    wish = Button(texts.text("Show the wish"), ShowWish(entry_id=offer.entry_id))
    bookings = Button(texts.text("My bookings"), ShowBookings())
    stands = offer.state in {OfferState.DECLINED, OfferState.LAPSED}
    return View(_said(texts, offer.state), [[wish] if stands else [bookings], [menu(texts)]])


def _said(texts: Translator, state: OfferState) -> Html:
    match state:
        case OfferState.DECLINED:
            return texts.html("You have passed this time on. Your wish stands.")
        case OfferState.LAPSED | OfferState.OPEN:
            return texts.html("This time is not kept for you any more. Your wish stands.")
        case OfferState.WITHDRAWN:
            return texts.html("This time is not kept for you any more: your wish has ended.")
        case OfferState.TAKEN:
            return texts.html("You have taken this time.")
        case _:
            assert_never(state)


def not_offered(texts: Translator, why: Unoffered) -> str:
    """Say why a time is not offered to somebody."""
    return texts.marked(REFUSALS[why])
