"""Customers whose visits a restore has lost are told, once; and so is whoever taps on a card of one."""

import io
from collections.abc import Collection

import pytest
from sqlalchemy import text

from shared.contracts.booking import ShowServices
from shared.contracts.cancelling import AskCancel
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import AskCallOff
from tests.kit.promises import Message, a_visit
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, NOW, OWNER, Shop, at
from tests.worker.stage import BOSS, Stage
from worker.command_line import UsageError
from worker.gone.repository import GAP
from worker.lost import __main__ as tool
from worker.lost.__main__ import carry_out, read_list
from worker.lost.promises import LOST, TOLD
from worker.lost.rules import KnownVisit
from worker.outbox.message import Chat
from worker.visits.repository import load

STRANGER = 7001


async def pass_over(shop: Shop) -> int:
    """Leave a gap in the numbers as a restore does; return a number that somebody had before it."""
    async with shop.sessions.begin() as session:
        gap = text(f"SELECT setval('booking_id_seq', nextval('booking_id_seq') + {GAP})")
        return int((await session.execute(gap)).scalar_one()) - GAP + 1


async def known(shop: Shop, visit_id: int, **other: object) -> KnownVisit:
    """Return what a customer knows of a visit that stands, but for what is different."""
    async with shop.sessions() as session:
        visit = await load(session, visit_id)
    assert visit is not None
    fields = {name: getattr(visit, name) for name in ("start", "end", "timezone", "service", "specialist")}
    about = {"business_id": shop.business_id, "number": visit_id, "live": True, "customer_id": ANNA}
    return KnownVisit.model_validate({**fields, **about, "languages": ["en"], **other})


async def tell(
    stage: Stage, *visits: KnownVisit, wanted: bool = True, managers: Collection[int] = ()
) -> None:
    lines = io.StringIO("".join(f"{each.model_dump_json()}\n" for each in visits))
    before, shop = read_list(lines), stage.shop
    assert await carry_out(before, shop.sessions, shop.clock, tell=wanted, managers=managers) == 0


async def test_who_lost_a_visit_is_told_in_their_language_and_books_again(stage: Stage) -> None:
    """Even who came after the dump, and whom the database does not know."""
    await stage.meet(STRANGER)
    visit = await stage.book()
    lost = await pass_over(stage.shop)
    await tell(
        stage, await known(stage.shop, visit, number=lost, customer_id=STRANGER, languages=["ru", "en"])
    )
    await stage.promised(Message(kind=LOST, to=Chat(STRANGER), about=a_visit(lost)))
    await stage.advance_to(NOW)
    [message] = stage.messages(STRANGER)
    assert "запись" in message["text"].lower()
    assert f"№ {lost}" in message["text"]
    [again, *_] = stage.buttons(message["message_id"], STRANGER).values()
    assert again is not None
    await stage.tap(ShowServices(), STRANGER, message["message_id"])
    assert len(stage.messages(STRANGER)) == 1


async def test_nobody_is_told_twice_and_without_tell_nobody_is(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await known(stage.shop, await stage.book(), number=await pass_over(stage.shop))
    async with stage.promising(of="lost."):
        await tell(stage, visit, wanted=False)
    assert "1 of 1 visits are not as their customers know them; --tell" in capsys.readouterr().out
    await tell(stage, visit, visit)
    async with stage.promising(of="lost."):
        await tell(stage, visit)
    assert "0 are told now" in capsys.readouterr().out


async def test_who_has_no_telegram_is_named_with_their_number(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await stage.book()
    lost = await pass_over(stage.shop)
    await tell(stage, await known(stage.shop, visit, number=lost, customer_id=-5, phone="+4915112345678"))
    said = capsys.readouterr().out
    assert "-5, who has no Telegram: call +4915112345678" in said
    assert "0 are told now" in said
    assert not await stage.outbox(LOST)


async def test_who_manages_is_told_how_many(stage: Stage) -> None:
    for person in (OWNER, ADMIN):
        await stage.meet(person)
        await stage.type(ShowServices(), person)
    visit = await stage.book()
    lost = await pass_over(stage.shop)
    await tell(
        stage,
        await known(stage.shop, visit, number=lost),
        await known(stage.shop, visit, number=lost + 1),
        await known(stage.shop, visit, number=lost + 2, customer_id=BEN),
        await known(stage.shop, visit),
    )
    assert {row.chat_id for row in await stage.outbox(TOLD)} == {OWNER, ADMIN}
    await stage.advance_to(NOW)
    assert "3 visits are not as their customers know them.\n2 people are told." in stage.texts(OWNER)[-1]


async def test_who_is_in_admin_ids_alone_is_told_too_once_they_were_here(stage: Stage) -> None:
    await stage.meet(BOSS)
    await stage.type(ShowServices(), BOSS)
    lost = await known(stage.shop, await stage.book(), number=await pass_over(stage.shop))
    await tell(stage, lost, managers={BOSS, STRANGER})
    assert [row.chat_id for row in await stage.outbox(TOLD)] == [BOSS]
    await stage.advance_to(NOW)
    assert "1 visit is not as its customer knows it." in stage.texts(BOSS)[-1]


async def test_a_move_and_a_cancellation_that_were_lost_are_told(stage: Stage) -> None:
    moved, cancelled = await stage.book("10:00"), await stage.book("14:00")
    await tell(
        stage,
        await known(stage.shop, moved, start=at("16:00"), end=at("17:00")),
        await known(stage.shop, cancelled, live=False),
    )
    await stage.advance_to(NOW)
    first, second = stage.texts()[-2:]
    assert "at another time than you know" in first
    assert "10:00" in first
    assert "stands again" in second
    message = stage.messages()[-1]["message_id"]
    answer = await stage.tap(ShowBooking(booking_id=cancelled), message=message)
    assert "Booked. See you then!" in answer.text


async def test_what_was_put_right_before_it_could_be_said_is_not_said(stage: Stage) -> None:
    number = await stage.book()
    await tell(stage, await known(stage.shop, number, live=False))
    await stage.shop.set_status(number, "cancelled")
    await stage.advance_to(NOW)
    assert await stage.states(LOST) == [("visit", "void")]


async def test_visits_of_another_business_are_left_to_it(stage: Stage) -> None:
    visit = await known(stage.shop, await stage.book(), number=await pass_over(stage.shop), business_id=99)
    async with stage.promising(of="lost."):
        await tell(stage, visit)


@pytest.mark.parametrize("version", [None, 1])
async def test_the_card_of_a_lost_visit_says_so_where_it_is_tapped(stage: Stage, version: int | None) -> None:
    await stage.book()
    lost = await pass_over(stage.shop)
    asks = ShowBooking(booking_id=lost) if version is None else AskCancel(booking_id=lost, version=version)
    answer = await stage.tap(asks)
    assert "This booking was lost and is not held" in answer.text
    assert "Book again" in stage.buttons(answer.message)


async def test_staff_read_so_too(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.book()
    answer = await stage.tap(AskCallOff(booking_id=await pass_over(stage.shop), version=1), ALICE)
    assert answer.toast == "Data was restored, and this visit was lost. It is not booked."


async def test_a_number_that_others_have_or_that_was_never_given_tells_nothing(stage: Stage) -> None:
    await stage.meet(BEN)
    others = await stage.book()
    await pass_over(stage.shop)
    after = await stage.book("12:00")
    for number in (others, after, after + 1, after + 10 * GAP, 0):
        answer = await stage.tap(ShowBooking(booking_id=number), BEN)
        assert answer.toast == "You have no such visit.", number


@pytest.mark.parametrize(
    ("line", "says"), [("x", "Line 2 is no visit of a list"), ('{"number": 1}', "Field required")]
)
def test_what_is_no_list_gets_a_sentence(line: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_list(["\n", line])


def test_it_says_where_the_list_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert tool.main([]) == 2
    assert "backup lost | docker compose run" in capsys.readouterr().err
