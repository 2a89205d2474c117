"""Make the business what its file says."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.clock import Clock
from worker.business import repository
from worker.business.affected import warnings
from worker.business.changes import Change, compare, count_unchanged
from worker.business.document import Document
from worker.db.engine import Sessions
from worker.db.models.catalogue import Location, Service, Specialist

TABLES: dict[str, repository.Named] = {
    "location": Location,
    "service": Service,
    "specialist": Specialist,
}


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a document did."""

    changes: Sequence[Change]
    unchanged: int
    warnings: Sequence[str]


async def apply_document(sessions: Sessions, document: Document, clock: Clock) -> Applied:
    """Write what is different, in one transaction; two that apply at once go one after the other."""
    document = in_service_order(document, document)
    async with sessions.begin() as session:
        await repository.lock(session)
        before = await repository.read_business(session)
        if before is not None:
            before = in_service_order(before, document)
        gone = {kind: await repository.inactive_names(session, table) for kind, table in TABLES.items()}
        changes = compare(before, document, gone)
        if not changes:
            return Applied((), count_unchanged(document, ()), ())
        await repository.write_business(session, document)
        visits = await repository.future_visits(session, clock.now())
    return Applied(changes, count_unchanged(document, changes), warnings(document, visits))


def in_service_order(document: Document, file: Document) -> Document:
    """Order each specialist's services as a file orders services: theirs have no order of their own."""
    places = {service.name: place for place, service in enumerate(file.services)}

    def ordered(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=lambda name: places.get(name, len(places))))

    specialists = tuple(
        each.model_copy(update={"services": ordered(each.services)}) for each in document.specialists
    )
    return document.model_copy(update={"specialists": specialists})
