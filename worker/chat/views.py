"""Answers to what a bot of buttons cannot read."""

from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHelp
from shared.contracts.visits import ShowBookings
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
