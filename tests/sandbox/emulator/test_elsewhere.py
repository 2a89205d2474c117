"""Inline queries and guests: what Telegram refuses in an answer, and how long it waits for one."""

from typing import Any

import pytest

from sandbox.emulator import elsewhere
from sandbox.emulator.world import Query
from tests.sandbox.emulator.driving import ANN, Answer, Json, Telegram

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def article(key: str = "1", **changes: Json) -> dict[str, Any]:
    content = {"message_text": "Friday, 10:00"}
    return {"type": "article", "id": key, "title": "Friday", "input_message_content": content} | changes


async def ask(telegram: Telegram, text: str = "friday") -> Query:
    await telegram.user()
    emulator = telegram.emulator
    query, _ = elsewhere.ask(emulator, emulator.bot(None), ANN, text)
    return query


async def answer(telegram: Telegram, query: Query, results: Json = None, **more: Json) -> Answer:
    given = [article()] if results is None else results
    return await telegram.call("answerInlineQuery", inline_query_id=query.id, results=given, **more)


async def test_an_answer_is_kept_as_it_was_given(telegram: Telegram) -> None:
    query = await ask(telegram)
    button = {"text": "Other times", "start_parameter": "s1"}
    answered = await answer(telegram, query, cache_time=15, is_personal=True, button=button)
    assert answered.result is True
    assert query.answer is not None
    kept = {name: query.answer[name] for name in ("cache_time", "is_personal", "button")}
    assert kept == {"cache_time": 15, "is_personal": True, "button": button}
    again = await answer(telegram, query)
    assert again.refusal == (400, TOO_OLD)


async def test_telegram_keeps_results_for_five_minutes_unless_told_otherwise(telegram: Telegram) -> None:
    query = await ask(telegram)
    await answer(telegram, query)
    assert query.answer is not None
    assert (query.answer["cache_time"], query.answer["is_personal"]) == (300, False)


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article("x" * 65)], "RESULT_ID_INVALID"),
        ([article("\u044f" * 33)], "RESULT_ID_INVALID"),
        ([article(title="")], "ARTICLE_TITLE_EMPTY"),
        ([article(input_message_content=None)], "SEND_MESSAGE_MEDIA_INVALID"),
        ([article(input_message_content={"message_text": "x" * 4097})], "message is too long"),
        ([article(input_message_content={"message_text": ""})], "message text is empty"),
        ([article(type="photo")], "can't parse inline query result: Unsupported type specified"),
        ({"id": "1"}, "can't parse inline query results: expected an Array"),
    ],
)
async def test_what_cannot_be_shown_is_refused(telegram: Telegram, results: Json, reason: str) -> None:
    query = await ask(telegram)
    refused = await answer(telegram, query, results)
    assert refused.status == 400
    assert reason in refused.refusal[1]
    assert query.answer is None


async def test_fifty_results_and_ids_of_64_bytes_are_the_most(telegram: Telegram) -> None:
    query = await ask(telegram)
    results = [article(f"{number:064}") for number in range(50)]
    assert (await answer(telegram, query, results)).result is True


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "", "start_parameter": "s1"}}, "text must be non-empty"),
        ({"button": {"text": "Other times", "start_parameter": "x" * 65}}, "START_PARAM_INVALID"),
        ({"button": {"text": "Other times", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"button": {"text": "Other times"}}, "START_PARAM_INVALID"),
    ],
)
async def test_what_stands_above_the_results_is_held_to_its_limits(
    telegram: Telegram, more: dict[str, Any], reason: str
) -> None:
    query = await ask(telegram)
    assert reason in (await answer(telegram, query, **more)).refusal[1]
    assert query.answer is None


async def test_a_query_waits_for_its_time_and_is_no_guests(telegram: Telegram) -> None:
    query = await ask(telegram)
    guest = await telegram.call("answerGuestQuery", guest_query_id=query.id, result=article())
    assert guest.refusal == (400, TOO_OLD)
    query.answer_by = 0
    assert (await answer(telegram, query)).refusal == (400, TOO_OLD)
