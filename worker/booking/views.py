"""What customers see of booking: the services, the summary, the card, the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import Book, Move, Moving, ShowMonth, ShowServices, ShowSpecialists, StartMove
from shared.contracts.visits import AskCancel, Cancel, ShowBooking, ShowBookings
from shared.i18n.translator import Html, Translator
from worker.booking.catalogue import Doer, Offering
from worker.booking.details import Details, Place
from worker.db.models.booking import Status
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import Page, menu, pager
from worker.ui.phrases import duration, own_time, price, visit
from worker.ui.view import Button, Keyboard, View, rows_of

VISITS_A_PAGE = 8
FEW = 8
"""So many services have a row each."""
CHOICES_A_PAGE = 20
"""So many fit a message with the longest names there can be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit that someone is about to confirm."""

    offering: Offering
    specialist: str | None
    start: datetime
    place: Place | None
    command: Book | Move
    back: Button
    now: datetime
    moved_from: datetime | None = None


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of booking."""
    return [Button(texts.text("Book a visit"), ShowServices(), style="primary")]


def bookings_row(texts: Translator) -> list[Button]:
    """The menu's row of the person's own visits."""
    return [Button(texts.text("My bookings"), ShowBookings())]


def services(
    texts: Translator, business: BusinessProfile, offerings: Sequence[Offering], asked: ShowServices
) -> View:
    """The services to choose from, a page at a time."""
    if not offerings:
        return View(texts.html("There is nothing to book at the moment."), [[menu(texts)]])
    lines = [texts.html("<b>What would you like to book?</b>"), ""]
    page = Page.of(offerings, asked.page, CHOICES_A_PAGE)
    lines += [_offering_line(texts, business, offering) for offering in page.shown]
    choices = [Button(offering.name, ShowSpecialists(service_id=offering.id)) for offering in page.shown]
    rows = rows_of(choices, 1 if len(choices) <= FEW else 2)
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), [menu(texts)]])


def _offering_line(texts: Translator, business: BusinessProfile, offering: Offering) -> Html:
    return texts.html(
        "• {service}: {duration}, {price}",
        service=offering.name,
        duration=duration(texts, offering.duration),
        price=texts.price(offering.price, business.currency) if offering.price else texts.text("free"),
    )


def specialists(texts: Translator, offering: Offering, doers: Sequence[Doer], asked: ShowSpecialists) -> View:
    """The specialists who do a service, a page at a time, and 'Anyone'."""
    page = Page.of(doers, asked.page, CHOICES_A_PAGE)
    anyone = Button(texts.text("Anyone"), ShowMonth(service_id=offering.id))
    named = [
        Button(doer.name, ShowMonth(service_id=offering.id, specialist_id=doer.id)) for doer in page.shown
    ]
    return View(
        texts.html("<b>{service}</b>\nWho would you like to go to?", service=offering.name),
        [
            [anyone],
            *rows_of(named, 2),
            pager(page, asked),
            [Button(texts.text("« Back"), ShowServices()), menu(texts)],
        ],
    )


def summary(texts: Translator, business: BusinessProfile, plan: Plan) -> View:
    """What is about to be booked, or where a booking is about to be moved."""
    offering = plan.offering
    lines = [_question(texts, plan), ""]
    who = plan.specialist or texts.text("anyone who is free")
    lines.append(visit(texts, offering.name, who))
    if plan.moved_from is not None:
        local = plan.moved_from.astimezone(business.zone)
        lines.append(
            texts.html("From: <s>{day}, {time}</s>", day=texts.day(local.date()), time=texts.time(local))
        )
    lines += when(texts, plan.start, plan.start + offering.duration, business.zone)
    lines.append(texts.html("🏷 {price}", price=price(texts, offering.price, business.currency)))
    lines += where(texts, plan.place)
    lines += _cancel_rule(texts, plan, business.zone)
    confirm = Button(texts.text("Confirm"), plan.command, style="success")
    return View(Html("\n".join(lines)), [[confirm], [plan.back, menu(texts)]])


def _question(texts: Translator, plan: Plan) -> Html:
    if plan.moved_from is None:
        return texts.html("<b>Is this right?</b>")
    return texts.html("<b>Move the visit?</b>")


def when(texts: Translator, start: datetime, end: datetime, zone: ZoneInfo) -> list[Html]:
    """The time by the business's clock, and beside it by the reader's own."""
    local, until = start.astimezone(zone), end.astimezone(zone)
    day, begin = texts.day(local.date()), texts.time(local)
    clock = texts.html(
        "🗓 {day}, {start}–{end} ({zone})",
        day=texts.title(day),
        start=begin,
        end=texts.time(until),
        zone=zone.key,
    )
    return [clock, texts.html("🕒 Your time: {time}", time=own_time(start, f"{day}, {begin} {local:%Z}"))]


def where(texts: Translator, place: Place | None) -> list[Html]:
    """The address, where there is one."""
    if place is None:
        return []
    return [texts.html("📍 {place}", place=", ".join(filter(None, (place.name, place.address))))]


def _cancel_rule(texts: Translator, plan: Plan, zone: ZoneInfo) -> list[Html]:
    if not plan.offering.cancel_until:
        return []
    last = (plan.start - plan.offering.cancel_until).astimezone(zone)
    if last <= plan.now:
        return [texts.html("↩️ This soon before it, the visit can no longer be moved or cancelled here.")]
    return [
        texts.html(
            "↩️ Can be moved or cancelled until {day}, {time}",
            day=texts.day(last.date()),
            time=texts.time(last),
        )
    ]


def card(texts: Translator, details: Details, now: datetime) -> View:
    """A booking as it stands: one message that is edited for as long as the booking lives."""
    zone = ZoneInfo(details.timezone)
    lines = [_title(texts, details, now), ""]
    lines.append(visit(texts, details.service, details.specialist))
    lines += when(texts, details.start, details.end, zone)
    lines.append(texts.html("🏷 {price}", price=price(texts, details.price, details.currency)))
    lines += where(texts, details.place)
    lines.append(texts.html("№ {number}, {business}", number=details.id, business=details.business))
    return View(Html("\n".join(lines)), _card_keyboard(texts, details, now))


def _title(texts: Translator, details: Details, now: datetime) -> Html:
    if details.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    if details.end <= now:
        return texts.html("🏁 <b>This visit is over</b>")
    if details.version > 1:
        return texts.html("✅ <b>Moved. See you then!</b>")
    return texts.html("✅ <b>Booked. See you then!</b>")


def _card_keyboard(texts: Translator, details: Details, now: datetime) -> Keyboard:
    bookings = Button(texts.text("My bookings"), ShowBookings())
    if not details.is_live or details.start <= now:
        again = Button(texts.text("Book again"), ShowSpecialists(service_id=details.service_id))
        return [[again], [bookings, menu(texts)]]
    moving = Moving(booking_id=details.id, version=details.version)
    move = Button(texts.text("Move"), StartMove(moving=moving))
    cancel = Button(
        texts.text_in("visit", "Cancel"),
        AskCancel(booking_id=details.id, version=details.version),
        style="danger",
    )
    return [[move, cancel], [bookings, menu(texts)]]


def retired(texts: Translator) -> View:
    """What a card becomes that is shown in enough newer messages."""
    text = texts.html("This message is no longer kept up to date: newer ones show this visit.")
    return View(text, [[Button(texts.text("My bookings"), ShowBookings()), menu(texts)]])


def cancel_question(texts: Translator, details: Details) -> View:
    """The question before cancelling."""
    yes = Button(
        texts.text("Yes, cancel"),
        Cancel(booking_id=details.id, version=details.version),
        style="danger",
    )
    keep = Button(texts.text("No, keep it"), ShowBooking(booking_id=details.id))
    lines = [texts.html("<b>Cancel this visit?</b>"), ""]
    lines.append(visit(texts, details.service, details.specialist))
    lines += when(texts, details.start, details.end, ZoneInfo(details.timezone))
    return View(Html("\n".join(lines)), [[yes], [keep]])


def upcoming(texts: Translator, bookings: Sequence[Details], asked: ShowBookings, zone: ZoneInfo) -> View:
    """What is coming, a page at a time."""
    book = Button(texts.text("Book a visit"), ShowServices(), style="primary")
    if not bookings:
        return View(texts.html("You have no visits ahead."), [[book], [menu(texts)]])
    page = Page.of(bookings, asked.page, VISITS_A_PAGE)
    heading = texts.plural("You have {number} visit ahead:", "You have {number} visits ahead:", len(bookings))
    buttons = [
        [Button(_line(texts, details, zone), ShowBooking(booking_id=details.id))] for details in page.shown
    ]
    return View(Html(f"<b>{heading}</b>"), [*buttons, pager(page, asked), [book, menu(texts)]])


def _line(texts: Translator, details: Details, zone: ZoneInfo) -> str:
    local = details.start.astimezone(zone)
    return texts.text(
        "{day}, {time} · {service}",
        day=texts.title(texts.short_day(local.date())),
        time=texts.time(local),
        service=details.service,
    )
