"""What is read of an update: the few fields that routing needs, found before anything is validated.

A tap carries the whole message it was made on, keyboard and all. Leaving that out keeps a tap on a
calendar eight times cheaper to validate than as it comes, and bounds how deep a crafted update can be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.attachments import LARGEST_ID, attachments, whole_id
from bot.contents import album_of, is_said
from shared.buttons import LIMIT_BYTES
from shared.cleaning import DeepJsonError, clean, read_json
from shared.contracts.chat import LONGEST_TEXT
from shared.contracts.inline import LONGEST_QUERY
from shared.contracts.payments import LONGEST_CHARGE, LONGEST_PAYLOAD

CHECKOUT: Final = "pre_checkout_query"
"""The question whether somebody may pay."""
PAID: Final = "successful_payment"
"""What Telegram writes into the chat of who has paid."""
INLINE: Final = "inline_query"
"""What somebody types behind the bot's name, in any chat."""
GUEST: Final = "guest_message"
"""A message that calls the bot in a chat that it is no part of."""
ELSEWHERE: Final = frozenset({INLINE, GUEST})
"""What is asked in chats that are not ours to know."""
HANDLED: Final = ("message", "callback_query", "my_chat_member", CHECKOUT, INLINE, GUEST)
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
        "message_reaction",
        "message_reaction_count",
        "chosen_inline_result",
        "shipping_query",
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
ALWAYS_LET_IN: Final = frozenset({"my_chat_member", CHECKOUT})

LONGEST_TAP_ID: Final = 64
LONGEST_LANGUAGE: Final = 35
MESSAGE_FIELDS: Final = {"message_id": None, "date": None, "chat": None, "from": None, "text": LONGEST_TEXT}
"""What is read of each object; of a text at most so many characters, and never fewer than Telegram allows."""
TAPPED_FIELDS: Final = {"message_id": None, "date": None, "chat": None}
CHAT_FIELDS: Final = {"id": None, "type": 16}
PERSON_FIELDS: Final = {
    "id": None,
    "is_bot": None,
    "first_name": 128,
    "last_name": 128,
    "username": 64,
    "language_code": LONGEST_LANGUAGE,
}
TAP_FIELDS: Final = {
    "id": LONGEST_TAP_ID,
    "from": None,
    "chat_instance": 64,
    "data": LIMIT_BYTES,
    "message": None,
}
CHANGE_FIELDS: Final = {
    "chat": None,
    "from": None,
    "date": None,
    "old_chat_member": None,
    "new_chat_member": None,
}
PAYMENT_FIELDS: Final = {"currency": 8, "total_amount": None, "invoice_payload": LONGEST_PAYLOAD}
CHECKOUT_FIELDS: Final = {"id": LONGEST_TAP_ID, "from": None, **PAYMENT_FIELDS}
PAID_FIELDS: Final = {
    **PAYMENT_FIELDS,
    "telegram_payment_charge_id": LONGEST_CHARGE,
    "provider_payment_charge_id": LONGEST_CHARGE,
}
INLINE_FIELDS: Final = {"id": LONGEST_TAP_ID, "from": None, "query": LONGEST_QUERY, "offset": 64}
GUEST_FIELDS: Final = {**MESSAGE_FIELDS, "text": LONGEST_QUERY, "guest_query_id": LONGEST_TAP_ID}
MEMBER_FIELDS: Final = {"user": None, "status": 16, "until_date": None}

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
    via_bot: int | None = None
    """The bot whose inline result somebody sent as a message of theirs."""
    thread_id: int | None = None
    """The topic of the chat in which it was said or tapped; None in the chat itself."""
    album: str | None = None
    """The album that the message is a part of."""
    event: Mapping[str, Any] | None = None
    """The message, the tap or the change, as it came; None where it leads to no command."""

    @property
    def is_always_let_in(self) -> bool:
        """Whether it is let in however fast its person is: it is about money, or whether we may write."""
        return self.type in ALWAYS_LET_IN or (self.event is not None and PAID in self.event)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was asked in a chat that is not ours to know: nothing is said to its person alone."""
        return self.type in ELSEWHERE

    def trimmed(self) -> dict[str, Any]:
        """Return what is left of the update for validation. Raises InvalidUpdateError."""
        event = _mapping(self.event, self.type)
        return {"update_id": self.update_id, self.type: _TRIM[self.type](event)}


def parse(body: bytes) -> object:
    """Read JSON; raises NotJsonError, and InvalidUpdateError for JSON that nobody can read."""
    try:
        return read_json(body)
    except DeepJsonError:
        raise InvalidUpdateError("unreadable JSON") from None
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
    callback_id = _text(event.get("id"), LONGEST_TAP_ID) if kind == "callback_query" else None
    if _leads_nowhere(kind, event, person):
        return Incoming(update_id, kind, callback_id=callback_id)
    return Incoming(
        update_id=update_id,
        type=kind,
        person_id=_number(person.get("id"), LARGEST_ID, "from"),
        language_code=_text(person.get("language_code"), LONGEST_LANGUAGE),
        callback_id=callback_id,
        via_bot=_via(event),
        thread_id=_thread(event.get("message") if kind == "callback_query" else event),
        album=album_of(event),
        event=event,
    )


def _leads_nowhere(kind: str, event: Mapping[str, Any], person: Mapping[str, Any]) -> bool:
    """Tell whether it comes from outside a private chat, from a bot, or from Telegram itself."""
    if person.get("is_bot") is True or not person:
        return True
    if kind in {CHECKOUT, INLINE}:  # an invoice was sent to a private chat, whoever pays it
        return False
    if kind == GUEST:
        return not isinstance(event.get("guest_query_id"), str)
    if kind == "message" and not is_said(event) and PAID not in event:
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
    trimmed = _trim_people(_only(message, MESSAGE_FIELDS))
    _check_message_id(trimmed)
    paid = {PAID: _only(message[PAID], PAID_FIELDS)} if PAID in message else {}
    return trimmed | attachments(message) | paid


def _trim_query(bounds: Mapping[str, int | None], query: Mapping[str, Any]) -> dict[str, Any]:
    return _trim_people(_only(query, bounds))


def _trim_guest(message: Mapping[str, Any]) -> dict[str, Any]:
    trimmed = _trim_people(_only(message, GUEST_FIELDS))
    _check_message_id(trimmed)
    return trimmed


def _trim_tap(tap: Mapping[str, Any]) -> dict[str, Any]:
    trimmed = _trim_people(_only(tap, TAP_FIELDS))
    if isinstance(tap.get("data"), str) and trimmed["data"] != tap["data"]:
        trimmed["data"] = ""  # never ours, and not to become a button of ours by being cut
    if trimmed.get("message") is not None:
        trimmed["message"] = _trim_people(_only(trimmed["message"], TAPPED_FIELDS))
        _check_message_id(trimmed["message"])
    return trimmed


def _trim_change(change: Mapping[str, Any]) -> dict[str, Any]:
    trimmed = _trim_people(_only(change, CHANGE_FIELDS))
    for name in ("old_chat_member", "new_chat_member"):
        member = _only(_mapping(trimmed.get(name), name), MEMBER_FIELDS)
        trimmed[name] = member | {"user": _only(_mapping(member.get("user"), "user"), PERSON_FIELDS)}
    return trimmed


_TRIM: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "message": _trim_message,
    "callback_query": _trim_tap,
    "my_chat_member": _trim_change,
    CHECKOUT: partial(_trim_query, CHECKOUT_FIELDS),
    INLINE: partial(_trim_query, INLINE_FIELDS),
    GUEST: _trim_guest,
}


def _trim_people(event: dict[str, Any]) -> dict[str, Any]:
    if "from" in event:
        event["from"] = _only(_mapping(event["from"], "from"), PERSON_FIELDS)
    if "chat" in event:
        event["chat"] = _only(_mapping(event["chat"], "chat"), CHAT_FIELDS)
        _number(event["chat"].get("id"), LARGEST_ID, "chat", least=1 - LARGEST_ID)
    return event


def _check_message_id(message: Mapping[str, Any]) -> None:
    _number(message.get("message_id"), LARGEST_ID, "message")


def _thread(message: object) -> int | None:
    """Name a message's topic; in chats without topics a thread is only a chain of replies."""
    if not isinstance(message, dict) or message.get("is_topic_message") is not True:
        return None
    return whole_id(message.get("message_thread_id"))


def _via(event: Mapping[str, Any]) -> int | None:
    bot = event.get("via_bot")
    return whole_id(bot.get("id")) if isinstance(bot, dict) else None


def _only(values: object, bounds: Mapping[str, int | None]) -> dict[str, Any]:
    """Return an object's known fields, their texts cleaned and bounded."""
    known = _mapping(values, "a part")
    return {name: _bounded(known[name], longest) for name, longest in bounds.items() if name in known}


def _bounded(value: object, longest: int | None) -> object:
    return value if longest is None or not isinstance(value, str) else clean(value, longest)


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidUpdateError(f"{name} is not an object")
    return value


def _number(value: object, limit: int, name: str, *, least: int = 0) -> int:
    if type(value) is not int or not least <= value < limit:
        raise InvalidUpdateError(f"{name} has no id")
    return value


def _text(value: object, longest: int) -> str | None:
    return clean(value, longest) if isinstance(value, str) else None
