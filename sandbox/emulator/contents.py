"""What a person's message may hold: a text, a place, a contact, or a file."""

import binascii
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from sandbox.emulator import files
from sandbox.emulator.entities.reading import from_user
from sandbox.emulator.entities.text import Formatted
from sandbox.emulator.errors import ApiError, ClientError
from sandbox.emulator.world import Bot, Json, StoredFile, World

MAX_TEXT, MAX_CAPTION = 4096, 1024
MAX_LATITUDE, MAX_LONGITUDE = 90, 180
CONTACT = frozenset({"phone_number", "first_name", "last_name", "user_id", "vcard"})
STICKER_PIXELS = 512
STICKER = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
"""A WebP picture of one pixel: what a person's sticker holds."""
VOICE = b"OggS"
"""What a voice message holds that comes without a recording: no sound."""
WITH_CAPTION = frozenset({"photo", "document", "voice"})


def content_of(world: World, bot: Bot, wanted: Json) -> Json:
    """Return the fields of the Bot API Message that a person sends; ClientError 400 for what is none."""
    kinds = [kind for kind in KINDS if wanted.get(kind) is not None]
    if len(kinds) != 1:
        raise ClientError(400, f"A message is one of these: {', '.join(KINDS)}.")
    [kind] = kinds
    value = wanted[kind]
    content = _text(value) if kind == "text" else OBJECTS[kind](world, bot, _object(kind, value))
    return content | _caption(kind, wanted.get("caption"))


def _object(kind: str, value: object) -> Json:
    if not isinstance(value, dict):
        raise ClientError(400, f"A {kind} is a JSON object.")
    return value


def _text(value: object) -> Json:
    formatted = _formatted(value, "text")
    if not 0 < len(formatted.text) <= MAX_TEXT:
        raise ClientError(400, f"A text has 1 to {MAX_TEXT} characters.")
    return {"text": formatted.text, **({"entities": formatted.entities} if formatted.entities else {})}


def _caption(kind: str, value: object) -> Json:
    if value is None:
        return {}
    formatted = _formatted(value, "caption")
    if kind not in WITH_CAPTION or len(formatted.text) > MAX_CAPTION:
        raise ClientError(400, f"A caption has {MAX_CAPTION} characters at most, and a file.")
    if not formatted.text:
        return {}
    entities = {"caption_entities": formatted.entities} if formatted.entities else {}
    return {"caption": formatted.text, **entities}


def _formatted(value: object, word: str) -> Formatted:
    if not isinstance(value, str):
        raise ClientError(400, f"A {word} is a string.")
    return from_user(value)


def _location(_world: World, _bot: Bot, value: Json) -> Json:
    latitude, longitude = value.get("latitude"), value.get("longitude")
    if _within(latitude, MAX_LATITUDE) and _within(longitude, MAX_LONGITUDE):
        return {"location": {"latitude": latitude, "longitude": longitude}}
    raise ClientError(400, "A location is a latitude and a longitude.")


def _within(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -limit <= value <= limit


def _contact(_world: World, _bot: Bot, value: Json) -> Json:
    if value.get("phone_number") and value.get("first_name"):
        return {"contact": {name: value[name] for name in CONTACT if name in value}}
    raise ClientError(400, "A contact has a phone_number and a first_name.")


def _photo(world: World, bot: Bot, value: Json) -> Json:
    return {"photo": files.photo(_file(world, bot, "photo", value))}


def _document(world: World, bot: Bot, value: Json) -> Json:
    return {"document": files.document(_file(world, bot, "document", value))}


def _voice(world: World, bot: Bot, value: Json) -> Json:
    seconds = value.get("duration", 1)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 0:
        raise ClientError(400, "A voice message's duration is a number of seconds.")
    stored = _file(world, bot, "voice", {"mime_type": "audio/ogg", **value}, VOICE)
    return {"voice": {**files.described(stored), "duration": seconds, "mime_type": stored.mime_type}}


def _sticker(world: World, bot: Bot, value: Json) -> Json:
    emoji = value.get("emoji", "👍")
    if not isinstance(emoji, str) or not emoji:
        raise ClientError(400, "A sticker's emoji is a string.")
    stored = files.keep(world, bot, "sticker", "sticker.webp", "image/webp", STICKER)
    looks = {"type": "regular", "width": STICKER_PIXELS, "height": STICKER_PIXELS, "emoji": emoji}
    return {"sticker": {**files.described(stored), **looks, "is_animated": False, "is_video": False}}


def _file(world: World, bot: Bot, kind: str, value: Json, sample: bytes | None = None) -> StoredFile:
    name, mime_type = value.get("name", kind), value.get("mime_type", "")
    if not isinstance(name, str) or not isinstance(mime_type, str):
        raise ClientError(400, "A file's name and mime_type are strings.")
    data = sample if sample is not None and "data" not in value else _bytes(value.get("data"))
    try:
        return files.keep(world, bot, kind, name, mime_type, data)
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise ClientError(400, f"This {kind} cannot be sent: {reason}.") from None


def _bytes(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        try:
            return b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            pass
    raise ClientError(400, "A file's data is its bytes in Base64.")


OBJECTS: dict[str, Callable[[World, Bot, Json], Json]] = {
    "location": _location,
    "contact": _contact,
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "sticker": _sticker,
}
KINDS = ("text", *OBJECTS)
