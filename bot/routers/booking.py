"""/book and /bookings."""

from bot.lean_aiogram import Message, Router
from bot.routers.text import Typed
from shared.commands import ShowBookings, ShowServices


async def book(_: Message) -> ShowServices:
    """Begin a booking."""
    return ShowServices()


async def bookings(_: Message) -> ShowBookings:
    """List what is coming."""
    return ShowBookings()


def router() -> Router:
    """Make the router."""
    routes = Router(name="booking")
    routes.message.register(book, Typed("book"))
    routes.message.register(bookings, Typed("bookings"))
    return routes
