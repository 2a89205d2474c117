"""What customers can be led to: what is offered now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.booking import AddedServices, ShowServices, ShowSpecialists
from shared.links import payload_of
from worker.combining.repository import load_combinable
from worker.db.models.catalogue import Service, Specialist
from worker.db.scope import scope
from worker.ui.names import joined


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A service, several in one visit, or a specialist to whom a link leads."""

    name: str
    service_id: int | None = None
    specialist_id: int | None = None
    added: AddedServices | None = None

    @property
    def argument(self) -> str:
        """What `/start` carries: as the contract of booking has it."""
        if self.service_id is None:
            return payload_of(ShowServices(specialist_id=self.specialist_id))
        return payload_of(ShowSpecialists(service_id=self.service_id, added=self.added))


async def load_targets(session: AsyncSession) -> Sequence[LinkTarget]:
    """Load the services, then the specialists, in the business's order."""
    services = select(Service.id, Service.name).where(Service.business_id == scope(session), Service.active)
    specialists = select(Specialist.id, Specialist.name).where(
        Specialist.business_id == scope(session), Specialist.active
    )
    found = await session.execute(services.order_by(Service.position, Service.id))
    people = await session.execute(specialists.order_by(Specialist.position, Specialist.id))
    return [
        *(LinkTarget(name, service_id=number) for number, name in found),
        *(LinkTarget(name, specialist_id=number) for number, name in people),
    ]


async def load_combinable_targets(session: AsyncSession) -> Sequence[LinkTarget]:
    """Load the services that can be one of several in a visit, in the business's order."""
    combinable = await load_combinable(session, None)
    return [each for each in await load_targets(session) if each.service_id in combinable]


async def load_target(
    session: AsyncSession,
    service_id: int | None,
    specialist_id: int | None,
    added: AddedServices | None = None,
) -> LinkTarget | None:
    """Load what a link leads to; None where it is not offered any more."""
    if service_id is not None and added is not None:
        return several(await load_combinable_targets(session), service_id, added)
    wanted = (service_id, specialist_id)
    found = await load_targets(session)
    return next((each for each in found if (each.service_id, each.specialist_id) == wanted), None)


def several(offered: Sequence[LinkTarget], service_id: int, added: AddedServices | None) -> LinkTarget | None:
    """Make one target of what is offered; None where some of it is not, or is named twice."""
    ids = [service_id, *(added.ids if added else ())]
    names = {each.service_id: each.name for each in offered}
    if not names.keys() >= {*ids} or len({*ids}) < len(ids):
        return None
    return LinkTarget(joined([names[each] for each in ids]), service_id=service_id, added=added)
