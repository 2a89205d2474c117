"""Staff book outside of the rules by name, and never against what the database holds together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.buttons import pack, unpack
from shared.contracts.booking import BookedFor, ShowSoonest
from shared.contracts.chat import Say
from shared.contracts.overriding import AskOtherTime, BookAgainstRules
from shared.contracts.staff import ShowAgenda, ShowStaffCard, ShowVisitHistory
from shared.i18n.translator import load_translators
from tests.worker.adding.test_adding import press, salon, say, without_telegram
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import Answer, Stage
from worker.overriding.rules import Override, packed, unpacked
from worker.scheduling.overriding import YIELDING
from worker.scheduling.refusals import rule_name
from worker.scheduling.rules import Reason

__all__ = ["salon"]


def against(
    stage: Stage, customer: int, clock: str, days: int = 3, rules: int = 0, who: str = "Alice"
) -> BookAgainstRules:
    wish = stage.shop.wish("Cut", who, clock, days)
    return BookAgainstRules(
        service_id=wish.service_id,
        specialist_id=wish.specialist_id or 0,
        start=wish.start,
        customer=BookedFor(person_id=customer),
        rules=rules,
    )


async def other_time(stage: Stage, customer: int, words: str, person: int = ALICE) -> Answer:
    """Go from the soonest times to 'Other time', and say which."""
    asked = against(stage, customer, "10:00")
    soonest = ShowSoonest(
        service_id=asked.service_id, specialist_id=asked.specialist_id, customer=asked.customer
    )
    await press(stage, await stage.tap(soonest, person), "Other time", person)
    return await say(stage, words, person)


@given(st.sets(st.sampled_from(sorted(YIELDING))))
def test_a_button_carries_the_rules_that_were_shown(reasons: set[Reason]) -> None:
    assert unpacked(packed(reasons)) == reasons


@pytest.mark.parametrize("reason", sorted(YIELDING))
def test_each_rule_that_staff_override_has_a_name_in_the_history(reason: Reason) -> None:
    russian = load_translators().choose("ru")
    assert rule_name(russian, reason) != reason, f"say in rule_name what people call {reason}"


@pytest.mark.parametrize("reason", sorted(YIELDING))
def test_each_rule_that_staff_override_has_a_place_in_a_button(reason: Reason) -> None:
    assert reason.name in Override.__members__, f"{reason} has no place in Override"


def test_the_button_fits_with_the_largest_ids() -> None:
    command = BookAgainstRules(
        service_id=99999, specialist_id=99999, start=at("10:00"), customer=BookedFor(person_id=2**52 - 1),
        location_id=99999, rules=packed(YIELDING), terms=36**6 - 1,
    )  # fmt: skip
    assert unpack(pack(command)) == command


async def test_outside_of_the_hours_is_told_booked_by_name_and_noted(salon: Stage) -> None:
    maria = await without_telegram(salon)
    page = await other_time(salon, maria, "25.11. 19:12")
    assert page.text.startswith("👤 For Maria")
    assert "That is outside of the rules:" in page.text
    assert "• works 09:00-" in page.text.replace("–", "-")
    assert "• visits begin every" in page.text
    done = await press(salon, page, "Book anyway", ALICE)
    assert "Booked!" in str(done.toast)
    visit = await salon.newest()
    assert (visit.customer_id, visit.outside) == (maria, True)
    history = await salon.tap(ShowVisitHistory(booking_id=visit.id), ALICE)
    assert "booked it outside of the rules: working hours, steps between starts" in history.text
    assert "⚠️" not in (await salon.tap(ShowAgenda(), ALICE)).text
    assert "Nobody" not in (await salon.tap(ShowStaffCard(booking_id=visit.id), ALICE)).text


async def test_a_time_within_the_rules_gets_the_usual_summary(salon: Stage) -> None:
    maria = await without_telegram(salon)
    page = await other_time(salon, maria, "25.11. 11:00")
    assert "Is this right?" in page.text
    assert "Booked!" in str((await press(salon, page, "Confirm", ALICE)).toast)
    assert not (await salon.newest()).outside


async def test_soon_can_be_overridden_and_the_past_cannot(salon: Stage) -> None:
    maria = await without_telegram(salon)
    now = salon.shop.clock.now()
    soon = now.replace(second=0, microsecond=0) + timedelta(minutes=45)
    command = against(salon, maria, "10:00").model_copy(update={"start": soon, "rules": 31})
    assert "Booked!" in str((await salon.tap(command, ALICE)).toast)
    past = command.model_copy(update={"start": now - timedelta(minutes=50)})
    refused = await salon.tap(past, ALICE)
    assert "that time has passed" in refused.text
    assert len(await salon.shop.live()) == 1


async def test_nobody_elses_visit_can_be_overridden(salon: Stage) -> None:
    maria = await without_telegram(salon)
    await salon.book("10:00")
    page = await other_time(salon, maria, "25.11. 10:15")
    assert "That cannot be booked:" in page.text
    assert "• there is a visit already" in page.text
    assert "Book anyway" not in salon.buttons(page.message, ALICE)
    forged = await salon.tap(against(salon, maria, "10:15", rules=2**40 - 1), ALICE)
    assert forged.alert
    assert len(await salon.shop.live()) == 1


async def test_a_buffer_is_as_long_as_others_leave_room_for(salon: Stage) -> None:
    maria = await without_telegram(salon)
    await salon.book("10:00")  # busy until 10:55
    command = against(salon, maria, "10:55", rules=packed({Reason.GRID, Reason.BUFFER}))
    done = await salon.tap(command, ALICE)
    assert "Booked!" in str(done.toast)
    inside = against(salon, maria, "10:45", rules=63)
    assert (await salon.tap(inside, ALICE)).alert
    assert len(await salon.shop.live()) == 2


async def test_only_what_was_shown_is_overridden_and_only_by_who_may(salon: Stage) -> None:
    maria = await without_telegram(salon)
    hours = packed({Reason.CLOSED})
    not_shown = await salon.tap(against(salon, maria, "19:12", rules=hours), ALICE)
    assert (not_shown.toast, not_shown.alert) == ("That is not as it was shown any more.", True)
    assert "outside of the rules" in not_shown.text
    late = against(salon, maria, "19:15", rules=63)
    assert "for the people who work here" in (await salon.tap(late, BEN)).text
    assert (await salon.tap(late, BOB)).toast == "You can add visits to your own calendar only."
    gone = late.model_copy(update={"customer": BookedFor(person_id=-999)})
    assert (await salon.tap(gone, ALICE)).alert
    assert await salon.shop.live() == []
    assert "Booked!" in str((await salon.tap(late, OWNER)).toast)


async def test_what_is_no_time_gets_a_sentence(salon: Stage) -> None:
    await salon.book("10:00")
    for words in ("soon", "31.02. 10:00", "25.11.", "x" * 60, "29.03.2027 02:30 02:30"):
        assert "That is no day and time that I can read." in (await other_time(salon, ANNA, words)).text
    assert "too long" in (await salon.type(Say(text="y" * 61), ALICE))
    anyone = AskOtherTime(
        service_id=2**40, specialist_id=salon.shop.specialists["Alice"], customer=BookedFor(person_id=ANNA)
    )
    await salon.tap(anyone, ALICE)
    assert "This is not offered any more." in (await say(salon, "25.11. 19:00", ALICE)).text
    assert len(await salon.shop.live()) == 1
