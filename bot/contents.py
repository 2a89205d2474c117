"""Which messages somebody has said: all others Telegram itself writes into a chat, and none is answered."""

from collections.abc import Mapping
from typing import Any, Final

from shared.cleaning import clean

SAID: Final = frozenset(
    {
        "text",
        "rich_message",
        *("photo", "live_photo", "video", "video_note", "animation", "audio", "voice", "document", "sticker"),
        *("contact", "location", "venue"),
        *("dice", "game", "poll", "story"),
    }
)
"""What a person sends, by the Bot API's names: https://core.telegram.org/bots/api#message.

Whatever else a message may hold is a service message, of today's kinds or of those that are to come.
"""
LONGEST_ALBUM: Final = 64


def is_said(message: Mapping[str, Any]) -> bool:
    """Tell whether a person said it."""
    return not SAID.isdisjoint(message)


def album_of(event: Mapping[str, Any]) -> str | None:
    """Name the album that a message is a part of; None where it stands alone."""
    album = event.get("media_group_id")
    return clean(album, LONGEST_ALBUM) or None if isinstance(album, str) else None
