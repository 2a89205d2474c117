"""A file that is applied while somebody books: whoever comes first, no visit is stranded unsaid."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from tests.queueing import until
from tests.worker.shop import FILE, Shop, open_shop
from worker.business.apply import RefusedPlanError, apply_document, apply_within
from worker.business.plan import Choices, KeepVisits
from worker.business.reader import read_document
from worker.db.engine import Sessions
from worker.events.author import THE_TOOL
from worker.placement.placement import Booked, NotBooked
from worker.visits.repository import load

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
ALICE = next(line for line in FILE.splitlines() if b"name: Alice" in line)
STEAM = b"services: [Cut, Steam, Yoga, Dance]"
FILES = {
    "the specialist is gone": FILE.replace(ALICE + b"\n", b""),
    "the service is gone": b"\n".join(
        line.replace(STEAM, b"services: [Cut, Yoga, Dance]")
        for line in FILE.splitlines()
        if b"name: Steam" not in line
    ),
    "the specialist does it no more": FILE.replace(STEAM, b"services: [Cut, Yoga, Dance]").replace(
        b"telegram_id: 1002, services: [Cut]", b"telegram_id: 1002, services: [Cut, Steam]"
    ),
}
PARAMETERS = pytest.mark.parametrize("file", FILES.values(), ids=FILES)
MOVING = pytest.mark.parametrize("moving", [False, True], ids=["booked", "moved"])


@asynccontextmanager
async def waiting[T](sessions: Sessions, work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Begin something, and go on once it waits for a lock; it can end behind the block."""
    task = asyncio.ensure_future(work)

    async def is_waiting() -> bool:
        async with sessions() as session:
            return task.done() or bool(await session.scalar(WAITING))

    await until(is_waiting)
    assert not task.done(), "nothing made it wait"
    yield task


async def visit_to_move(shop: Shop, *, moving: bool) -> int | None:
    return await shop.book(shop.wish("Steam", "Alice", "09:30")) if moving else None


@MOVING
@PARAMETERS
async def test_who_books_first_is_on_the_list_of_what_would_be_stranded(
    sessions: Sessions,
    file: bytes,
    moving: bool,  # noqa: FBT001
) -> None:
    shop = await open_shop(sessions)
    visit = await visit_to_move(shop, moving=moving)
    changed = read_document(file, "b.yaml")
    async with sessions.begin() as session:
        booked = await shop.place_in(session, shop.wish("Steam", "Alice", "12:00"), moving=visit)
        assert isinstance(booked, Booked)
        async with waiting(sessions, apply_document(sessions, changed, shop.clock)) as applying:
            await session.commit()
    with pytest.raises(RefusedPlanError) as refused:
        await applying
    assert [hit.visit.begins for hit in refused.value.plan.hits if hit.strands] == [booked.visit.start]


@PARAMETERS
async def test_who_books_behind_a_file_gets_what_the_file_says(sessions: Sessions, file: bytes) -> None:
    shop = await open_shop(sessions)
    async with sessions.begin() as session:
        await apply_within(session, read_document(file, "b.yaml"), THE_TOOL, shop.clock.now)
        async with waiting(sessions, shop.place(shop.wish("Steam", "Alice", "12:00"))) as booking:
            await session.commit()
    assert isinstance(await booking, NotBooked)
    assert await shop.live() == []


async def test_who_moves_behind_a_file_to_somebody_who_is_gone_keeps_their_visit(sessions: Sessions) -> None:
    shop = await open_shop(sessions)
    before = await shop.book(shop.wish("Cut", "Bob", "09:30"))
    async with sessions.begin() as session:
        gone = read_document(FILES["the specialist is gone"], "b.yaml")
        await apply_within(session, gone, THE_TOOL, shop.clock.now, Choices(stranded=KeepVisits()))
        placing = shop.place(shop.wish("Cut", "Alice", "12:00"), moving=before)
        async with waiting(sessions, placing) as moving:
            await session.commit()
    assert isinstance(await moving, NotBooked)
    assert [visit.specialist_id for visit in await shop.live()] == [shop.specialists["Bob"]]


async def test_who_is_moving_a_visit_and_a_file_that_changes_it_do_not_wait_for_each_other(
    sessions: Sessions,
) -> None:
    """As the handler does it: the visit is locked first, then it is given its time."""
    shop = await open_shop(sessions)
    visit = await shop.book(shop.wish("Cut", "Bob", "09:30"))
    renamed = read_document(
        FILE.replace(b"name: Cut,", b"name: Trim, was: Cut,").replace(b"[Cut", b"[Trim"), "b.yaml"
    )
    async with sessions.begin() as session:
        assert await load(session, visit, lock=True) is not None
        async with waiting(sessions, apply_document(sessions, renamed, shop.clock)) as applying:
            moved = await shop.place_in(session, shop.wish("Cut", "Bob", "12:00"), moving=visit)
            await session.commit()
    assert isinstance(moved, Booked)
    assert (await applying).changes
    [booked] = await shop.live()
    assert booked.during.lower == moved.visit.start
