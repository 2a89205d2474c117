"""Answering pressed buttons."""

import time

from sandbox.emulator.entities.text import utf16
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MAX_ANSWER = 200


async def answer_callback_query(call: Call) -> bool:
    """Answer a pressed button: end its spinner, perhaps with a notice."""
    world = call.emulator.world
    callback = world.callbacks.get(call.params.text("callback_query_id"))
    if callback is None or callback.bot_id != call.bot.id:
        raise bad_request(TOO_OLD)
    callback.answers += 1
    world.touch("callback", callback.id)
    if callback.answer is not None:
        raise bad_request(TOO_OLD)
    if time.time() - callback.created_at > call.emulator.config.callback_answer_seconds:
        raise bad_request(TOO_OLD)
    text, url = call.params.text("text"), call.params.text("url")
    if utf16(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not url.startswith(
        (f"https://t.me/{call.bot.username}?start=", f"t.me/{call.bot.username}?start=")
    ):
        raise bad_request("URL_INVALID")
    answer = {"text": text or None, "show_alert": call.params.flag("show_alert"), "url": url or None}
    call.emulator.answer(callback, answer)
    return True
