"""A short run of the same code as `make chaos-sick`, and what its check says of days that went wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from shared.buttons import pack
from shared.contracts.cancelling import Cancel
from shared.contracts.rebooking import TakeAlternative
from tests.chaos.checks.sick import NO_LONGER, TITLE, TOLD, Moment, Row, SickDay, SickPlan, check_sick_day
from tests.chaos.findings import Promise
from tests.chaos.offers import Json, Kind, Offer, tap
from tests.chaos.sick import Answer, run_sick_day
from tests.chaos.test_smoke import data

__all__ = ["data"]

TAKES, CANCELS, WAITS = 1, 2, 3
"""Customers; the visit of each has their number, and what is kept for them ten times that."""
ILL, OTHER = 7, 8
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.timeout(180)
async def test_a_sick_day_is_gone_through_while_a_worker_is_killed(data: Path) -> None:
    plan = SickPlan(visits=10, others=6, rivals=2, seconds=1, kills=1, kills_at_the_end=0)
    verdict = await run_sick_day(plan, data)
    assert verdict.ok, verdict.as_table()
    assert verdict.figures["answers"].keys() == set(Answer)
    assert verdict.figures["told"] == plan.visits
    assert verdict.figures["workers killed"] > 0


def told(customer: int, at: float, hold: int | None = None) -> Json:
    """Tell a customer what is kept for them."""
    chosen = TakeAlternative(booking_id=customer, version=1, alternative_id=hold or 10 * customer)
    markup = {"inline_keyboard": [[{"text": "09:00", "callback_data": pack(chosen)}]]}
    params = {"text": f"Grace {TOLD}.", "reply_markup": markup}
    return {"method": "sendMessage", "status": 200, "chat_id": customer, "at": at, "params": params}


def kept(customer: int, hold: int | None = None) -> Row:
    """Keep a time with the other specialist, an hour each."""
    number = hold or 10 * customer
    start = NINE + number // 10 * HOUR
    busy = {"busy_from": start, "busy_until": start + HOUR}
    return {"id": number, "specialist_id": OTHER, "start": start, "customer_id": customer, **busy}


def visit(customer: int, state: str, **changed: object) -> Row:
    """Return a visit that was hit, as it stands where nothing became of it."""
    was = NINE + customer * HOUR
    stands = {"specialist_id": ILL, "start": was, "was": was, "status": "confirmed", "waived": True}
    return {"id": customer, "customer_id": customer, "state": state, **stands, **changed}


def card(resolved: int, calls: int) -> str:
    """Say how far it has come."""
    return f"Grace: {TITLE}\nResolved {resolved} of 3.\n" + "please call\n" * calls


def taps(*asked: tuple[int, TakeAlternative | Cancel]) -> list[Offer]:
    """Tap, ten seconds after the first was told."""
    return [
        Offer(
            1, number, Kind.GUEST, 10.0, "tag", body=tap({"id": number, "first_name": ""}, 1, "", data, 10.0)
        )
        for number, data in ((number, pack(command)) for number, command in asked)
    ]


def as_it_should_be() -> SickDay:
    """One took what was kept, one cancelled, and one is to be called."""
    moved = {"specialist_id": OTHER, "start": NINE + HOUR, "waived": False}
    resolved = [visit(TAKES, "resolved", **moved), visit(CANCELS, "resolved", status="cancelled")]
    customers = (TAKES, CANCELS, WAITS)
    return SickDay(
        customers=customers,
        calls=[told(number, float(number)) for number in customers],
        taps=taps(
            (TAKES, TakeAlternative(booking_id=TAKES, version=1, alternative_id=10 * TAKES)),
            (CANCELS, Cancel(booking_id=CANCELS, version=1)),
        ),
        kills=[],
        seen={number: [kept(number)] for number in customers},
        answered=Moment([*resolved, visit(WAITS, "asked")], [kept(WAITS)], [card(2, 0)]),
        over=Moment([*resolved, visit(WAITS, "unanswered")], [], [card(2, 1)]),
        promised=[{"chat_id": number, "state": "sent"} for number in customers],
        chats={TAKES: [], CANCELS: [], WAITS: [f"They are {NO_LONGER}."]},
    )


def told_again(day: SickDay, *kills: float) -> SickDay:
    return replace(day, calls=[*day.calls, told(WAITS, 5.0)], kills=kills)


def shared(day: SickDay) -> SickDay:
    """Keep what is kept for one for another one, too."""
    seen = {**day.seen, TAKES: [kept(TAKES, 10 * WAITS)]}
    return replace(day, seen=seen, calls=[told(TAKES, 1.0, 10 * WAITS), *day.calls[1:]])


def instead(day: SickDay, visits: Sequence[Row]) -> SickDay:
    others = [row for row in day.over.visits if row["id"] not in {each["id"] for each in visits}]
    return replace(day, over=replace(day.over, visits=[*others, *visits]))


BROKEN: Final[dict[str, tuple[Callable[[SickDay], SickDay], Promise]]] = {
    "told twice": (told_again, Promise.DUPLICATES),
    "told twice after a kill that came too late": (lambda day: told_again(day, 6.0), Promise.DUPLICATES),
    "not told": (lambda day: replace(day, calls=day.calls[1:]), Promise.TOLD),
    "promised twice": (lambda day: replace(day, promised=[*day.promised, *day.promised]), Promise.TOLD),
    "kept for two": (shared, Promise.HELD),
    "not kept": (lambda day: replace(day, seen={**day.seen, WAITS: []}), Promise.HELD),
    "let go too soon": (lambda day: replace(day, answered=replace(day.answered, kept=[])), Promise.HELD),
    "kept too long": (lambda day: replace(day, over=replace(day.over, kept=[kept(WAITS)])), Promise.HELD),
    "not moved": (lambda day: instead(day, [visit(TAKES, "unanswered")]), Promise.STATE),
    "moved elsewhere": (
        lambda day: instead(day, [visit(TAKES, "resolved", start=NINE, waived=False)]),
        Promise.STATE,
    ),
    "not cancelled": (lambda day: instead(day, [visit(CANCELS, "unanswered")]), Promise.STATE),
    "cancelled by nobody": (
        lambda day: instead(day, [visit(WAITS, "resolved", status="cancelled")]),
        Promise.STATE,
    ),
    "a wrong card": (lambda day: replace(day, over=replace(day.over, card=[card(1, 1)])), Promise.CARD),
    "two cards": (lambda day: replace(day, over=replace(day.over, card=[card(2, 1)] * 2)), Promise.CARD),
}


def test_a_day_on_which_everybody_had_what_they_chose_breaks_nothing() -> None:
    assert check_sick_day(as_it_should_be()) == []
    assert check_sick_day(told_again(as_it_should_be(), 4.0)) == [], "nobody knew that it had been sent"


@pytest.mark.parametrize("name", BROKEN)
def test_what_went_wrong_is_found(name: str) -> None:
    breaking, promise = BROKEN[name]
    assert promise in {found.promise for found in check_sick_day(breaking(as_it_should_be()))}
