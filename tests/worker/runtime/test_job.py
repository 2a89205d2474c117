"""A command as a job: what is kept of one that died."""

import asyncio

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from shared.contracts.menu import ShowHome
from shared.contracts.people import ChooseLanguage
from shared.envelope import UnknownKindError
from shared.queue.job_format import RUN_COMMAND, write_job
from tests.worker.stage import Stage
from worker.db.models.delivery import DeadCommand
from worker.db.outages import is_outage
from worker.runtime import runner
from worker.runtime.decider import Decider
from worker.runtime.jobs.leases import NullLease
from worker.runtime.jobs.runner import JobContext
from worker.runtime.jobs.source import Job


async def dead_letters(stage: Stage) -> list[tuple[str, str]]:
    async with stage.shop.sessions() as session:
        rows = await session.scalars(select(DeadCommand).order_by(DeadCommand.id))
        return [(row.job_id, row.reason) for row in rows]


@pytest.mark.parametrize(
    "payload",
    [b"", b"junk", b"\x00\xff\xfe", b'{"f": "run_command", "a": [{"\\u0000": 1}]}', b"\xed\xa0\x80"],
)
async def test_whatever_died_is_kept(stage: Stage, payload: bytes) -> None:
    job = Job("u:1:1", payload, 0.0)
    await stage.parts.job.move_to_dead_letters(job, ValueError("zero \x00 and half \ud800"))
    assert [name for name, _ in await dead_letters(stage)] == ["u:1:1"]


async def test_a_dead_letter_is_kept_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.parts.job.move_to_dead_letters(Job("u:1:1", b"{}", 0.0), ValueError("first"))
    assert await dead_letters(stage) == [("u:1:1", "ValueError: first")]


async def test_the_person_is_told(stage: Stage) -> None:
    envelope = stage.envelope(ShowHome())
    payload = write_job(envelope, envelope.received_at)
    await stage.parts.job.move_to_dead_letters(Job(envelope.job_id, payload, 0.0), ValueError("odd"))
    assert "Something went wrong on our side" in stage.texts()[-1]


async def test_the_person_is_told_in_the_language_they_chose(stage: Stage) -> None:
    await stage.tap(ChooseLanguage(language="ru"))
    envelope = stage.envelope(ShowHome())
    assert envelope.actor.language_code != "ru"
    payload = write_job(envelope, envelope.received_at)
    await stage.parts.job.move_to_dead_letters(Job(envelope.job_id, payload, 0.0), ValueError("odd"))
    assert "пошло не так" in stage.texts()[-1]


async def test_a_dead_letter_says_what_was_asked(stage: Stage) -> None:
    envelope = stage.envelope(ShowHome())
    payload = write_job(envelope, envelope.received_at)
    for job in (Job("u:1:1", payload, 0.0), Job("u:1:2", b"junk", 0.0)):
        await stage.parts.job.move_to_dead_letters(job, ValueError("odd"))
    async with stage.shop.sessions() as session:
        kinds = await session.scalars(select(DeadCommand.kind).order_by(DeadCommand.id))
        assert list(kinds) == ["menu.home", "unreadable"]


async def test_a_person_who_cannot_be_told_does_not_bring_the_dead_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    envelope = stage.envelope(ShowHome())
    payload = write_job(envelope, envelope.received_at)
    monkeypatch.setattr(stage.parts.runner, "apologise", broken)
    await stage.parts.job.move_to_dead_letters(Job(envelope.job_id, payload, 0.0), ValueError("odd"))
    assert len(await dead_letters(stage)) == 1


async def test_a_command_of_a_newer_release_is_said_to_be_one(stage: Stage) -> None:
    payload = stage.envelope(ShowHome()).model_dump(mode="json")
    payload["command"]["kind"] = "tomorrow.first"
    with pytest.raises(UnknownKindError) as raised:
        await stage.parts.job.run(JobContext("u:1:1", 0.0, NullLease()), payload)
    assert raised.value.kind == "tomorrow.first"


async def test_one_canonical_line_a_command(stage: Stage) -> None:
    with capture_logs() as lines:
        await stage.type(ShowHome())
    assert [line["result"] for line in lines if line["event"] == "command"] == ["done"]
    assert list(stage.parts.job.handlers().functions) == [RUN_COMMAND]


async def test_a_command_that_hangs_is_ended_and_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(runner, "STEP_SECONDS", 0.0)
    monkeypatch.setattr(Decider, "decide", hang)
    with pytest.raises(TimeoutError) as raised:
        await stage.run(stage.envelope(ShowHome()))
    assert is_outage(raised.value)
