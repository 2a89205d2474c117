"""Chats that a bot is no part of: what is asked of it there, and the messages that it has there."""

import secrets
import time

from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ClientError
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Bot, Callback, Card, Json, Query

GROUP: Json = {"id": -1_001_000_000_001, "type": "supergroup", "title": "Friends"}
"""The chat in which people call a guest."""


def ask(emulator: Emulator, bot: Bot, user_id: int, text: str) -> tuple[Query, Update | None]:
    """Type an inline query behind the bot's name."""
    query = _query(emulator, bot, user_id)
    body = {
        "id": query.id,
        "from": emulator.world.user(user_id),
        "query": text,
        "offset": "",
        "chat_type": "supergroup",
    }
    return query, emulator.emit(bot, {"inline_query": body})


def call_guest(emulator: Emulator, bot: Bot, user_id: int, text: str) -> tuple[Query, Update | None]:
    """Call the bot by its name in a message to a group."""
    query = _query(emulator, bot, user_id, is_guest=True)
    message = {
        "message_id": emulator.world.take_message_id(bot),
        "from": emulator.world.user(user_id),
        "chat": GROUP,
        "date": int(time.time()),
        "text": text,
        "guest_query_id": query.id,
    }
    return query, emulator.emit(bot, {"guest_message": message})


def choose(emulator: Emulator, query: Query, result_id: str) -> Card:
    """Choose one of the results: it is posted in the chat, as a message via the bot."""
    bot = emulator.world.bots[query.bot_id]
    for result in (query.answer or {}).get("results", []):
        if result["id"] == result_id:
            card = post(emulator, bot, result)
            card.api |= {"from": emulator.world.user(query.user_id), "via_bot": bot.as_user()}
            chosen = {"result_id": result_id, "from": emulator.world.user(query.user_id), "query": ""}
            emulator.emit(bot, {"chosen_inline_result": {**chosen, "inline_message_id": card.id}})
            return card
    raise ClientError(404, f"The query has no result {result_id!r}.")


def post(emulator: Emulator, bot: Bot, result: Json) -> Card:
    """Put what a result says into the chat, as a message of the bot's."""
    markup = {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
    api = {"from": bot.as_user(), "chat": GROUP, "date": int(time.time()), **result["content"], **markup}
    card = Card(secrets.token_urlsafe(18), bot.id, api)
    emulator.world.cards[card.id] = card
    return card


def press(emulator: Emulator, card: Card, user_id: int, data: str) -> tuple[Callback, Update | None]:
    """Press a callback button of a card: the bot is told of no message but the card's id."""
    rows = (card.api.get("reply_markup") or {}).get("inline_keyboard", [])
    if not any(button.get("callback_data") == data for row in rows for button in row):
        raise ClientError(404, f"The card has no button {data!r}.")
    bot = emulator.world.bots[card.bot_id]
    callback = Callback(str(secrets.randbits(63)), bot.id, user_id, 0, time.time())
    emulator.world.add_callback(callback, abs(emulator.config.callback_answer_seconds))
    query = {
        "id": callback.id,
        "from": emulator.world.user(user_id),
        "inline_message_id": card.id,
        "chat_instance": str(bot.id ^ (user_id << 20)),
        "data": data,
    }
    return callback, emulator.emit(bot, {"callback_query": query})


def _query(emulator: Emulator, bot: Bot, user_id: int, *, is_guest: bool = False) -> Query:
    emulator.world.user(user_id)
    answer_by = time.time() + emulator.config.inline_answer_seconds
    query = Query(str(secrets.randbits(63)), bot.id, user_id, answer_by, is_guest=is_guest)
    emulator.world.queries[query.id] = query
    return query
