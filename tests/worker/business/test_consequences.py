"""A business that changes while visits are booked: what shows them follows, and who must know hears once."""

from datetime import datetime, timedelta
from typing import Final

import pytest

from tests.worker.branches import BRANCHES
from tests.worker.shop import ANNA, BEN, CARLA, at
from tests.worker.stage import Stage
from worker.business.apply import RefusedPlanError, apply_document
from worker.business.plan import CancelVisits, ChangePlan, Choices, KeepVisits
from worker.business.reader import read_document
from worker.business.report import describe
from worker.business.zones import Constant
from worker.db.models.booking import Status

CUSTOMERS: Final = (ANNA, BEN, CARLA)
WORDS: Final = "Bob has left us. <We> are sorry; please book again."
CLOCK: Final = "our clock was wrong"
LONDON: Final = BRANCHES.replace(b"Europe/Berlin", b"Europe/London")
WITHOUT_BOB: Final = BRANCHES[: BRANCHES.index(b"  - {name: Bob")]
HOUR: Final = timedelta(hours=1)


async def apply(stage: Stage, content: bytes, **choices: object) -> ChangePlan:
    said = Choices(**choices)  # type: ignore[arg-type]  # the choices by name
    plan = await apply_document(stage.shop.sessions, read_document(content, "b.yaml"), stage.shop.clock, said)
    await stage.parts.timers.run_once()
    await stage.parts.poller.run_once()
    return plan


async def book_in_a_row(stage: Stage, specialist: str = "Bob") -> None:
    """Have three customers book one after the other, the first two without a gap between them."""
    await stage.meet(*CUSTOMERS)
    for person, clock in zip(CUSTOMERS, ("10:00", "10:45", "12:00"), strict=True):
        await stage.book(clock, person=person, specialist=specialist)


async def starts(stage: Stage) -> list[datetime]:
    return [booking.during.lower for booking in await stage.shop.live() if booking.during.lower]


async def test_a_new_name_is_on_every_card_and_nobody_is_bothered(branches: Stage) -> None:
    await book_in_a_row(branches)
    before = [len(branches.messages(person)) for person in CUSTOMERS]
    renamed = BRANCHES.replace(b"{name: Cut,", b"{name: Cut and wash, was: Cut,").replace(
        b"{name: Bob, services: [Cut,", b"{name: Robert, was: Bob, services: [Cut and wash,"
    )
    renamed = renamed.replace(b"services: [Cut]", b"services: [Cut and wash]")
    assert (await apply(branches, renamed)).hits == []
    assert [len(branches.messages(person)) for person in CUSTOMERS] == before
    for person in CUSTOMERS:
        [card] = [text for text in branches.texts(person) if "Cut" in text]
        assert "Cut and wash" in card
        assert "Robert" in card
        assert "✅ <b>Booked" in card or "✅ Booked" in card
    assert (await apply(branches, renamed)).changes == []
    await branches.advance_to(at("08:01"))
    assert "Cut and wash" in branches.texts(ANNA)[-1]


async def test_visits_are_called_off_with_words_and_each_customer_hears_once(branches: Stage) -> None:
    await book_in_a_row(branches)
    kept = await branches.book("10:00", 4, person=ANNA, specialist="Alice")
    with pytest.raises(RefusedPlanError):
        await apply(branches, WITHOUT_BOB)
    await apply(branches, WITHOUT_BOB, stranded=CancelVisits(WORDS))
    for person in CUSTOMERS:
        told = [text for text in branches.texts(person) if WORDS in text]
        assert len(told) == 1
        assert "Cancelled" in told[0]
        assert sum("Cancelled" in text for text in branches.texts(person)) == 2  # the card before it, too
    assert [(await branches.shop.booking(number)).status for number in (1, 2, 3, kept)] == [
        *[Status.CANCELLED] * 3,
        Status.CONFIRMED,
    ]
    reminders = await branches.states("booking.reminder")
    assert sorted(state for _, state in reminders) == ["pending", *["void"] * 3]
    methods = [str(each["method"]) for person in CUSTOMERS for each in branches.calendars(person)]
    assert methods.count("CANCEL") == 3
    await branches.advance(timedelta(days=9))
    assert (await branches.shop.booking(1)).status == Status.CANCELLED  # and is not completed


async def test_visits_that_are_kept_stay_as_they_are(branches: Stage) -> None:
    await book_in_a_row(branches)
    before = [branches.texts(person) for person in CUSTOMERS]
    await apply(branches, WITHOUT_BOB, stranded=KeepVisits())
    assert [branches.texts(person) for person in CUSTOMERS] == before
    assert len(await branches.shop.live()) == 3


async def test_the_clock_time_stays_when_the_zone_is_corrected(branches: Stage) -> None:
    await book_in_a_row(branches)
    before = await starts(branches)
    with pytest.raises(RefusedPlanError) as refused:
        await apply(branches, LONDON)
    assert [question.about for question in refused.value.plan.questions] == ["zone"]
    plan = await apply(branches, LONDON, constant=Constant.CLOCK)
    assert {hit.why for hit in plan.hits} == {"whose clock time stays, 1:00 h later than until now"}
    [listed] = [line for line in describe(plan) if line.startswith("Warning")]
    assert [when[:5] for when in listed.split("2026-11-25 ")[1:]] == ["10:00", "10:45", "12:00"]
    assert await starts(branches) == [start + HOUR for start in before]
    assert await branches.shop.overlaps() == 0
    for person, clock in zip(CUSTOMERS, ("10:00", "10:45", "12:00"), strict=True):
        texts = branches.texts(person)
        assert sum(clock in text for text in texts) == 1
        assert not any(CLOCK in text or "Moved" in text for text in texts)
        [calendar] = branches.calendars(person)
        [event] = calendar.walk("VEVENT")
        assert event["sequence"] == 1
    await branches.advance_to(at("08:59"))  # Berlin's; two hours before 10:00 in London it is 9:00 there
    assert not any("coming up" in text for text in branches.texts(ANNA))
    await branches.advance_to(at("09:00"))
    assert "coming up" in branches.texts(ANNA)[-1]


async def test_back_again_and_the_visits_are_where_they_were(branches: Stage) -> None:
    await book_in_a_row(branches)
    before = await starts(branches)
    await apply(branches, LONDON, constant=Constant.CLOCK)
    await apply(branches, BRANCHES, constant=Constant.CLOCK)
    assert await starts(branches) == before


async def test_the_instant_stays_and_each_customer_is_told_the_right_clock_time(branches: Stage) -> None:
    await book_in_a_row(branches)
    before = await starts(branches)
    plan = await apply(branches, LONDON, constant=Constant.INSTANT)
    assert "whose clock time is 1:00 h earlier in Europe/London" in {hit.why for hit in plan.hits}
    assert await starts(branches) == before
    for person, clock in zip(CUSTOMERS, ("09:00", "09:45", "11:00"), strict=True):
        texts = branches.texts(person)
        assert sum(CLOCK in text for text in texts) == 1
        assert sum(clock in text for text in texts) == 2  # the card, and what tells
        assert len(branches.calendars(person)) == 1
    assert (await apply(branches, LONDON)).changes == []


async def test_a_zone_of_the_same_clock_asks_nothing(branches: Stage) -> None:
    await book_in_a_row(branches)
    plan = await apply(branches, BRANCHES.replace(b"Europe/Berlin", b"Europe/Paris"))
    assert (plan.hits, len(plan.told)) == ([], 1)


async def test_no_visit_begins_before_it_is_applied(branches: Stage) -> None:
    await book_in_a_row(branches)
    early = LONDON.replace(b"Europe/London", b"Pacific/Kiritimati")
    branches.shop.clock.advance(timedelta(days=2, hours=12))
    with pytest.raises(RefusedPlanError) as refused:
        await apply(branches, early, constant=Constant.CLOCK)
    assert "would have begun by now" in refused.value.plan.problems[0].message
