"""Calls to Telegram are made again until they succeed; a wrong token ends the bot."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.process import CannotRunError
from shared.retry import Backoff
from shared.telegram.errors import FloodError, RefusedError, TelegramError

CONFLICT: Final = 409
FIRST_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 30.0
REFUSED_SECONDS: Final = 15.0
"""Between tries where only a person can change the answer."""

type Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


class BadTokenError(CannotRunError):
    """Telegram does not know the token: nothing will work until someone changes it."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses BOT_TOKEN: check it with @BotFather.")


class RetryPolicy:
    """Decides how long to wait after a failed call, by what Telegram answered."""

    def __init__(self) -> None:
        self._backoff = Backoff(first=FIRST_SECONDS, longest=LONGEST_SECONDS)

    def seconds_after(self, error: TelegramError) -> float:
        """Return how many seconds to wait. Raises BadTokenError, for no later call would succeed."""
        if isinstance(error, FloodError):
            return error.retry_after
        if not isinstance(error, RefusedError):
            return self._backoff.seconds()
        if error.bad_token:
            raise BadTokenError from None
        return REFUSED_SECONDS

    def reset(self) -> None:
        """Take note that Telegram answered."""
        self._backoff.reset()


async def retry[T](method: str, call: Callable[[], Awaitable[T]], sleep: Sleep = asyncio.sleep) -> T:
    """Repeat a call of `method` until it succeeds; log each failure. Raises BadTokenError."""
    policy = RetryPolicy()
    while True:
        try:
            return await call()
        except TelegramError as error:
            wait = policy.seconds_after(error)
            log.warning("Telegram call failed", what=method, error=str(error), retry_in=round(wait, 1))
        await sleep(wait)
