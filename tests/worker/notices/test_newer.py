"""What a newer release promises to have said waits for a worker of it; nothing else waits behind it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.contracts.menu import ShowHome
from tests.worker.shop import ALICE
from tests.worker.stage import Stage
from worker.db.models.delivery import Outbox, State
from worker.health.promises import ILL, OVER
from worker.notices.promises import NOTICE
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (NOTICE, {"what": "teleported", "at": "2026-11-25T09:00:00+00:00", "specialist_id": 1}),
        (ILL, {"trouble": "gremlins", "since": 0.0}),
        (OVER, {"trouble": "gremlins", "since": 0.0, "until": 1.0}),
    ],
)
async def test_what_this_release_has_no_words_for_is_put_off(
    stage: Stage, kind: str, payload: dict[str, object]
) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    now = stage.shop.clock.now()
    message = OutboxMessage(kind=kind, destination=Chat(ALICE), key="newer", payload=payload, due_at=now)
    async with stage.shop.sessions.begin() as session:
        await writer.enqueue(session, [message], now)
    await stage.advance(timedelta())
    await stage.book()
    assert [text for text in stage.texts(ALICE) if "New visit" in text]
    for _ in range(8):
        await stage.advance(timedelta(minutes=2))
    [waiting] = [row for row in await stage.outbox() if row.dedupe_key == "newer"]
    assert (waiting.state, waiting.faults, waiting.claimer) == (State.PENDING, 0, None)
    assert waiting.due_at <= stage.shop.clock.now() + timedelta(minutes=1)
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Outbox).where(Outbox.id == waiting.id).values(state=State.VOID))
