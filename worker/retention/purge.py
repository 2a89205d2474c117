"""What a capability says of its rows that are past their use."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from graphlib import TopologicalSorter

from sqlalchemy.ext.asyncio import AsyncSession

type TakeBatch = Callable[[AsyncSession, datetime, int], Awaitable[int]]
"""Removes rows that were past their use before an instant, at most so many; returns how many."""


@dataclass(frozen=True, slots=True)
class Purge:
    """Rows that are removed once they are past their use. It may run at any time, again and again."""

    name: str
    """What the rows are, for the log: "dead_commands"."""
    take: TakeBatch
    keep: timedelta | None = None
    """For how long they are kept; None is for RETENTION_DAYS, and for ever where that is 0."""
    after: tuple[str, ...] = ()
    """The purges that come before it."""


def in_order(purges: Iterable[Purge]) -> tuple[Purge, ...]:
    """Put purges in an order in which each comes after those that it names.

    Raises KeyError for a name that none has, and graphlib.CycleError.
    """
    by_name = {purge.name: purge for purge in purges}
    sorter = TopologicalSorter({purge.name: purge.after for purge in by_name.values()})
    return tuple(by_name[name] for name in sorter.static_order())
