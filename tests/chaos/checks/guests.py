"""What is held, offered, asked for and paid: none lost, none twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import asyncpg

from tests.chaos.business import RARE
from tests.chaos.evidence import Evidence, instant
from tests.chaos.findings import Finding, Promise, findings

SLACK = timedelta(seconds=10)
"""What ends at an instant is said so a moment later."""
ANSWERS = frozenset({"accepted", "declined", "lapsed"})
PAID_FOR, OWED = "paid", frozenset({"to_return", "returned"})


def check_guests(evidence: Evidence) -> list[Finding]:
    """Compare what guests were promised with what there is in the end."""
    return [
        *findings(Promise.HELD, _holds(evidence)),
        *findings(Promise.OFFER, _offers(evidence)),
        *findings(Promise.OFFER, _not_offered(evidence)),
        *findings(Promise.REQUEST, _requests(evidence)),
        *findings(Promise.PAYMENT, _payments(evidence)),
    ]


def guest_figures(evidence: Evidence) -> dict[str, object]:
    """Count what guests did."""
    states = Counter(row["state"] for row in evidence.rows["held offers"])
    answers = Counter(kind for row in evidence.rows["guests"] for kind in row["events"] if kind in ANSWERS)
    return {
        "wishes": len(evidence.rows["wishes"]),
        "freed times offered": dict(states),
        "requests answered": dict(answers),
        "deposits": dict(Counter(row["state"] for row in evidence.rows["payments"])),
        "charges of Telegram": len(evidence.charges),
        "charges whose word went with an emptied Redis": sum(_unheard(evidence).values()),
    }


def _holds(evidence: Evidence) -> Iterator[str]:
    """What is held has what it is held for, and the other way round."""
    now = instant(evidence.at)
    held = {
        kind: {
            row["id"]
            for row in evidence.rows["guests"]
            if (row["status"], row["kept_for"]) == ("held", kind) and row["kept_until"] > now + SLACK
        }
        for kind in ("offer", "payment")
    }
    open_offers = {
        row["booking_id"]
        for row in evidence.rows["held offers"]
        if row["state"] == "open" and row["deadline"] > now
    }
    asked = {row["booking_id"] for row in evidence.rows["payments"] if row["state"] == "asked"}
    for booking_id in held["offer"] - open_offers:
        yield f"booking {booking_id} is held for an offer that is not open"
    for booking_id in open_offers - held["offer"] - _ending(evidence, now):
        yield f"booking {booking_id} is offered, and not held"
    for booking_id in held["payment"] - asked:
        yield f"booking {booking_id} is held for a deposit that nobody is asked for"
    for row in evidence.rows["guests"]:
        if row["status"] != "held" or row["kept_for"] == "part":
            continue  # what follows in a visit has its time as long as the visit
        longest = timedelta(minutes=5) if row["kept_for"] == "summary" else timedelta(hours=3)
        if row["kept_until"] > now + longest:
            yield f"booking {row['id']} is held for {row['kept_for']} until {row['kept_until']}"


def _ending(evidence: Evidence, now: datetime) -> set[int]:
    return {row["booking_id"] for row in evidence.rows["held offers"] if row["deadline"] <= now + SLACK}


def _offers(evidence: Evidence) -> Iterator[str]:
    """An offer that was taken is one visit; one time is offered to one person at once."""
    visits = {row["id"]: row for row in evidence.rows["guests"]}
    open_now: Counter[tuple[int, datetime]] = Counter()
    taken: Counter[int] = Counter()
    for row in evidence.rows["held offers"]:
        open_now[row["specialist_id"], row["start"]] += row["state"] == "open"
        taken[row["booking_id"]] += row["state"] == "taken"
        visit = visits.get(row["booking_id"])
        status = "gone" if visit is None else visit["status"]
        if (row["state"] == "taken") != (status not in {"gone", "held"}):
            yield f"offer {row['id']} is {row['state']}, its booking {row['booking_id']} is {status}"
        if visit is not None and visit["customer_id"] != row["customer_id"]:
            yield f"offer {row['id']} of {row['customer_id']} became a visit of {visit['customer_id']}"
    yield from (
        f"{start} with {who} is offered {count} times"
        for (who, start), count in open_now.items()
        if count > 1
    )
    yield from (
        f"booking {booking_id} was taken {count} times" for booking_id, count in taken.items() if count > 1
    )


def _not_offered(evidence: Evidence) -> Iterator[str]:
    """A time that freed up is filled or offered, unless nobody who was in line then can have it."""
    live = [row for row in evidence.rows["guests"] if row["status"] in {"pending", "confirmed", "held"}]
    taken = {(row["specialist_id"], row["start"]) for row in live}
    freed = {
        (row["specialist_id"], row["start"]): row["freed_at"]
        for row in evidence.rows["guests"]
        if row["service"] == RARE and row["status"] == "cancelled"
    }
    for (specialist_id, start), freed_at in freed.items():
        for wish in evidence.rows["wishes"]:
            waited = wish["made_at"] < freed_at and wish["ended_at"] is None
            able = waited and _could_have(evidence, wish, specialist_id, start, live)
            if able and (specialist_id, start) not in taken:
                yield f"wish {wish['id']} waits for {start} with {specialist_id}, free since {freed_at}"
                break


def _could_have(
    evidence: Evidence, wish: asyncpg.Record, specialist_id: int, start: datetime, live: list[asyncpg.Record]
) -> bool:
    """Tell whether nothing speaks against offering a time to somebody in line."""
    customer = wish["customer_id"]
    own = [row for row in evidence.rows["held offers"] if row["customer_id"] == customer]
    if any(
        row["state"] == "open" or (row["specialist_id"], row["start"]) == (specialist_id, start)
        for row in own
    ):
        return False
    end = start + timedelta(hours=4)
    visits = [row for row in live if row["customer_id"] == customer]
    if any(row["start"] < end and row["end"] > start for row in visits):
        return False
    if sum(row["status"] == "held" for row in visits) > 1:
        return False  # who holds two times may hold no third
    return not any(row["service"] == RARE and row["created_at"] > wish["created_at"] for row in visits)


def _requests(evidence: Evidence) -> Iterator[str]:
    now = instant(evidence.at)
    for row in evidence.rows["guests"]:
        answers = [kind for kind in row["events"] if kind in ANSWERS]
        if len(answers) > 1:
            yield f"request {row['id']} was answered {answers}"
        if row["status"] == "pending" and row["kept_until"] < now - SLACK:
            yield f"request {row['id']} did not lapse at {row['kept_until']}"


def _known(evidence: Evidence) -> Counter[str]:
    return Counter(row["charge_id"] for row in evidence.rows["payments"] if row["charge_id"])


def _unheard(evidence: Evidence) -> Counter[int]:
    """Count whose charges nobody here knows of."""
    known = _known(evidence)
    return Counter(payer for charge, payer in evidence.charges.items() if not known[charge])


def _in_doubt(row: asyncpg.Record) -> bool:
    return row["allowed_at"] is not None and row["state"] in {"asked", "lapsed"}


def _words_lost(evidence: Evidence, payer: int) -> int:
    """Count what somebody wrote or paid whose command was in Redis when it was emptied."""
    words = (each for each in evidence.updates if (each["user_id"], each["type"]) == (payer, "message"))
    return sum(each["update_id"] in evidence.lost for each in words)


def _payments(evidence: Evidence) -> Iterator[str]:
    """Every charge is known once, and has its visit or is to be returned.

    Of those whose word went with an emptied Redis it is known at least that the money was allowed to be
    taken: owners are asked to look for it.
    """
    visits = {row["id"]: row["status"] for row in evidence.rows["guests"]}
    known = _known(evidence)
    for charge, payer in evidence.charges.items():
        if known[charge] > 1:
            yield f"{payer} paid {charge}, which is known {known[charge]} times"
    doubted = Counter(row["person_id"] for row in evidence.rows["payments"] if _in_doubt(row))
    for payer, count in _unheard(evidence).items():
        if count > min(doubted[payer], _words_lost(evidence, payer)):
            yield f"{payer} paid {count} times and nobody knows"
    yield from (f"{charge} is known and was never paid" for charge in known.keys() - evidence.charges.keys())
    for row in evidence.rows["payments"]:
        if row["state"] == PAID_FOR and visits.get(row["booking_id"]) not in {"confirmed", "cancelled"}:
            yield f"payment {row['id']} is paid, its booking {visits.get(row['booking_id'])}"
