"""Names of services and specialists into their ids."""

from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.command_line import UsageError
from worker.db.models.catalogue import Business, Service, Specialist, SpecialistService
from worker.db.scope import scope


async def find_names(session: AsyncSession, service: str, specialist: str | None) -> tuple[int, int | None]:
    """Return the ids of a service and a specialist who does it; raises UsageError."""
    if await session.get(Business, scope(session)) is None:
        raise UsageError("There is no business yet: python -m worker.business apply FILE loads one.")
    services = await session.execute(
        select(Service.name, Service.id).where(Service.business_id == scope(session), Service.active)
    )
    service_id = _pick("service", service, {row.name: row.id for row in services})
    if specialist is None:
        return service_id, None
    people = await session.execute(
        select(Specialist.name, Specialist.id).where(
            Specialist.business_id == scope(session), Specialist.active
        )
    )
    specialist_id = _pick("specialist", specialist, {row.name: row.id for row in people})
    if await session.get(SpecialistService, (scope(session), specialist_id, service_id)) is None:
        raise UsageError(f"The specialist '{specialist}' does not do '{service}'.")
    return service_id, specialist_id


def _pick(kind: str, name: str, ids: dict[str, int]) -> int:
    if name in ids:
        return ids[name]
    near = get_close_matches(name, ids, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise UsageError(f"There is no {kind} named '{name}'.{hint}")
