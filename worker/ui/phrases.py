"""Pieces of text that several views share."""

from datetime import date, datetime, time, timedelta
from html import escape
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.envelope import NOBODY
from shared.i18n.translator import Html, Translator
from worker.deposit import FULL, Deposit
from worker.pause import Pause
from worker.price import Price
from worker.ui.graphemes import cut


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


class Customer(Protocol):
    """Something that has a customer."""

    @property
    def customer_id(self) -> int:
        """Their Telegram id; below zero of those without Telegram."""
        ...

    @property
    def customer(self) -> str:
        """Their name as it shows; empty where none does."""
        ...

    @property
    def customer_username(self) -> str | None:
        """Their name at Telegram, without the @."""
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


def price(texts: Translator, said: Price, currency: str) -> str:
    """Write a price as part of a line: '€35', 'free', 'from €15', '€15 – €25'."""
    if said.is_free:
        return texts.text("free")
    lowest = texts.price(said.lowest, currency)
    if said.highest is None:
        return texts.text("from {price}", price=lowest)
    if said.is_exact:
        return lowest
    return texts.text("{lowest} – {highest}", lowest=lowest, highest=texts.price(said.highest, currency))


def deposit(texts: Translator, asked: Deposit, currency: str) -> str:
    """Write what is paid ahead as part of a line: '€10', 'in full', '20 %'."""
    if asked.amount is not None:
        return texts.price(asked.amount, currency)
    return texts.text("in full") if asked.share == FULL else f"{asked.share}\N{NO-BREAK SPACE}%"


def price_lines(texts: Translator, said: Price | None, currency: str) -> list[Html]:
    """Write a price as a line of its own, where one is said."""
    if said is None:
        return []
    return [texts.html("🏷 {price}", price=texts.title(price(texts, said, currency)))]


def own_time(moment: datetime, shown: str) -> Html:
    """Mark an instant so that each reader's Telegram shows its weekday and time in the reader's own zone.

    `shown` is what an app without support for such marks shows instead.
    """
    return Html(f'<tg-time unix="{int(moment.timestamp())}" format="wt">{shown}</tg-time>')


def visit_line(texts: Translator, service: str, specialist: str) -> Html:
    """Write what a visit is: the service and with whom."""
    return texts.html("<b>{service}</b>, {specialist}", service=service, specialist=specialist)


def several(name: str, places: int) -> str:
    """Write a service with how many places of it are meant, where they are several."""
    return f"{name} × {places}" if places > 1 else name


def priced_line(texts: Translator, line: Html, said: Price | None, currency: str) -> Html:
    """Write a price at the end of a line, where one is said."""
    return Html(" ".join([line, *price_lines(texts, said, currency)]))


def called(texts: Translator, name: str) -> str:
    """Return what to call a person whose name shows, or who has none that does."""
    return name or texts.text("No name")


def mention(texts: Translator, customer: Customer) -> Html:
    """Write a customer's name so that a tap opens their chat, and beside it the name to find them by.

    Who was forgotten has no chat any more, and whoever has no Telegram never had one. Where they forbid
    it, Telegram shows the name without the link; a button would be refused.
    """
    name = called(texts, customer.customer)
    if customer.customer_id <= NOBODY:
        return Html(escape(name))
    linked = Html(f'<a href="tg://user?id={customer.customer_id}">{escape(name)}</a>')
    handle = customer.customer_username
    return linked if not handle or name == f"@{handle}" else Html(f"{linked} @{escape(handle)}")


def item(line: Html) -> Html:
    """Write a line of a list in which an entry may take several lines of a phone."""
    return Html(f"• {line}")


def shortened(text: str, width: int) -> str:
    """Write a text in one line of at most `width` UTF-16 units."""
    return cut(" ".join(text.split()), width)


def span(texts: Translator, start: datetime, end: datetime) -> str:
    """Write from when until when, in the zone that both carry: '10:00–10:45'; another day's end has its day.

    A visit that ends at midnight ends with its day: '22:00–24:00'.
    """
    if end.date() == start.date():
        return f"{texts.time(start)}–{texts.time(end)}"
    if end.time() == time() and end.date() == start.date() + timedelta(days=1):
        return f"{texts.time(start)}–24:00"
    return texts.text(
        "{start} – {day}, {end}",
        start=texts.time(start),
        day=texts.short_day(end.date()),
        end=texts.time(end),
    )


def clock_span(texts: Translator, opens: int, closes: int) -> str:
    """Write from which minute of a day until which: '10:00–18:00'."""
    midnight = datetime.combine(date.min, time())
    return span(texts, midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes))


def when(texts: Translator, start: datetime, end: datetime, zone: ZoneInfo) -> list[Html]:
    """Write a stretch of time by the business's clock, and beside it by the reader's own.

    The year is named where it is not the one of `now`.
    """
    local, until = start.astimezone(zone), end.astimezone(zone)
    day, begin = texts.short_day(local.date()), texts.time(local)
    clock = texts.html(
        "🗓 {day}, {times} ({zone})",
        day=texts.title(day),
        times=span(texts, local, until),
        zone=texts.place_of(zone.key),
    )
    return [clock, texts.html("🕒 Your time: {time}", time=own_time(start, f"{day}, {begin} {local:%Z}"))]


def where(texts: Translator, place: Located | None) -> list[Html]:
    """Write an address, where there is one."""
    if place is None:
        return []
    return [place_line(texts, ", ".join(filter(None, (place.name, place.address))))]


def place_line(texts: Translator, place: str) -> Html:
    """Write where something is."""
    return texts.html("📍 {place}", place=place)


def wrong_phone(texts: Translator) -> Html:
    """Say that nobody can have a phone number, and what is expected."""
    return texts.html("There is no such phone number. From abroad it begins with + and the country’s code.")


def pause_words(texts: Translator, pause: Pause) -> str:
    """Say to customers that nothing can be booked for a while, in the business's words where it has any."""
    if pause.text:
        return pause.text
    if pause.until is not None:
        return texts.text(
            "We take no bookings here until {day}. Your visits stand, and you can still cancel them.",
            day=texts.short_day(pause.until),
        )
    return texts.text(
        "We take no bookings here at the moment. Your visits stand, and you can still cancel them."
    )


def paused_line(texts: Translator, pause: Pause) -> Html:
    """Say to those who work here that the business has paused, and until when."""
    if pause.until is None:
        return texts.html("⏸ <b>Bookings are paused</b> until somebody resumes them.")
    return texts.html("⏸ <b>Bookings are paused</b> until {day}.", day=texts.short_day(pause.until))
