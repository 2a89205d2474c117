"""Reading a client API request, and answering it."""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sandbox.emulator.botapi import body_of
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ApiError, ClientError
from sandbox.emulator.params import INTEGER, read_json
from sandbox.emulator.world import Bot, Json

MAX_TIMEOUT_SECONDS = 60.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class ClientRequest:
    """One request and the emulator it asks."""

    emulator: Emulator
    http: Request

    @property
    def bot(self) -> Bot:
        """The bot the request means."""
        return self.emulator.bot(self.http.query_params.get("bot"))

    @property
    def user_id(self) -> int:
        """The user in the path."""
        return self.path_number("user")

    def path_number(self, name: str) -> int:
        """Return a number in the path; ClientError 404 when it is none."""
        text = self.http.path_params[name]
        if not INTEGER.fullmatch(text):
            raise ClientError(404, f"{text!r} is no number.")
        return int(text)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number from the query."""
        text = self.http.query_params.get(name)
        if text is None:
            return default
        if not INTEGER.fullmatch(text):
            raise ClientError(400, f"{name} is a whole number.")
        return int(text)

    @property
    def timeout(self) -> float:
        """How long the request is ready to wait, in seconds."""
        text = self.http.query_params.get("timeout", "0")
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1
        if not 0 <= seconds < float("inf"):
            raise ClientError(400, "timeout is a number of seconds.")
        return min(seconds, MAX_TIMEOUT_SECONDS)

    async def json(self) -> Json:
        """Return the body's JSON object."""
        try:
            return read_json(await body_of(self.http))
        except ApiError:
            raise ClientError(400, "The body has to be a JSON object.") from None


type Handler = Callable[[ClientRequest], Awaitable[Any]]


def endpoint(emulator: Emulator, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler as a Starlette endpoint."""

    async def answer(request: Request) -> Response:
        try:
            result = await handler(ClientRequest(emulator, request))
        except ClientError as error:
            return as_json({"error": error.sentence}, error.status)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            log.exception("%s failed", request.url.path)
            return as_json({"error": "The emulator has failed; its log says how."}, 500)
        return result if isinstance(result, Response) else as_json(result)

    return answer


def as_json(value: object, status: int = 200) -> Response:
    """Return a JSON response."""
    return Response(json.dumps(value, ensure_ascii=False).encode(), status, media_type="application/json")
