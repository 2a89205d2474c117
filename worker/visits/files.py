"""The .ics file of a booking."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from shared.i18n.translator import Translator
from shared.telegram.client import Upload
from worker.visits.repository import Visit

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_file(texts: Translator, visit: Visit, now: datetime) -> Upload:
    """Write the visit for calendar apps; a later version of it replaces an earlier one there."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bellhop//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(texts, visit, now))
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    name = f"{local:%Y-%m-%d-%H%M}-{visit.id}.ics"
    return Upload(name, calendar.to_ical(), MEDIA_TYPE)


def _event(texts: Translator, visit: Visit, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"booking-{visit.id}@bellhop")
    event.add("sequence", visit.version - 1)
    event.add("dtstamp", now)
    # UTC needs no VTIMEZONE, and every calendar shows it in its owner's zone.
    event.add("dtstart", visit.start)
    event.add("dtend", visit.end)
    event.add("summary", f"{visit.service}, {visit.business}")
    event.add(
        "description",
        texts.text("With {specialist}. Booking № {number}.", specialist=visit.specialist, number=visit.id),
    )
    event.add("status", "CONFIRMED")
    if visit.place is not None:
        event.add("location", vText(", ".join(filter(None, (visit.place.name, visit.place.address)))))
        if visit.place.latitude is not None and visit.place.longitude is not None:
            event.add("geo", (visit.place.latitude, visit.place.longitude))
    return event
