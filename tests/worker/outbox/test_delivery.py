"""Delivering: what Telegram may answer, and what becomes of the promise."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.booking import Move, Moving
from shared.contracts.menu import ShowHome
from shared.telegram.client import TelegramClient
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ANNA, BEN, NOW, at
from tests.worker.stage import CLAIM_OVER, Stage
from worker.db.models.delivery import Outbox, State
from worker.outbox import repository as outbox
from worker.outbox.deliverer import MOST_FAULTS, Deliverer
from worker.outbox.handler import MessageContext
from worker.outbox.message import OUTBOX
from worker.outbox.poller import OutboxPoller
from worker.visits.messages import CardMessage

LONG = timedelta(minutes=5)


async def card(stage: Stage) -> Outbox:
    [row] = await stage.outbox("booking.card")
    return row


async def reminder(stage: Stage) -> Outbox:
    return (await stage.outbox("booking.reminder"))[0]


async def test_a_flood_is_waited_out_for_as_long_as_telegram_says(stage: Stage) -> None:
    await stage.fault("flood", "editMessageText", retry_after=90)
    answer = await stage.tap(stage.booking("10:00"))
    assert answer.text == "screen"
    row = await card(stage)
    assert (row.state, row.due_at) == (State.PENDING, NOW + timedelta(seconds=90))
    await stage.advance(timedelta(seconds=80))
    assert (await card(stage)).state == State.PENDING
    await stage.advance(timedelta(seconds=10))
    assert (await card(stage)).state == State.SENT
    assert "See you then!" in stage.text(ANNA, answer.message)


@pytest.mark.parametrize(
    ("fault", "more"),
    [("error", {"status": 500}), ("error", {"status": 502}), ("refuse", {}), ("drop", {})],
)
async def test_what_telegram_could_not_do_is_sent_again(
    stage: Stage, fault: str, more: dict[str, int]
) -> None:
    await stage.fault(fault, "editMessageText", **more)
    answer = await stage.tap(stage.booking("10:00"))
    row = await card(stage)
    assert row.state == State.PENDING
    assert row.last_error
    assert NOW < row.due_at < NOW + LONG
    await stage.advance(LONG)
    assert (await card(stage)).state == State.SENT
    assert "See you then!" in stage.text(ANNA, answer.message)
    ambiguous = stage.figure("bellhop_deliveries_ambiguous_total", kind="booking.card")
    assert ambiguous == (more.get("status") != 500)  # neither a gateway nor a broken connection knows


async def test_not_modified_counts_as_sent(stage: Stage) -> None:
    await stage.fault("drop", "editMessageText")
    answer = await stage.tap(stage.booking("10:00"))
    assert "See you then!" in answer.text  # it was done, though nobody was told
    await stage.advance(LONG)
    row = await card(stage)
    assert (row.state, row.message_id, row.last_error) == (State.SENT, answer.message, None)
    assert await stage.calls("editMessageText") == 2


async def test_a_message_that_is_gone_is_sent_anew(stage: Stage) -> None:
    envelope = await stage.tapped(stage.booking("10:00"))
    await stage.client.call("deleteMessage", {"chat_id": ANNA, "message_id": envelope.reply_to.message_id})
    await stage.run(envelope)
    row = await card(stage)
    assert row.state == State.SENT
    assert row.message_id != envelope.reply_to.message_id
    assert "See you then!" in stage.text(ANNA, row.message_id or 0)
    assert (await stage.newest()).card_message_id == row.message_id


async def test_who_blocked_the_bot_is_unreachable_until_they_write_again(stage: Stage) -> None:
    await stage.book("10:00")
    await stage.telegram.post(f"/chats/{ANNA}/block")
    await stage.advance_to(at("10:00") - timedelta(days=1))
    assert (await reminder(stage)).state == State.FAILED
    assert not (await stage.person()).reachable
    await stage.telegram.post(f"/chats/{ANNA}/unblock")
    await stage.type(ShowHome())
    assert (await stage.person()).reachable


async def test_a_view_for_someone_who_blocked_the_bot_is_no_failure(stage: Stage) -> None:
    await stage.type(ShowHome())
    await stage.telegram.post(f"/chats/{ANNA}/block")
    await stage.run(stage.envelope(ShowHome()))
    assert not (await stage.person()).reachable


async def test_what_telegram_will_never_take_is_closed_with_its_reason(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("worker.visits.views.when", lambda *_: ["<x>"])
        await stage.tap(stage.booking("10:00"))
    row = await card(stage)
    assert row.state == State.FAILED
    assert "can't parse entities" in str(row.last_error)
    assert (await stage.person()).reachable


async def test_what_cannot_be_made_ready_is_tried_later_and_stops_nobody(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("worker.visits.views.when", broken)
        await stage.tap(stage.booking("10:00"))
    assert (await stage.states("booking.c")) == [("card", State.PENDING), ("calendar", State.SENT)]
    assert "ZeroDivisionError" in str((await card(stage)).last_error)
    await stage.advance(LONG)
    assert (await card(stage)).state == State.SENT


async def test_what_never_can_be_made_ready_is_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("worker.visits.views.when", broken)
    await stage.tap(stage.booking("10:00"))
    states = [(await card(stage)).state]
    for _ in range(MOST_FAULTS - 1):
        await stage.advance(LONG)
        states.append((await card(stage)).state)
    assert states == [State.PENDING] * (MOST_FAULTS - 1) + [State.FAILED]
    assert "ZeroDivisionError" in str((await card(stage)).last_error)
    assert stage.figure("bellhop_deliveries_faults_total", kind="booking.card") == MOST_FAULTS
    assert stage.figure("bellhop_deliveries_total", kind="booking.card", result="failed") == 1


async def test_an_outage_is_no_fault_of_the_row(stage: Stage) -> None:
    await stage.fault("error", "editMessageText", count=MOST_FAULTS + 1)
    await stage.tap(stage.booking("10:00"))
    for _ in range(MOST_FAULTS + 1):
        await stage.advance(LONG)
    row = await card(stage)
    assert (row.state, row.faults) == (State.SENT, 0)


@pytest.mark.parametrize("sql", [None, "SELECT 1/0"])
async def test_what_follows_from_a_send_may_fail_and_nothing_is_sent_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, sql: str | None
) -> None:
    async def broken(_: object, context: MessageContext, *__: object) -> None:
        if sql is not None:
            await context.session.execute(text(sql))
        raise ZeroDivisionError

    monkeypatch.setattr(CardMessage, "on_sent", broken)
    await stage.tap(stage.booking("10:00"))
    row = await card(stage)
    assert (row.state, row.faults) == (State.SENT, 0)
    assert row.message_id
    await stage.advance(LONG)
    assert await stage.calls("editMessageText") == 1


async def test_a_note_that_fails_is_made_again_and_nothing_is_sent_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_sent, left = outbox.mark_sent, [ZeroDivisionError()]

    async def hesitant(session: AsyncSession, row_id: int, now: datetime, message: int | None) -> None:
        if left:
            raise left.pop()
        await mark_sent(session, row_id, now, message)

    monkeypatch.setattr(outbox, "mark_sent", hesitant)
    await stage.tap(stage.booking("10:00"))
    assert (await card(stage)).state == State.SENT
    assert await stage.calls("editMessageText") == 1


async def test_a_kind_of_a_newer_release_waits_for_it(stage: Stage) -> None:
    async with stage.shop.sessions.begin() as session:
        about = {"business_id": BUSINESS_ID, "kind": "news.of", "chat_id": ANNA}
        session.add(Outbox(**about, payload={}, dedupe_key="x", due_at=NOW))
    for _ in range(MOST_FAULTS + 1):
        await stage.advance(LONG)
    [row] = await stage.outbox("news")
    assert row.state == State.PENDING
    assert row.due_at > stage.shop.clock.now()


async def test_a_row_is_delivered_by_one_of_several_pollers(stage: Stage) -> None:
    await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - timedelta(days=1) - NOW)
    pollers = [OutboxPoller(stage.shop.sessions, stage.parts.deliverer, stage.shop.clock) for _ in range(6)]
    await asyncio.gather(*(poller.run_once() for poller in pollers))
    assert sum("coming up" in text for text in stage.texts()) == 1
    assert (await reminder(stage)).state == State.SENT


async def test_what_another_claims_is_passed_over_and_not_waited_for(stage: Stage) -> None:
    await stage.meet(BEN)
    await stage.book("10:00")
    await stage.book("12:00", person=BEN)
    now = at("12:00") - timedelta(days=1)
    async with asyncio.timeout(5), stage.shop.sessions() as one, stage.shop.sessions() as two:
        [first] = await OUTBOX.claim(one, now, 1)
        [second] = await OUTBOX.claim(two, now, 10)
    assert first.id != second.id


async def test_a_claim_whose_worker_died_comes_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - timedelta(days=1) - NOW)
    with monkeypatch.context() as patch:
        patch.setattr(Deliverer, "_deliver", die)
        await stage.parts.poller.run_once()
    assert (await reminder(stage)).state == State.PENDING
    await stage.advance(timedelta(seconds=1))
    assert (await reminder(stage)).state == State.PENDING
    await stage.advance(CLAIM_OVER)
    assert (await reminder(stage)).state == State.SENT


async def test_a_wrong_token_costs_no_promise(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was withdrawn is the operator's to replace: until then everything waits."""
    async with TelegramClient("1000000001:AAwithdrawn", stage.telegram.url) as stranger:
        with monkeypatch.context() as patch:
            patch.setattr(stage.parts.deliverer._messenger, "_telegram", stranger)
            await stage.tap(stage.booking("10:00"))
    assert (await card(stage)).state == State.PENDING
    await stage.advance(LONG)
    assert (await card(stage)).state == State.SENT


async def test_an_older_card_does_not_overwrite_a_newer_one(stage: Stage) -> None:
    await stage.fault("error", "editMessageText")
    first = await stage.tap(stage.booking("10:00"))
    booking = (await stage.newest()).id
    moving = Moving(booking_id=booking, version=1)
    second = await stage.tap(Move(moving=moving, start=at("14:00")), message=first.message)
    assert "14:00–14:45" in second.text
    await stage.advance(LONG)
    assert "14:00–14:45" in stage.text(ANNA, first.message)
    assert State.PENDING not in {row.state for row in await stage.outbox("booking.card")}


async def test_the_poller_says_when_to_come_again(stage: Stage) -> None:
    await stage.book("10:00")
    assert 0 < await stage.parts.poller.run_once() <= 1
