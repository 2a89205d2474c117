"""A Bot API client that only calls methods: what aiogram's costs three seconds and 165 MiB for.

Why not aiogram's own client: see docs/decisions/0002-who-imports-aiogram.md.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol, Self

import aiohttp
from pydantic_core import to_json

from shared.cleaning import clean, read_json
from shared.telegram.errors import (
    AmbiguousError,
    FloodError,
    RefusedError,
    TelegramError,
    UnavailableError,
    UnreadableError,
)
from shared.tracing import span

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
REDIRECTED = 300
TOO_MANY = 429
SERVER_ERROR = 500
LONGEST_PAUSE = 24 * 3600.0
"""Seconds; Telegram asks for less."""
LARGEST_CHAT = 2**52
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes; a hundred updates of the usual size have a hundredth of that."""
LONGEST_DESCRIPTION = 500
GATEWAY = frozenset({502, 504})
"""Said by what stands before Telegram's servers: behind it the request may have been carried out."""
NOT_SENT = (
    aiohttp.ClientConnectorError,  # also of names, proxies and certificates
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)
"""What goes wrong before a request is on its way."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send."""

    name: str
    content: bytes
    media_type: str


class CallObserver(Protocol):
    """Is told of every call: metrics and logs hang here."""

    def called(self, method: str, result: str, seconds: float) -> None:
        """Take note that `method` ended with `result` after `seconds`."""
        ...


class TelegramClient:
    """Calls methods of one bot, over one pool of connections. Use as an async context manager."""

    def __init__(self, token: str, base_url: str, observer: CallObserver | None = None) -> None:
        self._base = f"{base_url}/bot{token}/"
        self._files = f"{base_url}/file/bot{token}/"
        self._observer = observer
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool of connections."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
        connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, Upload] | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> Any:  # noqa: ANN401 - each method answers with a type of its own
        """Call a method and return its result.

        Raises RefusedError, FloodError, UnavailableError or AmbiguousError.
        """
        started = perf_counter()
        result = "ok"
        try:
            with span("send", method=method):
                return await self._exchange(method, parameters or {}, files, answer_seconds)
        except TelegramError as error:
            result = type(error).__name__.removesuffix("Error").lower()
            raise
        finally:
            if self._observer is not None:
                self._observer.called(method, result, perf_counter() - started)

    async def download(self, file_id: str, most: int) -> bytes:
        """Fetch a file that somebody sent, and no more of it than so many bytes and one.

        Raises what `call` raises; RefusedError where Telegram has it no more.
        """
        path = (await self.call("getFile", {"file_id": file_id}))["file_path"]
        if self._session is None:
            raise RuntimeError("the client is not open")
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.get(
                self._files + path, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status >= REDIRECTED:
                    raise RefusedError(response.status, "the file is not there", None)
                return await _beginning(response, most + 1)
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise UnavailableError(f"download: no answer ({type(error).__name__})") from None

    async def _exchange(
        self,
        method: str,
        parameters: Mapping[str, Any],
        files: Mapping[str, Upload] | None,
        answer_seconds: float,
    ) -> Any:  # noqa: ANN401 - JSON
        if self._session is None:
            raise RuntimeError("the client is not open")
        body = (
            _form(parameters, files)
            if files
            else aiohttp.BytesPayload(to_json(parameters), content_type="application/json")
        )
        timeout = aiohttp.ClientTimeout(total=answer_seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.post(
                self._base + method, data=body, timeout=timeout, allow_redirects=False
            ) as response:
                return _result(response.status, await _body(response))
        except NOT_SENT as error:
            raise UnavailableError(f"{method}: no connection ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise AmbiguousError(f"{method}: no answer ({type(error).__name__})") from None


def _form(parameters: Mapping[str, Any], files: Mapping[str, Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # names stay as people read them
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else to_json(value).decode())
    for name, upload in files.items():
        form.add_field(name, upload.content, filename=upload.name, content_type=upload.media_type)
    return form


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer. Raises UnreadableError with its beginning where it is too large."""
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise UnreadableError(response.status, chunks[0])
    return b"".join(chunks)


async def _beginning(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read so many bytes of an answer, and leave the rest."""
    found = b""
    async for chunk in response.content.iter_any():
        found += chunk
        if len(found) >= most:
            break
    return found[:most]


def _result(status: int, body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        answer = read_json(body)
    except ValueError:
        if status < REDIRECTED:
            raise UnreadableError(status, body) from None
        answer = {}
    if not isinstance(answer, dict):
        answer = {}
    if answer.get("ok"):
        return answer.get("result")
    raise _failure(status, body, answer)


def _failure(status: int, body: bytes, answer: Mapping[str, Any]) -> TelegramError:
    code, parameters = answer.get("error_code", status), answer.get("parameters") or {}
    if not isinstance(code, int) or not isinstance(parameters, dict):
        return UnreadableError(status, body)
    pause, migrated_to = parameters.get("retry_after", 1), parameters.get("migrate_to_chat_id")
    if not _is_pause(pause) or not _is_chat(migrated_to):
        return UnreadableError(status, body)
    if code == TOO_MANY:
        return FloodError(float(pause))
    if code in GATEWAY:
        return AmbiguousError(f"Telegram answered {code}")
    if code >= SERVER_ERROR or not answer:
        return UnavailableError(f"Telegram answered {status}")
    return RefusedError(code, clean(str(answer.get("description", "")), LONGEST_DESCRIPTION), migrated_to)


def _is_pause(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value <= LONGEST_PAUSE


def _is_chat(value: object) -> bool:
    return value is None or (isinstance(value, int) and abs(value) < LARGEST_CHAT)
