"""The parameters of a Bot API call, however they came: query string, JSON, form or multipart."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sandbox.emulator.config import MAX_BODY_BYTES
from sandbox.emulator.errors import bad_request

INTEGER = re.compile(r"[+-]?\d{1,18}")
TRUE = frozenset({"true", "yes", "1"})
MAX_FIELDS = 1000


@dataclass(slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    data: bytes


@dataclass(slots=True)
class Params:
    """What a call asks for, read the lenient way Telegram reads it."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter as text; empty when it is absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as a number; what is none counts as 0."""
        text = self.text(name).strip()
        if not text:
            return default
        return int(text) if INTEGER.fullmatch(text) else 0

    def number(self, name: str) -> float | None:
        """Return a parameter as a floating-point number, if it is one."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Return a parameter as a boolean."""
        return self.text(name).strip().lower() in TRUE

    def nested(self, name: str, what: str) -> Any:  # noqa: ANN401 - any JSON
        """Return a JSON parameter, None when absent; `what` names it in the refusal."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {what} JSON object") from None

    def logged(self) -> dict[str, Any]:
        """Return the parameters for the call log, with files described instead of shown."""
        described = {name: {"file_name": one.name, "size": len(one.data)} for name, one in self.files.items()}
        return {**self.values, **described}


async def read(query: bytes, headers: Headers, body: bytes) -> Params:
    """Read a call's parameters; raises ApiError 400 for a body that cannot be read."""
    params = Params(dict(_form(query)) if query else {})
    if not body:
        return params
    content_type = headers.get("content-type", "").lower()
    if content_type.startswith("multipart/"):
        await _read_multipart(params, headers, body)
    elif content_type.startswith("application/json"):
        params.values |= read_json(body)
    else:
        params.values |= dict(_form(body))
    return params


def read_json(body: bytes) -> dict[str, Any]:
    """Return a JSON body's object; raises ApiError 400 for anything else."""
    try:
        value = json.loads(body)
        if b"\\u" in body:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected as request body")
    return value


def _form(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse the form") from None


async def _read_multipart(params: Params, headers: Headers, body: bytes) -> None:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        parser = MultiPartParser(headers, stream(), max_part_size=MAX_BODY_BYTES)
        form = await parser.parse()
    except (MultiPartException, FormParserError, KeyError, ValueError):
        raise bad_request("can't parse the multipart form") from None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            params.files[name] = Upload(value.filename or name, value.content_type or "", await value.read())
        else:
            params.values[name] = value
    await form.close()
