"""Entities given as MessageEntity objects instead of markup."""

from typing import Any

from sandbox.emulator.entities.html import EMOJI_ID, LARGEST_EMOJI_ID
from sandbox.emulator.entities.links import LinkError, checked
from sandbox.emulator.entities.moments import date_time
from sandbox.emulator.entities.text import Entity, utf16
from sandbox.emulator.errors import ApiError, bad_request

PLAIN = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
    }
)
AUTOMATIC = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
)


def read(given: Any, text: str) -> list[Entity]:  # noqa: ANN401 - any JSON
    """Return the entities; raises ApiError for one that makes no sense."""
    if not isinstance(given, list):
        raise bad_request("can't parse entities JSON object")
    entities = [_entity(one) for one in given]
    length = utf16(text)
    for entity in entities:
        _check_place(entity, text, length)
    return [one for one in entities if one.type not in AUTOMATIC]


def _refuse(reason: str) -> ApiError:
    return bad_request(f"can't parse MessageEntity: {reason}")


def _field(given: dict[str, Any], name: str, kind: type, word: str) -> Any:  # noqa: ANN401 - any JSON
    if name not in given:
        raise _refuse(f'Can\'t find field "{name}"')
    if not isinstance(given[name], kind) or isinstance(given[name], bool):
        raise _refuse(f'Field "{name}" must be of type {word}')
    return given[name]


def _entity(given: Any) -> Entity:  # noqa: ANN401 - any JSON
    if not isinstance(given, dict):
        raise _refuse("expected an Object")
    offset = _field(given, "offset", int, "Number")
    length = _field(given, "length", int, "Number")
    kind = _field(given, "type", str, "String")
    if kind in PLAIN or kind in AUTOMATIC:
        return Entity(kind, offset, length)
    return Entity(kind, offset, length, _details(kind, given))


def _details(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    if kind == "pre":
        language = given.get("language")
        return {"language": language} if isinstance(language, str) and language else {}
    if kind == "text_link":
        return {"url": _url(_field(given, "url", str, "String"))}
    if kind == "text_mention":
        return {"user": {"id": _field(_field(given, "user", dict, "Object"), "id", int, "Number")}}
    if kind == "custom_emoji":
        return {"custom_emoji_id": _emoji(str(_field(given, "custom_emoji_id", object, "String")))}
    if kind == "date_time":
        form = given.get("date_time_format") or ""
        return date_time(str(_field(given, "unix_time", int, "Number")), str(form))
    raise _refuse("Unsupported type specified")


def _emoji(identifier: str) -> str:
    if not EMOJI_ID.fullmatch(identifier) or int(identifier) > LARGEST_EMOJI_ID:
        raise _refuse('Field "custom_emoji_id" must be a valid Number')
    return identifier


def _url(url: str) -> str:
    try:
        return checked(url)
    except LinkError as error:
        raise bad_request(f"entity URL '{url}' is invalid: {error}") from None


def _check_place(entity: Entity, text: str, length: int) -> None:
    if entity.offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {entity.offset}")
    if entity.length < 0:
        raise bad_request(f"receive an entity with incorrect length {entity.length}")
    if entity.offset > length:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if entity.end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} "
            f"ends after the end of the text at UTF-16 offset {entity.end}"
        )
    _check_halves(entity, text, length)


def _check_halves(entity: Entity, text: str, length: int) -> None:
    if length == len(text):
        return
    units = text.encode("utf-16-le")
    for position, place in ((entity.offset, "begins"), (entity.end, "ends")):
        unit = int.from_bytes(units[2 * position : 2 * position + 2], "little")
        if unit and 0xDC00 <= unit <= 0xDFFF:  # noqa: PLR2004 - the low surrogates
            raise bad_request(f"entity {place} in a middle of a UTF-16 symbol at byte offset {position}")
