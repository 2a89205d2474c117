"""Killing anything between two taps, or under one, loses nothing: the way goes on in the same message."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from time import perf_counter

import pytest

from tests.client import ChatUser, Json, text_of
from tests.e2e import walk
from tests.e2e.stage import Part, Stage
from worker.due.rows import CLAIM

pytestmark = pytest.mark.asyncio(loop_scope="session")

PARTS: tuple[Part, ...] = ("bot", "workers", "valkey", "postgres")
RESTART_SECONDS = 20.0
"""Room for four workers to start side by side on a busy machine."""
WAITING_FOR_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~* $1"
BOOKINGS_OF = "SELECT count(*) FROM booking WHERE customer_id = $1 AND status <> 'held'"
FILES_NOTED = BOOKINGS_OF + " AND calendar_message_id IS NOT NULL"


async def tap_over_a_grave(stage: Stage, person: ChatUser, screen: Json, button: str, part: Part) -> Json:
    """Kill a part, tap while it is gone, bring it back; return what the tap leads to."""
    await stage.kill(part)
    await person.press_only(button, screen)
    began = perf_counter()
    await stage.revive(part)
    edited = await walk.next_edit(person, screen)
    seconds = perf_counter() - began
    stage.figures.append(
        f"{part} killed: a tap made meanwhile was answered {seconds:.1f} s after the restart"
    )
    return edited


async def test_any_part_may_die_between_any_two_taps(stage: Stage) -> None:
    person = await stage.customer()
    screen = menu = await walk.open_menu(person)
    parts: Iterator[Part] = cycle(PARTS)
    for button in ("Book a visit", "Haircut", "Alice"):
        screen = await tap_over_a_grave(stage, person, screen, button, next(parts))
    screen = await walk.tap(person, screen, "Other days")
    screen = await tap_over_a_grave(stage, person, screen, walk.turned(screen), next(parts))
    days = walk.free_days(screen)
    screen = await tap_over_a_grave(stage, person, screen, days[max(days)], next(parts))
    screen = await walk.follow(person, screen, list(walk.parts(screen).values())[:1])
    times = walk.free_times(screen)
    screen = await tap_over_a_grave(stage, person, screen, times[max(times)], next(parts))
    card = await tap_over_a_grave(stage, person, screen, "Confirm", next(parts))
    assert "Booked. See you then!" in text_of(card)
    assert card["message_id"] == menu["message_id"]
    await person.wait_event("message", lambda event: "document" in event["message"])
    await until_noted(stage, person)
    question = await tap_over_a_grave(stage, person, card, "Cancel", next(parts))
    assert "Cancel this visit?" in text_of(question)
    assert await stage.count(BOOKINGS_OF, person.number) == 1
    shown = [message for message in await person.messages() if not message["outgoing"]]
    assert len(shown) == 2  # the message of the whole way, and the calendar file


async def test_a_worker_killed_before_its_commit_books_once_all_the_same(stage: Stage) -> None:
    person = await stage.customer()
    summary = await walk.choose(person)
    async with bookings_locked(stage):
        await person.press_only("Confirm", summary.screen)
        await until_waiting(stage, "DELETE FROM booking")
        await stage.kill("workers")
    assert await stage.count(BOOKINGS_OF, person.number) == 0
    await booked_after_all(stage, person, summary, "before the commit")


async def test_a_worker_killed_after_its_commit_still_answers(stage: Stage) -> None:
    person = await stage.customer()
    summary = await walk.choose(person)
    stuck = {"kind": "latency", "method": "editMessageText", "chat_id": person.number, "seconds": 60}
    fault = await stage.api.call("POST", "faults", stuck)
    await person.press_only("Confirm", summary.screen)
    await until_booked(stage, person)
    await stage.kill("workers")
    await stage.api.call("DELETE", f"faults/{fault['id']}")
    await booked_after_all(stage, person, summary, "after the commit", CLAIM.total_seconds())


async def booked_after_all(
    stage: Stage, person: ChatUser, summary: walk.Step, when: str, claimed_seconds: float = 0.0
) -> None:
    """Bring the workers back; the tap under which they died ends as if nothing had been."""
    began = perf_counter()
    await stage.revive("workers")
    card = await walk.next_edit(person, summary.screen)
    seconds = perf_counter() - began
    assert "Booked. See you then!" in text_of(card)
    stage.figures.append(f"workers killed {when}: the card came {seconds:.1f} s after their restart began")
    assert seconds < RESTART_SECONDS + claimed_seconds
    await person.wait_event("message", lambda event: "document" in event["message"])
    assert await stage.count(BOOKINGS_OF, person.number) == 1
    assert sum("document" in message for message in await person.messages()) == 1


@asynccontextmanager
async def bookings_locked(stage: Stage) -> AsyncIterator[None]:
    """Let no transaction write a booking."""
    connection = await stage.connect()
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE booking IN SHARE MODE")
            yield
    finally:
        await connection.close()


async def until_waiting(stage: Stage, query: str) -> None:
    """Wait until somebody waits for a lock with such a query."""
    while not await stage.count(WAITING_FOR_LOCK, query):  # noqa: ASYNC110 - PostgreSQL tells nobody
        await asyncio.sleep(0.02)


async def until_noted(stage: Stage, person: ChatUser) -> None:
    """Wait until it is noted that the person has the file: what dies before that sends it once more."""
    while not await stage.count(FILES_NOTED, person.number):  # noqa: ASYNC110 - the same
        await asyncio.sleep(0.02)


async def until_booked(stage: Stage, person: ChatUser) -> None:
    """Wait until the person's booking is committed."""
    while not await stage.count(BOOKINGS_OF, person.number):  # noqa: ASYNC110 - the same
        await asyncio.sleep(0.02)
