"""What customers can be led to: what is offered now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import Service, Specialist
from worker.db.scope import scope


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A service or a specialist to whom a link leads."""

    name: str
    service_id: int | None = None
    specialist_id: int | None = None

    @property
    def argument(self) -> str:
        """What `/start` carries: as the contract of booking has it."""
        return f"p{self.specialist_id}" if self.service_id is None else f"s{self.service_id}"


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


async def load_target(
    session: AsyncSession, service_id: int | None, specialist_id: int | None
) -> LinkTarget | None:
    """Load what a link leads to; None where it is not offered any more."""
    wanted = (service_id, specialist_id)
    found = await load_targets(session)
    return next((each for each in found if (each.service_id, each.specialist_id) == wanted), None)
