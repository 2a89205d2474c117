from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from worker.business.document import (
    BusinessPart,
    Document,
    ExceptionPart,
    LocationPart,
    RolesPart,
    ServicePart,
    SpecialistPart,
)
from worker.business.hours import Windows

AWKWARD = (
    "no",
    "2026-12-24",
    "09:00",
    "1e3",
    "null",
    "~",
    "a: b",
    "- x",
    "#1",
    "'",
    '"',
    "&a",
    "*a",
    "🏖 ∞",
    "<<",
)
names = st.sampled_from((*AWKWARD, "Cut", "Colour", "Beard")) | st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
).map(str.strip).filter(bool)
ids = st.integers(1, 40)


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    edges = draw(st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted))
    return tuple(pair for index, pair in enumerate(pairwise(edges)) if index % 2 == 0)


@st.composite
def locations(draw: st.DrawFn, name: str) -> LocationPart:
    place = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    latitude, longitude = place or (None, None)
    return LocationPart(name=name, address=draw(names | st.just("")), latitude=latitude, longitude=longitude)


@st.composite
def services(draw: st.DrawFn, name: str) -> ServicePart:
    return ServicePart(
        name=name,
        duration=draw(st.integers(1, 600)),
        price=draw(st.decimals(0, Decimal("9999999999.99"), places=2) | st.just(Decimal(35))),
        buffer_before=draw(st.integers(0, 60)),
        buffer_after=draw(st.integers(0, 60)),
        step=draw(st.integers(1, 120)),
        min_notice=draw(st.integers(0, 5000)),
        horizon=draw(st.integers(5001, 100_000)),
        cancel_until=draw(st.integers(0, 5000)),
        capacity=draw(st.integers(1, 20)),
        approval=False,
        reminders=tuple(draw(st.lists(st.integers(1, 5000), max_size=4))),
    )


@st.composite
def specialists(draw: st.DrawFn, name: str, number: int | None, offered: list[str]) -> SpecialistPart:
    days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
    closed = draw(st.dictionaries(days, windows(), max_size=3))
    return SpecialistPart(
        name=name,
        telegram_id=number,
        services=tuple(draw(st.lists(st.sampled_from(offered), unique=True))) if offered else (),
        hours=draw(st.dictionaries(st.integers(0, 6), windows())),
        exceptions=tuple(ExceptionPart(date=day, hours=hours) for day, hours in closed.items()),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    def unique() -> list[str]:
        return draw(st.lists(names, unique=True, max_size=3))

    offered, people = unique(), unique()
    numbers = draw(st.lists(ids, unique=True, min_size=len(people), max_size=len(people)))
    return Document(
        business=BusinessPart(
            name=draw(names),
            timezone=draw(st.sampled_from(("Europe/Berlin", "UTC", "America/New_York"))),
            currency=draw(st.sampled_from(("EUR", "JPY"))),
        ),
        locations=tuple(draw(locations(name)) for name in unique()),
        services=tuple(draw(services(name)) for name in offered),
        specialists=tuple(
            draw(specialists(name, draw(st.sampled_from((number, None))), offered))
            for name, number in zip(people, numbers, strict=True)
        ),
        roles=RolesPart(owner=tuple(draw(st.lists(ids))), admin=tuple(draw(st.lists(ids)))),
    )
