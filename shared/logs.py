"""Structured logs: ids travel in context variables; tokens, names, phones and texts never appear."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from redis.exceptions import ConnectionError as RedisConnectionError

TOKEN = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{30,}")
QUOTES_NOBODY = (OSError, RedisConnectionError)
"""Errors whose messages are about machines. Those of others may quote what a person wrote."""


def configure_logs(level: str, form: str) -> None:
    """Send structlog's and the standard library's records to standard output in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.ExceptionRenderer(tell_where),
        redact_tokens,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[keep_first_line, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    _route_standard_library(formatter, level)


def _route_standard_library(formatter: logging.Formatter, level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Their INFO lines are one per request or job; ours say the same with ids.
    for noisy in ("aiogram", "aiohttp.access", "arq", "uvicorn.access", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def keep_first_line(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own signature
    """Shorten what other libraries log: asyncio's further lines show values."""
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def tell_where(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Write what failed and where, cause first, without messages that may quote a person."""
    return "\n".join(_lines(exc_info[1], ""))


def _lines(error: BaseException, indent: str) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _lines(earlier, indent)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'{indent}File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    kind = type(error)
    yield f"{indent}{kind.__module__}.{kind.__qualname__}{_detail(error)}"
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _lines(part, indent + "  ")


def _detail(error: BaseException) -> str:
    """Say what is known beside the class: a harmless message, or PostgreSQL's code and where it failed."""
    if isinstance(error, QUOTES_NOBODY):
        return f": {error}"
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    place = getattr(error, "server_source_function", None)
    return f": SQLSTATE {state}{f' in {place}' if place else ''}" if state else ""


def redact_tokens(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own signature
    """Take bot tokens out of every string of a record: they are part of Bot API addresses."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = TOKEN.sub("<token>", value)
    return event
