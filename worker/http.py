"""The worker's own HTTP: is it alive, and what has it counted."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry

from shared.metrics import CONTENT_TYPE, render, revision
from shared.process import PortTakenError

type Waits = Callable[[], str | None]
"""Says why nothing is done yet; None where it is."""


def make_app(registry: CollectorRegistry, waits: Waits) -> web.Application:
    """Make the application with /health and /metrics."""

    async def health(_: web.Request) -> web.Response:
        reason = waits()
        said = {"status": "alive"} if reason is None else {"status": "waiting", "reason": reason}
        return web.json_response({**said, "revision": revision()})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=render(registry), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics)
    return app


@asynccontextmanager
async def serving(
    registry: CollectorRegistry, host: str, port: int, waits: Waits = lambda: None
) -> AsyncIterator[None]:
    """Serve for the length of the block. Raises PortTakenError.

    A worker that waits lives, and says for what: it would wait no better for being started again.
    """
    runner = web.AppRunner(
        make_app(registry, waits), access_log=None, handle_signals=False, shutdown_timeout=1
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortTakenError("worker", host, port, str(error.strerror), "WORKER_METRICS_PORT") from None
    try:
        yield
    finally:
        await runner.cleanup()
