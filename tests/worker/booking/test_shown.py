"""What the summary showed is what is booked; what changed since is said, and asked again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import Book, Move, Moving, ShowSummary
from tests.worker.shop import at, open_shop
from tests.worker.stage import Answer, Stage, on_stage
from worker.db.engine import Sessions
from worker.db.models.base import Base
from worker.db.models.catalogue import Business, Location, Service
from worker.price import Price
from worker.summary.rules import ShownTerms, TermsPart, changed_terms


@pytest_asyncio.fixture
async def stage(sessions: Sessions) -> AsyncIterator[Stage]:
    """A shop in a database of its own: what it offers changes."""
    async with on_stage(await open_shop(sessions)) as found:
        yield found


def summary_of(stage: Stage, moving: Moving | None = None, clock: str = "10:00") -> ShowSummary:
    wish = stage.shop.wish("Cut", "Alice", clock)
    return ShowSummary(
        service_id=wish.service_id, specialist_id=wish.specialist_id, start=wish.start, moving=moving
    )


def confirm_of(stage: Stage, answer: Answer) -> Command:
    """Return what the summary's own 'Confirm' says."""
    packed = stage.buttons(answer.message)["Confirm"]
    assert packed is not None
    return unpack(packed)


async def change(stage: Stage, table: type[Base], **values: object) -> None:
    """Change every row there is, as applying a file does: the shop is alone in its database."""
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(table).values(**values).execution_options(synchronize_session=False))


CHANGES = [
    (Service, {"price": Range(Decimal(40), Decimal(40), bounds="[]")}, "The price has changed", "€40"),
    (Service, {"duration": 60}, "How long it takes has changed", "10:00–11:00"),
    (Service, {"cancel_until": 60}, "how it can be cancelled has changed", ""),
    (Location, {"address": "2 Side St"}, "Where it is", "2 Side St"),
    (Business, {"timezone": "Europe/Lisbon"}, "Where it is", "09:00"),
]


@pytest.mark.parametrize(("table", "values", "said", "shown"), CHANGES, ids=lambda each: str(each)[:30])
async def test_what_changed_between_summary_and_confirm_is_said_and_asked_again(
    stage: Stage, table: type[Base], values: dict[str, object], said: str, shown: str
) -> None:
    confirm = confirm_of(stage, await stage.tap(summary_of(stage)))
    await change(stage, table, **values)
    again = await stage.tap(confirm)
    assert said in str(again.toast)
    assert "Is this right?" in again.text
    assert shown in again.text
    assert await stage.shop.visits() == []
    card = await stage.tap(confirm_of(stage, again))
    assert "Booked" in card.text
    assert shown in card.text
    assert len(await stage.shop.visits()) == 1


async def test_what_did_not_change_is_booked_at_once(stage: Stage) -> None:
    confirm = confirm_of(stage, await stage.tap(summary_of(stage)))
    assert isinstance(confirm, Book)
    assert confirm.terms
    await change(stage, Service, step=30)
    assert "Booked" in (await stage.tap(confirm)).text


async def test_a_button_of_a_release_that_did_not_say_books(stage: Stage) -> None:
    confirm = confirm_of(stage, await stage.tap(summary_of(stage)))
    await change(stage, Service, duration=60)
    assert "Booked" in (await stage.tap(confirm.model_copy(update={"terms": 0}))).text


async def test_a_move_is_asked_again_when_the_service_takes_longer_now_and_keeps_its_price(
    stage: Stage,
) -> None:
    booking = await stage.book("10:00")
    asked = summary_of(stage, Moving(booking_id=booking, version=1), "14:00")
    confirm = confirm_of(stage, await stage.tap(asked))
    assert isinstance(confirm, Move)
    await change(stage, Service, price=Range(Decimal(99), Decimal(99), bounds="[]"))
    await change(stage, Service, duration=60)
    again = await stage.tap(confirm)
    assert "How long it takes has changed" in str(again.toast)
    assert "price has changed" not in str(again.toast)
    [visit] = await stage.shop.visits()
    assert visit.during.lower == at("10:00")
    assert "14:00–15:00" in (await stage.tap(confirm_of(stage, again))).text


PRICES = st.none() | st.builds(
    lambda low, more: Price(low, None if more is None else low + more),
    st.decimals(0, 9999, places=3),
    st.none() | st.decimals(0, 99, places=3),
)
TERMS = st.builds(
    ShownTerms,
    PRICES,
    st.sampled_from(["EUR", "BHD"]),
    st.timedeltas(timedelta(minutes=1), timedelta(days=14)),
    st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]),
    st.none() | st.tuples(st.text(max_size=5), st.text(max_size=5)),
    st.timedeltas(timedelta(), timedelta(days=366)),
)


@given(TERMS)
def test_terms_are_not_different_from_themselves_however_a_price_is_written(terms: ShownTerms) -> None:
    price = terms.price
    longer = price and Price(
        price.lowest + Decimal("0.0000"), price.highest and price.highest + Decimal("0.0000")
    )
    same = ShownTerms(longer, terms.currency, terms.length, terms.zone, terms.place, terms.cancel_until)
    assert changed_terms(terms.mark, same) == []
    assert 0 <= terms.mark < 36**6


@given(TERMS, TERMS)
def test_only_what_differs_is_told(one: ShownTerms, other: ShownTerms) -> None:
    told = changed_terms(one.mark, other)
    if one.length == other.length:
        assert TermsPart.LENGTH not in told
    if (one.zone, one.place, one.cancel_until) == (other.zone, other.place, other.cancel_until):
        assert TermsPart.RULES not in told
