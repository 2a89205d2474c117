"""The languages to choose from."""

from shared.contracts.people import ChooseLanguage
from shared.i18n.translator import Translator, Translators
from worker.ui.buttons import menu
from worker.ui.view import Button, View


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
