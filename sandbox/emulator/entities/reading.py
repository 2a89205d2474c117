"""From what a bot or a user sends to a text with entities, in the order of TDLib's own steps."""

import time
from typing import Any

from sandbox.emulator.entities import explicit, tdlib
from sandbox.emulator.entities.kinds import as_bot_api, overlays
from sandbox.emulator.entities.tdlib import PARSE_MODES, Json, TdlibError
from sandbox.emulator.entities.text import Formatted, trimmed
from sandbox.emulator.errors import bad_request

MARKUP_BYTES = 1 << 15
"""The most bytes of markup that Telegram's Bot API server reads."""
FURTHEST_DATE_SECONDS = 1098 * 24 * 3600
"""How far ahead the instant of a date-time entity may lie."""


def from_bot(text: str, parse_mode: str, entities: Any) -> Formatted:  # noqa: ANN401 - any JSON
    """Return a bot's text with its entities; raises ApiError for markup that makes no sense."""
    if len(text.encode()) > MARKUP_BYTES:
        raise bad_request("text is too long")
    try:
        formatted = _finished(*_parsed(text, parse_mode.lower(), entities))
    except TdlibError as error:
        message = str(error)
        raise bad_request(message[:1].lower() + message[1:]) from None
    _check_dates(formatted)
    return formatted


def from_user(text: str) -> Formatted:
    """Return what a user has typed, with what Telegram highlights in it."""
    return _finished(text, [])


def _parsed(text: str, mode: str, entities: Any) -> tuple[str, list[Json]]:  # noqa: ANN401 - any JSON
    if not text or mode in {"", "none"}:
        return text, explicit.read(entities) if entities is not None else []
    if mode not in PARSE_MODES:
        raise bad_request("unsupported parse_mode")
    return tdlib.parse(text, mode)


def _finished(text: str, entities: list[Json]) -> Formatted:
    fixed = tdlib.fix(text, entities)
    text, entities = trimmed(*fixed)
    if (found := _automatic(text, entities)) or (text, entities) != fixed:
        text, entities = tdlib.fix(text, [*entities, *found])
    return Formatted(text, [as_bot_api(one) for one in entities])


def _automatic(text: str, entities: list[Json]) -> list[Json]:
    taken = [one for one in entities if not overlays(one["type"]["@type"])]
    return [one for one in tdlib.find(text) if not any(_meet(one, other) for other in taken)]


def _meet(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def _check_dates(formatted: Formatted) -> None:
    latest = time.time() + FURTHEST_DATE_SECONDS
    for entity in formatted.entities:
        if entity["type"] == "date_time" and not 0 <= entity["unix_time"] <= latest:
            raise bad_request("invalid date specified")
