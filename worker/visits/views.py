"""What people see of a visit that is booked: its card, the list, reminders, and words to its specialist."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.base import DraftRef
from shared.contracts.booking import BookAgain, Moving, ShowServices, StartMove
from shared.contracts.visits import (
    LONGEST_CANCEL_REASON,
    LONGEST_NOTE,
    AskCancel,
    AskCancelReason,
    AskNote,
    Cancel,
    ConfirmAttendance,
    RestoreNote,
    ShowBooking,
    ShowBookings,
    ShowMap,
    ShowPast,
    WriteNote,
)
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.db.models.booking import Status
from worker.lateness.views import late_buttons, late_lines
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.deadlines import too_late_lines, too_late_to_cancel, too_late_to_move
from worker.ui.phrases import priced_line, visit_line, when, where
from worker.ui.view import Button, Keyboard, Media, MediaType, Venue, View
from worker.visits.repository import Visit
from worker.visits.rules import Correction, Obstacle

VISITS_A_PAGE: Final = 8


def bookings_row(texts: Translator) -> list[Button]:
    """The menu's row of the person's own visits."""
    return [Button(texts.text("My bookings"), ShowBookings())]


def card(texts: Translator, visit: Visit, now: datetime) -> View:
    """A booking as it stands: one message that is edited for as long as the booking lives."""
    return _card(texts, visit, now, _title(texts, visit, now))


def corrected(texts: Translator, visit: Visit, now: datetime, what: Sequence[Correction]) -> View:
    """What the business changed of a visit, and the visit as it is now: a card like the others."""
    titles = {
        Correction.PLACE: texts.html("📍 <b>Please note: the place of your visit has changed</b>"),
        Correction.CLOCK: texts.html(
            "🕙 <b>Please note: our clock was wrong. This is the right time of your visit</b>"
        ),
        Correction.SPECIALIST: texts.html("👤 <b>Please note: your visit is with somebody else now</b>"),
    }
    return _card(texts, visit, now, Html("\n".join(titles[each] for each in what)))


def called_off(texts: Translator, visit: Visit, now: datetime, words: str) -> View:
    """The card of a visit that the business cancelled, with its words, else with word that it did."""
    view = card(texts, visit, now)
    by_us = texts.html("{business} has cancelled your visit.", business=visit.business)
    said = texts.html("💬 {words}", words=words) if words else by_us
    return replace(view, text=Html(f"{view.text}\n\n{said}"))


def moved_by_staff(texts: Translator, visit: Visit, now: datetime, was: datetime, name: str) -> View:
    """The card of a visit that staff moved, with who did, where they have a name, and when it was before."""
    view = card(texts, visit, now)
    said = texts.html("{business} has moved your visit.", business=visit.business)
    if name:
        said = texts.html("{name} of {business} has moved your visit.", name=name, business=visit.business)
    local = was.astimezone(ZoneInfo(visit.timezone))
    before = texts.html("Before: <s>{day}, {time}</s>", day=texts.day(local.date()), time=texts.time(local))
    return replace(view, text=Html(f"{view.text}\n\n{said}\n{before}"))


def _card(texts: Translator, visit: Visit, now: datetime, title: Html) -> View:
    zone = ZoneInfo(visit.timezone)
    what = visit_line(texts, visit.service, visit.specialist)
    lines = [title, priced_line(texts, what, visit.price, visit.currency)]
    lines += when(texts, visit.start, visit.end, zone, now)
    lines += where(texts, visit.place)
    lines += [*note_lines(texts, visit), *([] if visit.end <= now else late_lines(texts, visit))]
    lines += _too_late_lines(texts, visit, now)
    lines.append(texts.html("№ {number}, {business}", number=visit.id, business=visit.business))
    return View(Html("\n".join(lines)), _card_keyboard(texts, visit, now))


def _title(texts: Translator, visit: Visit, now: datetime) -> Html:
    if visit.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    if visit.end <= now:
        return texts.html("🏁 <b>This visit is over</b>")
    if visit.moved:
        return texts.html("✅ <b>Moved. See you then!</b>")
    return texts.html("✅ <b>Booked. See you then!</b>")


def _card_keyboard(texts: Translator, visit: Visit, now: datetime) -> Keyboard:
    bookings = Button(texts.text("My bookings"), ShowBookings())
    if not visit.is_live or visit.start <= now:
        again = Button(texts.text("Book again"), BookAgain(booking_id=visit.id))
        why = [Button(texts.text("Say why"), AskCancelReason(booking_id=visit.id))]
        first = why if visit.explainable else late_buttons(texts, visit, now)
        return [first, [again], [bookings, menu(texts)]]
    add, change = texts.text("Add a note"), texts.text("Change the note")
    note = Button(change if visit.note else add, AskNote(booking_id=visit.id))
    pin = [Button(texts.text("Map"), ShowMap(booking_id=visit.id))] if venue(visit) else []
    late = late_buttons(texts, visit, now)
    return [_changes(texts, visit, now), late, [note, *pin], [bookings, menu(texts)]]


def venue(visit: Visit) -> Venue | None:
    """Where the visit is on the map; none of a place whose coordinates nobody gave."""
    place = visit.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Venue(place.latitude, place.longitude, place.name, place.address or place.name)


def place_on_map(texts: Translator, visit: Visit) -> View | None:
    """Where the visit is, with the way back to it."""
    pin = venue(visit)
    back = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return None if pin is None else View(Html(), [[back]], shows=pin)


def note_lines(texts: Translator, visit: Visit) -> list[Html]:
    """The customer's note, where there is one."""
    return [texts.html("📝 {note}", note=visit.note)] if visit.note else []


def note_question(texts: Translator, visit: Visit) -> View:
    """The question for a note; its answer is typed."""
    lines = [
        texts.html("<b>What should {specialist} know before the visit?</b>", specialist=visit.specialist)
    ]
    lines.append(texts.html("Write it here, in up to {count} characters.", count=LONGEST_NOTE))
    rows = question_buttons(texts)
    if visit.note:
        lines.append(texts.html("Your note so far: <i>{note}</i>", note=visit.note))
        rows = [[Button(texts.text("Remove the note"), WriteNote(booking_id=visit.id))], *rows]
    return View(Html("\n".join(lines)), rows, asks=True)


def reason_question(texts: Translator, visit: Visit) -> View:
    """The question why a visit was cancelled; its answer is typed."""
    lines = [
        texts.html("<b>Why did you cancel?</b>"),
        texts.html("{business} reads it. Up to {count} characters.", **_reading(visit)),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def _reading(visit: Visit) -> dict[str, str | int]:
    return {"business": visit.business, "count": LONGEST_CANCEL_REASON}


def explained(texts: Translator, visit: Visit) -> View:
    """What a customer reads who said why they cancelled."""
    again = Button(texts.text("Book again"), BookAgain(booking_id=visit.id))
    return View(texts.html("<b>Thank you for telling us.</b>"), [[again], [menu(texts)]])


def noted(texts: Translator, visit: Visit, undo: DraftRef | None = None) -> View:
    """How a visit's note stands, with a way to take the change back."""
    back = [[Button(texts.text("Undo"), RestoreNote(draft=undo))]] if undo else []
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    kept = texts.html("<b>Kept. {specialist} can read it.</b>", specialist=visit.specialist)
    lines = [kept, *note_lines(texts, visit)] if visit.note else [no_note(texts)]
    return View(Html("\n".join(lines)), [*back, [show]])


def no_note(texts: Translator) -> Html:
    """That nothing is noted to a visit."""
    return texts.html("There is no note to this visit.")


def calendar(texts: Translator, visit: Visit, file: Upload) -> View:
    """The calendar file, which is another one for each version of a visit."""
    return View(_file_words(texts, visit), shows=Media(MediaType.DOCUMENT, file, reused=False))


def _file_words(texts: Translator, visit: Visit) -> Html:
    """What to do with the file; what a calendar holds already, the file changes there."""
    if visit.status is Status.CANCELLED:
        return texts.html(
            "Is the visit in your calendar? Open this file to take it out. "
            "If your calendar does not take it, delete it there."
        )
    if visit.calendar_message_id is not None:
        return texts.html("For your calendar. Open it to bring the visit up to date there, too.")
    return texts.html("For your calendar.")


def obstacle(texts: Translator, visit: Visit, found: Obstacle) -> str:
    """Why the visit cannot be changed."""
    match found:
        case Obstacle.CANCELLED:
            return texts.text("This visit is cancelled already.")
        case Obstacle.OVER:
            return texts.text("This visit is over.")
        case Obstacle.STALE:
            return texts.text("This visit has changed since. Here is how it stands now.")
        case Obstacle.TOO_LATE_TO_MOVE:
            return too_late_to_move(texts, visit.deadlines, ZoneInfo(visit.timezone), visit.contact)
        case Obstacle.TOO_LATE_TO_CANCEL:
            return too_late_to_cancel(texts, visit.deadlines, ZoneInfo(visit.timezone), visit.contact)
        case _:
            assert_never(found)


def _too_late_lines(texts: Translator, visit: Visit, now: datetime) -> list[Html]:
    there = visit.is_live and now < visit.start
    return too_late_lines(texts, visit.deadlines, now, visit.contact) if there else []


def retired(texts: Translator) -> View:
    """What a card becomes that is shown in enough newer messages."""
    text = texts.html("This message is no longer kept up to date: newer ones show this visit.")
    return View(text, [[Button(texts.text("My bookings"), ShowBookings()), menu(texts)]])


def cancel_question(texts: Translator, visit: Visit) -> View:
    """The question before cancelling."""
    yes = Button(
        texts.text("Yes, cancel"),
        Cancel(booking_id=visit.id, version=visit.version),
        style="danger",
    )
    keep = Button(texts.text("No, keep it"), ShowBooking(booking_id=visit.id))
    lines = [texts.html("<b>Cancel this visit?</b>")]
    lines.append(visit_line(texts, visit.service, visit.specialist))
    lines += when(texts, visit.start, visit.end, ZoneInfo(visit.timezone))
    return View(Html("\n".join(lines)), [[yes], [keep]])


def upcoming(texts: Translator, visits: Sequence[Visit], asked: ShowBookings, zone: ZoneInfo) -> View:
    """What is coming, a page at a time."""
    book = Button(texts.text("Book a visit"), ShowServices(), style="primary")
    been = Button(texts.text("Past visits"), ShowPast())
    if not visits:
        return View(texts.html("You have no visits ahead."), [[book], [been, menu(texts)]])
    page = Page.of(visits, asked.page, VISITS_A_PAGE)
    heading = texts.plural("You have {number} visit ahead:", "You have {number} visits ahead:", len(visits))
    buttons = [[Button(_line(texts, visit, zone), ShowBooking(booking_id=visit.id))] for visit in page.shown]
    return View(Html(f"<b>{heading}</b>"), [*buttons, pager(page, asked), [book], [been, menu(texts)]])


def past(texts: Translator, visits: Sequence[Visit], asked: ShowPast, zone: ZoneInfo, today: date) -> View:
    """What is over, a page at a time, the latest first."""
    ways = [Button(texts.text("My bookings"), ShowBookings()), menu(texts)]
    if not visits:
        return View(texts.html("You have not been here yet."), [ways])
    page = Page.of(visits, asked.page, VISITS_A_PAGE)
    buttons = [
        [Button(_line(texts, visit, zone, today), ShowBooking(booking_id=visit.id))] for visit in page.shown
    ]
    heading = texts.html("<b>Your past visits</b>\nChoose one to book it again.")
    return View(heading, [*buttons, pager(page, asked), ways])


def _line(texts: Translator, visit: Visit, zone: ZoneInfo, today: date | None = None) -> str:
    local = visit.start.astimezone(zone)
    return texts.text(
        "{day}, {time} · {service}",
        day=texts.title(texts.short_day(local.date(), today)),
        time=texts.time(local),
        service=visit.service,
    )


def reminder(texts: Translator, visit: Visit, now: datetime) -> View:
    """What the customer is reminded of, with a way to answer and to change it."""
    there = Button(
        texts.text("I'll be there"),
        ConfirmAttendance(booking_id=visit.id, version=visit.version),
        style="success",
    )
    rows = [] if visit.attending else [[there]]
    title = texts.html("🔔 <b>Your visit is coming up</b>")
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(_visit(texts, visit, title, now), [*rows, *ways])


def see_you(texts: Translator, visit: Visit, now: datetime) -> View:
    """What a reminder becomes once the customer has said that they will be there."""
    title = texts.html("👍 <b>See you then!</b>")
    ways = [late_buttons(texts, visit, now), _changes_or_card(texts, visit, now)]
    return View(_visit(texts, visit, title, now), ways)


def _visit(texts: Translator, visit: Visit, title: Html, now: datetime) -> Html:
    what = visit_line(texts, visit.service, visit.specialist)
    times = when(texts, visit.start, visit.end, ZoneInfo(visit.timezone))
    too_late = _too_late_lines(texts, visit, now)
    return Html("\n".join([title, what, *times, *where(texts, visit.place), *too_late]))


def _changes_or_card(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return _changes(texts, visit, now) or [show]


def _changes(texts: Translator, visit: Visit, now: datetime) -> list[Button]:
    """What the visit's customer may still do with it."""
    moving = Moving(booking_id=visit.id, version=visit.version)
    move = Button(texts.text("Move"), StartMove(moving=moving))
    asking = AskCancel(booking_id=visit.id, version=visit.version)
    cancel = Button(texts.text_in("visit", "Cancel"), asking, style="danger")
    return [
        *([move] if now < visit.deadlines.move else []),
        *([cancel] if now < visit.deadlines.cancel else []),
    ]
