"""What people read where a visit of theirs was."""

from shared.contracts.booking import ShowServices
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import menu
from worker.ui.view import Button, View


def gone_card(texts: Translator, number: int) -> View:
    """What the card of a visit becomes that is not there any more."""
    lines = [gone_title(texts), gone_words(texts), texts.html("№ {number}", number=number)]
    return View(Html("\n".join(lines)), [[book_again(texts)], [menu(texts)]])


def gone_title(texts: Translator) -> Html:
    """Head every message of a visit that a restore lost."""
    return texts.html("⚠️ <b>This booking was lost and is not held</b>")


def gone_words(texts: Translator) -> Html:
    """Say how it came to that, and what to do."""
    return texts.html(
        "We had to go back to earlier data, and it is not in there. Please book again. We are sorry."
    )


def book_again(texts: Translator) -> Button:
    """The way to another one."""
    return Button(texts.text("Book again"), ShowServices())
