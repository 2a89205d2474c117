"""The HTTP server inside this process."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from shared.process import PortTakenError

GRACE_SECONDS: Final = 5
BACKLOG: Final = 2048


class Server(uvicorn.Server):
    """Stops when it is told to; signals are the process's business, not the server's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

    def stop(self) -> None:
        """Take no more requests and finish those in hand."""
        self.should_exit = True


def make_server(app: ASGIApp) -> Server:
    """Make a server that finishes the requests in hand when it is stopped."""
    return Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # bot.callers decides whom to believe
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket. Raises PortTakenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise PortTakenError("bot", host, port, reason, "BOT_HOST or BOT_PORT") from None
