"""What is read of an update: the few fields that routing needs, found before anything is validated.

A tap carries the whole message it was made on, keyboard and all. Leaving that out keeps a tap on a
calendar eight times cheaper to validate than as it comes, and bounds how deep a crafted update can be.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json

from bot.attachments import attachments

HANDLED: Final = ("message", "callback_query", "my_chat_member")
"""The update types that lead to commands, as getUpdates and setWebhook are asked for them."""

KNOWN_OTHERS: Final = frozenset(
    {
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "subscription",
        "stopped_message_generation",
    }
)
UNKNOWN: Final = "unknown"

MESSAGE_FIELDS: Final = ("message_id", "date", "chat", "from", "text")
TAPPED_FIELDS: Final = ("message_id", "date", "chat")
CHAT_FIELDS: Final = ("id", "type")
PERSON_FIELDS: Final = ("id", "is_bot", "first_name", "last_name", "username", "language_code")
TAP_FIELDS: Final = ("id", "from", "chat_instance", "data", "message")
MEMBER_FIELDS: Final = ("chat", "from", "date", "old_chat_member", "new_chat_member")

SERVICE_MESSAGES: Final = frozenset(
    {"pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set"}
)
"""What Telegram itself writes into a private chat; nobody waits for an answer."""

LARGEST_ID: Final = 2**52
"""Telegram's ids have at most 52 significant bits."""
LARGEST_UPDATE_ID: Final = 2**53


class NotJsonError(ValueError):
    """The bytes are not JSON: not Telegram's."""


class InvalidUpdateError(ValueError):
    """The JSON is no update that can be understood; the message names the reason and no content."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update before validation."""

    update_id: int
    type: str
    person_id: int | None = None
    language_code: str | None = None
    callback_id: str | None = None
    event: Mapping[str, Any] | None = None
    """The message, the tap or the change, as it came; None where it leads to no command."""

    def trimmed(self) -> dict[str, Any]:
        """Return what is left of the update for validation. Raises InvalidUpdateError."""
        event = _mapping(self.event, self.type)
        return {"update_id": self.update_id, self.type: _TRIM[self.type](event)}


def parse(body: bytes) -> object:
    """Read JSON; raises NotJsonError, and InvalidUpdateError for JSON too deep or with broken text."""
    try:
        return from_json(body)
    except ValueError:
        _check_json(body)
        raise InvalidUpdateError("unreadable JSON") from None


def _check_json(body: bytes) -> None:
    try:
        json.loads(body)
    except RecursionError:
        return
    except ValueError as error:
        raise NotJsonError(type(error).__name__) from None


def read(raw: object) -> Incoming:
    """Find what routing needs. Raises InvalidUpdateError."""
    update = _mapping(raw, "update")
    update_id = _number(update.get("update_id"), LARGEST_UPDATE_ID, "update")
    kind = next((name for name in HANDLED if name in update), None)
    if kind is None:
        return Incoming(update_id, _other_type(update))
    event = _mapping(update[kind], kind)
    person = _mapping(event.get("from", {}), "from")
    callback_id = _text(event.get("id")) if kind == "callback_query" else None
    if _leads_nowhere(kind, event, person):
        return Incoming(update_id, kind, callback_id=callback_id)
    return Incoming(
        update_id=update_id,
        type=kind,
        person_id=_number(person.get("id"), LARGEST_ID, "from"),
        language_code=_text(person.get("language_code")),
        callback_id=callback_id,
        event=event,
    )


def _leads_nowhere(kind: str, event: Mapping[str, Any], person: Mapping[str, Any]) -> bool:
    """Tell whether it comes from outside a private chat, from a bot, or from Telegram itself."""
    if person.get("is_bot") is True or not person:
        return True
    if kind == "message" and not SERVICE_MESSAGES.isdisjoint(event):
        return True
    place = event.get("message") if kind == "callback_query" else event
    if place is None:  # the button of an inline message, in a chat that is not ours to know
        return False
    chat = _mapping(_mapping(place, kind).get("chat"), "chat")
    return chat.get("type") != "private"


def _other_type(update: Mapping[str, Any]) -> str:
    names = update.keys() - {"update_id"}
    if not names:
        raise InvalidUpdateError("no content")
    return next((name for name in names if name in KNOWN_OTHERS), UNKNOWN)


def _trim_message(message: Mapping[str, Any]) -> dict[str, Any]:
    return _trim_people(_only(message, MESSAGE_FIELDS)) | attachments(message)


def _trim_tap(tap: Mapping[str, Any]) -> dict[str, Any]:
    trimmed = _trim_people(_only(tap, TAP_FIELDS))
    if trimmed.get("message") is not None:
        trimmed["message"] = _trim_people(_only(trimmed["message"], TAPPED_FIELDS))
    return trimmed


def _trim_member(change: Mapping[str, Any]) -> dict[str, Any]:
    return _trim_people(_only(change, MEMBER_FIELDS))


_TRIM: Final = {"message": _trim_message, "callback_query": _trim_tap, "my_chat_member": _trim_member}


def _trim_people(event: dict[str, Any]) -> dict[str, Any]:
    if "from" in event:
        event["from"] = _only(_mapping(event["from"], "from"), PERSON_FIELDS)
    if "chat" in event:
        event["chat"] = _only(_mapping(event["chat"], "chat"), CHAT_FIELDS)
    return event


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidUpdateError(f"{name} is not an object")
    return value


def _number(value: object, limit: int, name: str) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise InvalidUpdateError(f"{name} has no id")
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
