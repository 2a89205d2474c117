"""The .ics file of a booking."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.i18n.translator import Translator
from shared.telegram.client import Upload
from worker.booking.content_lines import instant, lines, text
from worker.booking.details import Details, Place

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def calendar_file(texts: Translator, details: Details, now: datetime) -> Upload:
    """Write the visit for calendar apps; a later version of it replaces an earlier one there."""
    local = details.start.astimezone(ZoneInfo(details.timezone))
    name = f"{local:%Y-%m-%d-%H%M}-{details.id}.ics"
    return Upload(name, lines(_calendar(texts, details, now)), MEDIA_TYPE)


def _calendar(texts: Translator, details: Details, now: datetime) -> Iterator[tuple[str, str]]:
    yield "BEGIN", "VCALENDAR"
    yield "VERSION", "2.0"
    yield "PRODID", "-//Bellhop//Appointments//EN"
    yield "METHOD", "PUBLISH"
    yield "BEGIN", "VEVENT"
    yield from _event(texts, details, now)
    yield "END", "VEVENT"
    yield "END", "VCALENDAR"


def _event(texts: Translator, details: Details, now: datetime) -> Iterator[tuple[str, str]]:
    about = texts.text(
        "With {specialist}. Booking № {number}.", specialist=details.specialist, number=details.id
    )
    yield "UID", f"booking-{details.id}@bellhop"
    yield "SEQUENCE", str(details.version - 1)
    yield "DTSTAMP", instant(now)
    yield "DTSTART", instant(details.start)
    yield "DTEND", instant(details.end)
    yield "SUMMARY", text(f"{details.service}, {details.business}")
    yield "DESCRIPTION", text(about)
    yield "STATUS", "CONFIRMED"
    if details.place is not None:
        yield from _place(details.place)


def _place(place: Place) -> Iterator[tuple[str, str]]:
    yield "LOCATION", text(", ".join(filter(None, (place.name, place.address))))
    if place.latitude is not None and place.longitude is not None:
        yield "GEO", f"{place.latitude:f};{place.longitude:f}"
