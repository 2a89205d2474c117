"""The .ics file of a booking: see RFC 5545 for its form, RFC 5546 for what its method says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from shared.i18n.translator import Translator
from shared.telegram.client import Upload
from worker.db.models.booking import Status
from worker.visits.repository import Visit

PUBLISH: Final = "PUBLISH"
"""There it is, or there it is now; nobody is asked to answer, as a REQUEST would ask."""
CANCEL: Final = "CANCEL"
ENDING: Final = (Status.CANCELLED, Status.PENDING)
"""What takes a visit out of a calendar: it is off, or waits for an answer to another time."""
ORGANIZER: Final = "mailto:noreply@bellhop.invalid"
"""Both methods want an organizer, Outlook too; by RFC 2606 no mail ever leaves for this address."""


def calendar_file(texts: Translator, visits: Sequence[Visit], now: datetime) -> Upload:
    """Write visits for calendar apps; a later version of one replaces an earlier one there, or ends it.

    All of them take place, or all are off; the first of them names the file.
    """
    visit = visits[0]
    method = CANCEL if visit.status in ENDING else PUBLISH
    calendar = Calendar()
    calendar.add("prodid", "-//Bellhop//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for each in visits:
        calendar.add_component(_event(texts, each, now))
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    name = f"{local:%Y-%m-%d-%H%M}-{visit.id}.ics"
    return Upload(name, calendar.to_ical(), f"text/calendar; charset=utf-8; method={method}")


def is_in_calendars(visit: Visit) -> bool:
    """Tell whether a file of it was promised before: of its own, or of its series."""
    return visit.calendar_message_id is not None or visit.series_id is not None


def _event(texts: Translator, visit: Visit, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(visit.calendar_uid))
    event.add("sequence", visit.version - 1)
    event.add("dtstamp", now)
    event.add("last-modified", now)
    # UTC needs no VTIMEZONE, and every calendar shows it in its owner's zone.
    event.add("dtstart", visit.start)
    event.add("dtend", visit.until)
    event.add("organizer", _organizer(visit))
    about = texts.text(
        "With {specialist}. Booking № {number}.", specialist=visit.specialists, number=visit.id
    )
    event.add("description", about)
    what = f"{visit.services}, {visit.business}"
    if visit.status in ENDING:
        # Whoever keeps the entry all the same reads that it is off, and has the time free.
        event.add("summary", texts.text("Cancelled: {visit}", visit=what))
        event.add("status", "CANCELLED")
        event.add("transp", "TRANSPARENT")
    else:
        event.add("summary", what)
        event.add("status", "CONFIRMED")
    _add_place(event, visit)
    return event


def _organizer(visit: Visit) -> vCalAddress:
    organizer = vCalAddress(ORGANIZER)
    organizer.params["CN"] = vText(visit.business)
    return organizer


def _add_place(event: Event, visit: Visit) -> None:
    if visit.place is None:
        return
    event.add("location", vText(", ".join(filter(None, (visit.place.name, visit.place.address)))))
    if visit.place.latitude is not None and visit.place.longitude is not None:
        event.add("geo", (visit.place.latitude, visit.place.longitude))
