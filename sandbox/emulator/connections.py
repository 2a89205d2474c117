"""The TCP connection behind a request: hanging up on it, and noticing that the other side has."""

from collections.abc import Callable
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SCOPE_KEY = "emulator.connection"


class Connection(Protocol):
    """What a request may do with its connection."""

    lost: bool

    def hang_up(self) -> None:
        """Close the connection without an answer."""

    def when_lost(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once the connection is gone."""


class ConnectionProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, with the connection shown to the application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        super().__init__(*args, **kwargs)
        self.lost = False
        self._callbacks: list[Callable[[], None]] = []

    def on_message_begin(self) -> None:
        """Show the connection to the application."""
        super().on_message_begin()
        self._callbacks.clear()
        self.scope[SCOPE_KEY] = self  # type: ignore[literal-required]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever asked that the connection is gone."""
        super().connection_lost(exc)
        self.lost = True
        for callback in self._callbacks:
            callback()

    def hang_up(self) -> None:
        """Close the connection without an answer."""
        self.lost = True
        self.transport.close()

    def when_lost(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once the connection is gone."""
        if self.lost:
            callback()
        else:
            self._callbacks.append(callback)
