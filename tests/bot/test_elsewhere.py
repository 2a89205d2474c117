"""What is asked in other chats: taken with where its answer goes, never complained about, forged or not."""

from collections.abc import Callable

import pytest

from bot.ingest import Outcome
from shared.contracts.inline import LONGEST_QUERY, AnswerGuest, FindFree
from shared.envelope import ReplyTo
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import ANN, Json, changed


async def test_a_query_and_a_guest_are_taken_with_where_the_answer_goes() -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.inline("friday 10:00", 1)) is Outcome.QUEUED
    assert await kit.ingest.accept(updates.guest("is yoga free, @bellhop_bot?", 2)) is Outcome.QUEUED
    asked, called = kit.memory.envelopes
    assert (asked.command, asked.reply_to) == (
        FindFree(text="friday 10:00"),
        ReplyTo(chat_id=ANN, inline_query_id="query1"),
    )
    assert called.reply_to == ReplyTo(chat_id=ANN, guest_query_id="guest2")
    assert isinstance(called.command, AnswerGuest)
    assert "bellhop" not in called.command.text
    assert asked.is_elsewhere
    assert called.is_elsewhere


@pytest.mark.parametrize("update", [updates.inline, updates.guest])
async def test_who_is_too_fast_elsewhere_is_refused_and_told_nothing(
    update: Callable[..., Json],
) -> None:
    kit = Kit(burst=2)
    outcomes = [await kit.ingest.accept(update(update_id=number)) for number in range(1, 6)]
    assert outcomes == [Outcome.QUEUED] * 2 + [Outcome.THROTTLED] * 3
    assert kit.notices() == []


async def test_typing_elsewhere_uses_up_the_same_pace_as_tapping() -> None:
    kit = Kit(burst=2)
    for number in (1, 2):
        await kit.ingest.accept(updates.inline("fri", number))
    assert await kit.ingest.accept(updates.tap("h", 3)) is Outcome.THROTTLED


@pytest.mark.parametrize(
    "forged",
    [
        updates.inline(id=None),
        updates.inline(id=7),
        updates.inline(query=None),
        updates.inline(query=["friday"]),
        changed("inline_query.from", None, updates.inline()),
        changed("inline_query.from.id", "1", updates.inline()),
        {"update_id": 1, "inline_query": "friday"},
        {"update_id": 1, "inline_query": {}},
        updates.guest(guest_query_id=7),
        updates.guest(guest_query_id=None),
        changed("guest_message.from", updates.person(is_bot=True), updates.guest()),
        updates.guest(message_id="ten"),
        {"update_id": 1, "guest_message": []},
        {"update_id": 1, "guest_message": {"guest_query_id": "x"}},
    ],
)
async def test_what_is_forged_leads_to_no_command(forged: Json) -> None:
    kit = Kit()
    assert await kit.ingest.accept(forged) in {Outcome.DROPPED, Outcome.INVALID}
    assert kit.memory.envelopes == []
    assert kit.notices() == []


async def test_what_is_typed_is_bounded_whatever_comes() -> None:
    kit = Kit(burst=9)
    await kit.ingest.accept(updates.inline("x" * 10_000, 1))
    await kit.ingest.accept(updates.guest("y" * 10_000, 2))
    for each in kit.memory.envelopes:
        assert isinstance(each.command, FindFree | AnswerGuest)
        assert 0 < len(each.command.text) <= LONGEST_QUERY


async def test_a_guest_message_that_calls_nobody_is_dropped() -> None:
    kit = Kit()
    update = changed("guest_message.text", "hello", updates.guest())
    del update["guest_message"]["guest_query_id"]
    assert await kit.ingest.accept(update) is Outcome.DROPPED
