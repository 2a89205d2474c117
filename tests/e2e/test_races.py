"""Many at once: one slot and two hundred customers, one update and fifty copies of it."""

import asyncio
import json
from time import perf_counter
from typing import Any

import pytest

from shared.buttons import pack
from shared.contracts.booking import Book, ShowSummary
from tests.client import ChatUser, Json, text_of
from tests.e2e import walk
from tests.e2e.forging import tapped
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

CROWD = 200
COPIES = 50
TAKEN = "Sorry, that time has just been taken. Please choose another one."
BOOKINGS_AT = "SELECT count(*) FROM booking WHERE lower(during) = $1 AND status = 'confirmed'"


async def test_two_hundred_customers_race_for_one_slot(stage: Stage) -> None:
    # Else whoever sees the summary first has the time: the race is for what nobody holds.
    await stage.fetch("UPDATE service SET hold = 0")
    scout = await stage.customer()
    wanted = await walk.choose(scout, who="Alice")
    (confirm,) = [key.command for key in walk.keys(wanted.screen) if isinstance(key.command, Book)]
    crowd = await asyncio.gather(*(stage.customer() for _ in range(CROWD)))
    screens = await asyncio.gather(*(at_summary(stage, person, confirm) for person in crowd))

    began = perf_counter()
    answers = await asyncio.gather(*map(race, crowd, screens))
    seconds = perf_counter() - began

    assert await stage.count(BOOKINGS_AT, wanted.start) == 1
    winners = [screen for heard, screen in answers if heard["text"] == "Booked!"]
    assert len(winners) == 1
    assert "Booked. See you then!" in text_of(winners[0])
    losers = [(heard, screen) for heard, screen in answers if heard["text"] != "Booked!"]
    assert len(losers) == CROWD - 1
    for heard, screen in losers:
        assert (heard["text"], heard["show_alert"]) == (TAKEN, True)
        others = walk.free_times(screen)
        assert others
        assert wanted.start not in others
    await stage.fetch("UPDATE service SET hold = 5")
    rate = CROWD / seconds
    stage.figures.append(
        f"{CROWD} customers confirmed one slot with {len(stage.worker_names)} workers: 1 booking, "
        f"{len(losers)} refusals with other times; all answered in {seconds:.2f} s ({rate:.0f} a second)"
    )


async def at_summary(stage: Stage, person: ChatUser, confirm: Book) -> Json:
    """Bring a customer to the summary by a short cut: the tap on the time, without those before it."""
    menu = await walk.open_menu(person)
    chosen = ShowSummary(
        service_id=confirm.service_id, specialist_id=confirm.specialist_id, start=confirm.start
    )
    await stage.send_update({"callback_query": tapped(person, menu, pack(chosen))})
    return await walk.next_edit(person, menu)


async def race(person: ChatUser, screen: Json) -> tuple[Json, Json]:
    return await walk.tap_and_hear(person, screen, "Confirm")


async def test_one_update_fetched_fifty_times_books_once(stage: Stage) -> None:
    person = await stage.customer()
    summary = await walk.choose(person)
    data = data_of(summary.screen, "Confirm")
    pressed = await person.press_only("Confirm", summary.screen)
    body = {
        "update_id": pressed["update_id"],
        "callback_query": tapped(person, summary.screen, data) | {"id": pressed["callback_query_id"]},
    }
    queued = 'bellhop_updates_total{result="queued",type="callback_query"}'
    before = await stage.bot_metric(queued)
    await asyncio.gather(*(stage.send_update(body) for _ in range(COPIES - 1)))
    assert (await person.answer(pressed["callback_query_id"]))["text"] == "Booked!"
    await booked_once(stage, person, summary)
    assert await stage.bot_metric(queued) <= before + 1


async def booked_once(stage: Stage, person: ChatUser, summary: walk.Step) -> None:
    """Wait until everything before has been worked through, and count what came of it."""
    card = await walk.next_edit(person, summary.screen)
    assert "Booked. See you then!" in text_of(card)
    # One person's updates are taken in order: once this is answered, nothing of the copies is left.
    await person.say("/bookings")
    assert "1 visit" in text_of(await person.wait_message("visit"))
    own = "SELECT count(*) FROM booking WHERE customer_id = $1"
    assert await stage.count(own, person.number) == 1
    sent = "SELECT count(*) FROM outbox WHERE chat_id = $1 AND kind = $2"
    assert await stage.count(sent, person.number, "booking.card") == 1
    assert await stage.count(sent, person.number, "booking.calendar") == 1
    messages = await person.messages()
    assert sum("document" in message for message in messages) == 1
    assert sum("Booked. See you then!" in text_of(message) for message in messages) == 1
    assert card["edits"] == next(m for m in messages if m["message_id"] == card["message_id"])["edits"]


def data_of(screen: Json, button: str) -> str:
    """Return what a button carries."""
    rows: list[list[Json]] = screen["reply_markup"]["inline_keyboard"]
    return next(str(key["callback_data"]) for row in rows for key in row if key["text"] == button)


async def test_one_update_posted_fifty_times_at_once_books_once(webhook: Stage) -> None:
    stage = webhook
    person = await stage.customer()
    summary = await walk.choose(person)
    tap = tapped(person, summary.screen, data_of(summary.screen, "Confirm"))
    update: dict[str, Any] = {"update_id": 2**40 + person.number, "callback_query": tap}
    body, secret = json.dumps(update).encode(), stage.sandbox.webhook_secret
    statuses = await asyncio.gather(*(stage.post(body, secret=secret) for _ in range(COPIES)))
    assert statuses == [200] * COPIES
    await booked_once(stage, person, summary)
