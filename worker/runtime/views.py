"""What people read where no capability answers: refusals, apologies, and a bot that is not set up yet."""

from shared.i18n.translator import Translator
from worker.ui.buttons import menu
from worker.ui.view import View


def not_ready(texts: Translator) -> View:
    """What everyone sees before a business file has been applied."""
    return View(texts.html("This bot is being set up. Please come back a little later."))


def apology(texts: Translator) -> View:
    """What a person reads when their command failed for good."""
    text = texts.html(
        "Something went wrong on our side, and we could not do that. Please try again; we have been told."
    )
    return View(text, [[menu(texts)]])


def staff_only(texts: Translator) -> View:
    """An answer to whoever does not work here."""
    return View(texts.html("This is for the people who work here."), [[menu(texts)]])


def admins_only(texts: Translator) -> View:
    """An answer to whoever does not run the business."""
    return View(texts.html("This is for administrators."), [[menu(texts)]])
