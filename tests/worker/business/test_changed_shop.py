"""A shop that changes while fifty visits are booked: everybody's chats say the truth, once.

The changes meet a shop in which some reminders are written already. What is true after each the test says
itself; database, cards, reminders and calendar files have to agree with it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import pytest
import pytest_asyncio

from shared.contracts.cancelling import Cancel
from shared.envelope import Actor
from tests.kit.business import BUSINESS_ID
from tests.worker.business.walking import (
    COMING_UP,
    SHOP,
    Truth,
    Walk,
    files_sent,
    reminders_sent,
    texts_sent,
)
from tests.worker.outbox.sending import sending
from tests.worker.shop import ADMIN, ALICE, BOB, OWNER, at, open_shop
from worker.business.apply import UNSAID
from worker.business.plan import CancelVisits, Choices, KeepVisits
from worker.business.zones import Constant
from worker.db.engine import make_engine, make_sessions
from worker.people.repository import save_person

CARL, DORA = 1004, 1005
STAFF: Final = (OWNER, ALICE, BOB, ADMIN, CARL, DORA)
WORDS: Final = "Bob has left us, and we are sorry."
HOUR: Final = timedelta(hours=1)
PLACE, CLOCK, SOMEBODY_ELSE = "the place of your visit has changed", "our clock was wrong", "somebody else"
LONDON, HELSINKI = ({"Europe/Berlin": zone} for zone in ("Europe/London", "Europe/Helsinki"))
SAME_CLOCK, SAME_INSTANT = Choices(constant=Constant.CLOCK), Choices(constant=Constant.INSTANT)
BOBS_ENTRY: Final = "  - {name: Bob" + SHOP.split("  - {name: Bob")[1].split("  - {name: Carl")[0]
MOVED: Final = {"1 Main St": "7 River Rd"}
RENAMED: Final = {"name: Cut, duration": "name: Trim, was: Cut, duration", "[Cut,": "[Trim,"}


def everybody(_: Truth) -> bool:
    return True


def nobody(_: Truth) -> bool:
    return False


def at_main(truth: Truth) -> bool:
    return truth.place.startswith("Main street")


def of_bob(truth: Truth) -> bool:
    return truth.specialist == "Bob"


def of_alice_on_wednesday(truth: Truth) -> bool:
    return truth.specialist == "Alice" and at_main(truth)


def cut(truth: Truth) -> bool:
    return truth.service == "Cut"


def later(truth: Truth, by: timedelta) -> dict[str, Any]:
    return {"start": truth.start + by}


def by_clock(truth: Truth, hours: int) -> dict[str, Any]:
    begin, end = (f"{int(each[:2]) + hours:02}{each[2:]}" for each in truth.clock.split("–"))
    return {"clock": f"{begin}–{end}"}


type Whose = Callable[[Truth], bool]
"""Which visits."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A kind of change, what is true of whom afterwards, and who is told what."""

    files: Sequence[Mapping[str, str]]
    """What is written otherwise, file after file; nothing is delivered between them."""
    choices: Choices = UNSAID
    hits: Whose = nobody
    """Whose visit it touches; of others not one message is written or edited."""
    told: Mapping[Whose, Sequence[str]] = field(default_factory=dict)
    """Who is told, in one message, and the words of it; everybody else hears nothing."""
    anew: Whose = nobody
    """Who gets a new calendar file; others' files are changed where they are."""
    true: Sequence[tuple[Whose, Any]] = ()
    """What is true then: fields, or what makes them of a visit."""


KINDS: Final = {
    "service renamed": Change(files=[RENAMED], hits=cut, true=[(cut, {"service": "Trim"})]),
    "specialist renamed": Change(
        files=[{"name: Alice": "name: Alice Brown"}],
        hits=lambda truth: truth.specialist == "Alice",
        true=[(lambda truth: truth.specialist == "Alice", {"specialist": "Alice Brown"})],
    ),
    "business renamed": Change(
        files=[{"Barber & Co": "Barbers"}], hits=everybody, true=[(everybody, {"business": "Barbers"})]
    ),
    "place moves": Change(
        files=[MOVED],
        hits=at_main,
        told={at_main: [PLACE]},
        anew=at_main,
        true=[(at_main, {"place": "Main street, 7 River Rd"})],
    ),
    "specialist works elsewhere": Change(
        files=[{"{mon-wed: Main street, thu-sun: Side street}": "[Side street]"}],
        hits=of_alice_on_wednesday,
        told={of_alice_on_wednesday: [PLACE]},
        anew=of_alice_on_wednesday,
        true=[(of_alice_on_wednesday, {"place": "Side street, 2 Side St"})],
    ),
    "zone, later by the same clock": Change(
        files=[LONDON],
        choices=SAME_CLOCK,
        hits=everybody,
        anew=everybody,
        true=[(everybody, lambda truth: later(truth, HOUR))],
    ),
    "zone, sooner by the same clock": Change(
        files=[HELSINKI],
        choices=SAME_CLOCK,
        hits=everybody,
        anew=everybody,
        true=[(everybody, lambda truth: later(truth, -HOUR))],
    ),
    "zone at the same instants, and a place moves": Change(
        files=[LONDON | MOVED],
        choices=SAME_INSTANT,
        hits=everybody,
        told={at_main: [PLACE, CLOCK], (lambda truth: not at_main(truth)): [CLOCK]},
        anew=at_main,
        true=[
            (everybody, lambda truth: by_clock(truth, -1)),
            (at_main, {"place": "Main street, 7 River Rd"}),
        ],
    ),
    "specialist leaves, visits given to another": Change(
        files=[{BOBS_ENTRY: BOBS_ENTRY.replace("Bob", "Dora, was: Bob").replace("1002", "1005")}],
        hits=of_bob,
        told={of_bob: [SOMEBODY_ELSE]},
        true=[(of_bob, {"specialist": "Dora"})],
    ),
    "specialist leaves, visits are kept": Change(
        files=[{BOBS_ENTRY: ""}], choices=Choices(stranded=KeepVisits())
    ),
    "specialist leaves, visits are called off": Change(
        files=[{BOBS_ENTRY: ""}],
        choices=Choices(stranded=CancelVisits(WORDS)),
        hits=of_bob,
        told={of_bob: [WORDS]},
        anew=of_bob,
        true=[(of_bob, {"live": False})],
    ),
    "hours, prices, lengths and reminders": Change(
        files=[{"09:00-18:00": "12:00-15:00", "price: 35": "price: 40", "45m": "60m", "[24h, 2h]": "[1h]"}]
    ),
    "deadlines and whom to call": Change(
        files=[{"cancel_until: 0m": "cancel_until: 90h", "EUR}": "EUR, contact: +49 30 1}"}],
        hits=everybody,
        true=[(everybody, {"call": "+49 30 1"})],
    ),
    "a place moves twice, then the service gets another name": Change(
        files=[MOVED, {"7 River Rd": "9 Lake Rd"}, RENAMED],
        hits=lambda truth: at_main(truth) or cut(truth),
        told={at_main: [PLACE]},
        anew=at_main,
        true=[(at_main, {"place": "Main street, 9 Lake Rd"}), (cut, {"service": "Trim"})],
    ),
    "a place moves, then the zone is corrected": Change(
        files=[MOVED, LONDON],
        choices=SAME_INSTANT,
        hits=everybody,
        told={at_main: [PLACE, CLOCK], (lambda truth: not at_main(truth)): [CLOCK]},
        anew=at_main,
        true=[
            (everybody, lambda truth: by_clock(truth, -1)),
            (at_main, {"place": "Main street, 7 River Rd"}),
        ],
    ),
    "a place moves, and back": Change(files=[MOVED, {"7 River Rd": "1 Main St"}], hits=at_main, anew=at_main),
}


WALKS: Final = (
    (
        "hours, prices, lengths and reminders",
        "service renamed",
        "specialist renamed",
        "business renamed",
        "deadlines and whom to call",
    ),
    ("a place moves, and back", "specialist works elsewhere", "place moves"),
    ("zone, later by the same clock", "specialist leaves, visits are called off"),
    ("zone, sooner by the same clock", "specialist leaves, visits given to another"),
    ("zone at the same instants, and a place moves", "specialist leaves, visits are kept"),
    ("a place moves twice, then the service gets another name",),
    ("a place moves, then the zone is corrected",),
)
"""Which changes meet one shop, one after the other; each kind is in one of them."""


@pytest_asyncio.fixture
async def walk(own_database_url: str, valkey_url: str) -> AsyncIterator[Walk]:
    """Open the shop on the Tuesday at half past two: some have been reminded of the Wednesday."""
    engine = make_engine(own_database_url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID), SHOP.encode())
    async with sending(shop, valkey_url) as replica:
        for person in STAFF:
            await replica.telegram.started(person)
            async with shop.sessions.begin() as session:
                await save_person(session, Actor(id=person, first_name="Staff"))
        found = Walk(replica)
        await found.book_all()
        await found.advance_to(at("14:30", 2))
        yield found
    await engine.dispose()


@pytest.mark.parametrize("kinds", WALKS, ids="; ".join)
async def test_whatever_changes_all_say_the_truth_and_who_must_know_is_told_once(
    walk: Walk, kinds: Sequence[str]
) -> None:
    reminded = reminders_sent(await walk.calls())
    assert sum(reminded.values()) == 9  # Wednesday's at 9, 11 and 13, three each
    for kind in kinds:
        await follow(walk, KINDS[kind])
    await walk.advance_to(at("12:00", 5))
    await walk.check()
    expected = {
        customer: truth.reminders if truth.live else reminded[customer]
        for customer, truth in walk.truths.items()
    }
    assert reminders_sent(await walk.calls()) == +Counter(expected)


async def follow(walk: Walk, change: Change) -> None:
    """Apply a change's files, and see what everybody's chat says then and who was told."""
    was, before = dict(walk.truths), len(await walk.calls())
    for edits in change.files:
        await walk.change(edits, change.choices)
    await walk.deliver()
    for whose, fields in change.true:
        for customer in [each for each, truth in was.items() if whose(truth)]:
            more = fields(was[customer]) if callable(fields) else fields
            walk.truths[customer] = replace(walk.truths[customer], **more)
    await walk.check()
    who_heard(change, was, await walk.calls(before))


def who_heard(change: Change, was: Mapping[int, Truth], calls: Sequence[Mapping[str, Any]]) -> None:
    """See who was told what, whose files came anew, and that nobody else's chat was touched."""
    touched = {int(call["params"]["chat_id"]) for call in calls if "chat_id" in call["params"]}
    assert touched == {customer for customer, truth in was.items() if change.hits(truth)}
    words = {
        customer: said
        for customer, truth in was.items()
        for whose, said in change.told.items()
        if whose(truth)
    }
    assert texts_sent(calls) == Counter(dict.fromkeys(words, 1))
    assert files_sent(calls) == Counter(customer for customer, truth in was.items() if change.anew(truth))
    for call in calls:
        if call["method"] == "sendMessage" and COMING_UP not in call["params"]["text"]:
            text, said = call["params"]["text"], words[int(call["params"]["chat_id"])]
            assert [each for each in (PLACE, CLOCK, SOMEBODY_ELSE, WORDS) if each in text] == said


async def test_who_left_hears_no_more_and_the_owner_hears_instead(walk: Walk) -> None:
    """Bob's visits stay; of one that its customer calls off the owner hears, who runs the shop alone now."""
    edits = {BOBS_ENTRY: "", "admin: [1003]": "admin: []"}
    await walk.change(edits, Choices(stranded=KeepVisits()))
    customer, truth = next((each, truth) for each, truth in walk.truths.items() if of_bob(truth))
    before = len(await walk.calls())
    version = (await walk.replica.shop.booking(truth.number)).version
    await walk.replica.do(Cancel(booking_id=truth.number, version=version), person=customer, tap=False)
    await walk.deliver()
    walk.truths[customer] = replace(truth, live=False)
    await walk.check()
    assert texts_sent(await walk.calls(before)) == {OWNER: 1, customer: 1}
