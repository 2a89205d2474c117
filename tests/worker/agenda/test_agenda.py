"""The agenda and the admin's page: who sees what, decided by the database alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from shared.contracts.admin import ShowAdmin
from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.staff import MarkArrived, MarkNoShow, ShowAgenda, UndoMark
from tests.worker.shop import ALICE, ANNA, BEN, BOB, OWNER, at
from tests.worker.stage import BOSS, Stage
from worker.db.models.booking import Booking, Mark

TODAY = ShowAgenda(days=1, first=date(2026, 11, 25))
WEEK = ShowAgenda(days=7, first=date(2026, 11, 23))


@pytest.fixture
async def busy(stage: Stage) -> Stage:
    """A Wednesday with one visit of each specialist's."""
    await stage.meet(ALICE, BOB, OWNER, BOSS)
    for specialist in (ALICE, BOB):
        await stage.type(ShowHome(), specialist)
    await stage.book("10:00", specialist="Alice")
    await stage.book("12:00", specialist="Bob")
    return stage


@pytest.mark.parametrize("agenda", [TODAY, WEEK])
async def test_customers_see_no_agenda(busy: Stage, agenda: ShowAgenda) -> None:
    shown = await busy.type(agenda, ANNA)
    assert shown == "This is for the people who work here."


async def test_a_specialist_sees_their_own_visits_alone(busy: Stage) -> None:
    shown = await busy.type(TODAY, ALICE)
    assert "10:00–10:45 Cut, Anna" in shown
    assert "12:00" not in shown


@pytest.mark.parametrize("person", [OWNER, BOSS])
async def test_admins_see_everyones(busy: Stage, person: int) -> None:
    for agenda in (TODAY, WEEK):
        shown = await busy.type(agenda, person)
        assert "10:00–10:45 Cut, Anna (Alice)" in shown
        assert "12:00–12:45 Cut, Anna (Bob)" in shown


async def test_a_week_says_which_and_names_its_empty_days_briefly(busy: Stage) -> None:
    shown = await busy.type(WEEK, OWNER)
    assert shown.startswith(
        "Nov 23\u2009–\u200929\n\nMon, Nov 23: no visits\nTue, Nov 24: no visits\nWednesday"
    )
    assert "Thu, Nov 26: no visits" in shown
    message = busy.messages(OWNER)[-1]["message_id"]
    assert "Nov 23\u2009–\u200929" in busy.buttons(message, OWNER)


async def test_a_days_heading_begins_with_a_capital_in_russian_too(busy: Stage) -> None:
    busy.languages[OWNER] = "ru"
    shown = await busy.type(WEEK, OWNER)
    assert "\nПн, 23 нояб.: визитов нет" in shown
    assert "\nСреда, 25 ноября" in shown


async def test_today_is_the_businesss_today(busy: Stage) -> None:
    busy.shop.clock.advance(timedelta(days=2, hours=15, minutes=30))  # 23:30 UTC is Wednesday in Berlin
    assert "10:00" in await busy.type(ShowAgenda(), ALICE)


async def test_what_is_off_is_not_on_the_agenda(busy: Stage) -> None:
    for visit in await busy.shop.live():
        await busy.tap(Cancel(booking_id=visit.id, version=1))
    assert "Cut" not in await busy.type(TODAY, OWNER)


@pytest.mark.parametrize("person", [ANNA, ALICE, BOB])
async def test_the_admins_page_is_the_admins(busy: Stage, person: int) -> None:
    assert await busy.type(ShowAdmin(), person) == "This is for administrators."


async def test_the_admins_page_counts(busy: Stage) -> None:
    shown = await busy.type(ShowAdmin(), OWNER)
    assert "Visits ahead: 2" in shown
    assert "Failed commands: 0" in shown


async def test_a_long_day_is_read_page_by_page(stage: Stage) -> None:
    await stage.meet(OWNER)
    for hour in range(9, 17):
        await stage.shop.book(stage.shop.wish("Steam", "Alice", f"{hour}:30"))
        await stage.shop.book(stage.shop.wish("Cut", "Bob", f"{hour}:00"), BEN)
    shown: list[str] = []
    for page in (0, 1):
        answer = await stage.tap(TODAY.model_copy(update={"page": page}), OWNER)
        labels = stage.buttons(answer.message, OWNER)
        assert f"{page + 1} / 2" in labels
        shown += [label for label in labels if " · " in label]
    assert len(shown) == len(set(shown)) == 16


async def test_signs_say_what_is_special_about_a_visit_and_what_they_mean(stage: Stage) -> None:
    await stage.meet(ALICE, BEN)
    first = await stage.book("10:00")
    again = await stage.book("11:00")
    await stage.book("12:00", person=BEN)
    stage.shop.clock.advance(at("10:10") - stage.shop.clock.now())
    await stage.tap(MarkArrived(booking_id=first, version=1), ALICE)
    day = await stage.tap(TODAY, ALICE)
    labels = [label for label in stage.buttons(day.message, ALICE) if " · " in label]
    assert labels == ["🛋 🌱 10:00 · Cut · Anna", "11:00 · Cut · Anna", "🌱 12:00 · Cut · Anna"]
    assert day.text.endswith("🛋 arrived\n🌱 first visit")
    await stage.tap(UndoMark(booking_id=first, version=1, mark=Mark.ARRIVED), ALICE)
    await stage.tap(MarkNoShow(booking_id=first, version=1), ALICE)
    day = await stage.tap(TODAY, ALICE)
    labels = [label for label in stage.buttons(day.message, ALICE) if " · " in label]
    assert labels == ["🚷 🌱 10:00 · Cut · Anna", "🌱 11:00 · Cut · Anna", "🌱 12:00 · Cut · Anna"]
    assert again


async def test_a_visit_for_which_nobody_is_there_is_marked(stage: Stage) -> None:
    await stage.meet(OWNER)
    visit = await stage.shop.book(stage.shop.wish("Cut", "Bob", "10:00"))
    async with stage.shop.sessions.begin() as session:
        row = await session.get_one(Booking, (stage.shop.business_id, visit))
        row.during, row.busy = (Range(at("07:00"), at("07:45")), Range(at("07:00"), at("07:55")))
    day = await stage.tap(TODAY, OWNER)
    assert "⚠️ 🌱 07:00 · Cut · Anna" in stage.buttons(day.message, OWNER)
    assert "⚠️ nobody is there then" in day.text
