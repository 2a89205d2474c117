"""Whatever customers do in whatever order: nobody is booked twice, and promises follow the visits."""

from datetime import UTC

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared.contracts.booking import Book, Move, Moving
from shared.contracts.cancelling import Cancel
from shared.envelope import Actor, AnyCommand, Envelope, ReplyTo
from tests.kit.wiring import beside, mute_messenger, wire
from tests.worker.shop import ANNA, BEN, CARLA, OpenedShop, Shop, at
from worker.db.models.booking import Booking
from worker.runtime.jobs.leases import NullLease

BOOK, MOVE, CANCEL = "book", "move", "cancel"
CLOCKS = ["10:00", "10:20", "10:45", "10:55", "11:15", "12:00"]
SERVICES = [("Cut", "Alice"), ("Cut", "Bob"), ("Cut", None), ("Steam", "Alice"), ("Yoga", "Alice")]

steps = st.lists(
    st.tuples(
        st.sampled_from([BOOK, BOOK, BOOK, MOVE, MOVE, CANCEL]),
        st.sampled_from([ANNA, BEN, CARLA]),
        st.sampled_from(SERVICES),
        st.sampled_from(CLOCKS),
        st.integers(0, 20),
        st.booleans(),
    ),
    min_size=4,
    max_size=14,
)

PROMISES = text("""
    SELECT booking.id, booking.status, booking.version, count(outbox.id) AS pending,
           count(outbox.id) FILTER (WHERE (outbox.payload ->> 'version')::int <> booking.version) AS stale,
           min(outbox.due_at) AS earliest, lower(booking.during) AS start,
           cardinality(service.reminders) AS most
    FROM booking JOIN service ON service.id = booking.service_id
    LEFT JOIN outbox ON outbox.subject_type = 'booking' AND outbox.subject_id = booking.id
      AND outbox.kind = 'booking.reminder' AND outbox.state = 'pending'
    GROUP BY booking.business_id, booking.id, service.business_id, service.id
""")


class Decided:
    """Decides commands in transactions of their own and leaves every answer unsaid."""

    def __init__(self, shop: Shop) -> None:
        self._decider = wire(beside(shop.sessions), shop.clock, mute_messenger()).decider
        self._updates = 0

    async def run(self, command: AnyCommand, person: int) -> None:
        self._updates += 1
        envelope = Envelope(
            bot_id=1,
            update_id=self._updates,
            received_at=at("08:00").astimezone(UTC),
            actor=Actor(id=person, first_name="Anna"),
            reply_to=ReplyTo(chat_id=person),
            command=command,
        )
        await self._decider.decide(envelope, NullLease())


def command_of(
    shop: Shop, action: str, target: Booking | None, service: str, who: str | None, clock: str, *, stale: bool
) -> AnyCommand:
    wish = shop.wish(service, who, clock)
    if action == BOOK or target is None:
        return Book(service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start)
    version = target.version - stale
    if action == CANCEL:
        return Cancel(booking_id=target.id, version=version)
    moving = Moving(booking_id=target.id, version=version)
    return Move(moving=moving, specialist_id=wish.specialist_id, start=wish.start)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_any_sequence_keeps_the_promises(
    shop: Shop, opened_shop: OpenedShop, steps: list[tuple[str, int, tuple[str, str | None], str, int, bool]]
) -> None:
    await opened_shop.emptier.empty()
    decided = Decided(shop)
    for action, person, (service, who), clock, number, stale in steps:
        live = await shop.live()
        target = live[number % len(live)] if live else None
        command = command_of(shop, action, target, service, who, clock, stale=stale and number % 5 == 0)
        changes_own = target is not None and action != BOOK and number % 4
        await decided.run(command, target.customer_id if target is not None and changes_own else person)
    assert await shop.overlaps() == 0
    await check_promises(shop)


async def check_promises(shop: Shop) -> None:
    async with shop.sessions() as session:
        rows = (await session.execute(PROMISES)).all()
    for row in rows:
        assert row.stale == 0
        assert row.pending == (row.most if row.status == "confirmed" else 0), row
        assert row.pending == 0 or shop.clock.now() < row.earliest < row.start
