"""What administrators see."""

from dataclasses import dataclass

from shared.i18n.translator import Html, Translator
from worker.people.repository import Premises
from worker.ui.buttons import menu, today, week
from worker.ui.view import View


@dataclass(frozen=True, slots=True)
class Figures:
    """How the business is doing, in numbers."""

    services: int
    specialists: int
    people: int
    unreachable: int
    ahead: int
    overdue: int
    dead: int


def admins_only(texts: Translator) -> View:
    """An answer to everyone else."""
    return View(texts.html("This is for administrators."), [[menu(texts)]])


def overview(texts: Translator, premises: Premises, figures: Figures) -> View:
    """The figures an admin sees first."""
    lines = [
        texts.html("<b>{business}</b>", business=premises.name),
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
    return View(Html("\n".join(lines)), [[today(texts), week(texts)], [menu(texts)]])
