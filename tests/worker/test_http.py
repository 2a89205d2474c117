import socket

import pytest
from aiohttp import ClientSession

from sandbox.ports import free_port
from shared.metrics import new_registry
from shared.process import PortTakenError
from worker.http import serving


async def test_it_says_that_it_lives_and_what_it_counted() -> None:
    registry, port = new_registry("worker"), free_port()
    async with (
        serving(registry, "127.0.0.1", port),
        ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        async with session.get("/health") as response:
            assert (await response.json())["status"] == "alive"
        async with session.get("/metrics") as response:
            assert 'component="worker"' in await response.text()


async def test_a_taken_port_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"The worker cannot listen on 127.0.0.1 port {port}: "):
            async with serving(new_registry("worker"), "127.0.0.1", port):
                pass
