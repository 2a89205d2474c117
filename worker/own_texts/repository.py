"""Own texts as they are kept."""

from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID
from worker.own_texts.rules import OwnText, OwnTextKind

NO_SERVICE: Final = 0
_WELCOME: Final = (
    text("SELECT language, words FROM own_text WHERE business_id = :business AND kind = 'welcome'")
    .bindparams(BUSINESS_ID)
    .columns(column("language"), column("words"))
)
_OF_VISIT: Final = (
    text("""
        SELECT own.language, own.words, own.of_service, coalesce(person.first_name, '') AS first_name FROM (
            SELECT language, words, false AS of_service FROM own_text
            WHERE business_id = :business AND kind = :kind
            UNION ALL SELECT language, words, true FROM service_text
            WHERE business_id = :business AND service_id = :service_id
        ) AS own LEFT JOIN person ON person.business_id = :business AND person.id = :person_id
    """)
    .bindparams(
        BUSINESS_ID,
        bindparam("kind", type_=Text),
        bindparam("service_id", type_=BigInteger),
        bindparam("person_id", type_=BigInteger),
    )
    .columns(column("language"), column("words"), column("of_service"), column("first_name"))
)


async def load_welcome(session: AsyncSession) -> list[OwnText]:
    """Load the welcomes, one a language."""
    rows = await fetch(session, _WELCOME, {})
    return [OwnText(row.language, row.words) for row in rows]


async def load_of_visit(
    session: AsyncSession, kind: OwnTextKind, service_id: int, customer_id: int
) -> tuple[list[OwnText], str]:
    """Load what may be said about a visit, the service's own and the business's, and its customer's name."""
    of_service = service_id if kind is OwnTextKind.REMINDER else NO_SERVICE
    values = {"kind": kind.value, "service_id": of_service, "person_id": customer_id}
    rows = await fetch(session, _OF_VISIT, values)
    found = [OwnText(row.language, row.words, row.of_service) for row in rows]
    return found, rows[0].first_name if rows else ""
