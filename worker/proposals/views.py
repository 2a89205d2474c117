"""What is said of a change before it is applied: which visits it hits, and the way to apply it."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from shared.contracts.base import Command
from shared.i18n.translator import Html, Translator
from worker.ui.phrases import called, item, shortened, span
from worker.ui.view import Button, Keyboard

if TYPE_CHECKING:
    from worker.business.stored import ComingVisit

MOST_VISITS: Final = 15
"""So many of the visits that are hit are lines; of more than that only the number."""
NAME_WIDTH: Final = 48
"""UTF-16 units of a service, a customer and a specialist in a line."""


def visit_lines(texts: Translator, visits: "Sequence[ComingVisit]", zone: ZoneInfo) -> list[Html]:
    """Say which visits are hit: when, what, whose and with whom; the soonest first."""
    in_order = sorted(visits, key=lambda visit: (visit.begins, visit.number))
    lines = [_line(texts, visit, zone) for visit in in_order[:MOST_VISITS]]
    return [*lines, *_and_more(texts, len(in_order) - len(lines))]


def lines_of_day(texts: Translator, visits: "Sequence[ComingVisit]", zone: ZoneInfo) -> list[Html]:
    """Say which visits of one day and one specialist are hit, where both are named above; in order."""
    in_order = sorted(visits, key=lambda visit: (visit.begins, visit.number))
    lines = [
        item(
            texts.html(
                "{times} {service}, {customer}",
                times=span(texts, visit.begins.astimezone(zone), visit.ends.astimezone(zone)),
                service=shortened(visit.service, NAME_WIDTH),
                customer=shortened(called(texts, visit.customer), NAME_WIDTH),
            )
        )
        for visit in in_order[:MOST_VISITS]
    ]
    return [*lines, *_and_more(texts, len(in_order) - len(lines))]


def _and_more(texts: Translator, more: int) -> list[Html]:
    return [Html(escape(texts.plural("and {number} more", "and {number} more", more)))] if more else []


def _line(texts: Translator, visit: "ComingVisit", zone: ZoneInfo) -> Html:
    start = visit.begins.astimezone(zone)
    return texts.html(
        "• {day}, {times} {service}, {customer} ({specialist})",
        day=texts.title(texts.short_day(start.date())),
        times=span(texts, start, visit.ends.astimezone(zone)),
        service=shortened(visit.service, NAME_WIDTH),
        customer=shortened(called(texts, visit.customer), NAME_WIDTH),
        specialist=shortened(visit.specialist, NAME_WIDTH),
    )


def stay_booked(texts: Translator, count: int) -> Html:
    """That visits for which nobody is there any more stay, and wait for who deals with them."""
    said = texts.plural(
        "It stays booked, and nobody is told, until you move or cancel it.",
        "They stay booked, and nobody is told, until you move or cancel them.",
        count,
    )
    return Html(escape(said))


def nobody_offered(texts: Translator) -> str:
    """Say that a change is applied, and that none of the visits that it hits is one to offer others for."""
    return texts.text(
        "Applied. Nobody is offered other times: requests wait for their answer, and what has begun stays."
    )


def decision_row(texts: Translator, apply: Command, discard: Command) -> Keyboard:
    """The last row under what a change would do."""
    yes = Button(texts.text("Apply"), apply, style="primary")
    return [[yes, Button(texts.text("Discard"), discard)]]


def offer_button(texts: Translator, apply: Command) -> Button:
    """The way to apply a change and have the customers whose visits it hits offered other times."""
    return Button(texts.text("Offer other times and apply"), apply)


def changed_meanwhile(texts: Translator) -> Html:
    """That something else would happen by now than what was shown."""
    return texts.html(
        "<b>Nothing was applied:</b> the business or its visits have changed meanwhile. "
        "This is what would happen now."
    )


def no_longer_open(texts: Translator) -> str:
    """That what somebody wants to apply is over, done, or shown anew below."""
    return texts.text("This has been applied, discarded or changed already.")


def undone_no_more(texts: Translator) -> str:
    """Say that a change cannot be taken back any more."""
    return texts.text("This cannot be undone any more.")
