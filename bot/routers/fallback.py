"""What no other router took: unknown commands, free text, pictures, voice …."""

from bot.lean_aiogram import Message, Router
from bot.routers.text import is_free, is_unknown_command
from shared.commands import ExplainText


async def unknown_command(_: Message) -> ExplainText:
    """Say which commands there are."""
    return ExplainText(unknown_command=True)


async def anything_else(_: Message) -> ExplainText:
    """Say what can be done."""
    return ExplainText()


def router() -> Router:
    """Make the router."""
    routes = Router(name="fallback")
    routes.message.register(unknown_command, is_unknown_command)
    routes.message.register(anything_else, is_free)
    return routes
