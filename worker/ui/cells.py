"""Cells of a keyboard that lead nowhere: a tap on one says what it is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shared.contracts.chat import ExplainCell
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Translator
from worker.ui.view import Button

BLANK: Final = "\N{BRAILLE PATTERN BLANK}"
"""A button has to say something; this is not trimmed away as spaces are."""


class Cell(StrEnum):
    """What a cell is; the words stand in buttons of old messages, so they stay."""

    WEEKDAY = "weekday"
    MONTH = "month"
    OTHER_MONTH = "other_month"
    DAYS = "days"
    PAGE = "page"
    CLOCK = "clock"


_MEANINGS: Final[Mapping[str, Marked]] = {
    Cell.WEEKDAY: text_noop("The days of the week. Tap a day below them."),
    Cell.MONTH: text_noop("The month that you see. ‹ and › show another."),
    Cell.OTHER_MONTH: text_noop("That day is in another month. ‹ and › show another."),
    Cell.DAYS: text_noop("The days that you see. ‹ and › show others."),
    Cell.CLOCK: text_noop("The time that is chosen. ‹ and › change it by an hour."),
    Cell.PAGE: text_noop("The page that you see. ‹ and › show another."),
}
_UNKNOWN: Final = text_noop("There is nothing behind this button.")


def cell(text: str, what: Cell) -> Button:
    """Make a cell that says what it is when it is tapped."""
    return Button(text, ExplainCell(cell=what))


def meaning(texts: Translator, what: str) -> str:
    """Say what a cell is; `what` may be a word that another release wrote."""
    return texts.marked(_MEANINGS.get(what, _UNKNOWN))
