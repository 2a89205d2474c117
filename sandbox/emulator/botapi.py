"""The Bot API over HTTP: one route for every method, one for downloads."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.emulator import params
from sandbox.emulator.config import MAX_BODY_BYTES
from sandbox.emulator.connections import SCOPE_KEY, Connection
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ApiError, too_many_requests
from sandbox.emulator.faults import CALL_KINDS, Fault
from sandbox.emulator.methods.call import Call
from sandbox.emulator.methods.registry import METHODS
from sandbox.emulator.params import INTEGER, Params
from sandbox.emulator.world import Bot

log = logging.getLogger(__name__)
NOT_FOUND = ApiError(404, "Not Found: method not found")
UNAUTHORIZED = ApiError(401, "Unauthorized")
TOO_LARGE = ApiError(413, "Request Entity Too Large")
BROKEN = ApiError(500, "Internal Server Error")
SERVER_ERRORS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
OK = 200


class HangUpError(Exception):
    """The connection is to be closed without an answer."""


@dataclass(slots=True)
class Answer:
    """What a bot gets back."""

    status: int
    body: dict[str, Any]

    @property
    def description(self) -> str | None:
        """The refusal, if it is one."""
        return None if self.status == OK else self.body.get("description")


def refused(error: ApiError) -> Answer:
    """Return the answer that refuses."""
    return Answer(error.code, error.body())


async def body_of(request: Request) -> bytes:
    """Return the request's body; raises ApiError 413 for one that is too large."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise TOO_LARGE
        chunks.append(chunk)
    return b"".join(chunks)


@dataclass(slots=True)
class BotApi:
    """The ASGI application behind `/bot<token>/<method>`."""

    emulator: Emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        connection: Connection | None = scope.get(SCOPE_KEY)
        request = Request(scope, receive)
        try:
            answer = await self._answer(request, connection)
        except ClientDisconnect:
            return
        except HangUpError:
            await _hang_up(connection, receive)
            return
        except Exception:
            log.exception("%s failed", request.url.path.rpartition("/")[2])
            answer = refused(BROKEN)
        content = json.dumps(answer.body, ensure_ascii=False).encode()
        headers = {"content-type": "application/json"}
        if "parameters" in answer.body:
            headers["retry-after"] = str(answer.body["parameters"].get("retry_after", ""))
        await Response(content, answer.status, headers)(scope, receive, send)

    async def _answer(self, request: Request, connection: Connection | None) -> Answer:
        bot = self.emulator.by_token.get(request.path_params["token"])
        if bot is None:
            return refused(UNAUTHORIZED)
        if request.method not in {"GET", "POST"}:
            return refused(ApiError(405, "Method Not Allowed"))
        try:
            body = await body_of(request)
            given = await params.read(request.scope["query_string"], request.headers, body)
        except ApiError as error:
            return refused(error)
        call = Call(self.emulator, bot, given, connection)
        return await self.answer(call, request.path_params["method"])

    async def answer(self, call: Call, name: str) -> Answer:
        """Carry a call out, with the faults that are armed against it, and log it."""
        began, at = time.perf_counter(), time.time()
        known = METHODS.get(name.lower())
        shown = known[0] if known else name
        chat_id = _chat_id(call.params)
        faults = self.emulator.faults.strikes(CALL_KINDS, shown, chat_id)
        answer = Answer(0, {"description": "refused before it was read"})
        try:
            answer = await _faulty(faults) or await self._carry_out(call, name)
            if any(fault.kind == "drop" for fault in faults):
                raise HangUpError
        finally:
            self._log(call, shown, chat_id, answer, (at, began))
        return answer

    async def _carry_out(self, call: Call, name: str) -> Answer:
        known = METHODS.get(name.lower())
        if known is None:
            return refused(NOT_FOUND)
        try:
            result = await known[1](call)
        except ApiError as error:
            return refused(error)
        except Exception:
            log.exception("%s failed", known[0])
            return refused(BROKEN)
        body = {"ok": True, "result": result}
        return Answer(OK, body | {"description": call.note} if call.note else body)

    def _log(
        self, call: Call, name: str, chat_id: int | None, answer: Answer, began: tuple[float, float]
    ) -> None:
        at, clock = began
        self.emulator.calls.add(
            {
                "at": at,
                "bot_id": call.bot.id,
                "method": name,
                "chat_id": chat_id,
                "status": answer.status,
                "description": answer.description,
                "ms": round((time.perf_counter() - clock) * 1000, 3),
                "params": call.params.logged(),
            }
        )

    async def webhook_reply(self, bot: Bot, body: bytes, content_type: str) -> None:
        """Carry out the method call a webhook's answer holds; its result goes nowhere."""
        headers = Headers({"content-type": content_type})
        try:
            given = await params.read(b"", headers, body)
        except ApiError:
            return
        method = given.text("method")
        given.values.pop("method", None)
        if method:
            try:
                await self.answer(Call(self.emulator, bot, given), method)
            except HangUpError:
                return


async def _faulty(faults: list[Fault]) -> Answer | None:
    for fault in faults:
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
    for fault in faults:
        if fault.kind == "refuse":
            raise HangUpError
        if fault.kind == "flood":
            return refused(too_many_requests(fault.retry_after))
        if fault.kind == "error":
            return refused(ApiError(fault.status, SERVER_ERRORS.get(fault.status, "Internal Server Error")))
    return None


async def _hang_up(connection: Connection | None, receive: Receive) -> None:
    if connection is None:
        return
    connection.hang_up()
    while (await receive())["type"] != "http.disconnect":
        pass


def _chat_id(given: Params) -> int | None:
    text = given.text("chat_id")
    return int(text) if INTEGER.fullmatch(text) else None


@dataclass(slots=True)
class Downloads:
    """The ASGI application behind `/file/bot<token>/<path>`."""

    emulator: Emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file's bytes."""
        await self._answer(Request(scope, receive))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        bot = self.emulator.by_token.get(request.path_params["token"])
        if bot is None:
            return Response(json.dumps(UNAUTHORIZED.body()), 401, {"content-type": "application/json"})
        for stored in self.emulator.world.files.values():
            if stored.bot_id == bot.id and stored.path == request.path_params["path"]:
                return Response(stored.data, media_type=stored.mime_type)
        missing = ApiError(404, "Not Found")
        return Response(json.dumps(missing.body()), 404, {"content-type": "application/json"})


def disposition(name: str) -> str:
    """Return the Content-Disposition of a file to be saved."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
