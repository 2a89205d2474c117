"""/today and /week; whether someone is staff is the worker's to decide."""

from bot.lean_aiogram import Message, Router
from bot.routers.text import Typed
from shared.commands import ShowAgenda

WEEK = 7


async def today(_: Message) -> ShowAgenda:
    """Show today's visits."""
    return ShowAgenda()


async def week(_: Message) -> ShowAgenda:
    """Show the visits of seven days."""
    return ShowAgenda(days=WEEK)


def router() -> Router:
    """Make the router."""
    routes = Router(name="staff")
    routes.message.register(today, Typed("today"))
    routes.message.register(week, Typed("week"))
    return routes
