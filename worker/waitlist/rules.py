"""What may be wished for, and how a wish is changed."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.contracts.waitlist import ChangeWish, JoinWaitlist
from worker.wishes.repository import Wish
from worker.wishes.rules import ANY_TIME, WishedTimes

MOST_WISHES: Final = 10
"""So many wishes stand for one person at a time."""


def added_of(what: JoinWaitlist | Wish) -> Sequence[int]:
    """Return which services are to follow the first of what is wished for, in their order."""
    if isinstance(what, JoinWaitlist):
        return () if what.added is None else what.added.ids
    return what.added


def is_within(asked: WishedTimes, wish: WishedTimes) -> bool:
    """Tell whether all that is asked for is wished for already."""
    return (
        wish.first_day <= asked.first_day
        and asked.last_day <= wish.last_day
        and wish.part in {ANY_TIME, asked.part}
        and wish.specialist_id in {None, asked.specialist_id}
    )


def wished_anew(command: ChangeWish, wish: WishedTimes, today: date, last: date) -> WishedTimes | None:
    """Return what is wished for from now on, within what can be booked; None where nothing of it can."""
    first_day, last_day = max(command.first_day, today), min(command.last_day, last)
    if last_day < first_day or (command.until is not None and command.until < today):
        return None
    return WishedTimes(
        specialist_id=None if command.anyone else wish.specialist_id,
        first_day=first_day,
        last_day=last_day,
        part=command.part,
        until=command.until,
        before=wish.before,
    )
