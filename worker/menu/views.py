"""The menu, help and settings."""

from collections.abc import Sequence
from html import escape

from shared.contracts.menu import ShowHelp
from shared.contracts.people import ShowLanguages
from shared.i18n.marking import Marked
from shared.i18n.translator import Html, Translator
from worker.own_texts.views import named
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu
from worker.ui.view import Button, Keyboard, View


def home(
    texts: Translator, business: BusinessProfile, first_name: str, rows: Keyboard, own: Html | None = None
) -> View:
    """The menu, with the rows that the capabilities give a person; `own` is the shop's words."""
    ours = texts.html(
        "<b>{business}</b>\nHello, {name}! Book a visit here, and move or cancel it whenever you need to.",
        business=business.name,
        name=named(texts, first_name),
    )
    return View(ours if own is None else own, rows)


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of the language and help."""
    return [Button(texts.text("Language"), ShowLanguages()), Button(texts.text("Help"), ShowHelp())]


def help_page(texts: Translator, commands: Sequence[Marked]) -> View:
    """What can be done, a line each."""
    lines = [
        texts.html("<b>What I can do</b>"),
        *(Html(escape(texts.marked(line))) for line in commands),
        Html(),
        texts.html("Buttons of old messages keep working: they show how things stand now."),
    ]
    return View(Html("\n".join(lines)), [[menu(texts)]])
