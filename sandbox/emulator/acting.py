"""What a user does: write, press, block, read."""

import secrets
import time

from sandbox.emulator.emulator import Emulator
from sandbox.emulator.entities.reading import from_user
from sandbox.emulator.errors import ClientError
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Bot, Callback, Chat, Json, Message

MAX_TEXT = 4096
MAX_LATITUDE, MAX_LONGITUDE = 90, 180
CONTACT = frozenset({"phone_number", "first_name", "last_name", "user_id", "vcard"})
FOREVER = {"until_date": 0}


def write(emulator: Emulator, bot: Bot, user_id: int, content: Json) -> tuple[Json, Update | None]:
    """Put a user's message into the chat and tell the bot; ClientError 409 while it is blocked."""
    user = emulator.world.user(user_id)
    chat = _open_chat(emulator, bot, user_id)
    api = {
        "message_id": emulator.world.take_message_id(bot),
        "from": user,
        "chat": emulator.world.chat_object(user_id),
        "date": int(time.time()),
        **content,
    }
    message = Message(api, outgoing=True)
    if not chat.started:
        chat.started = True
        emulator.world.touch("chat", bot.id, user_id)
    emulator.world.save_message(chat, message)
    view = chat.client_view(message)
    emulator.feed.publish(user_id, "message", message=view)
    return view, emulator.emit(bot, {"message": api})


def content_of(wanted: Json) -> Json:
    """Return the text, place or contact a user sends; ClientError 400 for anything else."""
    kinds = [kind for kind in ("text", "location", "contact") if wanted.get(kind) is not None]
    if len(kinds) != 1:
        raise ClientError(400, "A message is one text, one location or one contact.")
    value = wanted[kinds[0]]
    if kinds[0] == "text":
        return _text(value)
    return _location(value) if kinds[0] == "location" else _contact(value)


def press(
    emulator: Emulator, bot: Bot, user_id: int, message_id: int, button: Json
) -> tuple[str, Update | None]:
    """Press a callback button: make the query the bot has to answer."""
    chat = _open_chat(emulator, bot, user_id)
    message = chat.messages[message_id]
    now = time.time()
    callback = Callback(str(secrets.randbits(63)), bot.id, user_id, message.id, now)
    emulator.world.add_callback(callback, abs(emulator.config.callback_answer_seconds))
    query = {
        "id": callback.id,
        "from": emulator.world.user(user_id),
        "message": message.api,
        "chat_instance": str(bot.id ^ (user_id << 20)),
        "data": button["callback_data"],
    }
    return callback.id, emulator.emit(bot, {"callback_query": query})


def find_button(chat: Chat, message_id: int, key: str, value: str) -> Json:
    """Return the button with such `callback_data` or `text`; ClientError 404 or 409 without one to press."""
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise ClientError(404, f"There is no message {message_id} in this chat.")
    rows = message.inline_rows
    if key == "text" and message.keyboard is not None:
        rows = message.keyboard.get("keyboard", [])
    for row in rows:
        for button in row:
            if button.get(key) == value:
                return _usable(button)
    raise ClientError(404, f"Message {message_id} has no button {value!r}.")


def block(emulator: Emulator, bot: Bot, user_id: int, *, blocked: bool) -> None:
    """Block the bot or unblock it; a bot is told when that changes something."""
    user = emulator.world.user(user_id)
    chat = emulator.world.chat(bot, user_id)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    emulator.world.touch("chat", bot.id, user_id)
    emulator.feed.publish(user_id, "blocked" if blocked else "unblocked")
    member: Json = {"user": bot.as_user(), "status": "member"}
    kicked: Json = {"user": bot.as_user(), "status": "kicked", **FOREVER}
    change = {
        "chat": emulator.world.chat_object(user_id),
        "from": user,
        "date": int(time.time()),
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }
    emulator.emit(bot, {"my_chat_member": change})


def mark_read(emulator: Emulator, bot: Bot, user_id: int, message_id: int) -> None:
    """Mark a chat as read up to a message."""
    emulator.world.user(user_id)
    chat = emulator.world.chat(bot, user_id)
    if message_id > chat.read_up_to:
        chat.read_up_to = message_id
        emulator.world.touch("chat", bot.id, user_id)
        emulator.feed.publish(user_id, "read", message_id=message_id)


def _open_chat(emulator: Emulator, bot: Bot, user_id: int) -> Chat:
    emulator.world.user(user_id)
    chat = emulator.world.chat(bot, user_id)
    if chat.blocked:
        raise ClientError(409, "The user has blocked the bot.")
    return chat


def _usable(button: Json) -> Json:
    if "disabled" in button:
        raise ClientError(409, f"The button {button['text']!r} is disabled.")
    return button


def _text(value: object) -> Json:
    if not isinstance(value, str):
        raise ClientError(400, "A text is a string.")
    formatted = from_user(value)
    if not 0 < len(formatted.text) <= MAX_TEXT:
        raise ClientError(400, f"A text has 1 to {MAX_TEXT} characters.")
    entities = {"entities": formatted.entities} if formatted.entities else {}
    return {"text": formatted.text, **entities}


def _location(value: object) -> Json:
    if isinstance(value, dict):
        latitude, longitude = value.get("latitude"), value.get("longitude")
        if _within(latitude, MAX_LATITUDE) and _within(longitude, MAX_LONGITUDE):
            return {"location": {"latitude": latitude, "longitude": longitude}}
    raise ClientError(400, "A location is a latitude and a longitude.")


def _within(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -limit <= value <= limit


def _contact(value: object) -> Json:
    if isinstance(value, dict) and value.get("phone_number") and value.get("first_name"):
        return {"contact": {name: value[name] for name in CONTACT if name in value}}
    raise ClientError(400, "A contact has a phone_number and a first_name.")
