"""The few HTTP requests a launcher makes: a client library would take longer to import than all of them."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit


async def request(method: str, url: str, body: object = None, *, seconds: float = 5) -> tuple[int, Any]:
    """Make one request and return the status and the JSON answer, None where it is no JSON.

    Raises OSError or TimeoutError when nothing answers.
    """
    address = urlsplit(url)
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(_head(method, address.netloc, address.path, payload := _payload(body)) + payload)
            answer = await reader.read()
        finally:
            writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    if not head:
        raise ConnectionResetError(f"{url} closed the connection")
    return int(head.split(b" ", 2)[1]), _read(content)


async def answers(url: str) -> bool:
    """Tell whether a GET is answered with 200."""
    try:
        status, _ = await request("GET", url, seconds=2)
    except (OSError, TimeoutError):
        return False
    return status == 200  # noqa: PLR2004 - OK


def _payload(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def _head(method: str, host: str, path: str, payload: bytes) -> bytes:
    # HTTP/1.0: the server closes the connection after an answer that is not chunked.
    lines = [f"{method} {path or '/'} HTTP/1.0", f"Host: {host}", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(payload)}", "\r\n"]).encode()


def _read(content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content)
    except ValueError:
        return None
