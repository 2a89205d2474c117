"""What is applied is what is stored, exported and read again, and applying that writes nothing."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings

from tests.doubles import ManualClock
from tests.worker.business.documents import documents
from worker.business.apply import apply_document
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions

CLOCK = ManualClock(datetime(2026, 11, 25, 12, tzinfo=UTC))


async def stored(sessions: Sessions) -> Document:
    async with sessions.begin() as session:
        document = (await read_business(session)).document
    assert document is not None
    return document


@given(documents())
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_a_written_document_is_read_back(document: Document) -> None:
    assert read_document(write_document(document).encode(), "x.yaml") == document


# The database is one for all examples on purpose: each document is applied over the one before.
@given(documents())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
async def test_apply_export_apply_changes_nothing(sessions: Sessions, document: Document) -> None:
    await apply_document(sessions, document, CLOCK)
    kept = await stored(sessions)
    assert kept == document
    exported = read_document(write_document(kept).encode(), "x.yaml")
    assert exported == kept
    assert not (await apply_document(sessions, exported, CLOCK)).changes
