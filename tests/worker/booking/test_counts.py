"""What only a count decides, two people at the same moment cannot break: the specialist is locked for it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text

from tests.worker.booking.outcomes import blocked
from tests.worker.counting import counted_statements
from tests.worker.shop import BEN, CARLA, Shop
from worker.placement.placement import Booked, NotBooked
from worker.scheduling import rules
from worker.scheduling.hours import Stretch
from worker.scheduling.rules import Reason, Rule, SlotQuery
from worker.scheduling.runs import Runs

MOST = 2


def _few_a_day(query: SlotQuery, stretch: Stretch, runs: Runs) -> Runs:
    return runs if len(query.calendar.visits_on(stretch.day, query.zone)) < MOST else []


@pytest.fixture
def few_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a specialist have two visits a day: a rule of this test alone, under a reason that is there."""
    rule = Rule(Reason.FULL, "there are enough", _few_a_day, needs_lock=lambda _: True)
    monkeypatch.setattr(rules, "RULES", (*rules.RULES, rule))


@pytest.mark.usefixtures("few_a_day")
async def test_many_at_once_for_different_times_get_no_more_than_the_count(shop: Shop) -> None:
    wishes = [shop.wish("Cut", "Alice", f"{hour}:00") for hour in range(9, 17)]
    people = await shop.crowd(len(wishes))
    outcomes = await asyncio.gather(*(shop.place(*each) for each in zip(wishes, people, strict=True)))
    assert len([outcome for outcome in outcomes if isinstance(outcome, Booked)]) == MOST
    assert outcomes.count(NotBooked(Reason.FULL)) == len(wishes) - MOST
    assert len(await shop.live()) == MOST
    assert isinstance(await shop.place(shop.wish("Cut", "Alice", "09:00", 4), BEN), Booked)


@pytest.mark.usefixtures("few_a_day")
@pytest.mark.parametrize("commits", [True, False])
async def test_the_slower_is_judged_by_what_became_of_the_faster(shop: Shop, *, commits: bool) -> None:
    await shop.book(shop.wish("Cut", "Alice", "09:00"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        await shop.place_in(faster, shop.wish("Cut", "Alice", "10:00"), BEN)
        slow = group.create_task(shop.place(shop.wish("Cut", "Alice", "12:00"), CARLA))
        await blocked(shop)
        await (faster.commit() if commits else faster.rollback())
    assert slow.result() == NotBooked(Reason.FULL) if commits else isinstance(slow.result(), Booked)


@pytest.mark.usefixtures("few_a_day")
async def test_a_full_day_falls_to_whoever_has_room_and_a_visit_moves_within_it(shop: Shop) -> None:
    first = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    await shop.book(shop.wish("Cut", "Alice", "12:00"))
    await shop.book(shop.wish("Cut", None, "14:00"), BEN)
    assert [each.specialist_id for each in await shop.live()].count(shop.specialists["Bob"]) == 1
    assert isinstance(await shop.place(shop.wish("Cut", "Alice", "16:00"), moving=first), Booked)


@pytest_asyncio.fixture
async def offered_again(shop: Shop) -> AsyncIterator[None]:
    yield
    async with shop.sessions.begin() as session:
        await session.execute(text("UPDATE service SET active = true"))


@pytest.mark.usefixtures("offered_again")
async def test_what_is_no_longer_offered_when_the_lock_is_had_is_not_booked(shop: Shop) -> None:
    wish = shop.wish("Yoga", "Alice", "10:00")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, shop.sessions() as faster:
        await shop.place_in(faster, wish)
        slow = group.create_task(shop.place(wish, BEN))
        await blocked(shop)
        await faster.execute(text("UPDATE service SET active = false WHERE name = 'Yoga'"))
        await faster.commit()
    assert slow.result() == NotBooked(None)


async def test_nobody_is_locked_where_no_rule_counts(shop: Shop) -> None:
    async with counted_statements(shop.sessions.kw["bind"]) as trips:
        await shop.book(shop.wish("Yoga", "Alice", "10:00"))
        assert len([sent for sent in trips.sql if "advisory" in sent]) == 1
        trips.sql.clear()
        await shop.book(shop.wish("Cut", "Alice", "12:00"))
        assert trips.sql
        assert [sent for sent in trips.sql if "advisory" in sent] == []
