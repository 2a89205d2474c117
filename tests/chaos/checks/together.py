"""Swaps and bookings together: of several people all or none, and each of them is told once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

import asyncpg

from tests.chaos.evidence import Evidence, instant
from tests.chaos.findings import Finding, Promise, findings

ANSWER, ENDED = "swapping.answer", "gathering.ended"
HEARD = frozenset({"sent", "void", "expired"})
"""What becomes of a message that somebody is told by, or that a later one said more truly."""
UNANSWERED = frozenset({"declined", "lapsed"})


def check_together(evidence: Evidence) -> list[Finding]:
    """Compare what people agreed on with what became of it for each of them."""
    return [
        *findings(Promise.SWAP, _half_swapped(evidence)),
        *findings(Promise.SWAP, _not_told_of_swaps(evidence)),
        *findings(Promise.TOGETHER, _places(evidence)),
        *findings(Promise.TOGETHER, _half_booked(evidence)),
        *findings(Promise.TOGETHER, _not_told_of_ends(evidence)),
    ]


def together_figures(evidence: Evidence) -> dict[str, object]:
    """Count how swaps and bookings together ended."""
    gathered = {row["id"]: row["state"] for row in evidence.rows["gathered"]}
    return {
        "swaps asked for": dict(Counter(row["state"] for row in evidence.rows["swaps"])),
        "bookings together": dict(Counter(gathered.values())),
        "places kept for friends, joined": [
            len(evidence.rows["gathered"]),
            sum(row["customer_id"] is not None for row in evidence.rows["gathered"]),
        ],
    }


def _half_swapped(evidence: Evidence) -> Iterator[str]:
    """Each of two visits came to where the other was, in one transaction, and only where both agreed."""
    moves = {
        (row["transaction"], row["booking_id"], *_times(row))
        for row in evidence.rows["guests' effects"]
        if row["kind"] == "moved" and row["data"].get("offered")
    }
    by_visit: defaultdict[int, set[int]] = defaultdict(set)
    for swap in evidence.rows["swaps"]:
        if swap["state"] != "accepted":
            continue
        there = (swap["booking_id"], swap["start"], swap["other_start"])
        back = (swap["other_id"], swap["other_start"], swap["start"])
        both = [{move for move in moves if move[1:] == each} for each in (there, back)]
        transactions = [{move[0] for move in each} for each in both]
        if not transactions[0] & transactions[1]:
            yield f"swap {swap['id']} of {there} and {back} moved {both}"
        for visit in (swap["booking_id"], swap["other_id"]):
            by_visit[visit].add(swap["id"])
    swapping = {row["booking_id"] for row in evidence.rows["swaps"]}
    swapping |= {row["other_id"] for row in evidence.rows["swaps"]}
    moved = Counter(move[1] for move in moves if move[1] in swapping)
    for visit, count in moved.items():
        if count != len(by_visit[visit]):
            yield f"visit {visit} was swapped {count} times, for {sorted(by_visit[visit])}"


def _times(row: asyncpg.Record) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(row["data"]["was"]), datetime.fromisoformat(row["data"]["to"])


def _not_told_of_swaps(evidence: Evidence) -> Iterator[str]:
    """Who has swapped reads it on a card, and who asked in vain in a word of its own: once each."""
    told = Counter(
        (row["booking_id"], datetime.fromisoformat(row["payload"]["swapped"]))
        for row in evidence.rows["outbox"]
        if "swapped" in row["payload"] and row["state"] in HEARD
    )
    answers = Counter(
        row["payload"]["swap_id"]
        for row in evidence.rows["outbox"]
        if row["kind"] == ANSWER and row["state"] in HEARD
    )
    swapped: Counter[tuple[int, datetime]] = Counter()
    for swap in evidence.rows["swaps"]:
        if swap["state"] == "accepted":
            swapped.update([(swap["booking_id"], swap["start"]), (swap["other_id"], swap["other_start"])])
        heard = answers[swap["id"]]
        if heard > 1 or (heard == 0 and swap["state"] in UNANSWERED):
            yield f"swap {swap['id']}, {swap['state']}: who asked was told {heard} times"
    for visit, was in told.keys() | swapped.keys():
        if told[visit, was] != swapped[visit, was]:
            yield f"visit {visit} was swapped from {was}: told {told[visit, was]} of {swapped[visit, was]}"


def _places(evidence: Evidence) -> Iterator[str]:
    """What is kept for friends is kept as long as they can join, and no longer."""
    now = instant(evidence.at)
    for row in evidence.rows["gathered"]:
        what = f"place {row['place']} of booking together {row['id']}, {row['state']},"
        held = (row["status"], row["kept_for"]) == ("held", "gathering")
        if row["state"] == "open":
            if not held or row["whose"] != (row["customer_id"] or 0) or row["deadline"] < now:
                yield f"{what} of {row['customer_id']} is {row['status']} of {row['whose']}"
        elif row["state"] == "booked" and row["customer_id"]:
            if row["status"] in {None, "held"} or row["whose"] != row["customer_id"]:
                yield f"{what} of {row['customer_id']} is {row['status']} of {row['whose']}"
        elif row["status"] is not None:
            yield f"{what} is still {row['status']}"
    kept = {row["booking_id"] for row in evidence.rows["gathered"] if row["state"] == "open"}
    for row in evidence.rows["guests"]:
        if (row["status"], row["kept_for"]) == ("held", "gathering") and row["id"] not in kept:
            yield f"booking {row['id']} is held for no booking together"


def _half_booked(evidence: Evidence) -> Iterator[str]:
    """All who have joined were booked in one transaction."""
    booked: defaultdict[int, set[int]] = defaultdict(set)
    for row in evidence.rows["guests' effects"]:
        if row["kind"] == "booked" and row["data"].get("gathering"):
            booked[row["booking_id"]].add(row["transaction"])
    friends: defaultdict[int, list[int]] = defaultdict(list)
    for row in evidence.rows["gathered"]:
        if row["customer_id"] and row["state"] == "booked":
            friends[row["id"]].append(row["booking_id"])
    for number, visits in friends.items():
        at = [booked[visit] for visit in visits]
        if len(visits) < 2 or any(len(each) != 1 for each in at) or len(set.union(*at)) != 1:
            yield f"booking together {number}: {visits} were booked in {at}"


def _not_told_of_ends(evidence: Evidence) -> Iterator[str]:
    """Who had joined reads once that nothing came of it, but for whoever ended it by a tap."""
    told = Counter(
        (row["payload"]["gathering_id"], row["chat_id"])
        for row in evidence.rows["outbox"]
        if row["kind"] == ENDED and row["state"] in HEARD
    )
    joined: defaultdict[int, list[int]] = defaultdict(list)
    for row in evidence.rows["gathered"]:
        if row["customer_id"] and row["state"] not in {"open", "booked"}:
            joined[row["id"]].append(row["customer_id"])
    for number, people in joined.items():
        heard = [told[number, person] for person in people]
        if max(heard) > 1 or heard.count(0) > 1:
            yield f"that booking together {number} is over {dict(zip(people, heard, strict=True))} were told"
