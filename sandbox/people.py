"""The people of the demo."""

from sandbox.loopback import request
from sandbox.options import OWNER_ID

PEOPLE: dict[int, dict[str, str]] = {
    OWNER_ID: {"first_name": "Olivia", "username": "olivia", "language_code": "en"},
    1001: {"first_name": "Alice", "username": "alice", "language_code": "en"},
    1002: {"first_name": "Boris", "username": "boris", "language_code": "ru"},
    2001: {"first_name": "Anna", "username": "anna", "language_code": "en"},
    2002: {"first_name": "Carlos", "username": "carlos", "language_code": "en"},
    2003: {"first_name": "Мария", "username": "maria", "language_code": "ru"},
}
STAFF = (OWNER_ID, 1001, 1002)
"""Who works there: they have opened the bot already, so that they hear of the first booking."""
SHOWN = (2001, 1001, OWNER_ID)
"""Who stands side by side in the web chat at first: a customer, a specialist, the owner."""


async def invite_people(client_api: str) -> None:
    """Make the people the emulator does not know yet; those it knows keep what they changed."""
    _, known = await request("GET", f"{client_api}/users")
    ids = {user["id"] for user in known}
    for number, person in PEOPLE.items():
        if number not in ids:
            await request("PUT", f"{client_api}/users/{number}", person)


async def open_staffs_chats(client_api: str) -> None:
    """Have the people who work there start the bot, those whose chats are empty."""
    for number in STAFF:
        _, chat = await request("GET", f"{client_api}/chats/{number}")
        if not chat["messages"]:
            await request("POST", f"{client_api}/chats/{number}/messages", {"text": "/start"})
