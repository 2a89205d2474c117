"""The menu and what stands around it."""

from shared.contracts.admin import ShowAdmin
from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHelp
from shared.contracts.people import ChooseLanguage, ShowLanguages
from shared.contracts.visits import ShowBookings
from shared.i18n.translator import Html, Translator, Translators
from worker.people.repository import Premises
from worker.ui.buttons import menu, today, week
from worker.ui.view import Button, View


def home(texts: Translator, premises: Premises, first_name: str, *, staff: bool, admin: bool) -> View:
    """The menu: what this person can do here."""
    text = texts.html(
        "<b>{business}</b>\nHello, {name}! Book a visit here, and move or cancel it whenever you need to.",
        business=premises.name,
        name=first_name or texts.text("dear guest"),
    )
    rows = [
        [Button(texts.text("Book a visit"), ShowServices(), style="primary")],
        [Button(texts.text("My bookings"), ShowBookings())],
        [
            Button(texts.text("Language"), ShowLanguages()),
            Button(texts.text("Help"), ShowHelp()),
        ],
    ]
    if staff or admin:
        rows.append([today(texts), week(texts)])
    if admin:
        rows.append([Button(texts.text("Administration"), ShowAdmin())])
    return View(text, rows)


def help_page(texts: Translator, *, staff: bool, admin: bool) -> View:
    """What can be done, in a few lines."""
    lines = [
        texts.html("<b>What I can do</b>"),
        texts.html("/book: book a visit"),
        texts.html("/bookings: see, move or cancel what is coming"),
        texts.html("/language: choose your language"),
        texts.html("/settings: your settings"),
    ]
    if staff or admin:
        lines.append(texts.html("/today, /week: the visits of the day and of the week"))
    if admin:
        lines.append(texts.html("/admin: how the business is doing"))
    lines += [Html(), texts.html("Buttons of old messages keep working: they show how things stand now.")]
    return View(Html("\n".join(lines)), [[menu(texts)]])


def settings(texts: Translator, premises: Premises) -> View:
    """What a person can set."""
    text = texts.html(
        "<b>Settings</b>\nLanguage: {language}\nTimes are shown by the clock of {business} ({zone}), "
        "and beside it by your own.",
        language=texts.own_name(),
        business=premises.name,
        zone=premises.zone.key,
    )
    return View(text, [[Button(texts.text("Language"), ShowLanguages())], [menu(texts)]])


def languages(texts: Translator, translators: Translators) -> View:
    """The languages to choose from, each in its own words."""
    buttons = [
        [
            Button(
                f"✓ {other.own_name()}" if other.language == texts.language else other.own_name(),
                ChooseLanguage(language=other.language),
            )
        ]
        for other in translators.offered(texts)
    ]
    return View(texts.html("<b>Which language do you prefer?</b>"), [*buttons, [menu(texts)]])


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


def not_ready(texts: Translator) -> View:
    """What everyone sees before a business file has been applied."""
    return View(texts.html("This bot is being set up. Please come back a little later."))


def apology(texts: Translator) -> View:
    """What a person reads when their command failed for good."""
    text = texts.html(
        "Something went wrong on our side, and we could not do that. Please try again; we have been told."
    )
    return View(text, [[menu(texts)]])
