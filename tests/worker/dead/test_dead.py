import io
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.clock import SystemClock
from shared.queue.arq_queue import ArqCommandQueue
from shared.queue.job_format import RUN_COMMAND, write_job
from shared.queue.port import Accepted, QueueUnavailableError
from tests.queueing import RECEIVED, Line, envelope, job, lane, line
from tests.worker.shop import Shop
from worker.dead import repository
from worker.dead.__main__ import carry_out, main
from worker.dead.arguments import DeadLetterRequest

NAMES = ("DATABASE_URL", "REDIS_URL")


@pytest_asyncio.fixture
async def queue(valkey_url: str, shop_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    for name, value in zip(NAMES, (shop_url, valkey_url), strict=True):
        monkeypatch.setenv(name, value)
    async with line(valkey_url) as opened:
        yield opened


async def fail_for_good(shop: Shop, queue: Line, *update_ids: int) -> None:
    """Have commands come in and become dead letters."""
    await queue.put(*update_ids)
    for _ in update_ids:
        (dead,) = await queue.own.claim(1)
        async with shop.sessions.begin() as session:
            payload = {"raw": dead.payload.decode()}
            await repository.add(session, dead.id, RUN_COMMAND, payload, "ValueError: it cannot be")
        await queue.own.finish(dead.id, lane())


async def do(shop: Shop, action: str, *ids: int, as_json: bool = False, yes: bool = False) -> int:
    return await carry_out(DeadLetterRequest(action, ids, as_json, yes), shop.sessions, shop.clock)  # type: ignore[arg-type]


async def left(shop: Shop) -> list[str]:
    return [letter.job_id for letter in await repository.find(shop.sessions, ())]


async def test_what_failed_for_good_is_listed(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await do(shop, "list") == 0
    assert capsys.readouterr().out == "No command has failed for good.\n"
    await fail_for_good(shop, queue, 1, 2)
    assert await do(shop, "list") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "menu.home" in first
    assert second.endswith("ValueError: it cannot be")


async def test_one_is_shown_with_all_there_is(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    await fail_for_good(shop, queue, 1)
    assert await do(shop, "show", 1, as_json=True) == 0
    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["command"]["update_id"] == 1
    assert shown["actor_id"] == 2001
    assert await do(shop, "show", 1) == 0
    assert "menu.home" in capsys.readouterr().out


async def test_a_retried_command_is_on_the_queue_again_though_its_update_was_seen(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    await fail_for_good(shop, queue, 1, 2)
    assert (await queue.queue.put(envelope(1))).accepted is Accepted.DUPLICATE
    assert await queue.take() == []
    assert await do(shop, "retry", 1) == 0
    assert capsys.readouterr().out == "Back on the queue: 1.\n"
    assert await queue.take() == [job(1)]
    assert await left(shop) == [job(2)]
    assert await do(shop, "retry") == 0
    assert await left(shop) == []


async def test_a_retry_that_is_interrupted_loses_nothing_and_can_be_repeated(shop: Shop, queue: Line) -> None:
    await fail_for_good(shop, queue, 1)
    (letter,) = await repository.find(shop.sessions, ())

    class Interrupted(ArqCommandQueue):
        async def put_again(self, envelope: object) -> None:
            await super().put_again(envelope)  # type: ignore[arg-type]
            raise QueueUnavailableError("killed just here")

    interrupted = Interrupted(queue.redis, SystemClock())
    with pytest.raises(QueueUnavailableError):
        await repository.retry(shop.sessions, interrupted, letter)
    assert await left(shop) == [job(1)]
    assert await do(shop, "retry", letter.id) == 0
    assert await left(shop) == []
    assert await queue.take() == [job(1)]
    assert await queue.waiting() == {job(1)}


async def test_of_two_who_retry_the_same_one_does(shop: Shop, queue: Line) -> None:
    await fail_for_good(shop, queue, 1)
    (letter,) = await repository.find(shop.sessions, ())
    assert await repository.retry(shop.sessions, queue.queue, letter)
    assert not await repository.retry(shop.sessions, queue.queue, letter)


async def test_a_dropped_command_is_forgotten(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    await fail_for_good(shop, queue, 1, 2, 3)
    assert await do(shop, "drop", 1, 3, as_json=True, yes=True) == 0
    assert json.loads(capsys.readouterr().out) == {"drop": [1, 3]}
    assert await left(shop) == [job(2)]
    assert await queue.take() == []


@pytest.mark.parametrize("said", ["", "n\n", "y\n"])
async def test_nothing_is_dropped_unless_somebody_said_yes(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    await fail_for_good(shop, queue, 1, 2)
    terminal = io.StringIO(said)
    monkeypatch.setattr(terminal, "isatty", lambda: bool(said))
    monkeypatch.setattr("sys.stdin", terminal)
    agreed = said == "y\n"
    assert await do(shop, "drop") == (0 if agreed else 1)
    told = capsys.readouterr().err
    assert told.count("menu.home") == 2
    assert ("say --yes" in told) is not bool(said)
    assert await left(shop) == ([] if agreed else [job(1), job(2)])


async def test_a_command_of_a_newer_release_is_listed_and_cannot_be_retried_here(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = write_job(envelope(9), RECEIVED).replace(b"menu.home", b"menu.tomorrow").decode()
    async with shop.sessions.begin() as session:
        await repository.add(session, job(9), "menu.tomorrow", {"raw": raw}, "ValueError: it cannot be")
    assert await do(shop, "list") == 0
    assert "it cannot be" in capsys.readouterr().out
    assert await do(shop, "retry", 1) == 1
    assert await left(shop) == [job(9)]
    assert await queue.take() == []


async def test_what_is_not_there_or_cannot_be_read_is_said(
    shop: Shop, queue: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    del queue
    async with shop.sessions.begin() as session:
        await repository.add(session, "u:1:9", RUN_COMMAND, {"raw": "{"}, "ValidationError: x")
    assert await do(shop, "retry", 1, 77) == 1
    said = capsys.readouterr()
    assert "There is no dead command 77." in said.err
    assert "1 cannot be retried" in said.err
    assert said.out == "Nothing was done.\n"
    assert await left(shop) == ["u:1:9"]


@pytest.mark.parametrize("words", [["retry"], ["drop"], ["show"], ["retry", "1", "--all"], ["list", "1"]])
def test_arguments_that_make_no_sense(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.strip().endswith((".", "`"))


def test_a_database_that_is_away_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody:secret@127.0.0.1:1/none")
    assert main(["list"]) == 1
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert "secret" not in said
