"""The .ics file of a booking."""

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from shared.i18n.translator import Translator
from shared.telegram.client import Upload
from worker.booking.details import Details

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_file(texts: Translator, details: Details, now: datetime) -> Upload:
    """Write the visit for calendar apps; a later version of it replaces an earlier one there."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bellhop//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(texts, details, now))
    local = details.start.astimezone(ZoneInfo(details.timezone))
    name = f"{local:%Y-%m-%d-%H%M}-{details.id}.ics"
    return Upload(name, calendar.to_ical(), MEDIA_TYPE)


def _event(texts: Translator, details: Details, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"booking-{details.id}@bellhop")
    event.add("sequence", details.version - 1)
    event.add("dtstamp", now)
    # UTC needs no VTIMEZONE, and every calendar shows it in its owner's zone.
    event.add("dtstart", details.start)
    event.add("dtend", details.end)
    event.add("summary", f"{details.service}, {details.business}")
    event.add(
        "description",
        texts.text(
            "With {specialist}. Booking № {number}.", specialist=details.specialist, number=details.id
        ),
    )
    event.add("status", "CONFIRMED")
    if details.place is not None:
        event.add("location", vText(", ".join(filter(None, (details.place.name, details.place.address)))))
        if details.place.latitude is not None and details.place.longitude is not None:
            event.add("geo", (details.place.latitude, details.place.longitude))
    return event
