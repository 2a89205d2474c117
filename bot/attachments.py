"""What a message carries that means something: a contact, a place, a photo, a file, what it replies to.

Only what is whole is kept, in the fields that aiogram asks for; everything else is left out, as if it had
not been sent. What is left cannot make an update invalid.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shared.cleaning import clean

LARGEST_ID: Final = 2**52
"""Telegram's ids have at most 52 significant bits."""
LONGEST_FILE_ID: Final = 256
LONGEST_FILE_NAME: Final = 255
LONGEST_PHONE: Final = 64
DEGREES: Final = {"latitude": 90, "longitude": 180}
DOCUMENT_IDS: Final = ("file_id", "file_unique_id")
PHOTO_FIELDS: Final = ("file_id", "file_unique_id", "width", "height")


def attachments(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's whole attachments by their names in the Bot API."""
    found = {name: read(message[name]) for name, read in _READERS.items() if name in message}
    return {name: value for name, value in found.items() if value is not None}


def whole_id(value: object) -> int | None:
    """Return what may be an id of Telegram's."""
    return value if type(value) is int and 0 < value < LARGEST_ID else None


def _contact(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not isinstance(value.get("phone_number"), str):
        return None
    return {
        "phone_number": clean(value["phone_number"], LONGEST_PHONE),
        "first_name": "",
        "user_id": whole_id(value.get("user_id")),
    }


def _location(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    place = {name: value.get(name) for name in DEGREES}
    return place if all(_within(place[name], limit) for name, limit in DEGREES.items()) else None


def _within(degrees: object, limit: int) -> bool:
    return isinstance(degrees, int | float) and not isinstance(degrees, bool) and -limit <= degrees <= limit


def _photo(value: object) -> Sequence[dict[str, Any]] | None:
    if not isinstance(value, list) or not value or not isinstance(value[-1], dict):
        return None
    largest = {name: value[-1].get(name) for name in PHOTO_FIELDS}
    whole = all(_is_file_id(largest[name]) for name in ("file_id", "file_unique_id"))
    return [largest] if whole and all(whole_id(largest[side]) for side in ("width", "height")) else None


def _document(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not all(_is_file_id(value.get(name)) for name in DOCUMENT_IDS):
        return None
    name, size = value.get("file_name"), value.get("file_size")
    return {
        **{name: value[name] for name in DOCUMENT_IDS},
        "file_name": clean(name, LONGEST_FILE_NAME) if isinstance(name, str) else None,
        "file_size": whole_id(size),
    }


def _is_file_id(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_FILE_ID and clean(value, LONGEST_FILE_ID) == value


def _replied(value: object) -> dict[str, Any] | None:
    message_id = whole_id(value.get("message_id")) if isinstance(value, dict) else None
    if message_id is None:
        return None
    return {"message_id": message_id, "date": 0, "chat": {"id": 0, "type": "private"}}


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "contact": _contact,
    "document": _document,
    "location": _location,
    "photo": _photo,
    "reply_to_message": _replied,
}
