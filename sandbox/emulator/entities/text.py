"""Texts as Telegram keeps them: UTF-16 measures and blanks at the ends."""

from dataclasses import dataclass
from typing import Any

from sandbox.emulator.entities.tdlib import Json

BLANK = " \n"
"""What is trimmed; every other blank has become a space by then."""
BEYOND_BMP = 0xFFFF


@dataclass(slots=True)
class Formatted:
    """A text and its entities, as the Bot API's MessageEntity objects."""

    text: str
    entities: list[dict[str, Any]]


def utf16(text: str) -> int:
    """Return the text's length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if ord(char) > BEYOND_BMP)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text without blanks at its ends; one that an entity covers stays at the beginning."""
    text = text.rstrip(BLANK)
    end = utf16(text)
    first = min((one["offset"] for one in entities), default=end)
    lead = min(len(text) - len(text.lstrip(BLANK)), first)
    kept = [
        {**one, "offset": one["offset"] - lead, "length": min(one["length"], end - one["offset"])}
        for one in entities
        if one["offset"] < end
    ]
    return text[lead:], kept
