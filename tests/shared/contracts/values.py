"""Values for a command's fields, by their types: for whatever commands there are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from shared.buttons import FIRST_DAY, LAST_DAY
from shared.contracts.base import Command, DraftRef
from shared.contracts.booking import TERMS, AddedServices, Book, BookedFor, Moving
from shared.contracts.chat import SharedContact, SharedDocument, SharedLocation

BIGGEST = 2**63 - 1
LAST_MINUTE = datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
MINUTES = int(LAST_MINUTE.timestamp()) // 60

ids = st.integers(0, BIGGEST)
minutes = st.integers(0, MINUTES).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))

PACKABLE: dict[Any, st.SearchStrategy[Any]] = {
    int: ids,
    bool: st.booleans(),
    str: st.sampled_from(["en", "ru", "pt-BR", "zh_Hant"]),
    date: st.dates(FIRST_DAY, LAST_DAY),
    datetime: minutes,
    Moving: st.builds(Moving, booking_id=ids, version=st.integers(0, 10**9)),
    BookedFor: st.builds(BookedFor, person_id=st.integers(-(10**9), 2**52)),
    AddedServices: st.builds(AddedServices, ids=st.lists(st.integers(0, 10**4), min_size=1, max_size=3)),
    DraftRef: st.builds(DraftRef, id=ids, version=st.integers(0, 10**9), step=st.integers(0, 99)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    SharedContact: st.builds(SharedContact, phone_number=st.text(max_size=20), user_id=st.none() | ids),
    SharedDocument: st.builds(SharedDocument, file_id=st.text(max_size=20), size=ids),
    SharedLocation: st.builds(SharedLocation, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180)),
}
MOST_PLACES = 20
LARGEST: dict[Any, Any] = {
    int: BIGGEST,
    bool: True,
    str: "zh-Hant-TW",
    date: LAST_DAY,
    datetime: LAST_MINUTE,
    Moving: Moving(booking_id=BIGGEST, version=10**6),
    BookedFor: BookedFor(person_id=2**52),
    AddedServices: AddedServices(ids=(10**4, 10**4, 10**4)),
    DraftRef: DraftRef(id=BIGGEST, version=10**6, step=99),
}
SMALL = {
    "version": 10**6,
    "number": 10**6,
    "page": 999,
    "days": 7,
    "part": 9,
    "location_id": 10**4,
    "terms": TERMS - 1,
    "rules": 63,
    "begins": 1440,
    "ends": 1440,
    "weeks": 8,
    "count": 12,
    "places": MOST_PLACES,
    "off": 2**12 - 1,
    "instead": 2**12 - 1,
    "said": 2**12 - 1,
    "times": 2**32 - 1,
}
"""What counts something of one booking or one list, or of what there are few: more is out of reach."""
FEW = 10**4
TOGETHER = ("customer", "added")
"""What a command may have both of, where the numbers of services are as small as those that are added."""
EITHER = ("moving", "customer", "added")
"""Fields of which a command has one at most, beside TOGETHER; of several places only where
none of them is in the way."""


def type_of(field: FieldInfo) -> tuple[Any, bool]:
    """Return a field's type and whether it may be None."""
    kinds = getattr(field.annotation, "__args__", (field.annotation,))
    [kind] = [each for each in kinds if each is not type(None)]
    return kind, len(kinds) > 1


def strategy(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    kind, optional = type_of(field)
    possible = st.integers(int(name == "days"), SMALL[name]) if name in SMALL else PACKABLE[kind]
    return st.none() | possible if optional else possible


def commands(kind: type[Command], names: tuple[str, ...] | None = None) -> st.SearchStrategy[Command]:
    """Make commands of a kind, with these fields or all."""
    fields = {name: field for name, field in kind.model_fields.items() if names is None or name in names}
    made = {name: strategy(name, field) for name, field in fields.items()}
    either = [name for name in EITHER if name in made]
    if len(either) <= 1:
        return st.builds(kind, **made)
    nothing = dict.fromkeys(either, st.none())
    alone = {"places": st.just(1)} if "places" in made else {}
    ways = [{**made, **nothing, **({} if name == "customer" else alone), name: made[name]} for name in either]
    if {*TOGETHER} <= {*either}:
        few = {name: st.integers(0, FEW) for name in ("service_id", "specialist_id")}
        ways.append({**made, **nothing, **alone, **few, **{name: made[name] for name in TOGETHER}})
    return st.one_of([st.builds(kind, **way) for way in ways])


def extremes(kind: type[Command], names: tuple[str, ...], values: dict[Any, Any]) -> Iterator[Command]:
    """Make the commands of a kind that have these values, by type, in as many fields as go together."""
    longest = extreme(kind, names, values)
    yield longest
    if {*TOGETHER} <= {*names}:
        few = dict.fromkeys({"service_id", "specialist_id"} & {*names}, FEW)
        both = {name: values[type_of(kind.model_fields[name])[0]] for name in TOGETHER}
        terms = {"terms": TERMS - 1} if kind is Book else {}
        yield longest.model_copy(update={"moving": None, **few, **both, **terms})


def extreme(kind: type[Command], names: tuple[str, ...], values: dict[Any, Any]) -> Command:
    """Make the command of a kind that has these values, by type, in its named fields."""
    either = [name for name in EITHER if name in names]
    left_out = {*either[1:], *(["places"] if either else [])}
    longer = [name for name in names if name not in left_out]
    fields = {name: type_of(kind.model_fields[name])[0] for name in longer}
    small = {**SMALL, "terms": MOST_PLACES * TERMS - 1} if kind is Book else SMALL
    return kind(**{name: small.get(name, values[of]) for name, of in fields.items()})
