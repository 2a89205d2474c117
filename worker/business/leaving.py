"""Somebody leaves, or gives up what they are here: the business is changed and written as by its file."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.team import Taking
from worker.business import repository
from worker.business.apply import RefusedPlanError, apply_within
from worker.business.document import Document
from worker.business.membership import NotLeft, without_chat, without_role, without_specialist
from worker.business.stored import StoredBusiness
from worker.db.locks import lock_business
from worker.events.author import Author


class NotTaken(StrEnum):
    """Why nothing was taken away."""

    NOT_THEIRS = NotLeft.NOT_THEIRS
    LAST_OWNER = NotLeft.LAST_OWNER
    NO_OWNER = "no_owner"
    """Who asks is no owner any more."""
    EXPECTED = "expected"
    """Visits would be left to nobody."""


async def take_away(
    session: AsyncSession,
    what: Taking,
    of: int,
    author: Author,
    by_settings: frozenset[int],
    now: Callable[[], datetime],
) -> NotTaken | None:
    """Take a role from a person, or from a specialist the chat or the place; `of` is whose number that is.

    The business is locked before anything is read, so that who asks is an owner still, and the last owner
    stays. Returns why nothing was done, None where it was.
    """
    await lock_business(session)
    stored = await repository.read_business(session)
    document = stored.document
    if document is None or author.person_id not in {*document.roles.owner, *by_settings}:
        return NotTaken.NO_OWNER
    after = _without(stored, document, what, of)
    if isinstance(after, NotLeft):
        return NotTaken(after)
    try:
        await apply_within(session, after, author, now)
    except RefusedPlanError:
        return NotTaken.EXPECTED
    return None


def _without(stored: StoredBusiness, document: Document, what: Taking, of: int) -> Document | NotLeft:
    match what:
        case Taking.CHAT:
            return without_chat(stored, document, of)
        case Taking.PLACE:
            return without_specialist(stored, document, of)
        case Taking.OWNER | Taking.ADMIN:
            return without_role(document, what, of)
