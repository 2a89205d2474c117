"""Methods that change or remove a message already sent."""

import time

from sandbox.emulator import keyboards
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call, shown
from sandbox.emulator.methods.inline import edit_card
from sandbox.emulator.methods.medium import media_content
from sandbox.emulator.methods.texts import caption_content, text_content
from sandbox.emulator.world import Chat, Json, Message

NOT_FOUND = "message to edit not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
MAX_DELETED = 100
TEXT = ("text", "entities", "link_preview_options")
CAPTION = ("caption", "caption_entities", "show_caption_above_media")
MEDIA = frozenset({"photo", "document"})
REPLACED = (*TEXT, *CAPTION, *MEDIA, "has_media_spoiler")
"""What goes when a message becomes another medium."""


async def edit_message_text(call: Call) -> Json | bool:
    """Change a message's text and inline keyboard."""
    content, keyboard = text_content(call), _keyboard(call)
    if call.params.text("inline_message_id"):
        return edit_card(call, content, keyboard)
    chat, message = _editable(call)
    if "text" not in message.api:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, message, _changed(message, TEXT, content, keyboard))


async def edit_message_caption(call: Call) -> Json:
    """Change a file's caption and inline keyboard."""
    keyboard, content = _keyboard(call), caption_content(call.params)
    chat, message = _editable(call)
    if MEDIA.isdisjoint(message.api):
        raise bad_request("there is no caption in the message to edit")
    if "photo" in message.api and call.params.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return _edit(call, chat, message, _changed(message, CAPTION, content, keyboard))


async def edit_message_media(call: Call) -> Json:
    """Put another photo or document into a message, or one in place of its text."""
    keyboard, content = _keyboard(call), media_content(call)
    chat, message = _editable(call)
    if (MEDIA | {"text"}).isdisjoint(message.api):
        raise bad_request("there is no media in the message to edit")
    return _edit(call, chat, message, _changed(message, REPLACED, content, keyboard))


async def edit_message_reply_markup(call: Call) -> Json:
    """Change a message's inline keyboard."""
    keyboard = _keyboard(call)
    chat, message = _editable(call)
    return _edit(call, chat, message, _changed(message, (), {}, keyboard))


async def delete_message(call: Call) -> bool:
    """Remove a message."""
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    if message.api["date"] < time.time() - DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    call.emulator.delete(chat, message)
    return True


async def delete_messages(call: Call) -> bool:
    """Remove several messages; those that are not there are passed over."""
    wanted = call.params.nested("message_ids", "message identifiers")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > MAX_DELETED:
        raise bad_request("too many messages to delete")
    chat = call.chat()
    for message_id in wanted:
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is not None and not message.deleted:
            call.emulator.delete(chat, message)
    return True


def _keyboard(call: Call) -> Json | None:
    keyboard = keyboards.read(call.params.nested("reply_markup", "reply keyboard markup"))
    if keyboard is not None and not keyboards.is_inline(keyboard):
        raise bad_request("inline keyboard expected")
    return keyboard


def _editable(call: Call) -> tuple[Chat, Message]:
    if call.params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = call.chat()
    message = call.message(chat, NOT_FOUND)
    if message.outgoing or message.keyboard is not None:
        raise bad_request("message can't be edited")
    call.emulator.check_reachable(chat)
    return chat, message


def _changed(message: Message, fields: tuple[str, ...], content: Json, keyboard: Json | None) -> Json:
    kept = {name: value for name, value in message.api.items() if name not in (*fields, "reply_markup")}
    changed = kept | content
    if keyboard is not None:
        changed["reply_markup"] = {"inline_keyboard": keyboard["inline_keyboard"]}
        if message.force_reply:
            changed["reply_markup"]["force_reply"] = True
    if changed == message.api:
        raise bad_request(NOT_MODIFIED)
    return changed


def _edit(call: Call, chat: Chat, message: Message, changed: Json) -> Json:
    call.limit(chat)
    message.api = {**changed, "edit_date": int(time.time())}
    call.emulator.changed(chat, message)
    return shown(message)
