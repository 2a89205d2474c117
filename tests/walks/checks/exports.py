"""A shop that was changed by taps is whole: what it exports makes the same shop elsewhere."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.doubles import ManualClock
from tests.kit.business import BUSINESS_ID
from tests.walks.walk import Walk
from tests.worker.shop import NOW
from worker.business.apply import apply_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions, make_sessions


async def check_export(walk: Walk, empty: AsyncEngine) -> list[str]:
    """Apply what the shop exports to an empty database, and compare what that exports."""
    exported = await _export(walk.stage.shop.sessions)
    sessions = make_sessions(empty, BUSINESS_ID)
    await apply_document(sessions, read_document(exported.encode(), "export"), ManualClock(NOW))
    again = await _export(sessions)
    return [] if again == exported else [f"the export is another once it is applied: {exported} {again}"]


async def _export(sessions: Sessions) -> str:
    async with sessions() as session:
        document = (await read_business(session)).document
    assert document is not None
    return write_document(document)
