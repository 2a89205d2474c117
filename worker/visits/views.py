"""What people see of a visit that is booked: its card, the list, reminders, and words to its specialist."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.booking import BookAgain, Moving, StartMove
from shared.contracts.cancelling import (
    AskCancel,
    AskCancelReason,
)
from shared.contracts.earlier import AskEarlier
from shared.contracts.notes import (
    AskNote,
)
from shared.contracts.own_visits import (
    ShowBookings,
    ShowMap,
)
from shared.contracts.party import AskCompanions, ShowParty
from shared.contracts.rebooking import ShowAlternatives
from shared.contracts.series import AskSeries
from shared.contracts.swapping import ShowSwaps
from shared.i18n.translator import Html, Translator
from worker.confirming.views import confirm_buttons, confirm_lines
from worker.db.models.booking import Awaited, Status
from worker.lateness.views import late_buttons, late_lines
from worker.requests.views import answer_lines as request_lines
from worker.requests.views import proposal_buttons, request_title
from worker.ui.buttons import menu
from worker.ui.deadlines import (
    deadline_lines,
    moved_enough,
    too_late_lines,
    too_late_to_cancel,
    too_late_to_move,
)
from worker.ui.deposits import deposit_lines
from worker.ui.phrases import priced_line, visit_line, when, where
from worker.ui.view import Button, Keyboard, Venue, View
from worker.visits.answers import answer_lines
from worker.visits.part_views import part_lines, total_lines
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, can_be_earlier, can_be_swapped, is_repeatable


def card(texts: Translator, visit: Visit, now: datetime) -> View:
    """A booking as it stands: one message that is edited for as long as the booking lives."""
    return card_titled(texts, visit, now, _title(texts, visit, now))


def called_off(texts: Translator, visit: Visit, now: datetime, words: str) -> View:
    """The card of a visit that the business cancelled, with its words, else with word that it did."""
    view = card(texts, visit, now)
    by_us = texts.html("{business} has cancelled your visit.", business=visit.business)
    said = texts.html("💬 {words}", words=words) if words else by_us
    return replace(view, text=Html(f"{view.text}\n\n{said}"))


def freed(texts: Translator, visit: Visit, now: datetime) -> View:
    """The card of a visit whose customer did not say in time that they would be there."""
    view = card(texts, visit, now)
    said = texts.html("You did not tell us in time that you would be there, so the time is given to others.")
    return replace(view, text=Html(f"{view.text}\n\n{said}"))


def moved_by_staff(texts: Translator, visit: Visit, now: datetime, was: datetime, name: str) -> View:
    """The card of a visit that staff moved or propose to, with their name, if any, and when it was before."""
    view = card(texts, visit, now)
    said = _changed_by(texts, visit, name)
    return replace(view, text=Html(f"{view.text}\n\n{said}\n{_before(texts, visit, was)}"))


def resized_by_staff(texts: Translator, visit: Visit, now: datetime, was: int, name: str) -> View:
    """The card of a visit of which staff changed the places, with their name, if any, and how many it had."""
    view, who = card(texts, visit, now), {"name": name, "business": visit.business}
    by_us = texts.html("{business} has changed how many places you have.", business=visit.business)
    said = texts.html("{name} of {business} has changed how many places you have.", **who) if name else by_us
    before = texts.html("Places before: <s>{number}</s>", number=was)
    return replace(view, text=Html(f"{view.text}\n\n{said}\n{before}"))


def _before(texts: Translator, visit: Visit, was: datetime) -> Html:
    local = was.astimezone(ZoneInfo(visit.timezone))
    day = texts.short_day(local.date())
    return texts.html("Before: <s>{day}, {time}</s>", day=day, time=texts.time(local))


def swapped(texts: Translator, visit: Visit, now: datetime, was: datetime) -> View:
    """The card of a visit whose customer has swapped times with another one, and when it was before."""
    view = card(texts, visit, now)
    said = texts.html("🔁 You have swapped times with somebody.")
    return replace(view, text=Html(f"{view.text}\n\n{said}\n{_before(texts, visit, was)}"))


def _changed_by(texts: Translator, visit: Visit, name: str) -> Html:
    who = {"name": name, "business": visit.business}
    if visit.status is Status.PENDING:
        by_us = texts.html("{business} proposes this time in place of yours.", business=visit.business)
        return (
            texts.html("{name} of {business} proposes this time in place of yours.", **who) if name else by_us
        )
    by_us = texts.html("{business} has moved your visit.", business=visit.business)
    return texts.html("{name} of {business} has moved your visit.", **who) if name else by_us


def card_titled(texts: Translator, visit: Visit, now: datetime, title: Html) -> View:
    """A booking as it stands, under a title."""
    zone = ZoneInfo(visit.timezone)
    what = visit_line(texts, visit.service, visit.specialist)
    lines = [title, priced_line(texts, what, visit.price, visit.currency)]
    lines += part_lines(texts, visit.parts, zone, visit.currency)
    lines += total_lines(texts, visit.price, visit.parts, visit.currency)
    lines += when(texts, visit.start, visit.until, zone)
    lines += where(texts, visit.place)
    lines += [*companion_lines(texts, visit), *answer_lines(texts, visit.answers), *note_lines(texts, visit)]
    lines += [] if visit.until <= now else late_lines(texts, visit)
    if is_left_alone(visit, now):
        lines.append(texts.html("😔 {specialist} cannot be there then.", specialist=visit.specialist))
    lines += deposit_lines(texts, visit.deposit)
    if visit.awaits is Awaited.CUSTOMER:
        lines += deadline_lines(texts, visit.deadlines, now, zone)
    if visit.status is not Status.PENDING:
        lines += [*confirm_lines(texts, visit, now), *passed_deadline_lines(texts, visit, now)]
    lines += request_lines(texts, visit)
    lines.append(texts.html("№ {number}, {business}", number=visit.id, business=visit.business))
    return View(Html("\n".join(lines)), _card_keyboard(texts, visit, now))


def _title(texts: Translator, visit: Visit, now: datetime) -> Html:
    if visit.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    if visit.until <= now:
        return texts.html("🏁 <b>This visit is over</b>")
    if visit.status is Status.PENDING:
        return request_title(texts, visit)
    if visit.moved:
        return texts.html("✅ <b>Moved. See you then!</b>")
    return texts.html("✅ <b>Booked. See you then!</b>")


def _card_keyboard(texts: Translator, visit: Visit, now: datetime) -> Keyboard:
    bookings = Button(texts.text("My bookings"), ShowBookings())
    why = [Button(texts.text("Say why"), AskCancelReason(booking_id=visit.id))]
    if not visit.is_live or visit.start <= now:
        again = Button(texts.text("Book again"), BookAgain(booking_id=visit.id))
        first = why if visit.explainable else late_buttons(texts, visit, now)
        return [first, [again], [bookings, menu(texts)]]
    add, change = texts.text("Add a note"), texts.text("Change the note")
    note = Button(change if visit.note else add, AskNote(booking_id=visit.id))
    pin = [Button(texts.text("Map"), ShowMap(booking_id=visit.id))] if venue(visit) else []
    near = [*earlier_buttons(texts, visit, now), *late_buttons(texts, visit, now)]
    pending = visit.status is Status.PENDING
    there = proposal_buttons(texts, visit) if pending else confirm_buttons(texts, visit, now)
    party = party_buttons(texts, visit)
    explain = why if visit.explainable else []
    offered = Button(
        texts.text("Other times for you"), ShowAlternatives(booking_id=visit.id), style="primary"
    )
    first = [offered] if is_left_alone(visit, now) else []
    notes = [note, *pin, *repeat_buttons(texts, visit, now)]
    ways = [changes(texts, visit, now), explain, near, party]
    return [first, there, *ways, notes, [bookings, menu(texts)]]


def earlier_buttons(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """The way to ask for earlier times, or to see how far in line one is; else that to swaps alone."""
    if not can_be_earlier(visit, now):
        return swap_buttons(texts, visit, now)
    label = texts.text("🔔 Earlier?") if visit.wants_earlier else texts.text("Earlier?")
    return [Button(label, AskEarlier(booking_id=visit.id))]


def swap_buttons(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """The way to a time that somebody else has, where it could be swapped."""
    if not can_be_swapped(visit, now):
        return []
    return [Button(texts.text("Swap with somebody"), ShowSwaps(booking_id=visit.id))]


def repeat_buttons(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """The way to further visits like it, where they can be booked at once."""
    asking = AskSeries(booking_id=visit.id)
    return [Button(texts.text("Repeat"), asking)] if is_repeatable(visit, now) else []


def is_left_alone(visit: Visit, now: datetime) -> bool:
    """Tell whether its customer was told that nobody is there, and has chosen nothing yet."""
    return visit.waived and visit.is_live and now < visit.start


def venue(visit: Visit) -> Venue | None:
    """Where the visit is on the map; none of a place whose coordinates nobody gave."""
    place = visit.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Venue(place.latitude, place.longitude, place.name, place.address or place.name)


def note_lines(texts: Translator, visit: Visit) -> list[Html]:
    """The customer's note, where there is one."""
    return [texts.html("📝 {note}", note=visit.note)] if visit.note else []


def companion_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Who comes along, where that was said."""
    return [texts.html("👥 With {names}", names=visit.companions)] if visit.companions else []


def party_buttons(texts: Translator, visit: Visit) -> list[Button]:
    """How many come to a group, and who, where that can be said."""
    if visit.status is Status.PENDING or max(visit.places, visit.most_places) == 1:
        return []
    size = size_button(texts, visit)
    who = Button(texts.text("Who comes along?"), AskCompanions(booking_id=visit.id))
    return [size, who] if visit.places > 1 else [size]


def size_button(texts: Translator, visit: Visit) -> Button:
    """Return the way to another number of places."""
    return Button(texts.text("How many?"), ShowParty(booking_id=visit.id))


def no_note(texts: Translator) -> Html:
    """That nothing is noted to a visit."""
    return texts.html("There is no note to this visit.")


def obstacle(texts: Translator, visit: Visit, found: Obstacle) -> str:
    """Why the visit cannot be changed."""
    match found:
        case Obstacle.CANCELLED | Obstacle.OVER | Obstacle.STALE | Obstacle.LAPSED | Obstacle.UNPAID:
            return _as_it_stands(texts, found)
        case Obstacle.TOO_LATE_TO_MOVE:
            return too_late_to_move(texts, visit.deadlines, ZoneInfo(visit.timezone), visit.contact)
        case Obstacle.MOVED_ENOUGH:
            return moved_enough(texts, visit.contact)
        case Obstacle.TOO_LATE_TO_CANCEL:
            return too_late_to_cancel(texts, visit.deadlines, ZoneInfo(visit.timezone), visit.contact)
        case _:
            assert_never(found)


def _as_it_stands(texts: Translator, found: Obstacle) -> str:
    said = {
        Obstacle.CANCELLED: texts.text("This visit is cancelled already."),
        Obstacle.OVER: texts.text("This visit is over."),
        Obstacle.UNPAID: texts.text("This visit waits for its deposit: cancel it to choose another time."),
        Obstacle.LAPSED: texts.text("Nobody answered in time, and the request has lapsed."),
    }
    stale = texts.text("This visit has changed since. Here is how it stands now.")
    return said.get(found, stale)


def passed_deadline_lines(texts: Translator, visit: Visit, now: datetime) -> list[Html]:
    """What the customer cannot do any more by themselves, and whom to call; nothing once it has begun."""
    there = visit.is_live and now < visit.start
    if not there:
        return []
    lines = too_late_lines(texts, visit.deadlines, now, visit.contact)
    if visit.moves_left == 0 and now < visit.deadlines.move:
        lines.append(texts.html("☎️ {what}", what=moved_enough(texts, visit.contact)))
    if visit.late_text and visit.deadlines.cancel <= now:
        lines.append(texts.html("ℹ️ {words}", words=visit.late_text))
    return lines


def retired(texts: Translator) -> View:
    """What a card becomes that is shown in enough newer messages."""
    text = texts.html("This message is no longer kept up to date: newer ones show this visit.")
    return View(text, [[Button(texts.text("My bookings"), ShowBookings()), menu(texts)]])


def changes(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """What the visit's customer may still do with it."""
    moving = Moving(booking_id=visit.id, version=visit.version)
    move = Button(texts.text("Move"), StartMove(moving=moving))
    if visit.awaits is Awaited.CUSTOMER:
        return [Button(texts.text("Other times"), StartMove(moving=moving))]
    asking = AskCancel(booking_id=visit.id, version=visit.version)
    cancel = Button(texts.text_in("visit", "Cancel"), asking, style="danger")
    if visit.status is Status.PENDING:
        return [cancel] if visit.awaits is Awaited.PAYMENT else [move, cancel]
    return [
        *([move] if now < visit.deadlines.move and visit.moves_left != 0 else []),
        *([cancel] if now < visit.deadlines.cancel else []),
    ]
