"""What a message carries that may answer a question: a contact, a place, a photo, the message it replies to.

Only what is whole is kept, in the fields that aiogram asks for; everything else is left out, as if it had
not been sent. What is left cannot make an update invalid.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

LONGEST_FILE_ID: Final = 256
PHOTO_FIELDS: Final = ("file_id", "file_unique_id", "width", "height")


def attachments(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's whole attachments by their names in the Bot API."""
    found = {name: read(message[name]) for name, read in _READERS.items() if name in message}
    return {name: value for name, value in found.items() if value is not None}


def _contact(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not isinstance(value.get("phone_number"), str):
        return None
    user_id = value.get("user_id")
    return {
        "phone_number": value["phone_number"],
        "first_name": "",
        "user_id": user_id if type(user_id) is int else None,
    }


def _location(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    place = {name: value.get(name) for name in ("latitude", "longitude")}
    return place if all(type(degrees) in {int, float} for degrees in place.values()) else None


def _photo(value: object) -> Sequence[dict[str, Any]] | None:
    if not isinstance(value, list) or not value or not isinstance(value[-1], dict):
        return None
    largest = {name: value[-1].get(name) for name in PHOTO_FIELDS}
    texts = [largest["file_id"], largest["file_unique_id"]]
    whole = all(isinstance(text, str) and len(text) <= LONGEST_FILE_ID for text in texts)
    return [largest] if whole and all(type(largest[side]) is int for side in ("width", "height")) else None


def _replied(value: object) -> dict[str, Any] | None:
    if not isinstance(value, dict) or type(value.get("message_id")) is not int:
        return None
    return {"message_id": value["message_id"], "date": 0, "chat": {"id": 0, "type": "private"}}


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "contact": _contact,
    "location": _location,
    "photo": _photo,
    "reply_to_message": _replied,
}
