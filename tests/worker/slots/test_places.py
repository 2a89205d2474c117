"""Slots at more than one place: which one each specialist is at, and one place alone."""

from datetime import UTC, datetime

import pytest

from tests.doubles import ManualClock
from tests.worker.branches import BRANCHES
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.command_line import UsageError
from worker.db.engine import Sessions
from worker.slots.answer import SlotReport, find_answer
from worker.slots.arguments import read_arguments

CLOCK = ManualClock(datetime(2026, 11, 22, 8, tzinfo=UTC))
WEDNESDAY = ("--from", "2026-11-25", "--to", "2026-11-25")


@pytest.fixture
async def branches(sessions: Sessions) -> Sessions:
    await apply_document(sessions, read_document(BRANCHES, "b.yaml"), CLOCK)
    return sessions


async def ask(sessions: Sessions, *arguments: str) -> SlotReport:
    async with sessions.begin() as session:
        return await find_answer(session, read_arguments([*arguments, *WEDNESDAY]), CLOCK)


async def test_each_specialist_is_named_with_their_place_of_that_day(branches: Sessions) -> None:
    first = (await ask(branches, "Cut")).slots[0]
    assert (first.specialists, first.places) == (["Alice", "Bob"], [["Main street"], ["Side street"]])


async def test_one_place_has_whoever_is_there_that_day(branches: Sessions) -> None:
    found = await ask(branches, "Cut", "--location", "Side street")
    assert {tuple(slot.specialists) for slot in found.slots} == {("Bob",)}
    refused = await ask(branches, "Cut", "--location", "Side street", "--specialist", "Alice", "--explain")
    assert refused.slots == []
    assert {one.reason for one in refused.refused or []} == {"closed"}
    with pytest.raises(UsageError, match=r"no location named 'Side stret'\."):
        await ask(branches, "Cut", "--location", "Side stret")


async def test_where_there_is_one_place_none_is_named(branches: Sessions) -> None:
    assert {slot.places is None for slot in (await ask(branches, "Shave")).slots} == {True}
