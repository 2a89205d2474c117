"""What administrators see."""

from dataclasses import dataclass

from shared.contracts.admin import ShowAdmin
from shared.i18n.translator import Html, Translator
from worker.agenda.views import today, week
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu, why_missing
from worker.ui.view import Button, View


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


def overview(texts: Translator, business: BusinessProfile, figures: BusinessFigures) -> View:
    """The figures an admin sees first."""
    lines = [
        texts.html("<b>{business}</b>", business=business.name),
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
    return View(Html("\n".join(lines)), [[today(texts), week(texts)], [why_missing(texts)], [menu(texts)]])
