"""Visits that are over become done, and nothing else about them changes."""

from datetime import timedelta

import pytest

from shared.contracts.staff import ShowAgenda
from shared.contracts.visits import ShowBooking
from tests.worker.shop import ALICE, BEN, Shop, at
from tests.worker.stage import Stage
from worker.retention import finishing
from worker.retention.finishing import finish
from worker.retention.keeper import Keeper


async def status(shop: Shop, booking: int) -> tuple[str, int]:
    found = await shop.booking(booking)
    return found.status, found.version


async def test_a_visit_is_done_a_day_after_its_end(shop: Shop) -> None:
    over = await shop.book(shop.wish("Cut", "Alice", "10:00"))
    later = await shop.book(shop.wish("Cut", "Alice", "12:00"), BEN)
    off = await shop.book(shop.wish("Cut", "Bob", "10:00"))
    await shop.set_status(off, "cancelled")
    end = at("10:45")
    assert await finish(shop.sessions, end + timedelta(days=1)) == 0
    assert await finish(shop.sessions, end + timedelta(days=1, seconds=1)) == 1
    assert await status(shop, over) == ("done", 1)
    assert await status(shop, later) == ("confirmed", 1)
    assert await status(shop, off) == ("cancelled", 1)


async def test_the_keeper_finishes_bite_by_bite(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "BITE", 1)
    monkeypatch.setattr("worker.retention.forgetting.BITE", 1)
    visits = [await shop.book(shop.wish("Cut", "Alice", clock)) for clock in ("10:00", "12:00", "14:00")]
    shop.clock.advance(timedelta(days=5))
    await Keeper(shop.sessions, shop.clock, 0).run_once()
    assert [await status(shop, visit) for visit in visits] == [("done", 1)] * 3


async def test_what_is_done_is_over_on_its_card_and_stays_on_the_agenda(stage: Stage) -> None:
    await stage.meet(ALICE)
    booking = await stage.book("10:00")
    stage.shop.clock.advance(timedelta(days=5))
    await finish(stage.shop.sessions, stage.shop.clock.now())
    card = await stage.tap(ShowBooking(booking_id=booking))
    assert "This visit is over" in card.text
    assert set(stage.buttons(card.message)) == {"Book again", "My bookings", "Menu"}
    agenda = await stage.type(ShowAgenda(first=at("10:00").date()), ALICE)
    assert "10:00–10:45 Cut, Anna" in agenda
