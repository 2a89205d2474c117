"""Money that Telegram was allowed to take, and of which no word ever came: owners are asked to look."""

from datetime import timedelta

from shared.contracts.own_visits import ShowBookings
from shared.contracts.payments import LetGo
from tests.worker.payments.paying import begin, pay
from tests.worker.payments.test_deposits import A_SECOND, LAPSED, held, payment
from tests.worker.shop import ANNA, OWNER
from tests.worker.stage import Stage
from worker.db.models.booking import Status
from worker.payments.rules import IN_FLIGHT

MAY_HAVE = "❓ Anna may have paid €10."


async def meet_owner(stage: Stage) -> None:
    await stage.meet(OWNER)
    await stage.type(ShowBookings(), OWNER)


def doubts(stage: Stage) -> list[str]:
    return [text for text in stage.texts(OWNER) if text.startswith(MAY_HAVE)]


async def test_of_money_whose_word_never_came_owners_and_payer_read_once_the_time_is_free(
    paying: Stage,
) -> None:
    await meet_owner(paying)
    message, invoice = await held(paying)
    _, lost = await pay(paying, invoice)
    assert lost is not None
    for _ in range(2):
        await paying.advance(timedelta(minutes=16))
    assert await paying.shop.live() == []
    [told] = doubts(paying)
    assert "Look at your payment provider" in told
    shown = paying.text(ANNA, message)
    assert "Should your card be charged all the same, tell the business" in shown
    assert "nothing was charged" not in shown.lower()


async def test_of_what_was_never_allowed_nobody_asks(paying: Stage) -> None:
    await meet_owner(paying)
    message, invoice = await held(paying)
    begin(paying, invoice)
    for _ in range(2):
        await paying.advance(timedelta(minutes=16))
    assert paying.text(ANNA, message) == LAPSED
    assert doubts(paying) == []


async def test_whoever_lets_the_time_go_after_paying_is_booked_once_the_word_comes_and_nobody_asks(
    paying: Stage,
) -> None:
    await meet_owner(paying)
    message, invoice = await held(paying)
    _, told = await pay(paying, invoice)
    assert told is not None
    gone = await paying.tap(LetGo(payment_id=(await payment(paying)).id), message=message)
    assert "Should your card be charged all the same, tell the business" in gone.text
    await paying.run(told)
    assert (await paying.newest()).status == Status.CONFIRMED
    await paying.advance(IN_FLIGHT + A_SECOND)
    assert doubts(paying) == []


async def test_whoever_let_the_time_go_after_paying_is_asked_about_while_the_word_is_missing(
    paying: Stage,
) -> None:
    await meet_owner(paying)
    message, invoice = await held(paying)
    await pay(paying, invoice)
    await paying.tap(LetGo(payment_id=(await payment(paying)).id), message=message)
    assert doubts(paying) == []
    await paying.advance(IN_FLIGHT + A_SECOND)
    assert len(doubts(paying)) == 1
