"""Answers to what a bot of buttons cannot read."""

from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHelp
from shared.contracts.own_visits import ShowBookings
from shared.i18n.translator import Translator
from worker.ui.buttons import menu
from worker.ui.view import Button, View


def explain(texts: Translator, *, unknown_command: bool) -> View:
    """An answer to what a bot of buttons cannot read."""
    text = (
        texts.html("I don't know that command. Here is what I can do:")
        if unknown_command
        else texts.html("I understand buttons and commands. Here is what I can do:")
    )
    rows = [
        [Button(texts.text("Book a visit"), ShowServices(), style="primary")],
        [Button(texts.text("My bookings"), ShowBookings())],
        [Button(texts.text("Help"), ShowHelp()), menu(texts)],
    ]
    return View(text, rows)


def nothing_asked(texts: Translator) -> View:
    """An answer to whoever stops or skips a question that is not open."""
    return View(texts.html("There is nothing to answer at the moment."), [[menu(texts)]])


def not_asked_for(texts: Translator) -> View:
    """An answer to a contact, a place or a photo that nobody asked for."""
    return View(texts.html("I did not ask for that and have not kept it."), [[menu(texts)]])


def stopped(texts: Translator) -> View:
    """What a question becomes that is not to be answered."""
    return View(texts.html("Stopped. Nothing was changed."), [[menu(texts)]])


def expired(texts: Translator) -> View:
    """What a question becomes that was not answered in time."""
    return View(
        texts.html("This question was not answered in time, and nothing was changed."), [[menu(texts)]]
    )


def without_keyboard(texts: Translator, said: View | None) -> View:
    """What takes a keyboard away that stood below the input, with how its question ended."""
    return View(texts.html("Thank you.") if said is None else said.text, ends_keyboard=True)
