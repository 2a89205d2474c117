"""What the guests of a run rely on, taken out: see tests/chaos/mutants.py."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from inspect import Parameter, signature
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from worker.gathering import replies as gathering
from worker.keeping import repository as keeping
from worker.offers import chain
from worker.offers.stretch import FreedStretch
from worker.payments import repository as payments
from worker.payments.repository import Charge
from worker.runtime.context import RequestContext
from worker.scheduling import rules as scheduling
from worker.series import handlers as series
from worker.series.rules import SeriesDate, chosen, mark_of
from worker.swapping import handlers as swapping
from worker.swapping import repository as swaps
from worker.swapping.repository import SwapData
from worker.visits.repository import Visit

POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)

type Put = Callable[[Any, str, Any], None]
"""Puts a function in the place of an owner's function of a name: `setattr`, or something that is undone."""


def replace(put: Put, owner: Any, name: str, function: Callable[..., Any]) -> None:  # noqa: ANN401 - a class or a module
    """Replace a function by one that takes the same; raises TypeError where it does not.

    A mutant that calls for other arguments than the program gives breaks it in ways that prove nothing.
    """
    given = [each for each in signature(getattr(owner, name)).parameters.values() if each.kind in POSITIONAL]
    signature(function).bind(*given)
    put(owner, name, function)


def forget_the_line(put: Put) -> None:
    """Offer what frees up to nobody."""

    async def nobody(context: RequestContext, freed: FreedStretch) -> None:
        del context, freed

    replace(put, chain, "_first_in_line", nobody)


def know_every_charge(put: Put) -> None:
    """Take every payment for one that is known."""

    async def known(session: AsyncSession, charge: Charge) -> bool:
        del session, charge
        return True

    replace(put, payments, "is_known", known)


class _Any(int):
    """A number that is any other one, too."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, int)


def book_other_dates(put: Put) -> None:
    """Book what is free of a series, whatever was shown; nothing at all is still nothing."""

    def mark(table: Sequence[SeriesDate]) -> int:
        return _Any() if any(chosen(table)) else mark_of(table)

    replace(put, series, "mark_of", mark)


def swap_whatever_became(put: Put) -> None:
    """Swap visits that are not what they were, and end no question because they are not."""

    def fit(context: RequestContext, swap: SwapData, both: tuple[Visit, Visit]) -> bool:
        del context, swap
        return all(each.status == "confirmed" for each in both)

    async def none(session: AsyncSession, booking_id: int) -> Sequence[SwapData]:
        del session, booking_id
        return []

    replace(put, swapping, "_still_fit", fit)
    replace(put, swaps, "load_open_about", none)


def keep_parts(put: Put) -> None:
    """Let what follows in a visit have its time for good."""

    async def keep(session: AsyncSession, booking_id: int) -> None:
        del session, booking_id

    replace(put, keeping, "set_aside", keep)


class _Visits(Counter[int]):
    """Counts what takes places as one, however many it takes."""

    def __setitem__(self, start: int, places: int) -> None:
        super().__setitem__(start, self[start] + 1)


def count_visits(put: Put) -> None:
    """Count visits of a group, however many places they take."""

    put(scheduling, "Counter", _Visits)


def keep_places(put: Put) -> None:
    """Let what was kept for friends have its time for good."""

    async def keep(session: AsyncSession, booking_ids: Collection[int]) -> None:
        del session, booking_ids

    replace(put, gathering, "release", keep)
