"""What one person may send over all processes, and who goes before whom once many wait."""

from collections.abc import AsyncIterator

import pytest

from shared.clock import SystemClock
from shared.contracts.base import Command
from shared.contracts.booking import Book, ShowDay, ShowServices
from shared.contracts.chat import Say
from shared.contracts.inline import FindFree
from shared.contracts.people import SetReachable
from shared.envelope import Envelope, ReplyTo
from shared.queue import keys, lua
from shared.queue.arq_queue import LONGEST_LANE, ArqCommandQueue
from shared.queue.port import Accepted, Pace, Receipt
from shared.queue.survey import SURVEY
from tests.queueing import ANNA, BEN, RECEIVED, Line, envelope, job, lane, line

PACE = Pace(burst=3, per_second=0.001, exempt=frozenset({SetReachable.kind}))
ROOMY = Pace(burst=1000, per_second=1000)


@pytest.fixture
async def queue(valkey_url: str) -> AsyncIterator[Line]:
    async with line(valkey_url) as found:
        yield found


def paced(queue: Line, pace: Pace = PACE) -> ArqCommandQueue:
    """Make the queue as one more process of the bot has it."""
    return ArqCommandQueue(queue.redis, SystemClock(), pace=pace)


def tap(update_id: int, command: Command, message_id: int = 7, person: int = ANNA) -> Envelope:
    reply_to = ReplyTo(chat_id=person, message_id=message_id, callback_id=f"tap-{update_id}")
    return envelope(update_id, person, command).model_copy(update={"reply_to": reply_to})


async def put_each(queues: list[ArqCommandQueue], count: int) -> list[Receipt]:
    """Put one command after another, each by the next process."""
    return [await queues[number % len(queues)].put(envelope(number)) for number in range(1, count + 1)]


async def test_a_persons_pace_holds_over_all_processes_and_they_are_told_once(queue: Line) -> None:
    receipts = await put_each([paced(queue), paced(queue)], 6)
    assert [receipt.accepted for receipt in receipts] == [Accepted.QUEUED] * 3 + [Accepted.THROTTLED] * 3
    assert [receipt.tell for receipt in receipts] == [False] * 3 + [True, False, False]
    assert (await paced(queue).put(envelope(100, BEN))).accepted is Accepted.QUEUED
    assert await queue.redis.zcard(lane()) == 3


async def test_what_comes_in_again_costs_nothing_and_a_refusal_may_come_through_later(queue: Line) -> None:
    await put_each([paced(queue)], 3)
    assert (await paced(queue).put(envelope(3))).accepted is Accepted.DUPLICATE
    assert (await paced(queue).put(envelope(4))).accepted is Accepted.THROTTLED
    await queue.redis.delete(lane() + keys.PACE)  # as time would
    assert (await paced(queue).put(envelope(4))).accepted is Accepted.QUEUED


async def test_a_bucket_fills_by_the_second(queue: Line) -> None:
    quick = paced(queue, Pace(burst=1, per_second=1000))
    await queue.queue.put(envelope(1))
    for number in range(2, 10):  # each call takes a millisecond or more, which is a command's worth
        await queue.redis.ping()
        accepted = (await quick.put(envelope(number))).accepted
        assert accepted in {Accepted.QUEUED, Accepted.THROTTLED}
    assert 0 < await queue.redis.pttl(lane() + keys.PACE) <= 10_000


async def test_who_blocks_the_bot_is_heard_however_fast_they_are(queue: Line) -> None:
    await put_each([paced(queue)], 5)
    gone = envelope(6, command=SetReachable(reachable=False))
    assert (await paced(queue).put(gone)).accepted is Accepted.QUEUED


async def test_a_lane_is_bounded(queue: Line) -> None:
    receipts = await put_each([paced(queue, ROOMY)], LONGEST_LANE + 3)
    assert [receipt.accepted for receipt in receipts[LONGEST_LANE:]] == [Accepted.THROTTLED] * 3
    await queue.take()
    await queue.finish(1)
    assert (await paced(queue, ROOMY).put(envelope(99))).accepted is Accepted.QUEUED


async def test_what_is_superseded_is_dropped_and_its_tap_is_named(queue: Line) -> None:
    put = queue.queue.put
    day = ShowDay(service_id=1, day=RECEIVED.date())
    assert (await put(tap(1, ShowServices()))).superseded_tap is None
    assert await queue.take() == [job(1)]
    assert (await put(tap(2, day))).superseded_tap is None, "what runs already is done"
    assert (await put(tap(3, ShowServices()))).superseded_tap == "tap-2"
    assert (await put(tap(4, day))).superseded_tap == "tap-3"
    await queue.finish(1)
    assert await queue.take() == [job(4)]
    assert await queue.redis.exists(keys.JOB + job(2), keys.JOB + job(3)) == 0


def query(update_id: int, text: str, person: int = ANNA) -> Envelope:
    reply_to = ReplyTo(chat_id=person, inline_query_id=f"query-{update_id}")
    return envelope(update_id, person, FindFree(text=text)).model_copy(update={"reply_to": reply_to})


async def test_of_what_somebody_types_in_another_chat_the_last_is_answered(queue: Line) -> None:
    put = queue.queue.put
    for each in (query(1, "f"), query(2, "fr"), query(3, "fri"), query(4, "mon", BEN), query(5, "frid")):
        receipt = await put(each)
        assert (receipt.accepted, receipt.superseded_tap) == (Accepted.QUEUED, None)
        if each.update_id == 1:
            assert await queue.take() == [job(1)]
    assert await queue.redis.exists(keys.JOB + job(2), keys.JOB + job(3)) == 0
    assert await queue.take() == [job(4)]
    await queue.finish(1)
    assert await queue.take() == [job(5)]


async def test_what_is_typed_elsewhere_takes_the_place_of_no_tap(queue: Line) -> None:
    put = queue.queue.put
    await put(envelope(1))
    await queue.take()
    for each in (tap(2, ShowServices()), query(3, "fri"), tap(4, ShowServices(), message_id=8)):
        assert (await put(each)).superseded_tap is None
    for number in (1, 2, 3):
        await queue.finish(number)
        assert await queue.take() == [job(number + 1)]


async def test_what_changes_something_or_shows_elsewhere_is_done(queue: Line) -> None:
    put, book = queue.queue.put, Book(service_id=1, start=RECEIVED)
    for each in (
        tap(1, ShowServices()),
        tap(2, book),
        tap(3, ShowServices(), message_id=8),
        tap(4, book),
        tap(5, ShowServices(), person=BEN),
        envelope(6, command=ShowServices()),
        tap(7, ShowServices(), message_id=9),
    ):
        assert (await put(each)).superseded_tap is None
    for number in (1, 2, 3, 4, 6, 7):
        assert job(number) in await queue.take()
        await queue.finish(number)


async def test_what_something_was_said_after_is_done_before_that(queue: Line) -> None:
    put = queue.queue.put
    await put(envelope(1))
    await queue.take()
    said = envelope(3, command=Say(text="It is about my knee."))
    for each in (tap(2, ShowServices()), said, tap(4, ShowServices())):
        assert (await put(each)).superseded_tap is None
    for number in (1, 2, 3, 4):
        await queue.finish(number)
        assert await queue.take() == ([job(number + 1)] if number < 4 else [])


async def test_an_earlier_show_that_comes_late_drops_nothing(queue: Line) -> None:
    for number in (1, 3, 2):
        assert (await queue.queue.put(tap(number, ShowServices()))).superseded_tap is None
    for number in (1, 2, 3):
        assert await queue.take() == [job(number)]
        await queue.finish(number)


async def crowd(queue: Line, count: int, first: int = 1000) -> None:
    """Have so many people come who were never here."""
    await queue.queue.put_all([envelope(number, person=number) for number in range(first, first + count)])


async def test_who_was_here_lately_waits_behind_a_seconds_worth_of_newcomers(queue: Line) -> None:
    await queue.put(1)
    await queue.take()
    await queue.finish(1)
    await crowd(queue, 10 * lua.ROOM)
    await queue.put(2)
    taken: list[str] = []
    while job(2) not in taken:
        taken += await queue.take(1)
    assert lua.ROOM <= len(taken) <= 2 * lua.ROOM


async def test_a_newcomer_who_was_let_in_and_waited_is_the_next(queue: Line) -> None:
    await crowd(queue, 3 * lua.ROOM)
    assert await queue.take(2) == [job(1000), job(1001)]
    for number in (1001, 1000):
        assert await queue.own.defer(job(number), 0)
    assert await queue.take(3) == [job(1000), job(1001), job(1002)]


async def test_newcomers_come_in_their_order_and_none_is_left(queue: Line) -> None:
    await crowd(queue, 5 * lua.ROOM)
    taken = await queue.take(40)
    while more := await queue.take(7):
        taken += more
    assert taken == [job(number) for number in range(1000, 1000 + 5 * lua.ROOM)]


async def test_newcomers_are_let_in_however_many_others_there_are(queue: Line) -> None:
    people = range(1, 2 * lua.ROOM)
    for person in people:
        await queue.queue.put(envelope(person, person=person))
    while await queue.take():
        pass
    for person in people:
        await queue.finish(person, person)
    await crowd(queue, 3 * lua.ROOM)
    new = 0
    for number in range(4 * lua.ROOM):
        person = people[number % len(people)]
        await queue.queue.put(envelope(500 + number, person=person))
        [taken] = await queue.take(1)
        update_id = int(taken.rpartition(":")[2])
        new += update_id >= 1000
        await queue.finish(update_id, person if update_id < 1000 else update_id)
    assert lua.ROOM + lua.ROOM // lua.CLAIMS_EACH <= new < 3 * lua.ROOM


async def test_a_survey_counts_newcomers_too(queue: Line) -> None:
    await crowd(queue, 3 * lua.ROOM)
    survey = queue.redis.register_script(SURVEY)
    ready, depth, *_ = await survey(keys=[keys.INTERACTIVE], args=[10])
    assert (ready, depth) == (3 * lua.ROOM, 3 * lua.ROOM)
