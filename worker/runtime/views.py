"""What people read where no capability answers: refusals, apologies, and a bot that is not set up yet."""

from dataclasses import replace
from html import escape
from typing import Final, assert_never

from shared.contracts.base import AnswerType
from shared.contracts.setup import ShowSetup
from shared.i18n.translator import Html, Translator
from worker.runtime.conversation import Conversation, Misfit
from worker.ui.buttons import menu
from worker.ui.inline import InlineAnswer, InlineCard, ResultsButton
from worker.ui.markup import words_of
from worker.ui.reply import Reply
from worker.ui.view import Button, Showable, View

ELSEWHERE: Final = "book"
"""What `/start` carries for whoever comes from another chat where nothing was found."""


def not_ready(texts: Translator) -> View:
    """What everyone sees before a business file has been applied."""
    return View(texts.html("This bot is being set up. Please come back a little later."))


def to_be_set_up(texts: Translator) -> View:
    """What who may set it up sees before a business file has been applied."""
    text = texts.html(
        "There is no shop here yet. A few questions set it up; each can be skipped. What you have answered "
        "is kept: you can leave and go on days later."
    )
    return View(text, [[Button(texts.text("Set it up"), ShowSetup(), style="primary")]])


def apology(texts: Translator) -> View:
    """What a person reads when their command failed for good."""
    text = texts.html(
        "Something went wrong on our side, and we could not do that. Please try again; we have been told."
    )
    return View(text, [[menu(texts)]])


def in_a_message(reply: Reply) -> Showable | None:
    """What is shown where no tap can be answered: the word on it stands above the view, or in its place."""
    said, shown = Html(escape(reply.toast or "")), reply.view
    if said and shown is None:
        return View(said)
    if said and reply.alert and isinstance(shown, View) and said not in shown.text:
        return replace(shown, text=Html(f"{said}\n\n{shown.text}"))
    return shown


def refused_query(reply: Reply) -> InlineAnswer:
    """What whoever types an inline query is shown where it was refused: the reason, which opens the bot."""
    words = words_of(_refusal(reply)).split("\n")[0]
    return InlineAnswer(button=ResultsButton(words, ELSEWHERE) if words else None, cache_seconds=0)


def refused_guest(reply: Reply) -> InlineCard | None:
    """What is posted where a guest query was refused: the reason; None where there is none to say."""
    text = _refusal(reply)
    return InlineCard("refused", words_of(text), "", text) if text else None


def _refusal(reply: Reply) -> Html:
    return Html(escape(reply.toast or "")) if reply.view is None else Html(reply.view.rendered().text)


def staff_only(texts: Translator) -> View:
    """An answer to whoever does not work here."""
    return View(texts.html("This is for the people who work here."), [[menu(texts)]])


def admins_only(texts: Translator) -> View:
    """An answer to whoever does not run the business."""
    return View(texts.html("This is for administrators."), [[menu(texts)]])


def owners_only(texts: Translator) -> View:
    """An answer to whoever does not own the business."""
    return View(texts.html("This is for owners."), [[menu(texts)]])


def nobodys(texts: Translator) -> View:
    """An answer to whoever asks for what only the bot itself does."""
    return View(texts.html("That is done by itself, and by nobody."), [[menu(texts)]])


def answered_too_late(texts: Translator) -> View:
    """An answer to a question that was open for too long."""
    return View(texts.html("That came too late: please begin again from the menu."), [[menu(texts)]])


def misfit(texts: Translator, found: Misfit, asked: Conversation) -> View:
    """Why what was said is no answer; the question stays open, and the box to reply opens again.

    Where the question put a keyboard below the input it says no more: the box would take that keyboard away.
    """
    if found is Misfit.UNKNOWN:
        return View(_misfit(texts, found, asked), [[menu(texts)]])
    return View(_misfit(texts, found, asked), asks=not asked.has_keyboard)


def _misfit(texts: Translator, found: Misfit, asked: Conversation) -> Html:
    match found:
        case Misfit.TOO_LONG:
            return texts.html("That is too long: {count} characters at most, please.", count=asked.longest())
        case Misfit.SOMEBODY_ELSES:
            return texts.html("That is somebody else's contact. Please share your own.")
        case Misfit.REQUIRED:
            return texts.html("This question has to be answered.")
        case Misfit.EARLIER:
            return texts.html("That replies to an earlier message. Please answer what I asked last.")
        case Misfit.UNKNOWN:
            return texts.html("I no longer know what I asked. Please begin again from the menu.")
        case Misfit.WRONG_FORM:
            return _wrong_form(texts, asked)
        case _:
            assert_never(found)


def _wrong_form(texts: Translator, asked: Conversation) -> Html:
    match asked.answer_type():
        case AnswerType.TEXT:
            return texts.html("Please write the answer as a text message.")
        case AnswerType.CONTACT:
            return texts.html("Please share your contact.")
        case AnswerType.PHONE:
            return texts.html("Please share your number, or write it.")
        case AnswerType.LOCATION:
            return texts.html("Please share a location.")
        case AnswerType.PHOTO:
            return texts.html("Please send a photo.")
