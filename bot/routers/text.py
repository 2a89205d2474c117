"""Commands as people type them: `/start payload`, `/book@bellhop_bot`."""

from dataclasses import dataclass

from bot.lean_aiogram import Filter, Message


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A text that begins with a slash, taken apart."""

    name: str
    mention: str
    argument: str

    def is_for(self, username: str | None) -> bool:
        """Tell whether it is meant for us; before our name is known, every command is."""
        return not self.mention or username is None or self.mention == username.casefold()


def typed_command(text: str | None) -> TypedCommand | None:
    """Take a text apart; None where it is no command."""
    if not text or not text.startswith("/"):
        return None
    head, *rest = text.split(maxsplit=1)
    name, _, mention = head[1:].casefold().partition("@")
    return TypedCommand(name, mention, rest[0].strip() if rest else "")


class Typed(Filter):
    """Passes commands of one name that are meant for us, and hands the handler the argument."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, message: Message, username: str | None) -> bool | dict[str, str]:
        """Match a message."""
        typed = typed_command(message.text)
        if typed is None or typed.name != self._name or not typed.is_for(username):
            return False
        return {"argument": typed.argument}


async def is_unknown_command(message: Message, username: str | None) -> bool:
    """Pass whatever begins with a slash and is meant for us."""
    typed = typed_command(message.text)
    return typed is not None and typed.is_for(username)


async def is_free(message: Message) -> bool:
    """Pass what is no command at all: text, photos, stickers, voice …."""
    return typed_command(message.text) is None
