"""Everything the checks read, gathered once the system has come to rest."""

import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import asyncpg

from tests.chaos.business import SERVICES
from tests.chaos.customers import Offered
from tests.chaos.offers import Json, Offer
from tests.chaos.system import Emptying, Fault, Loss
from tests.chaos.telegram import Telegram

# A row's xmin names the transaction that wrote it, and so ties an update to what it did.
EFFECTS = """
    SELECT event.id, event.xmin::text::bigint AS transaction, booking_id, kind, actor_id, at,
           pg_xact_commit_timestamp(event.xmin) AS committed_at
    FROM booking_event AS event
    JOIN booking ON booking.id = booking_id JOIN service ON service.id = service_id
    WHERE service.name = ANY($1) ORDER BY event.id
"""
PROCESSED = "SELECT update_id, xmin::text::bigint AS transaction FROM processed_update"
BOOKINGS = """
    SELECT booking.id, service_id, specialist_id, customer_id, lower(during) AS start,
           lower(busy) AS busy_from, upper(busy) AS busy_until, status, version, card_message_id,
           status IN ('held', 'pending', 'confirmed') AS live
    FROM booking JOIN service ON service.id = service_id
    WHERE status <> 'held' AND service.name = ANY($1) ORDER BY booking.id
"""
"""What is held is no visit, and nothing happens to it; that it takes its time alone is asked below.

What guests book has its own checks: `$1` are the services of whose visits every change is a customer's tap.
"""
OVERLAPS = """
    SELECT a.id AS one, b.id AS other FROM booking a JOIN booking b
    ON a.id < b.id AND a.specialist_id = b.specialist_id AND a.busy && b.busy AND a.seats && b.seats
    WHERE a.status IN ('held', 'pending', 'confirmed') AND b.status IN ('held', 'pending', 'confirmed')
"""
MIXED = """
    SELECT a.id AS one, b.id AS other FROM booking a JOIN booking b
    ON a.id < b.id AND a.specialist_id = b.specialist_id AND a.busy && b.busy
    AND (a.service_id <> b.service_id OR lower(a.during) <> lower(b.during))
    WHERE a.status IN ('held', 'pending', 'confirmed') AND b.status IN ('held', 'pending', 'confirmed')
"""
FULL = """
    SELECT specialist_id, lower(during) AS start, sum(coalesce(upper(seats) - lower(seats), 1)) AS taken,
        service.capacity
    FROM booking JOIN service ON service.id = service_id
    WHERE status IN ('held', 'pending', 'confirmed')
    GROUP BY specialist_id, service_id, lower(during), service.capacity
    HAVING sum(coalesce(upper(seats) - lower(seats), 1)) > service.capacity
"""
OUTBOX = (
    "SELECT id, kind, chat_id, subject_id AS booking_id, state, due_at, sent_at, payload, attempts,"
    " last_error FROM outbox"
)
GUESTS_EFFECTS = """
    SELECT event.id, event.xmin::text::bigint AS transaction, booking_id, kind, actor_id, data
    FROM booking_event AS event
    JOIN booking ON booking.id = booking_id JOIN service ON service.id = service_id
    WHERE service.name <> ALL($1) ORDER BY event.id
"""
GUESTS_VISITS = """
    SELECT booking.id, service.name AS service, specialist_id, customer_id, lower(during) AS start,
           upper(during) AS "end", status, kept_until, kept_for, booking.created_at, part_of, series_id,
           upper(seats) - lower(seats) AS places,
           array(SELECT kind FROM booking_event WHERE booking_id = booking.id ORDER BY id) AS events,
           (SELECT max(at) FROM booking_event AS event
            WHERE event.booking_id = booking.id AND kind = 'cancelled') AS freed_at
    FROM booking JOIN service ON service.id = service_id WHERE service.name <> ALL($1) ORDER BY booking.id
"""
HELD_OFFERS = "SELECT * FROM waitlist_offer ORDER BY id"
WISHES = "SELECT * FROM waitlist_entry ORDER BY ranked_at, id"
PAYMENTS = "SELECT * FROM payment ORDER BY id"
SWAPS = "SELECT * FROM swap ORDER BY id"
GATHERED = """
    SELECT gathering.id, gathering.state, gathering.organizer_id, gathering.deadline, place.place,
           place.customer_id, place.booking_id, booking.status, booking.kept_for,
           booking.customer_id AS whose
    FROM gathering JOIN gathering_place AS place ON place.gathering_id = gathering.id
    LEFT JOIN booking ON booking.id = place.booking_id ORDER BY gathering.id, place.place
"""
DEAD = "SELECT job_id, kind, reason FROM dead_command"


@dataclass
class Evidence:
    """What a run left behind; instants are aware datetimes where they come from the database."""

    offers: Sequence[Offer]
    services: Mapping[str, Offered]
    updates: Sequence[Json]
    calls: Sequence[Json]
    chats: Mapping[int, Sequence[Json]]
    faults: Sequence[Fault]
    losses: Sequence[Loss]
    emptyings: Sequence[Emptying]
    struck: Mapping[tuple[str, str], int]
    sends_per_second: int
    logs: Path
    at: float = field(default_factory=time.time)
    rows: dict[str, list[asyncpg.Record]] = field(default_factory=dict)
    charges: Mapping[str, int] = field(default_factory=dict)
    """Who paid what went through, by Telegram's charge id."""

    @cached_property
    def accepted(self) -> set[int]:
        """The updates whose acceptance Telegram has been told of."""
        return {update["update_id"] for update in self.updates if update["confirmed_at"] is not None}

    @cached_property
    def lost(self) -> set[int]:
        """The updates whose commands were in Redis when it was emptied."""
        return {update_id for emptying in self.emptyings for update_id in emptying.waiting}

    @cached_property
    def forgotten(self) -> Counter[int]:
        """How often Redis forgot an update that Telegram had not been told of: it comes again, and is new."""
        told = {update["update_id"]: update["confirmed_at"] or math.inf for update in self.updates}
        return Counter(
            update_id
            for emptying in self.emptyings
            for update_id in emptying.seen - emptying.waiting
            if told.get(update_id, 0) > emptying.at
        )

    @cached_property
    def kept(self) -> set[int]:
        """The accepted updates that nothing excuses losing."""
        return self.accepted - self.lost

    @cached_property
    def processed(self) -> dict[int, int]:
        """The transaction in which each update took effect."""
        return {row["update_id"]: row["transaction"] for row in self.rows["processed"]}

    @cached_property
    def effects(self) -> dict[int, list[asyncpg.Record]]:
        """What each transaction did to bookings."""
        found: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
        for row in self.rows["effects"]:
            found[row["transaction"]].append(row)
        return found

    @cached_property
    def guests_effects(self) -> dict[int, list[asyncpg.Record]]:
        """What each transaction did to the visits of guests."""
        found: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
        for row in self.rows["guests' effects"]:
            found[row["transaction"]].append(row)
        return found

    @cached_property
    def update_of(self) -> dict[int, Offer]:
        """The offer of each update."""
        return {offer.update_id: offer for offer in self.offers}

    @cached_property
    def histories(self) -> dict[int, list[tuple[asyncpg.Record, Offer | None]]]:
        """Each booking's changes in order, with what had asked for them."""
        by_transaction = {transaction: update for update, transaction in self.processed.items()}
        found: defaultdict[int, list[tuple[asyncpg.Record, Offer | None]]] = defaultdict(list)
        for row in self.rows["effects"]:
            update_id = by_transaction.get(row["transaction"])
            offer = None if update_id is None else self.update_of.get(update_id)
            found[row["booking_id"]].append((row, offer))
        return found

    @cached_property
    def answered(self) -> dict[str, list[Json]]:
        """The calls that acknowledged each tap, by its tag."""
        found: defaultdict[str, list[Json]] = defaultdict(list)
        for call in self.calls:
            if call["method"] == "answerCallbackQuery":
                found[str(call["params"].get("callback_query_id"))].append(call)
        return found

    def sent(self, *methods: str) -> list[Json]:
        """Return the calls of these methods that Telegram carried out."""
        return [call for call in self.calls if call["method"] in methods and call["status"] == 200]

    def keep(self, directory: Path) -> None:
        """Write what was asked and what was called, a line each, for whoever looks into a finding."""
        offers = (asdict(offer) for offer in self.offers)
        for name, lines in (("offers", offers), ("calls", self.calls), ("faults", map(asdict, self.faults))):
            with (directory / f"{name}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(line, default=str, ensure_ascii=False) + "\n" for line in lines)

    def disturbed(self, begin: float, end: float, *kinds: str) -> bool:
        """Tell whether a fault of such a kind lay in a stretch of time."""
        return any(fault.kind in kinds and fault.at <= end and fault.over >= begin for fault in self.faults)


async def read_rows(database_url: str) -> dict[str, list[asyncpg.Record]]:
    """Read what the checks need of the database, in one snapshot."""
    questions = {
        "processed": PROCESSED,
        "effects": EFFECTS,
        "bookings": BOOKINGS,
        "overlaps": OVERLAPS,
        "mixed": MIXED,
        "full": FULL,
        "outbox": OUTBOX,
        "dead": DEAD,
        "guests": GUESTS_VISITS,
        "held offers": HELD_OFFERS,
        "wishes": WISHES,
        "payments": PAYMENTS,
        "guests' effects": GUESTS_EFFECTS,
        "swaps": SWAPS,
        "gathered": GATHERED,
    }
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        async with connection.transaction(isolation="repeatable_read"):
            strict = [service.name for service in SERVICES]
            return {
                name: list(await connection.fetch(sql, *([strict] if "$1" in sql else [])))
                for name, sql in questions.items()
            }
    finally:
        await connection.close()


async def read_chats(telegram: Telegram, customers: set[int]) -> dict[int, list[Json]]:
    """Read every customer's chat as it ended."""
    found = {}
    for number in customers:
        chat: dict[str, Any] = await telegram.ask("GET", f"chats/{number}", limit=1000)
        found[number] = [message for message in chat["messages"] if not message["deleted"]]
    return found


def unix(value: datetime) -> float:
    """Return an instant of the database in Unix seconds."""
    return value.timestamp()


def instant(seconds: float) -> datetime:
    """Return Unix seconds as the database's instants are written."""
    return datetime.fromtimestamp(seconds, tz=UTC)
