"""Several services in one visit: chosen, booked, moved, cancelled as one; each specialist sees their part."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import AddedServices, BookAgain, Move, Moving, ShowSpecialists, StartMove
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.own_visits import SayLateness, ShowBooking, ShowBookings, ShowPast
from shared.contracts.staff import CallOff, MarkArrived, ShowAgenda, ShowStaffCard
from tests.worker.shop import ALICE, ANNA, BEN, BOB, CARLA, OWNER, Shop, at, open_shop, placed
from tests.worker.stage import Answer, Stage, on_stage
from worker.business.apply import apply_document
from worker.business.plan import CancelVisits, ChangePlan, Choices
from worker.business.reader import read_document
from worker.business.zones import Constant
from worker.db.engine import Sessions
from worker.db.models.booking import Booking, Status
from worker.db.models.catalogue import Service
from worker.db.models.flows import Timer
from worker.leaving.repository import load_coming
from worker.placement import repository
from worker.placement.placement import Booked, BookingRequest, NotBooked
from worker.privacy.repository import expected_visits, export
from worker.retention.repository import remove_holds
from worker.scheduling.rules import Reason
from worker.visits.repository import Visit

SALON = b"""
business: {name: Salon, timezone: Europe/Berlin, currency: EUR, language: en}
locations: [{name: Main street}]
services:
  - {name: Cut, duration: 45m, price: 35, buffer_after: 10m, step: 5m, min_notice: 0m, cancel_until: 24h,
     move_until: 0m, reminders: [24h], hold: 5m}
  - {name: Beard, duration: 30m, price: 20, buffer_before: 15m, step: 5m, min_notice: 0m, reminders: [2h]}
  - {name: Nails, duration: 30m, price: 25, step: 5m, min_notice: 0m}
  - {name: Yoga, duration: 60m, capacity: 4}
  - {name: Colour, duration: 60m, deposit: 10}
  - {name: Tattoo, duration: 60m, approval: true}
  - {name: Massage, duration: 60m, questions: [{ask: "Where does it hurt?"}]}
specialists:
  - {name: Alice, telegram_id: 1001, services: [Cut, Beard, Yoga, Colour, Tattoo, Massage],
     hours: {mon-sun: ["09:00-18:00"]}}
  - {name: Bob, telegram_id: 1002, services: [Cut, Nails], hours: {mon-sun: ["09:00-18:00"]}}
roles: {owner: [1000], admin: [1003]}
"""


async def tap(stage: Stage, answer: Answer, label: str, person: int = ANNA) -> Answer:
    """Tap a button of what was answered."""
    [data] = [data for text, data in stage.buttons(answer.message, person).items() if label in text]
    return await stage.tap(unpack(str(data)), person, answer.message)


async def rows(shop: Shop) -> list[tuple[str, str, datetime | None, str]]:
    """Return what takes time: of what, whose, from when on, and what it is."""
    names = {number: name for name, number in shop.services.items()}
    who = {number: name for name, number in shop.specialists.items()}
    return [
        (
            names[each.service_id],
            who[each.specialist_id],
            each.during.lower,
            each.kept_for or each.status,
        )
        for each in await shop.live()
    ]


def added(shop: Shop, *services: str) -> AddedServices:
    return AddedServices(ids=tuple(shop.services[each] for each in services))


async def book(
    stage: Stage, clock: str, *services: str, person: int = ANNA, who: str | None = None
) -> Answer:
    first, *others = services
    wish = stage.booking(clock, 3, first, who)
    return await stage.tap(wish.model_copy(update={"added": added(stage.shop, *others)}), person)


async def test_services_are_added_booked_and_cancelled_as_one_visit(sessions: Sessions) -> None:
    async with on_stage(await open_shop(sessions, SALON)) as stage:
        await stage.meet(ALICE, BOB, CARLA)
        for each in (ALICE, BOB):
            await stage.type(ShowHome(), each)
        shop = stage.shop
        who = await stage.tap(ShowSpecialists(service_id=shop.services["Cut"]))
        more = await tap(stage, who, "Add a service")
        offered = {*stage.buttons(more.message)}
        assert offered == {"Beard", "Nails", "« Back", "Menu"}
        who = await tap(stage, more, "Beard")
        assert "Cut + Beard" in who.text
        who = await tap(stage, await tap(stage, who, "Add a service"), "Nails")
        assert "Cut + Beard + Nails" in who.text
        assert "Add a service" not in stage.buttons(who.message)
        assert "Cut + Beard\n" in (await tap(stage, who, "Back")).text
        await stage.tap(ShowSpecialists(service_id=shop.services["Yoga"]), message=who.message)
        assert "Add a service" not in stage.buttons(who.message)

        chosen = ShowSpecialists(service_id=shop.services["Cut"], added=added(shop, "Beard"))
        times = await tap(stage, await stage.tap(chosen, message=who.message), "Anyone")
        assert "Cut + Beard" in times.text
        days = await tap(stage, times, "Other days")
        day = await tap(stage, days, "25")
        day = await tap(stage, day, "Morning") if "Morning" in str(stage.buttons(day.message)) else day
        shown = await tap(stage, day, "10:00")
        assert "➕ 10:45 <b>Beard</b>" not in shown.text
        assert "➕ 10:45 Beard, Alice 🏷 €20" in shown.text
        assert "💰 Together: €55" in shown.text
        assert "10:00–11:15" in shown.text
        assert await rows(shop) == [
            ("Cut", "Bob", at("10:00"), "summary"), ("Beard", "Alice", at("10:45"), "summary"),
        ]  # fmt: skip
        back = await tap(stage, shown, "Back")
        assert await rows(shop) == []
        assert (await tap(stage, await tap(stage, back, "10:00"), "Confirm")).toast == "Booked!"
        both = [("Cut", "Bob", at("10:00"), "confirmed"), ("Beard", "Alice", at("10:45"), "part")]
        assert await rows(shop) == both
        await _seen_by_all(stage)
        async with sessions.begin() as session:
            assert await remove_holds(session, at("10:00", 40), 100) == 0
            kept = await export(session, ANNA)
        assert [len(kept[name]) for name in ("visits", "parts")] == [1, 1]

        [visit] = await shop.visits()
        answer = await stage.tap(Cancel(booking_id=visit.id, version=1))
        assert answer.toast == "Cancelled."
        assert "Beard" in stage.texts()[-1] or "Beard" in answer.text
        assert await shop.live() == []
        assert "Visit cancelled" in stage.texts(BOB)[-1]
        assert "Visit cancelled" in stage.texts(ALICE)[-1]
        async with sessions() as session:
            timers = await session.scalars(select(Timer.key).where(Timer.key.like("freed:%")))
            assert len(timers.all()) == 2
        again = await stage.tap(BookAgain(booking_id=visit.id))
        assert "Cut + Beard" in again.text


async def _seen_by_all(stage: Stage) -> None:
    """The customer has one visit, each specialist their part of it, under its number."""
    [visit] = await stage.shop.visits()
    card = await stage.tap(ShowBooking(booking_id=visit.id))
    assert "Beard, Alice" in card.text
    assert "10:00–11:15" in card.text
    mine = await stage.tap(ShowBookings())
    assert "You have 1 visit ahead" in mine.text
    assert "Cut + Beard" in str(stage.buttons(mine.message))
    [file] = stage.calendars()
    [event] = file.walk("VEVENT")
    assert (event["summary"], event.decoded("dtend")) == ("Cut + Beard, Salon", at("11:15"))
    assert len(await stage.outbox("booking.reminder")) == 1
    assert [stage.texts(each)[-1].splitlines()[1:3] for each in (BOB, ALICE)] == [
        ["Wed, Nov 25, 10:00–10:45", "Cut, Anna"],
        ["Wed, Nov 25, 10:45–11:15", "Beard, Anna"],
    ]
    for person, line in ((BOB, "10:00–10:45 Cut, Anna"), (ALICE, "10:45–11:15 Beard, Anna")):
        agenda = await stage.tap(ShowAgenda(first=at("10:00").date()), person)
        assert line in agenda.text
        [button] = [text for text in stage.buttons(agenda.message, person) if "Anna" in text]
        shown = await tap(stage, agenda, button, person)
        assert f"Visit № {visit.id}" in shown.text
        assert "Beard, Alice" in shown.text
    assert (await stage.tap(ShowStaffCard(booking_id=visit.id), CARLA)).alert


async def test_a_visit_moves_with_all_its_parts_or_not_at_all(sessions: Sessions) -> None:
    async with on_stage(await open_shop(sessions, SALON)) as stage:
        await stage.meet(ALICE, BOB, BEN)
        shop = stage.shop
        assert (await book(stage, "10:00", "Cut", "Beard", who="Alice")).toast == "Booked!"
        [visit, part] = await shop.live()
        assert [each.busy.upper for each in (visit, part)] == [at("10:55"), at("11:30")]
        assert part.busy.lower == at("10:55"), "one pause of fifteen minutes, not twenty-five"
        assert part.customer_id == 0
        async with sessions.begin() as session:
            price = update(Service).where(Service.name == "Beard").values(price=None)
            await session.execute(price)
        moving = Moving(booking_id=visit.id, version=1)
        times = await stage.tap(StartMove(moving=moving))
        assert "Move: Cut + Beard" in times.text
        assert "Book" in str((await book(stage, "14:00", "Beard", "Nails", person=BEN)).toast)
        refused = await stage.tap(_move(shop, moving, "13:00"))
        assert "taken" in str(refused.toast)
        assert (await shop.booking(visit.id)).during.lower == at("10:00")
        assert len(await shop.live()) == 4
        assert (await stage.tap(_move(shop, moving, "10:20"))).toast == "Moved!"
        moved = [await shop.booking(each.id) for each in (visit, part)]
        assert [each.during.lower for each in moved] == [at("10:20"), at("11:20")]
        assert [each.status for each in moved] == [Status.CONFIRMED, Status.HELD]
        assert str(moved[1].price) == str(part.price)
        assert await shop.overlaps() == 0
        marked = await stage.tap(MarkArrived(booking_id=visit.id, version=2), ALICE)
        assert marked.toast == "Noted." or marked.alert
        assert (await stage.tap(CallOff(booking_id=visit.id, version=2), ALICE)).toast == "Cancelled."
        assert [each.customer_id for each in await shop.live()] == [BEN, 0]

        for wrong in (
            ("Cut", "Yoga"),
            ("Cut", "Colour"),
            ("Cut", "Tattoo"),
            ("Massage", "Cut"),
            ("Cut", "Cut"),
        ):
            assert (await book(stage, "10:00", *wrong)).toast == "Not offered any more."
        strange = stage.booking("10:00").model_copy(update={"added": AddedServices(ids=(10**6,))})
        assert (await stage.tap(strange)).toast == "Not offered any more."
        assert len(await shop.live()) == 2


def _move(shop: Shop, moving: Moving, clock: str) -> Command:
    return Move(moving=moving, specialist_id=shop.specialists["Alice"], start=at(clock))


async def test_crossing_visits_are_booked_whole_or_not_at_all(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who begins with Alice and goes on with Bob, and who the other way, at the same moment."""
    shop = await open_shop(sessions, SALON)
    first = replace(shop.wish("Beard", "Alice", "10:00"), added=[shop.services["Nails"]])
    other = replace(shop.wish("Nails", "Bob", "10:00"), added=[shop.services["Beard"]])
    plain = shop.wish("Nails", "Bob", "10:30")
    for wishes in ((first, first), (first, other), (first, other, plain), (plain, first, first)) * 2:
        people = (ANNA, BEN, CARLA)
        outcomes = await asyncio.gather(*map(shop.place, wishes, people))
        found = await shop.live()
        whole = sum(isinstance(each, Booked) for each in outcomes)
        several = [each for each, wish in zip(outcomes, wishes, strict=True) if wish.added]
        assert whole >= 1
        assert len(found) == whole + sum(isinstance(each, Booked) for each in several)
        assert await shop.overlaps() == 0
        async with sessions.begin() as session:
            await session.execute(delete(Booking).where(Booking.business_id == shop.business_id))
    await _breaks_between(shop, monkeypatch, first)


async def _breaks_between(shop: Shop, monkeypatch: pytest.MonkeyPatch, wish: BookingRequest) -> None:
    """A connection that goes between the two rows leaves none of them; a second try books both."""
    insert, written = repository.insert, list[object]()

    async def breaking(*about: Any) -> Visit | None:  # noqa: ANN401 - whatever insert takes
        written.append(about)
        if len(written) == 2:
            raise ConnectionError
        return await insert(*about)

    monkeypatch.setattr(repository, "insert", breaking)
    with pytest.raises(ConnectionError):
        await shop.place(wish)
    assert await shop.live() == []
    placed(await shop.place(wish))
    assert len(await shop.live()) == 2
    assert await shop.place(wish, BEN) == NotBooked(Reason.BOOKED)


async def test_parts_follow_the_business_with_their_visit(sessions: Sessions) -> None:
    """A clock that is put right takes all of it along; who may not do a part any more ends all of it."""
    shop = await open_shop(sessions, SALON)
    wish = replace(shop.wish("Cut", "Alice", "10:00"), added=[shop.services["Beard"], shop.services["Nails"]])
    visit = placed(await shop.place(wish))
    clocks = [("Cut", "10:00"), ("Beard", "11:00"), ("Nails", "11:30")]
    assert [each.during.lower for each in await shop.live()] == [at(clock) for _, clock in clocks]
    london = SALON.replace(b"Europe/Berlin", b"Europe/London")
    plan = await _apply(shop, london, Choices(constant=Constant.CLOCK))
    assert [hit.visit.number for hit in plan.hits] == [visit] * 3
    later = [at(clock) + timedelta(hours=1) for _, clock in clocks]
    assert [each.during.lower for each in await shop.live()] == later
    assert await shop.overlaps() == 0
    async with sessions() as session:
        expected = await load_coming(session, shop.specialists["Bob"], shop.clock.now())
    assert [(each.id, each.service, each.customer) for each in expected] == [(visit, "Nails", "Anna")]
    without = london.replace(b"services: [Cut, Nails]", b"services: [Cut]").replace(
        b"[Cut, Beard, Yoga", b"[Cut, Beard, Nails, Yoga"
    )
    plan = await _apply(shop, without, Choices(stranded=CancelVisits("We are sorry.")))
    assert [(hit.visit.number, hit.strands) for hit in plan.hits] == [(visit, True)]
    assert await shop.live() == []


async def _apply(shop: Shop, file: bytes, choices: Choices) -> ChangePlan:
    return await apply_document(shop.sessions, read_document(file, "salon.yaml"), shop.clock, choices)


async def test_a_visit_lasts_until_the_last_of_it_ends(sessions: Sessions) -> None:
    """Its customer has it, may be late for it, and is expected, though its first service is over."""
    async with on_stage(await open_shop(sessions, SALON)) as stage:
        await stage.meet(ALICE, BOB, BEN, OWNER)
        for each in (ALICE, BOB):
            await stage.type(ShowHome(), each)
        shop = stage.shop
        await book(stage, "10:00", "Cut", "Nails", "Beard", who="Bob")
        [visit, _, beard] = await shop.live()
        assert beard.during.upper == at("11:55")
        assert await stage.book("11:30", person=BEN, service="Nails", specialist="Bob")
        assert await stage.book("12:00", person=BEN)

        await stage.advance_to(at("09:50"))
        late = SayLateness(booking_id=visit.id, version=1, minutes=15)
        assert (await stage.tap(late)).toast == "Bob will know."
        assert [
            [line for line in stage.texts(each)[-1].splitlines() if "Next at" in line]
            for each in (BOB, ALICE)
        ] == [["⏭ Next at 11:30: Nails, Anna"], ["⏭ Next at 12:00: Cut, Anna"]]

        await stage.advance_to(at("11:54"))
        assert "You have 1 visit ahead" in await stage.type(ShowBookings())
        assert "Cut + Nails" not in str(stage.buttons((await stage.tap(ShowPast())).message))
        async with sessions() as session:
            assert [each.id for each in await expected_visits(session, ANNA, at("11:54"))] == [visit.id]
            assert await expected_visits(session, ANNA, at("11:55")) == []
        marked = await stage.tap(MarkArrived(booking_id=visit.id, version=1), ALICE)
        assert marked.toast == "Noted."
        await stage.advance_to(at("11:55"))
        assert "no visits ahead" in await stage.type(ShowBookings())
        assert "Cut + Nails + Beard" in str(stage.buttons((await stage.tap(ShowPast())).message))
        await stage.advance_to(at("11:55", 4))
        assert (await shop.booking(visit.id)).status == Status.DONE
        await stage.advance(timedelta(hours=1))
        assert "Cut + Nails + Beard, Bob, Alice" in stage.texts()[-1]
