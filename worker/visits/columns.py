"""How a visit's columns are read that count minutes."""

from collections.abc import Sequence
from datetime import timedelta


def minutes(value: int | None) -> timedelta | None:
    """Read a length."""
    return None if value is None else timedelta(minutes=value)


def offsets(value: Sequence[int]) -> Sequence[timedelta]:
    """Read several."""
    return [timedelta(minutes=offset) for offset in value]
