"""Handing things over together that come in at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any


class Together[Item, Answer]:
    """Calls `send` with what has come in since its last call, in that order, one call at a time.

    Who comes alone is sent alone and at once. A call that fails fails for everybody in it.
    """

    def __init__(self, send: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]], most: int) -> None:
        self._send = send
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def hand_over(self, item: Item) -> Answer:
        """Return the answer for an item; raises what `send` raised."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        return await answer

    async def _send_all(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._send_one_call(now)
        finally:
            self._sending = None

    async def _send_one_call(self, waiting: Sequence[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._send([item for item, _ in waiting])
        except BaseException as error:
            for _, answer in waiting:
                _fail(answer, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), result in zip(waiting, answers, strict=True):
            if not answer.done():  # whoever asked may have gone
                answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: BaseException) -> None:
    if answer.done():
        return
    if isinstance(error, Exception):
        answer.set_exception(error)
    else:
        answer.cancel()
