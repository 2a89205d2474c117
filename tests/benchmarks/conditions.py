"""The shop whose slots depend on more than hours and visits: resources, caps, services that follow, a series.

It is the benchmark's business with more in it, so that each row stands beside one without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from shared.clock import SystemClock
from shared.contracts.booking import AddedServices, ShowMonth
from shared.contracts.series import ShowSeries
from shared.envelope import AnyCommand
from tests.benchmarks.system import SPECIALISTS, TEAM, TEAM_CUT, business, specialist
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.engine import Sessions

CHAIRS, BASINS = 45, 12
"""Fewer than a team: three times a day all chairs are taken. They are the first and the second resource."""
SEATED, WASHED, CAPPED, REGULAR = "Seated cut", "Wash", "Capped cut", "Regular cut"
RESOURCES = f"resources:\n  - {{name: Chair, count: {CHAIRS}}}\n  - {{name: Basin, count: {BASINS}}}\n"
CUT = "duration: 45m, price: 30, step: 15m, min_notice: 0m"
SERVICES = f"""
  - {{name: {SEATED}, {CUT}, horizon: 60d, resources: [Chair, Basin]}}
  - {{name: {WASHED}, duration: 20m, price: 10, step: 15m, min_notice: 0m, horizon: 60d}}
  - {{name: {CAPPED}, {CUT}, horizon: 60d}}
  - {{name: {REGULAR}, {CUT}, horizon: 365d, reminders: []}}
""".lstrip("\n")
MOST_A_DAY, MOST_A_WEEK = 4, 22
"""One visit more than there are, so that each date is counted and none is left out for it."""
SERIES_WEEKS, SERIES_VISITS = 1, 12
SERVICE_IDS = text("SELECT name, id FROM service WHERE business_id = 1")
REPEATED = text("""
    INSERT INTO booking (
        business_id, service_id, specialist_id, customer_id, during, busy, status, price, currency
    )
    SELECT 1, :service, 1, :person, during, during, 'confirmed', numrange(30, 30, '[]'), 'EUR'
    FROM (SELECT tstzrange(:at, CAST(:at AS timestamptz) + interval '45 min') AS during) AS its
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What to ask for, by the numbers that a database gave."""

    services: Mapping[str, int]
    repeated: int
    """The visit that is repeated."""

    def asked(self, month: date) -> dict[str, AnyCommand]:
        """Name what is asked of a month, and for a series."""
        following = AddedServices(ids=(self.services[WASHED],))
        more = AddedServices(ids=(self.services[WASHED], self.services[CAPPED]))
        return {
            "month, 50 specialists, resources": ShowMonth(service_id=self.services[SEATED], month=month),
            "month, 50 specialists, caps": ShowMonth(service_id=self.services[CAPPED], month=month),
            "month, 50 specialists, 2 services": ShowMonth(service_id=TEAM_CUT, added=following, month=month),
            "month, 50 specialists, 3 services": ShowMonth(service_id=TEAM_CUT, added=more, month=month),
            "series of 12, 1 specialist": ShowSeries(
                booking_id=self.repeated, weeks=SERIES_WEEKS, count=SERIES_VISITS
            ),
        }


def _written() -> str:
    def entry(number: int) -> str:
        if number <= TEAM:
            return specialist(number, (SEATED, WASHED, REGULAR))
        limits = f", max_per_day: {MOST_A_DAY}, max_per_week: {MOST_A_WEEK}"
        return specialist(number, (CAPPED,), limits)

    return business(map(entry, range(1, SPECIALISTS + 1)), SERVICES, RESOURCES)


async def open_conditions(sessions: Sessions, person: int) -> Conditions:
    """Make the shop of a database such a one; a customer has a visit there that is repeated."""
    document = read_document(_written().encode(), "business.yaml")
    await apply_document(sessions, document, SystemClock())
    tomorrow = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=1)
    async with sessions.begin() as session:
        services = {row.name: row.id for row in await session.execute(SERVICE_IDS)}
        visit = {"service": services[REGULAR], "person": person, "at": tomorrow}
        repeated = await session.scalar(REPEATED, visit)
    return Conditions(services, int(repeated or 0))
