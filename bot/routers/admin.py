"""/admin; whether someone may is the worker's to decide."""

from bot.lean_aiogram import Message, Router
from bot.routers.text import Typed
from shared.commands import ShowAdmin


async def admin(_: Message) -> ShowAdmin:
    """Open the administration."""
    return ShowAdmin()


def router() -> Router:
    """Make the router."""
    routes = Router(name="admin")
    routes.message.register(admin, Typed("admin"))
    return routes
