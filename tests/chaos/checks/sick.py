"""A sick day under fire: everybody told once, every other time kept for one person, every wish followed."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Move
from shared.contracts.cancelling import Cancel
from shared.contracts.rebooking import TakeAlternative
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.offers import Json, Offer
from tests.chaos.telegram import buttons_of, text_of

TOLD = "cannot be there for your visit"
NO_LONGER = "no longer kept for you"
TITLE = "other times for customers"
MOST = 3
SLACK_SECONDS = 0.5
"""A kill is noted before it is done, and a call when it begins."""
VISITS = """
    SELECT booking.id, customer_id, specialist_id, lower(during) AS start, status, waived, was, state
    FROM rebooked_visit JOIN booking ON booking.id = booking_id ORDER BY was, booking.id
"""
KEPT = """
    SELECT hold.id, hold.specialist_id, lower(hold.during) AS start, lower(hold.busy) AS busy_from,
        upper(hold.busy) AS busy_until, visit.id AS visit, visit.customer_id
    FROM booking AS hold LEFT JOIN alternative ON alternative.hold_id = hold.id
    LEFT JOIN booking AS visit ON visit.id = alternative.booking_id
    WHERE hold.status = 'held' AND hold.kept_for = 'offer' ORDER BY hold.id
"""
PROMISED = "SELECT chat_id, state FROM outbox WHERE kind = 'rebooking.offer'"

type Row = Mapping[str, Any]
type Rows = Sequence[Row]


@dataclass(frozen=True)
class SickPlan:
    """How many visits are hit on one day, and what becomes of the workers meanwhile."""

    visits: int = 30
    others: int = 12
    """Specialists who are there; what is free of theirs is offered."""
    rivals: int = 6
    """People who book with the others all the while."""
    seconds: float = 12.0
    """So long at most customers think about it."""
    workers: int = 2
    kills: int = 6
    kills_at_the_end: int = 1
    """When the deadline comes."""
    seed: int = 1


@dataclass(frozen=True)
class Moment:
    """What stands at one moment, at rest."""

    visits: Rows
    kept: Rows
    card: Sequence[str]
    """What each of the specialist's messages says that shows how far it has come."""

    def of_state(self, *states: str) -> list[Row]:
        """Return the visits with which it has come so far."""
        return [row for row in self.visits if row["state"] in states]


@dataclass(frozen=True)
class SickDay:
    """What a run left behind: what stood when all had answered, and when the deadline had come."""

    customers: Sequence[int]
    calls: Sequence[Json]
    taps: Sequence[Offer]
    kills: Sequence[float]
    seen: Mapping[int, Rows]
    """By customer what was kept for them when they read of it."""
    answered: Moment
    over: Moment
    promised: Rows
    chats: Mapping[int, Sequence[str]]
    """What each customer's messages say in the end."""


def check_sick_day(day: SickDay) -> list[Finding]:
    """Compare what people were told and have tapped with what stands."""
    return [
        *findings(Promise.TOLD, _told(day)),
        *findings(Promise.DUPLICATES, _told_twice(day)),
        *findings(Promise.HELD, _shown_is_kept(day)),
        *findings(Promise.HELD, _shared(day)),
        *findings(Promise.HELD, _kept_in_the_end(day)),
        *findings(Promise.STATE, _not_as_chosen(day)),
        *findings(Promise.CARD, _cards(day)),
    ]


def tellings(calls: Sequence[Json]) -> dict[int, list[Json]]:
    """Return by customer the calls that told them, in order."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for call in calls:
        if call["status"] == 200 and call["method"] == "sendMessage" and TOLD in text_of(call["params"]):
            found[int(call["chat_id"])].append(call)
    return {number: sorted(told, key=lambda call: call["at"]) for number, told in found.items()}


def wishes(taps: Sequence[Offer], customer: int) -> list[Command]:
    """Return what a customer has asked of their visit."""
    asked = (unpack(tap.body["callback_query"]["data"]) for tap in taps if tap.customer == customer)
    return [each for each in asked if isinstance(each, TakeAlternative | Move | Cancel)]


def _told(day: SickDay) -> Iterator[str]:
    told, promised = tellings(day.calls), Counter(row["chat_id"] for row in day.promised)
    for customer in day.customers:
        if customer not in told or promised[customer] != 1:
            times = len(told.get(customer, ()))
            yield f"{customer} was told {times} times and promised it {promised[customer]} times"
    yield from (f"{customer} was told and is not hit" for customer in told.keys() - set(day.customers))


def _told_twice(day: SickDay) -> Iterator[str]:
    """Nobody knows of a message whose sender was killed before it was noted: it comes once more."""
    twice = [pair for told in tellings(day.calls).values() for pair in pairwise(told)]
    for first, second in twice:
        if not any(first["at"] - SLACK_SECONDS <= kill <= second["at"] for kill in day.kills):
            yield f"{first['chat_id']} was told at {first['at']:.2f} and {second['at']:.2f}, and nobody died"
    if len(twice) > len(day.kills):
        yield f"{len(twice)} were told once more, after {len(day.kills)} kills"


def _shown_is_kept(day: SickDay) -> Iterator[str]:
    """What was kept for somebody when they read of it is what their message offers, one to three times."""
    for customer, told in tellings(day.calls).items():
        kept = {row["id"] for row in day.seen.get(customer, ()) if row["customer_id"] == customer}
        for call in told:
            shown = _offered(call)
            if not 0 < len(shown) <= MOST or set(shown) != kept or len(set(shown)) < len(shown):
                yield f"{customer} is offered {shown}, and {sorted(kept)} are kept for them"


def _offered(call: Json) -> list[int]:
    commands = [unpack(data) for data in buttons_of(call["params"]) if data]
    return [each.alternative_id for each in commands if isinstance(each, TakeAlternative)]


def _shared(day: SickDay) -> Iterator[str]:
    """No two who had not answered were offered times of one specialist that overlap."""
    first = {customer: told[0]["at"] for customer, told in tellings(day.calls).items()}
    ends = {customer: _answered_at(day.taps, customer) for customer in first}
    for one, other in combinations(sorted(first), 2):
        if first[one] >= ends[other] or first[other] >= ends[one]:
            continue  # what the one has let go may be offered to the other
        for own in day.seen.get(one, ()):
            for their in day.seen.get(other, ()):
                if _collide(own, their):
                    yield f"{one} and {other} were offered {own['start']} with {own['specialist_id']}"


def _collide(one: Row, other: Row) -> bool:
    if one["specialist_id"] != other["specialist_id"]:
        return False
    return bool(one["busy_from"] < other["busy_until"] and other["busy_from"] < one["busy_until"])


def _answered_at(taps: Sequence[Offer], customer: int) -> float:
    return min(
        (tap.at for tap in taps if tap.customer == customer and wishes([tap], customer)), default=math.inf
    )


def _kept_in_the_end(day: SickDay) -> Iterator[str]:
    """What is kept is kept for whoever has not answered, as they read it; after the deadline nothing is."""
    undecided = {row["customer_id"] for row in day.answered.of_state("asked")}
    wanted = {row["id"]: customer for customer in undecided for row in day.seen.get(customer, ())}
    found = {row["id"]: row["customer_id"] for row in day.answered.kept}
    for hold in sorted(wanted.keys() ^ found.keys()):
        yield f"{hold} is kept for {found.get(hold)}, and was to be kept for {wanted.get(hold)}"
    for hold in sorted(wanted.keys() & found.keys()):
        if wanted[hold] != found[hold]:
            yield f"{hold} is kept for {found[hold]} instead of {wanted[hold]}"
    yield from (f"{row['id']} is kept though nobody can answer any more" for row in day.over.kept)


def _not_as_chosen(day: SickDay) -> Iterator[str]:
    visits = {row["customer_id"]: row for row in day.over.visits}
    if sorted(visits) != sorted(day.customers) or len(day.over.visits) != len(day.customers):
        yield f"{len(day.over.visits)} visits were rebooked of {len(day.customers)}"
    for customer, row in visits.items():
        asked = wishes(day.taps, customer)
        followed = any(_is_followed(row, each, day.seen.get(customer, ())) for each in asked)
        if not (followed if asked else _still_open(row)):
            where = f"{row['start']} with {row['specialist_id']}, {row['status']}, {row['state']}"
            yield f"{customer} asked {asked} and is at {where}"
        told = any(NO_LONGER in text for text in day.chats.get(customer, ()))
        if told != (row["state"] == "unanswered"):
            yield f"{customer} {'reads' if told else 'does not read'} that they are called: {row['state']}"


def _is_followed(row: Row, asked: Command, seen: Rows) -> bool:
    """Tell whether a visit is what its customer chose; a time that nobody kept may be somebody else's."""
    resolved, start = row["state"] == "resolved", row["start"]
    moved: bool = row["status"] == "confirmed" and resolved and not row["waived"]
    if isinstance(asked, TakeAlternative):
        times = [
            (each["specialist_id"], each["start"]) for each in seen if each["id"] == asked.alternative_id
        ]
        return moved and times == [(row["specialist_id"], start)]
    if isinstance(asked, Move):
        return (moved and asked.start == start) or _still_open(row)
    return bool(row["status"] == "cancelled" and resolved)


def _still_open(row: Row) -> bool:
    """Tell whether a visit is where it was, and somebody is to call its customer."""
    stands: bool = row["status"] == "confirmed" and row["waived"] and row["start"] == row["was"]
    return stands and row["state"] == "unanswered"


def _cards(day: SickDay) -> Iterator[str]:
    for moment in (day.answered, day.over):
        done, called = len(moment.of_state("resolved")), len(moment.of_state("unanswered", "call"))
        if len(moment.card) != 1:
            yield f"{len(moment.card)} messages show how far it has come"
        for text in moment.card:
            if f"Resolved {done} of {len(day.customers)}." not in text or text.count("please call") != called:
                said = text.splitlines()[:3]
                yield f"{done} are resolved and {called} to be called, and a card says {said}"
