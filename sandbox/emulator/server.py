"""Serving the emulator: on a socket of its own, stopped quickly and cleanly."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn

from sandbox.emulator.app import create_app
from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.connections import ConnectionProtocol
from sandbox.emulator.emulator import Emulator

TICK_SECONDS = 0.1
"""uvicorn's own: every tenth tick renews the answers' date."""
TICKS = 864_000
BACKLOG = 2048
KEEP_ALIVE_SECONDS = 75
"""Longer than a client keeps an idle connection, so that none is closed under a request on its way."""


class PortTakenError(Exception):
    """Somebody else listens there."""


class EmulatorServer(uvicorn.Server):
    """uvicorn, letting long polls go when it stops and leaving signals to the caller."""

    def __init__(self, config: uvicorn.Config, emulator: Emulator) -> None:
        super().__init__(config)
        self.emulator = emulator
        self.serving = asyncio.Event()
        self._stopping = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when the emulator serves."""
        await super().startup(sockets)
        self.serving.set()

    async def main_loop(self) -> None:
        """Tick as uvicorn does, and stop between two ticks."""
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % TICKS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let every long poll answer, then stop; at once where nobody is connected."""
        self.emulator.close()
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        await self.lifespan.shutdown()

    def stop(self) -> None:
        """Begin to stop."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@dataclass(frozen=True, slots=True)
class Served:
    """A running emulator: where it listens and what it knows."""

    url: str
    emulator: Emulator


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises PortTakenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off where the protocol is named: else each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTakenError(f"{host}:{port} cannot be listened on: {error.strerror}.") from None
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listener


def _server(config: EmulatorConfig) -> EmulatorServer:
    app = create_app(config)
    settings = uvicorn.Config(
        app,
        http=ConnectionProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
    )
    return EmulatorServer(settings, app.state.emulator)


@contextlib.asynccontextmanager
async def served(config: EmulatorConfig, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Served]:
    """Serve an emulator inside this process, for tests."""
    with listen(host, port) as listener:
        server = _server(config)
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(server.serve([listener]))
            started = tasks.create_task(server.serving.wait())
            await asyncio.wait({serving, started}, return_when=asyncio.FIRST_COMPLETED)
            failure: BaseException | None = None
            try:
                yield Served(f"http://{host}:{listener.getsockname()[1]}", server.emulator)
            except BaseException as error:  # noqa: BLE001 - raised again once the server has stopped
                failure = error
            started.cancel()
            server.stop()
        if failure is not None:
            raise failure


async def run(config: EmulatorConfig, host: str, port: int) -> None:
    """Serve an emulator until SIGINT or SIGTERM; raises PortTakenError."""
    with listen(host, port) as listener:
        server = _server(config)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, server.stop)
        await server.serve([listener])
