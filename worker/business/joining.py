"""Somebody comes to work here: the business is changed and written as by its file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from shared.cleaning import tidy
from worker.business import repository
from worker.business.apply import apply_within
from worker.business.document import Document, SpecialistEntry
from worker.business.export import write_document
from worker.business.membership import (
    SPECIALIST,
    NotJoined,
    wanted_specialist,
    with_role,
    with_specialist,
)
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.stored import StoredBusiness
from worker.db.locks import lock_business
from worker.events.author import Author


async def free_name(session: AsyncSession, said: str) -> str | None:
    """Return a new specialist's name as the file keeps it; None where the file would refuse it."""
    name, document = tidy(said), (await repository.read_business(session)).document
    if not name or document is None:
        return None
    more = replace(document, specialists=(*document.specialists, SpecialistEntry(name=name)))
    try:
        return read_document(write_document(more).encode(), name).specialists[-1].name
    except RefusedFileError:
        return None


async def join(
    session: AsyncSession,
    role: str,
    person_id: int,
    specialist: tuple[int | None, str],
    author: Author,
    now: Callable[[], datetime],
) -> NotJoined | None:
    """Make somebody an owner, an admin, or a specialist: by the row's number, or a new one of this name.

    The business is locked before anything is read. Returns why they cannot be that, None where they are.
    """
    await lock_business(session)
    stored = await repository.read_business(session)
    if stored.document is None:
        return NotJoined.GONE
    joined = _joined(stored, stored.document, role, person_id, specialist)
    if isinstance(joined, NotJoined):
        return joined
    await apply_within(session, joined, author, now)
    return None


def _joined(
    stored: StoredBusiness, document: Document, role: str, person_id: int, specialist: tuple[int | None, str]
) -> Document | NotJoined:
    if role != SPECIALIST:
        return with_role(document, role, person_id)
    wanted = wanted_specialist(stored, document, *specialist)
    return wanted if isinstance(wanted, NotJoined) else with_specialist(document, wanted, person_id)
