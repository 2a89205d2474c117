"""Until when customers move and cancel a visit, each by its own deadline, and whom they call then."""

from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from shared.contracts.booking import Moving, ShowSummary, StartMove
from shared.contracts.cancelling import AskCancel
from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import load_translators
from tests.worker.shop import NOW, at
from tests.worker.stage import Stage
from worker.business.reader import read_document
from worker.db.models.catalogue import Business, Service
from worker.ui.deadlines import Deadlines, deadline_lines, too_late_lines

HOUR = timedelta(hours=1)
PHONE = "+49 30 1234567"
BERLIN = ZoneInfo("Europe/Berlin")
ENGLISH = load_translators().choose("en")


async def separate(stage: Stage, move_until: timedelta | None, contact: str = PHONE) -> None:
    """Give every service a deadline of its own for moving, beside the 24 hours of cancelling."""
    minutes = None if move_until is None else int(move_until.total_seconds()) // 60
    async with stage.shop.sessions.begin() as session:
        here = stage.shop.business_id
        await session.execute(update(Service).where(Service.business_id == here).values(move_until=minutes))
        await session.execute(update(Business).where(Business.id == here).values(contact=contact))


@pytest.fixture
async def stage(stage: Stage) -> AsyncIterator[Stage]:
    """Return the shop that all tests share; it has its own deadlines again when the test is over."""
    yield stage
    await separate(stage, None, contact="")


@pytest.mark.parametrize(
    ("before", "shown", "words"),
    [
        (25 * HOUR, {"Move", "Cancel"}, None),
        (24 * HOUR, {"Move"}, f"It is too late to cancel this visit here. Please contact us: {PHONE}"),
        (12 * HOUR, set(), f"It is too late to move or cancel this visit here. Please contact us: {PHONE}"),
        (timedelta(), set(), None),
    ],
)
async def test_the_card_offers_what_may_be_done_and_says_whom_to_call(
    stage: Stage, before: timedelta, shown: set[str], words: str | None
) -> None:
    await separate(stage, 12 * HOUR)
    booking = await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - before - stage.shop.clock.now())
    answer = await stage.tap(ShowBooking(booking_id=booking))
    assert {"Move", "Cancel"} & set(stage.buttons(answer.message)) == shown
    assert ("☎️" in answer.text) == (words is not None)
    assert words is None or words in answer.text


async def test_each_button_of_an_old_card_keeps_its_own_deadline(stage: Stage) -> None:
    await separate(stage, 12 * HOUR)
    booking = await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - 24 * HOUR - stage.shop.clock.now())
    cancelling = await stage.tap(AskCancel(booking_id=booking, version=1))
    assert cancelling.alert
    assert cancelling.toast == (
        "It is too late to cancel this visit here: that was possible until Tue, Nov 24, 10:00. "
        f"Please contact us: {PHONE}"
    )
    moving = StartMove(moving=Moving(booking_id=booking, version=1))
    assert not (await stage.tap(moving)).alert
    stage.shop.clock.advance(12 * HOUR)
    assert (await stage.tap(moving)).toast == (
        "It is too late to move this visit here: that was possible until Tue, Nov 24, 22:00. "
        f"Please contact us: {PHONE}"
    )


async def test_moving_has_the_deadline_of_cancelling_where_it_has_none_of_its_own(stage: Stage) -> None:
    await separate(stage, None, contact="")
    booking = await stage.book("10:00")
    stage.shop.clock.advance(at("10:00") - 24 * HOUR - stage.shop.clock.now())
    answer = await stage.tap(StartMove(moving=Moving(booking_id=booking, version=1)))
    assert str(answer.toast).endswith("until Tue, Nov 24, 10:00. Please contact us.")
    assert "It is too late to move or cancel this visit here. Please contact us." in answer.text


async def test_the_summary_says_both_deadlines(stage: Stage) -> None:
    await separate(stage, 12 * HOUR)
    answer = await stage.tap(ShowSummary(service_id=stage.shop.services["Cut"], start=at("10:00")))
    assert "Can be moved until Tue, Nov 24, 22:00\n" in answer.text
    assert "Can be cancelled until Tue, Nov 24, 10:00" in answer.text


@pytest.mark.parametrize(
    ("move", "cancel", "said"),
    [
        (0, 0, []),
        (1, 1, ["Can be moved or cancelled until"]),
        (0, 1, ["Can be cancelled until"]),
        (1, 0, ["Can be moved until"]),
        (1, 9, ["Can be moved until", "no longer be cancelled here"]),
        (9, 1, ["no longer be moved here", "Can be cancelled until"]),
        (8, 9, ["no longer be moved or cancelled here"]),
    ],
)
def test_what_the_summary_says_eight_hours_ahead(move: int, cancel: int, said: list[str]) -> None:
    deadlines = Deadlines.before(NOW + 8 * HOUR, move * HOUR, cancel * HOUR)
    lines = deadline_lines(ENGLISH, deadlines, NOW, BERLIN)
    assert len(lines) == len(said)
    assert all(piece in line for piece, line in zip(said, lines, strict=True))


def test_a_deadline_that_is_not_there_yet_names_nobody_to_call() -> None:
    assert too_late_lines(ENGLISH, Deadlines.before(NOW + HOUR, HOUR / 2, HOUR / 2), NOW, PHONE) == []
    [line] = too_late_lines(ENGLISH, Deadlines.before(NOW + HOUR, HOUR, HOUR / 2), NOW, "a <b>")
    assert line == "☎️ It is too late to move this visit here. Please contact us: a &lt;b&gt;"


def test_the_file_says_until_when_and_whom_to_call() -> None:
    file = f"""
business: {{name: B, timezone: UTC, currency: EUR, contact: "{PHONE}"}}
services: [{{name: Cut, duration: 45m, cancel_until: 24h, move_until: 12h}}, {{name: Wash, duration: 15m}}]
"""
    document = read_document(file.encode(), "b.yaml")
    assert document.business.contact == PHONE
    assert [(each.move_until, each.movable_until) for each in document.services] == [(720, 720), (None, 1440)]
