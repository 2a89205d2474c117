"""Where a machine's steps take place: a loop of their own, and a shop that opens anew for each run."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from types import TracebackType
from typing import Any, Self

from tests.kit.business import BUSINESS_ID
from tests.kit.emptying import emptier
from tests.kit.engines import engine_to
from tests.stateful.shop import open_narrow_shop
from tests.walks.faults import ErrorLog, errors_kept
from tests.walks.shop import on_walked_stage
from tests.walks.walk import Walk
from worker.db.engine import make_sessions


class Ground:
    """A loop and a database; a machine is given them one run after the other.

    A step is a plain function and has to leave off in between, so the stage is held by a task of its own.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.found: list[str] = []
        """What was found in any run: where people act at the same moment, the next may not find it again."""

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    def run[T](self, what: Coroutine[Any, Any, T]) -> T:
        """Do something to its end."""
        return self._runner.run(what)

    def open(self) -> Walk:
        """Empty the database, open the shop and let everybody in."""
        self._log: AbstractContextManager[ErrorLog] = errors_kept()
        log = self._log.__enter__()
        return self.run(self._open(log))

    def close(self) -> None:
        """Close the shop; nobody is there any more."""
        self.run(self._close())
        self._log.__exit__(None, None, None)

    async def _open(self, log: ErrorLog) -> Walk:
        self._over = asyncio.Event()
        opened: asyncio.Future[Walk] = asyncio.get_running_loop().create_future()
        self._held = asyncio.create_task(self._hold(log, opened))
        await asyncio.wait([self._held, opened], return_when=asyncio.FIRST_COMPLETED)
        return self._held.result() if self._held.done() else opened.result()

    async def _hold(self, log: ErrorLog, opened: "asyncio.Future[Walk]") -> Walk:
        async with self._stage(log) as walk:
            await walk.begin()
            opened.set_result(walk)
            await self._over.wait()
            return walk

    @asynccontextmanager
    async def _stage(self, log: ErrorLog) -> AsyncIterator[Walk]:
        async with emptier(self._url) as found:
            await found.empty()
        async with engine_to(self._url) as engine:
            shop = await open_narrow_shop(make_sessions(engine, BUSINESS_ID))
            async with on_walked_stage(shop) as stage:
                yield Walk(stage, 0, log)

    async def _close(self) -> None:
        self._over.set()
        await self._held
