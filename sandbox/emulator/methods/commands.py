"""The bot's command menu, by scope and language."""

import re
from typing import Any

from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.world import Json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}|")
MAX_COMMANDS, MAX_DESCRIPTION = 100, 256
SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


async def set_my_commands(call: Call) -> bool:
    """Set the menu of one scope and language."""
    given = call.params.nested("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(one) for one in given]
    call.emulator.set_commands(call.bot, _key(call), commands)
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """Return the menu of one scope and language."""
    return call.bot.commands.get(_key(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Remove the menu of one scope and language."""
    call.emulator.set_commands(call.bot, _key(call), [])
    return True


def _command(given: Any) -> Json:  # noqa: ANN401 - any JSON
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(given.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    command = given["command"].removeprefix("/")
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(given["description"].strip()) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": given["description"]}


def _key(call: Call) -> str:
    language = call.params.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    scope = call.params.nested("scope", "BotCommandScope")
    if scope is None:
        return f"default|{language}"
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = scope.get("type")
    if kind in SCOPES:
        return f"{kind}|{language}"
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if str(scope.get("chat_id")) not in map(str, call.emulator.world.users):
        raise bad_request("chat not found")
    return f"{kind}:{scope['chat_id']}|{language}"
