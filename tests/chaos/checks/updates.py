"""Acknowledged means done, once, and in order."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import asyncpg

from tests.chaos.evidence import Evidence, instant
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import CHANGING, Kind, Offer, Slot

EFFECT = {Kind.BOOK: "booked", Kind.MOVE: "moved", Kind.CANCEL: "cancelled"}
OPERATION_SECONDS = 1.0


def check_updates(evidence: Evidence) -> list[Finding]:
    """Compare what was accepted with what took effect."""
    return [
        *findings(Promise.LOST, _lost(evidence)),
        *findings(Promise.TWICE, _twice(evidence)),
        *findings(Promise.ORDER, _out_of_order(evidence)),
        *findings(Promise.REFUSED, _refused_for_nothing(evidence)),
    ]


def _lost(evidence: Evidence) -> Iterator[str]:
    for offer in evidence.offers:
        if offer.tag is None or offer.update_id not in evidence.accepted:
            continue
        if not evidence.answered.get(offer.tag) and offer.update_id not in evidence.lost:
            yield f"update {offer.update_id} ({offer.kind} by {offer.customer}) was never answered"


def _twice(evidence: Evidence) -> Iterator[str]:
    known = set(evidence.processed.values())
    for transaction, rows in evidence.effects.items():
        what = ", ".join(f"{row['kind']} {row['booking_id']}" for row in rows)
        if transaction not in known:
            yield f"{what} by {rows[0]['actor_id']} was done by an update that had taken effect before"
        elif len(rows) > 1:
            yield f"one update did {what}"
    for update_id, transaction in evidence.processed.items():
        offer, rows = evidence.update_of.get(update_id), evidence.effects.get(transaction, [])
        if offer is None or offer.kind not in CHANGING:
            continue
        if [row["kind"] for row in rows] != [EFFECT[offer.kind]]:
            yield f"update {update_id} ({offer.kind}) did {[row['kind'] for row in rows]}"


def _out_of_order(evidence: Evidence) -> Iterator[str]:
    """Compare the order of effects with that of updates, but for those that were lost and came again.

    One that was refused, and that an emptied Redis forgot, is new when it comes again.
    """
    new_again = {update_id for emptying in evidence.emptyings for update_id in emptying.seen}
    applied: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for update_id, transaction in evidence.processed.items():
        offer = evidence.update_of.get(update_id)
        if update_id in evidence.lost | new_again:
            continue
        if offer is not None and transaction in evidence.effects:
            applied[offer.customer].append((evidence.effects[transaction][0]["id"], update_id))
    for customer, pairs in applied.items():
        for (_, before), (_, after) in pairwise(sorted(pairs)):
            if before > after:
                yield f"customer {customer}: update {after} took effect after update {before}"


def _refused_for_nothing(evidence: Evidence) -> Iterator[str]:
    taken: defaultdict[int, list[asyncpg.Record]] = defaultdict(list)
    occupied = _occupied(evidence)
    for row in evidence.rows["bookings"]:
        taken[row["specialist_id"]].append(row)
    plans = {one.service_id: one.plan for one in evidence.services.values()}
    own = _customers_times(evidence)
    for offer in evidence.offers:
        asked = offer.slot
        if asked is None or offer.tag is None or offer.update_id not in evidence.kept:
            continue
        if offer.update_id in evidence.processed or offer.kind is not Kind.BOOK:
            continue
        plan = plans[asked.service_id]
        end = asked.start + plan.duration
        if any(begins < end and ends > asked.start for begins, ends in own[offer.customer]):
            continue  # they have, or had, a visit then, with whomever: they are asked once more
        busy_until = asked.start + plan.duration + plan.buffer_after
        others = [
            one for one in occupied[asked.specialist_id] if one[0] < busy_until and one[1] > asked.start
        ]
        answers = evidence.answered.get(offer.tag, ())
        too_late = any(instant(call["at"] + OPERATION_SECONDS) >= asked.start for call in answers)
        if not others and not too_late and answers:
            yield f"update {offer.update_id}: {asked} was free, and {offer.customer} was refused"


def _customers_times(evidence: Evidence) -> defaultdict[int, list[tuple[datetime, datetime]]]:
    """Return every stretch for which each customer ever had a visit."""
    plans = {one.service_id: one.plan for one in evidence.services.values()}
    found: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for history in evidence.histories.values():
        for _, offer in history:
            if offer is not None and offer.slot is not None:
                begins = offer.slot.start
                found[offer.customer].append((begins, begins + plans[offer.slot.service_id].duration))
    return found


def _occupied(evidence: Evidence) -> defaultdict[int, list[tuple[datetime, datetime]]]:
    """Return every stretch that was ever taken of each specialist."""
    plans = {one.service_id: one.plan for one in evidence.services.values()}
    found: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for changes in evidence.histories.values():
        for row, offer in changes:
            if offer is not None and offer.slot is not None and row["kind"] in {"booked", "moved"}:
                slot, plan = offer.slot, plans[offer.slot.service_id]
                end = slot.start + plan.duration + plan.buffer_after
                found[slot.specialist_id].append((slot.start, end))
    return found


def slot_of(history: list[tuple[asyncpg.Record, Offer | None]]) -> Slot | None:
    """Return where a booking's changes leave it."""
    slots = [offer.slot for row, offer in history if offer and row["kind"] in {"booked", "moved"}]
    return slots[-1] if slots else None
