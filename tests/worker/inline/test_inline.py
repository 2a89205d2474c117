"""What is free, for whoever asks in another chat."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from shared.contracts.inline import AnswerGuest
from shared.envelope import ReplyTo
from shared.links import follow
from tests.worker.inline.asking import button, guest, results, titles, typed
from tests.worker.shop import ANNA
from tests.worker.stage import Stage
from worker.db.models.catalogue import Business, Service
from worker.people.repository import load_person

STRANGER = 7001


async def test_the_soonest_times_come_first_and_words_narrow_them(stage: Stage) -> None:
    everything = await titles(stage, "")
    assert everything[0] == "Sun, Nov 22, 09:00 · Cut | Alice · 45 min · €35"
    assert {each.partition(" · ")[2].partition(" | ")[0] for each in everything[:4]} == {
        "Cut", "Steam", "Yoga", "Dance",
    }  # fmt: skip
    assert (await titles(stage, "tomorrow"))[0].startswith("Mon, Nov 23, 09:00 · Cut")
    assert all(each.startswith("Fri, Nov 27") for each in await titles(stage, "Пятница"))
    bob = await titles(stage, "cut with bob, friday")
    assert bob[:2] == [
        "Fri, Nov 27, 09:00 · Cut | Bob · 45 min · €35",
        "Fri, Nov 27, 10:00 · Cut | Bob · 45 min · €35",
    ]


async def test_a_chosen_result_is_a_card_that_leads_friends_to_that_time(stage: Stage) -> None:
    found = await results(stage, "bob 2026-11-27")
    card = found["results"][0]
    assert card["content"]["text"].splitlines()[:3] == [
        "Barber & Co has a free time:",
        "Cut, Bob",
        "🗓 Fri, Nov 27, 09:00–09:45 (Berlin)",
    ]
    [[book], [others]] = card["reply_markup"]["inline_keyboard"]
    assert (book["text"], others["text"]) == ("Book this time", "Other times")
    link = follow(book["url"].partition("?start=")[2])
    assert link is not None
    assert "Fri, Nov 27, 09:00" in await stage.type(link)
    assert (found["cache_time"], found["is_personal"]) == (15, True)


async def test_where_nothing_is_free_a_button_says_why(stage: Stage) -> None:
    assert await button(stage, "xyzzy") == "Nothing here is called so. See what there is."
    assert await button(stage, "2020-01-01") == "Those days have passed"
    assert await button(stage, "dance 2028-01-04") == "Nothing is free on Tue, Jan 4, 2028"


async def test_a_guest_posts_one_card_with_a_few_times_of_the_day(stage: Stage) -> None:
    posted = await guest(stage, "hey, is yoga free on saturday?")
    assert "These times are free now." in posted["text"]
    rows = [row[0]["text"] for row in posted["reply_markup"]["inline_keyboard"]]
    assert (rows[0], rows[-2:]) == (
        "Sat, Nov 28, 09:00 · Yoga, Alice",
        ["Sat, Nov 28, 17:00 · Yoga, Alice", "Other times"],
    )
    assert "Sun, Nov 22" in str(await guest(stage, "hi there"))


async def test_who_only_passes_by_is_noted_nowhere_and_told_nothing(stage: Stage) -> None:
    await stage.telegram.user(STRANGER)
    assert await titles(stage, "friday", STRANGER)
    async with stage.shop.sessions() as session:
        assert await load_person(session, STRANGER) is None
    assert stage.texts(STRANGER) == []


@asynccontextmanager
async def otherwise(
    stage: Stage, table: type[Business | Service], usual: dict[str, Any]
) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Let the shop be changed for a while; other tests find it as it was."""

    async def change(**values: Any) -> None:  # noqa: ANN401 - columns of any type
        async with stage.shop.sessions.begin() as session:
            await session.execute(update(table).values(values))

    try:
        yield change
    finally:
        await change(**usual)


async def test_while_bookings_are_paused_both_say_so(stage: Stage) -> None:
    async with otherwise(stage, Business, {"paused": False, "pause_text": ""}) as change:
        await change(paused=True, pause_text="Back in May.")
        assert await button(stage, "friday") == "Back in May."
        posted = await guest(stage, "friday")
    assert "Back in May." in posted["text"]
    assert "Fri, Nov 27" not in str(posted)


async def test_a_shop_without_services_says_that_there_is_nothing_yet(stage: Stage) -> None:
    async with otherwise(stage, Service, {"active": True}) as change:
        await change(active=False)
        assert await button(stage, "") == "Nothing can be booked here yet."
        assert await button(stage, "friday") == "Nothing can be booked here yet."
        assert "Nothing can be booked here yet." in (await guest(stage, "hello"))["text"]


async def test_an_answer_that_comes_too_late_is_dropped(stage: Stage) -> None:
    query, envelope = typed(stage, "friday")
    await stage.run(envelope, waited=31.0)
    assert query.answers == 0
    query, envelope = typed(stage, "friday")
    query.answer_by = 0
    await stage.run(envelope)
    assert (query.answers, query.answer) == (1, None)
    to = ReplyTo(chat_id=ANNA, guest_query_id="of yesterday")
    await stage.run(stage.envelope(AnswerGuest(text=""), to=to))
    assert await stage.calls("answerGuestQuery") == 1
    assert stage.texts(ANNA) == []


async def test_whether_somebody_still_waits_is_told_by_the_queues_clock(stage: Stage) -> None:
    """A worker whose clock is an hour ahead of the bot's threw every query away."""
    query, envelope = typed(stage, "friday")
    stage.shop.clock.advance(timedelta(hours=1))
    await stage.run(envelope, waited=0.1)
    assert query.answers == 1
