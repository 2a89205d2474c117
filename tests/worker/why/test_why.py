"""'Why is a time missing?': each rule in words, with what it is about, for those whose calendar it is."""

import pytest

from shared.buttons import unpack
from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.chat import Say
from shared.contracts.staff import ShowStaffCard
from shared.contracts.why import AskWhyTime, ShowWhyDays, ShowWhyServices, ShowWhySpecialists
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import Stage

WEDNESDAY = at("10:00").date()


@pytest.fixture
async def staffed(stage: Stage) -> Stage:
    await stage.meet(OWNER, ALICE, BOB)
    return stage


def button(stage: Stage, label: str, person: int = OWNER) -> Command:
    """Return the command of the one button of the newest message whose text holds a label."""
    shown = stage.buttons(stage.messages(person)[-1]["message_id"], person)
    [data] = [data for text, data in shown.items() if label in text]
    assert data is not None
    return unpack(data)


async def why(
    stage: Stage, clock: str, service: str = "Cut", specialist: str | None = "Alice", days: int = 3,
    person: int = OWNER,
) -> str:  # fmt: skip
    """Ask about a time of a day; return the answer."""
    shop = stage.shop
    doer = None if specialist is None else shop.specialists[specialist]
    day = at("10:00", days).date()
    await stage.type(AskWhyTime(service_id=shop.services[service], specialist_id=doer, day=day), person)
    return await stage.type(Say(text=clock), person)


async def test_the_way_leads_from_admin_over_taps_to_the_visit_that_is_there(staffed: Stage) -> None:
    visit = await staffed.book("10:00")
    await staffed.type(ShowAdmin(), OWNER)
    assert button(staffed, "Why is a time missing?") == ShowWhyServices()
    await staffed.type(ShowWhyServices(), OWNER)
    chosen = button(staffed, "Cut")
    assert chosen == ShowWhySpecialists(service_id=staffed.shop.services["Cut"])
    await staffed.type(chosen, OWNER)
    assert button(staffed, "Anyone") == ShowWhyDays(service_id=staffed.shop.services["Cut"])
    await staffed.type(button(staffed, "Alice"), OWNER)
    assert "Which time is missing?" in await staffed.type(button(staffed, "25"), OWNER)
    assert await staffed.type(Say(text="10.15"), OWNER) == (
        f"Cut, Wed, Nov 25, 10:15\n\nAlice: there is a visit already:\n• 10:00–10:45 Cut, Anna (№ {visit})"
    )
    assert button(staffed, "10:00 · Cut · Anna") == ShowStaffCard(booking_id=visit)
    assert isinstance(button(staffed, "Another time"), AskWhyTime)


@pytest.mark.parametrize(
    ("clock", "days", "said"),
    [
        ("9:00", 3, "this time can be booked"),
        ("08:00", 3, "works 09:00–18:00 on this day of the week; a visit of 45 min has to fit into that"),
        ("17:30", 3, "works 09:00–18:00 on this day of the week; a visit of 45 min has to fit into that"),
        ("12:02", 3, "visits begin every 5 min; the nearest starts are 12:00 and 12:05"),
        ("09:00", -1, "that time has passed"),
        ("10:00", 61, "is booked at most 60 d ahead: now until Thu, Jan 21, 2027"),
    ],
)
async def test_each_rule_says_what_it_is_about(staffed: Stage, clock: str, days: int, said: str) -> None:
    assert await why(staffed, clock, days=days) == (
        f"Cut, {answer_day(days)}, {clock.rjust(5, '0')}\n\nAlice: {said}"
    )


def answer_day(days: int) -> str:
    return {3: "Wed, Nov 25", -1: "Sat, Nov 21", 61: "Fri, Jan 22, 2027"}[days]


async def test_a_buffer_names_the_visit_and_the_time_that_is_kept_around_it(staffed: Stage) -> None:
    visit = await staffed.book("10:00")
    said = await why(staffed, "10:45")
    assert "this service keeps 0 min free before and 10 min after it:" in said
    assert f"• 10:00–10:45 Cut, Anna (№ {visit}), with its buffers 10:00–10:55" in said


async def test_a_full_group_names_who_has_the_seats(staffed: Stage) -> None:
    guests = await staffed.shop.crowd(4)
    for guest in guests:
        await staffed.shop.book(staffed.shop.wish("Yoga", "Alice", "10:00"), guest)
    said = await why(staffed, "10:00", "Yoga")
    assert "Alice: all 4 seats are taken:" in said
    assert said.count("10:00–11:00 Yoga, Guest") == len(guests)


async def test_anyone_is_answered_for_each_specialist(staffed: Stage) -> None:
    await staffed.book("10:00", specialist="Bob")
    said = await why(staffed, "10:00", specialist=None)
    assert "Alice: this time can be booked\nBob: there is a visit already:" in said


@pytest.mark.parametrize(
    ("clock", "days", "ways"),
    [
        ("9:00", 3, []),
        ("08:00", 3, ["Alice: Wed, Nov 25", "Alice: Hours"]),
        ("12:02", 3, ["Cut: Between two starts"]),
        ("09:00", -1, []),
        ("10:00", 61, ["Cut: Booked no earlier than"]),
    ],
)
async def test_who_runs_the_shop_finds_the_way_to_the_rule(
    staffed: Stage, clock: str, days: int, ways: list[str]
) -> None:
    await why(staffed, clock, days=days)
    shown = list(staffed.buttons(staffed.messages(OWNER)[-1]["message_id"], OWNER))
    assert shown == [*ways, "Another time", "Another day", "« Back", "Menu"]


async def test_the_way_to_the_rule_leads_to_its_question(staffed: Stage) -> None:
    await why(staffed, "08:00")
    assert "Alice: Hours" in await staffed.type(button(staffed, "Alice: Hours"), OWNER)
    await why(staffed, "08:00")
    assert "Time off: Alice\nWed, Nov 25: 09:00–18:00" in await staffed.type(button(staffed, "Wed"), OWNER)
    await why(staffed, "12:02")
    assert "Cut: Between two starts" in await staffed.type(button(staffed, "Between"), OWNER)


async def test_a_rule_of_several_specialists_is_one_button(staffed: Stage) -> None:
    await why(staffed, "10:00", specialist=None, days=61)
    shown = list(staffed.buttons(staffed.messages(OWNER)[-1]["message_id"], OWNER))
    assert shown[0] == "Cut: Booked no earlier than"
    assert shown[1] == "Another time"


async def test_a_specialist_finds_the_way_to_the_date_and_to_nothing_else(staffed: Stage) -> None:
    await why(staffed, "08:00", person=ALICE)
    shown = list(staffed.buttons(staffed.messages(ALICE)[-1]["message_id"], ALICE))
    assert shown == ["Alice: Wed, Nov 25", "Another time", "Another day", "« Back", "Menu"]


async def test_what_is_no_time_is_asked_again(staffed: Stage) -> None:
    assert await why(staffed, "at noon") == "That is no time of day. Please write it as 15:00."
    assert "this time can be booked" in await staffed.type(Say(text="12"), OWNER)


async def test_a_specialist_is_told_of_their_own_calendar_alone(staffed: Stage) -> None:
    await staffed.shop.book(staffed.shop.wish("Cut", "Bob", "10:00"), BEN)
    said = await why(staffed, "10:00", specialist="Bob", person=ALICE)
    assert "Alice: this time can be booked" in said
    assert "Ben" not in said
    await staffed.type(ShowWhyServices(), BOB)
    assert button(staffed, "Cut", BOB) == ShowWhyDays(
        service_id=staffed.shop.services["Cut"], specialist_id=staffed.shop.specialists["Bob"]
    )


async def test_customers_are_refused(staffed: Stage) -> None:
    asked = AskWhyTime(service_id=staffed.shop.services["Cut"], day=WEDNESDAY)
    assert await staffed.type(asked, ANNA) == "This is for the people who work here."
