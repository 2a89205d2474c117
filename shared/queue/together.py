"""Handing things over together that come in at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field


class Together[Item, Answer]:
    """Calls `send` with what has come in since its last call, in that order, one call at a time.

    Who comes alone is sent alone and at once. A call that fails fails for everybody in it.

    The first of those who wait makes the call for all. Where that one is cancelled meanwhile, the next one
    sends what is still waited for again: `send` has to bear an item that it has been given before.
    """

    def __init__(self, send: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]], most: int) -> None:
        self._send = send
        self._most = most
        self._waiting: list[_Handed[Item, Answer]] = []
        self._carrier: _Handed[Item, Answer] | None = None

    async def hand_over(self, item: Item) -> Answer:
        """Return the answer for an item; raises what `send` raised."""
        mine = _Handed[Item, Answer](item)
        self._waiting.append(mine)
        if self._carrier is None:
            self._appoint()
        try:
            told = await mine.told
            return await self._carry() if told is None else told[0]
        finally:
            self._leave(mine)

    def _appoint(self) -> None:
        """Let the first who still waits carry for all, if anybody does."""
        self._waiting = [each for each in self._waiting if not each.told.cancelled()]
        self._carrier = self._waiting[0] if self._waiting else None
        if self._carrier is not None:
            self._carrier.told.set_result(None)

    def _leave(self, mine: "_Handed[Item, Answer]") -> None:
        if mine in self._waiting:
            self._waiting.remove(mine)
        if self._carrier is mine:
            self._appoint()

    async def _carry(self) -> Answer:
        await asyncio.sleep(0)  # who comes in at this very moment goes along
        now, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            answers = await self._send([each.item for each in now])
            own, *others = zip(now, answers, strict=True)
        except Exception as error:
            for each in now:
                each.fail(error)
            raise
        except BaseException:
            self._waiting = [*now, *self._waiting]
            raise
        for each, answer in others:
            each.tell(answer)
        return own[1]


@dataclass(slots=True, eq=False)
class _Handed[Item, Answer]:
    """An item, and whoever waits for its answer."""

    item: Item
    told: asyncio.Future[tuple[Answer] | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """The answer; None says: carry yourself. Cancelled with the one who waits."""

    def tell(self, answer: Answer) -> None:
        if not self.told.done():
            self.told.set_result((answer,))

    def fail(self, error: Exception) -> None:
        if not self.told.done():
            self.told.set_exception(error)
