"""Pieces of text that several views share."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.i18n.translator import Html, Translator


class Located(Protocol):
    """Something that has an address."""

    @property
    def name(self) -> str:
        """What the place is called."""
        ...

    @property
    def address(self) -> str:
        """Where it is."""
        ...


MINUTES_AN_HOUR = 60
HOURS_A_DAY = 24


def duration(texts: Translator, length: timedelta) -> str:
    """Write a length of time: '45 min', '1 h 30 min', '2 d'."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, MINUTES_AN_HOUR)
    days, hours = divmod(hours, HOURS_A_DAY)
    parts = [
        texts.text("{days} d", days=days) if days else "",
        texts.text("{hours} h", hours=hours) if hours else "",
        texts.text("{minutes} min", minutes=minutes) if minutes or not (days or hours) else "",
    ]
    return " ".join(filter(None, parts))


def price(texts: Translator, amount: Decimal, currency: str) -> str:
    """Write a price as it stands alone; nothing to pay is a word."""
    return texts.price(amount, currency) if amount else texts.text("Free")


def own_time(moment: datetime, shown: str) -> Html:
    """Mark an instant so that each reader's Telegram shows it in the reader's own zone.

    `shown` is what an app without support for such marks shows instead.
    """
    return Html(f'<tg-time unix="{int(moment.timestamp())}" format="wDt">{shown}</tg-time>')


def visit_line(texts: Translator, service: str, specialist: str) -> Html:
    """Write what a visit is: the service and with whom."""
    return texts.html("<b>{service}</b>, {specialist}", service=service, specialist=specialist)


def utf16(text: str) -> int:
    """Return a text's length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def shortened(text: str, width: int) -> str:
    """Write a text in one line of at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def when(texts: Translator, start: datetime, end: datetime, zone: ZoneInfo) -> list[Html]:
    """Write a stretch of time by the business's clock, and beside it by the reader's own."""
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


def where(texts: Translator, place: Located | None) -> list[Html]:
    """Write an address, where there is one."""
    if place is None:
        return []
    return [texts.html("📍 {place}", place=", ".join(filter(None, (place.name, place.address))))]
