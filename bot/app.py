"""The bot over HTTP: the webhook, and what operators ask."""

import asyncio
import hmac
from typing import Final

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.callers import FORWARDED, Callers
from bot.ingest import Ingest
from bot.metrics import BotMetrics
from bot.payload import NotJsonError
from bot.readiness import Readiness
from bot.webhook import PATH
from shared.metrics import CONTENT_TYPE, render, revision
from shared.queue.port import QueueUnavailableError

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BODY_BYTES: Final = 4 * 1024 * 1024
"""Updates are a few KiB; a rich message of 32,768 characters that replies to another has two or three MiB."""
DISCARDED_BYTES: Final = 4 * BODY_BYTES
"""So much more is read and thrown away, for a caller hears the answer only after it has spoken."""
BODY_SECONDS: Final = 10.0
"""Who takes longer to say it holds a connection for nothing; Telegram sends updates at once."""
AGAIN: Final = {"Retry-After": "1"}
HANG_UP: Final = {"Connection": "close"}
"""The rest of a body that is not read is not waited for either."""


class RejectedError(Exception):
    """A webhook call that is no update of Telegram's, or one too large to be read."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Webhook:
    """Answers Telegram: 200 means that the update is on the queue, or needs no second try."""

    def __init__(
        self,
        ingest: Ingest,
        metrics: BotMetrics,
        secret: str,
        callers: Callers | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._ingest = ingest
        self._metrics = metrics
        self._secret = secret.encode()
        self._callers = callers or Callers()
        self._body_seconds = body_seconds

    async def answer(self, request: Request) -> Response:
        """Take one update."""
        status = 500
        try:
            response = await self._answer(request)
            status = response.status_code
        finally:
            self._metrics.webhook.requests.labels(str(status)).inc()
        return response

    async def _answer(self, request: Request) -> Response:
        try:
            self._check_caller(request)
            self._check_secret(request.headers.get(SECRET_HEADER))
            await self._ingest.accept(await _body_in_time(request, self._body_seconds))
        except RejectedError as error:
            self._metrics.webhook.rejected.labels(error.reason).inc()
            return Response(status_code=error.status, headers=HANG_UP)
        except NotJsonError:
            self._metrics.webhook.rejected.labels("not_json").inc()
            return Response(status_code=400)
        except QueueUnavailableError:
            return Response(status_code=503, headers=AGAIN)
        return Response()

    def _check_caller(self, request: Request) -> None:
        peer = None if request.client is None else request.client.host
        if not self._callers.admit(peer, request.headers.getlist(FORWARDED)):
            raise RejectedError(403, "wrong_address")

    def _check_secret(self, given: str | None) -> None:
        if given is None:
            raise RejectedError(401, "no_secret")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret):
            raise RejectedError(403, "wrong_secret")


async def _body_in_time(request: Request, seconds: float) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            return await _body(request)
    except TimeoutError:
        raise RejectedError(408, "too_slow") from None


async def _body(request: Request) -> bytes:
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > DISCARDED_BYTES:
                break
            if size <= BODY_BYTES:
                chunks.append(chunk)
    except ClientDisconnect:
        raise RejectedError(400, "hung_up") from None
    if size > BODY_BYTES:
        # Of Telegram's own, for it knew the secret: refused, it would come again and hold up its chat.
        raise RejectedError(200, "too_large")
    return b"".join(chunks)


class Operations:
    """Answers operators and their machines."""

    def __init__(self, readiness: Readiness, registry: CollectorRegistry) -> None:
        self._readiness = readiness
        self._registry = registry

    async def health(self, _: Request) -> Response:
        """Say that the process lives, and which it is."""
        return JSONResponse({"status": "alive", "revision": revision()})

    async def ready(self, _: Request) -> Response:
        """Say whether updates can be accepted, and what is in the way."""
        problems = await self._readiness.problems()
        if problems:
            return JSONResponse({"status": "unavailable", "reasons": list(problems)}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def metrics(self, _: Request) -> Response:
        """Write every figure in Prometheus's format."""
        return Response(render(self._registry), headers={"Content-Type": CONTENT_TYPE})


def create_app(operations: Operations, webhook: Webhook | None) -> FastAPI:
    """Put the routes together; without a webhook, as in polling mode, its path is not found."""
    routes: list[BaseRoute] = [
        Route("/health", operations.health),
        Route("/ready", operations.ready),
        Route("/metrics", operations.metrics),
    ]
    if webhook is not None:
        routes.insert(0, Route(PATH, webhook.answer, methods=["POST"]))
    return FastAPI(routes=routes, openapi_url=None, docs_url=None, redoc_url=None)
