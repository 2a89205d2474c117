"""What staff pass on to a customer without Telegram, and what whoever opens it sees."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBookings
from shared.contracts.tying import SendCustomerLink, ShowTie, Tie
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu
from worker.ui.view import Button, Media, MediaType, View
from worker.visits.repository import Visit


def link_button(texts: Translator, visit: Visit) -> Button:
    """The way to a customer's link."""
    return Button(texts.text("Link to Telegram"), SendCustomerLink(booking_id=visit.id))


def link(
    texts: Translator, business: BusinessProfile, name: str, address: str, until: date, picture: Upload
) -> View:
    """A message that staff pass on."""
    text = texts.html(
        "<b>{customer}</b>, your visits at {business} in Telegram, to see, move and cancel: {address}\n"
        "The link works once, until {day}. Who opens it gets the visits: pass it on to nobody else.",
        customer=name,
        business=business.name,
        address=address,
        day=texts.short_day(until),
    )
    return View(text, [[menu(texts)]], shows=Media(MediaType.PHOTO, picture))


def asked(texts: Translator, business: BusinessProfile, name: str, visits: int, command: ShowTie) -> View:
    """Whether whoever opened a link is whom it is for."""
    ahead = texts.plural("{number} visit ahead", "{number} visits ahead", visits)
    text = texts.html(
        "<b>Are you {customer}?</b>\n{business} knows you by phone ({ahead}). From now on everything about "
        "your visits comes here.",
        customer=name,
        business=business.name,
        ahead=ahead,
    )
    yes = Tie(number=command.number, day=command.day, code=command.code)
    return View(text, [[Button(texts.text("Yes, that is me"), yes, style="primary")], [menu(texts)]])


def welcome(texts: Translator, business: BusinessProfile, visits: int) -> View:
    """That they are one from now on."""
    ahead = texts.plural("{number} visit ahead", "{number} visits ahead", visits)
    text = texts.html("Welcome to {business}! You have {ahead}.", business=business.name, ahead=ahead)
    return View(text, [[Button(texts.text("My bookings"), ShowBookings())], [menu(texts)]])


def has_both(texts: Translator, visits: Sequence[Visit]) -> View:
    """That both have the same visit, which is one too many."""
    lines = [texts.html("This customer and you have the same visit, and nothing was changed:"), Html()]
    lines += [
        texts.html("• {service}, {day}, {time}", service=each.service, day=day, time=time)
        for each in visits
        for day, time in [_when(texts, each)]
    ]
    lines += [Html(), texts.html("Cancel yours, then open the link again.")]
    return View(Html("\n".join(lines)), [[Button(texts.text("My bookings"), ShowBookings())], [menu(texts)]])


def _when(texts: Translator, visit: Visit) -> tuple[str, str]:
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    return texts.short_day(local.date()), texts.time(local)


def cannot_be(texts: Translator, business: BusinessProfile) -> View:
    """That what both have cannot be one person's."""
    text = texts.html(
        "You and this customer have something that there can be only once, and nothing was changed. Please "
        "ask at {business}.",
        business=business.name,
    )
    return View(text, [[menu(texts)]])


def used_up(texts: Translator) -> View:
    """That somebody has used a link, or its customer is known no more."""
    return View(texts.html("This link has been used. Your visits are under “My bookings”."), _ways(texts))


def over(texts: Translator) -> View:
    """That a link's time is over."""
    return View(texts.html("This link is over. Please ask for a new one."), _ways(texts))


def unknown(texts: Translator) -> View:
    """That a link is none of ours."""
    return View(texts.html("This link leads nowhere. Please ask for a new one."), _ways(texts))


def for_the_customer(texts: Translator) -> View:
    """That staff pass a link on instead of using it."""
    text = texts.html("This link is for the customer: whoever opens it becomes them. Pass it on.")
    return View(text, _ways(texts))


def _ways(texts: Translator) -> list[list[Button]]:
    return [[Button(texts.text("My bookings"), ShowBookings())], [menu(texts)]]
