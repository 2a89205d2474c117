"""What a person chooses for themselves, and what Telegram says of them."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowLanguages(Command, kind="menu.languages", only_shows=True):
    """/language."""


class ChooseLanguage(Command, kind="person.choose_language"):
    """A language was picked."""

    language: str


class SetReachable(Command, kind="person.set_reachable"):
    """Telegram said that the person blocked or unblocked the bot."""

    reachable: bool


CONTRACT = Contract(
    "people",
    (
        Spec(ShowLanguages, ButtonForm("ls"), (Typed("language", text_noop("Choose your language")),)),
        Spec(ChooseLanguage, ButtonForm("l")),
        Spec(SetReachable),
    ),
)
