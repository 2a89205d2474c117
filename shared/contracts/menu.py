"""The menu, help, settings, and answers to what cannot be read."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowHome(Command, kind="menu.home", only_shows=True):
    """/start and every 'Menu' button."""

    payload: str = ""


class ShowHelp(Command, kind="menu.help", only_shows=True):
    """/help."""


class ShowSettings(Command, kind="menu.settings", only_shows=True):
    """/settings."""


CONTRACT = Contract(
    "menu",
    (
        Spec(
            ShowHome,
            ButtonForm("h", fields=()),
            (Typed("start", text_noop("Open the menu"), argument="payload"),),
        ),
        Spec(ShowHelp, ButtonForm("?"), (Typed("help", text_noop("What this bot can do")),)),
        Spec(ShowSettings, ButtonForm("set"), (Typed("settings", text_noop("Your settings")),)),
    ),
)
