"""Asking the bot from other chats, on a stage."""

from typing import Any

from sandbox.emulator import elsewhere
from sandbox.emulator.world import Query
from shared.contracts.inline import AnswerGuest, FindFree
from shared.envelope import Envelope, ReplyTo
from tests.worker.shop import ANNA
from tests.worker.stage import Stage


def typed(stage: Stage, text: str, person: int = ANNA) -> tuple[Query, Envelope]:
    """Type an inline query; return it, and the envelope that comes of it."""
    emulator = stage.telegram.emulator
    query, _ = elsewhere.ask(emulator, emulator.bot(None), person, text)
    to = ReplyTo(chat_id=person, inline_query_id=query.id)
    return query, stage.envelope(FindFree(text=text), person, to)


async def results(stage: Stage, text: str, person: int = ANNA) -> dict[str, Any]:
    """Type an inline query and have it answered; return the answer."""
    query, envelope = typed(stage, text, person)
    await stage.run(envelope)
    assert query.answer is not None
    return query.answer


async def titles(stage: Stage, text: str, person: int = ANNA) -> list[str]:
    """Return what is found for an inline query, a line each."""
    found = await results(stage, text, person)
    return [f"{each['title']} | {each['description']}" for each in found["results"]]


async def button(stage: Stage, text: str, person: int = ANNA) -> str:
    """Return what is said of an inline query for which nothing is found."""
    found = await results(stage, text, person)
    assert found["results"] == []
    assert found["button"] is not None
    return str(found["button"]["text"])


async def guest(stage: Stage, text: str, person: int = ANNA) -> dict[str, Any]:
    """Call the bot into a group; return the message that it posts there."""
    emulator = stage.telegram.emulator
    query, _ = elsewhere.call_guest(emulator, emulator.bot(None), person, text)
    to = ReplyTo(chat_id=person, guest_query_id=query.id)
    await stage.run(stage.envelope(AnswerGuest(text=text), person, to))
    assert query.answer is not None
    return emulator.world.cards[query.answer["inline_message_id"]].api
