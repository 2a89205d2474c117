"""How long to wait before Telegram is asked again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.process import CannotRunError
from shared.telegram.errors import FloodError, RefusedError, TelegramError

CONFLICT: Final = 409
BAD_TOKEN: Final = frozenset({401, 404})
"""Unauthorized, and what Telegram says to a token it cannot even read."""
SLOW_SECONDS: Final = 15.0
"""Between tries where only a person can change the answer."""

type Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


class BadTokenError(CannotRunError):
    """Telegram does not know the token: nothing will work until someone changes it."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses BOT_TOKEN: check it with @BotFather.")


class Backoff:
    """Waits that double up to a ceiling, each made shorter by chance so that replicas spread out."""

    def __init__(self, first: float, ceiling: float) -> None:
        self._first = first
        self._ceiling = ceiling
        self._next = first

    def seconds(self) -> float:
        """Return the next wait."""
        wait = self._next
        self._next = min(self._ceiling, wait * 2)
        return wait * random.uniform(0.5, 1)  # nosec B311  # noqa: S311 - spreads load, guards nothing

    def reset(self) -> None:
        """Start again from the shortest wait."""
        self._next = self._first


class Patience:
    """Turns what Telegram raised into a wait."""

    def __init__(self) -> None:
        self._backoff = Backoff(0.5, 30)

    def after(self, error: TelegramError) -> float:
        """Return how many seconds to wait; raises BadTokenError where waiting is in vain."""
        if isinstance(error, FloodError):
            return error.retry_after
        if not isinstance(error, RefusedError):
            return self._backoff.seconds()
        if error.code in BAD_TOKEN:
            raise BadTokenError from None
        return SLOW_SECONDS

    def reset(self) -> None:
        """Take note that Telegram answered."""
        self._backoff.reset()


async def insist[T](what: str, call: Callable[[], Awaitable[T]], sleep: Sleep = asyncio.sleep) -> T:
    """Call until it works. Raises BadTokenError; logs everything else and tries again."""
    patience = Patience()
    while True:
        try:
            return await call()
        except TelegramError as error:
            wait = patience.after(error)
            log.warning("Telegram call failed", what=what, error=str(error), retry_in=round(wait, 1))
        await sleep(wait)
