"""What a handler may do: one that reads cannot write, one that writes does all of it or nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select
from structlog.testing import capture_logs

from shared.contracts.base import Command
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.notes import AskNote
from shared.queue import keys
from tests.kit.promises import Message
from tests.kit.rows import dump
from tests.queueing import Line, line, until
from tests.worker.roles import NOT_THERE, PERSON, WHO_ASKED, Crowd, Role, command_about
from tests.worker.shop import ANNA, Shop
from tests.worker.stage import Stage, on_stage
from worker.capabilities import HANDLERS
from worker.db.errors import DATABASE_FAILURES, sqlstate_of
from worker.db.models.delivery import DeadCommand
from worker.db.outages import is_outage
from worker.outbox.message import Chat, OutboxMessage
from worker.people.repository import set_language
from worker.runtime.capability import (
    Handle,
    Handler,
    UndeclaredChangeError,
    UndeclaredOutcomeError,
    reads,
    writes,
)
from worker.runtime.context import RequestContext
from worker.runtime.decider import READ_ONLY, ReadingHandlerError
from worker.runtime.jobs.metrics import JobMetrics
from worker.runtime.jobs.store import JobStore
from worker.runtime.jobs.worker import JobWorker
from worker.runtime.questions import QUESTION_CLOSED
from worker.ui.reply import Reply

READING = [
    kind for kind, handler in HANDLERS.items() if handler.reads and not NOT_THERE & kind.model_fields.keys()
]


class Unwell(Exception):  # noqa: N818 - what goes wrong in a test
    """What a handler raises."""


@asynccontextmanager
async def stage_with(shop: Shop, handler: Handler) -> AsyncIterator[Stage]:
    """Open a stage on which /start is run by a handler of the test's own."""
    async with on_stage(shop, {**HANDLERS, ShowHome: handler}) as stage:
        yield stage


async def speak_russian(context: RequestContext, _: Command) -> Reply:
    await set_language(context.session, context.user.id, "ru")
    return Reply()


def probed(handle: Handle, refused: list[str]) -> Handle:
    """Have a handler try to write first."""

    async def probe(context: RequestContext, command: Command, *loaded: object) -> Reply:
        try:
            await speak_russian(context, command)
        except DATABASE_FAILURES as error:
            refused.append(str(sqlstate_of(error)))
        return await handle(context, command, *loaded)

    return probe


async def test_postgresql_refuses_what_a_reading_handler_writes(shop: Shop) -> None:
    refused: list[str] = []
    handlers = {
        kind: replace(each, handle=probed(each.handle, refused)) if each.reads else each
        for kind, each in HANDLERS.items()
    }
    async with on_stage(shop, handlers) as stage:
        await stage.meet(*PERSON.values())
        crowd = Crowd(stage)
        thing = await crowd.thing_of(PERSON[Role.OWNER])
        for kind in READING:
            await crowd.ask(Role.OWNER, command_about(kind, thing, shop))
            assert refused == [READ_ONLY], kind
            refused.clear()
        assert (await stage.person(PERSON[Role.OWNER])).language is None


async def test_a_reading_handler_that_writes_is_at_fault_itself(shop: Shop) -> None:
    async with stage_with(shop, reads(ShowHome)(speak_russian)) as stage:
        with pytest.raises(ReadingHandlerError) as raised:
            await stage.run(stage.envelope(ShowHome()))
        assert not is_outage(raised.value)
        assert (await stage.person()).language is None


async def test_a_command_at_fault_becomes_a_dead_letter(
    shop: Shop, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.runtime.jobs.runner.backoff_seconds", lambda *_, **__: 0.0)
    async with stage_with(shop, reads(ShowHome)(speak_russian)) as stage, line(valkey_url) as queue:
        await queue.queue.put(stage.envelope(ShowHome()))
        with capture_logs():  # a traceback of each try takes long to write
            async with at_work(stage, queue):
                reason = await until(lambda: reason_of_death(stage))
        assert reason == "ReadingHandlerError: menu.home"
        assert "Something went wrong on our side" in stage.texts()[-1]


@asynccontextmanager
async def at_work(stage: Stage, queue: Line) -> AsyncIterator[None]:
    """Have a worker run what is queued."""
    worker = JobWorker(
        JobStore(queue.redis, keys.INTERACTIVE, 30),
        queue.blocking,
        stage.parts.job.handlers(),
        JobMetrics(CollectorRegistry(), keys.INTERACTIVE),
        max_jobs=1,
        drain_seconds=30,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.main())
        try:
            yield
        finally:
            worker.stop()


async def reason_of_death(stage: Stage) -> str | None:
    async with stage.shop.sessions() as session:
        return await session.scalar(select(DeadCommand.reason))


async def test_a_handler_that_fails_leaves_nothing_of_what_it_wrote(shop: Shop) -> None:
    async def write_twice(context: RequestContext, command: Command) -> Reply:
        await speak_russian(context, command)
        promise(context)
        await set_language(context.session, context.user.id, "en")
        raise Unwell

    async with stage_with(shop, writes(ShowHome)(write_twice)) as stage:
        before = await dump(shop.sessions)
        with pytest.raises(Unwell):
            await stage.run(stage.envelope(ShowHome()))
        assert await dump(shop.sessions) == before


async def test_a_handler_that_says_it_changed_nothing_changes_nothing(shop: Shop) -> None:
    async with stage_with(shop, writes(ShowHome)(speak_russian)) as stage:
        before = await dump(shop.sessions, but=WHO_ASKED)
        await stage.run(stage.envelope(ShowHome()))
        assert await dump(shop.sessions, but=WHO_ASKED) == before
        assert (await stage.person()).language is None


def promise(context: RequestContext) -> None:
    context.enqueue(OutboxMessage(kind="a.word", destination=Chat(ANNA), key="a word"))


def note(context: RequestContext) -> None:
    context.note(1, "noted")


def set_a_timer(context: RequestContext) -> None:
    context.set_timer("a timer", ShowHome(), context.now + timedelta(hours=1))


def cancel_a_timer(context: RequestContext) -> None:
    context.cancel_timer("a timer")


@pytest.mark.parametrize("leave", [promise, note, set_a_timer, cancel_a_timer])
@pytest.mark.parametrize("declare", [writes, reads])
async def test_who_leaves_something_has_to_say_that_it_changed_something(
    shop: Shop, leave: Callable[[RequestContext], None], declare: Callable[..., Callable[[Handle], Handler]]
) -> None:
    async def forget_to_say_so(context: RequestContext, _: Command) -> Reply:
        leave(context)
        return Reply()

    async with stage_with(shop, declare(ShowHome)(forget_to_say_so)) as stage:
        before = await dump(shop.sessions)
        with pytest.raises(UndeclaredChangeError, match=r"menu\.home"):
            await stage.run(stage.envelope(ShowHome()))
        assert await dump(shop.sessions) == before


async def test_a_reading_handler_that_says_it_changed_something_is_at_fault(shop: Shop) -> None:
    async def boast(_: RequestContext, __: Command) -> Reply:
        return Reply(changed=True)

    async with stage_with(shop, reads(ShowHome)(boast)) as stage:
        with pytest.raises(ReadingHandlerError):
            await stage.run(stage.envelope(ShowHome()))


@pytest.mark.parametrize("declare", [writes, reads])
async def test_an_outcome_that_nobody_declares_is_a_fault(
    shop: Shop, declare: Callable[..., Callable[[Handle], Handler]]
) -> None:
    async def end_oddly(_: RequestContext, __: Command) -> Reply:
        return Reply(outcome="odd")

    async with stage_with(shop, declare(ShowHome)(end_oddly)) as stage:
        with pytest.raises(UndeclaredOutcomeError, match=r"menu\.home: odd"):
            await stage.run(stage.envelope(ShowHome()))


async def test_the_end_of_a_question_is_no_change_that_a_refusal_forgot_to_declare(stage: Stage) -> None:
    booking_id = await stage.book()
    await stage.tap(AskNote(booking_id=booking_id))
    async with stage.promising(Message(kind=QUESTION_CLOSED), of=""):
        refused = await stage.tap(Cancel(booking_id=booking_id, version=99))
    assert refused.alert
