"""The line under fire: every freed time taken or offered, in order, nobody offered two at once."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import asyncpg

from shared.buttons import unpack
from shared.contracts.waitlist import DeclineOffer, TakeOffer
from tests.chaos.checks.processes import check_processes
from tests.chaos.evidence import DEAD
from tests.chaos.findings import Promise, findings
from tests.chaos.hands import Hands
from tests.chaos.offers import Json, Offer
from tests.chaos.report import Verdict
from tests.chaos.spread import percentile
from tests.chaos.system import ChaosSystem
from tests.chaos.telegram import labelled

SLACK = timedelta(seconds=10)
"""An instant is that of a transaction's beginning, and it may wait for another one to look at the line."""
OFFERS = """
    SELECT offer.id, offer.customer_id, offer.specialist_id, offer.start, offer.state, offer.made_at,
           offer.settled_at, entry.ranked_at,
           (SELECT count(*) FROM outbox WHERE kind = 'waitlist.offer'
            AND (payload ->> 'offer_id')::bigint = offer.id) AS told
    FROM waitlist_offer AS offer JOIN waitlist_entry AS entry ON entry.id = entry_id ORDER BY offer.id
"""
LINE = "SELECT customer_id, ranked_at, ended_at FROM waitlist_entry ORDER BY ranked_at, id"
FREED = """
    SELECT booking.id, specialist_id, lower(during) AS start,
        (SELECT max(at) FROM booking_event AS event
         WHERE event.booking_id = booking.id AND event.kind = 'cancelled') AS at,
        (SELECT count(*) FROM booking AS other WHERE other.specialist_id = booking.specialist_id
         AND other.during = booking.during AND (other.status = 'confirmed' OR other.status = 'held'
            AND EXISTS (SELECT FROM waitlist_offer WHERE booking_id = other.id AND state = 'open'))) AS had
    FROM booking WHERE booking.status = 'cancelled'
"""

type Rows = Sequence[asyncpg.Record]
type Shown = tuple[float, int, int]
"""When, to whom, which offer."""


@dataclass(frozen=True)
class LinePlan:
    """How many wait, how many times free up, and within how many seconds."""

    people: int = 500
    freed: int = 50
    seconds: float = 60.0
    workers: int = 3
    seed: int = 1
    kills: bool = True


async def rows_of(url: str, question: str) -> list[asyncpg.Record]:
    """Ask the database."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        return list(await connection.fetch(question))
    finally:
        await connection.close()


async def judge_line(url: str, plan: LinePlan, system: ChaosSystem, hands: Hands) -> Verdict:
    """Compare what was offered to whom with the line as it stood, and with what their chats showed."""
    shown, answered = shown_offers(hands.telegram.calls), answers(hands.offers)
    offers, line, freed = [await rows_of(url, question) for question in (OFFERS, LINE, FREED)]
    first = _first_offers(offers)
    waits = [(first[key] - row["at"]).total_seconds() for row in freed if (key := _key(row)) in first]
    figures = {
        **asdict(plan),
        "visits freed": len(freed),
        "offers": dict(Counter(row["state"] for row in offers)),
        "people who were offered something": len({row["customer_id"] for row in offers}),
        "from free to offered p50/p99/max (s)": [
            round(percentile(waits, share), 2) for share in (0.5, 0.99, 1.0)
        ],
        "workers killed": sum(fault.kind == "kill" for fault in system.faults),
        "workers killed with jobs in hand": len(system.losses),
    }
    found = [
        *check_processes(system.sandbox.data.logs, system.faults, system.problems, await rows_of(url, DEAD)),
        *findings(Promise.OFFER, _not_had(plan, freed)),
        *findings(Promise.OFFER, _overtaken(offers, line)),
        *findings(Promise.OFFER, _two_at_once(shown, answered)),
        *findings(Promise.OFFER, _not_told(offers, shown)),
    ]
    return Verdict(figures, found)


def _key(row: asyncpg.Record) -> tuple[int, datetime]:
    return row["specialist_id"], row["start"]


def _first_offers(offers: Rows) -> dict[tuple[int, datetime], datetime]:
    return {_key(row): row["made_at"] for row in reversed(offers)}


def _not_had(plan: LinePlan, freed: Rows) -> Iterator[str]:
    if len(freed) != plan.freed:
        yield f"{len(freed)} visits were freed of {plan.freed}"
    for row in freed:
        if row["had"] != 1:
            yield f"{row['start']} with {row['specialist_id']} is had or offered {row['had']} times"


def _overtaken(offers: Rows, line: Rows) -> Iterator[str]:
    """Whoever is offered something has nobody before them who could be offered it.

    Rounds look at the line one after the other, so that offers are numbered in their order.
    """
    own: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    for offer in offers:
        for wish in line:
            if wish["customer_id"] == offer["customer_id"]:
                break
            if not _excused(offer, wish, own[wish["customer_id"]]):
                yield f"offer {offer['id']} to {offer['customer_id']} overtook {wish['customer_id']}"
                break
        own[offer["customer_id"]].append(offer)


def _excused(offer: asyncpg.Record, wish: asyncpg.Record, before: Rows) -> bool:
    """Tell whether somebody before in line has what they wished for, or an offer, or had this very one."""
    if wish["ended_at"] is not None and wish["ended_at"] <= offer["made_at"] + SLACK:
        return True
    return any(
        _key(each) == _key(offer)
        or each["settled_at"] is None
        or each["settled_at"] >= offer["made_at"] - SLACK
        for each in before
    )


def _two_at_once(shown: Sequence[Shown], answered: Mapping[tuple[int, int], float]) -> Iterator[str]:
    """Whoever is shown an offer has answered the one before: no deadline comes within a run."""
    last: dict[int, int] = {}
    for at, customer, offer in shown:
        before = last.get(customer, offer)
        if before != offer and answered.get((customer, before), math.inf) > at:
            yield f"{customer} was shown offer {offer} while {before} stood"
        last[customer] = offer


def _not_told(offers: Rows, shown: Sequence[Shown]) -> Iterator[str]:
    seen = {offer for _, _, offer in shown}
    for row in offers:
        if row["told"] != 1 or row["id"] not in seen:
            yield f"offer {row['id']} to {row['customer_id']} was promised {row['told']} times"


def shown_offers(calls: Sequence[Json]) -> list[Shown]:
    """Return when whom Telegram showed which offer: each message that has its button."""
    found = [
        (call["at"], int(call["chat_id"]), command.offer_id)
        for call in calls
        if call["status"] == 200 and call["method"] in {"sendMessage", "editMessageText"}
        for data in labelled(call["params"]).values()
        if data and isinstance(command := unpack(data), TakeOffer)
    ]
    return sorted(found)


def answers(taps: Sequence[Offer]) -> dict[tuple[int, int], float]:
    """Return when who first answered which offer."""
    found: dict[tuple[int, int], float] = {}
    for tap in taps:
        command = unpack(tap.body["callback_query"]["data"])
        if isinstance(command, TakeOffer | DeclineOffer):
            found.setdefault((tap.customer, command.offer_id), tap.at)
    return found
