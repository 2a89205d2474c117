"""Hours of a season, of other weeks and of weekdays of a month, said in the chat."""

from datetime import date

from shared.contracts.booking import ShowDay
from tests.doubles import ManualClock
from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import NOW
from worker.business.apply import apply_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions


async def test_other_weeks_a_weekday_of_the_month_and_a_season_are_said_by_taps(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.stage.book()
    asked = await keeper.open("Hours", "Alice", "Seasons and other weeks", "Add")
    assert "The dates on which the hours hold" in asked
    assert "every 3 weeks from 2026-11-30" in asked
    assert keeper.labels[1:6] == [
        "Every other week, counted from Nov 23, 2026",
        *("Nov 1 – Mar 31 every year", "Jun 1 – Aug 31 every year"),
        *("First Monday of the month", "First Saturday of the month"),
    ]
    assert "“in winter” does not fit here" in await keeper.say("in winter")
    await keeper.press("Every other week, counted from Nov 23")
    when, hours = keeper.labels[:2]
    assert when.startswith("When: every other week, counted from Nov 23")
    assert hours == "Hours: closed"
    await keeper.press("Hours")
    await keeper.say("mo-fr 14-20")
    await keeper.walk("« Back", "Add", "First Monday", "« Back", "Add")
    await keeper.say("1 Dec to 15 Jan; last sat")
    await keeper.press("« Back")
    assert [label[:32] for label in keeper.labels[:3]] == [
        "1: every other week, counted fro",
        "2: first Monday of the month, cl",
        "3: Dec 1 – Jan 15 every year; la",
    ]
    said = await keeper.press("Done")
    assert "weeks, 1: — → every other week, counted from Nov 23, 2026, Mo–Fr 14:00-20:00" in said
    assert "weeks, 3: — → Dec 1 – Jan 15 every year; last Saturday of the month, closed" in said
    assert "1 visit coming: with 'Alice' outside the new hours" in said
    assert "Wed, Nov 25, 10:00–10:45 Cut, Anna (Alice)" in said
    assert not (await document(shop)).specialists[0].periods
    assert "Done." in await keeper.press("Apply")
    alice = (await document(shop)).specialists[0]
    assert alice.opening.windows(date(2026, 11, 25)) == ((840, 1200),)
    assert alice.opening.windows(date(2026, 12, 7)) == ((840, 1200),)
    assert alice.opening.windows(date(2027, 4, 5)) == ()
    assert alice.opening.windows(date(2026, 12, 2)) == ((540, 1080),)
    assert "2: first Monday of the month, closed → —" in await keeper.press("Undo")
    assert not (await document(shop)).specialists[0].periods


async def test_what_is_tapped_of_periods_is_exported_and_applied_unchanged(
    keeper: Keeper, elsewhere: Sessions
) -> None:
    shop = keeper.stage.shop
    for way in (("Specialists", "Alice"), ("Services", "Cut")):
        await keeper.open(*way, "Seasons and other weeks", "Add", "Nov 1", "Hours", "Mo–Fr", "« Back", "Done")
        await keeper.press("Apply")
    await keeper.open("Specialists", "Alice", "Seasons and other weeks", "Add", "Last Friday", "↑ Up", "Done")
    await keeper.press("Apply")
    found = await document(shop)
    assert [each.when.monthly != () for each in found.specialists[0].periods] == [True, False]
    exported = read_document(write_document(found).encode(), "x.yaml")
    assert exported == found
    await apply_document(elsewhere, exported, ManualClock(NOW))
    async with elsewhere.begin() as session:
        assert write_document((await read_business(session)).document or found) == write_document(found)


async def test_visits_outside_of_a_services_season_are_named_before_it_holds(keeper: Keeper) -> None:
    await keeper.stage.book()
    await keeper.open("Services", "Cut", "Seasons and other weeks", "Add", "Nov 1", "« Back")
    said = await keeper.press("Done")
    assert "1 visit coming: for 'Cut' outside the hours in which it is offered" in said
    assert "Wed, Nov 25, 10:00–10:45 Cut, Anna (Alice)" in said
    await keeper.walk("Apply", "Undo")
    assert not (await document(keeper.stage.shop)).services[0].periods


async def test_a_customer_reads_that_a_day_is_closed_for_the_season(keeper: Keeper) -> None:
    stage = keeper.stage
    for name in ("Alice", "Bob"):
        await keeper.open("Specialists", name, "Seasons and other weeks", "Add")
        await keeper.say("12-01 to 01-10")
        await keeper.walk("« Back", "Done", "Apply")
    answer = await stage.tap(ShowDay(service_id=1, specialist_id=None, day=date(2026, 12, 9)))
    assert "Closed: Dec 1 – Jan 10 every year" in str(answer.toast)
