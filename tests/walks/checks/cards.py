"""The messages that show a visit show it as it is."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

from sandbox.emulator.world import Message
from shared.buttons import UnreadableButtonError, unpack
from shared.contracts.base import Command
from shared.contracts.booking import StartMove
from shared.contracts.cancelling import AskCancel
from tests.walks.checks.looking import rows
from tests.walks.screens import keys_of
from tests.walks.walk import Walk

_SHOWN = """
    SELECT booking.id, customer_id, status, version, card_copies, lower(during) AS start,
        coalesce(person.language, 'en') AS language
    FROM booking JOIN person ON person.id = booking.customer_id AND person.business_id = booking.business_id
    WHERE customer_id > 0 AND status IN ('pending', 'confirmed', 'cancelled') AND person.reachable
    ORDER BY booking.id
"""


async def check_cards(walk: Walk) -> AsyncIterator[str]:
    """Look for cards that carry another version than the visit's, another state, or another time."""
    now = walk.stage.shop.clock.now()
    for row in await rows(walk, _SHOWN):
        if row["customer_id"] in walk.phones.lost:
            continue
        chat = walk.phones.chat(row["customer_id"])
        for number in row["card_copies"] or ():
            message = chat.messages.get(number)
            if message is None or message.deleted:
                continue
            what = f"message {number} of {row['customer_id']} shows № {row['id']}, {row['status']},"
            other = {each for each in versions_in(message, row["id"]) if each != row["version"]}
            if other:
                yield f"{what} as version {sorted(other)}, which is {row['version']}"
            elif row["status"] == "cancelled" and row["start"] > now and offers_changes(message):
                yield f"{what} as one that stands: {message.api.get('text', '')!r}"
            elif offers_changes(message) and row["start"] not in (times := times_in(message)):
                yield f"{what} at {sorted(times)}, it is at {row['start']}"


def versions_in(message: Message, booking_id: int) -> Iterator[int]:
    """Yield the versions of a visit that a message's buttons carry."""
    for command in _commands(message):
        about = getattr(command, "moving", None) or command
        if getattr(about, "booking_id", None) == booking_id and hasattr(about, "version"):
            yield about.version


def offers_changes(message: Message) -> bool:
    """Tell whether a visit may be moved or cancelled by a message's buttons."""
    return any(isinstance(each, StartMove | AskCancel) for each in _commands(message))


def times_in(message: Message) -> set[datetime]:
    """Return the instants that a message names."""
    entities = message.api.get("entities") or message.api.get("caption_entities") or ()
    return {datetime.fromtimestamp(each["unix_time"], UTC) for each in entities if "unix_time" in each}


def _commands(message: Message) -> Iterator[Command]:
    for key in keys_of(message):
        try:
            yield unpack(key.button.get("callback_data", ""))
        except UnreadableButtonError:
            continue
