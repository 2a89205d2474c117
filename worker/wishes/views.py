"""A wish in words, wherever it is named."""

from datetime import date

from shared.contracts.waitlist import ShowWish
from shared.i18n.translator import Html, Translator
from worker.scheduling.parts import DayPart
from worker.ui.phrases import visit_line
from worker.ui.view import Button, Keyboard
from worker.wishes.repository import Wish
from worker.wishes.rules import ANY_TIME

SIGN = "🔔"


def wish_title(texts: Translator, wish: Wish) -> Html:
    """Write what is wished for: the service and with whom."""
    return visit_line(texts, wish.service, wish.specialist or texts.text("anyone who is free"))


def wish_times(texts: Translator, wish: Wish, today: date) -> str:
    """Write which times are wished for: 'Wed, Nov 25, in the morning'."""
    days = days_words(texts, wish.first_day, wish.last_day, today)
    if wish.part == ANY_TIME:
        return texts.title(days)
    return texts.text("{days}, {part}", days=texts.title(days), part=part_words(texts, wish.part))


def days_words(texts: Translator, first: date, last: date, today: date) -> str:
    """Write which days are wished for."""
    return texts.short_day(first, today) if first == last else texts.days(first, last)


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


def wish_rows(texts: Translator, wishes: list[Wish], today: date) -> Keyboard:
    """Lay out a button for each wish, which leads to it."""
    return [[_button(texts, wish, today)] for wish in wishes]


def _button(texts: Translator, wish: Wish, today: date) -> Button:
    label = f"{SIGN} {wish_times(texts, wish, today)} · {wish.service}"
    return Button(label, ShowWish(entry_id=wish.id))
