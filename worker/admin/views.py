"""What administrators see."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.admin import ShowAdmin
from shared.i18n.translator import Html, Translator
from worker.pause import Pause
from worker.pausing.views import resume_bookings
from worker.runtime.capability import AdminButton
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu
from worker.ui.phrases import paused_line
from worker.ui.view import Button, Keyboard, View


@dataclass(frozen=True, slots=True)
class BusinessFigures:
    """How the business is doing, in numbers."""

    services: int
    specialists: int
    people: int
    unreachable: int
    ahead: int
    overdue: int
    dead: int


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of administration."""
    return [Button(texts.text("Administration"), ShowAdmin())]


def overview(
    texts: Translator,
    business: BusinessProfile,
    figures: BusinessFigures,
    health: Sequence[Html],
    offered: Sequence[AdminButton],
    pause: Pause | None,
) -> View:
    """The figures an admin sees first, and the ways to what they can do."""
    resume = [] if pause is None else [resume_bookings(texts)]
    lines = [
        texts.html("<b>{business}</b>", business=business.name),
        *([] if pause is None else [paused_line(texts, pause)]),
        *health,
        texts.html("Visits ahead: {count}", count=figures.ahead),
        texts.html("Services: {count}", count=figures.services),
        texts.html("Specialists: {count}", count=figures.specialists),
        texts.html(
            "People: {count}, of whom not reachable: {unreachable}",
            count=figures.people,
            unreachable=figures.unreachable,
        ),
        texts.html("Messages overdue: {count}", count=figures.overdue),
        texts.html("Failed commands: {count}", count=figures.dead),
    ]
    return View(Html("\n".join(lines)), [resume, *_rows(texts, offered), [menu(texts)]])


def _rows(texts: Translator, offered: Sequence[AdminButton]) -> Keyboard:
    """Lay the buttons out in pairs, and the wide ones in rows of their own."""
    rows: Keyboard = []
    open_row = False
    for each in offered:
        joins = open_row and not each.wide
        button = each.make(texts)
        rows = [*rows[:-1], [*rows[-1], button]] if joins else [*rows, [button]]
        open_row = not (joins or each.wide)
    return rows
