"""How the notes of staff are told apart, and what of a visit they book once more."""

from zlib import crc32

from shared.contracts.booking import AddedServices, BookedFor, ShowSoonest
from worker.visits.repository import Visit
from worker.visits.rules import pieces


def digest(note: str | None) -> int:
    """Return a few digits that tell one note from another."""
    return crc32(f"{note or ''}".encode())


def once_more(visit: Visit, specialist_id: int | None) -> ShowSoonest:
    """Make the command by which staff book a visit once more: a specialist what they did of it, None all."""
    done = [each for each in pieces(visit) if specialist_id in {None, each.specialist_id}]
    first, *others = done or [visit]
    return ShowSoonest(
        service_id=first.service_id,
        specialist_id=first.specialist_id,
        customer=BookedFor(person_id=visit.customer_id),
        added=AddedServices(ids=tuple(each.service_id for each in others)) if others else None,
    )
