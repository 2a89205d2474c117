"""Asking the bot in chats that it is no part of, and what is posted there."""

from sandbox.emulator import elsewhere
from sandbox.emulator.client.requests import ClientRequest
from sandbox.emulator.errors import ClientError
from sandbox.emulator.signals import until
from sandbox.emulator.world import Card, Json, Query


async def ask(request: ClientRequest) -> Json:
    """Type an inline query."""
    text = await _text(request)
    query, update = elsewhere.ask(request.emulator, request.bot, request.user_id, text)
    return {"inline_query_id": query.id, "update_id": update.update_id if update else None}


async def call_guest(request: ClientRequest) -> Json:
    """Call the bot in a message to a group."""
    text = await _text(request)
    query, update = elsewhere.call_guest(request.emulator, request.bot, request.user_id, text)
    return {"guest_query_id": query.id, "update_id": update.update_id if update else None}


async def answer(request: ClientRequest) -> Json:
    """Wait for the answer to a query."""
    query = _query(request)
    found = await until(request.emulator.queries, query.id, request.timeout, lambda: query.answer)
    return {"answered": found is not None, "answers": query.answers, **(found or {})}


async def choose(request: ClientRequest) -> Json:
    """Choose a result: it is posted in the chat."""
    result_id = (await request.json()).get("result_id")
    if not isinstance(result_id, str):
        raise ClientError(400, "result_id is a text.")
    return {"inline_message_id": elsewhere.choose(request.emulator, _query(request), result_id).id}


async def card(request: ClientRequest) -> Json:
    """Show a message that the bot has in a chat that it is no part of."""
    return _card(request).api


async def press(request: ClientRequest) -> Json:
    """Press a callback button of such a message."""
    wanted = await request.json()
    user_id, data = wanted.get("user"), wanted.get("data")
    if not isinstance(user_id, int) or not isinstance(data, str):
        raise ClientError(400, "A press names a user and the button's data.")
    callback, update = elsewhere.press(request.emulator, _card(request), user_id, data)
    return {"callback_query_id": callback.id, "update_id": update.update_id if update else None}


async def _text(request: ClientRequest) -> str:
    text = (await request.json()).get("text")
    if not isinstance(text, str):
        raise ClientError(400, "text is a text.")
    return text


def _query(request: ClientRequest) -> Query:
    found = request.emulator.world.queries.get(request.http.path_params["id"])
    if found is None:
        raise ClientError(404, "There is no such query.")
    return found


def _card(request: ClientRequest) -> Card:
    found = request.emulator.world.cards.get(request.http.path_params["id"])
    if found is None:
        raise ClientError(404, "There is no such card.")
    return found
