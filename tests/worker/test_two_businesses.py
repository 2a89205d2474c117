"""What two businesses in one database have to do with each other in the chat: nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from shared.clock import SystemClock
from shared.contracts.admin import ShowAdmin
from shared.contracts.base import DraftRef
from shared.contracts.booking import (
    Book,
    Move,
    Moving,
    ShowDay,
    ShowMonth,
    ShowSpecialists,
    ShowSummary,
    StartMove,
)
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.notes import AskNote, RestoreNote
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.people import ChooseLanguage, SetReachable
from shared.contracts.reminders import ConfirmAttendance
from shared.contracts.staff import ShowAgenda
from shared.envelope import AnyCommand
from shared.queue.connection import connect
from tests.worker.shop import ALICE, ANNA, BEN, NOW, OWNER, Shop, at
from tests.worker.stage import Stage
from tests.worker.two_businesses import HER_OWNER, SALON, Two
from worker.capabilities import PURGES
from worker.db.models.booking import Booking
from worker.db.models.catalogue import SpecialistService
from worker.dead import repository as dead_letters
from worker.drafts import repository as drafts
from worker.gauges import QueueGauges, Sampler
from worker.retention.forgetting import forget

NO_VISIT = "You have no such visit."
NOT_OFFERED = "Not offered any more."
A_DAY = timedelta(days=1)


async def test_names_are_equal_and_ids_are_not(two: Two) -> None:
    barber, salon = two.barber.shop, two.salon.shop
    assert barber.services.keys() == salon.services.keys()
    assert barber.specialists.keys() == salon.specialists.keys()
    assert not set(barber.services.values()) & set(salon.services.values())
    assert not set(barber.specialists.values()) & set(salon.specialists.values())


# Visits


async def test_a_time_that_is_taken_in_one_is_free_in_the_other(two: Two) -> None:
    before = await two.rows(two.salon)
    await two.barber.book("10:00")
    assert await two.rows(two.salon) == before
    await two.salon.book("10:00")
    for stage in (two.barber, two.salon):
        assert len(await stage.shop.live()) == 1
        assert "You have 1 visit ahead" in await stage.type(ShowBookings())
    await two.barber.meet(BEN)
    refused = await two.barber.tap(two.barber.booking("10:00"), BEN)
    assert refused.toast != "Booked!"
    assert len(await two.barber.shop.live()) == 1


async def test_what_happens_to_a_visit_leaves_the_other_businesss_alone(two: Two) -> None:
    ours, theirs = await two.barber.book("10:00"), await two.salon.book("10:00")
    before = await two.rows(two.salon)
    moving = Moving(booking_id=ours, version=1)
    await two.barber.tap(Move(moving=moving, start=at("12:00")))
    await two.barber.tap(AskNote(booking_id=ours))
    await two.barber.tap(ConfirmAttendance(booking_id=ours, version=2))
    await two.barber.tap(Cancel(booking_id=ours, version=2))
    assert await two.barber.shop.live() == []
    assert await two.rows(two.salon) == before
    assert [visit.id for visit in await two.salon.shop.live()] == [theirs]


def forged(visit: int, shop: Shop, theirs: Shop) -> Iterator[tuple[AnyCommand, str]]:
    """Yield buttons that name what is the other business's, and how each is answered."""
    moving = Moving(booking_id=visit, version=1)
    service, start = theirs.services["Cut"], at("14:00")
    specialist = theirs.specialists["Alice"]
    visits: list[AnyCommand] = [
        ShowBooking(booking_id=visit),
        AskCancel(booking_id=visit, version=1),
        Cancel(booking_id=visit, version=1),
        ConfirmAttendance(booking_id=visit, version=1),
        AskNote(booking_id=visit),
        StartMove(moving=moving),
        Move(moving=moving, start=start),
        Move(moving=moving, specialist_id=specialist, start=start),
        ShowDay(service_id=shop.services["Cut"], day=start.date(), moving=moving),
    ]
    times: list[AnyCommand] = [
        Book(service_id=service, start=start),
        Book(service_id=service, specialist_id=specialist, start=start),
        Book(service_id=shop.services["Cut"], specialist_id=specialist, start=start),
        Book(service_id=service, specialist_id=shop.specialists["Alice"], start=start),
        ShowSpecialists(service_id=service),
        ShowMonth(service_id=service),
        ShowDay(service_id=service, day=start.date()),
        ShowDay(service_id=shop.services["Cut"], specialist_id=specialist, day=start.date()),
        ShowSummary(service_id=service, start=start),
        ShowSummary(service_id=shop.services["Cut"], specialist_id=specialist, start=start),
    ]
    yield from ((command, NO_VISIT) for command in visits)
    yield from ((command, NOT_OFFERED) for command in times)


async def test_a_button_with_the_other_businesss_ids_opens_nothing(two: Two) -> None:
    visit = await two.salon.book("10:00")
    before = await two.rows(two.salon)
    for command, said in forged(visit, two.barber.shop, two.salon.shop):
        answer = await two.barber.tap(command)
        assert answer.toast == said, command
    assert await two.barber.shop.live() == []
    assert await two.rows(two.salon) == before


async def test_ones_own_visit_cannot_be_moved_to_the_other_businesss_specialist(two: Two) -> None:
    ours = await two.barber.book("10:00")
    specialist = two.salon.shop.specialists["Alice"]
    move = Move(moving=Moving(booking_id=ours, version=1), specialist_id=specialist, start=at("14:00"))
    assert (await two.barber.tap(move)).toast == NOT_OFFERED
    assert (await two.barber.newest()).version == 1


async def test_the_database_itself_refuses_a_row_that_names_the_other_businesss(two: Two) -> None:
    shop, theirs = two.barber.shop, two.salon.shop
    await theirs.book(theirs.wish("Cut", "Alice", "10:00"), ANNA)
    visit, start = (await two.rows(two.salon))["booking"][0]._asdict(), at("14:00")
    own = {
        **visit,
        "id": 1000,
        "during": Range(start, start + timedelta(minutes=45)),
        "busy": Range(start, start + timedelta(minutes=45)),
        "business_id": 1,
        "service_id": shop.services["Cut"],
        "specialist_id": shop.specialists["Alice"],
        "location_id": None,
    }
    stranger = {**own, "customer_id": 4711}
    crossed = [{**own, name: visit[name]} for name in ("service_id", "specialist_id", "location_id")]
    link = {"business_id": 1, "specialist_id": shop.specialists["Bob"], "service_id": theirs.services["Yoga"]}
    for table, row in [*((Booking, each) for each in (*crossed, stranger)), (SpecialistService, link)]:
        with pytest.raises(IntegrityError, match="violates foreign key constraint"):
            async with shop.sessions.begin() as session:
                await session.execute(insert(table).values(row))
    async with shop.sessions.begin() as session:
        await session.execute(insert(Booking).values(own))


# What is due


async def test_each_worker_sends_only_its_own_businesss_reminders(two: Two) -> None:
    for stage in (two.barber, two.salon):
        await stage.book("10:00")
    before, heard = await two.rows(two.barber), two.barber.texts()
    sent = len(two.salon.texts())
    await two.salon.advance_to(at("10:00") - A_DAY)
    assert len(two.salon.texts()) == sent + 1
    assert (await two.rows(two.barber), two.barber.texts()) == (before, heard)
    await two.barber.advance_to(at("10:00") - A_DAY)
    assert len(two.barber.texts()) == len(heard) + 1
    assert len(two.salon.texts()) == sent + 1


async def test_each_worker_runs_only_its_own_businesss_timers(two: Two) -> None:
    visits = [await stage.book("10:00") for stage in (two.barber, two.salon)]
    before = await two.rows(two.barber)
    await two.salon.advance_to(at("10:45") + A_DAY)
    assert (await two.salon.shop.booking(visits[1])).status == "done"
    assert await two.rows(two.barber) == before


async def overdue(stage: Stage, valkey_url: str) -> float:
    registry = CollectorRegistry()
    async with connect(valkey_url) as redis:
        await Sampler(redis, stage.shop.sessions, SystemClock(), QueueGauges(registry)).sample()
    return registry.get_sample_value("bellhop_outbox_overdue") or 0


async def test_what_waits_is_counted_for_its_own_business(two: Two, valkey_url: str) -> None:
    late = text(
        "INSERT INTO outbox (business_id, kind, chat_id, dedupe_key, due_at)"
        " SELECT 2, 'x', 1, n, now() - interval '1 h' FROM generate_series(1, 3) AS n"
    )
    async with two.salon.shop.sessions.begin() as session:
        await session.execute(late)
    assert (await overdue(two.barber, valkey_url), await overdue(two.salon, valkey_url)) == (0, 3)


# People


async def test_a_shared_customer_is_a_person_of_each(two: Two) -> None:
    await two.salon.type(ShowHome())
    before = await two.rows(two.salon)
    await two.barber.tap(ChooseLanguage(language="ru"))
    assert (await two.barber.person()).language == "ru"
    await two.barber.run(two.barber.envelope(SetReachable(reachable=False)))
    assert not (await two.barber.person()).reachable
    theirs = await two.salon.person()
    assert (theirs.language, theirs.reachable) == (None, True)
    assert await two.rows(two.salon) == before


async def test_a_question_of_one_is_not_answered_in_the_other(two: Two) -> None:
    ours, theirs = await two.barber.book("10:00"), await two.salon.book("10:00")
    await two.barber.tap(AskNote(booking_id=ours))
    asked = await two.rows(two.barber)
    assert [row.person_id for row in asked["conversation"]] == [ANNA]
    await two.salon.run(two.salon.envelope(Say(text="I am allergic")))
    assert (await two.salon.shop.booking(theirs)).note is None
    assert await two.rows(two.barber) == asked
    await two.barber.run(two.barber.envelope(Say(text="I am allergic")))
    assert (await two.barber.shop.booking(ours)).note == "I am allergic"
    assert (await two.salon.shop.booking(theirs)).note is None


async def test_a_draft_of_one_is_none_in_the_other(two: Two) -> None:
    ours = await two.barber.book("10:00")
    for said in ("First", "Second"):
        await two.barber.tap(AskNote(booking_id=ours))
        await two.barber.run(two.barber.envelope(Say(text=said)))
    draft = (await two.rows(two.barber))["draft"][-1]
    ref = DraftRef(id=draft.id, version=draft.version)
    before = await two.rows(two.barber)
    await two.salon.tap(RestoreNote(draft=ref))
    async with two.salon.shop.sessions.begin() as session:
        assert await drafts.load(session, ANNA, draft.kind, ref, NOW) is None
    assert await two.rows(two.barber) == before
    await two.barber.tap(RestoreNote(draft=ref))
    assert (await two.barber.shop.booking(ours)).note == "First"


async def test_who_works_in_both_sees_the_visits_of_the_one_they_ask(two: Two) -> None:
    await two.barber.book("10:00")
    await two.salon.book("12:00")
    agenda = ShowAgenda(first=at("10:00").date())
    for stage, own, other in ((two.barber, "10:00–10:45", "12:00"), (two.salon, "12:00–12:45", "10:00")):
        await stage.meet(ALICE)
        shown = await stage.type(agenda, ALICE)
        assert own in shown
        assert other not in shown


async def test_an_admin_of_one_is_nobody_in_the_other_and_counts_their_own(two: Two) -> None:
    for clock in ("10:00", "12:00"):
        await two.salon.book(clock)
    figures = {}
    for stage, owner, stranger in ((two.barber, OWNER, HER_OWNER), (two.salon, HER_OWNER, OWNER)):
        await stage.meet(owner, stranger)
        figures[stage.shop.business_id] = await stage.type(ShowAdmin(), owner)
        assert await stage.type(ShowAdmin(), stranger) != figures[stage.shop.business_id]
    assert "Visits ahead: 0" in figures[1]
    assert "Visits ahead: 2" in figures[SALON]


# Retention, and the operator's tools


async def test_one_forgets_and_the_other_remembers(two: Two) -> None:
    for stage in (two.barber, two.salon):
        await stage.book("10:00")
        async with stage.shop.sessions.begin() as session:
            await dead_letters.add(session, "update:1:1", "menu.home", {}, "x")
        await stage.advance_to(at("10:45") + A_DAY)
    before = await two.rows(two.salon)
    gone = await forget(two.barber.shop.sessions, PURGES, NOW + 900 * A_DAY, 365)
    assert (gone["people"], gone["dead_commands"]) == (3, 1)
    assert gone["messages"]
    assert gone["events"]
    assert await two.rows(two.salon) == before
