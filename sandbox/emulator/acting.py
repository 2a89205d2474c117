"""What a user does: write, press, block, read."""

import secrets
import time

from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ClientError
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Bot, Callback, Chat, Json, Message, in_topic

FOREVER = {"until_date": 0}


def write(
    emulator: Emulator,
    bot: Bot,
    user_id: int,
    content: Json,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> tuple[Json, Update | None]:
    """Put a user's message into the chat or a topic of it, perhaps as a reply, and tell the bot.

    Raises ClientError 409 while the bot is blocked, and 404 without the message to reply to or the topic.
    """
    chat = _open_chat(emulator, bot, user_id)
    if thread_id is not None and thread_id not in chat.topics:
        raise ClientError(404, f"There is no topic {thread_id} in this chat.")
    return put(emulator, bot, user_id, content | _reply(chat, reply_to) | in_topic(thread_id))


def put(emulator: Emulator, bot: Bot, user_id: int, content: Json) -> tuple[Json, Update | None]:
    """Put a message from a user into the chat, whether they wrote it or Telegram notes what they did."""
    user, chat = emulator.world.user(user_id), emulator.world.chat(bot, user_id)
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


def open_topic(emulator: Emulator, bot: Bot, user_id: int, name: str) -> int:
    """Open a topic in the chat, and have its first message tell the bot; return its id."""
    chat = _open_chat(emulator, bot, user_id)
    thread_id = bot.next_message_id
    chat.topics.append(thread_id)
    emulator.world.touch("chat", bot.id, user_id)
    write(
        emulator,
        bot,
        user_id,
        {"forum_topic_created": {"name": name, "icon_color": 7322096}},
        None,
        thread_id,
    )
    return thread_id


def delete_topic(emulator: Emulator, bot: Bot, user_id: int, thread_id: int) -> None:
    """Delete a topic with its messages. Raises ClientError 404 where there is none."""
    chat = _open_chat(emulator, bot, user_id)
    if thread_id not in chat.topics:
        raise ClientError(404, f"There is no topic {thread_id} in this chat.")
    chat.topics.remove(thread_id)
    emulator.world.touch("chat", bot.id, user_id)
    for message in chat.messages.values():
        if message.thread_id == thread_id and not message.deleted:
            emulator.delete(chat, message)


def own_contact(user: Json) -> Json:
    """Return the contact that a user shares of themselves; the telephone number is made of their id."""
    names = {name: user[name] for name in ("first_name", "last_name") if user.get(name)}
    return {"phone_number": f"+{user['id']:011d}", **names, "user_id": user["id"]}


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


def _reply(chat: Chat, reply_to: int | None) -> Json:
    if reply_to is None:
        return {}
    message = chat.messages.get(reply_to)
    if message is None or message.deleted:
        raise ClientError(404, f"There is no message {reply_to} in this chat.")
    return {"reply_to_message": message.as_replied_to()}
