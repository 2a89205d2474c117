"""Sending together what is submitted at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field


class Batcher[Item, Answer]:
    """Calls `send` with what was submitted since its last call, in that order, one call at a time.

    An item that comes alone is sent alone and at once. A call that fails fails for every item in it.

    No task runs for it: the first submitter that waits is the leader and makes the call for all. Where the
    leader is cancelled meanwhile, the next one sends what is still waited for again: `send` has to bear an
    item that it has been given before.
    """

    def __init__(self, send: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]], most: int) -> None:
        self._send = send
        self._most = most
        self._waiting: list[_Submitted[Item, Answer]] = []
        self._leader: _Submitted[Item, Answer] | None = None

    async def submit(self, item: Item) -> Answer:
        """Return the answer for an item; raises what `send` raised."""
        mine = _Submitted[Item, Answer](item)
        self._waiting.append(mine)
        if self._leader is None:
            self._elect_leader()
        try:
            answer = await mine.answer
            return await self._flush() if answer is None else answer[0]
        finally:
            self._withdraw(mine)

    def _elect_leader(self) -> None:
        """Let the first submitter that still waits make the next call, if any does."""
        self._waiting = [each for each in self._waiting if not each.answer.cancelled()]
        self._leader = self._waiting[0] if self._waiting else None
        if self._leader is not None:
            self._leader.answer.set_result(None)

    def _withdraw(self, mine: "_Submitted[Item, Answer]") -> None:
        if mine in self._waiting:
            self._waiting.remove(mine)
        if self._leader is mine:
            self._elect_leader()

    async def _flush(self) -> Answer:
        """Send one batch as its leader; return the leader's own answer."""
        await asyncio.sleep(0)  # what is submitted at this very moment goes along
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            answers = await self._send([each.item for each in batch])
            own, *others = zip(batch, answers, strict=True)
        except Exception as error:
            for each in batch:
                each.fail(error)
            raise
        except BaseException:
            self._waiting = [*batch, *self._waiting]
            raise
        for each, answer in others:
            each.succeed(answer)
        return own[1]


@dataclass(slots=True, eq=False)
class _Submitted[Item, Answer]:
    """An item, and the future on which its submitter waits."""

    item: Item
    answer: asyncio.Future[tuple[Answer] | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """None tells the submitter that it is the leader now. Cancelled with the submitter."""

    def succeed(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result((answer,))

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
