import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, ClientSession

from bot.app import BODY_BYTES, SECRET_HEADER, Operations, Webhook, create_app
from bot.callers import Callers
from bot.polling import Polling
from bot.readiness import Readiness
from bot.server import Server, listen, make_server
from bot.webhook import PATH
from shared.telegram.client import TelegramClient
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import TOKEN

SECRET = "a-Secret_1"
KNOWN = {SECRET_HEADER: SECRET}


@dataclass(frozen=True)
class Served:
    """The app behind a real socket."""

    kit: Kit
    session: ClientSession
    port: int

    async def post(self, body: object, headers: Mapping[str, str] = KNOWN) -> ClientResponse:
        data = body if isinstance(body, bytes | BytesIO) else json.dumps(body).encode()
        async with self.session.post(PATH, data=data, headers=headers) as response:
            await response.read()
            return response

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(path) as response:
            return response.status, await response.json()


async def _end(server: Server, task: "asyncio.Future[None]") -> None:
    """End a server at once; how it stops for people takes 0.2 s and is the matter of test_process."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for each in server.servers:
        each.close()
        await each.wait_closed()


@asynccontextmanager
async def serving(kit: Kit, webhook: Webhook | None, polling: Polling | None = None) -> AsyncIterator[Served]:
    operations = Operations(Readiness(kit.memory, polling), kit.registry)
    server = make_server(create_app(operations, webhook))
    with listen("127.0.0.1", 0) as listener:
        task = asyncio.ensure_future(server.serve([listener]))
        port = listener.getsockname()[1]
        try:
            async with ClientSession(f"http://127.0.0.1:{port}") as session:
                yield Served(kit, session, port)
        finally:
            await _end(server, task)


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    kit = Kit()
    async with serving(kit, Webhook(kit.ingest, kit.metrics, SECRET)) as running:
        yield running


async def test_an_update_is_queued_before_its_200(served: Served) -> None:
    assert (await served.post(updates.message("/start"))).status == 200
    assert served.kit.envelope.update_id == 1


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({}, 401, "no_secret"),
        ({SECRET_HEADER: ""}, 403, "wrong_secret"),
        ({SECRET_HEADER: SECRET.lower()}, 403, "wrong_secret"),
        ({SECRET_HEADER: SECRET + "x"}, 403, "wrong_secret"),
        ({SECRET_HEADER: "sécret"}, 403, "wrong_secret"),
    ],
)
async def test_without_the_secret_nothing_is_taken(
    served: Served, headers: dict[str, str], status: int, reason: str
) -> None:
    response = await served.post(updates.message("/start"), headers)
    assert response.status == status
    assert served.kit.memory.envelopes == []
    assert served.kit.value("bellhop_webhook_rejected_total", reason=reason) == 1


async def test_an_address_that_is_not_on_the_list_is_not_listened_to() -> None:
    kit = Kit()
    callers = Callers([ip_network("149.154.160.0/20")], [ip_network("127.0.0.0/8")])
    async with serving(kit, Webhook(kit.ingest, kit.metrics, SECRET, callers)) as served:
        forged = {SECRET_HEADER: SECRET, "X-Forwarded-For": "149.154.167.220, 203.0.113.7"}
        assert (await served.post(updates.message("/start"), forged)).status == 403
        assert kit.memory.envelopes == []
        real = {SECRET_HEADER: SECRET, "X-Forwarded-For": "149.154.167.220"}
        assert (await served.post(updates.message("/start"), real)).status == 200
    assert kit.value("bellhop_webhook_rejected_total", reason="wrong_address") == 1
    assert kit.value("bellhop_webhook_requests_total", status="403") == 1
    assert kit.value("bellhop_webhook_requests_total", status="200") == 1


async def test_five_megabytes_are_too_large(served: Served) -> None:
    response = await served.post(BytesIO(b'{"update_id": 1, "x": "' + b"x" * 5 * 1024 * 1024 + b'"}'))
    assert response.status == 200, "else Telegram would send it again"
    assert served.kit.value("bellhop_webhook_rejected_total", reason="too_large") == 1


async def test_a_body_without_a_length_is_counted_as_it_comes(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: bot\r\n{SECRET_HEADER}: {SECRET}\r\n".encode())
    writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(BODY_BYTES // 65536 + 1):
        writer.write(b"10000\r\n" + b" " * 65536 + b"\r\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert b" 200 " in status
    assert served.kit.value("bellhop_webhook_rejected_total", reason="too_large") == 1


async def test_a_body_of_just_the_limit_is_read(served: Served) -> None:
    update = json.dumps(updates.message("/start")).encode()
    response = await served.post(BytesIO(update + b" " * (BODY_BYTES - len(update))))
    assert response.status == 200
    assert served.kit.envelope.update_id == 1


@pytest.mark.parametrize("body", [b"", b"{", b"update_id=1", b"\xff"])
async def test_what_is_no_json_gets_400(served: Served, body: bytes) -> None:
    assert (await served.post(body)).status == 400
    assert served.kit.value("bellhop_webhook_rejected_total", reason="not_json") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"update_id": 1, "message": ' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"}",
        b"[]",
        b"{}",
        json.dumps({"update_id": 1, "message": {"text": 5}}).encode(),
        json.dumps({"update_id": 1, "brand_new": {}}).encode(),
    ],
)
async def test_poison_is_swallowed(served: Served, body: bytes) -> None:
    assert (await served.post(body)).status == 200
    assert served.kit.memory.envelopes == []


async def test_an_outage_is_503_and_the_repeat_is_taken(served: Served) -> None:
    served.kit.memory.down = True
    response = await served.post(updates.message("/start"))
    assert (response.status, response.headers["Retry-After"]) == (503, "1")
    served.kit.memory.down = False
    assert (await served.post(updates.message("/start"))).status == 200
    assert served.kit.envelope.update_id == 1


async def test_fifty_repeats_at_once_are_one_command(served: Served) -> None:
    responses = await asyncio.gather(*(served.post(updates.tap("h")) for _ in range(50)))
    assert {response.status for response in responses} == {200}
    assert len(served.kit.memory.envelopes) == 1
    assert served.kit.counted("callback_query", "duplicate") == 49


async def test_a_caller_that_hangs_up_breaks_nothing(served: Served) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", served.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: bot\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{"
    writer.write(head.encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await served.post(updates.message("/start"))).status == 200
    assert served.kit.memory.envelopes


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    kit = Kit()
    head = f"POST {PATH} HTTP/1.1\r\nHost: bot\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{"
    async with serving(kit, Webhook(kit.ingest, kit.metrics, SECRET, body_seconds=0.05)) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(head.encode())
        answer = await asyncio.wait_for(reader.read(), 10)  # to its end: the connection is closed
        writer.close()
    assert b" 408 " in answer.splitlines()[0]
    assert kit.value("bellhop_webhook_rejected_total", reason="too_slow") == 1
    assert kit.memory.envelopes == []


async def test_only_post_reaches_the_webhook(served: Served) -> None:
    async with served.session.get(PATH) as response:
        assert response.status == 405


async def test_health_tells_the_revision(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELLHOP_REVISION", "abc123")
    assert await served.get("/health") == (200, {"status": "alive", "revision": "abc123"})


async def test_readiness_follows_the_queue(served: Served) -> None:
    assert await served.get("/ready") == (200, {"status": "ready"})
    served.kit.memory.down = True
    status, answer = await served.get("/ready")
    assert (status, answer["status"]) == (503, "unavailable")
    assert answer["reasons"] == ["queue: the test says so"]
    assert (await served.get("/health"))[0] == 200


async def test_metrics_are_shown(served: Served) -> None:
    await served.post(updates.message("/start"))
    async with served.session.get("/metrics") as response:
        text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain")
    assert 'bellhop_updates_total{result="queued",type="message"} 1.0' in text
    assert "bellhop_ingest_seconds_count 1.0" in text


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/telegram"])
async def test_there_is_nothing_else(served: Served, path: str) -> None:
    async with served.session.get(path) as response:
        assert response.status == 404


async def test_polling_has_no_webhook_and_is_ready_once_it_works() -> None:
    kit = Kit()
    async with TelegramClient(TOKEN, "http://127.0.0.1:1") as client:
        polling = Polling(client, kit.ingest, kit.metrics, kit.clock)
        async with serving(kit, None, polling) as served:
            assert (await served.post(updates.message("/start"))).status == 404
            status, answer = await served.get("/ready")
            assert status == 503
            assert "polling" in answer["reasons"][0]
            polling._succeeded()
            assert (await served.get("/ready"))[0] == 200
