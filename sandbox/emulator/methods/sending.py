"""Methods that put a message into a chat."""

from sandbox.emulator import keyboards
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call, shown
from sandbox.emulator.methods.places import location, venue
from sandbox.emulator.methods.texts import caption_content, photo_looks, text_content
from sandbox.emulator.methods.uploads import document, photo
from sandbox.emulator.world import Chat, Json, in_topic

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
ACTION_SECONDS = 5


async def send_message(call: Call) -> Json:
    """Send a text."""
    return send(call, text_content(call))


async def send_location(call: Call) -> Json:
    """Send a point on the map."""
    return send(call, {"location": location(call)})


async def send_venue(call: Call) -> Json:
    """Send a place with its name and address."""
    place = venue(call)
    return send(call, {"location": place["location"], "venue": place})


async def send_document(call: Call) -> Json:
    """Send a file."""
    content = caption_content(call.params)
    return send(call, {"document": document(call), **content})


async def send_photo(call: Call) -> Json:
    """Send a picture."""
    content = caption_content(call.params) | photo_looks(call.params)
    return send(call, {"photo": photo(call), **content})


async def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy."""
    action = call.params.text("action").lower()
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.writable_chat()
    call.emulator.show_action(chat, action, ACTION_SECONDS)
    return True


def send(call: Call, content: Json, payable: Json | None = None, usual: Json | None = None) -> Json:
    """Put a message into the chat that the call names; raises ApiError.

    `payable` is what only the bot knows of an invoice, `usual` the keyboard of one that comes without.
    """
    markup = call.params.nested("reply_markup", "reply keyboard markup")
    keyboard = keyboards.read(markup, pays=payable is not None) or usual
    wanted = _reply_id(call)
    chat = call.writable_chat()
    content |= _reply(chat, wanted) | _topic(call, chat)
    if call.params.flag("protect_content"):
        content["has_protected_content"] = True
    call.limit(chat)
    return shown(call.emulator.post(call.bot, chat, content, keyboard, payable))


def _topic(call: Call, chat: Chat) -> Json:
    thread_id = call.params.integer("message_thread_id")
    if not thread_id:
        return {}
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return in_topic(thread_id)


def _reply_id(call: Call) -> tuple[int, bool]:
    given = call.params.nested("reply_parameters", "reply parameters")
    if given is None:
        lenient = call.params.flag("allow_sending_without_reply")
        return call.params.integer("reply_to_message_id"), lenient
    if not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    if "message_id" not in given:
        raise bad_request('can\'t find field "message_id"')
    message_id = given["message_id"]
    if isinstance(message_id, bool) or not isinstance(message_id, int):
        raise bad_request('field "message_id" must be of type Number')
    return message_id, given.get("allow_sending_without_reply") is True


def _reply(chat: Chat, wanted: tuple[int, bool]) -> Json:
    message_id, lenient = wanted
    if not message_id:
        return {}
    target = chat.messages.get(message_id)
    if target is not None and not target.deleted:
        return {"reply_to_message": target.as_replied_to()}
    if lenient:
        return {}
    raise bad_request("message to be replied not found")
