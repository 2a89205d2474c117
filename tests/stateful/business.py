"""What the business is, as flat values, and what its history and its screens have to say of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from tests.walks.checks.looking import rows
from tests.walks.walk import Walk
from worker.agenda.loading import load_agenda
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.repository import read_business

type Flat = Mapping[tuple[str, ...], Any]
"""What each field of each entry holds, by the names on the way to it."""

ZONE: Final = ZoneInfo("Europe/Berlin")
AHEAD: Final = 10
"""Days; nothing can be booked further ahead."""
_EVENTS: Final = """
    SELECT id, section, coalesce(number, 0) AS number, data FROM business_event
    WHERE kind = 'changed' AND data ? 'lines' ORDER BY id
"""
_OUTSIDE: Final = """
    SELECT booking.id FROM booking
    CROSS JOIN LATERAL (SELECT lower(during) AT TIME ZONE 'Europe/Berlin' AS begins,
        upper(during) AT TIME ZONE 'Europe/Berlin' AS ends) AS clock
    LEFT JOIN schedule_exception AS other
        ON other.specialist_id = booking.specialist_id AND other.day = begins::date
    LEFT JOIN working_hours AS usual
        ON usual.specialist_id = booking.specialist_id AND usual.weekday = extract(isodow FROM begins) - 1
    WHERE booking.status = 'confirmed' AND upper(during) > :now AND NOT coalesce(
        CASE WHEN other.day IS NULL THEN usual.minutes ELSE other.minutes END @> int4range(
            (extract(epoch FROM begins - begins::date) / 60)::int,
            (extract(epoch FROM ends - begins::date) / 60)::int), false)
    ORDER BY booking.id
"""


@dataclass
class FlatReader:
    """Reads what the business is; what has not changed is not written out anew."""

    walk: Walk
    _document: Document | None = None
    _flat: Flat = field(default_factory=dict)

    async def read(self) -> Flat:
        """Return what the business is now."""
        async with self.walk.stage.shop.sessions() as session:
            document = (await read_business(session)).document
        assert document is not None
        if document != self._document:
            self._document = document
            self._flat = dict(_flat((), YAML(typ="safe").load(write_document(document))))
        return self._flat


def _flat(way: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat((*way, str(name)), each)
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for number, each in enumerate(value):
            yield from _flat((*way, str(each.get("name", number))), each)
    else:
        yield way, value


def differing(one: Flat, other: Flat) -> set[tuple[str, ...]]:
    """Return the ways to what differs."""
    return {way for way in {**one, **other} if one.get(way) != other.get(way)}


async def check_chain(walk: Walk) -> list[str]:
    """Look for changes in whose place another one was made by somebody who did not know of them."""
    last: dict[tuple[Any, ...], Any] = {}
    found = []
    for event in await rows(walk, _EVENTS):
        for line in event["data"]["lines"]:
            way = (event["section"], event["number"], line["field"], str(line.get("member")))
            if way in last and last[way] != line["from"]:
                found.append(f"change {event['id']} of {way} is from {line['from']}, which was {last[way]}")
            last[way] = line["to"]
    return found


async def check_uncovered(walk: Walk) -> list[str]:
    """Look for visits outside of their specialist's hours that the agenda does not show as such."""
    outside = [row["id"] for row in await rows(walk, _OUTSIDE)]
    now = walk.stage.shop.clock.now()
    async with walk.stage.shop.sessions() as session:
        days = [now.date() + timedelta(days=each) for each in range(AHEAD)]
        _, style = await load_agenda(session, days, None, ZONE, now)
    return [
        f"№ {number} is outside of the hours, and nobody is told"
        for number in outside
        if number not in style.uncovered
    ]
