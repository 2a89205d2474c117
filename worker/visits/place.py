"""Where a visit happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit happens."""

    name: str
    address: str
    latitude: float | None
    longitude: float | None

    @classmethod
    def of(cls, value: Sequence[str | None] | None) -> Self | None:
        """Read it from its four columns."""
        if value is None:
            return None
        name, address, *degrees = value
        latitude, longitude = (None if each is None else float(each) for each in degrees)
        return cls(str(name), str(address), latitude, longitude)
