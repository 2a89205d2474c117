from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.kit.business import BUSINESS_ID
from tests.kit.engines import KEPT
from tests.worker.shop import ANNA, Shop
from worker.db.models.delivery import Outbox, State, SubjectType
from worker.due.rows import CLAIM
from worker.outbox import writer
from worker.outbox.message import OUTBOX, Chat, OutboxMessage, Promised, Subject, WebAddress

HOUR = timedelta(hours=1)


def message(key: str, **more: object) -> OutboxMessage:
    about = {"kind": "booking.card", "destination": Chat(ANNA), "key": key, "payload": {"version": 1}}
    return OutboxMessage(**{**about, **more})  # type: ignore[arg-type]


async def rows(shop: Shop) -> list[Outbox]:
    async with shop.sessions() as session:
        return list(await session.scalars(select(Outbox).order_by(Outbox.id)))


async def test_what_is_for_at_once_is_its_writers_and_what_is_for_later_is_everybodys(shop: Shop) -> None:
    now = shop.clock.now()
    later = message("b", due_at=now + HOUR, expires_at=now + HOUR * 2)
    async with shop.sessions.begin() as session:
        claimed = await writer.write(session, [message("a"), later, message("c")], now)
    written = await rows(shop)
    assert [row.dedupe_key for row in written] == ["a", "b", "c"]
    assert [(row.due_at, row.claimer) for row in written] == [
        (now + CLAIM, KEPT),
        (now + HOUR, None),
        (now + CLAIM, KEPT),
    ]
    assert [(each.id, each.message.key, each.until) for each in claimed] == [
        (written[0].id, "a", now + CLAIM),
        (written[2].id, "c", now + CLAIM),
    ]
    assert not any(each.may_have_been_sent for each in claimed)


async def test_what_is_promised_beside_a_delivery_is_due_for_every_replica(shop: Shop) -> None:
    now = shop.clock.now()
    async with shop.sessions.begin() as session:
        await writer.enqueue(session, [message("a")], now)
    [row] = await rows(shop)
    assert (row.due_at, row.claimer) == (now, None)


async def test_what_was_promised_before_is_not_promised_again(shop: Shop) -> None:
    now = shop.clock.now()
    for expected in (["a", "b"], ["c"]):
        async with shop.sessions.begin() as session:
            claimed = await writer.write(session, [message(key) for key in ("a", "b", *expected)], now)
        assert [each.message.key for each in claimed] == expected
    assert [row.dedupe_key for row in await rows(shop)] == ["a", "b", "c"]


async def test_what_was_promised_is_taken_back_and_what_is_promised_with_that_is_not(shop: Shop) -> None:
    now, seven, eight = shop.clock.now(), Subject(SubjectType.BOOKING, 7), Subject(SubjectType.BOOKING, 8)
    before = [
        message("taken back", subject=seven),
        message("of another kind", subject=seven, kind="booking.reminder"),
        message("of another subject", subject=eight),
    ]
    async with shop.sessions.begin() as session:
        await writer.enqueue(session, before, now)
    async with shop.sessions.begin() as session:
        anew = [message("anew", subject=seven)]
        await writer.enqueue(session, anew, now, voided=[Promised("booking.card", seven)])
    voided = [row.dedupe_key for row in await rows(shop) if row.state == State.VOID]
    assert voided == ["taken back"]
    assert len(await rows(shop)) == 4


@pytest.mark.parametrize("destination", [Chat(ANNA), WebAddress("https://example.org/hook")])
@pytest.mark.parametrize("subject", [None, Subject(SubjectType.BOOKING, 7)])
async def test_what_is_claimed_is_what_was_promised(
    shop: Shop, destination: Chat | WebAddress, subject: Subject | None
) -> None:
    now = shop.clock.now()
    promised = message("a", destination=destination, subject=subject, due_at=now, expires_at=now + HOUR)
    async with shop.sessions.begin() as session:
        assert await writer.write(session, [promised], now) == []
        [claimed] = await OUTBOX.claim(session, now, 10)
    assert claimed.message == promised


async def test_a_message_goes_to_one_place(shop: Shop) -> None:
    about = {"business_id": BUSINESS_ID, "kind": "x", "dedupe_key": "x"}
    for wrong in ({"chat_id": 1, "url": "https://example.org"}, {}, {"chat_id": 1, "subject_id": 7}):
        with pytest.raises(IntegrityError, match="ck_outbox_"):
            async with shop.sessions.begin() as session:
                session.add(Outbox(**about, due_at=shop.clock.now(), **wrong))


async def test_what_goes_to_the_web_has_no_chat() -> None:
    with pytest.raises(TypeError, match="goes to no chat"):
        assert message("a", destination=WebAddress("https://example.org")).chat_id
