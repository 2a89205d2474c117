"""Users, bots and chats, as their clients see them."""

from sandbox.emulator import acting
from sandbox.emulator.client import payments
from sandbox.emulator.client.requests import ClientRequest
from sandbox.emulator.contents import content_of
from sandbox.emulator.errors import ClientError
from sandbox.emulator.signals import until
from sandbox.emulator.world import Bot, Json, Message, World

NAMES = ("first_name", "last_name", "username", "language_code")
USUAL_MESSAGES, MOST_MESSAGES = 100, 1000
ELSEWHERE = frozenset({"url", "copy_text", "web_app", "login_url"})
"""What a button does without the bot."""
UNANSWERED = frozenset({"request_poll", "request_users", "request_chat", "request_managed_bot"})
"""What a reply button may ask for that people have nothing to answer with here."""
PRIVATE_SCOPES = ("default", "all_private_chats")


async def bots(request: ClientRequest) -> list[Json]:
    """List the bots with their menus."""
    return [_bot(bot) for bot in request.emulator.by_token.values()]


async def users(request: ClientRequest) -> list[Json]:
    """List the users."""
    world = request.emulator.world
    return [_user(world, user_id) for user_id in world.users]


async def put_user(request: ClientRequest) -> Json:
    """Make a user or change one."""
    wanted = await request.json()
    user_id, world = request.user_id, request.emulator.world
    if user_id <= 0:
        raise ClientError(400, "A user's id is a positive number.")
    first_name = wanted.get("first_name")
    if not isinstance(first_name, str) or not first_name:
        raise ClientError(400, "A user needs a first_name.")
    if not all(isinstance(wanted.get(name), str | None) for name in NAMES):
        raise ClientError(400, f"{', '.join(NAMES)} are strings.")
    names = {name: wanted[name] for name in NAMES if wanted.get(name)}
    world.users[user_id] = {"id": user_id, "is_bot": False, **names}
    _set_deactivated(world, user_id, wanted)
    world.touch("user", user_id)
    user = _user(world, user_id)
    request.emulator.feed.publish(user_id, "user", user=user)
    return user


async def chat(request: ClientRequest) -> Json:
    """Show a user's chat."""
    world, bot = request.emulator.world, request.bot
    user = world.user(request.user_id)
    conversation = world.chat(bot, request.user_id)
    before = request.number("before", 2**53)
    limit = min(max(request.number("limit", USUAL_MESSAGES), 1), MOST_MESSAGES)
    messages: list[Message] = []
    for message_id in reversed(conversation.messages):
        if len(messages) == limit:
            break
        if message_id < before:
            messages.append(conversation.messages[message_id])
    return {
        "user": user,
        "blocked": conversation.blocked,
        "typing": conversation.typing_now(),
        "keyboard": conversation.keyboard,
        "read": conversation.read_up_to,
        "commands": commands_for(bot, user),
        "last": request.emulator.feed.last,
        "messages": [conversation.client_view(message) for message in reversed(messages)],
    }


async def write(request: ClientRequest) -> Json:
    """Send a message as a user."""
    wanted = await request.json()
    request.emulator.world.user(request.user_id)
    content = content_of(request.emulator.world, request.bot, wanted)
    return _write(request, content, _named(wanted, "reply_to"), _named(wanted, "thread"))


async def open_topic(request: ClientRequest) -> Json:
    """Open a topic in the chat."""
    name = (await request.json()).get("name")
    if not isinstance(name, str) or not name:
        raise ClientError(400, "A topic has a name.")
    return {"thread": acting.open_topic(request.emulator, request.bot, request.user_id, name)}


async def delete_topic(request: ClientRequest) -> Json:
    """Delete a topic and what was said in it."""
    thread = request.path_number("thread")
    acting.delete_topic(request.emulator, request.bot, request.user_id, thread)
    return {"thread": thread}


async def press(request: ClientRequest) -> Json:
    """Press a button as a user."""
    wanted = await request.json()
    emulator, bot, user_id = request.emulator, request.bot, request.user_id
    message_id, key = wanted.get("message_id"), "data" if "data" in wanted else "text"
    if not isinstance(message_id, int) or not isinstance(wanted.get(key), str):
        raise ClientError(400, "A press names a message_id and the button's data or text.")
    emulator.world.user(user_id)
    field = "callback_data" if key == "data" else "text"
    button = acting.find_button(emulator.world.chat(bot, user_id), message_id, field, wanted[key])
    if "callback_data" in button:
        query_id, update = acting.press(emulator, bot, user_id, message_id, button)
        return {"callback_query_id": query_id, "update_id": update.update_id if update else None}
    return _press_reply(request, button, wanted)


async def callback(request: ClientRequest) -> Json:
    """Wait for a pressed button's answer."""
    found = request.emulator.world.callbacks.get(request.http.path_params["id"])
    if found is None:
        raise ClientError(404, "There is no such callback query.")
    answer = await until(request.emulator.answers, found.id, request.timeout, lambda: found.answer)
    return {"answered": answer is not None, "answers": found.answers, **(answer or {})}


async def callbacks(request: ClientRequest) -> list[Json]:
    """List the presses that were answered at least so often, oldest first."""
    least, bot_id = request.number("min_answers"), request.bot.id
    kept = request.emulator.world.callbacks.values()
    return [one.view() for one in kept if one.bot_id == bot_id and one.answers >= least]


async def block(request: ClientRequest) -> Json:
    """Block the bot."""
    acting.block(request.emulator, request.bot, request.user_id, blocked=True)
    return {"blocked": True}


async def unblock(request: ClientRequest) -> Json:
    """Unblock the bot."""
    acting.block(request.emulator, request.bot, request.user_id, blocked=False)
    return {"blocked": False}


async def read(request: ClientRequest) -> Json:
    """Mark a chat as read."""
    message_id = (await request.json()).get("message_id")
    if not isinstance(message_id, int):
        raise ClientError(400, "message_id is a number.")
    acting.mark_read(request.emulator, request.bot, request.user_id, message_id)
    return {"message_id": message_id}


def commands_for(bot: Bot, user: Json) -> list[Json]:
    """Return the menu a user sees: the narrowest scope first, their language before none."""
    for scope in (f"chat:{user['id']}", "all_private_chats", "default"):
        for language in (user.get("language_code", ""), ""):
            if found := bot.commands.get(f"{scope}|{language}"):
                return found
    return []


def _bot(bot: Bot) -> Json:
    commands: dict[str, list[Json]] = {"": []}
    for wanted in PRIVATE_SCOPES:
        for key, menu in bot.commands.items():
            scope, _, language = key.partition("|")
            if scope == wanted:
                commands[language] = menu
    return {**bot.as_user(), "commands": commands, "webhook": bot.webhook is not None}


def _user(world: World, user_id: int) -> Json:
    return world.users[user_id] | ({"deactivated": True} if user_id in world.deactivated else {})


def _set_deactivated(world: World, user_id: int, wanted: Json) -> None:
    if wanted.get("deactivated") is True:
        world.deactivated.add(user_id)
    else:
        world.deactivated.discard(user_id)


def _write(
    request: ClientRequest, content: Json, reply_to: int | None = None, thread: int | None = None
) -> Json:
    message, update = acting.write(request.emulator, request.bot, request.user_id, content, reply_to, thread)
    return {"message": message, "update_id": update.update_id if update else None}


def _named(wanted: Json, name: str) -> int | None:
    number = wanted.get(name)
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise ClientError(400, f"{name} is a message_id.")
    return number


def _press_reply(request: ClientRequest, button: Json, wanted: Json) -> Json:
    if button.get("pay"):
        return payments.begin(request, wanted["message_id"], request.user_id)
    if button.keys() & ELSEWHERE or any("switch" in name for name in button):
        raise ClientError(409, f"The button {button['text']!r} does not talk to the bot.")
    if any(button.get(name) for name in UNANSWERED):
        raise ClientError(409, f"The button {button['text']!r} asks for what cannot be sent here.")
    shared = _shared(request, button, wanted)
    world, bot, pressed = request.emulator.world, request.bot, wanted["message_id"]
    thread = world.chat(bot, request.user_id).messages[pressed].thread_id
    if shared is not None:
        return _write(request, content_of(world, bot, shared), pressed, thread)
    return _write(request, content_of(world, bot, {"text": button["text"]}), thread=thread)


def _shared(request: ClientRequest, button: Json, wanted: Json) -> Json | None:
    """Return what the button asks for: the user's contact or place, sent as a reply to the keyboard."""
    if button.get("request_contact"):
        own = acting.own_contact(request.emulator.world.user(request.user_id))
        return {"contact": wanted.get("contact", own)}
    if button.get("request_location"):
        if "location" not in wanted:
            raise ClientError(409, f"The button {button['text']!r} asks for a location: press it with one.")
        return {"location": wanted["location"]}
    return None
