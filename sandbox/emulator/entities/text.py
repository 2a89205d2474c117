"""Text as Telegram keeps it: UTF-16 measures, cleaning, and entities put in order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

UNSEEN = re.compile(r"[\r\u2028-\u202e]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BLANK = " \t\n\u00a0"
BEYOND_BMP = 0xFFFF
RANK = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 1,
    "text_link": 2,
    "text_mention": 2,
    "code": 3,
}
"""Which of two entities over the same text comes first; the rest follow in their own order."""
ORDER = ("bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time")
MERGED = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "code"})
CODE = frozenset({"pre", "code"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})


@dataclass(slots=True)
class Entity:
    """A stretch of text with a meaning; offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Where the entity ends."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """Return the entity as a Bot API MessageEntity."""
        return {"offset": self.offset, "length": self.length, "type": self.type, **self.details}


@dataclass(slots=True)
class Formatted:
    """A text and its entities."""

    text: str
    entities: list[Entity]


def utf16(text: str) -> int:
    """Return the text's length in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if ord(char) > BEYOND_BMP)


def clean(text: str) -> str:
    """Return a user's plain text as Telegram keeps it."""
    return CONTROLS.sub(" ", UNSEEN.sub("", text)).strip(BLANK)


def finish(formatted: Formatted) -> Formatted:
    """Clean a text, trim it, and put its entities in order."""
    text, entities = _cleaned(formatted.text, formatted.entities)
    text, entities = _trimmed(text, entities)
    return Formatted(text, in_order(entities))


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Merge what touches, drop what code must not contain, sort outer before inner."""
    kept = _merge([one for one in entities if one.length > 0])
    code = [one for one in kept if one.type in CODE]
    allowed = [one for one in kept if not _inside_code(one, code)]
    return sorted(allowed, key=_place)


def _place(entity: Entity) -> tuple[int, int, int]:
    rank = RANK.get(entity.type)
    if rank is None:
        rank = 10 + ORDER.index(entity.type) if entity.type in ORDER else 9
    return entity.offset, -entity.length, rank


def _inside_code(entity: Entity, code: list[Entity]) -> bool:
    if entity.type in QUOTES:
        return False
    for other in code:
        if other is entity or entity.offset >= other.end or other.offset >= entity.end:
            continue
        if entity.type not in CODE or (entity.type == "code" and other.type == "pre"):
            return True
    return False


def _merge(entities: list[Entity]) -> list[Entity]:
    merged: list[Entity] = []
    last: dict[str, Entity] = {}
    for entity in sorted(entities, key=lambda one: (one.offset, -one.length)):
        before = last.get(entity.type)
        if entity.type in MERGED and before is not None and entity.offset <= before.end:
            before.length = max(before.end, entity.end) - before.offset
            continue
        if entity.type in QUOTES and any(entity.offset < one.end for one in merged if one.type in QUOTES):
            continue
        last[entity.type] = entity
        merged.append(entity)
    return merged


def _cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    if not UNSEEN.search(text):
        return CONTROLS.sub(" ", text), entities
    removed = [utf16(text[: found.start()]) for found in UNSEEN.finditer(text)]

    def moved(position: int) -> int:
        return position - sum(1 for gap in removed if gap < position)

    shifted = [
        Entity(one.type, moved(one.offset), moved(one.end) - moved(one.offset), one.details)
        for one in entities
    ]
    return CONTROLS.sub(" ", UNSEEN.sub("", text)), shifted


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = text.rstrip(BLANK)
    end = utf16(text)
    lead = len(text) - len(text.lstrip(BLANK))
    first = min((one.offset for one in entities), default=lead)
    lead = min(lead, first)
    kept = []
    for one in entities:
        offset, stop = one.offset - lead, min(one.end, end) - lead
        if stop > offset:
            kept.append(Entity(one.type, offset, stop - offset, one.details))
    return text[lead:], kept
