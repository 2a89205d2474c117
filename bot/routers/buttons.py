"""Every button: its data is a packed command."""

from bot.lean_aiogram import CallbackQuery, Router
from shared.callbacks import UnreadableButtonError, unpack
from shared.commands import Command, ExplainButton


async def tap(query: CallbackQuery) -> Command:
    """Unpack the command; what nobody can read is explained."""
    try:
        return unpack(query.data or "")
    except UnreadableButtonError:
        return ExplainButton()


def router() -> Router:
    """Make the router."""
    routes = Router(name="buttons")
    routes.callback_query.register(tap)
    return routes
