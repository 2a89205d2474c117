"""A way to a server that can be cut without a word: no reset, no end, only silence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class BlackHole:
    """Forwards connections; those that are open when it swallows are never heard of again."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._writers: set[asyncio.StreamWriter] = set()
        self._lost: set[asyncio.StreamWriter] = set()
        self._silent = False

    def swallow(self) -> None:
        """Let nothing through any more on the connections there are; new ones work."""
        self._lost |= self._writers

    def fall_silent(self) -> None:
        """Break the connections there are, and answer nothing on new ones."""
        self._silent = True
        self.close()

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, beyond = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, beyond}
        if self._silent:
            self.swallow()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._carry(reader, beyond))
            group.create_task(self._carry(answers, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if writer not in self._lost:
                    writer.write(data)
        if writer not in self._lost:
            writer.close()


@asynccontextmanager
async def black_hole(url: str) -> AsyncIterator[tuple[BlackHole, str]]:
    """Serve a way to a URL's server; give it with the URL that leads through it."""
    address = urlsplit(url)
    hole = BlackHole(address.hostname or "127.0.0.1", address.port or 0)
    server = await asyncio.start_server(hole.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    through = url.replace(f"{address.hostname}:{address.port}", f"127.0.0.1:{port}")
    try:
        yield hole, through
    finally:
        server.close()
        hole.close()
        await server.wait_closed()
