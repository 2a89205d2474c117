"""The way to booking."""

from shared.contracts.booking import ShowServices
from shared.i18n.translator import Translator
from worker.ui.view import Button


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of booking."""
    return [Button(texts.text("Book a visit"), ShowServices(), style="primary")]
