"""'Failed' in the chat: dead letters in words, tried once more or dropped by those who run the business."""

import asyncio

from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.failed import (
    AskDropFailed,
    DropFailed,
    RetryAlike,
    RetryFailed,
    ShowFailed,
    ShowFailedCommand,
)
from shared.contracts.own_visits import ShowBookings
from shared.envelope import Envelope
from shared.queue.job_format import write_job
from tests.worker.shop import ADMIN, ANNA, OWNER
from tests.worker.stage import Stage
from worker.dead import repository as dead
from worker.failed.views import LETTERS_A_PAGE

GONE = "It is not there any more: it was retried or dropped."


async def fail(stage: Stage, command: Command, reason: str = "KeyError: 'x'", person: int = ANNA) -> int:
    """Let a command have failed for good; return its number."""
    envelope = stage.envelope(command, person)
    raw = write_job(envelope, envelope.received_at).decode()
    return await keep(stage, envelope.job_id, raw, reason)


async def keep(stage: Stage, job_id: str, raw: str, reason: str) -> int:
    async with stage.shop.sessions.begin() as session:
        await dead.add(session, job_id, "any", {"raw": raw}, reason)
        return (await dead.load(session))[-1].id


async def left(stage: Stage) -> list[int]:
    return [each.id for each in await dead.find(stage.shop.sessions, ())]


def retried(stage: Stage) -> list[Envelope]:
    return stage.parts.retries.envelopes


async def test_an_owner_reads_who_wanted_what_and_why_it_failed(stage: Stage) -> None:
    await stage.meet(OWNER)
    await stage.type(ShowAdmin(), OWNER)
    assert "Failed" in stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)
    assert "None: everything that people asked for was done." in await stage.type(ShowFailed(), OWNER)
    await stage.type(ShowBookings())
    first = await fail(stage, stage.booking())
    second = await fail(stage, ShowBookings(), "TimeoutError: ")
    unreadable = await keep(stage, "u:1:77", "no job at all", "ValueError: <b>")
    shown = await stage.type(ShowFailed(), OWNER)
    assert f"№ {first}, " in shown
    assert "Anna: a fault of the program (KeyError)" in shown
    assert "Anna: it took too long each time" in shown
    assert "nobody knows who: this release cannot read it" in shown
    buttons = stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)
    assert list(buttons)[:2] == [f"№ {unreadable} · unreadable", f"№ {second} · see their bookings"]
    one = await stage.tap(ShowFailedCommand(letter_id=first), OWNER)
    assert "Who: Anna\nWanted to: book a visit\nWhy it failed: a fault of the program (KeyError)" in one.text
    assert list(stage.buttons(one.message, OWNER)) == ["Retry", "Drop", "« Back", "Menu"]
    other = await stage.tap(ShowFailedCommand(letter_id=unreadable), OWNER)
    assert list(stage.buttons(other.message, OWNER)) == ["Drop", "« Back", "Menu"]
    assert (await stage.tap(RetryFailed(letter_id=unreadable), OWNER)).alert
    assert await left(stage) == [first, second, unreadable]


async def test_one_is_retried_once_however_often_and_by_whomever_it_is_tapped(stage: Stage) -> None:
    await stage.meet(OWNER, ADMIN)
    number = await fail(stage, stage.booking())
    stage.parts.retries.reached = False
    refused = await stage.tap(RetryFailed(letter_id=number), OWNER)
    assert refused.toast == "The queue cannot be reached just now. Please try again in a minute."
    assert await left(stage) == [number]
    stage.parts.retries.reached = True
    both = await asyncio.gather(*[stage.tap(RetryFailed(letter_id=number), who) for who in (OWNER, ADMIN)])
    assert sorted(str(each.toast) for each in both) == ["1 command is tried again.", GONE]
    [back] = retried(stage)
    assert (back.actor.id, back.command) == (ANNA, stage.booking())
    assert await left(stage) == []


async def test_all_of_a_kind_are_retried_in_their_order(stage: Stage) -> None:
    await stage.meet(OWNER)
    numbers = [await fail(stage, stage.booking(clock)) for clock in ("10:00", "11:00")]
    other = await fail(stage, ShowBookings())
    one = await stage.tap(ShowFailedCommand(letter_id=numbers[1]), OWNER)
    assert "Retry all of this kind (2)" in stage.buttons(one.message, OWNER)
    answer = await stage.tap(RetryAlike(letter_id=numbers[1]), OWNER)
    assert answer.toast == "2 commands are tried again."
    assert [each.command for each in retried(stage)] == [stage.booking("10:00"), stage.booking("11:00")]
    assert await left(stage) == [other]
    assert (await stage.tap(RetryAlike(letter_id=numbers[1]), OWNER)).toast == GONE


async def test_one_is_dropped_once_it_was_asked(stage: Stage) -> None:
    await stage.meet(OWNER)
    number = await fail(stage, stage.booking())
    asked = await stage.tap(AskDropFailed(letter_id=number), OWNER)
    assert asked.text.startswith("Drop this command? It will not be done, and cannot be brought back.")
    assert list(stage.buttons(asked.message, OWNER)) == ["Yes, drop", "No, keep it"]
    assert (await stage.tap(DropFailed(letter_id=number), OWNER, asked.message)).toast == "Dropped."
    assert await left(stage) == []
    for command in (DropFailed, AskDropFailed, ShowFailedCommand):
        assert (await stage.tap(command(letter_id=number), OWNER)).toast == GONE
    assert retried(stage) == []


async def test_many_come_in_pages_and_in_russian(stage: Stage) -> None:
    await stage.meet(OWNER)
    stage.languages[OWNER] = "ru"
    numbers = [await fail(stage, stage.booking()) for _ in range(LETTERS_A_PAGE + 1)]
    shown = await stage.type(ShowFailed(page=1), OWNER)
    assert shown.startswith("Сбои команд")
    assert f"№ {numbers[0]}," in shown
    assert f"№ {numbers[1]}," not in shown
