"""Who may what: everybody asks for every command there is, about what is theirs and what is not.

A new command is walked as it is; a new Access needs a row in ADMITTED.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import pytest

from bot.routes import TYPED
from shared.contracts.base import Command
from shared.contracts.own_visits import ShowBooking
from tests.worker.roles import (
    ADMINS,
    AUDIENCES,
    FORGED,
    NOBODYS,
    OWNERS,
    PEOPLE,
    PERSON,
    REVEALING,
    SOMEBODYS,
    STAFF,
    WHERE_SHOWN,
    Crowd,
    Gate,
    Role,
    carries_a_version,
    command_about,
    names_somebodys,
)
from tests.worker.shop import ANNA, BEN, Shop
from tests.worker.stage import Stage, on_stage
from worker.capabilities import HANDLERS


@dataclass(frozen=True)
class Admits:
    """Whom an access lets in, for what is their own or nobody's and for what is another's."""

    own: frozenset[Role]
    others: frozenset[Role]
    refusal: str = ""
    """What everybody else reads."""
    also: str = ""
    """What some of them read instead."""


NOBODY: Final = frozenset[Role]()
CALENDAR: Final = ADMINS | {Role.SPECIALIST}
"""Who has the visits of the crowd in their calendar: all of them are with Alice."""
TIMERS: Final = frozenset({Role.TIMER})
ADMITTED: Final = {
    "anyone": Admits(PEOPLE, PEOPLE),
    "own visit": Admits(PEOPLE, NOBODY, "You have no such visit."),
    "own draft": Admits(PEOPLE, NOBODY, "This cannot be undone any more."),
    "own form": Admits(PEOPLE, NOBODY, "This question is not open any more."),
    "own wish": Admits(NOBODY, NOBODY, "You have no such wish, or it has ended."),
    "own offer": Admits(NOBODY, NOBODY, "This was not offered to you."),
    "asked to swap": Admits(NOBODY, NOBODY, "You were not asked this."),
    "own gathering": Admits(NOBODY, NOBODY, "This booking together is not yours, or you have left it."),
    "own deposit": Admits(NOBODY, NOBODY, "This invoice is not yours."),
    "on behalf": Admits(
        CALENDAR,
        CALENDAR,
        "This is for the people who work here.",
        also="You can add visits to your own calendar only.",
    ),
    "waiting here": Admits(
        NOBODY,
        NOBODY,
        "This is for the people who work here.",
        also="Nobody waits for that in your calendar.",
    ),
    "asked to choose": Admits(
        NOBODY, NOBODY, "This is for the people who work here.", also="This is settled already."
    ),
    "one calendar": Admits(STAFF, STAFF, "This is for the people who work here."),
    "own calendar": Admits(STAFF, STAFF, "This is for the people who work here."),
    "own visit or one of the calendar": Admits(PEOPLE, CALENDAR, "You have no such visit."),
    "visit of the calendar": Admits(CALENDAR, CALENDAR, "You have no such visit."),
    "admins": Admits(ADMINS, ADMINS, "This is for administrators."),
    "editors": Admits(ADMINS, ADMINS, "This is for administrators."),
    "owners": Admits(OWNERS, OWNERS, "This is for owners."),
    "timers": Admits(TIMERS, TIMERS, "That is done by itself, and by nobody."),
}
"""By the name of each Access."""

KINDS = list(HANDLERS)


def admits(kind: type[Command]) -> Admits:
    name = HANDLERS[kind].access.name
    assert name in ADMITTED, f"say in ADMITTED whom {name!r} admits: {kind.__name__} asks for it"
    return ADMITTED[name]


@pytest.fixture
def gate() -> Gate:
    return Gate([])


@pytest.fixture
async def crowd(shop: Shop, gate: Gate) -> AsyncIterator[Crowd]:
    """Everybody, before handlers that only note whether they are reached."""
    async with on_stage(shop, gate.handlers()) as stage:
        await stage.meet(*PERSON.values())
        yield Crowd(stage)


@pytest.fixture
async def customers(stage: Stage) -> Crowd:
    """Everybody, before the handlers themselves."""
    await stage.meet(*PERSON.values())
    return Crowd(stage)


def owner_of(role: Role, *, own: bool) -> int:
    if own:
        return PERSON.get(role, ANNA)
    return BEN if role is Role.CUSTOMER else ANNA


@pytest.mark.parametrize("access", ADMITTED)
async def test_an_access_admits_whom_the_table_says(crowd: Crowd, gate: Gate, access: str) -> None:
    """One crowd serves all kinds of an access: nobody gets past the gate, so that nothing changes."""
    things = {person: await crowd.thing_of(person) for person in {ANNA, BEN, *PERSON.values()}}
    before = await crowd.rows()
    for kind in [kind for kind in KINDS if admits(kind) is ADMITTED[access]]:
        for role, own in product(Role, (True, False) if names_somebodys(kind) else (True,)):
            command = command_about(kind, things[owner_of(role, own=own)], crowd.stage.shop)
            gate.reached.clear()
            said = await crowd.ask(role, command)
            admitted = role in (ADMITTED[access].own if own else ADMITTED[access].others)
            about = (str(role), "their own" if own else "another's", command, said)
            assert (gate.reached == [command]) == admitted, about
            assert admitted or is_refusal(said, ADMITTED[access], role), about
    assert await crowd.rows() == before


def is_refusal(said: str, table: Admits, role: Role) -> bool:
    """Tell whether an answer refuses in the access's words and says nothing of what was asked for."""
    words = "TimerAccessError" if role is Role.TIMER else table.refusal
    return any(each in said for each in (words, table.also) if each) and not any(
        word in said for word in REVEALING
    )


async def test_what_is_anothers_is_refused_like_what_is_not_there(crowd: Crowd) -> None:
    thing, shop = await crowd.thing_of(ANNA), crowd.stage.shop
    before = await crowd.rows()
    for kind in filter(names_somebodys, KINDS):
        table = admits(kind)
        for role in sorted(PEOPLE - table.others - {Role.CUSTOMER}):
            forged = await crowd.ask(role, command_about(kind, FORGED, shop))
            anothers = await crowd.ask(role, command_about(kind, thing, shop))
            assert anothers == forged, (str(role), kind)
            assert is_refusal(forged, table, role), (str(role), kind)
    assert await crowd.rows() == before


async def test_a_stale_button_changes_nothing_of_ones_own(customers: Crowd) -> None:
    for kind in filter(carries_a_version, KINDS):
        thing = await customers.thing_of(ANNA)
        before = await customers.rows(WHERE_SHOWN)
        for by in (-1, 1):
            draft = thing.draft.model_copy(update={"version": thing.draft.version + by})
            stale = replace(thing, version=thing.version + by, draft=draft)
            command = command_about(kind, stale, customers.stage.shop)
            said = await customers.ask(Role.CUSTOMER, command)
            assert said.strip() not in {"", "screen"}, command
            assert await customers.rows(WHERE_SHOWN) == before, command


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_access_that_asks_whose_lets_anybody_at_what_is_somebodys(kind: type[Command]) -> None:
    unclear = {name for name in kind.model_fields if name.endswith("_id")} - SOMEBODYS - NOBODYS
    if HANDLERS[kind].access.name == "anyone":
        assert not names_somebodys(kind), f"anyone may run {kind.__name__} about somebody's"
        assert not unclear, f"say whether {unclear} of {kind.__name__} is SOMEBODYS or NOBODYS"


@pytest.mark.parametrize("name", TYPED)
def test_menus_show_a_typed_command_to_just_those_who_may_run_it(name: str) -> None:
    kind, typed = TYPED[name]
    assert AUDIENCES[typed.audience] == admits(kind).own


@pytest.mark.parametrize(
    "name", [name for name, (_, each) in TYPED.items() if AUDIENCES[each.audience] != PEOPLE]
)
async def test_customers_who_type_what_is_the_staffs_are_refused(customers: Crowd, name: str) -> None:
    kind, typed = TYPED[name]
    await customers.thing_of(ANNA)
    for role in (Role.STRANGER, Role.CUSTOMER, Role.OTHER_CUSTOMER):
        said = await customers.stage.type(kind(**typed.fields), PERSON[role])
        assert is_refusal(said, admits(kind), role), (role, said)


def test_an_access_without_its_row_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ADMITTED, "own visit")
    with pytest.raises(AssertionError, match=r"'own visit' admits: ShowBooking"):
        admits(ShowBooking)
