"""Make the business what its file says."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.clock import Clock
from worker.business import repository
from worker.business.affected import warnings
from worker.business.changes import Change, compare, count_unchanged
from worker.business.document import Document
from worker.db.engine import Sessions


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a document did."""

    changes: Sequence[Change]
    unchanged: int
    warnings: Sequence[str]


async def apply_document(sessions: Sessions, document: Document, clock: Clock) -> Applied:
    """Write what is different, in one transaction; two that apply at once go one after the other."""
    async with sessions.begin() as session:
        await repository.lock(session)
        stored = await repository.read_business(session)
        changes = compare(stored.document, document, stored.inactive)
        if not changes:
            return Applied((), count_unchanged(document, ()), ())
        await repository.write_changes(session, changes)
        visits = await repository.future_visits(session, clock.now())
    told = [change for change in changes if change.told]
    return Applied(told, count_unchanged(document, changes), warnings(document, visits))
