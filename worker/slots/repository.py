"""Names of services and specialists into their ids."""

from collections.abc import Collection
from difflib import get_close_matches

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.business.naming import find_keys, join_key
from worker.command_line import UsageError
from worker.db.models.catalogue import Business, Location, Service, Specialist, SpecialistService
from worker.db.scope import scope


async def find_place(session: AsyncSession, name: str | None) -> int | None:
    """Return the id of a place; raises UsageError for a name that none bears."""
    return None if name is None else (await _find(session, Location, "location", name))[1]


async def load_place_names(session: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    """Return the names of places by id, in the business's order."""
    statement = (
        select(Location.id, Location.name)
        .where(Location.business_id == scope(session), Location.id.in_(ids))
        .order_by(Location.position, Location.id)
    )
    return {row.id: row.name for row in await session.execute(statement)}


async def find_names(session: AsyncSession, service: str, specialist: str | None) -> tuple[int, int | None]:
    """Return the ids of a service and a specialist who does it; raises UsageError."""
    if await session.get(Business, scope(session)) is None:
        raise UsageError("There is no business yet: `bellhop business apply` loads one.")
    service_key, service_id = await _find(session, Service, "service", service)
    if specialist is None:
        return service_id, None
    name, specialist_id = await _find(session, Specialist, "specialist", specialist)
    if await session.get(SpecialistService, (scope(session), specialist_id, service_id)) is None:
        raise UsageError(f"The specialist '{name}' does not do '{service_key}'.")
    return service_id, specialist_id


async def _find(
    session: AsyncSession, table: type[Service | Specialist | Location], kind: str, word: str
) -> tuple[str, int]:
    """Return the key and the id of what a word names; raises UsageError for none, or several."""
    category = Service.category if table is Service else literal("")
    statement = select(category, table.name, table.id)
    offered = statement.where(table.business_id == scope(session), table.active)
    rows = await session.execute(offered.order_by(table.position, table.id))
    names, ids = dict[str, str](), dict[str, int]()
    for heading, name, number in rows:
        key = join_key((heading, name))
        names[key], ids[key] = name, number
    keys = find_keys(word, names)
    if len(keys) > 1:
        raise UsageError(f"There are several {kind}s named '{word}': write {' or '.join(keys)}.")
    if not keys:
        near = get_close_matches(word, [*names, *names.values()], n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise UsageError(f"There is no {kind} named '{word}'.{hint}")
    return keys[0], ids[keys[0]]
