"""Named tuples made of columns, by the thousand for one answer."""

from collections.abc import Iterable, Iterator
from functools import partial


def tuples[T: tuple[object, ...]](kind: type[T], columns: Iterable[Iterable[object]]) -> Iterator[T]:
    """Make one of each row of columns that are as long as each other.

    `kind._make` would do the same, by a call in Python for each: half the time of it.
    """
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))
