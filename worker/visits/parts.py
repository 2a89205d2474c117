"""What follows in a visit behind its first service: rows beside the visit's own, which are read with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from shared.contracts.booking import AddedServices
from worker.db.models.catalogue import SHOWN_SERVICE
from worker.price import Price
from worker.ui.names import joined

_STORED: Final = """(
    SELECT CAST(jsonb_agg(jsonb_build_array(
        part.id, service.id, {service}, specialist.id, specialist.name, specialist.telegram_id,
        specialist.active, date_part('epoch', lower(part.during)), date_part('epoch', upper(part.during)),
        lower(part.price)::text, upper(part.price)::text
    ) ORDER BY lower(part.during)) AS text)
    FROM booking AS part
    JOIN service ON service.business_id = part.business_id AND service.id = part.service_id
    JOIN specialist ON specialist.business_id = part.business_id AND specialist.id = part.specialist_id
    WHERE part.business_id = booking.business_id AND part.part_of = booking.id
)"""
STORED_PARTS: Final = _STORED.format(service=SHOWN_SERVICE)
"""The SQL of what `parts_of` reads."""
REPEATABLE: Final = """
    service.active AND NOT service.approval AND service.deposit IS NULL AND NOT EXISTS (
        SELECT FROM booking AS part
        WHERE part.business_id = booking.business_id AND part.part_of = booking.id
    )
"""
"""The SQL of whether a visit can be the first of a series: one of several services is not."""
_UNTIL: Final = """(
    SELECT greatest(upper({visit}.during), max(upper(part.during))) FROM booking AS part
    WHERE part.business_id = {visit}.business_id AND part.part_of = {visit}.id
)"""
GOES_ON: Final = """(
    upper(booking.during) > :now OR EXISTS (
        SELECT FROM booking AS part WHERE part.business_id = booking.business_id
            AND part.part_of = booking.id AND upper(part.during) > :now
    )
)"""
"""The SQL of whether a visit has not ended at `:now`, the last of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPart:
    """A service that follows in a visit."""

    id: int
    """Of its row, which is no visit."""
    service_id: int
    service: str
    specialist_id: int
    specialist: str
    specialist_telegram_id: int | None
    specialist_active: bool
    start: datetime
    end: datetime
    price: Price | None
    """What was agreed when it was booked."""


class WithParts:
    """A visit as far as its parts make it longer and more than its first service."""

    __slots__ = ()

    service: str
    specialist: str
    end: datetime
    parts: Sequence[VisitPart]

    @property
    def until(self) -> datetime:
        """When the last of it ends."""
        return max([self.end, *(each.end for each in self.parts)])

    @property
    def services(self) -> str:
        """All that is booked, by name."""
        return joined([self.service, *(each.service for each in self.parts)])

    @property
    def added(self) -> AddedServices | None:
        """What follows the first service, as commands name it; None where nothing does."""
        return AddedServices(ids=tuple(each.service_id for each in self.parts)) if self.parts else None

    @property
    def specialists(self) -> str:
        """Who does it, by name."""
        return ", ".join(dict.fromkeys([self.specialist, *(each.specialist for each in self.parts)]))


def until_of(visit: str) -> str:
    """Write in SQL when the last of a visit ends; `visit` is what the statement calls its row."""
    return _UNTIL.format(visit=visit)


def parts_of(stored: str | None) -> tuple[VisitPart, ...]:
    """Read the parts of a visit, in their order."""
    return tuple(_part(*row) for row in json.loads(stored or "[]"))


def _part(*row: Any) -> VisitPart:  # noqa: ANN401 - the columns of a row
    *about, start, end, lowest, highest = row
    number, service_id, service, specialist_id, specialist, telegram_id, active = about
    most = None if highest is None else Decimal(highest)
    return VisitPart(
        id=number,
        service_id=service_id,
        service=service,
        specialist_id=specialist_id,
        specialist=specialist,
        specialist_telegram_id=telegram_id,
        specialist_active=active,
        start=datetime.fromtimestamp(start, UTC),
        end=datetime.fromtimestamp(end, UTC),
        price=None if lowest is None else Price(Decimal(lowest), most),
    )
