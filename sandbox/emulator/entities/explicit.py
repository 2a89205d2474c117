"""Entities given as MessageEntity objects instead of markup."""

import re
from typing import Any

from sandbox.emulator.entities.kinds import AUTOMATIC, BY_NAME, formatting_type
from sandbox.emulator.entities.tdlib import Json, TdlibError
from sandbox.emulator.errors import ApiError, bad_request

INT32, INT64 = 2**31, 2**63
NUMBER = re.compile(r"-?[0-9]{1,19}")


def read(given: Any) -> list[Json]:  # noqa: ANN401 - any JSON
    """Return TDLib's entities; raises ApiError for an object that is none."""
    if not isinstance(given, list):
        raise bad_request("can't parse entities JSON object")
    return [entity for one in given if (entity := _entity(one)) is not None]


def _refuse(reason: str) -> ApiError:
    return bad_request(f"can't parse MessageEntity: {reason}")


def _required(given: Json, name: str) -> Any:  # noqa: ANN401 - any JSON
    if given.get(name) is None:
        raise _refuse(f'Can\'t find field "{name}"')
    return given[name]


def _field(given: Json, name: str, kind: type, word: str) -> Any:  # noqa: ANN401 - any JSON
    value = _required(given, name)
    if not isinstance(value, kind):
        raise _refuse(f'Field "{name}" must be of type {word}')
    return value


def _number(given: Json, name: str, limit: int) -> int:
    value = _required(given, name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _refuse(f'Field "{name}" must be of type Number')
    if not NUMBER.fullmatch(str(value)) or abs(int(value)) >= limit:
        raise _refuse(f'Field "{name}" must be a valid Number')
    return int(value)


def _entity(given: Any) -> Json | None:  # noqa: ANN401 - any JSON
    if not isinstance(given, dict):
        raise _refuse("expected an Object")
    offset, length = _number(given, "offset", INT32), _number(given, "length", INT32)
    name = _field(given, "type", str, "String")
    if name in AUTOMATIC:
        return None
    return {"@type": "textEntity", "offset": offset, "length": length, "type": _type(name, given)}


def _type(name: str, given: Json) -> Json:
    match name:
        case "pre" if given.get("language"):
            return {"@type": "textEntityTypePreCode", "language": _field(given, "language", str, "String")}
        case "text_link":
            return {"@type": "textEntityTypeTextUrl", "url": _field(given, "url", str, "String")}
        case "text_mention":
            user = _field(given, "user", dict, "Object")
            return {"@type": "textEntityTypeMentionName", "user_id": _number(user, "id", INT64)}
        case "custom_emoji":
            emoji = _number(given, "custom_emoji_id", INT64)
            return {"@type": "textEntityTypeCustomEmoji", "custom_emoji_id": str(emoji)}
        case "date_time":
            return _date_time(given)
        case _ if name in BY_NAME:
            return {"@type": BY_NAME[name]}
        case _:
            raise _refuse("Unsupported type specified")


def _date_time(given: Json) -> Json:
    unix_time = _number(given, "unix_time", INT32)
    form = _field(given, "date_time_format", str, "String") if given.get("date_time_format") else ""
    try:
        kind = formatting_type(form)
    except TdlibError as error:
        raise _refuse(str(error).removeprefix("Can't parse entities: ")) from None
    return {"@type": "textEntityTypeDateTime", "unix_time": unix_time, "formatting_type": kind}
