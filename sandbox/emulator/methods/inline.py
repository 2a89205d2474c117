"""Answers in chats that a bot is no part of: results of inline queries, a guest's message, edits of both."""

import re
import time
from typing import Any

from sandbox.emulator import elsewhere, keyboards
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.methods.callbacks import TOO_OLD
from sandbox.emulator.methods.texts import text_content
from sandbox.emulator.params import Params
from sandbox.emulator.world import Json, Query

MAX_RESULTS = 50
MAX_ID_BYTES, MAX_OFFSET_BYTES = 64, 64
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
USUAL_CACHE_SECONDS = 300


async def answer_inline_query(call: Call) -> bool:
    """Show results to whoever types an inline query."""
    query = _waiting(call, "inline_query_id", is_guest=False)
    given = call.params.nested("results", "results")
    if not isinstance(given, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(given) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results = [_result(call, each) for each in given]
    if len({each["id"] for each in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(call.params.text("next_offset").encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = {
        "results": results,
        "button": _button(call),
        "cache_time": call.params.integer("cache_time", USUAL_CACHE_SECONDS),
        "is_personal": call.params.flag("is_personal"),
        "next_offset": call.params.text("next_offset"),
    }
    _settle(call, query, answer)
    return True


async def answer_guest_query(call: Call) -> Json:
    """Post a message in the chat in which the bot was called."""
    query = _waiting(call, "guest_query_id", is_guest=True)
    result = _result(call, call.params.nested("result", "result"))
    call.limit(call.emulator.world.chat(call.bot, query.user_id))
    card = elsewhere.post(call.emulator, call.bot, result)
    card.api["guest_bot_caller_user"] = call.emulator.world.user(query.user_id)
    _settle(call, query, {"inline_message_id": card.id})
    return {"inline_message_id": card.id}


def edit_card(call: Call, content: Json, markup: Json | None) -> bool:
    """Change a message that an inline result or a guest has posted."""
    card = call.emulator.world.cards.get(call.params.text("inline_message_id"))
    if card is None or card.bot_id != call.bot.id:
        raise bad_request("MESSAGE_ID_INVALID")
    kept = {name: card.api[name] for name in ("from", "chat", "date", "via_bot") if name in card.api}
    changed: Json = kept | content | ({} if markup is None else {"reply_markup": markup})
    if changed == {name: value for name, value in card.api.items() if name != "edit_date"}:
        raise bad_request("message is not modified")
    card.api = changed | {"edit_date": int(time.time())}
    return True


def _waiting(call: Call, name: str, *, is_guest: bool) -> Query:
    query = call.emulator.world.queries.get(call.params.text(name))
    if query is None or query.bot_id != call.bot.id or query.is_guest != is_guest:
        raise bad_request(TOO_OLD)
    query.answers += 1
    if query.answer is not None or time.time() > query.answer_by:
        raise bad_request(TOO_OLD)
    return query


def _settle(call: Call, query: Query, answer: Json) -> None:
    query.answer = answer
    call.emulator.queries.ring(query.id)


def _result(call: Call, given: Any) -> Json:  # noqa: ANN401 - any JSON
    """Read a result: an article, which is all that is known here."""
    if not isinstance(given, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    if given.get("type") != "article":
        raise bad_request("can't parse inline query result: Unsupported type specified")
    key, title = given.get("id"), given.get("title")
    if not isinstance(key, str) or not 0 < len(key.encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not isinstance(title, str) or not title:
        raise bad_request("ARTICLE_TITLE_EMPTY")
    result = {"id": key, "title": title, "description": given.get("description", "")}
    markup = keyboards.read(given.get("reply_markup"))
    if markup is not None and not keyboards.is_inline(markup):
        raise bad_request("inline keyboard expected")
    return {**result, "content": _content(call, given), **({"reply_markup": markup} if markup else {})}


def _content(call: Call, given: Json) -> Json:
    content = given.get("input_message_content")
    if not isinstance(content, dict) or not isinstance(content.get("message_text"), str):
        raise bad_request("SEND_MESSAGE_MEDIA_INVALID" if content is None else "message text is empty")
    values = {**content, "text": content["message_text"]}
    return text_content(Call(call.emulator, call.bot, Params(values)))


def _button(call: Call) -> Json | None:
    button = call.params.nested("button", "inline query results button")
    if button is None:
        return None
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline query results button: text must be non-empty")
    if not START_PARAMETER.fullmatch(str(button.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")
    return button
