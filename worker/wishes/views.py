"""A wish in words, wherever it is named."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.waitlist import ShowWish
from shared.i18n.translator import Html, Translator
from worker.scheduling.parts import DayPart
from worker.ui.phrases import several, visit_line
from worker.ui.view import Button, Keyboard
from worker.wishes.repository import Wish
from worker.wishes.rules import ANY_TIME

SIGN = "🔔"


def wish_title(texts: Translator, wish: Wish) -> Html:
    """Write what is wished for: the service and with whom."""
    return visit_line(
        texts, several(wish.service, wish.places), wish.specialist or texts.text("anyone who is free")
    )


def wish_times(texts: Translator, wish: Wish, today: date, zone: ZoneInfo) -> str:
    """Write which times are wished for: 'Wed, Nov 25, in the morning'."""
    if wish.before is None:
        days = days_words(texts, wish.first_day, wish.last_day)
    else:
        days = _before_words(texts, wish, wish.before.astimezone(zone), today)
    if wish.part == ANY_TIME:
        return texts.title(days)
    return texts.text("{days}, {part}", days=texts.title(days), part=part_words(texts, wish.part))


def _before_words(texts: Translator, wish: Wish, before: datetime, today: date) -> str:
    """Write which times before a visit are wished for: 'from Nov 23 on, before Wed, Nov 25, 10:00'."""
    moment = {"day": texts.short_day(before.date()), "time": texts.time(before)}
    if wish.first_day <= today:
        return texts.text("before {day}, {time}", **moment)
    if wish.first_day == before.date():
        return texts.text("on {day}, before {time}", **moment)
    first = texts.short_day(wish.first_day)
    return texts.text("from {first} on, before {day}, {time}", first=first, **moment)


def first_day_label(texts: Translator, first: date, day: date, today: date) -> str:
    """Write on a button from which day on a visit of a day would rather be earlier."""
    if first <= today:
        return texts.text("Any earlier time")
    if first == day:
        return texts.text("Earlier on the same day")
    return texts.text("From {day} on", day=texts.short_day(first))


def days_words(texts: Translator, first: date, last: date) -> str:
    """Write which days are wished for."""
    return texts.short_day(first) if first == last else texts.days(first, last)


def part_words(texts: Translator, part: int) -> str:
    """Write which part of a day is wished for."""
    match part:
        case DayPart.MORNING:
            return texts.text("in the morning")
        case DayPart.AFTERNOON:
            return texts.text("in the afternoon")
        case DayPart.EVENING:
            return texts.text("in the evening")
        case _:
            return texts.text("at any time")


def part_label(texts: Translator, part: int) -> str:
    """Write a part of a day on a button."""
    match part:
        case DayPart.MORNING:
            return texts.text("Morning")
        case DayPart.AFTERNOON:
            return texts.text("Afternoon")
        case DayPart.EVENING:
            return texts.text("Evening")
        case _:
            return texts.text("Any time")


def wish_rows(texts: Translator, wishes: list[Wish], today: date, zone: ZoneInfo) -> Keyboard:
    """Lay out a button for each wish, which leads to it."""
    return [[_button(texts, wish, today, zone)] for wish in wishes]


def _button(texts: Translator, wish: Wish, today: date, zone: ZoneInfo) -> Button:
    label = f"{SIGN} {wish_times(texts, wish, today, zone)} · {wish.service}"
    return Button(label, ShowWish(entry_id=wish.id))
