"""What is kept of whoever asks, and the question before it is erased."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from shared.contracts.menu import ShowSettings
from shared.contracts.privacy import AskForgetMe, ForgetMe, SendMyData, ShowMyData
from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.placement.rules import Standing
from worker.ui.buttons import menu
from worker.ui.view import Button, Media, MediaType, View


def my_data(texts: Translator, counts: Mapping[str, int]) -> View:
    """What is kept of whoever asks, and what they can do about it."""
    lines = [
        texts.html("<b>What is kept of you</b>"),
        texts.html("Your name and language as Telegram gives them, and what you chose here."),
        texts.html("Visits: {count}", count=counts.get("visits", 0)),
        texts.html("Messages to you: {count}", count=counts.get("messages", 0)),
        texts.html("The file has all of it. Whoever is forgotten stays in the statistics as nobody."),
    ]
    send = Button(texts.text("Send me everything"), SendMyData())
    forget = Button(texts.text("Forget me"), AskForgetMe(), style="danger")
    return View(
        Html("\n".join(lines)),
        [[send], [forget], [Button(texts.text("« Back"), ShowSettings()), menu(texts)]],
    )


def data_file(texts: Translator, found: Mapping[str, Any]) -> View:
    """Everything that is kept, as a file."""
    upload = Upload("my-data.json", to_json(found, indent=2), "application/json")
    back = Button(texts.text("« Back"), ShowMyData())
    words = texts.html("Everything that is kept of you here.")
    return View(words, [[back, menu(texts)]], shows=Media(MediaType.DOCUMENT, upload, reused=False))


def forget_question(texts: Translator, business: str) -> View:
    """The question before erasing."""
    words = texts.html(
        "<b>Forget you?</b>\n{business} will no longer know who you are: your name, your notes, your "
        "messages and what you said go for good. What stands in this chat you can delete yourself.",
        business=business,
    )
    yes = Button(texts.text("Yes, forget me"), ForgetMe(), style="danger")
    return View(words, [[yes], [Button(texts.text("« Back"), ShowMyData())]])


def too_early(texts: Translator, standing: Standing) -> str:
    """Say why somebody is not forgotten by a tap; empty where they are.

    Who is blocked, or has cancelled lately, would be somebody new to the limits the moment after.
    """
    if standing.blocked:
        return texts.text("Please call us: the business erases it for you.")
    if standing.cancelled:
        return texts.text("You have cancelled within a day, or not paid: tomorrow this can be done.")
    return ""


def forgotten(texts: Translator) -> View:
    """What is read by who was forgotten."""
    return View(texts.html("You are forgotten here. Whatever you tap or write next makes us know you again."))
